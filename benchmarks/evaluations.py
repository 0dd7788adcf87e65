"""What one evaluation of other levels takes on a bench (`chainsim.replicate.bench`): CPU milliseconds, the best of several.

python benchmarks/evaluations.py scenarios/grocer.yaml [30]      every policy, so many replications
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from itertools import count

import chainsim
from chainsim.policies.base import Settings
from chainsim.policies.moved import moved
from chainsim.replicate.bench import Bench


def milliseconds(work: Callable[[], object], times: int = 15) -> float:
    best = float("inf")
    for _ in range(times):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return 1000.0 * best


def row(bench: Bench, replications: int) -> tuple[float, ...]:
    """Milliseconds of moving all levels, of the Plan, of taking it into the engine's memory, and of all of it simulated and read."""
    turns = count()

    def changes() -> dict[tuple[str, str], Settings]:
        rise = next(turns)
        return {place: moved(known, float(1 + (k + rise) % 7)) for k, (place, known) in enumerate(bench.levels.items())}

    tries = [changes() for _ in range(4)]
    bench.observe(tries[0], count=1)
    plans = [bench.plan(levels) for levels in tries]
    state = bench._runners[0]._state
    return (
        milliseconds(changes),
        milliseconds(lambda: bench.plan(tries[next(turns) % 4])),
        milliseconds(lambda: state.turn_to(plans[next(turns) % 4])),
        milliseconds(lambda: bench.observe(tries[next(turns) % 4], count=replications), 7),
    )


def main(path: str, replications: int = 30) -> None:
    scenario = chainsim.load(path).scenario
    print(f"{path}: {len(scenario.points)} stock points, {replications} replications")
    print("| policy | move | compile | take into memory | simulate and read |")
    print("|---|---|---|---|---|")
    for alternative in scenario.alternatives:
        found = row(Bench(scenario, alternative.name, engine="compiled"), replications)
        print(f"| {alternative.name} | {' | '.join(f'{x:.3g}' for x in found)} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], *(int(x) for x in sys.argv[2:]))
