"""The workbook: typed cells, the numbers of the tables, text never a formula."""

from __future__ import annotations

import io
import math
import re
import zipfile
from typing import Any

import openpyxl
import pytest

from chainsim.report.book import measures, tables
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


SHEETS = [
    "Overview", "Contents", "Do this", "Rates", "Years", "Measures", "Summary", "Comparison", "Pairs", "Risk", "Replications", "Derived", "Audit", "Definitions",
]  # fmt: skip


def head_of(sheet: Any) -> int:
    """The row of the heads: the one above the frozen pane's first."""
    return int("".join(c for c in sheet.freeze_panes if c.isdigit())) - 1


def records(sheet: Any) -> list[dict[str, Any]]:
    """Rows below the head, by head."""
    heads = [cell.value for cell in sheet[head_of(sheet)]]
    rows = sheet.iter_rows(min_row=head_of(sheet) + 1, values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_one_sheet_a_table(book: Any) -> None:
    assert book.sheetnames == SHEETS
    assert all(book[name].freeze_panes for name in book.sheetnames if name != "Overview")


def test_every_sheet_prints_as_wide_as_a_page_with_its_head_on_each(book: Any) -> None:
    for name in SHEETS:
        sheet = book[name]
        assert sheet.page_setup.orientation == "landscape", name
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, name
        assert sheet.print_area, name
        assert (sheet.page_setup.fitToWidth or 1) <= 3, name
        if name != "Overview":
            assert sheet.page_setup.fitToHeight == 0, name
            assert sheet.print_title_rows == f"${head_of(sheet)}:${head_of(sheet)}", name


def test_the_overview_prints_on_one_page(book: Any) -> None:
    assert ((book["Overview"].page_setup.fitToHeight or 1), (book["Overview"].page_setup.fitToWidth or 1)) == (1, 1)


def test_contents_link_to_every_other_sheet(book: Any) -> None:
    sheet = book["Contents"]
    links = {cell.value: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert links == {name: f"'{name}'!A1" for name in SHEETS if name != "Contents"}
    rows = {r["Sheet"]: r for r in records(sheet)}
    assert all(r["What is on it"] for r in rows.values())
    assert rows["Comparison"]["Rows"] == len(records(book["Comparison"]))


def test_measures_open_with_verdict_target_cost_and_fill_rate(book: Any) -> None:
    rows = records(book["Measures"])
    assert [r["Measure"] for r in rows[:5]] == [
        "Verdict", "Target of the fill rate", "Total cost", "Against @SUM(A1)", "Fill rate",
    ]  # fmt: skip
    assert rows[0]["@SUM(A1)"] == "meets the target, dearer"
    assert rows[1]["+B"] == 0.95
    comparison = make_results(SHAPE).comparison
    gap = comparison[comparison["kpi"] == "total_cost"].iloc[0]
    assert (rows[3]["+B"], rows[3]["± +B"]) == (pytest.approx(gap["difference"]), pytest.approx(gap["half_width"]))
    assert rows[3]["@SUM(A1)"] is None
    assert not any(r["+B"] == 0 and r["@SUM(A1)"] == 0 for r in rows)


def test_heads_have_room_for_their_lines(book: Any) -> None:
    long = Shape(policies={"a": ("A rule whose name takes several lines", 0.96, 3e5), "b": ("B", 0.97, 2e5)}, n=3)
    sheet = openpyxl.load_workbook(io.BytesIO(bytes_of(long)))["Measures"]
    row = head_of(sheet)
    longest = max(math.ceil(len(c.value) / sheet.column_dimensions[c.column_letter].width) for c in sheet[row][2:])
    assert longest >= 3
    assert sheet.row_dimensions[row].height >= 15 * longest


def test_rows_have_labels_units_and_formats(book: Any) -> None:
    for name in ("Summary", "Comparison"):
        sheet = book[name]
        rows = records(sheet)
        assert {"Total cost", "Fill rate"} <= {r["Measure"] for r in rows}
        assert {"EUR/year", "share"} <= {r["Unit"] for r in rows}
        for cells in sheet.iter_rows(min_row=head_of(sheet) + 1):
            numbers = [c for c in cells if c.data_type == "n" and c.value is not None]
            assert all(c.number_format != "General" for c in numbers)
    told = {c.value for row in book["Comparison"].iter_rows() for c in row}
    assert not told & {"total_cost", "fill_rate", "carrying_cost", "=1+1"}
    assert "Fill rate, share" in [c.value for c in book["Replications"][head_of(book["Replications"])]]


def test_a_long_summary_is_cut_evenly_and_says_where_the_rest_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "MOST_ROWS", 50)
    monkeypatch.setattr(tables, "MOST_ROWS", 50)
    sheet = openpyxl.load_workbook(io.BytesIO(bytes_of(SHAPE)))["Summary"]
    rows = records(sheet)
    assert len(rows) == 50
    assert all(r["@SUM(A1)"] is not None and r["+B"] is not None for r in rows[:10])  # no policy is missing
    assert "the rest is in summary.csv" in sheet.cell(1, 1).value
    made = openpyxl.load_workbook(io.BytesIO(bytes_of(Shape(n=20))))
    assert len({r["Policy"] for r in records(made["Derived"])}) == 3  # jit has none
    assert len({r["Policy"] for r in records(made["Replications"])}) == 4
    told = {r["Sheet"]: r["Where the rest is"] for r in records(made["Contents"])}
    assert "of 80 in all; the rest is in replications.csv" in told["Replications"]
    assert "the rest is in summary.csv" in told["Summary"]


def test_what_was_left_out_is_said_where_it_is_missed() -> None:
    results = make_results(SHAPE)
    results.manifest["detail"]["left_out"] = ["summary.csv goes down to the echelon (9 of 90 parts of the network)"]
    facts = Facts(results)
    made = openpyxl.load_workbook(io.BytesIO(workbook_bytes(facts, narrate(facts))))
    for name in ("Summary", "Replications"):
        notes = [made[name].cell(row, 1).value or "" for row in range(1, head_of(made[name]))]
        assert any("summary.csv goes down to the echelon" in note for note in notes), name


def test_text_is_never_a_formula_nor_a_link(book: Any) -> None:
    cells = [
        (sheet.title, cell) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]
    assert {cell.data_type for _, cell in cells} <= {"s", "n", "b", "f"}
    assert {name for name, cell in cells if cell.data_type == "f"} == {"Overview", "Rates", "Years"}
    assert not any(
        name in str(cell.value) for _, cell in cells if cell.data_type == "f" for name in ("=1+1", "@SUM", "HYPERLINK")
    )
    assert all(not cell.hyperlink.target for _, cell in cells if cell.hyperlink)
    assert {"=HYPERLINK(0)", "@SUM(A1)", "+B"} <= {cell.value for _, cell in cells if cell.data_type == "s"}


def test_names_of_charts_are_cells_and_never_text_that_could_be_a_formula() -> None:
    files = zipfile.ZipFile(io.BytesIO(bytes_of(SHAPE)))
    charts = [files.read(name).decode() for name in files.namelist() if name.startswith("xl/charts/")]
    assert len(charts) == 3
    formulas = {f for chart in charts for f in re.findall(r"<c:f>(.*?)</c:f>", chart)}
    assert all(re.fullmatch(r"(Overview|Rates)!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", f) for f in formulas), formulas
    assert "+B" in charts[1]  # what a viewer shows that does not read cells


def test_numbers_are_numbers_and_equal_the_tables(book: Any) -> None:
    summary = make_results(SHAPE).summary
    rows = records(book["Summary"])
    for policy, label in (("=1+1", "@SUM(A1)"), ("b", "+B")):
        own = summary[(summary["policy"] == policy) & (summary["mean"].fillna(0) != 0)]
        told = [r[label] for r in rows if r[label]]
        # a workbook holds sixteen digits
        assert told == pytest.approx(own["mean"].tolist(), rel=1e-15, abs=0)


def test_measures_have_every_policy_side_by_side(book: Any) -> None:
    results = make_results(SHAPE)
    row = next(r for r in records(book["Measures"]) if r["Measure"] == "Fill rate")
    assert row["@SUM(A1)"] == pytest.approx(results.estimate("=1+1", "fill_rate").mean, rel=1e-15)
    assert row["± +B"] == pytest.approx(results.estimate("b", "fill_rate").half_width, rel=1e-15)


def test_shares_look_like_shares(book: Any) -> None:
    sheet = book["Measures"]
    row = next(r for r in sheet.iter_rows(min_row=5) if r[0].value == "Fill rate")
    assert row[2].number_format == "0.0%"


def test_the_same_results_give_the_same_bytes() -> None:
    assert bytes_of(SHAPE) == bytes_of(SHAPE)


def test_a_lopsided_interval_is_told_by_its_ends() -> None:
    """99 % ± 2 % would reach over 100 %."""
    results = make_results(SHAPE)
    here = (results.summary["kpi"] == "fill_rate") & (results.summary["policy"] == "b")
    results.summary.loc[here, ["mean", "half_width", "low", "high"]] = [0.99, 0.02, 0.929, 0.9987]
    facts = Facts(results)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes(facts, narrate(facts))))
    row = next(r for r in records(sheet["Measures"]) if r["Measure"] == "Fill rate")
    assert row["+B"] == pytest.approx(0.99)
    assert row["± +B"] == "93 to 99.9"
    summary = next(r for r in records(sheet["Summary"]) if r["Measure"] == "Fill rate")
    assert summary["± +B"] == "93 to 99.9"
