"""What the template of the page asks for beside the decision itself: pictures, rows that fit, and how a number is written."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import cached_property

from markupsafe import Markup

from chainsim.report import findings
from chainsim.report.decision.decision import Decision
from chainsim.report.decision.orders import COLUMNS, file_rows
from chainsim.report.decision.spoken import bare, count, how_often, money, share
from chainsim.report.decision.views import busy
from chainsim.report.decision.what_if import Stood
from chainsim.report.facts import Policy
from chainsim.report.live import Live
from chainsim.report.names import shown
from chainsim.report.numbers import UNDEFINED, grouped, percent, several
from chainsim.report.plots import Plot
from chainsim.report.plots.bars import Bars, cash_bars, cost_bars, shares
from chainsim.report.plots.cost_service import cost_service
from chainsim.report.plots.over_time import OverTime, over_time
from chainsim.report.plots.warm_up import warm_up
from chainsim.report.precision import tells_nothing, times
from chainsim.report.tables import Cell, Table
from chainsim.showing import plural
from chainsim.study.csvtext import csv_bytes

MOST = 6
"""Rows of a table of the first screen."""
NARROW, WIDE = (12, 7), (28, 4)
"""Of the table of order parameters on the first screen: letters of a line of its first column, and lines, beside more than two numbers, and
beside one or two, which stand on one line each."""
SMALL = 24_000
"""Bytes up to which the file of order parameters is in the page itself: a page that was mailed has no folder beside it."""


class Screen:
    """The first screen, and the cards below it."""

    def __init__(self, d: Decision, live: Live | None) -> None:
        self.d, self.s, self.facts, self.live = d, d.situation, d.situation.facts, live

    # rows

    @property
    def all(self) -> tuple[Policy, ...]:
        return self.facts.policies

    @cached_property
    def rows(self) -> tuple[Policy, ...]:
        """Policies of the first screen, in their order: the choice, its rivals and the baseline first where not all fit."""
        return self._first(MOST)

    @cached_property
    def cost_rows(self) -> tuple[Policy, ...]:
        """The same, where they stand below something else."""
        return self._first(MOST - 1)

    def _first(self, most: int) -> tuple[Policy, ...]:
        choice = self.s.choice
        places = [choice.best, choice.runner_up, 0, *choice.ties, *choice.equal]
        first = dict.fromkeys([i for i in places if i is not None] + [p.index for p in self.all])
        return tuple(self.all[i] for i in sorted(list(first)[:most]))

    @property
    def most_orders(self) -> int:
        """Rows of order parameters for which the first screen has room: names of places that are long take several lines."""
        rows, lines = self.d.orders.rows if self.d.orders else (), 0
        for n, row in enumerate(rows):
            letters, most = WIDE if len(row.before) + len(row.after) <= 2 else NARROW
            lines += -(-len(row.where) // letters)
            if lines > most:
                return max(n, 2)
        return len(rows)

    @property
    def more_rows(self) -> str:
        """Of order parameters, than the first screen has room for."""
        return several(len(self.d.orders.rows) - self.most_orders, "more row") if self.d.orders else ""

    @property
    def left_out(self) -> str:
        """How many policies are only below."""
        more = len(self.all) - len(self.rows)
        return f"{more} more polic{'y' if more == 1 else 'ies'} in the tables below." if more else ""

    # words

    @property
    def target(self) -> str:
        return "" if self.facts.target is None else percent(self.facts.target)

    @property
    def months(self) -> bool:
        """Whether months were kept."""
        return any(row.months for row in self.d.risk.rows)

    def short(self, policy: Policy) -> str:
        """A policy's name at the head of a column."""
        return shown(policy.label, 34)

    def unit_of(self, noun: str) -> str:
        """'run' of 'run of 90 days', for the head of a narrow column."""
        return noun.partition(" ")[0]

    @property
    def part(self) -> str:
        """'10 periods' of 'block of 10 periods', for the head of a narrow column: the worst of them."""
        noun = self.d.risk.month
        return noun.partition(" of ")[2] or noun

    def share(self, x: float | None, column: Iterable[float | None] = ()) -> str:
        """column: the shares that it stands among."""
        return share(x, column)

    def number(self, n: int) -> str:
        return grouped(n, 0)

    def years(self, bad: int | None, of: int) -> str:
        """'3 of 30'."""
        return UNDEFINED if bad is None else f"{grouped(bad, 0)} of {grouped(of, 0)}" if bad else "none"

    def often(self, bad: int | None, of: int) -> str:
        """'1 in 16' of so many months."""
        if bad is None or not of:
            return UNDEFINED
        if not bad:
            return "none"
        text = how_often(bad, of, self.d.risk.month).text
        for word in (f" {plural(self.d.risk.month)}", f" {self.d.risk.month}"):
            text = text.replace(word, "")
        return (
            text.replace("one in", "1 in").replace("nearly every", "nearly all").replace("all " + grouped(of, 0), "all")
        )

    def stood(self, stood: Stood | None) -> Markup:
        """How a policy stood a shock: a mark, its service and its cost."""
        if stood is None:
            return Markup(UNDEFINED)
        mark, word = (("ok", "✓"), "survives") if stood.survives else (("no", "✕"), "does not survive")
        cost = bare(self.facts.units, stood.cost, 3) if self.s.money else ""
        return Markup('<span class="{}" aria-hidden="true">{}</span><span class="vh">{}: </span>{} {}').format(
            *mark, word, share(stood.service, self._services), cost
        )

    @cached_property
    def _services(self) -> list[float | None]:
        """Under all shocks."""
        shocks = self.d.what_if.shocks if self.d.what_if else ()
        return [stood.service for shock in shocks for stood in shock.stood.values()]

    def amount(self, x: float) -> str:
        """Of what is lost."""
        return money(self.facts.units, x) if self.d.loss and self.d.loss.kpi == "shortage_cost" else count(x)

    @property
    def loss_head(self) -> str:
        if self.d.loss is None or self.d.loss.kpi != "shortage_cost":
            return "Units lost"
        return f"{'Lost' if self.d.loss.lost else 'Cost'} a {self.facts.over}"

    @cached_property
    def loss_bars(self) -> list[Markup]:
        return shares([row.share for row in self.d.loss.rows]) if self.d.loss else []

    # pictures

    @cached_property
    def scatter(self) -> Plot | None:
        return cost_service(self.facts, self.s.narrative)

    @cached_property
    def cash(self) -> Bars | None:
        return None if self.d.cash is None else cash_bars(self.facts, self.d.cash)

    @cached_property
    def costs(self) -> Bars | None:
        return cost_bars(self.facts, self.rows)

    @cached_property
    def all_costs(self) -> Bars | None:
        return cost_bars(self.facts, self.all)

    @property
    def costs_below(self) -> bool:
        """Whether the costs have a card below the first screen, which has no room for them, or not for all."""
        return self.costs is not None and (self.live is not None if self.d.what_if else len(self.rows) > 5)

    @property
    def alone(self) -> bool:
        """Whether the card of trust has no other beside it."""
        return self.costs_below == (self.d.loss is not None)

    @property
    def money_unit(self) -> str:
        """Said once above the bars, where it is no sign that stands with every number."""
        return "" if self.facts.units.symbol else "money units "

    @property
    def cost_title(self) -> str:
        lines = [id for id in self.facts.cost_lines if any(self.facts.mean(p, id) for p in self.all)]
        return findings.cost_stack(self.facts, self.s.narrative, lines)

    @cached_property
    def time(self) -> OverTime | None:
        return over_time(self.s)

    @cached_property
    def warm_up(self) -> Plot | None:
        return warm_up(self.facts)

    # consequences of the bullwhip

    @cached_property
    def busy(self) -> Table | None:
        """What swinging orders ask of the most upstream echelon, beside the ratio; None where orders are not known there."""
        loads = {p: load for p in self.all if (load := busy(self.s, p)) is not None}
        if not loads or self.facts.top is None:
            return None
        place, week = self.facts.place(self.facts.top), self.facts.bucket
        rows = []
        for policy, load in loads.items():
            e = self.facts.bullwhip_at_top(policy)
            ratio = "cannot be told" if tells_nothing(e.mean, e.half_width) else times(e.mean, e.half_width)
            value = None if tells_nothing(e.mean, e.half_width) else e.mean
            rows.append(
                [
                    Cell(policy.label),
                    Cell(count(load.mean, 3)),
                    Cell(count(load.high, 3)),
                    Cell(f"{load.high / load.mean:.1f}×"),
                    Cell(ratio, value),
                ]
            )
        heads = [
            ("Policy", False), (f"Average {week}, units", True), (f"A busy {week}, units", True), ("times the average", True),
            ("Bullwhip: variance against demand’s", True),
        ]  # fmt: skip
        if all(row[-1].text == UNDEFINED for row in rows):  # of a component of different things there is none
            heads, rows = heads[:-1], [row[:-1] for row in rows]
        notes = [
            f"Busy: one {week} in 20 asks more (replication 0). Capacity that only busy {plural(week)} need stands idle in the others."
        ]
        strong = next((i for i, p in enumerate(loads) if p == self.s.chosen), None)
        return Table(f"What {place} must be able to do", heads, rows, notes, strong)

    # the file to load

    @cached_property
    def orders_link(self) -> str:
        """The file beside the page; in the page itself where it is small."""
        if self.d.orders is None:
            return ""
        data = csv_bytes(COLUMNS, file_rows(self.s))
        return f"data:text/csv;base64,{base64.b64encode(data).decode()}" if len(data) <= SMALL else self.d.orders.file
