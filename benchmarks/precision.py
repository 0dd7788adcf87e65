"""How often the interval at the end of a run with a precision holds the truth: stages until ± 2 % of the mean, 95 % intervals.

    python benchmarks/precision.py

Samples with a known mean of 100: what stops at narrow intervals favours samples that happen to scatter little, and this is by how much.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from chainsim.statistics import estimate
from chainsim.statistics.amounts import Amount
from chainsim.statistics.stages import Precision, needed, next_size, reached

STUDIES, MOST = 4000, 3000
LAWS: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    "normal": lambda rng: rng.normal(size=MOST),
    "exponential": lambda rng: rng.exponential(size=MOST) - 1.0,
    "rare large losses (1 in 20)": lambda rng: ((rng.random(MOST) < 0.05) - 0.05) / np.sqrt(0.05 * 0.95),
}


def study(draws: np.ndarray, least: int) -> tuple[bool, int]:
    """Whether the last interval holds 100, and its replications."""
    asked, precision, n = Amount(2.0, "%", "total_cost"), Precision((), least, MOST), least
    while True:
        e = estimate(draws[:n].tolist())
        more = n if reached(e, asked) else next_size(precision, n, [needed(e, asked)])
        if more == n:
            assert e.low is not None
            assert e.high is not None
            return e.low <= 100.0 <= e.high, n
        n = more


def main() -> None:
    print("| law | deviation | first stage | interval holds the truth | mean replications |\n|---|---|---|---|---|")
    for law, draw in LAWS.items():
        for deviation in (8.0, 15.0):
            for least in (10, 30):
                rng = np.random.default_rng(11)
                found = [study(100.0 + deviation * draw(rng), least) for _ in range(STUDIES)]
                held, n = np.mean([h for h, _ in found]), np.mean([k for _, k in found])
                print(f"| {law} | {deviation:g} % | {least} | {100 * held:.1f} % | {n:.0f} |", flush=True)


if __name__ == "__main__":
    main()
