"""When a mean agrees, when an interval is narrow enough, when a miss counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chainsim.verify import cases, summarise, verifying
from chainsim.verify.judging import (
    LEVELS,
    Judgement,
    covering,
    equal,
    half_width_wanted,
    judge,
    replications_for,
)
from chainsim.verify.rows import COLUMNS, Row, as_csv, fate
from chainsim.verify.sampling import Sample, seed_of

SPREAD = [1.0, 3.0] * 10  # mean 2, standard error 0.2294


@pytest.mark.parametrize(("known", "agrees"), [(2.0, True), (2.68, True), (2.70, False), (1.32, True), (1.30, False)])
def test_three_standard_errors(known: float, agrees: bool) -> None:
    assert judge(SPREAD, known, 1.0).agrees is agrees


def test_a_wide_interval_proves_nothing() -> None:
    told = judge(SPREAD, 2.0, 0.1)
    assert told.agrees
    assert not told.narrow
    assert replications_for(told) == pytest.approx(1.1 * 20 * (told.half_width / 0.1) ** 2, abs=1)
    assert replications_for(judge(SPREAD, 2.0, 1.0)) == 20


def test_without_variance_only_equality_will_do() -> None:
    assert judge([0.0] * 20, 0.0, 0.002).z == 0
    assert judge([0.5] * 20, 0.5 + 1e-12, 0.002).agrees
    assert not judge([0.5] * 20, 0.5001, 0.002).agrees


def test_the_half_width_wanted() -> None:
    assert half_width_wanted(0.072, "units", 10.0) == 0.02
    assert half_width_wanted(28.0, "units", 10.0) == pytest.approx(0.14)
    assert half_width_wanted(0.95, "share", 10.0) == 0.002
    assert half_width_wanted(2.12, "ratio", 1000.0) == pytest.approx(0.0106)
    assert LEVELS["full"].coarseness == 1.0


def test_exact_is_to_floating_point() -> None:
    assert equal([1.0, [2.0]], [1, [2 + 1e-10]], 1e-9, 0.0)
    assert not equal([1.0, 2.0], [1.0, 2.0 + 1e-8], 1e-9, 0.0)
    assert not equal([1.0], [1.0, 2.0], 1e-9, 0.0)
    assert equal({"b": 2, "a": 1}, {"a": 1, "b": 2}, 1e-9, 0.0)
    assert not equal(1.0, None, 1e-9, 0.0)


def test_what_is_undefined_in_every_replication_has_failed() -> None:
    told = judge([float("nan")] * 20, 0.5, 0.1)
    assert not told.agrees


def test_intervals_that_cover() -> None:
    assert covering([0.0, 1.0] * 5 + [5.0, 6.0] * 5, 0.5) == 1


def test_seeds_are_keyed_by_case() -> None:
    assert len({seed_of(id, attempt) for id in cases() for attempt in (0, 1)}) == 2 * len(cases())


def test_a_miss_is_run_again_on_a_fresh_seed_with_four_times_the_effort(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both readings of a made-up case miss at first; on the second seed one of them agrees."""
    case = replace(cases()["P-PALM-1"], simulated={"OH": cases()["P-PALM-1"].simulated["OH"][:2]})
    known, asked = case.values["OH"], []

    def samples_of(case: Any, engine: str, attempt: int = 0, only: Any = None) -> list[Sample]:
        asked.append((attempt, only))
        return [Sample(case.id, engine, None, case.simulated["OH"])]  # type: ignore[arg-type]

    def fill(samples: Any, jobs: Any, progress: Any = None) -> None:
        for sample in samples:
            off = (0.0, 0.01) if len(asked) == 2 else (0.01, 0.01)
            n = sample.wanted
            for reading, o in zip(sample.readings, off, strict=True):
                sample.columns[reading] = [known + o + (-1) ** k * 0.01 for k in range(n)]
            sample.demands, sample.events = [{"constant": 4.0, "exponential": 4.0}] * n, 1.0

    monkeypatch.setattr(verifying, "samples_of", samples_of)
    monkeypatch.setattr(verifying, "fill", fill)
    rows = verifying._simulate([case], LEVELS["full"], "simpy", None, None)[case.id]
    assert asked == [(0, None), (1, {"OH"})]
    assert [(r.verdict, r.n) for r in rows] == [("passed", 80), ("failed", 80)]
    assert all("second seed" in r.note for r in rows)
    assert (summarise(rows).failures, summarise(rows).reruns) == (1, 1)


@pytest.mark.parametrize(("off", "part", "asked"), [(0.0, 1.0, True), (0.0, 0.5, True), (1000.0, 1.0, False)])
def test_more_replications_are_asked_for_unless_it_is_hopeless(off: float, part: float, asked: bool) -> None:
    case = replace(cases()["P-PALM-1"], simulated={"OH": cases()["P-PALM-1"].simulated["OH"][:1]})
    (reading,) = case.simulated["OH"]
    sample = Sample(case.id, "simpy", None, (reading,), wanted=20, events=20.0)  # type: ignore[arg-type]
    sample.columns[reading] = [case.values["OH"] + off + (-1) ** k for k in range(20)]
    sample.demands = [{"constant": 4.0}] * 20
    verifying._ask_for_more(case, [sample], LEVELS["full"], part)
    needed = replications_for(judge(sample.columns[reading], case.values["OH"], 0.005 * case.values["OH"]))  # type: ignore[arg-type]
    assert needed > 10_000
    assert sample.wanted == (pytest.approx(20 + part * (needed - 20), abs=1) if asked else 20)


def test_cases_are_counted_once_by_their_worst_number() -> None:
    assert fate({"passed", "failed", "missing"}) == "failed"
    assert fate({"passed", "too wide"}) == "failed"
    assert fate({"passed", "missing"}) == "missing"
    assert fate({"passed", "not run"}) == "not run"
    rows = [row("A", "passed"), row("A", "failed"), row("B", "passed"), row("C", "missing", how="")]
    told = summarise(rows)
    assert (told.cases, told.passed, told.failed, told.missing, told.quantities) == (3, 1, 1, 1, 3)


def test_the_table_as_csv() -> None:
    lines = as_csv([row("P-RQ-1", "passed")]).decode().splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert lines[1].startswith("P-RQ-1,OH,,simulated,simpy,7.5,7.51,0.1,0.2,0.2,20,passed")


def row(case: str, verdict: Any, how: Any = "simulated") -> Row:
    return Row(case, "OH", "", how, "simpy", 7.5, 7.51, 0.1, 0.2, 0.2, 20, verdict)


def test_judgement_is_what_it_says() -> None:
    told = Judgement(1.0, 0.1, 3.0, 20, 0.1)
    assert told.agrees
    assert told.narrow
