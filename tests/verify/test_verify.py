"""`chainsim verify` finds what is wrong: three faults put in on purpose, and quick cases that then fail."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from chainsim.engines.world import World
from chainsim.kpis import KPIS
from chainsim.kpis.base import ratio
from chainsim.policies import s_Q, s_S
from chainsim.record.stack import Records
from chainsim.replicate.task import Logs
from chainsim.rules.phases import SHIPMENT_DUE
from chainsim.verify import Row, choose, sampling, summarise, verify, verifying
from chainsim.verify.judging import BEYOND_CHANCE, LEVELS, Level

TRACES = ["P-TRC-3", "P-TRC-5"]
STATISTICAL = ["P-RQ-1"]
Fault = Callable[[pytest.MonkeyPatch], None]


def quick(names: list[str]) -> list[Row]:
    return verify(choose(names), "quick", ["simpy"], jobs=1)


def failures(rows: list[Row]) -> set[str]:
    return {row.quantity for row in rows if row.verdict == "failed"}


@pytest.fixture
def briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken system may vary wildly: no need to look at it for long."""
    monkeypatch.setitem(LEVELS, "quick", Level(8.0, 1e5, 20))
    monkeypatch.setattr(verifying, "RERUN_EFFORT", 1)


def a_period_late(patch: pytest.MonkeyPatch) -> None:
    """Every shipment arrives one period after it should."""
    right = World.expect

    def expect(self: World, kind: int, at: int, index: int) -> None:
        right(self, kind, at + (self.plan.clock.bucket if kind == SHIPMENT_DUE else 0), index)

    patch.setattr(World, "expect", expect)


def a_unit_below(patch: pytest.MonkeyPatch) -> None:
    """Orders are placed below s instead of at or below it."""
    for policy, rule in ((s_Q.FixedQuantity, s_Q.order_quantity), (s_S.MinMax, s_S.order_quantity)):
        patch.setattr(policy, "rule", staticmethod(lambda sp, p, m, r=rule: r(sp, (p[0] - 1.0, *p[1:]), m)))


def late_units_filled(patch: pytest.MonkeyPatch) -> None:
    """The fill rate counts what was backordered and served later as filled."""
    wrong = replace(
        KPIS.get("fill_rate"), compute=lambda v: ratio(v.units("filled") + v.units("backfilled"), v.demanded)
    )
    patch.setitem(KPIS._things, "fill_rate", wrong)


def test_unbroken_they_pass() -> None:
    rows = quick([*TRACES, *STATISTICAL])
    assert failures(rows) == set()
    assert summarise(rows).passed == 3


@pytest.mark.parametrize(
    ("fault", "cases"),
    [
        (a_period_late, TRACES),
        (a_period_late, STATISTICAL),
        (a_unit_below, ["P-TRC-3"]),
        (a_unit_below, STATISTICAL),
        (late_units_filled, ["P-TRC-3"]),
        (late_units_filled, STATISTICAL),
    ],
)
@pytest.mark.usefixtures("briefly")
def test_a_fault_makes_quick_cases_fail(fault: Fault, cases: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    fault(monkeypatch)
    rows = quick(cases)
    assert failures(rows)
    assert summarise(rows).failed == len(cases)


@pytest.mark.parametrize("fault", [a_period_late, a_unit_below, late_units_filled])
@pytest.mark.usefixtures("briefly")
def test_a_fault_is_seen_by_cases_worked_by_hand(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases without chance, in one process, where the fault is."""
    fault(monkeypatch)
    assert summarise(quick(["P-TRC-*", "P-SIM-1", "P-SIM-3", "P-JIT-1", "P-BEER-2"])).failed >= 1


def test_a_case_that_breaks_off_has_failed_and_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that stops a run (an audit that does not balance, a crash) is a wrong number too."""
    right = sampling.Observer.__call__

    def observe(self: sampling.Observer, records: Records, logs: Logs) -> sampling.Seen:
        if any(reading.scenario in ("P-TRC-3", "P-RQ-1") for reading in self.readings):
            raise ZeroDivisionError("no way")
        return right(self, records, logs)

    monkeypatch.setattr(sampling.Observer, "__call__", observe)
    rows = verify(choose(["P-TRC-1", "P-TRC-3", "P-RQ-1", "P-RQ-3"]), "quick", ["simpy"], 1)
    summary = summarise(rows)
    assert (summary.passed, summary.failed) == (2, 2)
    bad = [row for row in rows if row.verdict == "failed"]
    assert {row.case for row in bad} == {"P-TRC-3", "P-RQ-1"}
    assert all(
        re.fullmatch(r"could not be simulated: policy '\w+': ZeroDivisionError: no way", row.note) and row.n == 0
        for row in bad
    )
    assert {row.quantity for row in bad if row.case == "P-RQ-1"} == set(choose(["P-RQ-1"])[0].simulated)


@pytest.mark.usefixtures("briefly")
def test_only_what_may_be_chance_gets_a_second_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders placed a unit too low are far beyond chance for the fill rate: that fails at once. (A shipment that is late is not even
    simulated: the audit stops it.)"""
    a_unit_below(monkeypatch)
    far = {row.quantity: abs(row.z or 0.0) > BEYOND_CHANCE for row in quick(STATISTICAL) if row.verdict == "failed"}
    assert far["fill_rate"]
    monkeypatch.setattr(verifying, "RERUN_EFFORT", 0)  # whoever asks for a second seed now gets no replications at all
    monkeypatch.setattr(verifying, "BEYOND_CHANCE", 0.0)
    assert {row.quantity for row in quick(STATISTICAL) if row.verdict == "failed"} == set(far)
