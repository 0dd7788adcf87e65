"""Where the loss comes from: sites × products by what is lost there, in money where an empty shelf costs any, else in units."""

from __future__ import annotations

from dataclasses import dataclass

from chainsim.places import PREFIXES
from chainsim.report.decision.situation import Situation
from chainsim.report.decision.spoken import count, money, share
from chainsim.report.names import shown
from chainsim.report.numbers import several

MOST = 10
MOST_OF_IT = 0.8
EVEN = 1.5
"""Where the worst place loses less than so many times its even part, the loss is everywhere."""


@dataclass(frozen=True)
class Lost:
    """What is lost at one place, a year; share: of all; served: its fill rate."""

    where: str
    amount: float
    share: float
    served: float | None


@dataclass(frozen=True)
class Loss:
    """title: the finding; kpi: the measure it is told in; rows: the worst first, `MOST` of `places`; what: what a row is; lost: whether
    customers go elsewhere, or all of them wait."""

    title: str
    kpi: str
    rows: tuple[Lost, ...]
    places: int
    total: float
    what: str
    lost: bool


def loss(s: Situation) -> Loss | None:
    """None where nothing is lost, or there is only one place to lose it at."""
    for kpi in ("shortage_cost", "units_lost"):
        found = _by_place(s, kpi)
        total = sum(amount for _, amount in found.values())
        if total > 0 and len(found) > 1:
            return _told(s, kpi, found, total)
    return None


def _by_place(s: Situation, kpi: str) -> dict[tuple[str, str], tuple[str, float]]:
    """The finest places that the tables have: stock points, else sites, else products; only those where customers buy."""
    facts = s.facts
    buying = [(p["site"], p["product"]) for p in facts.tables.network["stock_points"] if p["customers"]]
    sites, products = dict.fromkeys(site for site, _ in buying), dict.fromkeys(product for _, product in buying)
    tries = [
        {at: " / ".join(shown(name, 24) for name in (at if len(products) > 1 else at[:1])) for at in buying},
        {(site, ""): shown(site, 40) for site in sites},
        {("", product): shown(product, 40) for product in products if not product.startswith(PREFIXES)},
    ]
    for places in tries:
        known = {at: (words, m) for at, words in places.items() if (m := facts.mean(s.chosen, kpi, *at)) is not None}
        if len(known) > 1 and len(known) == len(places):
            return known
    return {}


def _told(s: Situation, kpi: str, found: dict[tuple[str, str], tuple[str, float]], total: float) -> Loss:
    facts = s.facts
    ranked = sorted(found.items(), key=lambda item: -item[1][1])
    rows = tuple(
        Lost(words, amount, amount / total, facts.mean(s.chosen, "fill_rate", *at))
        for at, (words, amount) in ranked[:MOST]
    )
    most, running = 0, 0.0
    for _, (_, amount) in ranked:
        most, running = most + 1, running + amount
        if running >= MOST_OF_IT * total:
            break
    sized = money(facts.units, total) if kpi == "shortage_cost" else f"{count(total)} units"
    lost = facts.mean(s.chosen, "units_lost") != 0.0
    of = "of what is lost" if lost else "of what waiting costs"
    at = ranked[0][0]
    what = "stock point" if at[0] and at[1] and len(facts.products) > 1 else "site" if at[0] else "product"
    if rows[0].share <= EVEN / len(ranked):
        return Loss(
            f"No {what} causes more than {share(rows[0].share)} {of}, {sized} a {facts.over}",
            kpi,
            rows,
            len(ranked),
            total,
            what,
            lost,
        )
    cause = "causes" if most == 1 else "cause"
    title = f"{most} of {several(len(ranked), what)} {cause} {share(running / total)} {of}, {sized} a {facts.over}"
    return Loss(title, kpi, rows, len(ranked), total, what, lost)
