"""Compiled event loops by the policies they know: one for all of chainsim's own, another when a plan brings others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from threading import Lock
from typing import Any

from chainsim.engines.compiled import cache
from chainsim.policies.base import POLICIES

Rule = Callable[..., float]
Loop = Callable[[int, int], None]

_LOOPS: dict[tuple[Rule, ...], Loop] = {}
_REFUSED: dict[Rule, str] = {}
_LOCK = Lock()


def loop_for(rules: Sequence[Rule]) -> tuple[Loop, list[int]]:
    """An event loop that knows all these rules, and the number it has for each."""
    known = known_rules(rules)
    with _LOCK:
        if known not in _LOOPS:
            with cache.folder_for(known):
                from chainsim.engines.compiled.building import build  # numba is loaded here

                _LOOPS[known] = build(known)
    return _LOOPS[known], [known.index(rule) for rule in rules]


def compiled_before(rules: Sequence[Rule]) -> bool:
    """True when the event loop for these rules is in this process or in the cache."""
    known = known_rules(rules)
    return known in _LOOPS or cache.holds(known)


def refusal(rules: Sequence[Rule]) -> str:
    """Why these rules cannot run compiled; '' when they can."""
    if find_spec("numba") is None:
        return 'the compiled engine needs numba, which is not installed: pip install "chainsim[fast]"'
    for rule in rules:
        if not rule.__module__.startswith("chainsim."):  # ours are known to compile
            if rule not in _REFUSED:
                from chainsim.engines.compiled.building import why_not

                with _LOCK:
                    _REFUSED[rule] = why_not(rule)
            if _REFUSED[rule]:
                return f"the compiled engine cannot compile {rule.__module__}.{rule.__qualname__}: {_REFUSED[rule]}"
    return ""


def known_rules(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules of chainsim's own policies, and after them any others in `rules`."""
    known: dict[Rule, Any] = {}
    for name in POLICIES.names():
        rule = POLICIES.get(name).rule
        if rule.__module__.startswith("chainsim."):
            known.setdefault(rule)
    for rule in rules:
        known.setdefault(rule)
    return tuple(known)
