"""Stock points whose numbers are moved together, and what a candidate is in steps of these groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import exp, log

from chainsim.ordering import natural
from chainsim.policies.base import Policy
from chainsim.tune.aim import GROUPS
from chainsim.tune.subject import Place, Subject, Written, knobs_of

EIGHTH = 2.0**0.125
"""Neighbouring lots lie at most so far apart, and at least a unit."""
LOGIT = 0.1
"""A step of a group that moves by the service it plans for."""
LARGEST, SMALLEST = 16.0, 1.0 / 16.0
"""Lots are sought between these multiples of the derived one."""


FINEST = 16.0
"""A step of a level is a sixteenth of the standard deviation of what an order covers, and where units are whole at least one."""


@dataclass(frozen=True)
class Group:
    """Stock points moved together. sells: end customers buy there. lots: whether they have lots that may be moved. step: what a step
    of their levels is, in standard deviations of what each one's order covers; whole: in whole units; alike: all the same."""

    name: str
    places: tuple[Place, ...]
    sells: bool
    lots: bool
    step: float
    whole: bool
    alike: bool

    def units(self, spread: float) -> float:
        """Units that a step is at a stock point of this spread: whole where all are alike, else rounded when they are added up, so
        that few stock points move at a time.

        >>> group = Group("store", (), True, False, step=1 / 16, whole=True, alike=True)
        >>> group.units(40.0), group.units(4.0)
        (2.0, 1.0)
        """
        units = self.step * spread
        return max(float(round(units)), 1.0) if self.whole and self.alike else units or 1.0


def groups_of(subject: Subject, by: str) -> tuple[Group, ...]:
    """The groups of what may be moved of an alternative, those that sell first. by: as in `Aim.groups`."""
    kinds = {site.name: site.kind for site in subject.scenario.sites}
    found: dict[str, list[Place]] = {}
    for place in subject.free:
        name = {"site": place[0], "stock_point": " / ".join(place)}.get(by, kinds[place[0]])
        found.setdefault(name, []).append(place)
    made = [_group(subject, name, tuple(places)) for name, places in found.items()]
    return tuple(sorted(made, key=lambda group: (not group.sells, natural(group.name))))


def _group(subject: Subject, name: str, places: tuple[Place, ...]) -> Group:
    dials = [subject.dials[place] for place in places]
    largest = max(dial.spread for dial in dials)
    whole = all(dial.whole for dial in dials)
    step = max(1.0 / FINEST, 1.0 / largest) if whole and largest > 0.0 else 1.0 / FINEST
    return Group(
        name, places, any(subject.facts[place].customers for place in places), any(dial.lot for dial in dials), step, whole,
        len({dial.spread for dial in dials}) == 1,
    )  # fmt: skip


def touched(subject_scenario: object, by: str) -> Mapping[str, frozenset[str]]:
    """By name of a group of sites, its sites; nothing where stock points are grouped another way."""
    if by in GROUPS:
        return {}
    sites = getattr(subject_scenario, "sites", ())
    return {by: frozenset(site.name for site in sites if by in site.groups)}


@dataclass(frozen=True)
class Spot:
    """A candidate: steps that the levels, and places that the lots of every group lie above the start. selling: steps of
    all levels where customers buy, on top of their own."""

    selling: int
    levels: tuple[int, ...]
    lots: tuple[int, ...]


class Map:
    """From steps of groups to numbers of stock points, around a start."""

    def __init__(self, subject: Subject, groups: tuple[Group, ...], start: Written, *, units: bool = False) -> None:
        """units: a step of a level is one unit, where units are whole."""
        self.subject, self.groups, self.start, self.units = subject, groups, start, units

    @property
    def origin(self) -> Spot:
        """The start itself."""
        return Spot(0, (0,) * len(self.groups), (0,) * len(self.groups))

    def at(self, spot: Spot) -> Written:
        """The numbers of a candidate. A level that counts the whole echelon rises with those below it, so that what is moved is
        always a stock point's own stock, and echelon levels stay nested."""
        found = dict(self.start)
        risen = {
            place: self._rise(group, place, level + (spot.selling if group.sells else 0))
            for group, level in zip(self.groups, spot.levels, strict=True)
            for place in group.places
        }
        for group, level, lot in zip(self.groups, spot.levels, spot.lots, strict=True):
            steps = level + (spot.selling if group.sells else 0)
            for place in group.places:
                rise = risen[place] + sum(risen.get(below, 0.0) for below in self.subject.below[place])
                if rise or steps or lot:
                    found[place] = self._moved(place, steps, rise, lot)
        return found

    def _rise(self, group: Group, place: Place, steps: int) -> float:
        """Units that the steps come to at a stock point."""
        units = steps * self.units_of(group, place)
        return float(round(units)) if self.subject.dials[place].whole else units

    def _moved(self, place: Place, steps: int, rise: float, lot: int) -> Policy:
        policy, dial = self.start[place], self.subject.dials[place]
        knobs = knobs_of(policy)
        if not knobs.level:
            if knobs.service is None:
                return policy
            point = self.subject.facts[place]
            target = policy.target(point) if hasattr(policy, "target") else None
            turned: Policy = knobs.service(policy, LOGIT * steps, target)
            return turned
        level = knobs.level_of(policy) + rise
        level = max(float(round(level)) if dial.whole else level, dial.least)
        size = knobs.lot_of(policy)
        if size is None or lot == 0 or not dial.lot:
            size = None if not knobs.top else size
        else:
            size = self._lots[size, dial.whole].at(lot)
        moved: Policy = knobs.put(policy, level, size)
        return moved

    def units_of(self, group: Group, place: Place) -> float:
        """Units that a step of a level is at a stock point."""
        return 1.0 if self.units and group.whole and group.alike else group.units(self.subject.dials[place].spread)

    def lot_steps(self, group: Group, factor: float) -> int:
        """Places to move the lots of a group for about so many times the size of the first."""
        place = next(place for place in group.places if self.subject.dials[place].lot)
        policy = self.start[place]
        size = knobs_of(policy).lot_of(policy)
        assert size is not None
        return self._lots[size, self.subject.dials[place].whole].steps_to(factor)

    @cached_property
    def _lots(self) -> Lots:
        return Lots()


class Lots(dict[tuple[float, bool], "LotSizes"]):
    """LotSizes around a lot, made when they are asked for."""

    def __missing__(self, key: tuple[float, bool]) -> LotSizes:
        self[key] = LotSizes.around(*key)
        return self[key]


@dataclass(frozen=True)
class LotSizes:
    """Lots that may be tried, in order; where the start stands among them."""

    sizes: tuple[float, ...]
    start: int

    @classmethod
    def around(cls, lot: float, whole: bool) -> LotSizes:
        """An eighth of a doubling apart, or a unit.

        >>> LotSizes.around(3.0, True).sizes[:6]
        (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
        """
        reach = round(log(LARGEST) / log(EIGHTH))
        sizes = {lot}
        for k in range(-reach, reach + 1):
            size = lot * exp(k * log(EIGHTH))
            sizes.add(max(float(round(size)), 1.0) if whole else size)
        if whole and lot < 12.0:
            sizes |= {float(size) for size in range(1, round(2.0 * lot) + 6)}
        ordered = sorted(sizes)
        return cls(tuple(ordered), ordered.index(lot))

    def steps_to(self, factor: float) -> int:
        """Places from the start to the size nearest to so many times it."""
        wanted = self.sizes[self.start] * factor
        return min(range(len(self.sizes)), key=lambda i: abs(self.sizes[i] - wanted)) - self.start

    def at(self, steps: int) -> float:
        """The lot so many places from the start; the last one beyond the ends."""
        return self.sizes[min(max(self.start + steps, 0), len(self.sizes) - 1)]
