"""Small folders: what is left out is in the blocks, the page does not change, and who misses it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

import chainsim
from chainsim.data import scenario_path
from chainsim.errors import UsageError
from chainsim.study import Results
from chainsim.study.running import run

pytestmark = pytest.mark.usefixtures("without_charts")


def grocer(**options: object) -> Results:
    study = chainsim.load(scenario_path("grocer")).with_({"time.horizon": 60, "time.warm_up": 0})
    return run(study.scenario, policies=["jit"], replications=2, jobs=1, **options)  # type: ignore[arg-type]


def test_one_product_is_not_told_twice() -> None:
    """A stock point of the only product is its site: its rows would repeat the site's, as those of the summary do."""
    results = grocer()
    summary = results.summary.set_index(["site", "product", "kpi"]).sort_index()["mean"]
    site, point = (summary.loc[("store-1", product)] for product in ("", "soup"))
    assert site.equals(point)
    for table in (results.replications, results.series):
        assert set(table[table.site == "store-1"]["product"]) == {""}
    assert results.manifest["detail"]["left_out"] == []
    asked = [results.sample("jit", "fill_rate", "store-1", product) for product in ("", "soup")]
    assert asked[0] == asked[1]
    with pytest.raises(UsageError, match="product 'milk'"):
        results.sample("jit", "fill_rate", "store-1", "milk")


def test_stock_points_of_one_product_can_be_had() -> None:
    results = grocer(detail="stock_point")
    table = results.replications
    assert set(table[table.site == "store-1"]["product"]) == {"", "soup"}
    assert len(results.sample("jit", "fill_rate", "store-1", "soup").numerators) == 2


def test_a_lean_folder_says_what_it_left_out(tmp_path: Path) -> None:
    lean, whole = grocer(lean=True, out=tmp_path / "lean"), grocer()
    assert set(lean.replications.site) == {""}
    assert set(lean.series.site) == {"", "kind:plant", "kind:dc", "kind:store"}
    said = lean.manifest["detail"]
    assert said["lean"] is True
    assert whole.manifest["detail"]["lean"] is False
    assert [words.split(" ")[0] for words in said["left_out"]] == ["replications.csv", "series.csv"]
    assert all(words.endswith("as --lean asks") for words in said["left_out"])
    others = set(whole.files) - {"replications.csv", "series.csv"}
    assert all(lean.files[name] == whole.files[name] for name in others)
    with pytest.raises(UsageError, match=r"lean.*--resume and without --lean"):
        lean.sample("jit", "fill_rate", "store-1")
    assert lean.sample("jit", "fill_rate") == whole.sample("jit", "fill_rate")


def test_what_was_left_out_comes_back_without_simulating(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = grocer(out=tmp_path / "whole")
    grocer(lean=True, out=tmp_path / "r")
    monkeypatch.setattr("chainsim.study.collection.executor_for", None)  # whoever simulates needs one
    monkeypatch.setattr("chainsim.study.collection.Collection.simulate", _nothing_is_missing)
    again = grocer(out=tmp_path / "r", resume=True)
    assert again.files == whole.files
    lean = grocer(lean=True, out=tmp_path / "r", resume=True)
    assert len(lean.files["replications.csv"]) < len(whole.files["replications.csv"]) / 5
    assert Results.load(tmp_path / "r").files == lean.files


def _nothing_is_missing(collection: object, *_: object) -> None:
    assert collection.done == collection.total  # type: ignore[attr-defined]


def test_the_page_is_the_same(tmp_path: Path) -> None:
    pages = []
    for lean in (False, True):
        folder = tmp_path / f"{lean}"
        grocer(lean=lean, out=folder).report()
        pages.append((folder / "report.html").read_text("utf-8"))
    whole, lean_page = pages
    start = lean_page.index('<p class="note">Not everything is kept')
    end = lean_page.index("</p>", start) + len("</p>")
    sentence = lean_page[start:end]
    assert "--resume" in sentence
    assert "--detail" not in sentence
    left = (lean_page[:start] + lean_page[end:]).split()
    assert left == whole.split()
