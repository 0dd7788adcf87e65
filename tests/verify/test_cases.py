"""The cases as data: all there, each with what it takes to run it, none dropped."""

from __future__ import annotations

import re

import pytest

from chainsim.errors import UsageError
from chainsim.plan.compile import compile_plan
from chainsim.scenario.load import load
from chainsim.verify import Case, cases, choose, scenario_path
from chainsim.verify.cases import HERE
from chainsim.verify.conventions import CONVENTIONS
from chainsim.verify.readings import READINGS, scale_of, scope_of

CASES = cases()


def test_all_published_cases_are_there() -> None:
    families = {re.sub(r"-\d+$", "", id) for id in CASES}
    assert len(CASES) == 93
    assert len(families) == 57


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_case_is_simulated_or_says_what_is_missing_or_is_a_formula(case: Case) -> None:
    assert case.values
    assert case.title
    assert case.reference
    assert set(case.conventions) <= set(CONVENTIONS)
    assert case.scenarios or case.missing or case.id in FORMULAS
    assert not (case.id in FORMULAS and case.scenarios)


FORMULAS = {"P-ROP-1", "P-GSM-1", "P-GSM-2", "P-GSM-3", "P-OUT-3"}
"""Nothing moves in these: methods that set parameters or look at a given series."""


@pytest.mark.parametrize("case", [c for c in CASES.values() if c.scenarios], ids=lambda c: c.id)
def test_every_reading_has_a_scenario_a_policy_a_place_and_a_measure(case: Case) -> None:
    from chainsim.kpis import KPIS, Scopes

    readings = [r for given in case.simulated.values() for r in given] + list(case.intervals.values())
    for name in case.scenarios:
        scenario = load(scenario_path(name))
        assert [f for f in scenario.warnings if f.severity == "error"] == []
        plan = compile_plan(scenario, scenario.alternatives[0].name)
        scopes = Scopes.of(plan.layout)
        for reading in (r for r in readings if r.scenario == name):
            assert reading.policy in {"", *(a.name for a in scenario.alternatives)}
            assert reading.measure in READINGS or reading.measure in KPIS.names()
            assert scope_of(scopes, reading.place) >= 0
            assert scale_of(reading) in ("share", "units", "ratio")


def test_every_scenario_belongs_to_a_case() -> None:
    used = {name for case in CASES.values() for name in case.scenarios}
    assert {p.stem for p in (HERE / "scenarios").glob("*.yaml")} == used


def test_cases_are_chosen_by_name_or_family() -> None:
    assert [c.id for c in choose(["P-RQ-2", "P-RQ-*"])] == ["P-RQ-2", "P-RQ-1", "P-RQ-3"]
    with pytest.raises(UsageError, match="did you mean 'P-RQ-1'"):
        choose(["P-RQ1"])
