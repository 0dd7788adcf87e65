"""The goals, and what was measured beside each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from findings import Contest, Findings
from models.workload import WARM_UP, WORKLOADS
from probes import (
    ALONE,
    AXES,
    CHAINSIM,
    COMPILED,
    ENGINES,
    GROWTH,
    LEAN,
    REPLICATIONS,
    START,
    STATISTICS,
    STOCKPYL,
    TUNED,
    W3,
    W3_SIMPY,
    WRITTEN,
    C,
    point,
)

TOLERANCE = 0.02
"""Largest relative difference in orders placed, from the lean model, at which speeds are still compared."""
MISSING = "–"


@dataclass(frozen=True)
class Goal:
    """One row. `limit` None: for information. `found` None: `why` says why there is no number."""

    text: str
    limit: float | None
    found: float | None
    unit: str = "×"
    at_least: bool = False
    why: str = "not available"

    @property
    def row(self) -> str:
        wanted = MISSING if self.limit is None else f"{'≥' if self.at_least else '≤'} {self.limit:,g}{self.unit}"
        measured = self.why if self.found is None else f"{figure(self.found)}{self.unit}"
        return f"| {self.text} | {wanted} | {measured} | {self.verdict} |"

    @property
    def verdict(self) -> str:
        if self.limit is None or self.found is None:
            return MISSING
        met = self.found >= self.limit if self.at_least else self.found <= self.limit
        return "yes" if met else "**no**"


def figure(value: float) -> str:
    """Three figures, without an exponent."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def goals(f: Findings) -> str:
    """All of them, by what they are about."""
    blocks = {
        "The simpy engine": simpy_engine(f),
        "The compiled engine": compiled_engine(f),
        "Replications, wall clock": replications(f),
        "Start-up, wall clock": start(f),
        "Common random numbers": statistics(f),
        "Growth": growth(f),
    }
    head = "| | goal | measured | met |\n|---|---:|---:|---|"
    told = []
    for name, rows in blocks.items():
        kept = list(rows)
        if any(goal.found is not None for goal in kept):  # otherwise nobody asked for this part
            told.append("\n".join([f"#### {name}\n\n{head}", *(goal.row for goal in kept)]))
    return "\n\n".join(told)


# speed


def simpy_engine(f: Findings) -> Iterator[Goal]:
    written = "store-days/s, × SupplyNetPy as its documentation writes it"
    yield faster(f, CHAINSIM, WRITTEN, "w1_c", written, 20)
    yield faster(f, CHAINSIM, WRITTEN, "w1_d", written, 10)
    yield faster(f, CHAINSIM, WRITTEN, "w2_d", written)
    for workload in ("w1_c", "w1_d", "w2_d"):
        yield faster(f, CHAINSIM, TUNED, workload, "store-days/s, × SupplyNetPy tuned by us")
    yield faster(f, CHAINSIM, STOCKPYL, "w1_d", "store-days/s, × stockpyl", 60)
    yield faster(f, CHAINSIM, STOCKPYL, "w2_d", "store-days/s, × stockpyl")
    for workload in WORKLOADS:
        limit = 2.0 if workload in ("w1_c", "w1_d") else None
        yield slower(f, CHAINSIM, LEAN, workload, "time of a replication, × the lean simpy model", limit)
    yield Goal("W2-D: peak memory", 300, f.middle("w2_d", CHAINSIM, "peak_mb"), " MB")
    text = "time per store-day on W2-D ÷ on W1-D (1,000 stores ÷ 10)"
    yield Goal(text, 2, ratio(rate(f, "w1_d", CHAINSIM), rate(f, "w2_d", CHAINSIM)))


def compiled_engine(f: Findings) -> Iterator[Goal]:
    for workload in WORKLOADS:
        limit = 20.0 if workload in ("w1_c", "w1_d") else None
        yield faster(f, COMPILED, CHAINSIM, workload, "store-days/s, × chainsim's own simpy engine", limit)
    for workload in ("w1_c", "w1_d"):
        yield faster(f, COMPILED, WRITTEN, workload, "store-days/s, × SupplyNetPy as its documentation writes it", 500)
        yield faster(f, COMPILED, TUNED, workload, "store-days/s, × SupplyNetPy tuned by us")
    yield faster(f, COMPILED, STOCKPYL, "w1_d", "store-days/s, × stockpyl", 2000)
    for workload in WORKLOADS:
        limit = 2.5 if workload in ("w1_c", "w2_c") else None
        stretch = " (stretch: ≤ 1×)" if limit else ""
        yield slower(f, COMPILED, C, workload, f"time of a replication, × C{stretch}", limit)
    for workload in WORKLOADS:
        alone, c = f.middle(workload, ALONE, "run"), f.middle(workload, C, "run")
        text = "the engine alone, without audit and measures, × C"
        yield Goal(f"{WORKLOADS[workload].title}: {text}", None, ratio(alone, c))
    yield Goal("W2-D: peak memory", None, f.middle("w2_d", COMPILED, "peak_mb"), " MB")


def faster(f: Findings, ours: str, theirs: str, workload: str, text: str, limit: float | None = None) -> Goal:
    """How many times as many store-days a second; refused when the work was not the same."""
    times, why = compared(f, workload, ours, theirs)
    return Goal(f"{WORKLOADS[workload].title}: {text}", limit, times, at_least=True, why=why)


def slower(f: Findings, ours: str, theirs: str, workload: str, text: str, limit: float | None) -> Goal:
    """How many times as long a replication takes; refused when the work was not the same."""
    times, why = compared(f, workload, theirs, ours)
    return Goal(f"{WORKLOADS[workload].title}: {text}", limit, times, why=why)


def compared(f: Findings, workload: str, quick: str, slow: str) -> tuple[float | None, str]:
    """Rate of the one ÷ rate of the other, or None and why not."""
    why = refusal(f, workload, quick, slow)
    return (None if why else ratio(rate(f, workload, quick), rate(f, workload, slow))), why


def refusal(f: Findings, workload: str, *names: str) -> str:
    """Why these contenders must not be compared on a workload; '' when they may be."""
    yardstick = f.contest(workload, LEAN)
    for name in names:
        found = f.contest(workload, name)
        if found is None or yardstick is None:
            return "not available"
        difference = found.orders / yardstick.orders - 1.0
        if abs(difference) > TOLERANCE:
            return f"refused: {name} placed {difference:+.1%} orders"
    return ""


def rate(f: Findings, workload: str, name: str) -> float | None:
    found: Contest | None = f.contest(workload, name)
    return found.rate if found else None


def ratio(a: float | None, b: float | None) -> float | None:
    return a / b if a is not None and b is not None else None


# what a user waits for


def replications(f: Findings) -> Iterator[Goal]:
    low, high = (f.middle(REPLICATIONS, "simpy, 2 processes", "seconds", place) for place in (0, 1))
    simpy = None
    if low is not None and high is not None:
        simpy = low + (W3 - W3_SIMPY[0]) * (high - low) / (W3_SIMPY[1] - W3_SIMPY[0])
    first = f.middle(REPLICATIONS, "compiled, 2 threads", "seconds", 0)
    again = [f.middle(REPLICATIONS, f"compiled, {n}", "seconds", 1) for n in ("1 thread", "2 threads")]
    w3 = f"W3 ({W3:,} replications of W1-C by `chainsim.run`)"
    yield Goal(f"{w3}, simpy engine, 2 processes, from {W3_SIMPY[0]} and {W3_SIMPY[1]} replications", None, simpy, " s")
    yield Goal(f"{w3}, compiled engine, 2 threads, start included", None, first, " s")
    yield Goal(f"{w3}, simpy ÷ compiled", 25, ratio(simpy, first), at_least=True)
    yield Goal("the same once more in the same process, 1 thread", None, again[0], " s")
    yield Goal("the same once more, 2 threads", None, again[1], " s")
    yield Goal("1 thread ÷ 2 threads", 1.5, ratio(*again), at_least=True)


def start(f: Findings) -> Iterator[Goal]:
    numpy, told = (f.middle(START, name, "seconds") for name in ("numpy", "help"))
    yield Goal('`chainsim --help` ÷ `python -c "import numpy"`', 2, ratio(told, numpy))
    yield Goal("`chainsim --help`", None, told, " s")
    loaded = [run["numba"] for run in f.of(START, "simpy")]
    yield Goal("runs of the simpy engine that import numba", 0, float(sum(loaded)) if loaded else None, "")
    yield Goal("first simulation in a process, compiled before, minus the second", 1, first_time(f, "cached"), " s")
    yield Goal("the same with an empty cache: compiling", 10, first_time(f, "empty cache"), " s")


def first_time(f: Findings, name: str) -> float | None:
    first, second = (f.middle(START, name, key) for key in ("first", "second"))
    return first - second if first is not None and second is not None else None


# statistics and growth


def statistics(f: Findings) -> Iterator[Goal]:
    changes = {
        "reorder point of the DC 2,300 → 2,500": ("dc_s", 50.0),
        "order quantity of the stores 100 → 80": ("store_q", 3.0),
        "reorder point of the stores 75 → 80": ("store_s", None),
        "reorder point of the DC 2,300 → 2,500, lead times with a coefficient of variation of 0.1": (
            "dc_s, cv 0.1",
            None,
        ),
    }
    for text, (change, limit) in changes.items():
        for measure, name in (("cost", "cost"), ("fill_rate", "fill rate"), ("on_hand", "stock of the stores")):
            found = f.middle(STATISTICS, "common random numbers", f"{change}: {measure}")
            yield Goal(f"{text}: {name}", limit if measure == "cost" else None, found, at_least=True)


def growth(f: Findings) -> Iterator[Goal]:
    for engine in ENGINES:
        for axis, sizes in AXES.items():
            low, high = sizes[0], sizes[-1]
            seconds = "seconds" if axis == "replications" else "replication"
            small, large = (f.middle(GROWTH, point(engine, axis, size), seconds) for size in (low, high))
            times = high / low if axis != "years" else (WARM_UP + 365 * high) / (WARM_UP + 365 * low)
            text = f"{engine}: time for {high:,} {axis} ÷ for {low:,}, ÷ {times:.3g}"
            yield Goal(text, 2, ratio(large, small and small * times))
    peaks = {}
    for workload, most in (("w1_d", 1000.0), ("w1_c", None)):
        events, peaks[workload] = (f.middle(GROWTH, f"large {workload}", key) for key in ("events", "peak_mb"))
        told = "" if events is None else f" ({events / 1e6:.1f} million events)"
        text = f"compiled: 1,000 stores × 10 products × 2 years of {WORKLOADS[workload].title}{told}"
        yield Goal(f"{text}, peak memory", most, peaks[workload], " MB")
        yield Goal(f"{text}, CPU time", None, f.middle(GROWTH, f"large {workload}", "seconds"), " s")
    yield Goal("compiled: peak memory of the latter ÷ of the former", None, ratio(peaks["w1_c"], peaks["w1_d"]))
