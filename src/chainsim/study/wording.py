"""Sentences about levels: what they do not know, and how short simulations corrected them."""

from __future__ import annotations

from collections.abc import Sequence

from chainsim.policies.base import Derived, Promise, Settings
from chainsim.study.search import Found

SAFE_SOURCE = 0.98
"""A source whose own planned service is at least this is not warned of: few orders wait there."""


def corrected(before: Derived, after: float, known: Sequence[str], found: Found, of: str) -> str:
    """The derivation line of a level after its short simulations.

    >>> s = Derived("order_up_to_level", "S", 66.0, 65.8, "units", "smallest S with …; fill rate β = 0.97 (given)")
    >>> found = Found(level=76.0, service=0.9712, one_less=0.9688, runs=5, reached=True, ceiling=False)
    >>> print(corrected(s, 76.0, ("yield",), found, "this stock point alone"))
    smallest S with …; fill rate β = 0.97 (given); derived 66 without yield; corrected to 76 by 5 short simulations of this stock point alone, which gave 0.9712 (0.9688 with one unit less)
    """
    if found.service == 0.0:  # a ratio of nothing is 0, too
        tried = f"{found.runs} short simulations of {of}, which saw no demand served here"
        return f"{before.formula}; derived {before.value:.10g} without {in_a_row(known)}; not corrected by {tried}"
    did = "confirmed" if before.value == after else f"corrected to {after:.10g}"
    less = "" if found.one_less is None else f" ({found.one_less:.4f} with one unit less)"
    return (
        f"{before.formula}; derived {before.value:.10g} without {in_a_row(known)}; {did} by {found.runs} short "
        f"simulation{'' if found.runs == 1 else 's'} of {of}, which gave {found.service:.4f}{less}"
    )


def unaware(promise: Promise, unknown: Sequence[str]) -> str:
    """A level that nothing corrected: what it does not know of, after the colon."""
    asked = "what it delivers" if promise.asked is None else "what it delivers of the service asked"
    return f"the level leaves out part of the model; give the level if {asked} is too far off: {in_a_row(unknown)}"


def not_reached(promise: Promise, known: Sequence[str], found: Found) -> str:
    """A service that no level has, or none that was found."""
    if found.service == 0.0:
        return f"short simulations saw no demand served here, so that no level could be sought: it stays {found.level:.10g}"
    best = f"the best found is {found.service:.4g}, at {found.level:.10g}"
    if found.ceiling:
        return f"no level reaches {promise.asked:.4g} here, because of {in_a_row(known)}: {best}"
    return f"short simulations did not find the level for {promise.asked:.4g} under {in_a_row(known)}: {best}, after {found.runs}"


def waits_above(word: str, source: Settings | None) -> list[str]:
    """A source that may itself run short, with its own planned service; nothing where that is high."""
    planned = source.promise if source is not None else None
    service = None if planned is None else planned.expected if planned.expected is not None else planned.asked
    if service is not None and service >= SAFE_SOURCE:
        return []
    at = word.removeprefix("a wait at ")
    told = "" if service is None else f" plans for a service of {service:.3g}"
    return [f"the level leaves out the wait at its source; multi_echelon derives levels that know of it: {at}{told}"]


def in_a_row(words: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
