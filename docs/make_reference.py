"""Writes docs/reference.md from the registries: policies, distributions, demand processes, measures, commands.

    python docs/make_reference.py

A test fails when the file is out of step.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from chainsim.chance.base import DISTRIBUTIONS
from chainsim.cli.listing import LISTS
from chainsim.data import glossary, scenario_names, scenario_title
from chainsim.demand.base import DEMANDS
from chainsim.fields import KEY, FieldInfo
from chainsim.imports.vocabulary import LEFT_OUT, MEANINGFUL, SHEETS
from chainsim.kpis import KPIS, LANE_KPIS
from chainsim.policies.base import POLICIES
from chainsim.scenario.trade import DESCRIBING, FIELDS
from chainsim.stress.shocks import SHOCKS

HERE = Path(__file__).parent


def reference() -> str:
    """The whole page as text."""
    parts = [
        "# Reference",
        "Made from the registries by `python docs/make_reference.py`; do not edit. Every key of the scenario file, with "
        "unit, default and example, is in `scenarios/chainsim.schema.json`; `chainsim explain WORD` shows the same.",
        *_policies(),
        *_simple("Distributions", "`dist:` names them, for quantities, gaps and lead times.", DISTRIBUTIONS),
        *_simple("Demand processes", "`type:` of an entry of `demand`.", DEMANDS),
        *_columns(),
        *_measures(),
        *_charts(),
        *_shocks(),
        *_scenarios(),
        *_glossary(),
    ]
    return "\n\n".join(parts) + "\n"


def _policies() -> Iterator[str]:
    yield "## Policies"
    yield _table(["`type`", "rule", "source"], [[f"`{n}`", p.summary, p.source] for n, p in POLICIES.items()])
    yield (
        "Every policy also takes `label`, `review` (`after_demand` or `before_demand`), `offset` (a duration or "
        "`random`) and, unless it is continuous by nature, `review_interval`."
    )
    for name, policy in POLICIES.items():
        yield f"### {name}"
        yield f"*{policy.title}.* {_first(policy)}"
        yield _keys(policy)


def _simple(title: str, lead: str, registry: Any) -> Iterator[str]:
    yield f"## {title}"
    yield lead
    for name, thing in registry.items():
        yield f"### {name}"
        yield _first(thing)
        yield _keys(thing)


def _columns() -> Iterator[str]:
    yield "## Columns of tables"
    yield (
        "What the columns of an item master may be called; also as the keys themselves, in any case, with spaces, underscores or "
        "hyphens, and a unit at the end (`Lead_Time_Days`). [How tables are used](howto/tables.md)."
    )
    rows = [
        [
            field.section or "all",
            f"`{field.key}`" + (f" per {field.per.removeprefix('1 ')}" if field.per else ""),
            ", ".join(field.words),
        ]
        for field in FIELDS
    ]
    yield _table(["for", "means", "called"], rows)
    yield f"Left out, and said: {', '.join(DESCRIBING)}."
    yield "## Sheets of planners' workbooks"
    yield "What `chainsim import` reads of a workbook in the vocabulary of frePPLe. [How](howto/import.md)."
    yield _table(["sheet", "what is read"], [[f"`{name}`", what] for name, what in SHEETS.items()])
    yield _table(["sheet left out", "so that"], [[f"`{name}`", what] for name, what in LEFT_OUT.items()])
    yield _table(["column left out", "so that"], [[f"`{name}`", what] for name, what in MEANINGFUL.items()])


def _measures() -> Iterator[str]:
    yield "## Measures"
    yield "Money is per year. A measure is undefined (an empty cell, never 0) where its denominator is 0."
    rows = [
        [
            f"`{id}`",
            kpi.title,
            kpi.unit.replace("{currency}", "currency").replace("{time}", "time unit"),
            kpi.direction,
            kpi.definition,
        ]
        for id, kpi in KPIS.items()
    ]
    yield _table(["id", "name", "unit", "better", "definition"], rows)
    yield "### Measures of lanes"
    yield "In `lanes.csv`, a row a policy, lane and measure; production at a site is a lane from the site to itself."
    yield _table(
        ["id", "name", "unit", "definition"],
        [
            [f"`{id}`", kpi.title, kpi.unit.replace("{currency}", "currency"), kpi.definition]
            for id, kpi in LANE_KPIS.items()
        ],
    )


def _charts() -> Iterator[str]:
    yield "## Charts"
    yield _table(["name", "shows"], [[f"`{name}`", meaning] for name, meaning in LISTS["charts"]()])


def _shocks() -> Iterator[str]:
    yield "## Shocks"
    yield (
        "`chainsim stress` applies each to the scenario ([how-to](howto/stress.md)). Size: as the library applies it (an outage lasts as long "
        "as it is told); largest, and step: what the reverse stress test tries."
    )
    rows = []
    for name, shock in SHOCKS.items():
        sizes = [
            f"{100 * x:g} %" if shock.kind == "share" else f"{x:g} days" for x in (shock.size, shock.most, shock.within)
        ]
        rows.append([f"`{name}`", _first(shock.apply), *sizes])
    yield _table(["name", "what happens", "size", "largest", "step"], rows)


def _scenarios() -> Iterator[str]:
    yield "## Shipped scenarios"
    yield "`chainsim new FILE --from NAME` writes a copy."
    yield _table(["name", "title"], [[f"`{name}`", scenario_title(name)] for name in scenario_names()])


def _glossary() -> Iterator[str]:
    yield "## Terms"
    yield _table(["term", "meaning"], [[name, str(entry["text"])] for name, entry in glossary().items()])


def _keys(thing: type) -> str:
    rows = []
    for field in fields(thing):
        info: FieldInfo | None = field.metadata.get(KEY)
        if info is None:
            continue
        symbol = f" *{info.symbol}*" if info.symbol else ""
        rows.append([f"`{field.name}`{symbol}", info.kind.replace("_", " "), info.unit, _default(field), info.meaning])
    return _table(["key", "kind", "unit", "default", "meaning"], rows) if rows else "No keys."


def _default(field: Any) -> str:
    if field.default is MISSING and field.default_factory is MISSING:
        return "required"
    if field.default is MISSING or field.default is None:
        return ""
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


def _first(thing: Any) -> str:
    """The first paragraph of a docstring."""
    return " ".join(inspect.cleandoc(thing.__doc__ or "").split("\n\n")[0].split())


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    (HERE / "reference.md").write_text(reference(), "utf-8", newline="\n")
