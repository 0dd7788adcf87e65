"""Policies that come to the same rule count once: with common random numbers they give the same run, to the last bit."""

from __future__ import annotations

from collections.abc import Hashable, Sequence


def groups_of(everything: Sequence[Hashable]) -> list[list[int]]:
    """Places of what is the same, together, in the order given.

    >>> groups_of(["a", "b", "a"])
    [[0, 2], [1]]
    """
    groups: dict[Hashable, list[int]] = {}
    for place, one in enumerate(everything):
        groups.setdefault(one, []).append(place)
    return list(groups.values())
