"""What a rule is to the compiler: two rules of one name and another text are two rules."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from types import CodeType, FunctionType
from typing import Any


def identity_of(rules: Sequence[Callable[..., Any]]) -> str:
    """A hash of the rules' code, of the numbers in it, and of what it names in its module, functions included."""
    digest = hashlib.blake2b(digest_size=12)
    for rule in rules:
        digest.update(_text(rule, set()).encode())
    return digest.hexdigest()


def _text(function: Any, seen: set[int]) -> str:
    if id(function) in seen:
        return str(function.__qualname__)
    seen.add(id(function))
    named = sorted(set(function.__code__.co_names) & set(function.__globals__))
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    parts = [function.__module__, function.__qualname__, _code(function.__code__)]
    for value in [function.__globals__[name] for name in named] + cells + list(function.__defaults__ or ()):
        parts.append(_text(value, seen) if isinstance(value, FunctionType) else repr(value))
    return "\n".join(parts)


def _code(code: CodeType) -> str:
    inner = [_code(c) if isinstance(c, CodeType) else repr(c) for c in code.co_consts]
    return repr((code.co_code, inner, code.co_names, code.co_varnames))
