"""Compiled event loops by the policies they know: one for all of chainsim's own, another when a plan brings others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from chainsim.policies.base import POLICIES

Rule = Callable[..., float]
Loop = Callable[[int, int], None]

_LOOPS: dict[tuple[Rule, ...], Loop] = {}
_LOCK = Lock()


def loop_for(rules: Sequence[Rule]) -> tuple[Loop, list[int]]:
    """An event loop that knows all these rules, and the number it has for each."""
    known = known_rules(rules)
    with _LOCK:
        if known not in _LOOPS:
            from chainsim.engines.compiled.building import build  # numba is loaded here

            _LOOPS[known] = build(known)
    return _LOOPS[known], [known.index(rule) for rule in rules]


def known_rules(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules of all registered policies, and after them any others in `rules`."""
    known: dict[Rule, Any] = {}
    for name in POLICIES.names():
        known.setdefault(POLICIES.get(name).rule)
    for rule in rules:
        known.setdefault(rule)
    return tuple(known)
