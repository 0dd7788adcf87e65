"""Every file that compiled code is made of is in `COMPILED_FILES`: a rule changed in another would be served stale."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

import chainsim
from chainsim.policies.base import POLICIES

pytest.importorskip("numba", reason="the compiled engine needs numba")

from chainsim.engines.compiled.building import everything
from chainsim.engines.compiled.cache import COMPILED_FILES

HOME = Path(chainsim.__file__).parent


def kept() -> set[Path]:
    return {file for pattern in COMPILED_FILES for file in HOME.glob(pattern)}


@cache
def imported(module: str) -> dict[str, str]:
    """Names a module takes from another of ours, and where from."""
    found = {}
    for node in ast.walk(ast.parse(Path(str(import_module(module).__file__)).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chainsim"):
            found.update({alias.asname or alias.name: str(node.module) for alias in node.names})
    return found


def home_of(module: str, name: str) -> str:
    """The module that defines what another knows by this name."""
    while name in imported(module):
        module = imported(module)[name]
    return module


def names_of(code: CodeType) -> set[str]:
    return set(code.co_names).union(*(names_of(inner) for inner in code.co_consts if isinstance(inner, CodeType)))


def sources_of(function: Callable[..., Any]) -> Iterator[str]:
    """The modules a compiled function is made of: its own, and those of all it names."""
    yield function.__module__
    for name in names_of(function.__code__):
        value = getattr(import_module(function.__module__), name, None)
        if isinstance(value, ModuleType):
            yield value.__name__
        elif value is not None:
            yield home_of(function.__module__, name)


def missing(functions: list[Callable[..., Any]]) -> set[str]:
    modules = {module for function in functions for module in sources_of(function) if module.startswith("chainsim.")}
    return {module for module in modules if Path(str(import_module(module).__file__)) not in kept()}


def test_every_file_of_the_compiled_code_is_in_the_list() -> None:
    functions = [*everything(), *(POLICIES.get(name).rule for name in POLICIES.names())]
    assert len(functions) > 150
    assert missing(functions) == set()
    tables = {Path(str(import_module(name).__file__)) for name in imported("chainsim.engines.compiled.layout").values()}
    assert tables <= kept()  # the memory's layout is made of the field tables


def test_the_check_notices_a_function_of_another_file() -> None:
    from chainsim.plan.buckets import bucket_edges  # no compiled code

    assert missing([bucket_edges]) >= {"chainsim.plan.buckets"}


def test_every_pattern_of_the_list_finds_something() -> None:
    assert [pattern for pattern in COMPILED_FILES if not list(HOME.glob(pattern))] == []
