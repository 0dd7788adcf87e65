"""What a rule is to the compiler: two rules of one name and another text are two rules."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np


def identity_of(rules: Sequence[Callable[..., Any]]) -> str:
    """A hash of the rules' code, of the numbers in it, and of what it names in its module and in those it imports,
    functions included. The same in every process: nothing in it is an address."""
    digest = hashlib.blake2b(digest_size=12)
    seen: set[int] = set()
    for rule in rules:
        digest.update(_text(rule, set(), seen).encode())
    return digest.hexdigest()


def _text(value: Any, names: set[str], seen: set[int]) -> str:
    """All that compiled code takes over of a value, of which it knows these names."""
    if isinstance(value, ModuleType):
        inside = [_text(getattr(value, name), names - {name}, seen) for name in sorted(names) if hasattr(value, name)]
        return "\n".join([value.__name__, *inside])
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape} {value.tobytes().hex()}"  # its repr leaves out the middle
    if isinstance(value, tuple):
        return repr([_text(item, names, seen) for item in value])
    function = getattr(value, "py_func", value)  # one marked for numba by its author
    if isinstance(function, FunctionType):
        return f"{getattr(value, 'targetoptions', '')} {_function(function, seen)}"
    if callable(value) and hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__}"  # its repr may tell its address
    return repr(value)


def _function(function: FunctionType, seen: set[int]) -> str:
    if id(function) in seen:
        return function.__qualname__
    seen.add(id(function))
    names = _names(function.__code__)
    values = [function.__globals__[name] for name in sorted(names & set(function.__globals__))]
    values += [cell.cell_contents for cell in function.__closure__ or ()] + list(function.__defaults__ or ())
    told = [_text(value, names, seen) for value in values]
    return "\n".join([function.__module__, function.__qualname__, _code(function.__code__), *told])


def _names(code: CodeType) -> set[str]:
    return set(code.co_names).union(*(_names(inner) for inner in code.co_consts if isinstance(inner, CodeType)))


def _code(code: CodeType) -> str:
    inner = [_code(c) if isinstance(c, CodeType) else repr(c) for c in code.co_consts]
    return repr((code.co_code, inner, code.co_names, code.co_varnames))
