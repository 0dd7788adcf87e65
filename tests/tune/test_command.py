"""`chainsim tune` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chainsim.cli import execute
from chainsim.tune.writing import scenario_text
from tests.tune.shop import shop


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "shop.yaml"
    path.write_bytes(scenario_text(shop("s_Q", "jit").written.source.root.plain(), "a shop"))
    return path


def test_it_says_the_sentence_and_writes_a_scenario_that_runs(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["tune", str(file), "--to", "fill_rate=95%", "--within", "1%", "--free", "service", "--policies", "s_Q"]
    assert execute(command) == 0
    out, err = capsys.readouterr()
    assert out.startswith("The cheapest way to 95.0 % is Reorder point, at ")
    assert "serves at least 95.0 % of units at once in the long run of this model" in out
    assert "✓ Reorder point" in out
    assert "s_Q  n = 100  " in err
    folder = file.parent / "results" / "shop-tuned"
    assert execute(["validate", str(folder / "shop.tuned.yaml")]) == 0
    assert execute(command) == 4, "a second time it would overwrite"
    assert execute([*command, "--overwrite", "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out.partition("{")[2].join(["{", ""]))
    assert told["target"] == 0.95


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--to", "fill_rate"], "--to takes SERVICE=SHARE"),
        (["--to", "bogus"], "one of fill_rate, cycle_service_level, ready_rate, or cost for least cost; not 'bogus'"),
        (["--to", "fillrate"], "did you mean 'fill_rate'"),
        (["--to", "fill=97%"], "tune does not know 'fill'"),
        (["--to", "fill_rate=97"], "must be"),
        (["--to", "fill_rate=97%", "--free", "lots"], "free must be one of"),
        (["--to", "fill_rate=97%", "--policies", "jitt"], "did you mean 'jit'"),
        (["--to", "fill_rate=97%", "--policies", ","], "--policies has no name in"),
        (["--to", "fill_rate=100%"], "must lie above 0 and below 1"),
    ],
)
def test_what_cannot_be_meant_is_told(
    file: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["tune", str(file), *arguments]) == 2
    assert told in capsys.readouterr().err
    assert not (file.parent / "results").exists()
