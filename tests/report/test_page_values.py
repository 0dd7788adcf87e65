"""Every number of a page is the one of its table, and the check that says so can fail."""

from __future__ import annotations

import json
import re

import pytest

from chainsim.report import write_report
from chainsim.statistics.amounts import Amount
from chainsim.study.results import Results

from .page_values import misprints
from .synthetic import Shape, make_results

pytestmark = pytest.mark.usefixtures("without_charts")

SHAPES = {
    "usual": Shape(),
    "without echelons": Shape(site_scopes=False),
    "several products": Shape(products=("soup", "tea"), kinds=(("store", 3), ("dc", 1)), currency="GBP", n=5),
    "what is material": Shape(material=(Amount(5.0, "%", "total_cost"), Amount(1.5, "points", "fill_rate"))),
    "exact": Shape(n=1, currency="", target=None),
}


def wrong(results: Results, page: str) -> list[str]:
    summary, *others = (results.files[n].decode() for n in ("summary.csv", "comparison.csv", "pairs.csv", "risk.csv"))
    return misprints(page, summary, json.loads(json.dumps(results.manifest)), *others)


def page_of(results: Results) -> str:
    return write_report(results)["report.html"].decode()


@pytest.mark.parametrize("name", SHAPES)
def test_a_page_says_what_its_tables_say(name: str) -> None:
    results = make_results(SHAPES[name])
    assert wrong(results, page_of(results)) == []


def test_a_page_with_a_wrong_number_is_found_out() -> None:
    results = make_results(Shape())
    page = page_of(results)
    table = page.index("<figcaption>All policies")
    cell = re.compile(r'<data value="([^"]+)">(.+?)</data>').search(page, table)
    assert cell is not None
    value, text = cell[1], cell[2]
    other_value = page[:table] + page[table:].replace(value, "0.123", 1)
    other_text = page[:table] + page[table:].replace(f">{text}</data>", f">{another(text)}</data>", 1)
    nothing = page[:table] + page[table:].replace(f">{text}</data>", ">0</data>", 1)
    assert any("summary.csv says" in line for line in wrong(results, other_value))
    assert any("is not" in line for line in wrong(results, other_text))
    assert any("says 0 for" in line for line in wrong(results, nothing))
    assert wrong(results, "<html></html>") == ["hardly any number was found on the page"]


def another(text: str) -> str:
    """The same number but for its first digit."""
    return re.sub(r"\d", lambda digit: "8" if digit[0] == "9" else "9", text, count=1)


@pytest.mark.parametrize("caption", ["All pairs", "Risk"])
def test_a_wrong_number_of_a_new_table_is_found_out(caption: str) -> None:
    results = make_results(Shape())
    page = page_of(results)
    table = page.index(f"<figcaption>{caption}")
    cell = re.compile(r'<data value="([^"]+)">(.+?)</data>').search(page, table)
    assert cell is not None
    value, text = cell[1], cell[2]
    assert wrong(results, page[:table] + page[table:].replace(value, "0.123", 1))
    assert wrong(results, page[:table] + page[table:].replace(f">{text}</data>", f">{another(text)}</data>", 1))
    if caption == "All pairs":
        verdict = re.compile(r"</td><td>(better|worse)</td>").search(page, table)
        assert verdict is not None
        swapped = {"better": "worse", "worse": "better"}[verdict[1]]
        lie = page[: verdict.start(1)] + swapped + page[verdict.end(1) :]
        assert any("pairs.csv says" in line for line in wrong(results, lie))


def test_an_exact_number_beside_a_very_uncertain_one_keeps_its_digits() -> None:
    results = make_results(Shape())
    summary = results.summary
    here = (summary["kpi"] == "bullwhip") & (summary["site"].str.startswith("kind:"))
    summary.loc[here, ["mean", "half_width"]] = [1.0, 0.0]
    one = here & (summary["policy"] == "jit") & (summary["site"] == "kind:plant")
    summary.loc[one, ["mean", "half_width"]] = [1380.0, 1300.0]
    page = page_of(results)
    told = re.findall(r'<data value="1\.0">([^<]*)</data>', page[page.index("By echelon") :])
    assert len(told) >= 11
    assert set(told) == {"1.00"}


def test_a_wrong_figure_of_the_first_screen_is_found_out() -> None:
    results = make_results(Shape())
    page = page_of(results)
    cell = re.compile(r'<data value="([^"]+)">').search(page, page.index('class="joint"'))
    assert cell is not None
    assert any("the first screen says" in line for line in wrong(results, page.replace(cell[1], "0.123")))
