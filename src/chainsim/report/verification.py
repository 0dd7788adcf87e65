"""The page of `chainsim verify`: every known answer, how it was checked and what came of it. One file; it loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from chainsim import __version__
from chainsim.report.html import POLICY
from chainsim.report.numbers import several
from chainsim.verify import Case, Row, cases, scenario_path, summarise
from chainsim.verify.conventions import CONVENTIONS
from chainsim.verify.rows import Summary, digits, fate

LEVELS = {
    "quick": "a quick check: wide intervals, slow cases in theory only",
    "default": "intervals at most twice as wide as at full precision",
    "full": "full precision",
}
FATES = {
    "passed": "passed",
    "failed": "FAILED",
    "missing": "waits for a feature",
    "not run": "theory only at this level",
}


@dataclass(frozen=True)
class Line:
    """One row of a case's table, as shown."""

    quantity: str
    where: str
    known: str
    by: str
    mean: str
    half_width: str
    z: str
    n: str
    verdict: str
    note: str
    good: bool


@dataclass(frozen=True)
class CaseOnPage:
    """A case and its table."""

    case: Case
    fate: str
    verdict: str
    conventions: Sequence[str]
    lines: Sequence[Line]
    scenarios: Sequence[tuple[str, str]]


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
        provenance=[LEVELS[level], "by " + " and ".join(engines), "seeds keyed by case", f"chainsim {__version__}"],
        headline=_headline(summary),
        summary=summary,
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
    return CaseOnPage(
        case,
        word,
        FATES[word],
        [f"{CONVENTIONS[n]} ({n})" for n in case.conventions],
        [_line(row) for row in rows if row.how],
        [(name, scenario_path(name).read_text("utf-8")) for name in case.scenarios],
    )


def _line(row: Row) -> Line:
    by = {"theory": "formula", "exact": f"{row.engine}, one run", "simulated": row.engine}[row.how]
    return Line(
        row.quantity.replace("_", " "),
        row.where,
        digits(row.known),
        by,
        digits(row.mean),
        "" if row.half_width is None else digits(row.half_width),
        "" if row.z is None else f"{row.z:+.2f}".replace("-", "−"),
        str(row.n) if row.how == "simulated" else "",
        row.verdict,
        row.note,
        row.verdict == "passed",
    )
