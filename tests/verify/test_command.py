"""The command: table, files, exit code; the page loads nothing and shows every case."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest

from chainsim.cli import execute
from chainsim.report.verification import page
from chainsim.verify import choose, verify

from .test_verify import late_units_filled

FEW = ["P-TRC-1", "P-ALLOC-1", "P-JIT-1"]


def run(*words: str) -> int:
    return execute(["verify", "--quick", "--engine", "simpy", "--jobs", "1", *words])


def test_table_files_and_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*FEW, "--out", str(tmp_path)) == 0
    out, err = capsys.readouterr()
    assert "3 cases: 3 passed, 0 failed" in out
    assert "verify.html" in err
    with (tmp_path / "verify.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {r["case"] for r in rows} == set(FEW)
    assert {r["verdict"] for r in rows} == {"passed"}
    assert {r["how"] for r in rows} == {"theory", "exact"}


def test_a_wrong_number_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    late_units_filled(monkeypatch)
    assert run("P-TRC-1", "--out", str(tmp_path)) == 1
    assert "1 failed" in capsys.readouterr().out
    assert 'class="failed"' in (tmp_path / "verify.html").read_text("utf-8")


def test_a_folder_that_takes_no_files_is_noticed_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chainsim.verify.verify", lambda *_: pytest.fail("hours of work for nothing"))
    (tmp_path / "file").write_text("in the way")
    assert run("P-TRC-1", "--out", str(tmp_path / "file")) == 4
    assert "--out" in capsys.readouterr().err
    assert run("P-TRC-1", "--scenarios", str(tmp_path / "file")) == 4
    assert "--scenarios" in capsys.readouterr().err


def test_quiet_tells_of_failures_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("P-TRC-1", "--quiet", "--out", str(tmp_path)) == 0
    assert capsys.readouterr() == ("", "")
    late_units_filled(monkeypatch)
    assert run("P-TRC-1", "--quiet", "--out", str(tmp_path)) == 1
    out, err = capsys.readouterr()
    assert "fill_rate" in out
    assert "units_ordered" not in out  # agrees
    assert "1 case: 0 passed, 1 failed" in out
    assert err == ""


def test_unknown_cases_and_levels_that_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("P-TRK-1") == 2
    assert "did you mean 'P-TRC-1'" in capsys.readouterr().err
    assert run("--full") == 2


def test_scenarios_can_be_taken_along(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("P-TRC-*", "--scenarios", str(tmp_path)) == 0
    assert (tmp_path / "P-TRC-5.yaml").exists()
    assert (tmp_path / "P-TRC.csv").exists()
    assert run("P-EOQ-1", "--scenarios", str(tmp_path / "one")) == 0
    assert "1 scenario in" in capsys.readouterr().out
    assert [p.name for p in (tmp_path / "one").iterdir()] == ["P-EOQ-1.yaml"]
    assert run("P-GSM-1", "--scenarios", str(tmp_path / "none")) == 0
    assert not (tmp_path / "none").exists()
    assert execute(["validate", str(tmp_path / "P-TRC-1.yaml")]) == 0


def test_the_page_loads_nothing_and_shows_every_case() -> None:
    waits = replace(choose(["P-DET-1"])[0], simulated={}, missing="stock that decays")
    html = page(verify([*choose([*FEW, "P-MM1-1"]), waits], "quick", ["simpy"], 1), "quick", ["simpy"])
    assert "default-src 'none'" in html
    assert not re.search(r"<script|src=|href=\"http", html)
    for case in (*FEW, "P-DET-1", "P-MM1-1"):
        assert f'id="{case}"' in html
    assert "waits for a feature" in html
    assert "theory only at this level" in html
    assert "reorder_point: 8" in html  # the scenario's text, folded
