"""The scenario of a planner's workbook as YAML, with what was guessed and left out at its top."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chainsim.imports.book import Books
from chainsim.imports.network import Network, Way
from chainsim.imports.orders import Orders, Point
from chainsim.imports.told import lines_of
from chainsim.scenario.render import escape
from chainsim.scenario.scalars import resolve

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_. -]*[A-Za-z0-9_]|[A-Za-z]")
GUESSED = (
    "time: a run of a year after a warm-up of 90 days, 10 replications",
    "costs: stock costs 25 % of its value a year; orders cost nothing",
    "policies: three to begin with, each asked for a cycle service of 95 %; today's rule is not in the book",
    "kinds of sites: `store` where customers order, `warehouse` elsewhere",
)


def scenario_text(books: Books, orders: Orders, network: Network, title: str, table: str) -> str:
    """The YAML text. title: of the study; table: name of the file of orders beside it."""
    names = _Names(network)
    parts: dict[str, list[str]] = {
        "products": list(_products(books, orders, network)),
        "sites": list(_sites(orders, network, names)),
        "lanes": [_flow(lane) for lane in _lanes(network, names)],
        "stock": [_flow(rule) for rule in _stock(books, network)],
        "demand": [_flow(_demand(point, table)) for point in sorted(orders.units)],
    }
    costs = {"currency": books.parameter("currency").split(",")[0], "carrying_rate": "25% per year"}
    said = [
        f"# Made from {', '.join(books.names)}. Read what was guessed, and write your own numbers over it.",
        "# guessed:",
        *_comments(lines_of(books.told.guesses)),
        *_comments(GUESSED),
        *(["# left out:"] if books.told.left_out else []),
        *_comments(lines_of(books.told.left_out)),
    ]
    return "\n".join(
        [
            *said,
            "chainsim: 1",
            f"title: {quoted(title)}",
            "time: {unit: day, warm_up: 90, horizon: 365}",
            "replications: 10",
            "seed: 1",
            *_block("products", parts["products"], "  "),
            *_block("sites", parts["sites"], "  "),
            *_block("lanes", parts["lanes"], "  - "),
            *_block("stock", parts["stock"], "  - "),
            *_block("demand", parts["demand"], "  - "),
            f"costs: {_flow({key: value for key, value in costs.items() if value})}",
            "policies:",
            "  one_for_one: {type: base_stock, service_level: 0.95}",
            "  weekly: {type: R_S, review_interval: 1 week, service_level: 0.95}",
            "  monthly: {type: R_S, review_interval: 30 days, service_level: 0.95}",
            "",
        ]
    )


class _Names:
    """Names of sources that are not those of locations."""

    def __init__(self, network: Network) -> None:
        self.locations = set(network.locations)

    def source(self, name: str) -> str:
        return f"{name} (source)" if name in self.locations else name


def _comments(lines: Iterable[str]) -> list[str]:
    return [f"#  - {escape(line)}" for line in lines]


def _block(name: str, lines: list[str], indent: str) -> list[str]:
    return [f"{name}:", *(f"{indent}{line}" for line in lines)] if lines else []


def _products(books: Books, orders: Orders, network: Network) -> Iterator[str]:
    lines = {line.text("name"): line for line in books.of("item")}
    bills = {item: way.parts for (item, _), ways in network.ways.items() for way in ways if way.parts}
    for item in sorted(network.items):
        line = lines.get(item)
        keys: dict[str, Any] = {}
        if line is None or not line.text("cost"):
            books.told.guess(
                "an item without a cost is worth nothing, and costs nothing to keep",
                line.at("cost" if "cost" in line.columns else "name") if line else None,
            )
        else:
            keys["unit_cost"] = line.number_in("cost", books.told)
        if line is not None and line.text("price"):
            keys["unit_price"] = line.number_in("price", books.told)
        if item in orders.fractional:
            books.told.guess("an item ordered in fractions of a unit is divisible")
            keys["divisible"] = True
        if item in bills:
            keys["made_of"] = bills[item]
        yield f"{quoted(item)}: {_flow(keys)}"


def _sites(orders: Orders, network: Network, names: _Names) -> Iterator[str]:
    served = {where for _, where in orders.units}
    for source in network.sources:
        yield f"{quoted(names.source(source))}: {{kind: supplier}}"
    for where in sorted(network.locations):
        keys: dict[str, Any] = {"kind": "store" if where in served else "warehouse"}
        made: dict[float, list[str]] = defaultdict(list)
        for (item, at), ways in network.ways.items():
            for way in ways:
                if way.parts is not None and at == where:
                    made[way.days].append(item)
        if made:
            keys["production"] = [{"lead_time": days, "products": items} for days, items in made.items()]
        yield f"{quoted(where)}: {_flow(keys)}"


def _lanes(network: Network, names: _Names) -> Iterator[dict[str, Any]]:
    """Lanes, those that differ in nothing but the product as one."""
    alike: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for (item, where), ways in network.ways.items():
        for rank, way in enumerate(ways, start=1):
            if way.parts is None:
                origin = names.source(way.origin) if way.unlimited else way.origin
                alike[origin, where, way.days, rank, way.share].append(item)
    for (origin, where, days, rank, share), items in alike.items():
        lane: dict[str, Any] = {"from": origin, "to": where, "products": items, "lead_time": days}
        if rank > 1:
            lane["priority"] = rank
        if share is not None:
            lane["share"] = share
        yield lane


def _stock(books: Books, network: Network) -> Iterator[dict[str, Any]]:
    held = {(line.text("item"), line.text("location")): line for line in books.of("buffer")}
    for (item, where), ways in network.ways.items():
        rule: dict[str, Any] = {}
        line = held.get((item, where))
        if line is not None and line.text("onhand"):
            rule["initial"] = {"on_hand": max(line.number_in("onhand", books.told), 0.0)}
        rule |= _bounds(books, ways)
        if len(ways) > 1:
            rule["sourcing"] = "split" if all(way.share is not None for way in ways) else "priority"
        if rule:
            yield {"site": where, "product": item, **rule}


def _bounds(books: Books, ways: list[Way]) -> dict[str, float]:
    if not ways:
        return {}
    if any(way.bounds != ways[0].bounds for way in ways):
        books.told.guess("sizes of orders are those of the first of several sources", ways[0].line.at("size minimum"))
    minimum, multiple, maximum = ways[0].bounds
    given = {"minimum_order": minimum, "order_multiple": multiple, "maximum_order": maximum}
    return {key: value for key, value in given.items() if value > (0 if key == "maximum_order" else 1)}


def _demand(point: Point, table: str) -> dict[str, Any]:
    item, where = point
    return {
        "site": where,
        "product": item,
        "type": "history",
        "file": table,
        "gaps": "zero",
        "on_end": "repeat",
        "unmet": "backorder",
    }


def quoted(text: str) -> str:
    """A text as YAML takes it for the same text.

    >>> quoted("tea"), quoted("no: 1"), quoted("true")
    ('tea', '"no: 1"', '"true"')
    """
    plain = _PLAIN.fullmatch(text) is not None and isinstance(resolve(text), str)
    return text if plain else json.dumps(text, ensure_ascii=False)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{quoted(str(key))}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return f"{value:.9g}" if not float(value).is_integer() else str(int(value))
    return value if re.fullmatch(r"[0-9.]+% per year", value) else quoted(value)
