"""The first sheet: what the first screen of the page says, on one printed page, with charts that follow the sheet Rates."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chainsim.report.book import pictures
from chainsim.report.book.grid import Grid
from chainsim.report.book.sums import winner
from chainsim.report.book.writer import PALE, STRONG, Writer
from chainsim.report.decision.cash import Tied
from chainsim.report.decision.decision import Decision
from chainsim.report.decision.phrase import plain
from chainsim.report.decision.spoken import share
from chainsim.report.facts import Policy
from chainsim.report.names import shown
from chainsim.report.numbers import percent
from chainsim.showing import plural

NAME = "Overview"
ABOUT = "The first screen of the page: verdict, costs, service, cash and risk of every policy, what to do, charts."
GREEN = "#1B5E45"
_PIXELS = 20
"""Of a row of ordinary height."""
Value = float | int | str | None
WORDS = "words"
"""The kind of a column that has no numbers."""


@dataclass(frozen=True)
class _Column:
    """head, width in characters, kind of number; value by policy. formula, live_head: of the value and the head where they follow Rates."""

    head: str
    width: int
    kind: str
    value: Callable[[Policy], Value]
    formula: Callable[[Policy], str] | None = None
    live_head: str = ""


def overview(writer: Writer, sheet: Any, decision: Decision, grid: Grid | None) -> None:
    """Fill the sheet. grid: of the sheet Rates, where there is one."""
    _Overview(writer, sheet, decision, grid).fill()


class _Overview:
    """Writes the sheet from top to bottom."""

    def __init__(self, writer: Writer, sheet: Any, decision: Decision, grid: Grid | None) -> None:
        self.writer, self.sheet, self.decision, self.grid = writer, sheet, decision, grid
        self.s, self.facts = decision.situation, decision.situation.facts
        self.columns = _columns(decision, grid)
        self.last = len(self.columns) - 1
        self.row = 0

    def fill(self) -> None:
        for place, column in enumerate(self.columns):
            self.sheet.set_column(place, place, column.width)
        self._words()
        first = self._policies()
        self._charts(first)
        self._below()
        self.sheet.hide_gridlines(2)
        self.writer.printed(self.sheet, self.row, self.last, high=1)

    def _line(self, *parts: tuple[str, bool], size: int = 11, colour: str = "#000000", bold: bool = False) -> None:
        """A line over the whole width: parts with whether each is bold."""
        # names are shown as they are fit to be; the space between two parts stays
        parts = tuple(
            (f"{shown(words, 8_000)}{'  ' if i + 1 < len(parts) else ''}", bold)
            for i, (words, bold) in enumerate(parts)
        )
        text = "".join(words for words, _ in parts)
        look = self.writer.look(text_wrap=True, font_size=size, font_color=colour, bold=bold)
        self.sheet.merge_range(self.row, 0, self.row, self.last, "", look)
        rich = [x for words, strong in parts if words for x in (self.writer.look(bold=strong, font_size=size), words)]
        if len(rich) > 2:
            self.sheet.write_rich_string(self.row, 0, *rich, look)
        else:
            self.sheet.write_string(self.row, 0, shown(text, 32_000), look)
        room = sum(c.width for c in self.columns) * 11.0 / size
        self.sheet.set_row(self.row, math.ceil(1.4 * size * math.ceil(len(text) / room)))
        self.row += 1

    def _words(self) -> None:
        d = self.decision
        self._line((self.facts.title, False), size=11, colour="#555555")
        self._line((plain(d.headline), False), size=18, colour=GREEN, bold=True)
        self._line((f"{plain(d.joint)} · {d.trust.badge}", False), colour="#555555")
        for bullet in d.views[0].bullets:
            self._line((f"{bullet.topic}:", False), (plain(bullet.strong), True), (plain(bullet.text), False))
        if d.flip:
            self._line(("What would change it:", False), (d.flip, False))
        self.row += 1
        if self.grid is not None:
            self._now(self.grid)

    def _now(self, grid: Grid) -> None:
        """What the rates of Rates say now."""
        look = self.writer.look(bold=True, bg_color=STRONG)
        goal = "Cheapest" if self.facts.target is None else "Cheapest that meets the target"
        as_run, formula, now = "Rates are as run (sheet Rates).", *winner(grid)
        changed = f'{grid.changed}&" of the rates on sheet Rates changed: table and charts follow, the words above are as run."'
        text = f'=IF({grid.changed}=0,"{as_run}",{changed})&"  {goal} at these rates: "&{formula}&"."'
        self.sheet.merge_range(self.row, 0, self.row, self.last, "", look)
        self.sheet.write_formula(self.row, 0, text, look, f"{as_run}  {goal} at these rates: {now}.")
        self.row += 1

    def _policies(self) -> int:
        """The table; returns the row of the first policy."""
        writer, sheet = self.writer, self.sheet
        for place, column in enumerate(self.columns):
            look = writer.look(
                bold=True, valign="bottom", bottom=1, bg_color=PALE, **{"text_wrap": True, **_as_text(column, place)}
            )
            if column.live_head:
                sheet.write_formula(self.row, place, column.live_head, look, column.head)
            else:
                sheet.write_string(self.row, place, column.head, look)
        sheet.set_row(self.row, 15 * max(math.ceil((len(c.head) + 1) / c.width) for c in self.columns))
        first = self.row + 1
        for policy in self.facts.policies:
            self.row += 1
            strong: dict[str, Any] = {"bold": True, "bg_color": STRONG} if policy == self.s.chosen else {}
            for place, column in enumerate(self.columns):
                value = column.value(policy)
                look = writer.look(column.kind, **_as_text(column, place), **strong)
                if column.formula is not None:
                    sheet.write_formula(self.row, place, column.formula(policy), look, "" if value is None else value)
                elif isinstance(value, str):
                    sheet.write_string(self.row, place, value, look)
                elif value is None:
                    sheet.write_blank(self.row, place, None, look)
                else:
                    sheet.write_number(self.row, place, value, look)
        self.row += 2
        return first

    def _charts(self, first: int) -> None:
        book, heads = self.writer.book, [c.head for c in self.columns]
        rows = [first + p.index for p in self.facts.policies]
        made = []
        if self.grid is not None:
            made.append(pictures.cost_stack(book, self.grid))
        if self.s.money and any(self.facts.mean(p, "fill_rate") is not None for p in self.facts.policies):
            cost, served = heads.index(_cost_head(self.decision)), heads.index("Fill rate")
            made.append(pictures.cost_service(book, self.facts, NAME, rows, cost, served))
        parts = [(head, heads.index(head)) for head in CASH_PARTS if head in heads]
        if parts:
            made.append(pictures.cash(book, self.facts, (NAME, first, 0), parts))
        wide = sum(7 * c.width + 5 for c in self.columns) // max(len(made), 2)
        high = pictures.height(len(self.facts.policies))
        for i, chart in enumerate(made):
            chart.set_size({"width": wide - 8, "height": high})
            self.sheet.insert_chart(self.row, 0, chart, {"x_offset": 4 + i * wide, "object_position": 3})
        if made:
            self.row += math.ceil(high / _PIXELS) + 1

    def _below(self) -> None:
        """What to do, risk, what if, trust."""
        d = self.decision
        if d.orders is not None:
            self._title(d.orders.title)
            for row in d.orders.rows:
                today = ", ".join(
                    f"{name} {span.text}"
                    for name, span in zip(d.orders.before, row.before, strict=True)
                    if span.low is not None
                )
                new = ", ".join(
                    f"{name} {span.text}"
                    for name, span in zip(d.orders.after, row.after, strict=True)
                    if span.low is not None
                )
                self._line((f"{row.where}:", False), (new, True), (f"(today: {today})" if today else "", False))
            self._line(
                (f"Every number of every stock point is on the sheet Do this and in {d.orders.file}.", False),
                colour="#555555",
            )
        if d.cash is not None:
            self._title(d.cash.title)
            self._line((d.cash.note, False))
        self._title(d.risk.title)
        self._line((d.risk.note, False))
        if d.what_if is not None:
            self._title(d.what_if.title)
            for shock in d.what_if.shocks:
                own = shock.stood.get(self.s.chosen.index)
                if own is not None:
                    self._line(
                        (f"{shock.words}:", False),
                        ("survives" if own.survives else "does not survive", True),
                        (f"({share(own.service)} served)", False),
                    )
        self._title(d.trust.badge)
        for check in d.trust.checks:
            self._line((f"{check.title}:", False), (check.state, True), (check.text, False))
        self.row -= 1

    def _title(self, text: str) -> None:
        self._line((text, False), size=12, bold=True, colour=GREEN)


def _as_text(column: _Column, place: int) -> dict[str, Any]:
    """How words stand beside numbers."""
    if column.kind != WORDS:
        return {"align": "right"}
    return {"text_wrap": False, "align": "left", "indent": 1 if place else 0}


def _widest(texts: Sequence[str]) -> int:
    return min(max(22, *(len(text) + 3 for text in texts)), 48)


CASH_PARTS = ("On the shelf", "On the road", "On the road and in production", "In production")


def _cost_head(decision: Decision) -> str:
    return f"Total cost, {decision.situation.facts.kpi_units['total_cost']}"


def _columns(decision: Decision, grid: Grid | None) -> list[_Column]:
    """Of the table of policies."""
    s, facts = decision.situation, decision.situation.facts
    columns = [_Column("Policy", _widest([p.label for p in facts.policies]), WORDS, lambda p: p.label)]
    if s.money:
        columns += _costs(decision, grid)
    columns.append(_Column("Fill rate", 9, "percent", lambda p: facts.mean(p, "fill_rate")))
    columns += _cash(decision)
    columns += _risk(decision)
    columns.append(
        _Column("Verdict, as run", _widest(s.narrative.standings), WORDS, lambda p: s.narrative.standings[p.index])
    )
    if grid is not None and s.money:
        ranks = grid.tally.ranks
        columns.append(
            _Column(
                "Rank at the rates of Rates",
                12,
                "count",
                lambda p: ranks[p.index] or "–",
                lambda p: f"={grid.far('rank', p.index)}",
            )
        )
    return columns


def _costs(decision: Decision, grid: Grid | None) -> list[_Column]:
    """Total cost, its interval and its difference to the baseline; live where there are rates."""
    facts, base = decision.situation.facts, decision.situation.baseline

    def total(p: Policy) -> float | None:
        return facts.mean(p, "total_cost")

    def half(p: Policy) -> float | None:
        return facts.estimate(p, "total_cost").half_width

    gaps = {p: facts.paired(p, base, "total_cost").difference for p in facts.policies}
    kind = "money" if max(abs(total(p) or 0.0) for p in facts.policies) >= 1000.0 else "cents"

    def live(name: str) -> Callable[[Policy], str] | None:
        return None if grid is None or name not in grid.sums else lambda p: f"={grid.far(name, p.index)}"

    live_head = f'="Against "&{grid.compared}' if grid is not None else ""
    return [
        _Column(_cost_head(decision), 12, kind, total, live("total")),
        _Column(f"± {percent(facts.level)}", 9, kind, half, live("half")),
        _Column(f"Against {base.label}", 15, kind, lambda p: gaps[p].mean, live("gap"), live_head),
        _Column("± paired", 9, kind, lambda p: gaps[p].half_width, live("gap_half")),
    ]


def _cash(decision: Decision) -> list[_Column]:
    """The parts of what is tied up that any policy has."""
    if decision.cash is None:
        return []
    tied = {row.policy: row for row in decision.cash.rows}
    whole = any(row.machine is None for row in tied.values())
    parts: list[tuple[str, Callable[[Tied], float | None]]] = [
        ("On the shelf", lambda t: t.shelf),
        (
            "On the road and in production" if whole else "On the road",
            lambda t: t.road + (t.machine or 0.0) if whole else t.road,
        ),
        ("In production", lambda t: None if whole else t.machine),
    ]

    def of(part: Callable[[Tied], float | None]) -> Callable[[Policy], float | None]:
        return lambda p: part(tied[p]) if p in tied else None

    return [_Column(head, 11, "money", of(part)) for head, part in parts if any(part(t) for t in tied.values())]


def _risk(decision: Decision) -> list[_Column]:
    """Bad years and months, and the worst of each."""
    risk, facts = decision.risk, decision.situation.facts
    if facts.n < 2 or not facts.random:
        return []
    rows = risk.rows
    columns = [_Column(f"Worst {risk.year}, fill rate", 11, "percent", lambda p: rows[p.index].worst)]
    if facts.target is not None:
        head = f"Bad {plural(risk.year)}, of {facts.n}"
        columns.insert(0, _Column(head, 11, "count", lambda p: rows[p.index].bad))
        if any(row.months for row in rows):
            months = max(row.months for row in rows)
            columns.append(
                _Column(
                    f"Bad {plural(risk.month)}, of {months}",
                    11,
                    "count",
                    lambda p: rows[p.index].bad_months,
                )
            )
    return columns
