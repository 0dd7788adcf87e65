"""Compiling the world, the rules and the loop into one function of two numbers.

Every function of `chainsim.rules`, and every policy's `order_quantity`, is marked for numba by being collected here: they
know nothing of it.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Sequence
from importlib import import_module
from inspect import getmembers, isfunction, signature
from types import ModuleType
from typing import Any

import numba
from numba.extending import overload_method, register_jitable

import chainsim.rules
from chainsim.chance import tables
from chainsim.engines.compiled import drawing, hooks, loop
from chainsim.engines.compiled.kernel import run
from chainsim.engines.compiled.memory import WorldType, part

Rule = Callable[..., float]
HOOKS: tuple[Callable[..., Any], ...] = (
    hooks.expect,
    hooks.new_claim,
    hooks.free_claim,
    hooks.new_shipment,
    hooks.free_shipment,
    hooks.log,
    drawing.draw,
)
OPTIONS = {"no_cfunc_wrapper": True}

_marked: set[Any] = set()


def build(rules: Sequence[Rule]) -> Callable[[int, int], None]:
    """The event loop, compiled for these policies; loaded from the cache when it is there."""
    for info in pkgutil.iter_modules(chainsim.rules.__path__):
        mark_all(import_module(f"chainsim.rules.{info.name}"))
    for module in (hooks, drawing, loop):
        mark_all(module)
    mark(tables.evaluate_one)
    for rule in rules:
        mark(rule)
    for hook in HOOKS:
        offer(hook.__name__, hook)
    offer("order_quantity", ladder(rules))
    kernel: Callable[[int, int], None] = numba.njit("void(int64, int64)", nogil=True, cache=True, **OPTIONS)(run)
    return kernel


def mark_all(module: ModuleType) -> None:
    """Mark the functions a module defines."""
    for _, function in getmembers(module, isfunction):
        if function.__module__ == module.__name__:
            mark(function)


def mark(function: Callable[..., Any]) -> None:
    """Let compiled code call a plain function; it stays one."""
    if function not in _marked:
        _marked.add(function)
        register_jitable(**OPTIONS)(function)


def offer(name: str, function: Callable[..., Any]) -> None:
    """Make a function of the world its method."""
    if name not in _marked:
        _marked.add(name)

        def method(*_: Any) -> Callable[..., Any]:
            return function

        method.__signature__ = signature(function)  # type: ignore[attr-defined]
        overload_method(WorldType, name, jit_options=OPTIONS, strict=False)(method)


def ladder(rules: Sequence[Rule]) -> Callable[[Any, int], float]:
    """`order_quantity(w, p)`: asks the policy of stock point p, chosen by number among `rules`."""
    lines = [
        "def order_quantity(w, p):",
        "    stock = w.points[p]",
        "    parameters = part(w.parameters, w.first_parameter[p], w.first_parameter[p + 1])",
        "    memory = part(w.memory, w.first_memory[p], w.first_memory[p + 1])",
        "    rule = w.rules[stock.policy]",
    ]
    for i in range(len(rules)):
        lines += [f"    if rule == {i}:", f"        return rule_{i}(stock, parameters, memory)"]
    lines.append("    return 0.0")
    names: dict[str, Any] = {"part": part, **{f"rule_{i}": rule for i, rule in enumerate(rules)}}
    exec("\n".join(lines), names)
    function: Callable[[Any, int], float] = names["order_quantity"]
    return function
