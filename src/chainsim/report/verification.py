"""The page of `chainsim verify`: every known answer, how it was checked and what came of it. One file; it loads nothing and runs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from chainsim.report.html import POLICY
from chainsim.report.numbers import several
from chainsim.report.verification_scores import scores
from chainsim.verify import Case, Row, cases, scenario_path, summarise
from chainsim.verify.conventions import CONVENTIONS
from chainsim.verify.glance import Glance, glance
from chainsim.verify.rows import Summary, digits, fate
from chainsim.version import __version__

LEVELS = {
    "quick": "a quick check: intervals at most eight times as wide as at full precision, slow cases in theory only",
    "default": "intervals at most three times as wide as at full precision",
    "full": "full precision",
}
ABBREVIATIONS = {"OH": "mean on hand", "BO": "mean backorders"}
SHORT = {"passed": "passed", "failed": "FAILED", "missing": "waits", "not run": "formulas"}
FATES = {
    "passed": "passed",
    "failed": "FAILED",
    "missing": "waits for a feature",
    "not run": "theory only at this level",
}


@dataclass(frozen=True)
class Line:
    """One row of a case's table, as shown: a quantity, what its formula says, and what one engine found (if any did)."""

    quantity: str
    where: str
    known: str
    formula: str
    engine: str
    mean: str
    half_width: str
    z: str
    n: str
    verdict: str
    note: str
    good: bool


@dataclass(frozen=True)
class CaseOnPage:
    """A case and its table.

    short: the verdict in a word. told: its comparisons in a sentence. farthest: the largest |z|, or how else it was checked.
    differ: engines did not all find the same.
    """

    case: Case
    fate: str
    verdict: str
    conventions: Sequence[str]
    lines: Sequence[Line]
    scenarios: Sequence[tuple[str, str]]
    short: str
    glance: Glance
    told: str
    farthest: str
    differ: bool


def page(rows: Sequence[Row], level: str, engines: Sequence[str]) -> str:
    """The page of these rows."""
    home = files("chainsim.report")
    environment = Environment(
        loader=DictLoader({"page": (home / "verification.html.j2").read_text(encoding="utf-8")}),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    known = cases()
    shown = [_case(known[id], [r for r in rows if r.case == id]) for id in dict.fromkeys(r.case for r in rows)]
    groups: dict[str, dict[str, list[CaseOnPage]]] = {}
    for each in shown:
        groups.setdefault(each.case.group, {}).setdefault(each.case.phenomenon, []).append(each)
    summary = summarise(rows)
    return environment.get_template("page").render(
        csp=Markup(POLICY),  # ours, and quotes must stay quotes
        style=Markup((home / "style.css").read_text(encoding="utf-8")),
        own_style=Markup((home / "verification.css").read_text(encoding="utf-8")),
        provenance=[
            LEVELS[level],
            f"by the {' and '.join(engines)} engine{'s' if len(engines) > 1 else ''}",
            "seeds keyed by case",
            f"chainsim {__version__}",
        ],
        headline=_headline(summary),
        summary=summary,
        scores=scores(rows),
        several=several,
        groups=groups,
        missing=[each for each in shown if each.case.missing],
        anchor=lambda text: "".join(c if c.isalnum() else "-" for c in text.lower()),
    )


def _headline(summary: Summary) -> str:
    if summary.failures:
        return f"{several(summary.failed, 'case')} of {summary.cases} did not give the known answer."
    return f"No comparison of {summary.quantities} failed."


def _case(case: Case, rows: Sequence[Row]) -> CaseOnPage:
    word = fate({row.verdict for row in rows})
    told, lines = glance(rows), list(_lines(rows))
    how = "exact" if told.exact else "counted" if told.simulated else "formula"
    return CaseOnPage(
        case,
        word,
        FATES[word],
        [f"{CONVENTIONS[n]} ({n})" for n in case.conventions],
        lines,
        [(name, scenario_path(name).read_text("utf-8")) for name in case.scenarios],
        SHORT[word],
        told,
        _told(told),
        how if told.z is None else f"{told.z:.1f}",
        len({line.engine for line in lines if line.engine}) > 1,
    )


def _told(told: Glance) -> str:
    """A case's comparisons in a sentence.

    >>> _told(Glance(4, 8, ("simpy",), False, 464, 1.71, 0.95, 0))
    '4 numbers compared with formulas, 8 with runs (simpy): up to 464 replications, largest |z| 1.7, widest interval 0.95 of what is allowed'
    """
    parts = []
    if told.formulas:
        parts.append(f"{several(told.formulas, 'number')} compared with formulas")
    if told.simulated:
        runs = "a run" if told.exact else "runs"
        count = str(told.simulated) if parts else f"{several(told.simulated, 'number')} compared"
        parts.append(f"{count} with {runs} ({' and '.join(told.engines)})")
    words = ", ".join(parts)
    if told.exact or not told.simulated:
        return words
    seen = [f"up to {several(told.replications, 'replication')}"]
    if told.z is not None:
        seen.append(f"largest |z| {told.z:.1f}")
    if told.width is not None:
        seen.append(f"widest interval {told.width:.2f} of what is allowed")
    return f"{words}: {', '.join(seen)}"


def _lines(rows: Sequence[Row]) -> Iterator[Line]:
    """Quantity by quantity: what its formula says, and beside it the engines' answers: one line where they are the same."""
    for quantity in dict.fromkeys(row.quantity for row in rows if row.how):
        own = [row for row in rows if row.quantity == quantity]
        formula = next((row for row in own if row.how == "theory"), None)
        runs: dict[str, list[Row]] = {}
        for row in own:
            if row.how != "theory":
                runs.setdefault(row.engine, []).append(row)
        lines = [[replace(row, engine="") for row in found] for found in runs.values()]
        if lines and all(line == lines[0] for line in lines):
            shared = " and ".join(runs)
            yield from (_line(replace(row, engine=shared), formula) for row in lines[0])
        else:
            yield from (_line(row, formula) for row in own if row.how != "theory" or not runs)


def _in_words(quantity: str) -> str:
    """A quantity's name for people.

    >>> _in_words("order_before_demand.OH"), _in_words("P_IL_ge_0")
    ('order before demand: mean on hand', 'P(level ≥ 0)')
    """
    words = quantity.replace(".", ": ").replace("P_IL_ge_0", "P(level ≥ 0)").replace("_", " ")
    return re.sub(r"\b(OH|BO)(\d?)\b", lambda m: f"{ABBREVIATIONS[m[1]]} {m[2]}".rstrip(), words)


def _line(row: Row, formula: Row | None) -> Line:
    simulated = row.how != "theory"
    says = "" if formula is None else "agrees" if formula.verdict == "passed" else f"says {digits(formula.mean)}"
    good = row.verdict == "passed" and (formula is None or formula.verdict == "passed")
    return Line(
        quantity=_in_words(row.quantity),
        where=row.where,
        known=" to ".join(digits(x) for x in row.known) if row.where == "covered" else digits(row.known),
        formula=says,
        engine=row.engine if simulated else "",
        mean=digits(row.mean) if simulated else "",
        half_width="" if row.half_width is None else digits(row.half_width, 3),
        z="" if row.z is None else f"{row.z:+.2f}".replace("-", "−"),
        n=str(row.n) if row.how == "simulated" else "one run" if simulated else "",
        verdict=row.verdict if good else "failed" if row.verdict == "passed" else row.verdict,
        note="; ".join(dict.fromkeys(r.note for r in (row, formula) if r is not None and r.note)),
        good=good,
    )
