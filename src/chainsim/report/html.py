"""The page: one self-contained file. It loads nothing, runs nothing, and no name in it can be markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from chainsim.report.adviser import run_adviser
from chainsim.report.appendix import audit_notes, audit_table, definitions_table, derived_tables, kept, warnings_of
from chainsim.report.cards import cards
from chainsim.report.charts.base import Place
from chainsim.report.delivered_section import section
from chainsim.report.facts import Facts, Policy
from chainsim.report.judged import pairs_table
from chainsim.report.lanes import lanes_table
from chainsim.report.names import shown
from chainsim.report.numbers import length, several
from chainsim.report.risk import risk_table
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
from chainsim.report.verdict import Narrative

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Content-security policy: nothing is loaded and no script runs; style sheets and SVG attributes are inline."""


@dataclass(frozen=True)
class ChartOnPage:
    """A chart with its SVG, which is XML written by an XML writer: names in it are escaped already."""

    id: str
    place: Place
    svg: str
    caption: str


def page_html(facts: Facts, narrative: Narrative, charts: Sequence[ChartOnPage]) -> str:
    """The page of a study."""
    chosen = facts.policies[narrative.chosen]
    return rendered(
        "page",
        title=facts.title,
        provenance=_provenance(facts),
        story=" ".join(str(facts.manifest["scenario"]["story"]).split()),
        narrative=narrative,
        chosen=chosen,
        cards=cards(facts, chosen),
        first=[inline(c) for c in charts if c.place == "first"],
        below=[inline(c) for c in charts if c.place == "below"],
        pictures=[inline(c) for c in charts if c.place == "advice"],
        policies=policies_table(facts, narrative),
        pairs=pairs_table(facts),
        risk=risk_table(facts),
        delivered=section(facts, chosen),
        places=[t for t in _places(facts, chosen) if t],
        left_out=kept(facts),
        measures=measures_table(facts),
        derived=derived_tables(facts),
        symbols=legend(facts),
        advice=run_adviser(facts),
        audit=audit_table(facts),
        audited=audit_notes(facts),
        definitions=definitions_table(facts),
        warnings=warnings_of(facts),
        command=facts.manifest["command"],
    )


def rendered(page: str, **values: object) -> str:
    """The template of that name, with the style and the pieces all pages share."""
    home = files("chainsim.report")
    texts = {name: (home / f"{name}.html.j2").read_text(encoding="utf-8") for name in (page, "pieces")}
    environment = Environment(
        loader=DictLoader(texts),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["coded"] = coded
    return environment.get_template(page).render(
        csp=Markup(POLICY),  # ours, and quotes must stay quotes
        style=Markup((home / "style.css").read_text(encoding="utf-8")),
        **values,
    )


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
