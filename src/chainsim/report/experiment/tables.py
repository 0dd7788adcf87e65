"""The tables of an experiment's page. Every cell keeps its exact number; longer tables end where a reader would, and say so."""

from __future__ import annotations

from collections.abc import Sequence

from chainsim.experiments.design import Design
from chainsim.experiments.effects import Effect
from chainsim.experiments.factors import Factor, shown
from chainsim.experiments.model import Response
from chainsim.experiments.theory_curves import CURVES
from chainsim.kpis import KPIS
from chainsim.report.experiment.view import View
from chainsim.report.intervals import written
from chainsim.report.numbers import UNDEFINED, Scale, exactly, percent, plus_minus, several, signed
from chainsim.report.tables import Cell, Table

MOST_ROWS = 80
DESIGNS = {
    "full_factorial": "every combination of the values",
    "latin_hypercube": "{n} points of a Latin hypercube",
    "sobol": "{n} points of a scrambled Sobol sequence",
    "saltelli": "two Sobol samples of {n} points and their mixtures",
}


def design_words(design: Design) -> str:
    """How the points were chosen."""
    return DESIGNS[design.kind].format(n=design.points)


def breaks_table(view: View) -> Table | None:
    """Futures that break the choice, a line a box."""
    found = view.found
    if not found.boxes:
        return None
    rows = [
        [
            Cell(f"{found.words(box)[:1].upper()}{found.words(box)[1:]}"),
            Cell(f"{box.broken} of {box.points}", float(box.broken)),
            Cell(percent(round(box.density, 3)), box.density),
            Cell(percent(round(box.coverage, 3)), box.coverage),
            Cell("; ".join(f"{found.data.asked.factors[one.axis].name} {one.chance:.2g}" for one in box.limits)),
        ]
        for box in found.boxes
    ]
    broken = [why for why in found.broken.values() if why]
    misses, better = broken.count("misses"), broken.count("better")
    ways = [f"at {misses} it misses the constraint"] if misses else []
    ways += [f"at {better} another policy is better beyond chance"] if better else []
    choice = view.labels[found.choices.choice]
    columns = [("Where", False), ("Breaks at", True), ("Density", True), ("Coverage", True), ("Chance", False)]
    notes = [
        f"The choice of {choice} breaks at {len(broken)} of {several(len(found.broken), 'point')}: {' and '.join(ways)}.",
        "Density: share of the points there that break the choice. Coverage: share of all points that break it which lie there. Chance: "
        "how likely the limit would look as good if it did nothing. Patient rule induction (Friedman & Fisher 1999; Bryant & Lempert 2010).",
    ]
    return Table(f"Futures that break the choice of {choice}", columns, rows, notes)


def best_table(view: View) -> Table | None:
    """Which policy is best at each point, and how far the next is."""
    data, choices = view.found.data, view.found.choices
    if len(data.asked.alternatives) < 2:
        return None
    values = [s.value for stands in choices.stands.values() for s in stands]
    unit = view.unit(data.asked.objective)
    scale = view.units.scale(unit, [(v, None) for v in values])
    rows = []
    for i in data.good[:MOST_ROWS]:
        stands = choices.stands[i]
        best = next((s for s in stands if s.chosen), None)
        tied = [
            view.labels[s.policy]
            for s in stands
            if s.standing is not None and s.standing.place == "may be best" and not s.chosen
        ]
        told = Cell("none") if best is None else Cell(view.labels[best.policy])
        value = Cell(UNDEFINED) if best is None else _estimate(view, i, best.policy, data.asked.objective, scale)
        lead = None if best is None or best.standing is None or best.standing.gap is None else best.standing.gap
        gap = (
            Cell("")
            if lead is None or lead.mean is None
            else Cell(plus_minus(scale, abs(lead.mean), lead.half_width), abs(lead.mean))
        )
        rows.append([*_values(view, i), told, value, gap, Cell(", ".join(tied))])
    columns = [
        *_heads(view), ("Best", False), (_head(data.asked.objective, scale), True), (f"Better than the next by{_unit(scale)}", True),
        ("As good perhaps", False),
    ]  # fmt: skip
    simultaneous = f"for all policies of a point at once at {percent(data.level)} (Hsu 1984), paired by replication"
    return Table(
        "Best policy at each point",
        columns,
        rows,
        [*_cut(len(data.good)), f"Intervals of differences hold {simultaneous}."],
    )


def effects_table(view: View) -> Table | None:
    """Effects of the first responses, by policy."""
    data = view.found.data
    told = [e for e in view.found.effects if e.response in data.asked.responses]
    if not told or len(data.asked.factors) < 2:
        return None
    rows = [
        [
            Cell(e.factor if not e.other else f"{e.factor} × {e.other}"), Cell(view.labels[e.policy]), Cell(e.response.title), Cell(e.kind),
            Cell("" if e.start is None or e.other else f"{shown(e.start)} → {shown(e.end)}"), _effect(view, e),
            Cell("") if e.share is None else Cell(percent(round(e.share, 3)), e.share),
        ]
        for e in told[:MOST_ROWS]
    ]  # fmt: skip
    columns = [("Factor", False), ("Policy", False), ("Measure", False), ("Effect", False), ("From → to", False), ("Change", True),
               ("Share of variance", True)]  # fmt: skip
    notes = {
        "main": "Main: mean at the last value minus mean at the first, over all values of the other factors.",
        "interaction": "Interaction: half of how much the effect of one factor changes from the first to the last value of the other.",
        "regression": "Regression: slope of a plane through all points times the width of the factor's range.",
        "first order": "First order: share of the variance between points that is due to the factor alone; total: with all its "
        "interactions (Saltelli et al. 2010).",
    }
    kinds = {e.kind for e in told}
    return Table(
        "What each factor does",
        columns,
        rows,
        [*_cut(len(told)), *(text for kind, text in notes.items() if kind in kinds)],
    )


def theory_table(view: View) -> Table | None:
    """The curve of theory beside what was simulated."""
    data = view.found.data
    if not data.asked.curves or len(data.asked.factors) != 1:
        return None
    curve = data.asked.curves[0]
    factor = data.asked.factors[0]
    unit = view.unit(curve.response)
    known = dict(view.found.theory(curve))
    scale = view.units.scale(unit, [(y, None) for y in known.values()])
    rows = []
    for i in data.good[:MOST_ROWS]:
        x = float(factor.cell(data.points[i].values[0]))
        row = [*_values(view, i), Cell(plus_minus(scale, known[x], None), known[x])]
        rows.append([*row, *(_estimate(view, i, p, curve.response, scale) for p in data.asked.alternatives)])
    columns = [
        *_heads(view),
        (f"Theory{_unit(scale)}", True),
        *((f"{view.labels[p]}, simulated", True) for p in data.asked.alternatives),
    ]
    note = f"Theory: {CURVES[curve.name].title} ({CURVES[curve.name].source})."
    return Table(f"{curve.response.title}: theory and simulation", columns, rows, [*_cut(len(data.good)), note])


def results_table(view: View) -> Table:
    """Every point, policy and response."""
    data = view.found.data
    scales = {
        r: view.units.scale(view.unit(r), [(e.mean, e.half_width) for i in data.good for p in data.asked.alternatives
                                           if (e := data.estimate(i, p, r))])
        for r in data.asked.responses
    }  # fmt: skip
    pairs = [(i, p) for i in data.good for p in data.asked.alternatives]
    rows = [
        [*_values(view, i), Cell(view.labels[p]), *(_estimate(view, i, p, r, scales[r]) for r in data.asked.responses)]
        for i, p in pairs[:MOST_ROWS]
    ]
    columns = [*_heads(view), ("Policy", False), *((_head(r, scales[r]), True) for r in data.asked.responses)]
    within = (
        f"± and (low to high): {percent(data.level)} intervals over {several(data.asked.replications, 'replication')}."
    )
    return Table("All points", columns, rows, [*_cut(len(pairs)), within])


def factors_table(view: View) -> Table:
    """What was varied."""
    asked = view.found.data.asked
    rows = [[Cell(f.name), Cell(f"`{f.path}`" if f.path else "several"), Cell(_values_of(f))] for f in asked.factors]
    return Table(
        "Factors",
        [("Factor", False), ("Path", False), ("Values", False)],
        rows,
        [f"Design: {design_words(asked.design)}."],
    )


def definitions_table(view: View) -> Table:
    """The measures on the page."""
    ids = dict.fromkeys(response.kpi for response in view.found.data.asked.watched)
    rows = [[Cell(KPIS.get(id).title), Cell(KPIS.get(id).definition)] for id in ids]
    return Table("Definitions", [("Measure", False), ("Definition", False)], rows)


def _values_of(factor: Factor) -> str:
    if factor.values:
        told = [factor.label(v) for v in factor.values]
        return ", ".join(told if len(told) <= 12 else [*told[:6], "…", *told[-2:]])
    assert factor.range is not None
    return f"{factor.label(factor.range.at(0.0))} to {factor.label(factor.range.at(1.0))}{', evenly on a log scale' if factor.range.log else ''}"


def _heads(view: View) -> list[tuple[str, bool]]:
    """Headings of the factors; the first column is the rows' name, and stands left."""
    factors = view.found.data.asked.factors
    return [(f"{f.name}{f', {f.unit}' if f.unit else ''}", f.numeric and k > 0) for k, f in enumerate(factors)]


def _values(view: View, i: int) -> list[Cell]:
    point, cells = view.found.data.points[i], []
    for factor, value in zip(view.found.data.asked.factors, point.values, strict=True):
        number = factor.cell(value)
        cells.append(Cell(exactly(number), float(number)) if factor.numeric else Cell(shown(value)))
    return cells


def _estimate(view: View, i: int, policy: str, response: Response, scale: Scale) -> Cell:
    e = view.found.data.estimate(i, policy, response)
    return Cell(UNDEFINED) if e.mean is None else Cell(written(scale, e), e.mean)


def _effect(view: View, e: Effect) -> Cell:
    half = None if e.high is None else e.high - e.effect
    if e.kind in ("first order", "total"):
        return Cell(f"{e.effect:.2f} ({e.low:.2f} to {e.high:.2f})", e.effect)
    return Cell(signed(view.change(e.response, e.effect, half)), e.effect)


def _head(response: Response, scale: Scale) -> str:
    return f"{response.title}{_unit(scale)}"


def _unit(scale: Scale) -> str:
    return f", {scale.unit}" if scale.unit else ""


def _cut(rows: int) -> Sequence[str]:
    return [f"The first {MOST_ROWS} of {rows} lines; all of them are in the CSV files."] if rows > MOST_ROWS else []
