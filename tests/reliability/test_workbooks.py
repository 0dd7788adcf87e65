"""Workbooks through the command line: item masters and demand, broken as books are; exit code, place, what to do, and nothing written."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chainsim.cli import execute
from tests.scenario.books import book_bytes
from tests.scenario.test_sheets import _with_part

ITEMS = """\
chainsim: 1
title: Items from a workbook
time: {unit: day, warm_up: 10, horizon: 60}
replications: 1
products: {file: book.xlsx!Items}
sites: {vendor: {kind: supplier}, shop: {kind: store}}
lanes: {file: book.xlsx!Items, from: vendor, to: shop}
demand: {file: book.xlsx!Items, site: shop}
policies: {daily: {type: base_stock, order_up_to_level: 24}}
"""
SALES = """\
chainsim: 1
title: Sales from a workbook
time: {unit: day, horizon: 5}
replications: 1
products: {tea: {}}
sites: {vendor: {kind: supplier}, shop: {kind: store}}
lanes: [{from: vendor, to: shop, lead_time: 2}]
demand: [{site: shop, product: tea, type: history, file: book.xlsx!Sales}]
policies: {daily: {type: base_stock, order_up_to_level: 24}}
"""
TABLES: dict[str, list[list[Any]]] = {
    "Items": [["SKU", "Unit cost", "Demand", "Lead time (days)"], ["tea", 2.5, 4, 7]],
    "Sales": [["date", "tea"], *([date(2024, 1, k), k] for k in range(1, 6))],
}
TEXTS = {"Items": ITEMS, "Sales": SALES}


def book(sheet: str, cell: Any = None, **more: Any) -> bytes:
    """The sheet with another cell in its second row and column."""
    head, second, *rest = TABLES[sheet]
    changed = second if cell is None else [second[0], cell, *second[2:]]
    return book_bytes(
        {"Cover": [["x"]], sheet: [head, changed, *rest]} if not more else {sheet: [head, changed, *rest]}, **more
    )


def far(sheet: str) -> bytes:
    return _with_part(book(sheet), "xl/worksheets/sheet2.xml", b'r="B2"', b'r="XFD1048576"')


BROKEN = {
    "E03 no number": (lambda sheet: book(sheet, "5 kg"), 2, "B2"),
    "E06 cut off": (lambda sheet: book(sheet)[:2000], 2, "is no workbook that can be read"),
    "E06 a book that lists no sheet": (lambda sheet: _with_part(book(sheet, merged=""), "xl/workbook.xml", b"<sheet ", b"<shoot "), 2, "book.xlsx: error: lists no sheet"),
    "E08 merged": (lambda sheet: book(sheet, merged="A2:B2"), 2, "the cells A2:B2 are merged"),
    "E11 a formula never worked out": (lambda sheet: book(sheet, "=1+1"), 2, "B2 holds a formula whose value was never worked out"),
    "E12 a cell a million rows away": (far, 3, "reaches to XFD1048576"),
    "F05 no such sheet": (lambda sheet: book_bytes({f"{sheet}s": TABLES[sheet], "Cover": [["x"]]}), 2, "book.xlsx: error: has no sheet"),
    "F06 a password": (lambda sheet: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), 2, "has a password"),
}  # fmt: skip


@pytest.mark.parametrize("sheet", list(TABLES))
@pytest.mark.parametrize("case", list(BROKEN))
def test_a_broken_book_is_refused_with_its_place(
    case: str, sheet: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, code, words = BROKEN[case]
    (tmp_path / "s.yaml").write_text(TEXTS[sheet], "utf-8")
    (tmp_path / "book.xlsx").write_bytes(make(sheet))
    assert execute(["validate", str(tmp_path / "s.yaml")]) == code
    told = capsys.readouterr().err
    assert words in told
    assert "book.xlsx" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("sheet", list(TABLES))
def test_a_sound_book_is_accepted(sheet: str, tmp_path: Path) -> None:
    """The same books, whole: what is refused above is refused for what was broken."""
    (tmp_path / "s.yaml").write_text(TEXTS[sheet], "utf-8")
    for data in (book(sheet), book(sheet, 3.0), book(sheet, "=1+2->3")):
        (tmp_path / "book.xlsx").write_bytes(data)
        assert execute(["validate", str(tmp_path / "s.yaml")]) == 0
