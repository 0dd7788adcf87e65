"""Asked and delivered, for people: the line on the first screen, the table of the section, the warnings of the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from chainsim.report.facts import GROUP, Facts, Policy
from chainsim.report.names import shown
from chainsim.report.numbers import percent, several
from chainsim.report.tables import Cell, Table

if TYPE_CHECKING:
    from chainsim.study.results import Results

FIRST, MOST = 12, 60
"""Rows shown at once, and rows shown when the rest is unfolded."""
NAMED = 3
"""Stock points named in the line on the first screen."""
ORDER = {"short": 0, "unclear": 1, "over": 2, "": 3, "delivers": 4}
WORDS = {
    "short": "short",
    "over": "more than asked",
    "unclear": "cannot be told",
    "delivers": "delivers",
    "": "not judged",
}
KINDS = {"fill_rate": "fill rate", "service": "cycle service", "cost": "least cost"}
COLUMNS = (
    "policy", "site", "product", "kind", "asked", "delivered", "half_width", "verdict", "expected", "one_less", "origin", "by",
    "why",
)  # fmt: skip
BY = {
    "formula": "the model’s own law", "calibrated": "short simulations", "moments": "two moments only",
    "textbook": "the textbook’s formula", "": "",
}  # fmt: skip


class Row(NamedTuple):
    """One row of delivered.csv; numbers are None where empty."""

    policy: str
    site: str
    product: str
    kind: str
    asked: float | None
    delivered: float | None
    half_width: float | None
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
    def off(self) -> float:
        """How far below what was asked, for order: the most first."""
        return (self.asked or 0.0) - (self.delivered or 0.0)


@dataclass(frozen=True)
class Section:
    """What the page says of it. line: for the first screen, '' when nothing was asked. first, rest: the rows, worst first;
    folded: what the folded part holds. notes: what else must be said."""

    line: str
    first: Table | None
    rest: Table | None
    folded: str
    notes: tuple[str, ...]


def section(facts: Facts, chosen: Policy) -> Section:
    """Asked and delivered of all policies; the line is about the one the page recommends."""
    if not facts.has_delivered:
        told = (
            "These results were made before chainsim compared what was asked with what was delivered: run them again."
        )
        return Section("", None, None, "", (told,))
    rows = sorted(rows_of(facts), key=lambda r: (ORDER.get(r.verdict, 3), -r.off if r.verdict != "over" else r.off))
    if not rows:
        return Section(
            "", None, None, "", ("Nothing was asked: every level was given, and the scenario sets no target.",)
        )
    first, rest = rows[:FIRST], rows[FIRST:]
    table = _table(facts, "Asked and delivered, worst first", first)
    line = line_of(facts, [r for r in rows if r.policy == chosen.name])
    if not rest:
        return Section(line, table, None, "", _legend(rows))
    counts = [(sum(r.verdict == v for r in rest), word) for v, word in WORDS.items()]
    folded = f"{several(len(rest), 'more row')}: {', '.join(f'{n} {word}' for n, word in counts if n)}"
    below = _table(facts, "Asked and delivered, the other rows", rest[:MOST])
    if len(rest) > MOST:
        folded += f" ({MOST} of them here, all in delivered.csv)"
    return Section(line, table, below, folded, _legend(rows))


def rows_of(facts: Facts) -> list[Row]:
    """The rows of delivered.csv."""
    table = facts.tables.delivered
    columns = [[None if v != v else v for v in table[c].astype(object).tolist()] for c in COLUMNS]
    return [Row(*values) for values in zip(*columns, strict=True)]


def line_of(facts: Facts, rows: Sequence[Row]) -> str:
    """The line on the first screen: how many stock points deliver what they were asked, and which do not."""
    judged = [r for r in rows if r.stock_point and r.asked is not None and r.verdict]
    if not judged:
        missed = [r for r in rows if r.verdict in ("short", "unclear")]
        return f"Asked and delivered: {_told(facts, missed[0])}." if missed else ""
    good = sum(r.verdict in ("delivers", "over") for r in judged)
    asked = sorted({r.asked or 0.0 for r in judged})
    what = percent(asked[0]) if len(asked) == 1 else f"{percent(asked[0])} to {percent(asked[-1])}"
    parts = [f"Asked {what}: delivered at {good} of {several(len(judged), 'stock point')}"]
    for verdict, word in (("short", "short"), ("unclear", "cannot be told yet")):
        off = [r for r in judged if r.verdict == verdict]
        if off:
            named = ", ".join(_told(facts, r, asked=False) for r in off[:NAMED])
            more = f" and {len(off) - NAMED} more" if len(off) > NAMED else ""
            parts.append(f"{word}: {named}{more}")
    whole = [r for r in rows if not r.site and not r.product and r.verdict == "short"]
    if whole:
        parts.append(f"the whole network {_share(facts, whole[0])}")
    return "; ".join(parts) + "."


def warnings_of_run(results: Results) -> list[str]:
    """One warning for each policy under which the network or a group of it falls short of what was asked, with the reason.

    Groups are told where the network as a whole delivers: else they are part of the same news.
    """
    facts = Facts(results)
    if not facts.has_delivered:
        return []
    told = []
    for policy in facts.policies:
        short = [r for r in rows_of(facts) if r.policy == policy.name and r.verdict == "short" and not r.stock_point]
        whole = [r for r in short if not r.site and not r.product]
        for row in sorted(whole or short, key=lambda r: -r.off)[:NAMED]:
            why = f": {row.why}" if row.why else ""
            told.append(f"{policy.label}: {_told(facts, row)}{why}")
    return told


def place(row: Row) -> str:
    """Where, in words."""
    site, product = row.site, row.product
    if not site and not product:
        return "the whole network"
    if site.startswith(GROUP) or product.startswith(GROUP):
        return f"group {shown((site or product).removeprefix(GROUP), 40)}"
    if site.startswith("kind:"):
        return f"all {shown(site.removeprefix('kind:'), 40)} sites"
    return " / ".join(shown(name, 40) for name in (site, product) if name)


def _told(facts: Facts, row: Row, *, asked: bool = True) -> str:
    """'dc / soup 93.1 ± 0.3 %', with what was asked of it."""
    short = f"{place(row)} {_share(facts, row)}"
    if not asked or row.asked is None:
        return short
    return f"{short} {KINDS[row.kind]} where {percent(row.asked)} was asked ({row.origin})"


def _share(facts: Facts, row: Row) -> str:
    return facts.units.interval("share", row.delivered, row.half_width)


def _table(facts: Facts, caption: str, rows: Iterable[Row]) -> Table:
    labels = {p.name: p.label for p in facts.policies}
    cells = [
        [
            Cell(place(r)),
            Cell(labels.get(r.policy, r.policy)),
            Cell(f"{KINDS.get(r.kind, r.kind)} {percent(round(r.asked, 6))}" if r.asked is not None else KINDS.get(r.kind, r.kind), r.asked),
            Cell(_share(facts, r), r.delivered),
            Cell(WORDS.get(r.verdict, r.verdict)),
            Cell(r.why),
            Cell(facts.units.value("share", r.expected), r.expected),
            Cell(facts.units.value("share", r.one_less), r.one_less),
            Cell("; ".join(filter(None, [r.origin, BY.get(r.by, r.by)]))),
        ]
        for r in rows
    ]  # fmt: skip
    heads = [
        ("Stock point or group", False), ("Policy", False), ("Asked", True), ("Delivered", True), ("Verdict", False),
        ("Why", False), ("Expected", True), ("One less gives", True), ("Asked by; level by", False),
    ]  # fmt: skip
    return Table(caption, heads, cells)


def _legend(rows: Sequence[Row]) -> tuple[str, ...]:
    told = [
        "Short: the interval of what was delivered lies wholly more than 1 point below what was asked. More than asked: wholly "
        "more than 1 point above, and one unit less would still reach. Units (or cycles) are added up over replications first."
    ]
    if any(r.verdict == "unclear" for r in rows):
        told.append(
            "Cannot be told: the mean lies more than 1 point below, its interval does not; more replications would tell."
        )
    if any(r.kind == "cost" for r in rows):
        told.append("Least cost: no service was asked; what is delivered follows from the prices.")
    return tuple(told)
