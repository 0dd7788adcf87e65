"""Streams of end customers, one for each stock point; surges are folded into the streams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chainsim.errors import ScenarioError
from chainsim.ordering import natural
from chainsim.registry import did_you_mean
from chainsim.scenario.draft import Draft
from chainsim.scenario.files import Files, Refused
from chainsim.scenario.history import read_history
from chainsim.scenario.model import Demand, in_order
from chainsim.scenario.model_changes import Step, Surge
from chainsim.scenario.nodes import Path
from chainsim.scenario.tables import read_table
from chainsim.scenario.units import MINUTES


def expand_demands(draft: Draft, files: Files) -> None:
    """Fill `draft.demands`, and `draft.tables` with the histories they name."""
    _read_histories(draft, files)
    for i, made in enumerate(draft.data["demand"]):
        path: Path = ("demand", i)
        for site in draft.sites_of(made.keys["site"]):
            for product in draft.products_of(made.keys["product"]):
                process = _with_column(draft, path, made.thing, site, product)
                draft.demands.append((_demand(draft, made, process, site, product), path))
    draft.demands.sort(key=lambda traced: _order(traced[0]))


def _order(demand: Demand) -> tuple[object, ...]:
    return (natural(demand.site), natural(demand.product), natural(demand.label))


def _demand(draft: Draft, made: Any, process: Any, site: str, product: str) -> Demand:
    keys = made.keys
    season = keys["season"] or {"weekly": None, "yearly": None}
    steps = keys["step"] if isinstance(keys["step"], list) else [keys["step"]] if keys["step"] else []
    ends = draft.products[product].ends
    last = () if ends is None else (Step(ends, 0.0),)  # nobody wants what has ended
    return Demand(
        site=site,
        product=product,
        label=keys["name"] or keys["type"],
        process=process,
        unmet=keys["unmet"],
        patience=keys["patience"] or 0.0,
        waiting_share=keys["waiting_share"] or 0.0,
        all_or_nothing=keys["fill"] == "all_or_nothing",
        priority=keys["priority"],
        promise=keys["promise"],
        weekly=season["weekly"] or (),
        yearly=season["yearly"] or (),
        steps=in_order((*(Step(s["at"], s["factor"]) for s in steps), *last)),
        surges=tuple(_surges(draft, site, product)),
        transship_from=_partners(draft, keys["transship_from"], site),
    )


def _partners(draft: Draft, chosen: Any, site: str) -> tuple[str, ...]:
    """The other sites among those chosen, by name."""
    return tuple(sorted((other for other in draft.sites_of(chosen) if other != site), key=natural)) if chosen else ()


def _surges(draft: Draft, site: str, product: str) -> list[Surge]:
    surges = [
        Surge(event["start"], event["duration"], event["factor"], event["known"])
        for event in draft.data["disruptions"]
        if event["type"] == "surge"
        and site in draft.sites_of(event["site"])
        and product in draft.products_of(event["product"])
    ]
    return sorted(surges, key=lambda s: (s.start, s.duration, s.factor))


def _read_histories(draft: Draft, files: Files) -> None:
    wanted: dict[str, list[tuple[tuple[str, int], Any]]] = {}
    for i, made in enumerate(draft.data["demand"]):
        file = getattr(made.thing, "file", None)
        if isinstance(file, str):
            wanted.setdefault(file, []).append((("demand", i), made.thing))
    for file, entries in wanted.items():
        path, process = entries[0]
        gaps = getattr(process, "gaps", "error")
        other = next((p for p, t in entries if getattr(t, "gaps", "error") != gaps), None)
        if other is not None:
            draft.error((*other, "gaps"), f"'{file}' is read with gaps: {gaps} elsewhere", "say the same everywhere")
        columns = [getattr(thing, "column", None) for _, thing in entries]
        known = set(draft.products) | {column for column in columns if column}
        try:
            table = read_table(files, file)
            known |= (
                {name for name in table.header[1:] if name in draft.sites} if "quantity" not in table.header else set()
            )
            history, days = read_history(table, known=known, gaps=gaps, named=all(columns), sha256=files.hash_of(file))
        except Refused as refused:
            draft.error((*path, "file"), refused.message, refused.cure)
            continue
        except ScenarioError as error:
            draft.findings.extend(error.findings)
            continue
        draft.tables[file] = replace(history, text=files.small(file))
        files.understood(file, [history.understood])
        if days is not None and draft.time.unit in MINUTES:
            draft.steps[file] = days * MINUTES["day"] / MINUTES[draft.time.unit]
            _paced(draft, entries, draft.steps[file])


def _paced(draft: Draft, entries: Sequence[tuple[tuple[str, int], Any]], step: float) -> None:
    """A dated table is replayed at the pace of its dates where the file does not say `every`."""
    for (section, i), thing in entries:
        if not draft.source.has((section, i, "every")):
            made = draft.data[section][i]
            draft.data[section][i] = replace(made, thing=replace(thing, every=step))


def _with_column(draft: Draft, path: Path, process: Any, site: str, product: str) -> Any:
    """The process with the column of the table it replays; as it is when the table has none (noted)."""
    file = getattr(process, "file", None)
    if file not in draft.tables:
        return process  # it replays nothing, or its table was refused when it was read
    columns = draft.tables[file].columns
    candidates = [process.column] if process.column else [f"{site} / {product}", product, site, "quantity"]
    for name in candidates:
        if name in columns:
            return replace(process, column=name)
    hint = did_you_mean(candidates[0], list(columns))
    message = (
        f"'{file}' has no column for {site} / {product}{hint}"
        if not process.column
        else (f"'{file}' has no column '{process.column}'{hint}")
    )
    known = "found columns " + ", ".join(f"'{name}'" for name in list(columns)[:12])
    draft.error((*path, "column" if process.column else "file"), message, known)
    return process
