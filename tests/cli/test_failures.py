"""Exit codes and messages: 1 our bug, 2 scenario or usage, 3 budget, 4 output, 130 interrupted; never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chainsim.cli.failure import report_failure
from chainsim.errors import (
    BudgetError,
    ConservationError,
    Finding,
    MissingPartError,
    OutputError,
    Place,
    ScenarioError,
    UsageError,
)
from chainsim.study.running import Interrupted

Run = Callable[..., tuple[int, str, str]]
TYPO = Finding("error", Place("shop.yaml", 3, 5), "sites.sotre", "unknown key 'sotre'", "", "    sotre: {}")


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ScenarioError([TYPO, TYPO]), 2, "2 errors in shop.yaml; nothing was run."),
        (UsageError("no such thing"), 2, "chainsim: no such thing"),
        (BudgetError("too many events"), 3, "too many events"),
        (MissingPartError("numba is missing"), 3, "numba is missing"),
        (OutputError("disk full"), 4, "disk full"),
        (Interrupted("interrupted; go on with --resume"), 130, "--resume"),
        (ConservationError("units vanished"), 1, "This is a bug in chainsim"),
        (ZeroDivisionError("division by zero"), 1, "This is a bug in chainsim"),
    ],
)
def test_every_error_has_its_code_and_its_words(
    error: Exception, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report_failure(error, debug=False) == code
    err = capsys.readouterr().err
    assert words in err
    assert "Traceback" not in err


def test_debug_shows_the_trace(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError) as caught:
        raise KeyError("lost")
    assert report_failure(caught.value, debug=True) == 1
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_message_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    report_failure(UsageError("no policy called '\x1b[2J\u202e'"), debug=False)
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert "\u202e" not in err


def test_all_errors_of_a_file_at_once(chainsim: Run, shop: Path) -> None:
    text = (
        shop.read_text("utf-8").replace("order_up_to_level: 24", "order_up_to_levl: 24").replace("to: shop", "to: shp")
    )
    shop.write_text(text, "utf-8")
    for command in ("validate", "run"):
        code, out, err = chainsim(command, "shop.yaml")
        assert (code, out) == (2, "")
        assert "did you mean 'order_up_to_level'?" in err
        assert "did you mean 'shop'?" in err
        assert "shop.yaml:8:" in err
        assert "nothing was run" in err
    assert not (shop.parent / "results").exists()


def test_a_missing_part_says_how_to_get_it(chainsim: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without numba `auto` runs as always, and who asks for the compiled engine is told before anything is run."""
    monkeypatch.setattr("chainsim.engines.compiled.loops.find_spec", lambda name: None)
    code, _, err = chainsim("run", "shop.yaml", "--engine", "compiled")
    assert code == 3
    assert 'pip install "chainsim[fast]"' in err
    assert not (shop.parent / "results").exists()
    assert chainsim("run", "shop.yaml").code == 0
    code, out, _ = chainsim("validate", "shop.yaml")
    assert code == 0
    assert "engine simpy: runs it" in out
    assert "engine compiled: the compiled engine needs numba" in out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("run", "missing.yaml"), 2),
        (("run", "shop.yaml", "--replications", "0"), 2),
        (("run", "shop.yaml", "--jobs", "0"), 2),
        (("run", "shop.yaml", "--engine", "fast"), 2),
        (("run", "shop.yaml", "--policies", "dialy"), 2),
        (("run", "shop.yaml", "--max-events", "10"), 3),
        (("run", "shop.yaml", "--out", "shop.yaml"), 4),
        (("report", "nowhere"), 4),
        (("compare", "nowhere", "nowhere"), 4),
        (("list", "polices"), 2),
        (("fly",), 2),
        (("run",), 2),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, tuple) else "",
)
def test_exit_codes(chainsim: Run, shop: Path, arguments: tuple[str, ...], code: int) -> None:
    got, out, err = chainsim(*arguments)
    assert got == code, err
    assert out == ""
    assert err
    assert "Traceback" not in err
    assert not (shop.parent / "results").exists() or not (shop.parent / "results" / "shop" / "manifest.json").exists()


def test_a_closed_pipe_ends_quietly() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "chainsim", "list", "kpis"],
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.stderr == ""
    assert done.returncode == 0


def test_any_console_can_show_it() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-m", "chainsim", "explain", "lead time demand"],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "\\u221a" in done.stdout


def test_a_file_beside_the_scenario_is_not_imported(shop: Path) -> None:
    for name in ("numpy", "yaml", "pydantic", "typer"):
        (shop.parent / f"{name}.py").write_text("raise SystemExit('the wrong file was imported')\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "chainsim", "validate", "shop.yaml"],
        cwd=shop.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "wrong file" not in done.stderr
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("written", [("--out", ""), ("--out=",)], ids=["apart", "joined"])
def test_an_empty_folder_is_not_the_working_folder(chainsim: Run, shop: Path, written: tuple[str, ...]) -> None:
    before = set(shop.parent.iterdir())
    code, _, err = chainsim("run", str(shop), *written)
    assert (code, "--out is empty" in err) == (2, True)
    assert set(shop.parent.iterdir()) == before
