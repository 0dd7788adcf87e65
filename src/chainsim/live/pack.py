"""What a living page needs of a scenario's Plans: memory, levers, and the measures as a program.

The contract: give `pack` the Plan of every policy as mailed, and for every lever the Plans at each of its positions. Python has made all of
them with `compile_plan`, so whatever a lever means is decided there: a service target, demand with the policies held, demand the planners
know of, a price. `pack` compares memory word by word and keeps what differs.

    packed = pack(
        {"eoq": plan, "s_Q": other},
        [
            Lever("target", [{"eoq": at_90, "s_Q": other_at_90}, {}, {"eoq": at_99, "s_Q": other_at_99}], base=1),
            Lever("carrying_rate", [{"eoq": dear, "s_Q": other_dear}, {}], base=1),
        ],
        replications=30,
    )
    packed.page     plain data for JSON (no NaN, no bytes): see `Study` in engine/study.js
    packed.words    every number there is, gzipped
    packed.modules  the engines: the shipped one first, then those of policies of outside packages

A page embeds all three (gzipped, in base64) and makes a `Study` of them.

- Position k of a lever holds the Plans of the policies it changes there. A policy left out is as mailed; `{}` is the position as mailed.
- A lever that moves prices only needs no mark: where only prices differ, the page simulates nothing.
- Levers may be moved at once. `packed.clashes` names pairs that touch a common word of some policy: such a word moves by the sum of what each
  of them moves it by (levels, lots and initial stock are such sums). Whether that is what a Plan with both edits says is for the caller to try
  (`memory.adds_up`), or the pair excludes each other (`levers_pairs`).
- All Plans are of one network, clock and seed; what measures take for given (`GIVEN`) no lever may move.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import nan
from typing import Any

import numpy as np

from chainsim.engines.compiled.layout import FIELDS, LISTS, TABLES
from chainsim.kpis import KPIS, Months, Scopes
from chainsim.kpis.scopes import Detail
from chainsim.live.memory import BLANK, GROWING, HELD, KEPT, POOLED, WORKED_ON, Memory, Moved, runs
from chainsim.live.module import Engines
from chainsim.live.reached import Reached
from chainsim.live.trace import Traced, traced
from chainsim.live.words import Words
from chainsim.plan.buckets import bucket_edges, full_buckets
from chainsim.plan.plan import Plan
from chainsim.record.record import LEVELS
from chainsim.record.totals import TOTALS
from chainsim.statistics.estimate import student_quantile
from chainsim.statistics.risk import normal_quantile

Array = np.ndarray[Any, Any]

FORMAT = 2
"""Of the page data: engine/study.js refuses another."""
Mailed = Mapping[str, tuple[float, float]]
"""By measure the numerator and denominator (NaN: none) of replication 0, over the whole network."""


@dataclass(frozen=True)
class Lever:
    """id: its name in the page. positions: at each, the Plans of the policies that differ there from the mailed ones.
    base: the position as mailed."""

    id: str
    positions: Sequence[Mapping[str, Plan]]
    base: int


@dataclass(frozen=True)
class Packed:
    """What a page embeds; see the module. off: policies that cannot run in the page, and why. refused: measures that cannot be told
    there, and why. clashes: pairs of levers that touch a common word."""

    page: dict[str, Any]
    words: bytes
    modules: tuple[bytes, ...]
    off: dict[str, str]
    refused: dict[str, str]
    clashes: tuple[tuple[str, str], ...]


def pack(
    plans: Mapping[str, Plan],
    levers: Sequence[Lever] = (),
    *,
    replications: int,
    level: float = 0.95,
    detail: Detail = "stock_point",
    mailed: Mapping[str, Mailed] | None = None,
    memory_of: Callable[[Plan], Memory] = Memory.of,
) -> Packed:
    """Everything a page needs to simulate these policies, with these levers.

    level: of the intervals. detail: how far down measures go. mailed: by policy what was run, for the page to compare itself with.
    memory_of: the memory of a Plan, where it may be known already.
    Raises ValueError for a lever that moves what measures take for given, that names an unknown policy, or whose base is no position.
    """
    _check(plans, levers)
    engines = Engines()
    numbers, off = {}, {}
    for name, plan in plans.items():
        numbers[name], reason = engines.number_of(plan.rules)
        if reason:
            off[name] = reason
    whole = {id(plan): memory_of(plan) for plan in _running(plans, levers, off)}
    reached = Reached(list(whole.values()), replications)
    memories = {name: reached.of(whole[id(plan)]) for name, plan in plans.items() if name not in off}
    needs: list[Mapping[str, int]] = [memory.room for memory in memories.values()]
    moved: dict[tuple[str, str], Moved] = {}
    for lever in levers:
        for name, memory in memories.items():
            patches = [
                memory.patch_to(reached.of(whole[id(position[name])]) if name in position else memory)
                for position in lever.positions
            ]
            needs += [patch.room for patch in patches]
            moved[lever.id, name] = Moved.of(memory, patches)
    room = {name: max((of[name] for of in needs), default=0) for name in (*HELD, *KEPT, *BLANK, *POOLED)}
    some, words = next(iter(plans.values())), Words()
    program = traced(some, Scopes.of(some.layout, detail))
    clashes = tuple(
        (a.id, b.id) for a, b in combinations(levers, 2) if any(moved[a.id, n].meets(moved[b.id, n]) for n in memories)
    )
    page = {
        "format": FORMAT,
        "replications": replications,
        "level": level,
        "student": words.put(np.array([student_quantile(n, level) for n in range(1, max(replications, 2))])),
        "normal": normal_quantile(level),
        "draws": words.put(reached.draws),
        **_place(room),
        **_calendar(some),
        "scopes": [[scope.level, scope.site, scope.product] for scope in Scopes.of(some.layout, detail).names],
        "program": _program(program, words),
        "policies": [
            {
                "name": name,
                "engine": numbers[name],
                "off": off.get(name, ""),
                "memory": _put(memories[name], words) if name in memories else [],
                "mailed": _mailed((mailed or {}).get(name), program, words),
            }
            for name in plans
        ],
        "levers": [
            {
                "id": lever.id,
                "positions": len(lever.positions),
                "base": lever.base,
                "moves": [_moves(moved.get((lever.id, name)), words) for name in plans],
            }
            for lever in levers
        ],
        "clashes": [list(pair) for pair in clashes],
    }
    return Packed(page, words.packed(), tuple(engines.modules), off, program.refused, clashes)


def _running(plans: Mapping[str, Plan], levers: Sequence[Lever], off: Mapping[str, str]) -> list[Plan]:
    """The Plans of the policies that run in the page, as mailed and at all positions."""
    settings = [plans, *(position for lever in levers for position in lever.positions)]
    return [plan for setting in settings for name, plan in setting.items() if name not in off]


def _check(plans: Mapping[str, Plan], levers: Sequence[Lever]) -> None:
    """Refuse levers that the page would tell wrongly."""
    given = _given(next(iter(plans.values())))
    for lever in levers:
        if not 0 <= lever.base < len(lever.positions):
            raise ValueError(f"lever '{lever.id}': base {lever.base} is none of its {len(lever.positions)} positions")
        for name, plan in ((name, plan) for position in lever.positions for name, plan in position.items()):
            if name not in plans:
                raise ValueError(f"lever '{lever.id}': unknown policy '{name}'; known: {', '.join(plans)}")
            for what, array in _given(plan).items():
                if not np.array_equal(array, given[what]):
                    raise ValueError(f"lever '{lever.id}' moves {what}, which the measures in a page take for given")


def refused(plans: Mapping[str, Plan], positions: Sequence[Mapping[str, Plan]]) -> str:
    """Why a lever with these positions cannot be in a page; '' where it can."""
    try:
        _check(plans, [Lever("it", positions, 0)])
    except ValueError as error:
        return str(error).removeprefix("lever 'it' ")
    return ""


def _given(plan: Plan) -> dict[str, Any]:
    """What the program of the measures takes for given: no lever may move it."""
    clock, layout, money = plan.clock, plan.layout, plan.money
    return {
        "the clock": np.array([clock.warm_up, clock.end, clock.bucket, clock.ticks_per_unit, clock.units_per_year]),
        "the capacity of a resource": plan.resources,
        "where lanes begin": plan.lanes["origin"],
        "where lanes end": plan.lanes["target"],
        "stock points": np.array([layout.site, layout.product, layout.unlimited]),
        "where customers buy": layout.customers,
        "who owns what is in transit": money.in_transit_point,
        "when holding is charged": money.bucket_ends,
    }


def _place(room: Mapping[str, int]) -> dict[str, Any]:
    """Where things are in memory: arrays with the words they have room for, and pools with rows, words of a row and which of these
    begin at −1, and the rows of each that one event may need for each claim, and for each where jobs wait for components."""
    return {
        "fields": list(FIELDS),
        "held": [[name, room[name], _columns(name)] for name in HELD],
        "workedOn": [WORKED_ON[0], WORKED_ON[-1]],
        "kept": [[name, room[name]] for name in KEPT],
        "blank": [[name, room[name]] for name in BLANK],
        "pools": [[[name, room[name], *_row_of(name)] for name in pool.arrays] for pool in GROWING],
        "perClaim": [pool.per_claim for pool in GROWING],
        "perJob": [pool.per_job for pool in GROWING],
    }


def _row_of(name: str) -> tuple[int, list[int]]:
    """Words of a row of a pool, and which of them begin at −1; the others begin at 0."""
    if name in LISTS:
        return 1, []
    columns = TABLES[name].columns
    assert all(c.initial in (0, -1) for c in columns)
    return len(columns), [i for i, c in enumerate(columns) if c.initial == -1]


def _calendar(plan: Plan) -> dict[str, Any]:
    """Buckets: their ends in time units, which of them are in the window with their full length, and months."""
    edges = bucket_edges(plan.clock)
    return {
        "unit": plan.clock.unit,
        "edges": [float(edge) / plan.clock.ticks_per_unit for edge in edges],
        "full": np.flatnonzero(full_buckets(edges, plan.clock)).tolist(),
        "month": Months.of(edges, plan.clock).length,
        "flows": len(LEVELS),
        "columns": {name: len(TABLES[name].columns) for name in TOTALS},
    }


def _put(memory: Memory, words: Words) -> list[list[int]]:
    """Where the words of each array are, and how many."""
    return [[words.put(memory.words[name], _columns(name)), len(memory.words[name])] for name in HELD]


def _columns(name: str) -> int:
    """Words of a row of a table; 1 for a list."""
    return len(TABLES[name].columns) if name in TABLES else 1


def _moves(moved: Moved | None, words: Words) -> list[int]:
    """A lever's words for one policy: where its runs are (array, first word, count), how many runs, where the words at all positions are,
    and whether the policy has to run again. [] when the lever leaves the policy alone."""
    if not moved:
        return []
    told = [
        (HELD.index(name), first, count) for name, (places, _) in moved.changes.items() for first, count in runs(places)
    ]
    table = np.concatenate([there for _, there in moved.changes.values()], axis=1)
    return [
        words.put(np.array(told, np.int64), 3),
        len(told),
        words.put(table, table.shape[1]),
        int(moved.runs_again()),
    ]


def _mailed(mailed: Mailed | None, program: Traced, words: Words) -> list[int]:
    """Where the numerators and denominators of replication 0 are, in the order of the program's measures; [] when none were given."""
    if mailed is None:
        return []
    return [words.put(np.array([mailed.get(id, (nan, nan)) for id in program.measures], np.float64))]


def _program(made: Traced, words: Words) -> dict[str, Any]:
    """The operations that somebody needs, renumbered; lists and constants by their places in the words."""
    program = made.program
    needed, waiting = set(), list(made.roots)
    while waiting:
        n = waiting.pop()
        if n not in needed:
            needed.add(n)
            waiting += program.operands_of(n)
    number = {n: k for k, n in enumerate(sorted(needed))}
    kpis = {id: KPIS.get(id) for id in made.measures}
    return {
        "operations": [[program.operations[n][0], *program.renumbered(n, number)] for n in sorted(needed)],
        "sizes": [program.sizes[n] for n in sorted(needed)],
        "lists": [[words.put(numbers), len(numbers)] for numbers in program.lists],
        "constants": [[words.put(numbers), len(numbers)] for numbers in program.constants],
        "measures": [
            {
                "id": id,
                "above": number[above],
                "below": None if below is None else number[below],
                "share": kpis[id].unit == "share",
                "better": kpis[id].direction,
            }
            for id, (above, below) in made.measures.items()
        ],
        "series": {name: number[n] for name, n in made.series.items()},
        "months": {name: number[n] for name, n in made.months.items()},
    }
