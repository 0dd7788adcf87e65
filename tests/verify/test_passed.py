"""What the code keeps of a verification: counts of whole engines only, and never of a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainsim.errors import UsageError
from chainsim.verify import as_csv, cases
from chainsim.verify.passed import Passed
from chainsim.verify.rows import Row, Verdict


def folder(path: Path, *rows: Row) -> Path:
    path.mkdir()
    (path / "verify.csv").write_bytes(as_csv(rows))
    return path


def theory(case: str) -> Row:
    return Row(case, "OH", "", "theory", "", 1.0, 1.0, None, None, None, 1, "passed")


def run(case: str, engine: str, verdict: Verdict = "passed") -> Row:
    return Row(case, "OH", "", "simulated", engine, 1.0, 1.0, 0.1, 0.2, 0.0, 20, verdict)


def test_a_verification_may_be_made_in_pieces(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", theory("A"), run("A", "simpy"), theory("C"))
    two = folder(tmp_path / "two", theory("B"), run("B", "simpy"))
    other = folder(tmp_path / "other", theory("A"), run("A", "compiled"), theory("B"), run("B", "compiled"))
    told = Passed.of([one, two, other], "full")
    assert (told.engines, told.cases, told.passed, told.comparisons) == (("simpy", "compiled"), 3, 3, 7)


def test_an_engine_that_did_not_simulate_all_of_them_does_not_count(tmp_path: Path) -> None:
    part = folder(tmp_path / "part", theory("A"), run("A", "simpy"))
    whole = folder(tmp_path / "whole", theory("A"), run("A", "compiled"), run("B", "compiled"))
    told = Passed.of([part, whole], "full")
    assert (told.engines, told.cases, told.comparisons) == (("compiled",), 2, 3)
    with pytest.raises(UsageError, match="no engine"):
        Passed.of([part, folder(tmp_path / "rest", run("B", "compiled"))], "full")


def test_a_failure_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="1 cases failed"):
        Passed.of([folder(tmp_path / "one", run("A", "simpy", "failed"))], "full")


def test_what_is_kept_can_be_read() -> None:
    assert Passed.read().cases == len(cases())
