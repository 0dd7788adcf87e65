"""The parity tests can fail: one rule broken in one engine, and the difference is found and told."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainsim.engines import compiled_engine, simpy_engine
from chainsim.engines.parity import first_difference
from chainsim.errors import BudgetError

from .cases import plan_of
from .features import FEATURES
from .mutations import MUTATIONS, Mutation, break_simpy, mutated

pytest.importorskip("numba", reason="the compiled engine needs numba")


def test_every_fault_can_be_planted() -> None:
    """Quick, and before any compiling: the sources still say what each fault changes."""
    for mutation in MUTATIONS:
        mutated(mutation)
        assert mutation.old != mutation.new
        assert mutation.noticed_in in FEATURES, mutation


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: f"{m.function}: {m.old}")
def test_a_broken_rule_is_noticed(mutation: Mutation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(FEATURES[mutation.noticed_in], tmp_path)
    right = compiled_engine.simulate(plan, 0, log=True)
    assert first_difference(simpy_engine.simulate(plan, 0, log=True), right, plan) is None
    broken = break_simpy(mutation, plan, monkeypatch)
    try:
        wrong = simpy_engine.simulate(broken, 0, log=True)
    except (BudgetError, IndexError):
        return  # noticed even sooner
    assert first_difference(wrong, right, plan) is not None
    monkeypatch.undo()
    assert first_difference(simpy_engine.simulate(plan, 0, log=True), right, plan) is None
