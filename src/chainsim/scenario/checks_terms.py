"""Cross-field checks of terms of supply: prices by the size of an order, duty, costs of shipments, one open order; customers of whom some wait."""

from __future__ import annotations

from typing import Any

from chainsim.scenario.checks_flow import flows_of
from chainsim.scenario.draft import Draft
from chainsim.scenario.nodes import Path


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


ALWAYS = (breaks_rise,)
WHEN_NAMES_ARE_RIGHT = (duty_has_a_value, flows_have_no_orders, one_order_at_a_time, who_waits)
