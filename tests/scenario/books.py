"""Workbooks for tests, written as the test needs them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

Rows = Iterable[Iterable[Any]]


def book_bytes(sheets: Mapping[str, Rows], *, merged: str = "", dates: str = "yyyy-mm-dd") -> bytes:
    """A workbook of sheets of rows; a text that begins with = is a formula with the value behind `->`.

    merged: cells of the first sheet to be merged.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": dates})
    book.set_properties({"created": datetime(2024, 1, 1, tzinfo=UTC)})  # the same bytes on any day
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, str) and value.startswith("="):
                    formula, _, worked_out = value.partition("->")
                    sheet.write_formula(r, c, formula, None, float(worked_out) if worked_out else "")
                elif isinstance(value, str):
                    sheet.write_string(r, c, value)
                elif value is not None:
                    sheet.write(r, c, value)
        if merged and sheet is book.worksheets()[0]:
            sheet.merge_range(merged, "merged")
    book.close()
    return out.getvalue()


def write_book(file: Path, sheets: Mapping[str, Rows], **more: Any) -> Path:
    file.write_bytes(book_bytes(sheets, **more))
    return file
