"""Levels moved up or down as a whole: s and S together, the lot between them as it is."""

from __future__ import annotations

from dataclasses import replace

from chainsim.policies.base import Page, Settings

LEVELS = ("reorder_point", "order_up_to_level")
"""Names of derived parameters that are levels: what is watched is compared with them."""


def movable(settings: Settings) -> tuple[int, ...]:
    """Places in `p` of the levels that were derived, and so may be moved; none where all are given, or where the rule's
    numbers are not its levels (a forecast, cards)."""
    places = tuple(k for k, d in enumerate(settings.derived) if d.name in LEVELS and not d.given)
    return places if all(k < len(settings.p) and settings.p[k] == settings.derived[k].value for k in places) else ()


def moved(settings: Settings, by: float) -> Settings:
    """The settings with every derived level `by` units higher, in every page of a season. A given level stays, and so does
    a lot.

    >>> from chainsim.policies.base import Derived
    >>> s = Derived("reorder_point", "s", 5.0, 4.7, "units", "…")
    >>> Q = Derived("order_quantity", "Q", 20.0, 20.0, "units", "given", given=True)
    >>> up = moved(Settings((5.0, 20.0), order_up_to=25.0, derived=(s, Q), wake_at=5.0), 2.0)
    >>> up.p, up.order_up_to, up.wake_at, up.derived[0].value
    ((7.0, 20.0), 27.0, 7.0, 7.0)
    """
    places = movable(settings)
    top_is_given = any(d.given and d.name == "order_up_to_level" for d in settings.derived)
    return replace(
        settings,
        p=tuple(x + by if k in places else x for k, x in enumerate(settings.p)),
        order_up_to=settings.order_up_to if top_is_given else settings.order_up_to + by,
        wake_at=settings.wake_at + by if places else settings.wake_at,
        pages=tuple(turned(page, places, by) for page in settings.pages) if places else settings.pages,
        derived=tuple(
            replace(d, value=d.value + by, exact=d.value + by) if k in places else d
            for k, d in enumerate(settings.derived)
        ),
    )


def turned(page: Page, places: tuple[int, ...], by: float) -> Page:
    """A page with its levels `by` units higher."""
    p = tuple(x + by if k in places else x for k, x in enumerate(page.p))
    return replace(page, p=p, wake_at=page.wake_at + by)
