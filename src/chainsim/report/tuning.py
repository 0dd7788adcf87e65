"""The page of a tuning: the sentence first, the curve, what was asked and what was tuned, and how it came about. One file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from chainsim.report.charts.style import settings
from chainsim.report.charts.svg import svg_bytes
from chainsim.report.frontier import draw
from chainsim.report.html import POLICY
from chainsim.report.numbers import percent, several
from chainsim.version import __version__

if TYPE_CHECKING:
    from chainsim.tune.results import Tuned

MOST_ROWS = 60
"""Rows of the table of numbers; what is equal stands in one row, and all is in tuned.csv."""
FREE = {
    "service": "one number: the service it plans for (a buffer, an allowance), through its own formulas",
    "levels": "the levels of every group of stock points; lots as derived",
    "levels and lots": "levels and lots of every group of stock points",
}


@dataclass(frozen=True)
class Sheet:
    """A table: columns, rows of text, and a sentence below it."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    strong: tuple[int, ...] = ()


def page_of(tuned: Tuned) -> bytes:
    """The page as bytes: the same tuning, the same page."""
    home = files("chainsim.report")
    environment = Environment(
        loader=DictLoader({"page": (home / "tuning.html.j2").read_text(encoding="utf-8")}),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    chart = None
    with settings():
        drawing = draw(tuned)
        if drawing is not None:
            chart = {"svg": Markup(svg_bytes("frontier", drawing).decode()), "caption": drawing.caption}
    scenario = tuned.study.scenario
    text = environment.get_template("page").render(
        csp=Markup(POLICY),
        style=Markup((home / "style.css").read_text(encoding="utf-8")),
        title=scenario.title,
        provenance=_provenance(tuned),
        headline=tuned.headline,
        statement=tuned.statement,
        notes=tuned.notes,
        chart=chart,
        sheets=[outcome_sheet(tuned), *threshold_sheets(tuned), numbers_sheet(tuned), free_sheet(tuned)],
        procedure=_procedure(tuned),
        flattery=[(tuned.subjects[name].label, told) for name, told in tuned.flattery.items()],
        minima=[(tuned.subjects[name].label, tuned.minimum(name)) for name in tuned.points if tuned.minimum(name)],
        file=f"{scenario.name or 'scenario'}.tuned.yaml",
        exactly=tuned.aim.hold == "exactly" and bool(tuned.aim.measure),
    )
    return text.encode()


def outcome_sheet(tuned: Tuned) -> Sheet:
    """Service and cost of every policy on fresh replications, as tuned and at exactly the target."""
    answer, money = tuned.confirmed.answer, tuned.currency or "money"
    with_target = bool(tuned.aim.measure)
    rows = []
    for i, (name, label) in enumerate(zip(tuned.policies, tuned.labels, strict=True)):
        service, cost, carried = tuned.service_of(name), tuned.cost_of(name), tuned.cost_at_target(name)
        row = [label]
        if service is not None:
            mark = "✓" if i in answer.serves else "not sure"
            row += [mark, f"{100 * (service.mean or 0.0):.2f} ± {100 * (service.half_width or 0.0):.2f} %"]
        row.append(_plus_minus(cost.mean, cost.half_width))
        if with_target:
            row.append(
                _plus_minus(carried[0].mean, (carried[0].half_width or 0.0) + carried[1])
                if carried
                else "too far from it"
            )
            gap = answer.costs[i]
            row.append(
                "cheapest" if i == answer.winner else _gap(gap, tuned.material) if gap is not None else "surely dearer"
            )
        else:
            gap = answer.costs[i]
            row.append(
                "cheapest" if i == answer.winner else _gap(gap, tuned.material) if gap is not None else "surely dearer"
            )
        row.append(str(len(tuned.confirmed.seen[i])))
        rows.append(tuple(row))
    target = percent(tuned.aim.target)
    columns = (
        ("policy", f"serves {target}?", "service", f"cost as tuned, {money}/year", f"cost at exactly {target}", "dearer than the cheapest by", "decided on, replications")
        if with_target
        else ("policy", f"cost, {money}/year", "dearer than the cheapest by", "decided on, replications")
    )  # fmt: skip
    apart = (
        f"Services and costs: {len(tuned.confirmed.told[0])} fresh replications, made after it was decided. Marks and differences: those it "
        "was decided on."
    )
    note = (
        f"{apart} ±: {percent(tuned.aim.confidence)}; costs at exactly {target} for all policies at once, what their slope "
        "leaves in doubt included. Whole units overshoot a target, so costs are also carried to it along each policy's own slope. "
        f"Equal for practical purposes: the whole interval within {tuned.material:,.0f} {money} a year."
        if with_target
        else f"{apart} ±: {percent(tuned.aim.confidence)}."
    )
    strong = (answer.winner,) if answer.winner is not None else ()
    return Sheet("outcome", "What each policy does when it serves the same" if with_target else "What each policy costs at its best",
                 columns, tuple(rows), note, strong)  # fmt: skip


def threshold_sheets(tuned: Tuned) -> list[Sheet]:
    """Costs on the curves at other services, the same replications for all."""
    known = {(name, q): cost for name, q, cost in tuned.thresholds}
    if not known:
        return []
    services = tuned.aim.frontier
    rows = tuple(
        (
            tuned.subjects[name].label,
            *(f"{cost:,.0f}" if (cost := known[name, q]) is not None else "–" for q in services),
        )
        for name in tuned.points
    )
    columns = ("policy", *(percent(q) for q in services))
    note = (
        f"{tuned.currency or 'money'} a year, read from the curves on the search's replications; levels where customers buy move, the rest is as "
        f"tuned for {percent(tuned.aim.target)}."
    )
    return [Sheet("thresholds", "What another target would cost", columns, rows, note)]


def numbers_sheet(tuned: Tuned) -> Sheet:
    """Asked and tuned, stock points with the same numbers in one row."""
    grouped: dict[tuple[str, str, float, float], list[str]] = {}
    for policy, site, product, knob, before, after in tuned.changes:
        grouped.setdefault((policy, knob, before, after), []).append(f"{site} / {product}")
    rows = [
        (tuned.subjects[policy].label, _few(places), knob.replace("_", " "), f"{before:,.6g}", f"{after:,.6g}")
        for (policy, knob, before, after), places in grouped.items()
    ]
    cut = f" The first {MOST_ROWS} of {len(rows)} kinds of numbers." if len(rows) > MOST_ROWS else ""
    note = f"Before: as derived from what is written. Every stock point is in tuned.csv.{cut}"
    return Sheet(
        "numbers",
        "As asked → as tuned",
        ("policy", "stock points", "number", "before", "after"),
        tuple(rows[:MOST_ROWS]),
        note,
    )


def free_sheet(tuned: Tuned) -> Sheet:
    """What was free, of every policy: which numbers were decides who wins."""
    rows = []
    for name, subject in tuned.subjects.items():
        free, fixed = len(subject.free), len(subject.dials) - len(subject.free)
        told = FREE[tuned.aim.free_of(name)]
        rows.append(
            (subject.label, told, several(free, "stock point"), f"{fixed} left as given" if fixed else "none left out")
        )
    return Sheet("free", "What was free", ("policy", "free numbers", "of", "untouched"), tuple(rows),
                 f"Moved together: {tuned.aim.groups.replace('_', ' ')}. Who wins depends on what was free.")  # fmt: skip


def _procedure(tuned: Tuned) -> list[tuple[str, str]]:
    facts, said = tuned.facts, tuned.confirmed
    level = 100 * said.terms.confidence
    return [
        ("Search", f"replications 0 to {tuned.sizes.last - 1} of seed {facts['seed']}, common to all policies; {sum(len(t) for t in tuned.tallies.values()):,} evaluations; aimed at {percent(round(tuned.aim.searched, 6)) if tuned.aim.measure else 'least cost'}"),
        ("Confirmation", f"attempt {said.attempt}, at {level:g} % so that all attempts together keep {100 * tuned.aim.confidence:g} %; replications from {said.first:,} on, which no search has seen; {', '.join(f'{name} {n}' for name, n in facts['replications'].items())}"),
        ("Procedure", "staged selection with simultaneous one-sided intervals (Bonferroni), true whenever it is stopped; looks at " + ", ".join(map(str, said.terms.sizes))),
        ("Terms", f"within {100 * tuned.aim.within:g} points; indifference {tuned.indifference:,.0f}, material {tuned.material:,.0f} {tuned.currency} a year; hold {tuned.aim.hold}"),
        ("Converged", "yes" if facts["converged"] else "no"),
        ("Raised after a refusal", ", ".join(f"{name} by {n}" for name, n in facts["raised"].items() if n) or "none"),
    ]  # fmt: skip


def _provenance(tuned: Tuned) -> list[str]:
    scenario = tuned.study.scenario
    return [f"scenario {scenario.name or 'without a name'}", f"seed {scenario.seed}", f"chainsim {__version__}"]


def _plus_minus(mean: float | None, half: float | None) -> str:
    if mean is None:
        return "–"
    digits = 0 if abs(mean) >= 1000.0 else 2
    return f"{mean:,.{digits}f}" + (f" ± {half:,.{digits}f}" if half is not None else "")


def _gap(gap: tuple[float, float, float], material: float) -> str:
    """A difference with its interval, and the word for it."""
    value, low, high = gap
    digits = 0 if max(abs(low), abs(high)) >= 100.0 else 2
    told = f"{value:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"
    if -material <= low and high <= material:
        return f"{told}, equal for practical purposes"
    if low > 0.0:
        return f"{told}, dearer"
    return f"{told}, cannot be told apart" if high > 0.0 else f"{told}, cheaper"


def _few(places: Sequence[str]) -> str:
    if len(places) <= 3:
        return ", ".join(places)
    return f"{places[0]}, {places[1]} … {places[-1]} ({len(places)})"
