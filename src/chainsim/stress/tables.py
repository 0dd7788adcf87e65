"""The tables of a stress test as rows of plain values: what the CSV files hold, and what the page shows.

Times are in time units of the scenario, money in its currency, over the whole run. An empty cell is a number that there is
not: a time that was not seen (`note` says why), a half-width of one replication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite, nan

from chainsim.kpis import KPIS
from chainsim.scenario.model import Scenario
from chainsim.statistics import Estimate
from chainsim.stress.buffers import Buffer, enough
from chainsim.stress.library import Stood
from chainsim.stress.outages import Moment, Out
from chainsim.stress.reverse import Mildest
from chainsim.study.csvtext import Cell, csv_bytes

Row = dict[str, Cell]


@dataclass(frozen=True)
class Felt:
    """One place out, and the buffer against it: None where none is needed, or none was looked for."""

    out: Out
    buffer: Buffer | None = None


@dataclass(frozen=True)
class Survived:
    """In how many of n shocks a policy keeps the targets, with the levels of the calm world; and in how many it is the
    cheapest that does, or cannot be told apart from it. sure: how many of `meets` the intervals leave no doubt of."""

    policy: str
    n: int
    meets: int | None
    sure: int | None
    best: int
    chosen: bool  # whether it is so on the calm path


def survived(stood: Sequence[Stood]) -> list[Survived]:
    """The count of each policy, in their order."""
    found = []
    for policy in dict.fromkeys(row.policy for row in stood):
        own = [r for r in stood if r.policy == policy and r.levels == "unchanged" and r.values]
        calm, shocks = [r for r in own if not r.shock], [r for r in own if r.shock]
        judged = all(r.met is not None for r in own)
        found.append(
            Survived(
                policy,
                len(shocks),
                sum(bool(r.met) for r in shocks) if judged else None,
                sum(bool(r.met) and r.sure for r in shocks) if judged else None,
                sum(r.standing in ("cheapest", "may be cheapest") for r in shocks),
                any(r.standing in ("cheapest", "may be cheapest") for r in calm),
            )
        )
    return found


def shock_rows(stood: Sequence[Stood], scenario: Scenario) -> list[Row]:
    """stress.csv: a row for each measure."""
    made: list[Row] = []
    for row in stood:
        head: Row = {
            "policy": row.policy,
            "shock": row.shock or "calm",
            "what": row.words or "the scenario as it is",
            "levels": row.levels,
        }
        tail: Row = {
            "meets_target": row.met,
            "sure": row.sure if row.met is not None else None,
            "standing": row.standing,
            "dearer_by": nan
            if row.gap is None or row.gap.gap is None or row.gap.gap.mean is None
            else row.gap.gap.mean,
            "dearer_low": nan if row.gap is None or row.gap.low is None else row.gap.low,
            "dearer_high": nan if row.gap is None or row.gap.high is None else row.gap.high,
        }
        if not row.values:
            made.append(
                {
                    **head,
                    "kpi": "",
                    "unit": "",
                    **_measured("", None),
                    **_measured("change", None),
                    **tail,
                    "note": row.why_not,
                }
            )
        for name, value in row.values.items():
            cells = {**_measured("", value), **_measured("change", row.gains.get(name))}
            made.append(
                {
                    **head,
                    "kpi": name,
                    "unit": KPIS.get(name).unit_text(scenario.currency, scenario.time.unit),
                    **cells,
                    **tail,
                    "note": row.why_not,
                }
            )
    return made


def place_rows(felt: Sequence[Felt], moment: Moment, scenario: Scenario) -> list[Row]:
    """nodes.csv: a row for each place out."""
    end = scenario.time.warm_up + scenario.time.horizon
    made: list[Row] = []
    for one in felt:
        out, buffer = one.out, one.buffer
        tts, ttr = out.survival(0.5), out.recovery(0.5)
        made.append(
            {
                "policy": out.policy,
                "kind": out.where.kind,
                "place": out.where.name,
                "customers": len(out.where.customers),
                "start": moment.start,
                "length": moment.days,
                "felt": out.felt,
                "time_to_survive": _finite(tts),
                "time_to_survive_p10": _finite(out.survival(0.1)),
                "time_to_recover": _finite(ttr),
                "time_to_recover_p90": _finite(out.recovery(0.9)),
                "survives": enough(out.felt),
                **_money("units_short", out.short),
                **_money("units_lost", out.lost),
                **_money("margin_lost", out.margin),
                **_money("cost_added", out.cost),
                "buffer_at": buffer.kind if buffer and buffer.found else "",
                "buffer_units": buffer.total if buffer and buffer.found else nan,
                "buffer_cost_per_year": buffer.cost if buffer and buffer.found else nan,
                "note": "; ".join(_notes(out, buffer, moment, end, scenario.time.unit)),
            }
        )
    return made


def _notes(out: Out, buffer: Buffer | None, moment: Moment, end: float, unit: str) -> list[str]:
    notes = []
    if out.felt == 0.0:
        notes.append("customers notice nothing")
    if out.recovery(0.9) == inf:
        notes.append(
            f"not recovered within the horizon ({end - moment.end:g} {unit}s after its end) in some replications"
        )
    if buffer is not None and not buffer.found:
        notes.append(f"no buffer: {buffer.why}")
    return notes


def reverse_rows(mildest: Sequence[Mildest]) -> list[Row]:
    """reverse.csv: a row for each kind of shock."""
    told = {
        "breaks": "breaks the target",
        "none": "none up to the largest tried",
        "broken": "the target is missed without any shock",
        "nothing": "nothing to shock",
    }
    return [
        {
            "policy": one.policy,
            "shock": one.shock,
            "where": one.where,
            "size_is": one.kind,
            "breaks_at": nan if one.breaks is None else one.breaks,
            "holds_at": nan if one.holds is None else one.holds,
            "tolerance": one.within,
            "largest_tried": one.most,
            **_measured("service", one.at),
            "outcome": told[one.fate],
            "note": one.why_not,
        }
        for one in mildest
    ]


def choice_rows(survived: Sequence[Survived]) -> list[Row]:
    """choice.csv: a row for each policy."""
    return [
        {
            "policy": one.policy,
            "shocks": one.n,
            "meets_target": one.meets,
            "surely": one.sure,
            "cheapest": one.best,
            "cheapest_when_calm": one.chosen,
        }
        for one in survived
    ]


def csv_of(rows: Sequence[Row]) -> bytes:
    """Rows of the same columns as CSV."""
    return csv_bytes(list(rows[0]), [list(row.values()) for row in rows])


def _measured(prefix: str, value: Estimate | None) -> Row:
    start = f"{prefix}_" if prefix else ""
    known = value if value is not None and value.mean is not None else None
    return {
        prefix or "mean": known.mean if known else nan,
        f"{start}half_width": nan if known is None or known.half_width is None else known.half_width,
        f"{start}low": nan if known is None or known.low is None else known.low,
        f"{start}high": nan if known is None or known.high is None else known.high,
    }


def _money(name: str, value: Estimate) -> Row:
    return {
        name: nan if value.mean is None else value.mean,
        f"{name}_half_width": nan if value.half_width is None else value.half_width,
    }


def _finite(value: float) -> float:
    return value if isfinite(value) else nan
