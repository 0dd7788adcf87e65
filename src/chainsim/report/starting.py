"""Was the start left out for long enough? In sentences, from warm_up.csv (`study.starting` says how that is found)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chainsim.report.facts import Facts
from chainsim.report.numbers import length, percent
from chainsim.report.phrases import listed
from chainsim.statistics.warm_up import FEWEST

BEFORE = "These results were made before chainsim looked for the end of the start: run them again."


class Start(NamedTuple):
    """What was found of one policy, by label; times in time units from the start of the run."""

    label: str
    state: str
    cut: float | None
    at: float | None
    change: float | None
    excess: float | None
    sure: bool
    until: float | None
    buckets: int
    cycle: float | None


def starts(facts: Facts) -> list[Start]:
    """A row a policy; none in results of before."""
    if not facts.has("warm_up.csv"):
        return []
    table, labels = facts.tables.warm_up, {p.name: p.label for p in facts.policies}
    names = ("policy", "state", "cut", "at", "change", "excess", "sure", "until", "buckets", "cycle")
    return [
        Start(
            labels[policy], state, _known(cut), _known(at), _known(change), _known(excess), sure is True, _known(until),
            int(buckets), _known(cycle),
        )
        for policy, state, cut, at, change, excess, sure, until, buckets, cycle in zip(
            *(table[c].astype(object).tolist() for c in names), strict=True
        )
    ]  # fmt: skip


def warm_up_sentences(facts: Facts) -> list[str]:
    """What is said of the warm-up: what was found, and what follows."""
    found = starts(facts)
    if not found:
        return [_left_out(facts), BEFORE]
    told = [_left_out(facts)]
    if found[0].until is not None:
        told.append(
            f"Demand is declared to change {length(found[0].until, facts.time_unit)} into the run: only what lies before was looked at."
        )
    sure = [s for s in found if s.sure]
    if sure:
        worst = max(sure, key=lambda s: s.cut or 0.0)
        who = listed([s.label for s in sure], "and")
        side = "above" if (worst.excess or 0.0) > 0 else "below"
        told.append(
            f"Under {who} stock still settles when counting begins: between there and {_day(facts, worst.cut)} it lies {_share(worst.excess)} "
            f"{side} what comes later{_most(sure, worst)}, which is more than chance. A warm-up of "
            f"{length(_up(worst.cut), facts.time_unit)} is worth trying."
        )
    calm = [s for s in found if s.cut is not None and not s.sure]
    if calm:
        told.append(_calm(facts, calm, everyone=len(calm) == len(found)))
    told += [
        text
        for state in ("season", "replay", "step", "drift", "too short")
        if (text := _no_conclusion(facts, found, state))
    ]
    return told


def warm_up_line(facts: Facts) -> str:
    """The same in one line, for the terminal."""
    found = starts(facts)
    if not found:
        return ""
    sure = [s for s in found if s.sure]
    left = length(facts.warm_up, facts.time_unit)
    if sure:
        worst = max(sure, key=lambda s: s.cut or 0.0)
        return f"Warm-up: {left} may be too short; MSER-5 would leave out {length(_up(worst.cut), facts.time_unit)} ({worst.label})."
    known = [s for s in found if s.cut is not None]
    open_ = [s for s in found if s.cut is None]
    if not known:
        return f"Warm-up: no conclusion ({_reason(open_[0])})."
    rest = f"; no conclusion under {listed([s.label for s in open_], 'and')} ({_reason(open_[0])})" if open_ else ""
    return (
        f"Warm-up: no sign that {left} are too short (MSER-5){rest}."
        if facts.warm_up
        else (f"Warm-up: none, and MSER-5 finds no start that weighs{rest}.")
    )


def _left_out(facts: Facts) -> str:
    if facts.warm_up:
        return f"The first {length(facts.warm_up, facts.time_unit)} (warm-up) are not counted."
    return "The scenario has no warm-up: the run counts from its first moment on, and how it starts is part of the numbers."


def _calm(facts: Facts, calm: Sequence[Start], *, everyone: bool) -> str:
    """Those of which nothing speaks for a longer warm-up."""
    worst = max(calm, key=lambda s: s.cut or 0.0)
    cut = worst.cut or 0.0
    who = (
        ""
        if everyone and len(calm) == 1
        else f" ({worst.label}, the most of all policies)"
        if everyone
        else (
            f" under {listed([s.label for s in calm], 'and')}"
            if len(calm) == 1
            else f" under {listed([s.label for s in calm], 'and')} ({worst.label} the most)"
        )
    )
    season = ", its season taken out," if any(s.state == "season" for s in calm) else ""
    lead = f"MSER-5 on the stock of the whole network{season} would leave out"
    most = "at most " if len(calm) > 1 else ""
    if cut <= facts.warm_up:
        nothing = "nothing" if cut == 0.0 else f"{most}the first {length(_up(cut), facts.time_unit)}"
        return f"{lead} {nothing}{who if cut else ''}: no sign that a longer warm-up is needed."
    side = "above" if (worst.excess or 0.0) > 0 else "below"
    off = "" if worst.excess is None else f" ({_share(worst.excess)} {side})"
    return (
        f"{lead} {most}the first {length(_up(cut), facts.time_unit)}{who}, but stock in between differs from what comes later{off} by no more than "
        "chance or than later stretches of the run do, or too little to matter: no sign that a longer warm-up is needed."
    )


def _no_conclusion(facts: Facts, found: Sequence[Start], state: str) -> str:
    own = [s for s in found if s.state == state and s.cut is None]
    if not own:
        return ""
    who = "every policy" if len(own) == len(found) > 1 else listed([s.label for s in own], "and")
    first = own[0]
    if state == "season":
        return f"Under {who} stock follows the season, and fewer than three of its cycles are there to take it out: no conclusion on the warm-up."
    if state == "step":
        where = f"around {_day(facts, first.at)}" + (f" under {first.label}" if len(own) > 1 else "")
        return f"Under {who} stock moves to another level, {where}, and stays there: no conclusion on the warm-up; see the picture below."
    if state == "replay":
        return "Demand is replayed and the same in every replication: what stock does over time is its history, and says nothing of the start."
    if state == "drift":
        return f"Under {who} stock still moves when the run ends: no conclusion on the warm-up, and averages depend on how long the run is."
    if first.cycle and first.buckets < 2 * first.cycle:
        return (
            f"Demand has a season of {first.cycle:g} buckets, and there are fewer than two of its cycles to look at: nobody can tell the start "
            "from it, so there is no conclusion on the warm-up; a longer horizon would tell."
        )
    if first.buckets < FEWEST:
        return f"Under {who} there are {first.buckets} buckets to look at, and MSER-5 takes {FEWEST}: no conclusion on the warm-up (a shorter `time.bucket` gives more)."
    return (
        f"Under {who} MSER-5 would leave out half of the run or more, so that what is left says nothing: no conclusion on the warm-up; a longer "
        "horizon would tell."
    )


def _reason(start: Start) -> str:
    if start.state == "too short":
        if start.cycle and start.buckets < 2 * start.cycle:
            return "fewer than two cycles of the season"
        return "too few buckets" if start.buckets < FEWEST else "MSER-5 would leave out more than half"
    return {
        "replay": "demand is replayed",
        "season": "a season of which there are too few cycles",
        "step": "stock changes its level",
        "drift": "stock still moves at the end",
    }[start.state]


def _most(sure: Sequence[Start], worst: Start) -> str:
    return f" ({worst.label}, the latest)" if len(sure) > 1 else ""


def _day(facts: Facts, at: float | None) -> str:
    return facts.told(_up(at) - facts.warm_up) if facts.dated else f"{facts.time_unit} {_up(at):g}"


def _up(at: float | None) -> float:
    return round(at or 0.0, 6)


def _share(share: float | None) -> str:
    return percent(round(abs(share or 0.0), 2 if abs(share or 0.0) >= 0.1 else 3))


def _known(x: object) -> float | None:
    number = float(x)  # type: ignore[arg-type]
    return None if number != number else number
