"""Workbooks: read as tables are, with the sheet and the cell in every message."""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from chainsim.errors import MissingPartError, ScenarioError
from chainsim.scenario import sheets
from chainsim.scenario.tables import parse_sheet

from .books import book_bytes, write_book
from .samples import changed, errors, load
from .test_item_masters import SHOP

ITEMS = [
    ["SKU", "Unit cost", "Demand", "Lead time (days)", "On hand"],
    ["tea", 2.5, 4, 7, 30],
    [22423, "=1+1->2", "3", "gamma(mean 5, cv 0.4)", None],
]
FROM_BOOK = SHOP.replace("items.csv", "book.xlsx")


def test_a_sheet_says_what_a_csv_says(tmp_path: Path) -> None:
    write_book(tmp_path / "book.xlsx", {"Items": ITEMS})
    (tmp_path / "items.csv").write_text(
        'SKU,Unit cost,Demand,Lead time (days),On hand\ntea,2.5,4,7,30\n22423,2,3,"gamma(mean 5, cv 0.4)",\n'
    )
    assert load(FROM_BOOK, tmp_path).sha256 == load(SHOP, tmp_path).sha256


def test_a_book_of_several_sheets_needs_the_name_of_one(tmp_path: Path) -> None:
    write_book(tmp_path / "book.xlsx", {"Notes": [["hello"]], "Items": ITEMS})
    found = errors(FROM_BOOK, tmp_path)[0]
    assert found.message == "has 2 sheets"
    assert "book.xlsx!Notes" in found.cure
    assert load(FROM_BOOK.replace("book.xlsx", "book.xlsx!Items"), tmp_path).products
    slip = errors(FROM_BOOK.replace("book.xlsx", "book.xlsx!Itms"), tmp_path)[0]
    assert slip.message == "has no sheet 'Itms' (did you mean 'Items'?)"


def test_demand_is_replayed_from_a_sheet(tmp_path: Path) -> None:
    rows = [["date", "soup"], *([date(2024, 1, k), k] for k in range(1, 6))]
    write_book(tmp_path / "book.xlsx", {"Sales": rows, "Other": [["x"]]})
    text = changed("quantity: {dist: poisson, mean: 5}", "type: history, file: book.xlsx!Sales, on_end: repeat")
    scenario = load(text, tmp_path)
    assert next(iter(scenario.tables["book.xlsx!Sales"].columns.values())) == (1, 2, 3, 4, 5)
    assert scenario.notes == ("book.xlsx!Sales: daily from 2024-01-01 to 2024-01-05 (5 rows)",)
    assert load(text.replace("5 rows", ""), tmp_path).sha256 == scenario.sha256


def refused(rows: list[list[Any]], **more: Any) -> str:
    with pytest.raises(ScenarioError) as stopped:
        parse_sheet(book_bytes({"Items": rows}, **more), "book.xlsx")
    found = stopped.value.findings[0]
    return f"{found.where}: {found.message} — {found.cure}"


def test_what_a_spreadsheet_leaves_unsaid_is_refused_with_its_cell() -> None:
    assert "B2 holds a formula whose value was never worked out — open the book" in refused([["a", "b"], [1, "=A2*2"]])
    assert "the cells A2:A3 are merged — unmerge them" in refused([["a", "b"], [1, 2], [None, 3]], merged="A2:A3")
    assert "two columns are called 'a'" in refused([["a", "a"], [1, 2]])
    assert "the sheet is empty" in refused([[]])


def test_an_error_in_a_cell_is_no_blank() -> None:
    data = book_bytes({"Items": [["a", "b"], [1, 7]]})
    wrong = _with_part(data, "xl/worksheets/sheet1.xml", b'<c r="B2"><v>7</v></c>', b'<c r="B2" t="e"><v>#N/A</v></c>')
    with pytest.raises(ScenarioError, match="B2 holds #N/A"):
        parse_sheet(wrong, "book.xlsx")


def test_a_wrong_cell_is_named_as_the_spreadsheet_names_it(tmp_path: Path) -> None:
    rows = [["Stock list of May"], [], ["", "SKU", "Unit cost", "Demand", "Lead time"], ["", "tea", "n/a", 4, 7]]
    write_book(tmp_path / "book.xlsx", {"My items": rows})
    text = FROM_BOOK.replace("stock: {file: book.xlsx, site: shop}\n", "")
    found = errors(text, tmp_path)[0]
    assert str(found.where) == "book.xlsx!My items!C4"
    assert found.message == "expected a number such as 12 or 3.5, got 'n/a'"
    write_book(tmp_path / "book.xlsx", {"My items": [*rows[:3], ["", "tea", -2, 4, 7]]})
    assert str(errors(text, tmp_path)[0].where) == "book.xlsx!My items!C4", "what the schema refuses, too"


def test_values_become_what_tables_hold() -> None:
    rows = [["a", "b"], [True, 0.1 + 0.2], [datetime(2024, 1, 31, 12), 1e6], ["text", 3.0], [date(2024, 2, 1), None]]
    table = parse_sheet(book_bytes({"Items": rows}, dates="yyyy-mm-dd hh:mm"), "book.xlsx")
    assert [row.cells for row in table.rows] == [
        ("true", "0.3"), ("2024-01-31 12:00:00", "1000000"), ("text", "3"), ("2024-02-01", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04 no book", "is no workbook that can be read"),
        (b"a,b\n1,2\n", "is no workbook that can be read"),
        (b"\xd0\xcf\x11\xe0 old", "is an old .xls or has a password"),
    ],
)
def test_what_is_no_workbook(data: bytes, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        parse_sheet(data, "book.xlsx")


def test_books_that_would_take_all_memory_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = book_bytes({"Items": [["a", "b"], [1, 7]]})
    far = _with_part(data, "xl/worksheets/sheet1.xml", b'r="B2"', b'r="XFD1048576"')
    (tmp_path / "book.xlsx").write_bytes(far)
    found = errors(FROM_BOOK, tmp_path)[0]
    assert "reaches to XFD1048576" in found.message
    assert found.budget
    monkeypatch.setattr(sheets, "MOST_UNFOLDED", 1000)
    (tmp_path / "book.xlsx").write_bytes(data)
    assert "unfolds to more than" in errors(FROM_BOOK, tmp_path)[0].message
    entity = _with_part(data, "xl/workbook.xml", b"<workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><workbook')
    monkeypatch.undo()
    with pytest.raises(ScenarioError, match="declarations of its own"):
        parse_sheet(entity, "book.xlsx")


def test_a_book_whose_packing_is_damaged_is_refused() -> None:
    """Found by the fuzzer: the packed bytes of a part, not the directory of the archive; its library tells that in an error of its own."""
    data = book_bytes({"Items": ITEMS})
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        about = book.getinfo("xl/worksheets/sheet1.xml")
    whole, refused_at = parse_sheet(data, "book.xlsx"), []
    start = about.header_offset + 30 + len(about.filename)
    for at in range(start, start + about.compress_size):
        damaged = data[:at] + bytes([data[at] ^ 8]) + data[at + 1 :]
        try:
            assert parse_sheet(damaged, "book.xlsx").rows == whole.rows, "a bit that says nothing"
        except ScenarioError as error:
            assert "is no workbook that can be read" in str(error)
            refused_at.append(at)
    assert len(refused_at) > 0.9 * about.compress_size


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingPartError, match=r"pip install 'chainsim\[excel\]'"):
        parse_sheet(book_bytes({"Items": ITEMS}), "book.xlsx")


def test_other_books_are_refused(tmp_path: Path) -> None:
    found = errors(SHOP.replace("items.csv", "items.xls"), tmp_path)[0]
    assert found.message == "only .csv, .txt, .xlsx and .xlsm tables are read"


def _with_part(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A workbook with a part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.namelist():
            content = before.read(part)
            if part == name:
                assert old in content
                content = content.replace(old, new, 1)
            after.writestr(part, content)
    return out.getvalue()
