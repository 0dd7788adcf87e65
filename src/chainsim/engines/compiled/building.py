"""Compiling the world, the rules and the loop into one function of two numbers.

Every function of `chainsim.rules`, and every policy's `order_quantity`, is marked for numba by being collected here: they
know nothing of it. Worlds that know other policies are other types to numba, so everything is compiled anew for them.
"""

from __future__ import annotations

import gc
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from importlib import import_module
from inspect import getmembers, isfunction, signature
from types import ModuleType
from typing import Any

import numba
from numba.core.codegen import RuntimeLinker
from numba.core.errors import NumbaError
from numba.extending import overload, overload_method, register_jitable

import chainsim.rules
from chainsim.chance import tables
from chainsim.engines.compiled import ahead, drawing, hooks, loop
from chainsim.engines.compiled.identity import identity_of
from chainsim.engines.compiled.memory import NUMBERS, ROWS, WorldType, part

Rule = Callable[..., float]
Loop = Callable[[int, int], None]
OPTIONS = {"no_cfunc_wrapper": True}
INNER = OPTIONS | {"no_cpython_wrapper": True}  # never called from Python
LINKED_AS_A_WHOLE = (0, 63), (0, 68)
"""The oldest and the newest version of numba that was seen to compile as a whole what it compiles in its own way."""

_ladders: dict[WorldType, Callable[..., float]] = {}


def build(rules: Sequence[Rule]) -> Loop:
    """The event loop compiled for these policies: a function of the address of a control row, and of the number of the
    event to stop at. Loaded from numba's cache folder when it is there."""
    return _compiled(loop.advance_time, numba.void, world_of(tuple(rules)), nogil=True, cache=True)


def why_not(rule: Rule) -> str:
    """Why a rule cannot be compiled, in a line; '' when it can."""
    mark_everything()
    try:
        dispatcher = numba.njit(numba.float64(ROWS["points"].record, NUMBERS["f8"], NUMBERS["f8"]), **OPTIONS)(rule)
    except Exception as error:  # whatever numba runs into with somebody else's function, it cannot compile it
        lines = [line.strip() for line in str(error).splitlines()]
        told = [line for line in lines if line and not line.startswith(("Failed in", "During:", "File ", ">>>", "- "))]
        return told[0] if told and isinstance(error, NumbaError) else f"{type(error).__name__}: {error}"
    (compiled,) = dispatcher.overloads.values()
    calls_itself = any(rule.__globals__.get(name) is rule for name in rule.__code__.co_names)
    if calls_itself or RuntimeLinker.PREFIX in compiled.library.get_llvm_str():
        return "it calls itself, or a function that does"  # may crash when numba loads it from its cache
    return ""


def _compiled(function: Callable[..., Any], returned: Any, world: WorldType, **options: Any) -> Any:
    """A function of a world and a number, compiled for one type of world; called with the world's address."""
    with _as_a_whole(), collecting_no_garbage():
        dispatcher = numba.njit(returned(world, numba.int64), **OPTIONS, **options)(function)
    (compiled,) = dispatcher.overloads.values()
    return compiled.entry_point


def _as_a_whole() -> AbstractContextManager[None]:
    """Compiling each function once (see `linking`), where this version of numba is known to allow it."""
    oldest, newest = LINKED_AS_A_WHOLE
    if not oldest <= numba.version_info.short <= newest:
        return nullcontext()
    from chainsim.engines.compiled.linking import as_a_whole

    return as_a_whole()


@contextmanager
def collecting_no_garbage() -> Iterator[None]:
    """Compiling makes millions of objects that stay; to look through them again and again takes a tenth of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def world_of(rules: tuple[Rule, ...]) -> WorldType:
    """The type of a world that knows these rules."""
    mark_everything()
    world = WorldType(identity_of(rules))
    for rule in rules:
        mark(rule)
    _ladders.setdefault(world, ladder(rules))
    return world


@cache
def mark_everything() -> None:
    """Let compiled code call all rules and what the world offers them."""
    for function in everything():
        mark(function)
    overload(tables.split, jit_options=INNER, strict=False)(lambda x: drawing.split)
    for hook in (*hooks.HOOKS, drawing.draw):
        offer(hook.__name__, signature(hook), always(hook))
    offer("order_quantity", signature(ladder(())), _ladders.__getitem__)


def everything() -> list[Callable[..., Any]]:
    """All functions that compiled code may call, but for the policies' own. `cache.COMPILED_FILES` holds their files."""
    rules = [import_module(f"chainsim.rules.{info.name}") for info in pkgutil.iter_modules(chainsim.rules.__path__)]
    modules = [*rules, hooks, drawing, ahead, loop]
    return [*(function for module in modules for function in defined_in(module)), tables.evaluate_one]


def defined_in(module: ModuleType) -> list[Callable[..., Any]]:
    """The functions a module defines itself."""
    return [function for _, function in getmembers(module, isfunction) if function.__module__ == module.__name__]


@cache
def mark(function: Callable[..., Any]) -> None:
    """Let compiled code call a plain function; it stays one."""
    register_jitable(**INNER)(function)


def offer(name: str, form: Any, choose: Callable[[WorldType], Callable[..., Any]]) -> None:
    """Give worlds a method: the function chosen by the type of the world."""

    def method(world: WorldType, *_: Any) -> Callable[..., Any]:
        return choose(world)

    method.__signature__ = form  # type: ignore[attr-defined]
    overload_method(WorldType, name, jit_options=INNER, strict=False)(method)


def always(function: Callable[..., Any]) -> Callable[[WorldType], Callable[..., Any]]:
    """The same function for every world."""
    return lambda world: function


def ladder(rules: Sequence[Rule]) -> Callable[[Any, int], float]:
    """`order_quantity(w, p)`: asks the policy of stock point p, chosen by its number among `rules`."""
    lines = [
        "def order_quantity(w, p):",
        "    stock = w.points[p]",
        "    parameters = part(w.parameters, w.first_parameter[p], w.first_parameter[p + 1])",
        "    if stock.page >= 0:",
        "        page = w.pages[stock.page]",
        "        parameters = part(w.page_parameters, page.first, page.first + page.count)",
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
