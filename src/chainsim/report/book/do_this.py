"""*Do this*: every number to order by of every stock point, today and new; a table to filter, and to load into what orders."""

from __future__ import annotations

from collections.abc import Iterator

from chainsim.report.book.writer import Column, Writer
from chainsim.report.decision.decision import Decision
from chainsim.report.decision.orders import FILE, numbers_of, said
from chainsim.report.decision.phrase import plain
from chainsim.report.facts import kind_words
from chainsim.report.numbers import exactly

NAME = "Do this"
MOST_ROWS = 100_000
ABOUT = "Every number to order by, stock point by stock point, today and new."


def do_this(writer: Writer, decision: Decision) -> None:
    """Add the sheet."""
    s = decision.situation
    rows = list(_rows(decision))
    notes = [
        plain(decision.headline),
        f"New: {s.chosen.label}. Today: {s.baseline.label}, the first policy of the scenario."
        if s.changes
        else f"{s.chosen.label} is the first policy of the scenario, so nothing changes; these are its numbers.",
    ]
    if not rows:
        notes.append("This rule has no numbers to set.")
    cut = f"The first {MOST_ROWS:,} of {len(rows):,} rows; all are in {FILE}." if len(rows) > MOST_ROWS else ""
    columns = [
        Column("Echelon", 14), Column("Site", 20), Column("Product", 18), Column("What", 20), Column("Parameter", 20),
        Column("Symbol", 8), Column("Unit", 9), *(Column(head, 12, kind="exact") for head in ("Today", "New", "Change")),
        Column("All numbers of today", 34, wrap=True),
    ]  # fmt: skip
    writer.table(NAME, ABOUT, columns, iter(rows[:MOST_ROWS]), [*notes, *([cut] if cut else [])], strong=8, rest=cut)


def _rows(decision: Decision) -> Iterator[list[object]]:
    s = decision.situation
    before = numbers_of(s.facts, s.baseline)
    table = s.facts.tables.derived
    own = table[table["policy"] == s.chosen.name]
    names = ("site", "product", "name", "symbol", "unit", "value")
    for site, product, name, symbol, unit, value in zip(*(own[c].tolist() for c in names), strict=True):
        id = str(name).replace(" ", "_")
        today = before.get((site, product), {})
        old = today.get(id)
        told = "; ".join(f"{said(k)} {exactly(v)}" for k, v in today.items()) if s.changes else ""
        yield [
            kind_words(s.facts.kind_of(site)), site, product, said(id), id, symbol, unit, old, float(value),
            None if old is None else float(value) - old, told,
        ]  # fmt: skip
