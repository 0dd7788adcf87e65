"""Names and the page (case G of the reliability list)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import chainsim
from chainsim.cli import execute

from .test_first_build import SHOP

STRANGE = ["a/b", "a\\b", "..", "x" * 1000, "CON", "new\nline", "emoji 🚚", "שלום"]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a scenario whose policies, store and product bear names no file should have, with page and charts."""
    folder = tmp_path_factory.mktemp("strange")
    names = [name.replace("\\", "\\\\").replace("\n", "\\n") for name in STRANGE]
    policies = "".join(
        f'  "{name}": {{type: s_S, reorder_point: 15, order_up_to_level: {40 + i}}}\n' for i, name in enumerate(names)
    )
    text = (
        SHOP[: SHOP.index("policies:")].replace("tea", '"a/b: ../tea"').replace("shop", '"CON"')
        + f"policies:\n{policies}"
    )
    results = chainsim.load_text(text, "s.yaml").run(out=folder / "out", jobs=1, engine="simpy", replications=2)
    results.report()
    return folder / "out"


@pytest.mark.slow
def test_G04_files_are_named_by_us(drawn: Path) -> None:
    names = [path.relative_to(drawn).as_posix() for path in drawn.rglob("*") if path.is_file()]
    assert any(name.startswith("charts/") for name in names)
    for name in names:
        if not name.startswith(".blocks/"):
            assert re.fullmatch(r"(charts/)?[a-z0-9][a-z0-9_.-]{0,60}", name), name
    assert len({name.casefold() for name in names}) == len(names)
    assert {path.name for path in drawn.parent.iterdir()} == {"out"}


@pytest.mark.slow
def test_G10_the_page_says_everything_without_its_scripts(drawn: Path) -> None:
    page = (drawn / "report.html").read_text("utf-8")
    still = re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL)
    assert still.count("<svg") >= 4
    assert still.count("<td") > 100
    assert "<noscript" not in page or "script" in page
    cost = chainsim.Results.load(drawn).estimate("CON", "fill_rate").mean
    assert f"{100 * cost:.0f}" in still


def test_G04_a_scenario_of_a_strange_name_has_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("-q.yaml", "a b é $(true).yaml"):
        (tmp_path / name).write_text(SHOP, "utf-8")
        assert execute(["run", "--no-report", "-q", "--jobs", "1", "--replications", "1", "--", name]) == 0
    assert {path.name for path in (tmp_path / "results").iterdir()} == {"-q", "a b é $(true)"}
