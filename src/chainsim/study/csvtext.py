"""CSV as bytes: RFC 4180, the same everywhere, safe to open in a spreadsheet.

Numbers are written so that they read back to the same bits (`repr`), undefined ones as empty cells. A text cell that
a spreadsheet could run as a formula is preceded by an apostrophe (CWE-1236), which `text_of` takes away again.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice

Cell = str | float | int | bool | None

LINES = 10_000
"""Lines that are made into bytes together."""
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as UTF-8 CSV with CRLF line ends."""
    return lines_bytes(header, (",".join([cell_text(cell) for cell in row]) for row in rows))


def lines_bytes(header: Sequence[str], lines: Iterable[str]) -> bytes:
    """The same of lines that are text already. A long table is never there as lines and as bytes at once."""
    made, rest = io.BytesIO(), iter(lines)
    some = [",".join(header)]
    while some:
        made.write(("\r\n".join(some) + "\r\n").encode())
        some = list(islice(rest, LINES))
    return made.getvalue()


def cell_text(cell: Cell) -> str:
    """One cell as it stands in the file.

    >>> cell_text(-5.0), cell_text(float("nan")), cell_text("=1+1"), cell_text('say "a, b"'), cell_text(True)
    ('-5.0', '', "'=1+1", '"say ""a, b\"""', 'true')
    """
    if isinstance(cell, str):
        return _text(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return str(cell)
    # adding 0.0 turns a negative zero, which looks like an error, into zero
    return "" if math.isnan(cell) else repr(cell + 0.0)


def text_of(cell: str) -> str:
    """The text that was written as `cell` (after CSV quoting is undone).

    >>> text_of("'=1+1"), text_of("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if _GUARDED.match(cell) else cell


@lru_cache(maxsize=4096)  # few texts, many cells
def _text(text: str) -> str:
    if _FORMULA.match(text):
        text = f"'{text}"
    if any(c in text for c in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
