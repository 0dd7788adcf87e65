"""Levels moved up or down as a whole: s and S together, the lot between them as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import overload

from chainsim.policies.base import Page, Settings

LEVELS = ("reorder_point", "order_up_to_level")
"""Names of derived parameters that are levels: what is watched is compared with them."""
OF_A_PLAN = ("reorder point", "base-stock level", "echelon reorder point", "echelon base-stock level")
"""The same of a plan for the whole network, whose levels belong together."""


def movable(settings: Settings, *, every: bool = False) -> tuple[int, ...]:
    """Places in `p` of the levels that were derived, and so may be moved; none where all are given, or where the rule's
    numbers are not its levels (a forecast, cards). every: those that were given, or belong to a plan, as well."""
    names = (*LEVELS, *OF_A_PLAN) if every else LEVELS
    places = tuple(k for k, d in enumerate(settings.derived) if d.name in names and (every or not d.given))
    return places if all(k < len(settings.p) and settings.p[k] == settings.derived[k].value for k in places) else ()


def moved(settings: Settings, by: float, *, every: bool = False) -> Settings:
    """The settings with every derived level `by` units higher, in every page of a season. A given level stays, unless
    `every` level is to move, and a lot always does.

    >>> from chainsim.policies.base import Derived
    >>> s = Derived("reorder_point", "s", 5.0, 4.7, "units", "…")
    >>> Q = Derived("order_quantity", "Q", 20.0, 20.0, "units", "given", given=True)
    >>> up = moved(Settings((5.0, 20.0), order_up_to=25.0, derived=(s, Q), wake_at=5.0), 2.0)
    >>> up.p, up.order_up_to, up.wake_at, up.derived[0].value
    ((7.0, 20.0), 27.0, 7.0, 7.0)
    """
    places = movable(settings, every=every)
    top_is_given = not every and any(d.given and d.name == "order_up_to_level" for d in settings.derived)
    return replace(
        settings,
        p=tuple(x + by if k in places else x for k, x in enumerate(settings.p)),
        order_up_to=settings.order_up_to if top_is_given else settings.order_up_to + by,
        wake_at=settings.wake_at + by if places else settings.wake_at,
        pages=Raised.of(settings.pages, places, by) if places else settings.pages,
        derived=tuple(
            replace(d, value=d.value + by, exact=d.value + by) if k in places else d
            for k, d in enumerate(settings.derived)
        ),
    )


def turned(page: Page, places: tuple[int, ...], by: float) -> Page:
    """A page with its levels `by` units higher."""
    p = tuple([x + by if k in places else x for k, x in enumerate(page.p)])
    return Page(page.at, p, page.wake_at + by)


class Raised(Sequence[Page]):
    """Pages of a season, all moved by the same: as a sequence what `turned` makes of each, one after the other. They are
    not written anew, for there may be hundreds at each of many stock points.

    pages: as they were. places: of the levels in `p`. by: units that they are higher, one move after another.
    """

    def __init__(self, pages: tuple[Page, ...], places: tuple[int, ...], by: tuple[float, ...]) -> None:
        self.pages, self.places, self.by = pages, places, by

    @classmethod
    def of(cls, pages: Sequence[Page], places: tuple[int, ...], by: float) -> Sequence[Page]:
        """These pages, once more moved; no pages stay none.

        >>> once = Raised.of((Page(0.0, (5.0, 20.0), 5.0),), (0,), 2.0)
        >>> Raised.of(once, (0,), 1.5)[0], Raised.of((), (0,), 2.0)
        (Page(at=0.0, p=(8.5, 20.0), wake_at=8.5), ())
        """
        if isinstance(pages, Raised) and pages.places == places:
            return cls(pages.pages, places, (*pages.by, by))
        return cls(tuple(pages), places, (by,)) if pages else pages

    def __len__(self) -> int:
        return len(self.pages)

    @overload
    def __getitem__(self, at: int) -> Page: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Page, ...]: ...

    def __getitem__(self, at: int | slice) -> Page | tuple[Page, ...]:
        if isinstance(at, slice):
            return tuple(self._turned(page) for page in self.pages[at])
        return self._turned(self.pages[at])

    def _turned(self, page: Page) -> Page:
        for rise in self.by:
            page = turned(page, self.places, rise)
        return page

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Raised) and (other.places, other.by) == (self.places, self.by):
            return self.pages == other.pages
        return tuple(self) == tuple(other) if isinstance(other, Raised | tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))
