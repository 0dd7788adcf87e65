"""The page of a stress test, and what a terminal or a notebook says of it. Every number is one of the CSV tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import isfinite

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from chainsim.kpis import KPIS
from chainsim.report.charts.outages import draw_outages
from chainsim.report.charts.style import settings
from chainsim.report.charts.svg import svg_bytes
from chainsim.report.html import POLICY, coded
from chainsim.report.names import shown
from chainsim.report.numbers import UNDEFINED, Units, grouped, length, percent, several, yearly
from chainsim.report.tables import Cell, Table
from chainsim.statistics import Estimate
from chainsim.stress.library import Stood
from chainsim.stress.results import Stress
from chainsim.stress.reverse import Mildest
from chainsim.stress.tables import Felt
from chainsim.version import __version__

MOST = 400
"""Rows of a table of the page; the CSV has all."""


@dataclass(frozen=True)
class StressGlance:
    """sentences: the answer, first the one that matters most. columns, rows: the places or shocks that hurt most."""

    sentences: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def glance(found: Stress) -> StressGlance:
    """What a stress test says in a few lines."""
    told = _Told(found)
    columns, rows = told.short_table()
    return StressGlance(tuple(filter(None, [*told.sentences(), *found.remarks])), columns, rows)


def page(found: Stress) -> str:
    """The page: the answer, a chart, the tables."""
    told = _Told(found)
    home = files("chainsim.report")
    environment = Environment(
        loader=DictLoader({"page": (home / "stress.html.j2").read_text(encoding="utf-8")}),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["coded"] = coded
    first, *more = told.sentences() or ["Nothing was asked for."]
    return environment.get_template("page").render(
        csp=Markup(POLICY),  # ours, and quotes must stay quotes
        style=Markup((home / "style.css").read_text(encoding="utf-8")),
        title=f"Stress test: {found.scenario.title}",
        provenance=told.provenance(),
        headline=first,
        sentences=more,
        charts=told.charts(),
        tables=[table for table in told.tables() if table.rows],
        remarks=found.remarks,
    )


class _Told:
    """A stress test in words."""

    def __init__(self, found: Stress) -> None:
        self.found, self.scenario = found, found.scenario
        self.over = yearly(self.scenario.time.unit, self.scenario.time.units_per_year)
        self.units = Units(self.scenario.currency, self.over)
        self.unit = self.scenario.time.unit
        self.labels = {a.name: a.label for a in self.scenario.alternatives}
        self.priced = any(product.unit_price for product in self.scenario.products)
        self.policies = list(self.labels)
        self.money = self.scenario.currency or "money"

    # sentences

    def sentences(self) -> list[str]:
        """The answer: what hurts most, what survives, what breaks first."""
        return [sentence for sentence in (self._places(), self._choice(), self._shocks(), self._mildest()) if sentence]

    def worst(self) -> list[Felt]:
        """Places that customers feel, those that hurt most first."""
        felt = [f for f in self.found.felt if f.out.felt > 0.0]
        return sorted(felt, key=lambda f: -(self.harm(f).mean or 0.0))

    def noticed(self) -> list[Felt]:
        """The same, of those that customers feel in half of the replications or more: their medians are times."""
        return [f for f in self.worst() if isfinite(f.out.survival(0.5))]

    def harm(self, felt: Felt) -> Estimate:
        """What places are ranked by: the margin lost, or where nothing has a price the units not served at once."""
        return felt.out.margin if self.priced else felt.out.short

    def _places(self) -> str:
        if not self.found.felt:
            return ""
        away = self._time(self.found.moment.days)
        worst, places = self.worst(), len({f.out.where.name for f in self.found.felt})
        if not worst:
            return f"No place out for {away} is noticed by a customer, under any policy: all {places} were tried."
        plain = self.noticed()
        if not plain:
            most = max(worst, key=lambda f: f.out.felt).out
            return (
                f"No place out for {away} is noticed in half of the replications; most often {shown(most.where.name, 40)}, in "
                f"{percent(round(most.felt, 2))}, under {self.labels[most.policy]}."
            )
        out, buffer = plain[0].out, plain[0].buffer
        lost = (
            f"{self._interval(self.money, out.margin)} of margin"
            if self.priced
            else f"{self._interval('units', out.short)} served late or never"
        )
        again = self._again(out.recovery(0.5))
        cure = ""
        if buffer is not None and buffer.found:
            held = self.units.value(self.units.a_year, buffer.cost)
            cure = f" The cheapest stock with which nobody would notice: {several(buffer.total, 'unit')} more at {buffer.kind}, {held}."
        elif buffer is not None:
            cure = f" Stock is no cure: {buffer.why}."
        return (
            f"{shown(out.where.name, 40)} out for {away} hurts most, under {self.labels[out.policy]}: customers run short after "
            f"{self._time(out.survival(0.5))} and {again}; it costs {lost}.{cure}"
        )

    def _again(self, recovery: float) -> str:
        if not isfinite(recovery):
            return "are not served as usual again within the horizon"
        return (
            f"are served as usual {self._time(recovery)} after its end"
            if recovery
            else "are served as usual from its end on"
        )

    def _choice(self) -> str:
        told = []
        for one in self.found.survived:
            if not one.n:
                continue
            best = f"cheapest{'' if one.meets is None else ' of those that do'}, or may be, in {one.best}"
            if one.meets is None:
                told.append(f"{self.labels[one.policy]} is {best} of {one.n}")
            else:
                unsure = f" ({one.sure} of them beyond doubt)" if one.sure != one.meets else ""
                alone = "" if len(self.found.survived) == 1 else f" and is {best}"
                told.append(f"{self.labels[one.policy]} meets the target in {one.meets} of {one.n}{unsure}{alone}")
        return f"With today's levels, of the shocks tried: {'; '.join(told)}." if told else ""

    def _shocks(self) -> str:
        rows = [r for r in self.found.stood if r.shock and r.levels == "unchanged" and r.values]
        target = next(iter(self.scenario.targets), "fill_rate")
        rows = [r for r in rows if r.gains[target].mean is not None]
        if not rows:
            return ""
        sign = -1.0 if KPIS.get(target).direction == "lower" else 1.0
        worst = min(rows, key=lambda r: sign * (r.gains[target].mean or 0.0))
        if not worst.gains[target].mean:
            return "No shock of the library changes the service."
        again = [
            r for r in self.found.stood if (r.policy, r.shock, r.levels) == (worst.policy, worst.shock, "re-derived")
        ]
        planned = ""
        if again and again[0].values:
            planned = f"; planned for, {self._value(target, again[0].values[target])}"
        return (
            f"Of the library, {worst.words} costs most service, under {self.labels[worst.policy]}: "
            f"{KPIS.get(target).title.lower()} {self._value(target, worst.values[target])}{planned}."
        )

    def _mildest(self) -> str:
        broken = [m for m in self.found.mildest if m.fate == "broken"]
        if broken and len(broken) == len([m for m in self.found.mildest if m.fate != "nothing"]):
            return "Every policy misses the target without any shock: there is nothing left to break."
        shares = [m for m in self.found.mildest if m.fate == "breaks" and m.kind == "share"]
        lengths = [m for m in self.found.mildest if m.fate == "breaks" and m.kind == "days"]
        told = []
        for several_of in (shares, lengths):
            if several_of:
                least = min(several_of, key=lambda m: m.breaks or 0.0)
                told.append(f"{self._size_of(least)} ({self.labels[least.policy]})")
        none = sum(m.fate == "none" for m in self.found.mildest)
        tail = (
            f" {several(none, 'kind')} of shock and policy break{'s' if none == 1 else ''} nothing up to the largest tried."
            if none
            else ""
        )
        return f"The mildest that breaks the target: {'; '.join(told)}.{tail}" if told else tail.strip()

    def _size_of(self, one: Mildest) -> str:
        from chainsim.stress.shocks import SHOCKS

        return SHOCKS.get(one.shock).title.format(size=self._size(one.kind, one.breaks), where=one.where)

    def _size(self, kind: str, size: float | None) -> str:
        if size is None:
            return UNDEFINED
        return percent(size) if kind == "share" else length(float(f"{size:.3g}"), self.unit)

    def _time(self, value: float) -> str:
        return length(float(f"{value:.3g}"), self.unit)

    def _interval(self, unit: str, value: Estimate) -> str:
        return self.units.interval(unit, value.mean, value.half_width)

    def _value(self, kpi: str, value: Estimate) -> str:
        return self.units.interval(
            KPIS.get(kpi).unit_text(self.scenario.currency, self.unit), value.mean, value.half_width
        )

    def provenance(self) -> list[str]:
        """Where the numbers come from."""
        moment = self.found.moment
        return [
            f"scenario {shown(self.scenario.name or 'without a name', 60)}",
            several(self.found.replications, "replication"),
            "common random numbers",
            f"places out from {self.scenario.time.told(moment.start)} for {self._time(moment.days)}",
            f"seed {self.scenario.seed}",
            f"chainsim {__version__}",
        ]

    # tables

    def short_table(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """The ten places that hurt most; without places, the shocks."""
        table = self._place_table(self.worst()[:10])
        if not table.rows:
            table = self._shock_table()
        return tuple(name for name, _ in table.columns), tuple(tuple(c.text for c in row) for row in table.rows)

    def tables(self) -> list[Table]:
        """All tables of the page."""
        ordered = self.worst()
        rest = [f for f in self.found.felt if f not in ordered]
        return [self._choice_table(), self._place_table([*ordered, *rest]), self._shock_table(), self._reverse_table()]

    def _place_table(self, felt: Sequence[Felt]) -> Table:
        rows = []
        for one in felt[:MOST]:
            out, buffer = one.out, one.buffer
            held = buffer is not None and buffer.found
            rows.append(
                [
                    Cell(shown(out.where.name, 40)),
                    Cell(self.labels[out.policy]),
                    self._number(100 * out.felt, f"{100 * out.felt:.0f}", out.felt),
                    self._moment(out.survival(0.5), "not felt"),
                    self._moment(out.survival(0.1), "not felt"),
                    self._moment(out.recovery(0.5), "not within the horizon"),
                    self._mean("units", out.short),
                    self._mean("units", out.lost),
                    self._mean(self.money, out.margin),
                    Cell(
                        buffer.kind if held and buffer else "none helps" if buffer else UNDEFINED,
                        hint=buffer.why if buffer else "",
                    ),
                    self._number(buffer.total, grouped(buffer.total, 0)) if held and buffer else Cell(UNDEFINED),
                    self._number(buffer.cost, self.units.value(self.units.a_year, buffer.cost))
                    if held and buffer
                    else Cell(UNDEFINED, hint=buffer.why if buffer else ""),
                ]
            )
        columns = [
            ("Out", False), ("Policy", False), ("Felt in, % of replications", True), (f"Time to survive, {self.unit}s", True),
            ("of the worst tenth", True), (f"Time to recover, {self.unit}s", True), ("Units not served at once", True),
            ("Units lost", True), ("Margin lost", True), ("Cheapest buffer at", False), ("units", True), (f"a {self.over}", True),
        ]  # fmt: skip
        notes = [
            "Time to survive: from the beginning of the outage to the first unit that customers lack and on the calm path have "
            "(median over replications). Time to recover: from its end until customers lack no more than on calm days, and it stays so. "
            "Units and margin: the whole run with the outage minus the same run without, paired.",
            "Cheapest buffer: more stock at one echelon with which nobody notices the outage in nine replications of ten "
            "(– where none is needed or none was looked for; nodes.csv says why none helps).",
        ]
        if len(felt) > MOST:
            notes.append(f"The first {MOST} of {len(felt)}; nodes.csv has all.")
        return Table(
            f"Every place out for {self._time(self.found.moment.days)}, those that hurt most first",
            columns,
            rows,
            notes,
        )

    def _shock_table(self) -> Table:
        target = next(iter(self.scenario.targets), "fill_rate")
        rows = []
        for row in self.found.stood:
            if not row.values:
                continue
            rows.append(
                [
                    Cell(row.words or "calm"),
                    Cell(self.labels[row.policy]),
                    Cell(row.levels),
                    self._kpi(target, row.values[target]),
                    self._kpi("total_cost", row.values["total_cost"]),
                    self._kpi("total_cost", row.gains["total_cost"]) if row.shock else Cell(UNDEFINED),
                    Cell(_met(row)),
                    Cell(row.standing),
                ]
            )
        columns = [
            ("Shock", False), ("Policy", False), ("Levels", False), (KPIS.get(target).title, True), ("Total cost", True),
            ("against calm", True), ("Meets the target", False), ("Among the policies", False),
        ]  # fmt: skip
        notes = [
            "Unchanged: the levels of the calm world, the shock is a surprise. Re-derived: levels derived again, for a shock that planners know of. "
            "May be cheapest: cannot be told apart from the cheapest (all policies at once, paired)."
        ]
        return Table("The library of shocks", columns, rows, notes)

    def _reverse_table(self) -> Table:
        rows = []
        for one in self.found.mildest:
            outcome = {
                "breaks": self._size(one.kind, one.breaks),
                "none": f"none up to {self._size(one.kind, one.holds)}",
                "broken": "missed without any shock",
                "nothing": one.why_not,
            }[one.fate]
            rows.append(
                [
                    Cell(f"{one.shock.replace('_', ' ')}{f': {one.where}' if one.where else ''}"),
                    Cell(self.labels[one.policy]),
                    Cell(outcome, one.breaks),
                    Cell(self._size(one.kind, one.within), one.within),
                    self._kpi(next(iter(self.scenario.targets), "fill_rate"), one.at) if one.at else Cell(UNDEFINED),
                ]
            )
        columns = [
            ("Shock", False),
            ("Policy", False),
            ("Breaks the target at", True),
            ("found to", True),
            ("Service there", True),
        ]
        notes = [
            "Levels as on calm days. Sizes were halved between the largest that holds and the smallest that breaks, on the same customers; "
            "a larger shock is taken to do no less harm. The answer is that of this sample: the interval of the service says how sure it is."
        ]
        return Table("The mildest shock of each kind that breaks the target", columns, rows, notes)

    def _choice_table(self) -> Table:
        rows = [
            [
                Cell(self.labels[one.policy]),
                Cell(UNDEFINED) if one.meets is None else Cell(f"{one.meets} of {one.n}", float(one.meets)),
                Cell(UNDEFINED) if one.sure is None else Cell(f"{one.sure} of {one.n}", float(one.sure)),
                Cell(f"{one.best} of {one.n}", float(one.best)),
                Cell("yes" if one.chosen else "no"),
            ]
            for one in self.found.survived
        ]
        columns = [
            ("Policy", False), ("Meets the target in", True), ("beyond doubt", True), ("Cheapest that does, or may be", True),
            ("so when calm", False),
        ]  # fmt: skip
        return Table("What the choice survives, levels unchanged", columns, rows)

    def charts(self) -> list[dict[str, object]]:
        """When customers run short, place by place, under the policy that is hurt most."""
        worst = self.noticed()
        if not worst:
            return []
        policy = worst[0].out.policy
        with settings():
            drawing = draw_outages(
                [f for f in worst if f.out.policy == policy], self.found.moment.days, self.unit, self.labels[policy]
            )
            svg = svg_bytes("stress-places", drawing).decode()
        return [{"id": "stress-places", "svg": Markup(svg), "caption": drawing.caption}]

    def _kpi(self, kpi: str, value: Estimate) -> Cell:
        return Cell(self._value(kpi, value), value.mean)

    def _mean(self, unit: str, value: Estimate) -> Cell:
        return Cell(self._interval(unit, value).removesuffix(f"\u00a0{unit}"), value.mean)

    def _number(self, value: float, text: str, exact: float | None = None) -> Cell:
        return Cell(text, value if exact is None else exact)

    def _moment(self, value: float, never: str) -> Cell:
        return Cell(f"{value:.3g}", value) if isfinite(value) else Cell(never)


def _met(row: Stood) -> str:
    if row.met is None:
        return UNDEFINED
    return ("yes" if row.met else "no") + ("" if row.sure else ", within its interval")
