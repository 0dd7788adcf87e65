"""What a search for a level starts from, what it leaves in the settings, and its entry in the manifest."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from math import isfinite, sqrt
from typing import Any

from chainsim.policies.base import PointFacts, Policy, Settings
from chainsim.policies.moved import movable, moved
from chainsim.study.search import Found, Terms, grain_of
from chainsim.study.wording import corrected, not_reached

HIGHEST = 10.0
"""Levels are sought up to so many times what they must cover on average."""
FOUND = ("after", "measured", "one_less", "runs", "reached", "ceiling", "lowest")
"""Keys of an entry that hold what the search found, in the order of `Found`."""
Entry = Mapping[str, Any]


def asked_of(settings: Settings) -> bool:
    """Whether something was asked of these levels that they may miss."""
    promise = settings.promise
    return promise is not None and (bool(promise.unknown) or promise.by == "moments")


def can_be_moved(policy: Policy, settings: Settings) -> bool:
    """Whether one number moves this stock point's service: a derived level, of its own stock, for a service asked. The
    textbook's levels are what the textbook says."""
    promise = settings.promise
    return (
        promise is not None
        and promise.kind != "cost"
        and promise.asked is not None
        and promise.by != "textbook"
        and type(policy).derive is Policy.derive
        and bool(movable(settings))
        and (settings.watch or getattr(policy, "watch", None) or type(policy).watches) != "echelon"
    )


def level_of(settings: Settings) -> float:
    """The level that is sought: the first of those derived (s before S)."""
    return settings.derived[movable(settings)[0]].value


def kind_of(settings: Settings) -> Any:
    """The kind of service asked."""
    assert settings.promise is not None
    return settings.promise.kind


def key_of(told: str, settings: Settings) -> Hashable:
    """What the outcome of a search depends on; told: the stock point alone, in short."""
    promise = settings.promise
    assert promise is not None
    pages = tuple(settings.pages)
    return told, settings.p, pages, settings.order_up_to, settings.memory, promise.kind, promise.asked


def cycle_of(point: PointFacts, settings: Settings) -> float:
    """The time from one order to the arrival of the next: how long a lot lasts, a review interval and a lead time."""
    named = {d.name.replace("_", " "): d.value for d in settings.derived}
    lot = settings.order_up_to - named.get("reorder point", settings.order_up_to)
    lasts = lot / point.demand_mean if point.demand_mean > 0.0 else 0.0
    return lasts + point.review_interval + point.lead_mean


def terms_of(point: PointFacts, settings: Settings) -> Terms:
    """Where the level may lie, and how far service moves with it."""
    assert settings.promise is not None
    assert settings.promise.asked is not None
    cover = point.lead_mean + point.review_interval + point.demand_interval
    spread = (
        sqrt(point.demand_sd**2 * cover + (point.demand_mean * point.lead_sd) ** 2) or point.demand_size_mean or 1.0
    )
    named = {d.name: d for d in settings.derived}
    level, top = level_of(settings), named.get("order_up_to_level")
    grain = grain_of(spread, point.whole)
    if "reorder_point" in named:
        lowest = 0.0 if point.lost_sales else level - settings.order_up_to
    else:
        lowest = grain if point.lost_sales else 0.0
    highest = HIGHEST * max(point.demand_mean * cover + 3.0 * spread, level, grain)
    if top is not None and top.given:
        highest = min(highest, top.value)
    return Terms(settings.promise.asked, grain, spread, min(lowest, level), max(highest, level))


def applied(settings: Settings, found: Found, known: Sequence[str], left: tuple[str, ...], of: str) -> Settings:
    """The settings at the level found, their promise and derivation kept up to date. of: what was simulated."""
    promise = settings.promise
    assert promise is not None
    after = moved(settings, found.level - level_of(settings))
    derived = list(after.derived)
    for place in movable(settings):
        was = settings.derived[place]
        derived[place] = replace(derived[place], formula=corrected(was, derived[place].value, known, found, of))
    warnings = settings.warnings if found.reached else (*settings.warnings, not_reached(promise, known, found))
    kept = replace(
        promise, expected=found.service, one_less=found.one_less, by="calibrated", unknown=left, known=tuple(known),
        reached=found.reached, lowest=found.lowest,
    )  # fmt: skip
    return replace(after, derived=tuple(derived), promise=kept, warnings=warnings)


def entry_of(policy: str, place: tuple[str, str], before: Settings, found: Found, known: Sequence[str]) -> Entry:
    """What was corrected, as the manifest keeps it."""
    promise = before.promise
    assert promise is not None
    level = before.derived[movable(before)[0]]
    return {
        "policy": policy,
        "site": place[0],
        "product": place[1],
        "parameter": level.name,
        "before": level.value,
        "after": found.level,
        "kind": promise.kind,
        "asked": promise.asked,
        "measured": found.service,
        "one_less": found.one_less,
        "runs": found.runs,
        "reached": found.reached,
        "ceiling": found.ceiling,
        "lowest": found.lowest,
        "knows": list(known),
    }


def found_in(entry: Entry, settings: Settings) -> Found | None:
    """What an entry of an earlier run found, if it is about the same level and the same service."""
    promise = settings.promise
    if promise is None or (entry["before"], entry["kind"], entry["asked"]) != (
        level_of(settings), promise.kind, promise.asked,
    ):  # fmt: skip
        return None
    return Found(*(entry[key] for key in FOUND))


def is_sound(entry: Entry) -> bool:
    """Whether an entry, which somebody may have written by hand, can be used."""
    numbers = [entry.get(key) for key in ("before", "asked", "after", "measured", "runs")]
    return (
        all(isinstance(entry.get(key), str) for key in ("policy", "site", "product", "kind"))
        and all(isinstance(x, int | float) and isfinite(x) for x in numbers)
        and isinstance(entry.get("one_less"), int | float | None)
        and all(isinstance(entry.get(key), bool) for key in ("reached", "ceiling", "lowest"))
    )
