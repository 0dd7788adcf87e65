"""Rates in cells and costs as formulas: worked out again they are the numbers of the run, and with other rates those of another run."""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import chainsim
from chainsim.data import scenario_text
from chainsim.report.book import grid, tally
from chainsim.report.book.grid import Grid
from chainsim.report.decision import decide
from chainsim.report.decision.phrase import plain
from chainsim.report.facts import Facts
from chainsim.report.narrative import narrate
from chainsim.report.workbook import workbook_bytes
from chainsim.study.csvtext import csv_bytes
from chainsim.study.results import Results

from .formulas import Book
from .synthetic import Shape, make_results

pytestmark = pytest.mark.usefixtures("without_charts")

LEVELS = """
policies:
  lean:
    type: s_Q
    label: Little stock
    reorder_point: 48
    order_quantity: 85
    rules:
      - {site: dc, type: s_Q, reorder_point: 1200, order_quantity: 1000}
      - {site: plant, type: s_Q, reorder_point: 900, order_quantity: 1100}
  rich:
    type: s_Q
    label: Much stock
    reorder_point: 110
    order_quantity: 85
    rules:
      - {site: dc, type: s_Q, reorder_point: 1900, order_quantity: 1000}
      - {site: plant, type: s_Q, reorder_point: 1400, order_quantity: 1100}
  often:
    type: s_Q
    label: Often
    reorder_point: 90
    order_quantity: 20
    rules:
      - {site: dc, type: s_Q, reorder_point: 1500, order_quantity: 300}
      - {site: plant, type: s_Q, reorder_point: 1000, order_quantity: 600}
"""
"""Policies whose levels are given, so that no cost changes them."""
TYPED = {"Carrying rate": 0.6, "A lost sale": 0.5, "An order": 2.5}
SET = {"costs.carrying_rate": "60% per year", "costs.lost_sale": 0.5, "lanes[dc->store].order_cost": 2.5}


def study() -> Any:
    """The grocer with given levels, for a quarter."""
    text = scenario_text("grocer")
    return chainsim.load_text(text[: text.index("\npolicies:")].replace("horizon: 365", "horizon: 91") + LEVELS)


@pytest.fixture(scope="module")
def run() -> Results:
    made: Results = study().run(replications=4, jobs=1)
    return made


@pytest.fixture(scope="module")
def other() -> Results:
    """The same at other rates."""
    made: Results = study().with_(SET).run(replications=4, jobs=1)
    return made


@cache
def book_of(results: Any) -> bytes:
    facts = Facts(results)
    return workbook_bytes(facts, narrate(facts))


def sheets(results: Any, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(book_of(results)), data_only=values)


def typed(book: Any) -> dict[tuple[str, str], float]:
    """The cells into which TYPED goes: the first rate of each name."""
    found: dict[str, tuple[str, str]] = {}
    for row in book["Rates"].iter_rows(min_row=9, max_row=30):
        found.setdefault(str(row[0].value), ("Rates", row[4].coordinate))
    return {found[name]: value for name, value in TYPED.items()}


def row_of(book: Any, label: str) -> list[Any]:
    """The cells of all policies in a row of Rates below the rates."""
    rows = list(book["Rates"].iter_rows(min_row=grid.Grid.HEAD + 2))
    below = next(i for i, row in enumerate(rows) if str(row[0].value).startswith("Costs at these rates"))
    return next(list(row[6:]) for row in rows[below:] if str(row[0].value).startswith(label))


def estimates(results: Results, kpi: str) -> list[float]:
    return [results.estimate(p, kpi).mean or 0.0 for p in results.policies]


def test_every_formula_carries_the_value_that_it_has(run: Results) -> None:
    book, shown = sheets(run), sheets(run, values=True)
    again = Book(book)
    formulas = [
        (sheet.title, c.coordinate) for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"
    ]
    assert len(formulas) > 80
    for sheet, cell in formulas:
        found, told = again.value(sheet, cell), shown[sheet][cell].value
        if isinstance(found, str):
            assert found == told, (sheet, cell)
        else:
            assert told == pytest.approx(found, rel=1e-9, abs=1e-7), (sheet, cell)


def test_costs_at_the_rates_as_run_are_those_of_the_tables(run: Results) -> None:
    book = sheets(run)
    again = Book(book)
    labels = {
        "Carrying cost": "carrying_cost",
        "Ordering cost": "ordering_cost",
        "Shortage cost": "shortage_cost",
        "Total cost": "total_cost",
    }
    for label, kpi in labels.items():
        assert [again.value("Rates", c.coordinate) for c in row_of(book, label)] == pytest.approx(
            estimates(run, kpi), rel=1e-11
        ), label
    halves = [run.estimate(p, "total_cost").half_width for p in run.policies]
    assert [again.value("Rates", c.coordinate) for c in row_of(book, "± (95\u00a0% interval)")] == pytest.approx(
        halves, rel=1e-9
    )
    gap = run.comparison[run.comparison["kpi"] == "total_cost"]
    assert [again.value("Rates", c.coordinate) for c in row_of(book, "± (paired)")][1:] == pytest.approx(
        gap["half_width"].tolist(), rel=1e-9
    )


def told(book: Any, again: Book, label: str) -> list[Any]:
    return [again.value("Rates", c.coordinate) for c in row_of(book, label)]


def test_other_rates_give_what_a_run_with_them_gives(run: Results, other: Results) -> None:
    """Totals, every line, intervals, paired differences, ranking: to rounding."""
    book = sheets(run)
    again, before = Book(book, typed(book)), Book(book)
    for label, kpi in (
        ("Total cost", "total_cost"),
        ("Carrying cost", "carrying_cost"),
        ("Ordering cost", "ordering_cost"),
        ("Shortage cost", "shortage_cost"),
    ):
        assert told(book, again, label) == pytest.approx(estimates(other, kpi), rel=1e-10), label
        assert told(book, again, label) != pytest.approx(told(book, before, label), rel=1e-3), label
    assert told(book, again, "± (95\u00a0% interval)") == pytest.approx(
        [other.estimate(p, "total_cost").half_width for p in other.policies], rel=1e-8
    )
    gap = other.comparison[other.comparison["kpi"] == "total_cost"]
    assert told(book, again, '="Against')[1:] == pytest.approx(gap["difference"].tolist(), rel=1e-9)
    assert told(book, again, "± (paired)")[1:] == pytest.approx(gap["half_width"].tolist(), rel=1e-8)
    verdicts = {"better": "surely less", "worse": "surely more", "cannot be told apart": "cannot be told apart"}
    assert told(book, again, "How sure")[1:] == [verdicts[v] for v in gap["verdict"]]


def test_the_ranking_follows(run: Results) -> None:
    book = sheets(run)
    ranks = told(book, Book(book), "Rank by cost of these")
    served = estimates(run, "fill_rate")
    total = estimates(run, "total_cost")
    eligible = [i for i, fill in enumerate(served) if fill >= 0.97]
    assert 0 < len(eligible) < len(served)  # a rank is not for all
    for i, rank in enumerate(ranks):
        assert rank == (1 + sum(total[k] < total[i] for k in eligible) if i in eligible else "–")
    dear = Book(book, {("Rates", "E9"): 5.0})  # stock at 500 % a year
    assert told(book, dear, "Rank by cost of these") != ranks
    words = [
        c.value for row in book["Overview"].iter_rows() for c in row if c.data_type == "f" and "INDEX" in str(c.value)
    ]
    assert len(words) == 1
    here = next(c.coordinate for row in book["Overview"].iter_rows() for c in row if c.value == words[0])
    labels = [p["label"] for p in run.manifest["policies"]]
    assert Book(book).value("Overview", here) == (
        f"Rates are as run (sheet Rates).  Cheapest that meets the target at these rates: {labels[ranks.index(1)]}."
    )
    winner = labels[told(book, dear, "Rank by cost of these").index(1)]
    assert winner != labels[ranks.index(1)]
    assert dear.value("Overview", here).startswith("1 of the rates on sheet Rates changed")
    assert dear.value("Overview", here).endswith(f"{winner}.")


def test_another_policy_to_compare_with(run: Results) -> None:
    book = sheets(run)
    again = Book(book, {("Rates", "B5"): "Often"})
    total = estimates(run, "total_cost")
    label = next(r[0] for r in book["Rates"].iter_rows(min_row=10) if str(r[0].value).startswith('="Against'))
    assert again.value("Rates", label.coordinate) == "Against Often"
    gaps = [again.value("Rates", c.coordinate) for c in book["Rates"][label.row][6:]]
    assert gaps == pytest.approx([t - total[2] for t in total], rel=1e-9, abs=1e-7)


def test_charts_read_the_cells_that_follow(run: Results) -> None:
    book = sheets(run)
    cost, service, cash = book["Overview"]._charts
    series = [s.val.numRef.f for s in cost.series]
    assert len(series) == len([id for id in run.manifest["cost_lines"] if id in set(run.rates["kpi"])])
    for s in cost.series:
        sheet, cells = s.val.numRef.f.split("!")
        assert all(c.data_type == "f" for row in book[sheet][cells.replace("$", "")] for c in row)
    assert [s.xVal.numRef.f.split("!")[0] for s in service.series] == ["Overview"] * 3
    x = [book["Overview"][s.xVal.numRef.f.split("!")[1].replace("$", "").split(":")[0]].value for s in service.series]
    assert all(str(v).startswith("=Rates!") for v in x)
    assert len(cash.series) == 3


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")
def test_a_spreadsheet_agrees(run: Results, other: Results, tmp_path: Path) -> None:
    """LibreOffice computes everything anew, with rates as run and with others."""
    for name, changed, results in (("as-run", False, run), ("typed", True, other)):
        book = sheets(run)
        for (sheet, cell), value in (typed(book) if changed else {}).items():
            book[sheet][cell].value = value
        book.save(tmp_path / f"{name}.xlsx")  # without values, so that they are computed
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
             "--outdir", str(tmp_path / "out"), str(tmp_path / f"{name}.xlsx")],
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip
        found = openpyxl.load_workbook(tmp_path / "out" / f"{name}.xlsx", data_only=True)
        assert [c.value for c in row_of(found, "Total cost")][:3] == pytest.approx(
            estimates(results, "total_cost"), rel=1e-10
        ), name
        halves = [results.estimate(p, "total_cost").half_width for p in results.policies]
        assert [c.value for c in row_of(found, "± (95\u00a0% interval)")][:3] == pytest.approx(halves, rel=1e-8), name
        errors = [c.coordinate for sheet in found for row in sheet.iter_rows() for c in row if c.data_type == "e"]
        assert not errors


# forms that results can take


def test_rates_can_be_typed_into_a_scenario_without_costs() -> None:
    book = sheets(make_results(Shape(costs=False, n=3)))
    assert {c.value for c in row_of(book, "As run")} == {0.0} or {c.value for c in row_of(book, "As run")} == {0}
    free = Book(book)
    assert set(told(book, free, "Total cost")) == {0.0}
    priced = Book(book, {("Rates", "E10"): 2.0})
    assert told(book, priced, "Ordering cost") == pytest.approx([2.0 * 101.0] * 4)


def test_one_replication_has_no_intervals_and_no_years() -> None:
    book = sheets(make_results(Shape(n=1)))
    assert "Years" not in book.sheetnames
    labels = [row[0].value for row in book["Rates"].iter_rows()]
    assert not any(str(label).startswith("±") for label in labels)
    assert "Total cost" in labels
    again = Book(book, {("Rates", "E9"): 0.5})
    assert told(book, again, "Carrying cost") == pytest.approx(
        [2.0 * v for v in told(book, Book(book), "Carrying cost")]
    )


def test_too_many_years_leave_intervals_as_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MOST_YEARS", 20)
    book = sheets(make_results(Shape(n=6)))  # four policies
    assert "Years" not in book.sheetnames
    overview = [c for row in book["Overview"].iter_rows() for c in row]
    assert any(c.value == "± 95\u00a0%" for c in overview)
    assert not any(
        c.data_type == "f" and "STDEV" in str(c.value) for sheet in book for row in sheet.iter_rows() for c in row
    )


def test_results_of_before_have_no_rates_and_an_overview_of_numbers() -> None:
    results = make_results()
    del results.files["rates.csv"], results.files["drivers.csv"]
    book = sheets(results)
    assert "Rates" not in book.sheetnames
    assert not any(c.data_type == "f" for sheet in book for row in sheet.iter_rows() for c in row)
    assert len(book["Overview"]._charts) == 2


def test_no_policy_meets_the_target() -> None:
    shape = Shape(policies={"a": ("A", 0.80, 3e5), "b": ("B", 0.82, 2e5)}, n=3)
    book = sheets(make_results(shape))
    assert told(book, Book(book), "Rank by cost of these") == ["–", "–"]
    words = [c.value for row in sheets(make_results(shape), values=True)["Overview"].iter_rows() for c in row]
    assert any("at these rates: none meets the target." in str(w) for w in words)


def test_the_sums_are_those_of_the_tally(run: Results) -> None:
    made = tally.tally(Facts(run))
    assert made is not None
    assert made.total == pytest.approx(estimates(run, "total_cost"), rel=1e-11)
    assert Grid(made).years


def test_what_if_is_told_where_a_stress_test_was_made() -> None:
    results = make_results()
    head = ("policy", "shock", "what", "levels", "kpi", "mean", "meets_target", "standing")
    results.files["stress/stress.csv"] = csv_bytes(
        head,
        [
            (p, shock, what, "unchanged", kpi, mean, meets, "cheapest" if p == "multi_echelon" else "dearer")
            for p in ("jit", "eoq", "s_Q", "multi_echelon")
            for shock, what, meets in (("more", "demand +20 %", True), ("late", "lead times +50 %", False))
            for kpi, mean in (("fill_rate", 0.913), ("total_cost", 4e5))
        ],
    )
    cells = {" ".join(str(c.value).split()) for row in sheets(results)["Overview"].iter_rows() for c in row}
    assert "demand +20 %: survives (91.3 % served)" in cells
    assert "lead times +50 %: does not survive (91.3 % served)" in cells


# do this


def test_do_this_has_every_number_of_every_stock_point(run: Results) -> None:
    book = sheets(run)
    sheet = book["Do this"]
    heads = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Echelon")
    rows = [
        dict(zip(heads, row, strict=True))
        for row in sheet.iter_rows(values_only=True)
        if row[0] in ("store", "DC", "plant")
    ]
    derived = run.derived
    chosen = narrate(Facts(run)).chosen
    own = derived[derived["policy"] == run.policies[chosen]]
    assert len(rows) == len(own) == 24
    new = {(r["Site"], r["Product"], r["Parameter"]): r["New"] for r in rows}
    assert new == {
        (s, p, n.replace(" ", "_")): v
        for s, p, n, v in zip(own["site"], own["product"], own["name"], own["value"], strict=True)
    }
    assert all(r["Change"] == r["New"] - r["Today"] for r in rows)
    base = derived[derived["policy"] == "lean"]
    today = {(s, n.replace(" ", "_")): v for s, n, v in zip(base["site"], base["name"], base["value"], strict=True)}
    assert all(r["Today"] == today[r["Site"], r["Parameter"]] for r in rows)
    assert sheet.auto_filter.ref


def test_overview_has_the_first_screen(run: Results) -> None:
    facts = Facts(run)
    decision = decide(facts, narrate(facts))
    said = [plain(decision.headline), decision.risk.title, decision.trust.badge]
    said += [f"{b.topic}: {plain(b.strong)} {plain(b.text)}" for b in decision.views[0].bullets]
    assert decision.cash is not None
    assert decision.orders is not None
    said += [decision.cash.title, decision.cash.note, decision.orders.title]
    # a hard space is a space in a cell
    cells = {" ".join(str(c.value).split()) for row in sheets(run)["Overview"].iter_rows() for c in row}
    assert {" ".join(text.split()) for text in said} <= cells
