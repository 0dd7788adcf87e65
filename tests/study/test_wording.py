"""Sentences about levels."""

from __future__ import annotations

from chainsim.policies.base import Derived, Promise
from chainsim.study.search import Found
from chainsim.study.wording import corrected, not_reached

NOTHING = Found(level=12.0, service=0.0, one_less=None, runs=3, reached=False, ceiling=True)


def test_where_nothing_was_demanded_no_level_is_said_to_miss() -> None:
    """'No level reaches 0.95 here; the best found is 0, at 12' of a stock point that served nobody in the short runs."""
    level = Derived("reorder_point", "s", 12.0, 11.6, "units", "smallest s")
    told = [
        not_reached(Promise("service", 0.95, "given"), ("the order of past demand",), NOTHING),
        corrected(level, 12.0, ("the order of past demand",), NOTHING, "the network"),
    ]
    assert all("saw no demand served here" in words for words in told)
    assert not any("no level reaches" in words or "confirmed" in words for words in told)
