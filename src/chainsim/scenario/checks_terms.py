"""Cross-field checks of terms of supply: prices by the size of an order, duty, costs of shipments, one open order; customers of whom some wait."""

from __future__ import annotations

from typing import Any

from chainsim.scenario.checks_flow import flows_of
from chainsim.scenario.draft import Draft
from chainsim.scenario.nodes import Path
from chainsim.scenario.sources import weight


def breaks_rise(draft: Draft) -> None:
    """Breaks begin at 0 and rise; a price that rises with the order is asked about."""
    for i, lane in enumerate(draft.data["lanes"]):
        path: Path = ("lanes", i, "price_breaks")
        if not lane["price_breaks"]:
            if lane["discount"] != "all_units":
                message = "says how price breaks are meant, but there are none"
                draft.error(("lanes", i, "discount"), message, "add price_breaks, or remove it")
            continue
        _rising(draft, path, [one["from"] for one in lane["price_breaks"]])
        _falling(draft, path, [one["price"] for one in lane["price_breaks"]])


def _rising(draft: Draft, path: Path, starts: list[float]) -> None:
    if starts[0] != 0.0:
        message = f"the first price holds from {starts[0]:g} on: what does a unit cost in a smaller order?"
        draft.error(
            (*path, 0, "from"),
            message,
            "let the first begin at 0; a minimum_order in a stock rule forbids small orders",
        )
    for k in range(1, len(starts)):
        if starts[k] <= starts[k - 1]:
            message = f"is {starts[k]:g}, not above the one before it ({starts[k - 1]:g}): breaks rise"
            draft.error((*path, k, "from"), message, "put the breaks in order of size, each once")
            return


def _falling(draft: Draft, path: Path, prices: list[float]) -> None:
    for k in range(1, len(prices)):
        if prices[k] > prices[k - 1]:
            message = f"is {prices[k]:g}, more than for smaller orders ({prices[k - 1]:g})"
            draft.warn((*path, k, "price"), message, "a price for one unit is meant, not for the order")
            return


def duty_has_a_value(draft: Draft) -> None:
    """Duty is a share of value: without a value nothing is due."""
    told: set[Path] = set()
    for lane, path in draft.lanes:
        worth = draft.points[(lane.target, lane.product)].unit_cost
        if lane.duty > 0.0 and not lane.price_breaks and worth == 0.0 and path not in told:
            told.add(path)
            message = f"'{lane.product}' at '{lane.target}' has no unit_cost: duty on nothing"
            draft.error((*path, "duty"), message, "give the product a unit_cost, or the lane price_breaks")


def flows_have_no_orders(draft: Draft) -> None:
    """A flow has no orders of customers, and its planner is asked when its position falls to a level, not at receipts."""
    told: set[tuple[Any, ...]] = set()
    for name in flows_of(draft):
        point = draft.points[name]
        what: tuple[tuple[str, bool, str, str], ...] = (
            ("stockout", point.stockout_cost > 0.0, "customers who place orders: none runs into a stock-out", "0"),
            ("one_open_order", point.one_open_order, "reviews that wait for a receipt", "false"),
        )
        for key, given, lacks, none in what:
            rule = draft.stock_paths.get((name, key))
            path: Path = (*rule, key) if rule else ("costs", key)
            if given and path not in told:
                told.add(path)
                message = f"the demand of {name[0]} / {name[1]} flows, and a flow has no {lacks}"
                cure = f"a stock rule {{site: {name[0]}, product: {name[1]}, {key}: {none}}}, or demand that comes in orders"
                (draft.error if rule else draft.warn)(path, message, cure)


def one_order_at_a_time(draft: Draft) -> None:
    """`expedite` is two orders side by side."""
    told: set[Path] = set()
    for name, point in draft.points.items():
        path = draft.stock_paths.get((name, "one_open_order"), ("stock",))
        if point.one_open_order and point.sourcing == "expedite" and path not in told:
            told.add(path)
            message = f"{name[0]} / {name[1]} has sourcing: expedite, which orders from two sources side by side"
            draft.error((*path, "one_open_order"), message, "remove it, or take another sourcing")


def who_waits(draft: Draft) -> None:
    """`some_wait` and the share who wait belong together."""
    for i, made in enumerate(draft.data["demand"]):
        unmet, share = made.keys["unmet"], made.keys["waiting_share"]
        if unmet == "some_wait" and share is None:
            draft.error(("demand", i, "unmet"), "`unmet: some_wait` needs the share who wait", "add waiting_share: 60%")
        if unmet != "some_wait" and share is not None:
            message = f"with unmet: {unmet} nobody decides whether to wait"
            draft.error(("demand", i, "waiting_share"), message, "say unmet: some_wait")


def sources_told_apart(draft: Draft) -> None:
    """The cheapest of several sources, and the quickest, must be known: a price on each of them, and a difference."""
    told: set[Path] = set()
    for name, ways in draft.sources_of().items():
        point, lanes = draft.points[name], [lane for lane in ways if lane is not None]
        if point.sourcing not in ("cheapest", "fastest") or len(ways) < 2:
            continue
        path: Path = (*draft.stock_paths.get((name, "sourcing"), ("stock",)), "sourcing")
        by_size = [bool(lane.price_breaks) for lane in lanes] + [False] * (len(ways) - len(lanes))
        if path in told:
            continue
        if point.sourcing == "cheapest" and point.unit_cost == 0.0 and len(set(by_size)) > 1:
            told.add(path)
            message = (
                f"'{name[1]}' at '{name[0]}' has price_breaks from one source and no unit_cost: another would be free"
            )
            draft.error(path, message, "give the product a unit_cost, or each lane price_breaks")
        elif point.sourcing == "cheapest" and len(set(by_size)) > 1:
            told.add(path)
            message = (
                f"'{name[1]}' at '{name[0]}' is bought at price_breaks from one source and not from another: what goods cost is in the "
                "total of the first only, so buying elsewhere looks cheaper than it is"
            )
            draft.warn(path, message, f"give each lane its price: price_breaks: [{{price: {point.unit_cost:g}}}]")
        elif len(lanes) == len(ways) and len({weight(point.sourcing, one, point.unit_cost) for one in lanes}) == 1:
            if any(by_size) and len({(one.price_breaks, one.incremental) for one in lanes}) > 1:
                continue
            told.add(path)
            message = (
                f"nothing tells the sources of '{name[1]}' at '{name[0]}' apart: all orders go to the first by priority"
            )
            cure = (
                "other costs on one of the lanes"
                if point.sourcing == "cheapest"
                else "another lead time on one of them"
            )
            draft.warn(path, message, f"{cure}, or sourcing: first")


LEAVING = {  # what becomes of a unit that is not there: (the key of its cost, how that unit is called, what it should cost)
    "lost": ("lost_sale", "unit lost", "what the customer would have paid for it"),
    "some_wait": ("lost_sale", "unit lost", "what the customer would have paid for it"),
    "emergency": ("emergency", "unit delivered from outside", "all that it costs to have it from there"),
}


def saved_purchases(draft: Draft) -> None:
    """A price paid is a line of the total cost, so that a unit not sold saves it: the shortage must cost more than that."""
    prices = _prices_paid(draft)
    told: set[tuple[str, str]] = set()
    for demand, _ in draft.demands:
        paid, name = prices.get(demand.product, 0.0), (demand.site, demand.product)
        if paid == 0.0 or demand.unmet not in LEAVING:
            continue
        key, unit, should = LEAVING[demand.unmet]
        point, price = draft.points[name], draft.products[demand.product].unit_price
        charged = point.lost_sale_cost if key == "lost_sale" else point.emergency_cost
        least = max(price, paid) if key == "lost_sale" else paid
        if charged < least and (demand.product, key) not in told:
            told.add((demand.product, key))
            message = (
                f"'{demand.product}' is bought at price_breaks, whose prices count in the total cost: a {unit} saves about "
                f"{paid:g} there and is charged {charged:g}"
            )
            message += ", so the total falls as service falls" if charged < paid else ", less than a sale is worth"
            rule = draft.stock_paths.get((name, key))
            draft.warn((*rule, key) if rule else ("costs", key), message, f"{key}: {least:g} or more: {should}")


def _prices_paid(draft: Draft) -> dict[str, float]:
    """What one unit of a product costs at least at price breaks, with its components."""
    bought: dict[str, float] = {}
    for lane, _ in draft.lanes:
        if lane.price_breaks:
            least = lane.price_breaks[-1][1] * (1.0 + lane.duty)
            bought[lane.product] = min(least, bought.get(lane.product, least))
    bills = {
        product: bill for site in draft.sites.values() for centre in site.production for product, bill in centre.bills
    }

    def paid(product: str, seen: tuple[str, ...] = ()) -> float:
        if product in bought or product in seen:
            return bought.get(product, 0.0)
        return sum(per * paid(component, (*seen, product)) for component, per in bills.get(product, ()))

    return {product: worth for product in draft.products if (worth := paid(product)) > 0.0}


ALWAYS = (breaks_rise,)
WHEN_NAMES_ARE_RIGHT = (
    duty_has_a_value,
    flows_have_no_orders,
    one_order_at_a_time,
    saved_purchases,
    sources_told_apart,
    who_waits,
)
