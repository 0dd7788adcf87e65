"""Asked and delivered, for people: the rows of delivered.csv and the words for them."""

from __future__ import annotations

from typing import NamedTuple

from chainsim.places import ECHELON, GROUP
from chainsim.report.facts import Facts
from chainsim.report.intervals import in_words
from chainsim.report.names import shown
from chainsim.statistics import Estimate

WORDS = {
    "short": "short",
    "over": "more than asked",
    "unclear": "cannot be told",
    "delivers": "delivers",
    "": "not judged",
}
KINDS = {"fill_rate": "fill rate", "service": "cycle service", "cost": "least cost"}
COLUMNS = (
    "policy", "site", "product", "kind", "asked", "delivered", "half_width", "low", "high", "n", "verdict", "expected",
    "one_less", "origin", "by", "why",
)  # fmt: skip
GIVEN = "given"
"""Origin of what the policy itself asks."""


class Row(NamedTuple):
    """One row of delivered.csv; numbers are None where empty."""

    policy: str
    site: str
    product: str
    kind: str
    asked: float | None
    delivered: float | None
    half_width: float | None
    low: float | None
    high: float | None
    n: float | None
    verdict: str
    expected: float | None
    one_less: float | None
    origin: str
    by: str
    why: str

    @property
    def stock_point(self) -> bool:
        """Whether it is about one product at one site, not about a group."""
        return bool(self.site and self.product)

    @property
    def whole(self) -> bool:
        """Whether it is about the whole network."""
        return not self.site and not self.product

    @property
    def off(self) -> float:
        """How far below what was asked, for order: the most first."""
        return (self.asked or 0.0) - (self.delivered or 0.0)


def rows_of(facts: Facts) -> list[Row]:
    """The rows of delivered.csv, but those of a group that is a single stock point, or the whole network again."""
    table = facts.tables.delivered
    columns = [[None if v != v else v for v in table[c].astype(object).tolist()] for c in COLUMNS]
    rows = [Row(*values) for values in zip(*columns, strict=True)]
    whole = {_number(r) for r in rows if r.whole}
    alone = facts.kinds_of_one
    return [r for r in rows if not r.site.startswith(ECHELON) or not (_number(r) in whole or r.site in alone)]


def _number(row: Row) -> tuple[object, ...]:
    return row.policy, row.kind, row.asked, row.delivered, row.half_width


def place(facts: Facts, row: Row) -> str:
    """Where, in words."""
    site, product = row.site, row.product
    if row.whole:
        return "the whole network"
    if site.startswith(GROUP) or product.startswith(GROUP):
        return f"group {shown((site or product).removeprefix(GROUP), 40)}"
    if site.startswith(ECHELON):
        return facts.place(site.removeprefix(ECHELON))
    return " / ".join(shown(name, 40) for name in (site, product) if name)


def delivered_in_words(facts: Facts, row: Row) -> str:
    """'93.1 ± 0.3 %'."""
    ends = None if row.low is None or row.high is None else (row.low, row.high)
    got = Estimate(row.delivered, row.half_width, facts.level, int(row.n or 0), "", ends=ends)
    return in_words(facts.units, "share", got)


def asked_by(row: Row) -> str:
    """Who asked."""
    return "the policy" if row.origin == GIVEN else row.origin
