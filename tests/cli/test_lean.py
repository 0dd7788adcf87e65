"""Small folders: which commands make them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from chainsim.data import scenario_path

Run = Callable[..., tuple[int, str, str]]


def test_a_run_says_what_it_left_out_and_how_to_have_it(chainsim: Run) -> None:
    words = (
        "run",
        str(scenario_path("serial_textbook")),
        "--replications",
        "2",
        "--jobs",
        "1",
        "--no-report",
        "--out",
        "r",
    )
    err = chainsim(*words, "--lean")[2]
    assert "as --lean asks" in err
    assert "without --lean" in err
    assert "--detail" not in err
    code, _, err = chainsim(*words, "--resume")
    assert code == 0
    assert "Left out" not in err


def test_shards_are_merged_lean_or_whole(chainsim: Run) -> None:
    words = (
        "run",
        str(scenario_path("serial_textbook")),
        "--replications",
        "2",
        "--jobs",
        "1",
        "--quiet",
        "--out",
        "shared",
    )
    assert all(chainsim(*words, "--shard", f"{k}/2")[0] == 0 for k in range(2))
    code, _, err = chainsim(*words, "--lean", "--shard", "0/2")
    assert code == 2
    assert "give it to `chainsim merge`" in err
    lean = []
    for more in ((), ("--lean",)):
        code, _, err = chainsim("merge", "shared", "--no-report", "--out", f"m{len(more)}", *more)
        assert code == 0, err
        lean.append(json.loads(Path(f"m{len(more)}/manifest.json").read_text("utf-8"))["detail"]["lean"])
    assert lean == [False, True]
    assert "as --lean asks" in err
    assert "without --lean" in err


def test_only_runs_are_lean(chainsim: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    found = SimpleNamespace(request=SimpleNamespace(verb="tune", shards=2, command="tune"), folders=[Path("x")])
    monkeypatch.setattr("chainsim.study.shards.gathered", lambda _: found)
    code, _, err = chainsim("merge", "x", "--lean")
    assert code == 2
    assert "--lean is for runs" in err
