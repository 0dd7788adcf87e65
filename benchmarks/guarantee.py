"""Is the sentence that ends a selection true as often as it says? Counted on problems whose right answer is known.

`python benchmarks/guarantee.py` makes many studies of each problem, lets `chainsim.statistics.selection` (and its
referee, `sequential`) decide on each, prints how often they were right and writes `benchmarks/guarantee.json`, from
which `python docs/make_statistics.py` makes the table of the manual. Some minutes of one processor; needs numpy and
scipy only. Ends with 1 when a sentence held less often than promised. `python benchmarks/guarantee.py 40` makes 40
studies of each, to try; `… 400 0 1 2` the first three problems only, and keeps what is known of the others.

*held*: the sentence told at the end was true: every candidate marked serves the target, and nobody who serves target
+ within is more than X cheaper than the winner. *always*: so were those told at every look, up to the last, whether a
study would have stopped before or not. *right*: the winner serves more than the target and costs less than the
indifference above the best of those that serve target + within, or there is no winner and nobody does.

Normal problems are hard on purpose: costs exactly the indifference apart, services a hair below the target (marking
them is wrong) or exactly `within` above (dropping them is wrong). The inventories are simulated by a few lines of
numpy, from a stationary start, and their costs and fill rates are exact by `chainsim.theory`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chainsim.statistics.answers import Answer
from chainsim.statistics.at_target import at_target, slope_between
from chainsim.statistics.observed import Observed
from chainsim.statistics.selection import Selection, Terms, look_sizes
from chainsim.statistics.sequential import sequential
from chainsim.theory.lead_time_demand import LeadTimeDemand
from chainsim.theory.reorder_point import poisson_measures
from chainsim.theory.s_S import cost_of_s_S, inventory_cost, poisson_probabilities, renewal_density

HOME = Path(__file__).with_name("guarantee.json")
STUDIES, CONFIDENCE, HAIR, MOST = 400, 0.95, 1e-6, 1024

Array = np.ndarray[Any, np.dtype[np.float64]]
Columns = tuple[Array, Array, Array]
Draw = Callable[[np.random.Generator, int], Columns]


@dataclass(frozen=True)
class Problem:
    """Candidates of known service [candidate] and cost per time unit [candidate, or threshold and candidate]; `draw`
    simulates so many replications: numerators, denominators, cost (which may be [threshold, candidate,
    replication])."""

    name: str
    service: Array
    cost: Array
    targets: tuple[float, ...]
    within: float
    indifference: float
    draw: Draw


def normal(
    name: str,
    service: Sequence[float],
    cost: Sequence[float],
    targets: tuple[float, ...],
    within: float,
    sd: float,
    correlation: float = 0.0,
) -> Problem:
    """Normal replications: 100 units demanded, sd units of noise in service and 5 in cost, one unit of cost material."""
    level, money = np.array(service), np.array(cost, float)

    def draw(rng: np.random.Generator, n: int) -> Columns:
        def noise() -> Array:
            common, own = rng.normal(size=n), rng.normal(size=(len(level), n))
            return np.sqrt(correlation) * common + np.sqrt(1.0 - correlation) * own

        demanded = np.full((len(level), n), 100.0)
        return demanded * level[:, None] + sd * noise(), demanded, money[:, None] + 5.0 * noise()

    return Problem(name, level, money, targets, within, 1.0, draw)


def carried(name: str, service: Sequence[float], cost: Sequence[float], target: float, slope: float) -> Problem:
    """Costs that rise with service, year by year too, carried to exactly the target along a slope from a hundred
    replications of its own."""
    level, money = np.array(service), np.array(cost, float)

    def years(rng: np.random.Generator, shift: float, n: int) -> list[Observed]:
        demanded = 1000.0 * rng.normal(1.0, 0.05, size=n)
        luck = rng.normal(0.0, 0.01, size=n)
        rates = level[:, None] + shift + luck + rng.normal(0.0, 0.001, size=(len(level), n))
        paid = money[:, None] + slope * (rates - level[:, None]) + rng.normal(0.0, 1.0, size=(len(level), n))
        return [Observed(c, r * demanded, demanded) for c, r in zip(paid, rates, strict=True)]

    def draw(rng: np.random.Generator, n: int) -> Columns:
        seed = int(rng.integers(2**32))
        low, high = (years(np.random.default_rng(seed), shift, 100) for shift in (-0.002, 0.002))
        seen = years(rng, 0.0, n)
        made = [
            at_target(one, target, slope_between(a, b, range(100)), range(100, 100 + n)).cost
            for one, a, b in zip(seen, low, high, strict=True)
        ]
        return np.array([s.numerators for s in seen]), np.array([s.denominators for s in seen]), np.array(made)

    return Problem(name, level, money - slope * (level - target), (target,), 0.004, 1.0, draw)


def lots(
    name: str, rate: float, lead_time: float, prices: tuple[float, float, float], pairs: Sequence[tuple[int, int]], horizon: float,
    targets: Callable[[Array], tuple[float, ...]], within: float, indifference: float,
) -> Problem:  # fmt: skip
    """(r, Q) under Poisson customers of one unit and a constant lead time; prices of an order, of a unit in stock, of
    a unit owed."""
    order, holding, owing = prices
    known = [poisson_measures(rate * lead_time, r, q) for r, q in pairs]
    cost = [
        order * rate / q + holding * m.on_hand + owing * m.backorders for m, (_, q) in zip(known, pairs, strict=True)
    ]
    service = np.array([m.fill_rate for m in known])

    def draw(rng: np.random.Generator, n: int) -> Columns:
        count = int(rate * (horizon + lead_time) + 8.0 * np.sqrt(rate * (horizon + lead_time)) + 8.0)
        arrivals = rng.exponential(1.0 / rate, size=(n, count)).cumsum(axis=1) - lead_time
        start = rng.random(n)
        found = [_lots(arrivals, start, r, q, lead_time, horizon, prices) for r, q in pairs]
        return tuple(np.array(part) for part in zip(*found, strict=True))  # type: ignore[return-value]

    return Problem(name, service, np.array(cost), targets(service), within, indifference, draw)


def _lots(
    arrivals: Array, start: Array, r: int, q: int, lead_time: float, horizon: float, prices: tuple[float, float, float]
) -> Columns:
    """Units filled at once, units demanded, cost per time unit in [0, horizon), of every row; the position is uniform
    a lead time before."""
    n, count = arrivals.shape
    position = r + 1 + np.floor(start * q)
    nth = np.arange(1, count + 1) + (r + q - position)[:, None]  # units below r + q after each customer
    ordered = nth % q == 0
    receipts = np.where(ordered, arrivals + lead_time, np.inf)
    times = np.concatenate([arrivals, receipts], axis=1)
    moves = np.concatenate([np.full((n, count), -1.0), np.full((n, count), float(q))], axis=1)
    sequence = np.argsort(times, axis=1, kind="stable")
    times, moves = np.take_along_axis(times, sequence, 1), np.take_along_axis(moves, sequence, 1)
    after = position[:, None] + moves.cumsum(axis=1)
    inside = (times >= 0.0) & (times < horizon)
    customers = inside & (moves < 0.0)
    filled = (customers & (after - moves >= 1.0)).sum(axis=1).astype(float)
    level = np.concatenate([position[:, None], after], axis=1)
    edges = np.concatenate([np.zeros((n, 1)), np.clip(times, 0.0, horizon), np.full((n, 1), horizon)], axis=1)
    lasting = np.diff(edges, axis=1)
    order, holding, owing = prices
    stock, owed = (np.maximum(level, 0.0) * lasting).sum(axis=1), (np.maximum(-level, 0.0) * lasting).sum(axis=1)
    orders = (ordered & (arrivals >= 0.0) & (arrivals < horizon)).sum(axis=1)
    return filled, customers.sum(axis=1).astype(float), (order * orders + holding * stock + owing * owed) / horizon


def min_max(
    name: str,
    mean: float,
    pairs: Sequence[tuple[int, int]],
    periods: int,
    target: Callable[[Array], float],
    within: float,
    indifference: float,
) -> Problem:
    """(s, S) reviewed every period before its Poisson demand, no lead time: K = 64, h = 1, b = 9 (Zheng & Federgruen
    1991)."""
    demand, price = poisson_probabilities(mean), inventory_cost(LeadTimeDemand(mean, 0.0, "poisson"), 1.0, 9.0)
    cost = np.array([cost_of_s_S(s, S, 64.0, demand, price) for s, S in pairs])
    stays = [np.array(renewal_density(demand, S - s)) for s, S in pairs]
    units = np.arange(len(demand))
    filled_at = [[float(np.minimum(units, max(S - j, 0)) @ np.array(demand)) for j in range(S - s)] for s, S in pairs]
    service = np.array([w @ np.array(f) / w.sum() / mean for w, f in zip(stays, filled_at, strict=True)])

    def draw(rng: np.random.Generator, n: int) -> Columns:
        wanted = rng.poisson(mean, size=(periods, n)).astype(float)
        start = rng.random(n)
        found = []
        for (s, S), weight in zip(pairs, stays, strict=True):
            level = S - np.searchsorted(weight.cumsum() / weight.sum(), start).astype(float)
            filled, paid = np.zeros(n), np.zeros(n)
            for d in wanted:
                filled += np.minimum(np.maximum(level, 0.0), d)
                level = level - d
                paid += np.where(level > 0.0, level, -9.0 * level)
                short = level <= s
                paid += 64.0 * short
                level = np.where(short, float(S), level)
            found.append((filled, wanted.sum(axis=0), paid / periods))
        return tuple(np.array(part) for part in zip(*found, strict=True))  # type: ignore[return-value]

    return Problem(name, service, cost, (target(service),), within, indifference, draw)


def problems() -> list[Problem]:
    """All of them."""
    q = 0.95
    just_short = q - HAIR
    shop = [(3, 5), (2, 5), (4, 5), (3, 7), (4, 4), (5, 5)]
    slow = [(1, 1), (2, 1), (3, 1), (4, 1)]
    return [
        normal("normal, cost only, 4 candidates", [0.99] * 4, [100, 101, 101, 101], (), 0.0, 1.0),
        normal("normal, cost only, 12 candidates", [0.99] * 12, [100] + [101] * 11, (), 0.0, 1.0),
        normal("normal, cost, 2 candidates, correlated", [0.99] * 2, [100, 101], (q,), 0.02, 1.0, 0.5),
        normal("normal, service, 1 candidate a hair short", [just_short], [100], (q,), 0.02, 8.0),
        normal("normal, service, 4 candidates", [q + 0.02, *[just_short] * 3], [100, 90, 90, 90], (q,), 0.02, 8.0, 0.3),
        normal("normal, both, 6 candidates", [q + 0.02] * 3 + [just_short] * 3, [100, 101, 101, 90, 99, 95], (q,), 0.02, 4.0, 0.3),
        normal("normal, both, 12 candidates", [q + 0.02] * 6 + [just_short] * 6, [100, *[101] * 5, *[90] * 6], (q,), 0.02, 4.0, 0.3),
        normal(
            "normal, both, 6 candidates, 5 thresholds", [0.92, 0.95, 0.96, 0.98, 0.985, 0.99], [96, 97, 98, 99, 100, 101],
            (0.9, q + HAIR, 0.96 + HAIR, 0.98 + HAIR, 0.99 + HAIR), 0.01, 4.0, 0.3,
        ),
        carried("cost carried to exactly 97 %, 4 candidates", [0.971, 0.9725, 0.9705, 0.9715], [100, 101.5, 101, 101], 0.97, 500.0),
        lots("six (r, Q), P-RQ-3's shop", 1.5, 2.0, (100.0, 20.0, 150.0), shop, 180.0, lambda s: (float(s[1]) + HAIR,), 0.02, 3.0),
        lots("six (r, Q), 5 thresholds", 1.5, 2.0, (100.0, 20.0, 150.0), shop, 180.0, lambda s: tuple(sorted(float(x) + HAIR for x in s)[:5]), 0.01, 3.0),
        lots("four base-stock levels, 11 customers a year", 0.03, 30.0, (0.0, 1.0, 20.0), slow, 365.0, lambda s: (float(s[1]) + HAIR,), 0.02, 0.2),
        lots("the same, target 98.7 %", 0.03, 30.0, (0.0, 1.0, 20.0), slow, 365.0, lambda s: (float(s[2]) + HAIR,), 0.004, 0.2),
        min_max("six (s, S), P-ZF-1, mean 21", 21.0, [(15, 65), (15, 55), (13, 65), (18, 65), (20, 75), (17, 60)], 120, lambda s: float(s[2]) + HAIR, 0.005, 0.5),
    ]  # fmt: skip


class Years:
    """Replications of one study, drawn in blocks as they are asked for."""

    def __init__(self, problem: Problem, seed: tuple[int, ...]) -> None:
        self.problem, self.rng = problem, np.random.default_rng(seed)
        self.columns = problem.draw(self.rng, 64)

    def first(self, n: int) -> list[Observed]:
        while self.columns[0].shape[-1] < n:
            more = self.problem.draw(self.rng, max(64, n - self.columns[0].shape[-1]))
            self.columns = tuple(np.concatenate(pair, axis=-1) for pair in zip(self.columns, more, strict=True))  # type: ignore[assignment]
        above, below, cost = (column[..., :n] for column in self.columns)
        return [Observed(c, a, b) for c, a, b in zip(cost, above, below, strict=True)]


def true(problem: Problem, told: Answer) -> bool:
    """Whether what is said for one threshold is so."""
    target = -np.inf if told.target is None else float(np.max(told.target))
    if (problem.service[list(told.serves)] < target).any():
        return False
    able = problem.service >= target + problem.within - 1e-12
    if told.winner is None or told.gap is None or not able.any():
        return True
    return bool(problem.cost[told.winner] - problem.cost[able].min() <= told.gap + 1e-9)


def right(problem: Problem, target: float, winner: int | None) -> bool:
    """Whether the choice is one that the procedures promise."""
    able = problem.service >= target + problem.within - 1e-12
    if winner is None:
        return not able.any()
    best = problem.cost[able].min() if able.any() else np.inf
    return bool(problem.service[winner] >= target and problem.cost[winner] < best + problem.indifference - 1e-9)


def study(problem: Problem, seed: tuple[int, ...]) -> dict[str, float]:
    """One study: what the staged procedure said when it stopped and at every look, and what the referee chose."""
    years, terms = (
        Years(problem, seed),
        Terms(problem.targets, problem.within, problem.indifference, CONFIDENCE, look_sizes()),
    )
    selection, end, always = Selection.of(len(problem.service), terms), None, True
    while selection.size is not None:
        seen: list[Observed | None] = list(years.first(selection.size))
        selection = selection.look([one if i in selection.wanted else None for i, one in enumerate(seen)])
        always &= all(true(problem, told) for told in selection.answers)
        if end is None and selection.done:
            end = selection
    assert end is not None
    targets = [t if isinstance(t, float) else -np.inf for t in (told.target for told in end.answers)]
    found = {
        "held": float(all(true(problem, told) for told in end.answers)), "always": float(always),
        "converged": float(all(told.converged for told in end.answers)),
        "right": float(all(right(problem, t, told.winner) for t, told in zip(targets, end.answers, strict=True))),
        "replications": float(sum(end.answers[0].replications)),
    }  # fmt: skip
    size = 64
    while problem.targets:
        chosen = sequential(
            years.first(size), problem.targets, problem.within, problem.indifference, CONFIDENCE, block=5
        )
        if not chosen.capped or size >= MOST:
            found["referee_right"] = float(
                all(right(problem, t, w) for t, w in zip(targets, chosen.winners, strict=True))
            )
            found["referee_replications"] = float(sum(chosen.replications))
            break
        size *= 2
    return found


def measured(problem: Problem, number: int, studies: int) -> dict[str, Any]:
    """Shares and means over many studies of one problem."""
    told = [study(problem, (2027, number, i)) for i in range(studies)]
    return {
        "problem": problem.name, "candidates": len(problem.service), "thresholds": len(problem.targets), "studies": studies,
        **{key: sum(one[key] for one in told) / studies for key in told[0]},
    }  # fmt: skip


def main() -> int:
    studies = int(sys.argv[1]) if len(sys.argv) > 1 else STUDIES
    known = {row["problem"]: row for row in json.loads(HOME.read_text("utf-8"))} if HOME.exists() else {}
    table = []
    for number, problem in enumerate(problems()):
        if not sys.argv[2:] or str(number) in sys.argv[2:]:
            row = measured(problem, number, studies)
            print(
                number,
                "  ".join(
                    f"{key} {value:.4g}" if isinstance(value, float) else f"{value}" for key, value in row.items()
                ),
                flush=True,
            )
            table.append(row)
        elif problem.name in known:
            table.append(known[problem.name])
    if studies >= STUDIES:
        HOME.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    return int(any(row["held"] < CONFIDENCE for row in table))


if __name__ == "__main__":
    sys.exit(main())
