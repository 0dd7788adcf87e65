"""The workbook: typed cells, the numbers of the tables, text never a formula."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from chainsim.report.facts import Facts
from chainsim.report.narrative import narrate
from chainsim.report.workbook import workbook_bytes

from .synthetic import Shape, make_results

SHAPE = Shape(
    policies={"=1+1": ("@SUM(A1)", 0.96, 3e5), "b": ("+B", 0.97, 2.9e5)},
    kinds=(("store", 3),),
    site_names={"store": ["=HYPERLINK(0)", "http://example.com", "-5"]},
    n=4,
    bullwhip=False,
)


def bytes_of(shape: Shape) -> bytes:
    facts = Facts(make_results(shape))
    return workbook_bytes(facts, narrate(facts))


@pytest.fixture(scope="module")
def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(bytes_of(SHAPE)))


def test_one_sheet_a_table(book: Any) -> None:
    assert book.sheetnames == ["Overview", "Summary", "Comparison", "Replications", "Derived", "Audit", "Definitions"]
    assert all(book[name].freeze_panes for name in book.sheetnames)


def test_text_is_never_a_formula_nor_a_link(book: Any) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    assert not any(cell.hyperlink for cell in cells)
    assert "=HYPERLINK(0)" in {cell.value for cell in cells}


def test_numbers_are_numbers_and_equal_the_tables(book: Any) -> None:
    summary = make_results(SHAPE).summary
    rows = list(book["Summary"].iter_rows(values_only=True))
    assert list(rows[0][: len(summary.columns)]) == list(summary.columns)
    told = [row[5] for row in rows[1:]]
    assert len(told) == len(summary)
    # a workbook holds sixteen digits
    assert [v for v in told if v is not None] == pytest.approx(summary["mean"].dropna().tolist(), rel=1e-15, abs=0)
    assert all(value is None for value, mean in zip(told, summary["mean"], strict=True) if mean != mean)


def test_the_overview_has_every_policy_side_by_side(book: Any) -> None:
    results = make_results(SHAPE)
    rows = {row[0]: row for row in book["Overview"].iter_rows(min_row=5, values_only=True)}
    assert rows["Fill rate"][2] == pytest.approx(results.estimate("=1+1", "fill_rate").mean, rel=1e-15)
    assert rows["Fill rate"][5] == pytest.approx(results.estimate("b", "fill_rate").half_width, rel=1e-15)
    assert book["Overview"].cell(4, 3).value == "@SUM(A1)"


def test_shares_look_like_shares(book: Any) -> None:
    sheet = book["Overview"]
    row = next(r for r in sheet.iter_rows(min_row=5) if r[0].value == "Fill rate")
    assert row[2].number_format == "0.0%"


def test_the_same_results_give_the_same_bytes() -> None:
    assert bytes_of(SHAPE) == bytes_of(SHAPE)
