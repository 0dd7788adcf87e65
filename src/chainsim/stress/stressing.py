"""One stress test: places out, the library of shocks, and the reverse test, of every policy of a scenario."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from chainsim.engines.base import choose_engine
from chainsim.errors import BudgetError, UsageError
from chainsim.plan.derivation import Levels, chosen_alternatives
from chainsim.plan.frame import Frame
from chainsim.plan.ground import Ground, ground_of
from chainsim.replicate.executors.base import Executor
from chainsim.replicate.executors.choosing import check_jobs
from chainsim.replicate.progress import Clock, Progress
from chainsim.replicate.share import Share
from chainsim.scenario.model import Scenario
from chainsim.statistics import estimate
from chainsim.stress.asking import Part, buffers_told, chosen_shocks, derives, moment_of, parts_of
from chainsim.stress.buffers import cheapest
from chainsim.stress.calm import Calm, cut_short, day_of, watched_closely
from chainsim.stress.library import Shocked, library, measures_of, meets, sample
from chainsim.stress.manifest import identity_of_test, own_changes
from chainsim.stress.outages import Moment, last_moment, outages
from chainsim.stress.places import places_of, with_ways
from chainsim.stress.results import Stress
from chainsim.stress.reverse import Mildest, mildest
from chainsim.stress.shocks import SHOCKS, NothingToShock, Shock, Stage
from chainsim.stress.tables import Felt, survived
from chainsim.stress.watch import Keeping, observe
from chainsim.study import arguments
from chainsim.study.budget import MAX_NUMBERS, check_size, check_watched, told_as_budget_error
from chainsim.study.calibration import calibrated
from chainsim.study.kept import Keeper, Kept

T = TypeVar("T")
DAYS = 30.0
SECONDS_BETWEEN = 10.0
"""Between two sentences on how far the search has come."""
MOST_EVENTS = 1e9
"""Events of a stress test at most, unless more are allowed: some minutes on the compiled engine."""
TRIES = 9
"""Runs of a bisection of the reverse test, about."""
RUNS_BESIDE = 50
"""Runs of each policy beside those of places out, about: shocks and the reverse test."""


def stress(
    scenario: Scenario,
    *,
    policies: Sequence[str] | None = None,
    days: float = DAYS,
    start: float | None = None,
    only: Sequence[Part] | Part | None = None,
    library: Sequence[str] | str | None = None,
    levels: str = "both",
    shocks: Mapping[str, Scenario] | None = None,
    buffers: bool = True,
    replications: int | None = None,
    jobs: int | None = None,
    engine: str | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    tell: Callable[[str], None] | None = None,
    max_events: float = MOST_EVENTS,
    executor: Executor | None = None,
    keeper: Keeper | None = None,
) -> Stress:
    """Stress every policy of a scenario; all shocks meet the same customers and the same luck as the calm path.

    days: how long places are out (periods, where time is in periods). start: when they go out, in time units from the
    start of the run, warm-up included; default a quarter into what is measured. only: some of 'nodes' (every site out),
    'lanes', 'library' (the shocks that are registered, and own ones), 'reverse' (the mildest shock of each kind that breaks a target).
    library: names of the registered shocks to try, in that part and in the reverse test; None: all. levels: 'both', those of the calm world and
    those derived for a shock, or 'unchanged', the first alone. shocks: own shocks, by what they are called: the scenario as it is then. buffers: whether to look for the cheapest stock
    against each place out. policies, replications, seed, jobs, engine: as in `chainsim.run`.

    max_events: refuse a test that would take more, the search for buffers not counted. executor: where is simulated, in place of
    workers of this machine. keeper: keeps what is seen; where it has a share of the work, only that is done, and what comes of it
    is a part.

    Raises UsageError for what cannot be asked, BudgetError for too much of it, ScenarioError when levels cannot be derived, and what a run raises.
    """
    settled = _settled(scenario, policies, replications, seed)
    parts = parts_of(only)
    engine = settled.engine if engine is None else arguments.text("engine", engine, "auto")
    check_jobs(jobs)
    max_events = arguments.above_zero("max_events", max_events)
    check_size(settled, max_events)
    check_watched(settled)
    moment = moment_of(settled, days, start)
    if shocks is not None and not isinstance(shocks, Mapping):
        raise UsageError(f"shocks must be a mapping from names to the paths each changes, not {arguments.told(shocks)}")
    for name in shocks or {}:
        if name in SHOCKS.names():
            raise UsageError(f"a shock called '{name}' is in the library already: give yours another name")
    chosen, again = chosen_shocks(library), derives(levels)
    say = tell or (lambda text: None)
    own = own_changes(scenario, shocks or {})
    kept = None if keeper is None else keeper.opened(identity_of_test(settled, moment, own))
    with told_as_budget_error():
        calm = _levels(settled, "", kept, engine, tell)
        test = _Test(
            settled, calm, moment, engine, jobs, progress, say,
            Keeping(kept, executor), None if keeper is None else keeper.share,
            chosen, again,
        )  # fmt: skip
        test.check_budget(parts, max_events)
        felt = (
            test.places([p for p in ("nodes", "lanes") if p in parts], buffers)
            if {"nodes", "lanes"} & set(parts)
            else []
        )
        stood = test.library(shocks or {}) if "library" in parts else []
        found = test.reverse() if "reverse" in parts else []
    return Stress(
        settled, test.moment, settled.replications, felt, stood, found, survived(stood), test.remarks, test.engine,
        asked={
            "policies": None if policies is None else ",".join(a.name for a in settled.alternatives), "days": days, "start": start,
            "only": None if only is None else ",".join(parts), "replications": replications, "seed": seed,
            **buffers_told(scenario, buffers), "library": None if library is None else ",".join(name for name, _ in chosen),
            "levels": None if again else levels,
        },
        own=own,
    )  # fmt: skip


def _levels(
    scenario: Scenario, words: str, kept: Kept | None, engine: str, tell: Callable[[str], None] | None
) -> Mapping[str, Levels]:
    """The levels of all policies in a scenario; corrections that are kept, by what it is in words, are not looked for again."""
    if kept is None:
        return calibrated(scenario, engine=engine, tell=tell).levels
    entries = kept.words(
        f"levels {words}", lambda: [dict(e) for e in calibrated(scenario, engine=engine, tell=tell).entries]
    )
    return calibrated(scenario, engine=engine, known=entries, search=False).levels


def _settled(
    scenario: Scenario, policies: Sequence[str] | None, replications: int | None, seed: int | None
) -> Scenario:
    if not isinstance(scenario, Scenario):
        raise UsageError(f"stress takes a Scenario, not {arguments.told(scenario)}")
    names = None if policies is None else arguments.names("policies", policies)
    if names is not None and (not names or len(set(names)) < len(names)):
        raise UsageError("policies: name at least one, and each only once")
    return replace(
        scenario,
        alternatives=tuple(chosen_alternatives(scenario, names)),
        replications=scenario.replications
        if replications is None
        else arguments.whole("replications", replications, 1),
        seed=scenario.seed if seed is None else arguments.whole("seed", seed, 0),
    )


class _Test:
    """What the parts of one stress test share."""

    def __init__(
        self,
        scenario: Scenario,
        levels: Mapping[str, Levels],
        moment: Moment,
        engine: str,
        jobs: int | None,
        progress: Progress | None,
        say: Callable[[str], None],
        keeping: Keeping,
        share: Share | None,
        chosen: Sequence[tuple[str, Shock]],
        derives: bool,
    ) -> None:
        """chosen: the shocks of the library that are tried. derives: whether levels are derived for shocks, too."""
        self.chosen, self.derives = chosen, derives
        self.scenario, self.levels, self.moment = scenario, levels, moment
        self.keeping, self.share, self.dealt = keeping, share, 0
        self.jobs, self.progress, self.say = jobs, progress, say
        self.n = scenario.replications
        self.remarks: list[str] = []
        self.asked_engine, self.engine = engine, self._one_engine(engine)
        if not any(product.unit_price for product in scenario.products):
            self.remarks.append("No product has a unit_price: margin lost is a matter of costs only.")
        if not scenario.targets:
            self.remarks.append(
                "The scenario sets no target, so nothing can be said of what survives or breaks it: add targets: {fill_rate: 0.95}."
            )

    def _one_engine(self, wanted: str) -> str:
        """The engine for all of it: hundreds of short runs, which together decide what pays."""
        plans = [calm.plan for calm in self._calms(ground_of(self.scenario))]
        self.expected = sum(plan.expected_events for plan in plans) * self.n
        runs = len(self.scenario.sites) + len(self.scenario.lanes) + RUNS_BESIDE
        return choose_engine(wanted, plans, events=runs * self.expected)

    def check_budget(self, parts: Sequence[str], most: float) -> None:
        """Raises BudgetError when places out and shocks take more events, or what is kept of customers more memory, than may be."""
        ways = {(lane.origin, lane.target, lane.name) for lane in self.scenario.lanes}
        runs = {"nodes": len(self.scenario.sites), "lanes": len(ways), "library": (1 + self.derives) * len(self.chosen)}
        runs["reverse"] = TRIES * len(self.chosen)
        events = self.expected * sum(runs[part] for part in parts)
        if events > most:
            raise BudgetError(
                f"about {events:.1e} events (limit {most:.0e}): {sum(runs[part] for part in parts):,} runs of {self.n} replications and "
                f"{len(self.scenario.alternatives)} policies. Ask for fewer replications or policies, for some parts only "
                "(--only nodes,library), or pass --max-events."
            )
        time = watched_closely(self.scenario).time
        places = {(demand.site, demand.product) for demand in self.scenario.demands}
        numbers = 2.0 * self.n * len(places) * (time.warm_up + time.horizon) / time.bucket
        if {"nodes", "lanes"} & set(parts) and numbers > MAX_NUMBERS:
            raise BudgetError(
                f"{len(places):,} places where customers buy × {self.n} replications is {numbers:.1e} numbers to keep (limit "
                f"{MAX_NUMBERS:.0e}). Ask for fewer replications or a shorter horizon."
            )

    # places out

    def places(self, parts: Sequence[str], buffers: bool) -> list[Felt]:
        """Every site and lane out, under every policy."""
        ground = ground_of(watched_closely(self.scenario))
        known = [p for p in places_of(ground.network, ground.layout) if f"{p.kind}s".replace("site", "node") in parts]
        served = [p for p in known if p.customers]
        unserved = [p.name for p in known if not p.customers]
        if unserved:
            self.remarks.append(f"Nobody is served through {', '.join(unserved)}: out or not, no customer can tell.")
        self.say(f"{len(served)} places out, one at a time …")
        count = self._counter(self.n * (len(served) + 1) * len(self.scenario.alternatives))
        found = []
        for calm in self._calms(ground):
            every = with_ways(served, ground.network, calm.frame.facts)
            ways = self._own(every)
            if not ways:
                continue
            _, outs = outages(
                calm, ways, self.moment, self.n,
                engine=self.engine, jobs=self.jobs, level=self.scenario.confidence, done=count, keeping=self.keeping,
            )  # fmt: skip
            if not buffers:
                found += [Felt(out) for out in outs]
                continue
            self.say(f"the cheapest buffers under {calm.policy} …")
            end = max(last_moment(place, self.moment) for place in every)
            brief = Calm(Frame(calm.frame.alternative, ground_of(cut_short(ground.scenario, end))), calm.levels)
            for out in self._one_by_one(outs, "places"):
                buffer = cheapest(brief, out, self.moment, self.n, self.keeping, engine=self.engine, jobs=self.jobs)
                found.append(Felt(out, buffer))
        return found

    # shocks

    def library(self, own: Mapping[str, Scenario]) -> list[Any]:
        """Every registered shock, and own ones, under every policy."""
        ground = ground_of(self.scenario)
        stage = self._stage(ground)
        shocked = [self._shocked(shock, stage) for _, shock in self.chosen]
        for name, changed in own.items():
            same = _settled(changed, [a.name for a in self.scenario.alternatives], self.n, self.scenario.seed)
            shocked.append(Shocked(name, name, same, same))
        shocked = self._own(shocked)
        if not shocked:
            return []
        for one in shocked:
            if one.why_not:
                self.remarks.append(f"Shock {one.name}: {one.why_not}.")
        self.say(f"{len(shocked)} shocks, levels unchanged{' and derived again' if self.derives else ''} …")
        policies = len(self.scenario.alternatives)
        count = self._counter(self.n * policies * (1 + (1 + self.derives) * sum(not one.why_not for one in shocked)))
        return library(
            self._calms(ground), shocked, self.n,
            derive=self._derived if self.derives else None,
            engine=self.engine, jobs=self.jobs, done=count, keeping=self.keeping,
        )  # fmt: skip

    def _derived(self, changed: Scenario, words: str) -> Mapping[str, Levels]:
        """The levels that planners who know of a shock would choose."""
        self.say(f"levels for {words} …")
        # short simulations choose for themselves: they are far longer than a short test, and the same on each engine
        return _levels(changed, words, self.keeping.kept, self.asked_engine, None)

    def _shocked(self, shock: Shock, stage: Stage) -> Shocked:
        size = self.moment.days if shock.kind == "days" else shock.size
        try:
            scenario, where = shock.apply(stage, size, False)
            planned, _ = shock.apply(stage, size, True)
        except NothingToShock as error:
            return Shocked(shock.name, shock.name, why_not=str(error))
        return Shocked(shock.name, self._words(shock, size, where), scenario, planned)

    def _words(self, shock: Shock, size: float, where: str) -> str:
        told = f"{100 * size:g} %" if shock.kind == "share" else f"{float(f'{size:.1f}'):g} {self.scenario.time.unit}s"
        return shock.title.format(size=told, where=where)

    def reverse(self) -> list[Mildest]:
        """The mildest shock of each kind that breaks a target, policy by policy."""
        if not self.scenario.targets:
            return []
        self.say("the mildest shock of each kind that breaks the target …")
        ground = ground_of(self.scenario)
        stage = self._stage(ground)
        pairs = self._own([(calm, shock) for calm in self._calms(ground) for _, shock in self.chosen])
        return [
            self._mildest(calm, shock, stage) for calm, shock in self._one_by_one(pairs, "kinds of shock by policy")
        ]

    def _mildest(self, calm: Calm, shock: Shock, stage: Stage) -> Mildest:
        scale = day_of(self.scenario.time) if shock.kind == "days" else 1.0
        left = self.scenario.time.warm_up + self.scenario.time.horizon - self.moment.start
        within, most = shock.within * scale, shock.most * scale
        if shock.kind == "days":
            most = min(most, within * (left // within - 1))
        measures = measures_of(self.scenario)
        seen: dict[float, Any] = {}

        def breaks(size: float) -> bool:
            changed, _ = shock.apply(stage, size, False)
            frame = Frame(calm.frame.alternative, ground_of(changed))
            [(_, one)] = observe(
                [calm.subject(measures, plan=frame.plan(calm.levels))], self.n,
                [f"reverse {calm.policy} {shock.name} {size!r}"], self.keeping, engine=self.engine, jobs=self.jobs,
            )  # fmt: skip
            seen[size] = {k: estimate(sample(one, measures, k), self.scenario.confidence) for k in measures}
            return meets(self.scenario, seen[size])[0] is False

        try:
            _, where = shock.apply(stage, within, False)
            fate, at, holds = mildest(breaks, most, within)
        except NothingToShock as error:
            return Mildest(calm.policy, shock.name, shock.kind, "nothing", within, most, why_not=str(error))
        target = next(iter(self.scenario.targets))
        return Mildest(
            calm.policy, shock.name, shock.kind, fate, within, most, at, holds,
            seen[at][target] if at is not None else None, where,
        )  # fmt: skip

    # what they share

    def _own(self, items: Sequence[T]) -> list[T]:
        """Of items of a part those that this shard is to do; all where there are no shards. They are dealt out on and on, so that
        every shard gets some of each part."""
        first, self.dealt = self.dealt, self.dealt + len(items)
        return [item for k, item in enumerate(items, first) if self.share is None or self.share.takes(k)]

    def _calms(self, ground: Ground) -> list[Calm]:
        return [Calm(Frame(a, ground), self.levels[a.name]) for a in self.scenario.alternatives]

    def _stage(self, ground: Ground) -> Stage:
        rates = {i: sum(f.mean_rate for f in streams) for i, streams in ground.crowd.facts.items()}
        places = places_of(ground.network, ground.layout)
        return Stage(
            self.scenario, [(p, sum(rates.get(i, 0.0) for i in p.customers)) for p in places], self.moment.start
        )

    def _counter(self, total: int) -> Callable[[int], None]:
        """Tells how far one part has come, and how long it still takes by its pace since the first runs ended."""
        clock, done = Clock(total, 1), 0
        if self.progress:
            self.progress(0, total, None)

        def count(more: int) -> None:
            nonlocal done
            done += more
            if self.progress:
                self.progress(done, total, clock.left(done, time.monotonic()))

        return count

    def _one_by_one(self, items: Sequence[T], what: str) -> Iterator[T]:
        """The items; every ten seconds it is said how many are done, and how long the others take at that pace."""
        begun = said = time.monotonic()
        for done, item in enumerate(items):
            now = time.monotonic()
            if done and now - said >= SECONDS_BETWEEN:
                said = now
                self.say(
                    f"{done} of {len(items)} {what}, about {(now - begun) / done * (len(items) - done):.0f} s left"
                )
            yield item
