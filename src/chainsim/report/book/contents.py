"""The table of contents: every sheet with a link, what is on it, and where the rest is of what was cut."""

from __future__ import annotations

from typing import Any

from chainsim.report.book.writer import Column, Writer

NAME = "Contents"


def contents(writer: Writer, sheet: Any, notes: list[str]) -> None:
    """Fill the sheet, after all others are written."""
    columns = [
        Column("Sheet", 16),
        Column("What is on it", 80, wrap=True),
        Column("Rows", 9),
        Column("Where the rest is", 46, wrap=True),
    ]
    for row, text in enumerate(notes):
        writer.note(sheet, row, text, len(columns), sum(c.width for c in columns))
    top = len(notes) + 1
    writer.heads(sheet, top, columns)
    link = writer.look(font_color="#0563C1", underline=1)
    listed = [one for one in writer.contents if one.name != NAME]
    for row, one in enumerate(listed, start=top + 1):
        sheet.write_url(row, 0, f"internal:'{one.name}'!A1", link, one.name)
        writer.cell(sheet, row, 1, one.about, "", wrap=True)
        writer.cell(sheet, row, 2, one.rows, "count")
        sheet.write_string(row, 3, one.rest, writer.look(text_wrap=True, align="left", indent=1))
    sheet.freeze_panes(top + 1, 0)
    writer.printed(sheet, top + len(listed), len(columns) - 1)
    sheet.repeat_rows(top)
