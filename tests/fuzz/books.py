"""Workbooks beside a scenario, broken cell by cell, part by part and byte by byte."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chainsim.scenario.sheets import Book
from tests.fuzz.cases import Case, accidents, slips
from tests.fuzz.tables import NEVER
from tests.scenario.books import book_bytes

CELLS: tuple[Any, ...] = (
    None, "", " ", 0, -1, 0.5, 1e15, 1e16, 5e-324, True, "nan", "inf", "n/a", "5 kg", "1,000", "0x10", "1_0", "٣", "=1+1", "=1+1->2", "=NA()",
    "@SUM(A1)", "2024-02-30", "x" * 5000, "<script>", "../x",
)  # fmt: skip
"""What every cell is replaced by; a formula has a worked-out value where it says `->`."""
MOST_CELLS = 40
INSIDE = (
    b"<row",
    b"</row>",
    b"<c ",
    b"<v>",
    b't="s"',
    b'r="A1"',
    b"<sheetData>",
    b"sharedStrings",
    b"count=",
    b"spans=",
)
"""Pieces of a sheet's XML that are changed, one at a time."""


def broken(scenario: Path, file: str) -> Iterator[Case]:
    """Every case of a workbook of a scenario."""
    data = (scenario.parent / file).read_bytes()
    book = Book(data)
    sheets = {name: [[*map(_number, cells)] for _, cells in book.lines(name)] for name in book.names}
    name, rows = next(iter(sheets.items()))

    def case(kind: str, what: str, changed: bytes, must: bool = False, word: str = "") -> Case:
        return Case(scenario, file, f"workbook: {kind}", what, changed, must, word)

    def put(i: int, j: int, cell: Any) -> bytes:
        there = [*rows[:i], [*rows[i][:j], cell, *rows[i][j + 1 :]], *rows[i + 1 :]]
        return book_bytes({**sheets, name: there})

    for kind, what, changed in accidents(data):
        if not kind.startswith(("line", "indented", "outdented")):
            yield case(kind, what, changed)
    places = [(i, j) for i in range(1, len(rows)) for j in range(len(rows[0]))]
    for i, j in places[:: max(1, len(places) // MOST_CELLS)]:
        for cell in CELLS:
            must = j > 0 and str(cell) in NEVER - {"=1+1"} and not (cell == "5 kg" and rows[0][j] == "SKU")
            yield case("cell", f"{i},{j} {str(cell)[:20]}", put(i, j, cell), must or cell == "=1+1" or cell == "=NA()")
        yield case(
            "merged",
            f"{i},{j}",
            book_bytes({**sheets, name: rows}, merged=f"{chr(65 + j)}{i + 1}:{chr(66 + j)}{i + 1}"),
            True,
        )
    for j, head in enumerate(rows[0]):
        for slip in slips(head) if len(head) > 2 else ():
            if slip not in rows[0]:
                yield case("slip in a column", f"{j} {slip}", put(0, j, slip), word=head)
    for slip in slips(name):
        yield case(
            "slip in a sheet", slip, book_bytes({**{k: v for k, v in sheets.items() if k != name}, slip: rows}), True
        )
    yield from (case("part", what, changed) for what, changed in _parts(data))


def _number(cell: Any) -> Any:
    """A cell that was a number is one again; only cells of the book as it was, for Python takes 1_0 for one, too."""
    try:
        return float(cell) if isinstance(cell, str) and cell[:1].isdecimal() and cell.isascii() else cell
    except ValueError:
        return cell


def _parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """A part left out, or a piece of one changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    for name, content in parts.items():
        yield f"{name} lost", _zipped({k: v for k, v in parts.items() if k != name})
        yield f"{name} empty", _zipped({**parts, name: b""})
        yield f"{name} cut off", _zipped({**parts, name: content[: len(content) // 2]})
        for piece in INSIDE:
            for new in (b"", b"<zzz>", b'r="XFD1048576"'):
                if piece in content:
                    yield (
                        f"{name} {piece.decode()} {new.decode()}",
                        _zipped({**parts, name: content.replace(piece, new, 1)}),
                    )


def _zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()
