"""Report files join the tables: one folder, one manifest, all or nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from chainsim.errors import UsageError
from chainsim.study import Results, run
from tests.study import toy


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> None:
    toy.install(monkeypatch)
    drawing = ModuleType("chainsim.report")
    drawing.write_report = lambda results: {  # type: ignore[attr-defined]
        "report.html": results.manifest["scenario"]["title"].encode(),
        "charts/a.svg": b"<svg/>",
    }
    monkeypatch.setitem(sys.modules, "chainsim.report", drawing)


def test_a_report_joins_the_tables(tmp_path: Path) -> None:
    page = run(toy.scenario(), out=tmp_path).report()
    assert page == tmp_path / "report.html"
    assert page.read_text() == "=Toy"
    loaded = Results.load(tmp_path)
    assert {"report.html", "charts/a.svg", "summary.csv"} <= set(loaded.files)
    assert loaded.manifest["report"] == ["charts/a.svg", "report.html"]
    assert loaded.report() == page
    assert Results.load(tmp_path).files == loaded.files


def test_results_in_memory_are_written_where_they_are_asked_for_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    results = run(toy.scenario())
    with pytest.raises(
        UsageError, match=r"in memory: name the folder to write to, as in results\.report\('results/toy'\)"
    ):
        results.report()
    assert list(tmp_path.iterdir()) == []
    elsewhere = results.report(tmp_path / "elsewhere")
    assert elsewhere == tmp_path / "elsewhere" / "report.html"
    assert results.report() == elsewhere  # they have a folder now
    assert {p.name for p in tmp_path.iterdir()} == {"elsewhere"}
    assert run(toy.scenario()).save("kept").report() == Path("kept/report.html")


def test_new_tables_never_stand_beside_an_old_report(tmp_path: Path) -> None:
    run(toy.scenario(), out=tmp_path).report()
    run(toy.scenario(), out=tmp_path, resume=True)
    assert not (tmp_path / "report.html").exists()
    assert not (tmp_path / "charts" / "a.svg").exists()
