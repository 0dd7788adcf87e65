"""A replication to step through: stock points followed event by event in words, as much of it as a mailed page should carry."""

from __future__ import annotations

import base64
import gzip
import json
import shlex
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from chainsim.engines.base import simulate
from chainsim.errors import ChainsimError
from chainsim.plan.plan import Plan
from chainsim.record.follow import Period, untraced
from chainsim.report.decision.situation import Situation
from chainsim.report.facts import Policy
from chainsim.report.names import shown
from chainsim.report.numbers import several
from chainsim.showing import plural
from chainsim.study.loading import Study
from chainsim.study.manifest import command_of
from chainsim.study.results import Results
from chainsim.study.tracing import Trace, moment, traced

ROWS = 30
"""Rows of an excerpt at most."""
MOST_SENTENCES = 160
"""Of one excerpt: rows end before there are more."""
MOST_BYTES = 15_000
"""Of all excerpts together, compressed."""
MOST_EVENTS = 150_000
"""Of a replication that is simulated again for the page."""
BEFORE = 5
"""Rows before the one in which somebody goes short."""
MOST_POLICIES = 4
LONG = {"hour": 24}
"""Units of time of which so many make a row; else one."""


@dataclass(frozen=True)
class Excerpt:
    """The first rows of a trace. command: what goes on from there; '' where none does."""

    policy: Policy
    trace: Trace
    command: str

    @property
    def title(self) -> str:
        return f"{shown(self.policy.label, 40)} · {shown(self.trace.site, 30)}, {shown(self.trace.product, 30)}"


@dataclass(frozen=True)
class Steps:
    """excerpts: the first is shown without scripts too; none where `why` says it. data: all of them, gzipped, in base64."""

    excerpts: tuple[Excerpt, ...]
    data: str = ""
    why: str = ""

    @property
    def first(self) -> Excerpt:
        return self.excerpts[0]

    @property
    def heads(self) -> list[str]:
        return self.first.trace.shown()[0]

    @property
    def rows(self) -> list[list[str]]:
        return self.first.trace.shown()[1]

    @property
    def note(self) -> str:
        """What is there, and what is not."""
        trace = self.first.trace
        unit = trace.unit if trace.every == 1 else f"{moment(trace.every)} {plural(trace.unit)}"
        short = any(_short(row) for row in trace.periods)
        why = ", a little before somebody first goes short after the warm-up" if short else ""
        wrong = any(row.books for excerpt in self.excerpts for row in excerpt.trace.periods)
        books = ", plus what the books have beyond the shelf" if wrong else ""
        return (
            f"Replication 0 from {trace.at(trace.periods[0].start)} on{why}; the same customers under every policy. A row is "
            f"{'a' if trace.every == 1 else 'of'} {unit}: closing = opening + received − sold (less what went bad or was lent), and position = "
            f"closing + on order − owed{books}. This page carries {several(len(self.excerpts), 'excerpt')} of at most {ROWS} rows."
        )


def steps(results: Results, s: Situation) -> Steps | None:
    """Excerpts of the recommended policy first, where it serves worst and at who supplies that; then of the others.

    None where nothing can be followed; Steps with `why` where it would take too long.
    """
    policies = list(dict.fromkeys([s.chosen, s.baseline, *s.facts.policies]))[:MOST_POLICIES]
    plans = {policy: results.plan_of(policy.name) for policy in policies}
    events = max(plan.expected_events for plan in plans.values())
    if events > MOST_EVENTS:
        return Steps((), why=f"one replication is about {events:,.0f} events, too many to do again for a page")
    found: list[Excerpt] = []
    data = ""
    for excerpt in _excerpts(results, s, plans):
        packed = _packed([*found, excerpt])
        if len(packed) * 3 > MOST_BYTES * 4:
            break
        found.append(excerpt)
        data = packed
    return Steps(tuple(found), data) if found else None


def _excerpts(results: Results, s: Situation, plans: dict[Policy, Plan]) -> Iterator[Excerpt]:
    """Place by place, each under all policies."""
    first = plans[s.chosen]
    places = _places(s, first)
    engine, first_row = results.warm_engine, -1
    records = {policy: simulate(plan, 0, engine=engine, log=True) for policy, plan in plans.items()} if places else {}
    for p in places:
        site, product = first.layout.sites[first.layout.site[p]], first.layout.products[first.layout.product[p]]
        for policy, plan in plans.items():
            every = LONG.get(plan.clock.unit, 1)
            try:
                trace = traced(records[policy], plan, site, product, plan.clock.end / plan.clock.ticks_per_unit, every)
            except ChainsimError:  # not to be followed under this policy
                continue
            first_row = _begin(trace) if first_row < 0 else first_row
            trace = _cut(trace, first_row)
            if trace.periods:
                yield Excerpt(policy, trace, _command(results, policy, trace))


def _places(s: Situation, plan: Plan) -> list[int]:
    """The stock point with customers that is served worst, and those that supply it, one after the other."""
    layout = plan.layout
    bought = [p for p in np.unique(plan.customers["point"]).tolist() if not untraced(plan, p)]
    if not bought:
        return []

    def served(p: int) -> float:
        mean = s.facts.mean(s.chosen, "fill_rate", layout.sites[layout.site[p]], layout.products[layout.product[p]])
        return 2.0 if mean is None else mean

    found = [min(bought, key=served)]
    while True:
        lanes = np.flatnonzero((plan.lanes["target"] == found[-1]) & (plan.lanes["origin"] >= 0))
        above = int(plan.lanes["origin"][lanes[0]]) if len(lanes) else -1
        if above < 0 or above in found or untraced(plan, above):
            return found
        found.append(above)


def _begin(trace: Trace) -> int:
    """The row to begin with: a little before somebody goes short for the first time after the warm-up."""
    measured = [i for i, row in enumerate(trace.periods) if row.measured]
    short = next((i for i in measured if _short(trace.periods[i])), measured[0] if measured else 0)
    return max(measured[0] if measured else 0, short - BEFORE)


def _short(row: Period) -> bool:
    return row.owed > 0.0 or row.lost > 0.0 or row.elsewhere > 0.0


def _cut(trace: Trace, first: int) -> Trace:
    """Rows from `first` on, as many as have no more sentences than a reader may step through."""
    times, rows = [event.time for event in trace.events], trace.periods[first : first + ROWS]
    places = [bisect_left(times, row.start - 1e-9) for row in rows]
    places.append(bisect_left(times, rows[-1].start + trace.every - 1e-9) if rows else 0)
    count = sum(place - places[0] <= MOST_SENTENCES for place in places[1:])
    return replace(trace, events=trace.events[places[0] : places[count]], periods=rows[:count])


def _command(results: Results, policy: Policy, trace: Trace) -> str:
    """The command that tells the same and more."""
    manifest = results.manifest
    if "held" in manifest["identity"]:
        return ""
    until = f"{moment(trace.periods[-1].start + trace.every)} {plural(trace.unit)}"
    asked = {"policy": policy.name, "site": trace.site, "product": trace.product, "until": until}
    asked |= {"every": moment(trace.every)} if trace.every != 1 else {}
    origin: Study | None = results.origin
    if origin is None:
        return " ".join(["chainsim trace scenario.yaml", *(f"--{k} {shlex.quote(v)}" for k, v in asked.items())])
    seed = {} if origin.scenario.seed == manifest["seed"] else {"seed": str(manifest["seed"])}
    return command_of("trace", origin.scenario, asked | seed)


def _packed(excerpts: Sequence[Excerpt]) -> str:
    """What the page's script reads: every excerpt with its table and, row by row, its sentences with their times."""
    data = []
    for excerpt in excerpts:
        trace = excerpt.trace
        heads, cells = trace.shown()
        starts = [row.start for row in trace.periods]
        events: list[list[list[str]]] = [[] for _ in cells]
        for event in trace.events:
            events[bisect_right(starts, event.time + 1e-9) - 1].append([trace.at(event.time), event.words])
        data.append(
            {"title": excerpt.title, "command": excerpt.command, "heads": heads, "rows": cells, "events": events}
        )
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()
