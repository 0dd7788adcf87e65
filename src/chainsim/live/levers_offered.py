"""What a page offers to move, before anything is compiled: labels, positions, and the changes of the scenario at each.

A change is written as `--set` takes it, so that what a reader sees can be taken home. Every number of a position is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import floor, log10
from typing import Any

from chainsim.live.levers_offer import Ground, Group, Offer, Spot, shown, times, written
from chainsim.live.levers_plans import Workshop, is_own
from chainsim.live.levers_prices import lost_sale, price
from chainsim.places import kind_in_words
from chainsim.policies.adjust import LOTS
from chainsim.policies.moved import LEVELS, movable
from chainsim.policies.service import ServiceDriven
from chainsim.scenario.change import steps_of, values_at
from chainsim.scenario.language_levers import USUAL
from chainsim.scenario.model import Alternative, Scenario
from chainsim.scenario.positions import as_written, number_in, positions_of
from chainsim.showing import plural
from chainsim.tune.subject import spread_of

UNSERVED = (2.0, 1.4, 1.0, 0.7, 0.5, 0.35, 0.25)
DEMAND = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5)
LEAD_TIMES = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
LOT_SIZES = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
COVER = range(-3, 5)
"""Steps of cover, each about a quarter of what demand over a lead time varies by."""


def offers_of(workshop: Workshop) -> list[Offer]:
    """The levers that a scenario asks for, or all that go with it."""
    study = workshop.study
    assert study.written is not None
    ground = Ground(study.written.source, workshop.scenario, workshop.derivations)
    wanted = study.scenario.levers
    offers: list[Offer] = []
    for k, one in enumerate(USUAL if wanted is None else wanted):
        offers += USUALLY[one](ground) if isinstance(one, str) else [_own(k, one, ground)]
    return [offer for offer in offers if len(offer.spots) > 1]


# by the scenario


def _own(k: int, lever: Mapping[str, Any], ground: Ground) -> Offer:
    """A lever that the scenario asks for by its path, with the position as it is written among its own."""
    path = lever["path"]
    values = list(positions_of(lever))
    there = values_at(ground.source, path)
    base, among = _place(values, there)
    spots = [Spot(shown(value), {path: value}) for value in values]
    if among:
        spots[base] = Spot(spots[base].text)
    else:
        spots.insert(base, Spot(_now(values, there)))
    group: Group = "policies" if is_own(path) else "prices" if steps_of(path)[0] == "costs" else "world"
    return Offer(f"own-{k + 1}", lever["label"] or path, group, tuple(spots), base)


def _now(values: Sequence[Any], there: Sequence[Any]) -> str:
    """What the position as it is says."""
    if str(values[0]).startswith("*"):
        return "× 1"
    return shown(there[0]) if len(set(map(repr, there))) == 1 and not isinstance(there[0], dict | list) else "as it is"


def _place(values: Sequence[Any], there: Sequence[Any]) -> tuple[int, bool]:
    """Where the position as it is stands among values, and whether one of them is that."""
    for k, value in enumerate(values):
        if isinstance(value, str) and value.startswith("*"):
            if number_in(value)[0] == 1.0:
                return k, True
        elif there and all(value == one for one in there):
            return k, True
    try:
        numbers = [number_in(value) for value in values]
        own = (1.0, "*", "", "") if numbers[0][1] else number_in(there[0])
    except (ValueError, IndexError):
        return 0, False
    (_, _, share, unit), *_ = numbers
    if share and not unit and own[1:] == ("", "", ""):  # a resolved scenario has shares as numbers
        own = (float(f"{100.0 * own[0]:.12g}"), "", share, "")
    same_unit = {number[1:] for number in numbers} == {own[1:]}
    rising = numbers[0][0] < numbers[-1][0]
    if not same_unit or (len(set(map(repr, there))) != 1 and not own[1]):
        return 0, False
    for k, (number, *_) in enumerate(numbers):
        if number == own[0]:
            return k, True
        if (number > own[0]) is rising:
            return k, False
    return len(values), False


# what goes with a scenario


def _service(ground: Ground) -> Iterator[Offer]:
    """Every policy that plans for a service plans for more or less of it: so much of what stays unserved as mailed."""
    asked = {a.name: found for a in ground.scenario.alternatives if (found := _target(a, ground)) is not None}
    if not asked:
        return
    spots = []
    for unserved in UNSERVED:
        now = {name: _round_miss(1.0 - (1.0 - value) * unserved) for name, (_, value) in asked.items()}
        if min(now.values()) <= 0.0:  # no service at all is none to plan for
            continue
        changes = {f"policies{_step(name)}.{asked[name][0]}": value for name, value in now.items()}
        shares = list(dict.fromkeys(f"{100 * value:.4g}" for value in now.values()))
        labels = {a.name: a.label for a in ground.scenario.alternatives}
        detail = "; ".join(f"{labels[name]} {100 * value:.4g} %" for name, value in now.items())
        text = f"{' / '.join(shares[:3])}{' / …' if len(shares) > 3 else ''} %"
        spots.append(Spot(text, {} if unserved == 1.0 else changes, detail))
    base = next(k for k, spot in enumerate(spots) if not spot.changes)
    yield Offer("service", "Service planned for", "policies", tuple(spots), base)


def _target(alternative: Alternative, ground: Ground) -> tuple[str, float] | None:
    """The field and the value of the service a policy plans for, where somebody asked for it: the policy as it is at the top of its
    entry, or the scenario's target."""
    found = next(
        ((place, r.policy) for place, r in alternative.rules.items() if r.path == ("policies", alternative.name)), None
    )
    place, policy = found or (None, None)
    if not isinstance(policy, ServiceDriven):
        return None
    point = next((p for p in ground.derivations[alternative.name].facts.points if (p.site, p.product) == place), None)
    if point is None or not _derives(alternative, ground):
        return None
    target = policy.target(point)
    if target.from_prices or target.origin.startswith("usual"):
        return None
    return ("fill_rate" if target.kind == "fill_rate" else "service_level"), target.value


def _derives(alternative: Alternative, ground: Ground) -> bool:
    """Whether any of its levels follows from a service."""
    levels = ground.derivations[alternative.name].levels
    return any(not d.given and d.name not in LOTS for settings in levels.values() for d in settings.derived)


def _round_miss(share: float) -> float:
    """A share whose difference from 1 has two digits.

    >>> _round_miss(0.97899), _round_miss(0.9925)
    (0.979, 0.9925)
    """
    return float(f"{1.0 - float(f'{1.0 - share:.2g}'):.12g}")


def _cover(ground: Ground) -> Iterator[Offer]:
    """More or less stock for each kind of site, in time of mean demand."""
    unit = ground.scenario.time.unit
    for kind in _kinds(ground.scenario):
        policies = [
            a.name
            for a in ground.scenario.alternatives
            if _all_of(a, kind, ground, lambda s: bool(movable(s, every=True)))
        ]
        if not policies:
            continue
        step = _step_of_cover(kind, policies[0], ground)
        base = _adjusted(ground, policies, kind, "cover", 0.0)
        if step == 0.0 or base is None:
            continue
        spots = []
        for k in COVER:
            by = float(f"{base + k * step:.12g}")
            text = (
                f"{'+' if k > 0 else '−'}{abs(k * step):g} {unit}{'' if abs(k * step) == 1 else 's'}"
                if k
                else "as it is"
            )
            changes = {
                f"{path}.adjust{_step(kind)}.cover": as_written(by, "", "", "") for path in _of(policies, ground)
            }
            spots.append(Spot(text, changes if k else {}, f"{text} of mean demand" if k else ""))
        yield Offer(f"cover-{kind}", f"Stock at {_sites(kind, ground)}", "policies", tuple(spots), COVER.index(0))


def _lots(ground: Ground) -> Iterator[Offer]:
    """Larger or smaller lots for each kind of site."""
    for kind in _kinds(ground.scenario):
        policies = [a.name for a in ground.scenario.alternatives if _all_of(a, kind, ground, _has_lot)]
        base = _adjusted(ground, policies, kind, "lots", 1.0) if policies else None
        if base is None:
            continue
        paths = [f"{path}.adjust{_step(kind)}.lots" for path in _of(policies, ground)]
        yield times(f"lots-{kind}", f"Lots at {_sites(kind, ground)}", "policies", LOT_SIZES, _larger(paths, base))


def _larger(paths: Sequence[str], base: float) -> Callable[[float], Mapping[str, Any]]:
    return lambda by: {path: as_written(float(f"{by * base:.12g}"), "", "", "") for path in paths}


def _has_lot(settings: Any) -> bool:
    names = {d.name: k for k, d in enumerate(settings.derived) if k < len(settings.p) and settings.p[k] == d.value}
    return any(name in names for name in LOTS) or all(name in names for name in LEVELS)


def _sites(kind: str, ground: Ground) -> str:
    """'DC' of one, 'stores' of several."""
    name = kind_in_words(kind)
    return name if sum(site.kind == kind for site in ground.scenario.sites) == 1 else plural(name)


def _kinds(scenario: Scenario) -> list[str]:
    """Kinds of sites that hold stock, those with customers first; those whose name means other sites left out."""
    of: dict[str, set[str]] = {}
    for site in scenario.sites:
        of.setdefault(site.kind, set()).add(site.name)
    bought = {demand.site for demand in scenario.demands}
    means: dict[str, set[str]] = {}
    for site in scenario.sites:
        for name in {site.name, site.base, *site.groups}:
            means.setdefault(name, set()).add(site.name)
    kinds = [kind for kind, sites in of.items() if kind != "supplier" and means.get(kind, sites) == sites]
    return sorted(kinds, key=lambda kind: not of[kind] & bought)


def _all_of(alternative: Alternative, kind: str, ground: Ground, fits: Callable[[Any], bool]) -> bool:
    """Whether every stock point of a kind that orders under a policy fits."""
    sites = {site.name for site in ground.scenario.sites if site.kind == kind}
    there = [settings for (site, _), settings in ground.derivations[alternative.name].levels.items() if site in sites]
    return bool(there) and all(map(fits, there))


def _step_of_cover(kind: str, policy: str, ground: Ground) -> float:
    """A round time, about a quarter of what demand over a lead time varies by, at the middle stock point of a kind."""
    found = ground.derivations[policy]
    sites = {site.name for site in ground.scenario.sites if site.kind == kind}
    spreads = sorted(
        spread_of(p) / p.demand_mean
        for p in found.facts.points
        if p.site in sites and (p.site, p.product) in found.levels and p.demand_mean > 0.0
    )
    return _round(spreads[len(spreads) // 2] / 4.0) if spreads else 0.0


def _round(x: float) -> float:
    """A number that people count in: 1, 2 or 5 of some power of ten, or a quarter.

    >>> _round(0.24), _round(0.6), _round(3.1), _round(0.0)
    (0.25, 0.5, 2.0, 0.0)
    """
    if x <= 0.0:
        return 0.0
    power = 10.0 ** floor(log10(x))
    steps = (1.0, 2.0, 2.5, 5.0, 10.0) if power < 1.0 else (1.0, 2.0, 5.0, 10.0)
    return float(f"{min(steps, key=lambda s: abs(log10(x / (s * power)))) * power:.12g}")


def _adjusted(ground: Ground, policies: Sequence[str], kind: str, key: str, usual: float) -> float | None:
    """What all these policies put on top already for a kind; None where it is not the same."""
    written = {
        (values_at(ground.source, f"policies{_step(name)}.adjust{_step(kind)}.{key}") or [usual])[0]
        for name in policies
    }
    only = written.pop()
    return float(only) if not written and isinstance(only, int | float) else None


def _demand(ground: Ground) -> Iterator[Offer]:
    yield times("demand", "Demand", "world", DEMAND, lambda by: {"demand[*]": f"*{by:g}"})


def _lead_times(ground: Ground) -> Iterator[Offer]:
    paths = written(ground, "lanes[*].lead_time", "sites[*].production.lead_time")
    if paths:
        yield times("lead-times", "Lead times", "world", LEAD_TIMES, lambda by: dict.fromkeys(paths, f"*{by:g}"))


def _of(policies: Sequence[str], ground: Ground) -> list[str]:
    """Paths to policies; one to all of them where these are all."""
    everyone = values_at(ground.source, "policies")
    if len(policies) > 1 and everyone and set(policies) == set(everyone[0]):
        return ["policies[*]"]
    return [f"policies{_step(name)}" for name in policies]


def _step(name: str) -> str:
    """A name as a step of a path."""
    return f"[{name}]" if "." in name else f".{name}"


USUALLY: dict[str, Callable[[Ground], Iterator[Offer]]] = {
    "service": _service,
    "cover": _cover,
    "lots": _lots,
    "demand": _demand,
    "lead_times": _lead_times,
    "carrying_rate": price(
        "carrying-rate", "Carrying cost", "costs.carrying_rate", "costs.holding_cost", "stock[*].carrying_rate", "stock[*].holding_cost"
    ),
    "lost_sale": lost_sale,
    "backorder": price("backorder", "Cost of waiting", "costs.backorder", "stock[*].backorder"),
    "order_cost": price("order-cost", "Cost of an order", "lanes[*].order_cost", "sites[*].production.order_cost"),
}  # fmt: skip
assert USUALLY.keys() == USUAL.keys()
