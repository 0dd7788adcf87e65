"""The page: one self-contained file. It loads nothing, runs only what it came with, and no name in it can be markup."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from chainsim.report.adviser import run_adviser
from chainsim.report.appendix import audit_notes, audit_table, definitions_table, derived_tables, kept, warnings_of
from chainsim.report.decision import Decision
from chainsim.report.delivered_section import section
from chainsim.report.facts import Facts, Policy, kind_words
from chainsim.report.judged import pairs_table
from chainsim.report.lanes import lanes_table
from chainsim.report.live import Block, Live
from chainsim.report.lookup import page_data
from chainsim.report.names import shown
from chainsim.report.numbers import HARD, length, several
from chainsim.report.plots.plot import sign
from chainsim.report.risk import risk_table
from chainsim.report.screen import Screen
from chainsim.report.security import content_policy
from chainsim.report.steps import Steps
from chainsim.report.symbols import legend
from chainsim.report.tables import (
    Table,
    echelon_table,
    measures_table,
    policies_table,
    product_group_table,
    product_table,
    site_group_table,
    site_table,
)
from chainsim.showing import clauses

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Content-security policy of pages without scripts whose charts come from matplotlib: nothing is loaded and nothing runs; style
sheets and SVG attributes are inline."""


@dataclass(frozen=True)
class ChartOnPage:
    """A chart with its SVG, which is XML written by an XML writer: names in it are escaped already."""

    id: str
    svg: str
    caption: str


@dataclass(frozen=True)
class Picture:
    """A chart of an extension, of which the page has only the picture."""

    id: str
    png: bytes
    alt: str
    caption: str

    @property
    def data(self) -> str:
        return f"data:image/png;base64,{base64.b64encode(self.png).decode()}"


def page_html(
    facts: Facts,
    d: Decision,
    live: Live | None = None,
    pictures: Sequence[Picture] = (),
    steps: Steps | None = None,
) -> str:
    """The page of a study. live: levers and what they need, where the page has any. steps: a replication to step through."""
    narrative, chosen = d.situation.narrative, d.situation.chosen
    screen = Screen(d, live)
    values = {
        "title": facts.title,
        "provenance": _provenance(facts),
        "story": " ".join(str(facts.manifest["scenario"]["story"]).split()),
        "narrative": narrative,
        "d": d,
        "page": screen,
        "pictures": pictures,
        "policies": policies_table(facts, narrative),
        "pairs": pairs_table(facts),
        "risk": risk_table(facts),
        "delivered": section(facts, chosen),
        "chain": _chain(facts),
        "places": [t for t in _places(facts, chosen) if t],
        "left_out": kept(facts),
        "calendars": facts.manifest.get("calendars", []),
        "measures": measures_table(facts),
        "derived": derived_tables(facts),
        "symbols": legend(facts),
        "advice": run_adviser(facts),
        "audit": audit_table(facts),
        "audited": audit_notes(facts),
        "definitions": definitions_table(facts),
        "warnings": [clauses(sentence) for sentence in warnings_of(facts)],
        "command": facts.manifest["command"],
        "steps": steps,
    }
    early, levers = (live.early, live.scripts) if live else ((), ())
    scripts, styles = (
        [text("page.js"), *([text("steps.js")] if steps and steps.data else [])],
        [text("decision.css"), *(live.styles if live else ())],
    )
    blocks = [Block("page-data", "application/json", data_text(page_data(facts)))]
    blocks += [Block("steps-data", "text/plain", steps.data)] if steps and steps.data else []
    return _environment("page", "pieces", "first").get_template("page").render(
        csp=Markup(content_policy([*early, *levers, *scripts], styles, engine=live is not None and live.engine)),
        styles=[Markup(sheet) for sheet in styles],
        scripts=[Markup(script) for script in scripts],
        early=[Markup(script) for script in early],
        levers=[Markup(script) for script in levers],
        blocks=_blocks(blocks),
        early_blocks=_blocks(live.data if live else ()),
        contents=_contents(values, screen),
        **values,
    )  # fmt: skip


def _blocks(blocks: Iterable[Block]) -> list[Block]:
    """Blocks of data as they stand in the page: they were made so that they may."""
    return [Block(b.id, b.type, Markup(b.text)) for b in blocks]


def rendered(page: str, **values: object) -> str:
    """The template of that name of a page without scripts, with the style and the pieces such pages share."""
    return _environment(page, "pieces").get_template(page).render(
        csp=Markup(POLICY),  # ours, and quotes must stay quotes
        style=Markup(text("style.css")),
        **values,
    )  # fmt: skip


def text(name: str) -> str:
    """A file of this package as it is put into a page."""
    return (files("chainsim.report") / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def data_text(value: object) -> str:
    """JSON that may stand in a `<script>`: nothing in it can end the element or begin a comment."""
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return compact.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _environment(*names: str) -> Environment:
    environment = Environment(
        loader=DictLoader({name: text(f"{name}.html.j2") for name in names}),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["coded"] = coded
    environment.filters["halved"] = halved
    environment.filters["short"] = shown
    environment.globals["sign"] = sign
    return environment


def _contents(values: Mapping[str, object], screen: Screen) -> list[tuple[str, str]]:
    """Anchors of what is below the first screen, with a word for each."""
    d = screen.d
    known = {
        "loss": ("Where it is lost", d.loss), "bullwhip": ("Upstream", screen.busy), "over-time": ("Over time", screen.time),
        "trust": ("Trust", True), "policies": ("All policies", True), "risk": ("Risk", values["risk"]), "steps": ("Step by step", values["steps"]),
        "delivered": ("Asked and delivered", True),
        "network": ("Echelons and sites", True), "measures": ("All measures", True), "parameters": ("Parameters", values["derived"]),
        "advice": ("Run adviser", True), "audit": ("Audit", True), "definitions": ("Definitions", True), "warnings": ("Warnings", values["warnings"]),
    }  # fmt: skip
    return [(id, word) for id, (word, there) in known.items() if there]


def _chain(facts: Facts) -> list[str]:
    """Echelons from the customers on: '10 stores', 'DC', 'plant'."""
    told = []
    for kind in facts.tables.network["echelons"]:
        n = sum(s["kind"] == kind for s in facts.tables.network["sites"])
        told.append(kind_words(kind, 24) if n == 1 else several(n, kind_words(kind, 24)))
    return told


def inline(chart: ChartOnPage) -> dict[str, object]:
    """A chart as the template's pieces take it."""
    return {"id": chart.id, "caption": chart.caption, "svg": Markup(chart.svg)}


def _places(facts: Facts, chosen: Policy) -> list[Table | None]:
    """The tables of parts of the network, None where there is nothing to tell."""
    grouped = [site_group_table(facts), product_group_table(facts)]
    lanes = lanes_table(facts, chosen)
    return [echelon_table(facts), *grouped, product_table(facts, chosen), site_table(facts, chosen), lanes]


def coded(text: str) -> Markup:
    """What stands between backticks as code; everything else is text.

    >>> coded("charged to `<owner>`, or `not")
    Markup('charged to <code>&lt;owner&gt;</code>, or `not')
    """
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick without its partner is only a backtick
        parts[-2:] = ["`".join(parts[-2:])]
    return Markup("").join(Markup("<code>{}</code>").format(p) if i % 2 else p for i, p in enumerate(parts))


def halved(text: str) -> Markup:
    """A mean and its half-width, which paper may set below it; a screen, where cells do not wrap, never does.

    >>> halved("98.94 ± 0.06".replace(" ", HARD))
    Markup('98.94<wbr>\xa0±\xa00.06')
    """
    return Markup(f"<wbr>{HARD}±").join(text.split(f"{HARD}±"))


def _provenance(facts: Facts) -> list[str]:
    """Where the numbers come from, in a line. No user, no host, no path, no date (the manifest has it): the same run, the same
    page, to the byte."""
    m, time = facts.manifest, facts.manifest["time"]
    after = f" after {length(time['warm_up'], facts.time_unit)} of warm-up" if facts.warm_up else ", no warm-up"
    measured = f"{length(time['horizon'], facts.time_unit)} measured{after}"
    return [
        f"scenario {shown(m['scenario']['name'] or 'without a name', 60)}",
        several(facts.n, "replication"),
        "common random numbers" if m["common_random_numbers"] else "independent random numbers",
        measured,
        *([f"a year is {facts.year}"] if facts.year else []),
        f"seed {m['seed']}",
        f"chainsim {m['chainsim']}",
    ]
