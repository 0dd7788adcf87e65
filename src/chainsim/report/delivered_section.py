"""Asked and delivered on the page: a row a policy, then all that was asked, worst first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chainsim.report.delivered import GIVEN, KINDS, WORDS, Row, delivered_in_words, place, rows_of
from chainsim.report.facts import Facts, Policy
from chainsim.report.intervals import explained
from chainsim.report.numbers import HARD, UNDEFINED, asked, several
from chainsim.report.shortfall import line_of
from chainsim.report.tables import Cell, Table

FIRST, MOST = 12, 60
"""Rows shown at once, and rows shown when the rest is unfolded."""
ORDER = {"short": 0, "unclear": 1, "over": 2, "": 3, "delivers": 4}
BY = {
    "formula": "the model’s own law", "calibrated": "short simulations", "moments": "mean and variance of demand",
    "textbook": "the textbook’s formula", "network": "a plan for the whole network", "": "",
}  # fmt: skip


@dataclass(frozen=True)
class Section:
    """What the page says of it. line: for the first screen, '' when nothing was asked. policies: a row each. first, rest: the
    rows, worst first; folded: what the folded part holds. notes: what else must be said."""

    line: str
    policies: Table | None
    first: Table | None
    rest: Table | None
    folded: str
    notes: tuple[str, ...]


def section(facts: Facts, chosen: Policy) -> Section:
    """Asked and delivered of all policies; the line is about the one the page recommends."""
    if not facts.has_delivered:
        before = (
            "These results were made before chainsim compared what was asked with what was delivered: run them again."
        )
        return Section("", None, None, None, "", (before,))
    rows = sorted(rows_of(facts), key=lambda r: (ORDER.get(r.verdict, 3), -r.off if r.verdict != "over" else r.off))
    if not rows:
        nothing = "Nothing was asked: every level was given, and the scenario sets no target."
        return Section("", None, None, None, "", (nothing,))
    first, rest = rows[:FIRST], rows[FIRST:]
    table = _table(facts, "Asked and delivered, worst first", first)
    line = line_of(facts, [r for r in rows if r.policy == chosen.name])
    counts = _by_policy(facts, rows)
    if not rest:
        return Section(line, counts, table, None, "", _legend(rows))
    words = {**WORDS, "delivers": "deliver"}
    told = ", ".join(f"{n} {word}" for verdict, word in words.items() if (n := sum(r.verdict == verdict for r in rest)))
    folded = f"{several(len(rest), 'more row')}: {told}"
    below = _table(facts, "Asked and delivered, the other rows", rest[:MOST])
    if len(rest) > MOST:
        folded += f" ({MOST} of them here, all in delivered.csv)"
    return Section(line, counts, table, below, folded, _legend(rows))


def _table(facts: Facts, caption: str, rows: Iterable[Row]) -> Table:
    labels = {p.name: p.label for p in facts.policies}
    cells = [
        [
            Cell(place(facts, r)),
            Cell(labels.get(r.policy, r.policy)),
            Cell(_asked(r), r.asked),
            Cell(delivered_in_words(facts, r) + (" fill rate" if r.kind == "cost" else ""), r.delivered),
            Cell(WORDS.get(r.verdict, r.verdict)),
            Cell(r.why),
            Cell(facts.units.value("share", r.expected), r.expected),
            Cell(facts.units.value("share", r.one_less), r.one_less),
            Cell(BY.get(r.by, r.by)),
        ]
        for r in rows
    ]
    heads = [
        ("Stock point or group", False), ("Policy", False), ("Asked", True), ("Delivered", True), ("Verdict", False),
        ("Why", False), ("Expected of this level", True), ("Of one unit less", True), ("Level by", False),
    ]  # fmt: skip
    return Table(caption, heads, cells, explained(row[3].text for row in cells))


def _asked(row: Row) -> str:
    kind = KINDS.get(row.kind, row.kind)
    if row.asked is None:
        return kind
    by = "" if row.origin == GIVEN else f" ({row.origin})"
    return f"{kind} {asked(row.asked)}".replace(" ", HARD) + by


def _by_policy(facts: Facts, rows: Sequence[Row]) -> Table | None:
    """How many stock points of every policy deliver, and what the network does; None with a single policy."""
    if len(facts.policies) < 2:
        return None
    cells = []
    for policy in facts.policies:
        own = [r for r in rows if r.policy == policy.name]
        points = [r for r in own if r.stock_point and r.asked is not None]
        counts = [sum(r.verdict == verdict for r in points) for verdict in ("delivers", "over", "short", "unclear")]
        told = [str(n) if points else UNDEFINED for n in counts]
        whole = "; ".join(
            f"{_asked(r)}: {delivered_in_words(facts, r)}, {WORDS[r.verdict]}" for r in own if r.whole and r.verdict
        )
        cells.append([Cell(policy.label), Cell(str(len(points))), *map(Cell, told), Cell(whole or _unasked(own))])
    heads = [
        ("Policy", False), ("Stock points asked", True), ("Deliver", True), ("More than asked", True), ("Short", True),
        ("Cannot be told", True), ("The whole network", False),
    ]  # fmt: skip
    return Table("Asked and delivered, by policy", heads, cells)


def _unasked(rows: Sequence[Row]) -> str:
    return "no service asked: levels of least cost" if any(r.kind == "cost" for r in rows) else "nothing asked"


def _legend(rows: Sequence[Row]) -> tuple[str, ...]:
    told = [
        "Delivers: at most 1 point below what was asked, or as near as whole units come. Short: the interval of what was "
        "delivered lies wholly more than 1 point below. More than asked: wholly more than 1 point above, where one unit less is not "
        "known to be too little. Units (or cycles) are added up over replications first."
    ]
    if any(r.verdict == "unclear" for r in rows):
        told.append(
            "Cannot be told: the mean lies more than 1 point below, its interval does not; more replications would tell."
        )
    if any(r.kind == "cost" for r in rows):
        told.append("Least cost: no service was asked; what is delivered follows from the prices.")
    if any(r.expected is not None for r in rows):
        told.append(
            f"Expected of this level: by the model’s own laws, or by the short simulations that found it; {UNDEFINED} where neither "
            "can say, as below a source that may run short."
        )
    return tuple(told)
