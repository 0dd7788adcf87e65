"""Cross-field checks of times, quantities and money, and warnings about numbers that look like slips of a unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chainsim.chance.base import Distribution
from chainsim.dated import fits
from chainsim.fields import info_of
from chainsim.policies.base import OrderSizes
from chainsim.scenario.checks_lifetimes import dead_stock, endings, lifetimes, markdowns
from chainsim.scenario.draft import Draft, PointName
from chainsim.scenario.model import Lane
from chainsim.scenario.nodes import Path
from chainsim.scenario.sources import usual_lane
from chainsim.scenario.units import MAX_TICKS

DEAR_RATE = 2.0
"""A carrying rate above this share of value per year is questioned."""
LONG_STOCK_YEARS = 10.0
MOST_DEPARTURES = 10_000_000
"""Random departures of one lane, each of which is drawn."""


def clock(draft: Draft) -> None:
    time, given = draft.time, draft.data["time"]
    if time.warm_up > time.horizon:
        message = f"is {time.warm_up:g}, longer than what is counted after it (horizon {time.horizon:g})"
        draft.warn(("time", "warm_up"), message, "is its unit right?")
    if time.bucket > time.horizon and draft.source.has(("time", "bucket")):
        draft.error(("time", "bucket"), f"is {time.bucket:g}, longer than the horizon ({time.horizon:g})")
    if given["periods_per_year"] is not None and time.unit != "period":
        draft.error(("time", "periods_per_year"), f"goes with unit: period, not {time.unit}", "remove it")
    if time.start and time.unit == "period":
        message = "goes with unit: hour, day or week; abstract periods have no dates"
        draft.error(("time", "start"), message, "remove it, or say what a period is: unit: day")
    elif time.start and not fits(time.start, time.end):
        draft.error(("time", "start"), f"is {time.start}: the run would end after the year 9999", "begin earlier")
    for key in ("horizon", "bucket"):
        if draft.time.ticks(getattr(time, key)) < 1:
            message = f"is {getattr(time, key):g} {time.unit}s, shorter than the clock's tick"
            draft.error(("time", key), message, f"the clock counts {time.ticks_per_unit:,} ticks in a {time.unit}")
    if time.end >= MAX_TICKS:
        draft.error(("time", "horizon"), "the run is longer than the clock can count", "shorten it", budget=True)


def patience(draft: Draft) -> None:
    for i, made in enumerate(draft.data["demand"]):
        unmet, length = made.keys["unmet"], made.keys["patience"]
        if unmet == "patience" and length is None:
            draft.error(("demand", i, "unmet"), "`unmet: patience` needs a length", "add patience: 3 days")
        if unmet != "patience" and length is not None:
            draft.error(("demand", i, "patience"), f"customers who are {unmet} have no patience", "say unmet: patience")


def seasons(draft: Draft) -> None:
    for i, made in enumerate(draft.data["demand"]):
        season = made.keys["season"] or {}
        for key, lengths in (("weekly", (7,)), ("yearly", (12, 52, 365))):
            factors = season.get(key)
            if factors is not None and len(factors) not in lengths:
                wanted = " or ".join(map(str, lengths))
                draft.error(("demand", i, "season", key), f"has {len(factors)} factors but must have {wanted}")
            elif factors is not None and not any(factors):
                draft.error(("demand", i, "season", key), "all factors are 0: nobody would ever buy")


def capacity_or_machines(draft: Draft) -> None:
    for path, made in draft.every_centre():
        if made["capacity"] is not None and made["machines"] is not None:
            draft.error((*path, "machines"), "give capacity or machines, not both")
        if made["machines"] is not None and made["unit_time"] is None:
            draft.error((*path, "machines"), "machines need the time of one unit", "add unit_time")
        if made["unit_time"] is not None and made["machines"] is None:
            draft.error((*path, "unit_time"), "goes with machines", "add machines: 1")
        if made["machines"] is None and made["rate"] is None:
            for key in ("setup_time", "setup_cost", "setup_for"):
                if made[key] is not None:
                    cure = "add machines, or say it by lead_time and order_cost"
                    draft.error((*path, key), "a set-up is of machines, or of a rate", cure)
        if made["setup_for"] is not None and made["setup_time"] is None and made["setup_cost"] is None:
            draft.error((*path, "setup_for"), "a set-up that takes no time and costs nothing", "add setup_time")


def order_sizes(draft: Draft) -> None:
    """Minimum, multiple and maximum fit together."""
    told: set[tuple[Path, str]] = set()
    for name, point in draft.points.items():
        if point.maximum_order <= 0:
            continue
        for key, value in (("minimum_order", point.minimum_order), ("order_multiple", point.order_multiple)):
            path = draft.stock_paths.get((name, key), ("stock",))
            if value > point.maximum_order and (path, key) not in told:
                told.add((path, key))
                draft.error((*path, key), f"is {value:g}, more than maximum_order ({point.maximum_order:g})")


def whole_quantities(draft: Draft) -> None:
    """Initial stock, order sizes and capacity of whole products are whole."""
    told: set[Path] = set()

    def check(path: Path, amounts: list[float], product: str) -> None:
        bad = next((a for a in amounts if a != int(a)), None)
        if bad is not None and not draft.products[product].divisible and path not in told:
            told.add(path)
            message = f"{bad:g} units of '{product}', which comes in whole units"
            draft.error(path, message, "round it, or say divisible: true")

    for name, point in draft.points.items():
        amounts = [point.on_hand or 0.0, *(a.quantity for a in (*point.shipments, *point.orders))]
        check((*draft.stock_paths.get((name, "initial"), ("stock",)), "initial"), amounts, name[1])
        for key in ("minimum_order", "order_multiple", "maximum_order"):
            check((*draft.stock_paths.get((name, key), ("stock",)), key), [getattr(point, key)], name[1])
    for site in draft.sites.values():
        for centre in site.production:
            for product in centre.products if centre.capacity else ():
                check((*centre.path, "capacity"), [centre.capacity or 0.0], product)


def lots(draft: Draft) -> None:
    """Lots of whole products that policies are given are whole: a fraction of a unit is never ordered."""
    told: set[Path] = set()
    for alternative in draft.alternatives:
        for (site, product), governed in alternative.rules.items():
            for key, info in info_of(type(governed.policy)).items():
                if not info.lot:
                    continue
                lot, path = getattr(governed.policy, key), (*governed.path, key)
                if lot is None or lot == int(lot) or draft.products[product].divisible or path in told:
                    continue
                told.add(path)
                message = f"is {lot:.15g} units of '{product}' at {site}, which comes in whole units"
                draft.error(path, message, f"write {max(1, int(lot + 0.5))}, or say divisible: true for '{product}'")


def orders_over_the_run(draft: Draft) -> None:
    """What periodic policies find wrong with the number of their reviews."""
    told: set[Path] = set()
    for alternative in draft.alternatives:
        for governed in alternative.rules.values():
            interval = getattr(governed.policy, "review_interval", None) or 0.0
            if draft.time.ticks(interval) < 1 or governed.path in told:
                continue
            told.add(governed.path)
            reviews = draft.time.occasions(0.0 if governed.offset == "random" else governed.offset, interval)
            for severity, steps, message, cure in governed.policy.problems_over(reviews):
                note = draft.error if severity == "error" else draft.warn
                note((*governed.path, *steps), message, cure)


def orders_that_can_be_placed(draft: Draft) -> None:
    """What policies find wrong with the sizes of orders at a stock point."""
    told: set[Path] = set()
    for alternative in draft.alternatives:
        for place, governed in alternative.rules.items():
            point, whole = draft.points[place], not draft.products[place[1]].divisible
            sizes = OrderSizes(int(whole), point.minimum_order, point.order_multiple, point.maximum_order)
            for steps, message, cure in governed.policy.problems_of(sizes):
                if (path := (*governed.path, *steps)) not in told:
                    told.add(path)
                    draft.error(path, f"{place[0]} / {place[1]}: {message}", cure)


def margins(draft: Draft) -> None:
    """`lost_sale: margin` needs a price above the cost wherever sales can be lost."""
    told: set[str] = set()
    for demand, _ in draft.demands:
        name = (demand.site, demand.product)
        path = draft.stock_paths.get((name, "lost_sale"))
        index = path[1] if path is not None else None
        rule = draft.data["stock"][index]["lost_sale"] if isinstance(index, int) else draft.data["costs"]["lost_sale"]
        price, cost = draft.products[demand.product].unit_price, draft.points[name].unit_cost
        if rule != "margin" or demand.unmet in ("backorder", "emergency") or price > cost or demand.product in told:
            continue
        told.add(demand.product)
        what = f"its unit_price ({price:g}) is not above its unit_cost ({cost:g})" if price else "it has no unit_price"
        place = (*path, "lost_sale") if path else ("costs", "lost_sale")
        draft.error(place, f"margin of '{demand.product}': {what}", "give the price, or an amount instead of margin")


def lead_times(draft: Draft) -> None:
    """Warns of a lead time longer than the horizon, and of just-in-time over a lead time."""
    told: set[Path] = set()
    for lane, path in draft.lanes:
        mean = _mean_lead_time(lane)
        if mean > draft.time.horizon and path not in told:
            told.add(path)
            message = f"is {mean:g} {draft.time.unit}s on average, longer than the horizon ({draft.time.horizon:g})"
            draft.warn((*path, "lead_time"), message, "is its unit right?")
    for site in draft.sites.values():
        for centre in site.production:
            mean = centre.lead_time.expectation()
            if mean > draft.time.horizon:
                message = f"is {mean:g} {draft.time.unit}s on average, longer than the horizon ({draft.time.horizon:g})"
                draft.warn((*centre.path, "lead_time"), message, "is its unit right?")
    _just_in_time(draft)


def _mean_lead_time(lane: Lane) -> float:
    return sum(p.expectation() for p in (lane.order_lag, lane.processing, lane.lead_time) if p is not None)


def _usual_lead_time(draft: Draft, name: PointName, ways: Sequence[Lane | None]) -> float:
    """The mean lead time of the source an order usually goes to; the longest of them where orders are split."""
    lanes = [lane for lane in ways if lane is not None]
    first = usual_lane(draft.points[name], lanes)
    if draft.points[name].sourcing == "split" and lanes:
        return max(_mean_lead_time(lane) for lane in lanes if lane.share > 0.0)
    if first is not None:
        return _mean_lead_time(first)
    made = (centre for centre in draft.sites[name[0]].production if name[1] in centre.products)
    return next((centre.lead_time.expectation() for centre in made), 0.0)


def _just_in_time(draft: Draft) -> None:
    from chainsim.policies.base import POLICIES

    registered = {cls: name for name, cls in POLICIES.items()}
    customers = {(d.site, d.product): d for d, _ in draft.demands}
    sources = draft.sources_of()
    for alternative in draft.alternatives:
        for name, governed in alternative.rules.items():
            interval = getattr(governed.policy, "review_interval", None) or 1.0
            buffer = sum(getattr(governed.policy, key, 0.0) or 0.0 for key in ("buffer", "buffer_time"))
            if registered.get(type(governed.policy)) != "jit" or name not in customers or buffer > 0:
                continue
            mean = _usual_lead_time(draft, name, sources.get(name, ()))
            if mean > interval:
                message = (
                    f"just in time at {name[0]} / {name[1]} over a lead time of {mean:g} {draft.time.unit}s"
                    " keeps no stock for the demand that varies meanwhile"
                )
                draft.warn(("policies", alternative.name), message, "expect shortages; a buffer would cover them")
                break


def rates(draft: Draft) -> None:
    """Warns of a carrying rate no business would pay: probably per year written as per day."""
    places: list[tuple[Path, Any]] = [(("costs", "carrying_rate"), draft.data["costs"]["carrying_rate"])]
    places += [(("stock", i, "carrying_rate"), rule["carrying_rate"]) for i, rule in enumerate(draft.data["stock"])]
    for path, rate in places:
        yearly = (rate or 0.0) * draft.time.units_per_year
        if yearly > DEAR_RATE:
            draft.warn(path, f"is {yearly:.0%} of the value per year", "is it per year?")


def history_steps(draft: Draft) -> None:
    """Warns when the rows of a dated table are further apart than the periods they are replayed at."""
    for i, made in enumerate(draft.data["demand"]):
        step = draft.steps.get(getattr(made.thing, "file", None) or "")
        every = getattr(made.thing, "every", None)
        if step is None or every is None or (_month_long(draft, every) and draft.tables[made.thing.file].monthly):
            continue
        if abs(step - every) > 1e-9 * every:
            unit = draft.time.unit
            message = f"the rows of '{made.thing.file}' are {step:g} {unit}s apart but are replayed every {every:g}"
            draft.warn(("demand", i, "every"), message, f"every: {step:g}")


def _month_long(draft: Draft, every: float) -> bool:
    """Is it what somebody may call a month: four weeks to 31 days?"""
    return 28 * draft.time.units_per_year / 365 <= every <= 31 * draft.time.units_per_year / 365


def distributions(draft: Draft) -> None:
    """The warnings of every distribution in the file, at its place."""
    for key, held in draft.data.items():
        _walk(draft, (key,), held)


def _walk(draft: Draft, path: Path, held: Any) -> None:
    if isinstance(held, Distribution):
        for text in held.warnings():
            draft.warn(path, text)
    elif isinstance(held, dict):
        for key, value in held.items():
            _walk(draft, (*path, key), value)
    elif isinstance(held, list):
        for i, value in enumerate(held):
            _walk(draft, (*path, i), value)
    elif hasattr(held, "thing"):
        _walk(draft, path, dict(vars(held.thing)) | {k: v for k, v in held.keys.items() if k != "rules"})


def counts(draft: Draft) -> None:
    """A count comes by the calendar or when a shelf is found empty; losses do not come without end."""
    told: set[Path] = set()
    run = draft.time.warm_up + draft.time.horizon
    for name, point in draft.points.items():
        path = draft.stock_paths.get((name, "count"))
        if path is not None and path not in told and point.count and point.count.every is None:
            told.add(path)
            if not point.count.when_empty:
                message = "a count is made `every` so often, or `when_empty`"
                draft.error((*path, "count"), message, "give one of them, or both")
            elif draft.data["stock"][path[1]]["count"]["first"] is not None:
                message = "`first` goes with counts by the calendar"
                draft.error((*path, "count", "first"), message, "remove it, or give `every`")
        path = draft.stock_paths.get((name, "loss"))
        if (
            path is not None
            and path not in told
            and point.loss
            and point.loss.gap.expectation() * MOST_DEPARTURES < run
        ):
            told.add(path)
            message = f"a mean of {point.loss.gap.expectation():g} {draft.time.unit}s makes more than {MOST_DEPARTURES:,} losses"
            draft.error((*path, "loss", "time_between"), message, "is its unit right?")


def departures(draft: Draft) -> None:
    """Departures are at fixed times or at random, and not without end."""
    for i, lane in enumerate(draft.data["lanes"]):
        keys: Any = lane["departures"]
        if keys is None:
            continue
        path: Path = ("lanes", i, "departures")
        if (keys["every"] is None) == (keys["gap"] is None):
            draft.error(path, "departures have either `every` (fixed times) or a `gap` (random)", "give one of them")
            continue
        if keys["gap"] is not None and keys["offset"] > 0.0:
            draft.error((*path, "offset"), "`offset` goes with departures at fixed times", "remove it, or give `every`")
        if (
            keys["gap"] is not None
            and keys["gap"].expectation() * MOST_DEPARTURES < draft.time.warm_up + draft.time.horizon
        ):
            message = f"a mean of {keys['gap'].expectation():g} {draft.time.unit}s makes more than {MOST_DEPARTURES:,} departures"
            draft.error((*path, "gap"), message, "is its unit right?")


def stages(draft: Draft) -> None:
    """A precision is pursued from the first stage to the most replications there may be."""
    given = draft.data["replications"]
    if isinstance(given, Mapping) and given["max"] < given["min"]:
        message = f"is {given['max']}, fewer than the {given['min']} of the first stage (min)"
        draft.error(("replications", "max"), message, f"ask for more, or write min: {given['max']}")


ALWAYS = (
    clock, stages, patience, seasons, capacity_or_machines, order_sizes, whole_quantities, lots, orders_over_the_run,
    orders_that_can_be_placed, margins
)  # fmt: skip


def storage_by_volume(draft: Draft) -> None:
    """What storage costs by volume costs nothing where no product has one."""
    if any(product.volume for product in draft.products.values()):
        return
    rules: list[Path] = [
        ("stock", k, "storage") for k in range(len(draft.data["stock"])) if draft.source.has(("stock", k, "storage"))
    ]
    for path in [path for path in (("costs", "storage"),) if draft.source.has(path)] + rules:
        draft.warn(
            path, "no product has a volume: storage costs nothing", "give products a `volume`, or say holding_cost"
        )


WHEN_NAMES_ARE_RIGHT = (
    lead_times,
    rates,
    history_steps,
    distributions,
    departures,
    lifetimes,
    markdowns,
    storage_by_volume,
    endings,
    dead_stock,
    counts,
)
