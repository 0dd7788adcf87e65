"""Do 95 % intervals hold the truth 95 times in 100? Counted on a slow mover, whose true fill rate is known.

`python benchmarks/interval_coverage.py` simulates many studies of 30, 100 and 300 replications, prints how often their intervals hold the truth and
writes `benchmarks/interval_coverage.json`, from which `python docs/make_how_we_know.py` makes the table of the manual. About a minute of one
processor; needs numba. Ends with 1 when a ratio of sums covers less often than `LEAST`.

The model: Poisson customers, 0.03 a day, lead time 30 days, base stock 2 (and 3, for the paired difference), a year: eleven customers a
replication. What is on order is Poisson with mean 0.9 (Palm), so the fill rate is P(N < 2) = 0.7725.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from chainsim.engines.base import replications
from chainsim.kpis import KPIS, Ratio, Scopes, View
from chainsim.plan.compile import compile_plan
from chainsim.scenario.load import load_text
from chainsim.statistics import Estimate, Sample, compare, estimate
from chainsim.theory.base_stock import palm

HOME = Path(__file__).with_name("interval_coverage.json")
SIZES, STUDIES, POOL, LEAST = (30, 100, 300), 2000, 300_000, 0.93
RATE, LEAD_TIME, LEVELS = 0.03, 30, {"two": 2, "three": 3}
SCENARIO = f"""
chainsim: 1
title: A slow mover
time: {{unit: day, warm_up: 300, horizon: 365, bucket: 365}}
replications: 30
seed: 2027
products: {{p: {{}}}}
sites: {{supplier: {{kind: supplier}}, store: {{kind: store}}}}
lanes: [{{from: supplier, to: store, lead_time: {LEAD_TIME}}}]
demand: [{{site: store, product: p, type: arrivals, gap: {{dist: exponential, rate: {RATE}}}}}]
policies:
{"".join(f"  {name}: {{type: base_stock, order_up_to_level: {level}}}" + chr(10) for name, level in LEVELS.items())}"""

Array = np.ndarray[Any, Any]
Columns = tuple[Array, Array]
Interval = Callable[[slice], Estimate]


def measured(policy: str, kpi: str, count: int) -> Columns:
    """Numerators and denominators of a ratio over the network, by replication."""
    plan = compile_plan(load_text(SCENARIO, "coverage"), policy)
    scopes = Scopes.of(plan.layout, "network")
    parts = []
    for records in replications(plan, 0, count, engine="compiled"):
        found = KPIS.get(kpi).compute(View(records, plan, scopes))
        assert isinstance(found, Ratio)
        parts.append((found.numerator[:, 0], found.denominator[:, 0]))
    above, below = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return above, below


def own_ratios(columns: Columns) -> list[float]:
    """Each replication's own ratio, NaN where there is none."""
    return Ratio(*columns).value.tolist()  # type: ignore[no-any-return]


def sample(columns: Columns, here: slice) -> Sample:
    return Sample(columns[0][here].tolist(), columns[1][here].tolist(), share=True)


def covered(truth: float, interval: Interval, size: int) -> dict[str, Any]:
    """How often the intervals of studies of this size hold the truth, and where they lie on average."""
    told = [interval(slice(first, first + size)) for first in _starts(size)]
    held = [e.low is not None and e.high is not None and e.low <= truth <= e.high for e in told]
    share = sum(held) / len(held)
    error = math.sqrt(share * (1.0 - share) / len(held))
    means = [e.mean for e in told if e.mean is not None]
    widths = [e.half_width for e in told if e.half_width is not None]
    return {
        "replications": size, "studies": len(told), "coverage": share, "standard_error": error,
        "mean": math.fsum(means) / len(means), "half_width": math.fsum(widths) / len(widths),
    }  # fmt: skip


def _starts(size: int) -> range:
    return range(0, min(STUDIES, POOL // size) * size, size)


def rows() -> Iterator[dict[str, Any]]:
    """The table: quantity, estimator and size of the study."""
    fills = {name: measured(name, "fill_rate", POOL) for name in LEVELS}
    waits = measured("two", "wait_mean", POOL)
    known = {name: palm(RATE, LEAD_TIME, level) for name, level in LEVELS.items()}
    truth = known["two"].ready_rate
    two, three = fills["two"], fills["three"]
    own = {name: own_ratios(columns) for name, columns in fills.items()}
    quantities: Sequence[tuple[str, float, str, Interval]] = (
        ("fill rate", truth, "mean of ratios, Student", lambda here: estimate(own["two"][here])),
        ("fill rate", truth, "ratio of sums, jackknife on the logit", lambda here: estimate(sample(two, here))),
        (
            "mean wait", known["two"].backorders / RATE, "ratio of sums, jackknife",
            lambda here: estimate(Sample(waits[0][here].tolist(), waits[1][here].tolist())),
        ),
        (
            "gain in fill rate of one more in stock", known["three"].ready_rate - truth, "mean of paired differences, Student",
            lambda here: compare(own["three"][here], own["two"][here]).difference,
        ),
        (
            "gain in fill rate of one more in stock", known["three"].ready_rate - truth, "difference of ratios of sums, jackknife over pairs",
            lambda here: compare(sample(three, here), sample(two, here)).difference,
        ),
    )  # fmt: skip
    for quantity, value, method, interval in quantities:
        for size in SIZES:
            yield {"quantity": quantity, "truth": value, "method": method, **covered(value, interval, size)}


def main() -> int:
    table = list(rows())
    for row in table:
        print(
            f"{row['quantity']:40} {row['method']:52} n={row['replications']:4} truth {row['truth']:.4f} mean {row['mean']:.4f} "
            f"± {row['half_width']:.4f} covered {100 * row['coverage']:.1f} ± {196 * row['standard_error']:.1f} % of {row['studies']}"
        )
    HOME.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    return int(any(row["coverage"] < LEAST for row in table if "ratio" in row["method"] and "sums" in row["method"]))


if __name__ == "__main__":
    sys.exit(main())
