"""The list of deliberate faults stays plantable, and its script can both pass and fail. `.ci/run` plants them
all: `python tests/mutations.py`."""

from __future__ import annotations

import pytest

from tests import mutations
from tests.mutations import MUTATIONS, Mutation


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_fault_can_be_planted(name: str) -> None:
    assert mutations.problems(name) == ""
    assert all((mutations.ROOT / test.split("::")[0]).is_file() for test in MUTATIONS[name].tests.split())


@pytest.mark.slow
def test_faults_are_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutations.main(["trigger_below_s", "fill_rate_counts_backfills", "--jobs", "2"]) == 0
    told = capsys.readouterr().out
    assert "test_s_Q_orders_at_or_below_s" in told
    assert "2 of 2 faults noticed" in told


@pytest.mark.slow
def test_a_fault_that_changes_nothing_survives(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = MUTATIONS["trigger_below_s"]
    monkeypatch.setitem(MUTATIONS, "none", Mutation(first.file, first.old, first.old + "  # the same", first.tests))
    monkeypatch.setitem(MUTATIONS, "gone", Mutation(first.file, "no such line", "", first.tests))
    assert mutations.main(["none", "gone"]) == 1
    told = capsys.readouterr().out
    assert told.count("SURVIVED") == 2
    assert "s_Q.py says 0 times, not once" in told


def test_an_unknown_fault_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutations.main(["no_such_fault"]) == 2
    assert "no such fault: no_such_fault" in capsys.readouterr().err
