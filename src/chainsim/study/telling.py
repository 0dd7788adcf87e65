"""Warnings of stock points, told once for all that they are said of: how many of how many, the first few names, the sentence with
its numbers as ranges, and where each stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

MOST_DETAILS, NAMED = 4, 4
"""Of so many different details of one kind of warning each is told, and of so many stock points each is named."""
_NUMBER = r"(?<![\w.,/-])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w/]|[.,-]\w)"
_GAP = "\0"


def told_once(warnings: Sequence[str], *, of: int = 0, names: Iterable[str] = (), full: str = "") -> list[str]:
    """Warnings of stock points ('site / product: kind', or 'site / product: kind: detail'), every kind once for all places that it
    is said of, with its details. Sentences that differ in their numbers only are one.

    of: stock points in all, 0 if unknown. names: of sites and products, whose digits are no numbers. full: the table that has the
    warnings one by one, named where not all places are.

    >>> told_once(["a / x: lots", "b / x: lots", "c / x: yield"], of=3)
    ['2 of 3 stock points (a / x, b / x): lots', 'c / x: yield']
    >>> told_once(["a / x: a wait: dc", "b / x: a wait: dc", "c / x: a wait: depot"])
    ['3 stock points: a wait: dc (a / x, b / x); depot (c / x)']
    >>> told_once([f"{k} / x: the best is {k / 100}" for k in range(90, 96)], of=6, full="derived.csv")
    ['all 6 stock points (90 / x, 91 / x, 92 / x, …): the best is 0.9 to 0.95; one by one in derived.csv']
    """
    form_of = _Forms(names)
    kinds: dict[str, _Kind] = {}
    for warning in warnings:
        place, _, words = warning.partition(": ")
        kind, _, detail = words.partition(": ")
        (kind, numbers), (detail, more) = form_of(kind), form_of(detail)
        said = kinds.setdefault(kind, _Kind())
        said.places[place] = None
        said.numbers.append(numbers)
        said.details.setdefault(detail, _Detail()).add(place, more)
    return list(_told(kinds, of, full))


@dataclass
class _Detail:
    """Of which places it is said, and its numbers each time."""

    places: dict[str, None] = field(default_factory=dict)
    numbers: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, place: str, numbers: tuple[str, ...]) -> None:
        self.places[place] = None
        self.numbers.append(numbers)


@dataclass
class _Kind:
    places: dict[str, None] = field(default_factory=dict)
    numbers: list[tuple[str, ...]] = field(default_factory=list)
    details: dict[str, _Detail] = field(default_factory=dict)


class _Forms:
    """Sentences without their numbers, and these."""

    def __init__(self, names: Iterable[str]) -> None:
        kept = sorted({name for name in names if re.search(_NUMBER, name)}, key=len, reverse=True)
        self._pattern = re.compile("|".join([*map(re.escape, kept), f"({_NUMBER})"]))

    def __call__(self, text: str) -> tuple[str, tuple[str, ...]]:
        numbers: list[str] = []

        def gap(found: re.Match[str]) -> str:
            if found[1] is None:  # a name
                return found[0]
            numbers.append(found[1])
            return _GAP

        return self._pattern.sub(gap, text), tuple(numbers)


def _told(kinds: dict[str, _Kind], of: int, full: str) -> Iterator[str]:
    for form, said in kinds.items():
        kind, details = _filled(form, said.numbers), said.details
        places = list(said.places)
        tail = f"; one by one in {full}" if full and len(places) > NAMED else ""
        if len(details) == 1:
            ((detail, one),) = details.items()
            parts = (_several(places, of), kind, _filled(detail, one.numbers))
            yield ": ".join(part for part in parts if part) + tail
            continue
        most_first = sorted(details.items(), key=lambda pair: -len(pair[1].places))
        told = [f"{_filled(detail, one.numbers)} ({_briefly(list(one.places))})" for detail, one in most_first]
        more = f"; and {len(told) - MOST_DETAILS} more" if len(told) > MOST_DETAILS else ""
        yield f"{_several(places, of, named=len(places) > NAMED)}: {kind}: {'; '.join(told[:MOST_DETAILS])}{more}{tail}"


def _filled(form: str, numbers: Sequence[tuple[str, ...]]) -> str:
    """The sentence with each number, or what it ranges over."""
    columns = iter(zip(*numbers, strict=True))
    return re.sub(_GAP, lambda _: _range(next(columns)), form)


def _range(numbers: Sequence[str]) -> str:
    low, high = min(numbers, key=float), max(numbers, key=float)
    return low if float(low) == float(high) else f"{low} to {high}"


def _several(places: Sequence[str], of: int, *, named: bool = True) -> str:
    """One by its name, several by their number and the first names."""
    n = len(places)
    if n == 1:
        return places[0]
    count = f"all {n}" if n == of else f"{n} of {of}" if of else f"{n}"
    first = places if n <= NAMED else [*places[: NAMED - 1], "…"]
    return f"{count} stock points" + (f" ({', '.join(first)})" if named else "")


def _briefly(places: Sequence[str]) -> str:
    return ", ".join(places) if len(places) <= NAMED else f"{len(places)} stock points"
