"""One small scenario for every use of a calendar: order days under both reviews, working days, shipping days, shutdowns, lead times in
working time, plants that rest; alone, and where they meet outages, departures, seasons and the age of goods."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .cases import RANDOM, SINGLE, Document, line, network

START = "2026-04-01"
OFFICE: Document = {"days": ["mon-fri"], "closed": ["2026-04-03", {"from": "2026-04-15", "to": "2026-04-17"}]}
NIGHTS: Document = {"closed": [{"from": 1.75, "to": 2.25}, {"from": 4.5, "to": 5.5}, {"from": 9, "to": 9.125}]}
AWAY: Document = {"type": "outage", "start": 6, "duration": 4, "every": 9}


def dated(document: Document, **days: Document) -> Document:
    """The same network on days of the calendar; days: keys by site."""
    document["time"] = {**document["time"], "unit": "day", "start": START}
    document["time"].pop("periods_per_year", None)
    document["calendars"] = {"office": OFFICE, "nights": NIGHTS}
    for site, keys in days.items():
        document["sites"][site] |= keys
    return document


def everywhere(document: Document, value: Document | str) -> Document:
    """All sites work by one calendar."""
    return dated(document, **{site: {"working_days": value} for site in document["sites"]})


def order_days() -> Iterator[tuple[str, Document]]:
    """Reviews move to the next order day; planners who watch continuously look when it begins."""
    twice: Document = {"order_days": ["mon", "thu"]}
    yield "order days", dated(network(), s1=twice, s2=twice, s3={"order_days": ["fri"]}, dc={"order_days": "nights"})
    for name, more in {
        "periodic": {"review_interval": 1},
        "before demand": {"review_interval": 1.5, "review": "before_demand", "offset": 0.5},
        "at random": {"review_interval": 2, "offset": "random"},
    }.items():
        policy = {"type": "R_S", "order_up_to_level": 12, **more}
        document = network(policies={"only": policy})
        yield (
            f"order days, {name}",
            dated(document, s1=twice, s3={"order_days": "office"}, dc={"working_days": "nights"}),
        )
    for policy in ({"type": "kanban", "cards": 3, "container": 4}, {"type": "jit", "buffer": 5}):
        yield f"order days, {policy['type']}", dated(network(policies={"only": policy}), s1=twice, dc=twice)
    document = network(stock=[{"one_open_order": True}])
    yield "order days, one open order", dated(document, s1=twice, s3={"order_days": "nights"})
    document = line({"type": "multi_echelon", "method": "echelon_base_stock", "service_level": 0.7})
    yield "order days of an echelon", dated(document, store=twice, plant={"order_days": "office"})
    document = network()
    document["demand"][0]["season"] = document["demand"][3]["season"] = {"weekly": [1, 2, 0, 1, 1, 3, 0]}
    document["policies"] = {"only": {"type": "s_Q", "order_quantity": 6, "fill_rate": 0.8}}
    yield "order days in a season", dated(document, s1=twice, dc={"order_days": "nights"})


def working_days() -> Iterator[tuple[str, Document]]:
    """Goods are sent, moved and received by calendars."""
    yield "working days", everywhere(network(), "office")
    yield "working days, nights", everywhere(network(disruptions=[{**AWAY, "site": "dc"}]), "nights")
    document = network()
    for lane, days in zip(document["lanes"], (["tue"], ["mon-fri"], "office", "nights"), strict=True):
        lane |= {"shipping_days": days, "processing": 0.5}
    document["lanes"][3]["crossing"] = "no"
    yield "shipping days", dated(document)
    document = dated(network(), supplier={"working_days": "office"}, dc={"working_days": "office"})
    for lane in document["lanes"]:
        lane["lead_time_in"] = "working_time"
    document["lanes"][0]["lead_time"] = 2
    document["lanes"][3]["processing"] = RANDOM
    yield "lead times in working time", document
    for name, when in {"fixed": {"every": 1.5}, "by chance": {"gap": {"dist": "exponential", "mean": 1.5}}}.items():
        document = everywhere(network(), "nights")
        for lane in document["lanes"]:
            lane |= {"departures": when, "lead_time": 1, "lead_time_in": "working_time"}
        yield f"working days and departures, {name}", document
    shelves: list[Document] = [{"lifetime": 6, "age": "travels"}]
    yield "working days and ages", everywhere(network(stock=shelves), "office")


def plants() -> Iterator[tuple[str, Document]]:
    """No job starts on a day of rest, and what is in work waits."""
    for name, made in {
        "of a plant": {"lead_time": 1, "machines": 2, "unit_time": {"dist": "gamma", "mean": 0.4, "cv": 0.5}},
        "of a capacity": {"lead_time": 0.5, "capacity": 6},
        "of an unlimited plant": {"lead_time": RANDOM},
    }.items():
        document = network(disruptions=[{**AWAY, "site": "supplier"}])
        document["sites"]["supplier"] = {"kind": "plant", "production": made, "working_days": "office"}
        document["policies"]["only"]["rules"].append({"site": "supplier", "type": "base_stock", "order_up_to_level": 9})
        document["demand"].append({"site": "supplier", "product": "p", **SINGLE, "unmet": "lost"})
        yield f"working days {name}", dated(document)


PARTS: tuple[Callable[[], Iterator[tuple[str, Document]]], ...] = (order_days, working_days, plants)
