"""CSV tables beside a scenario, broken cell by cell. chainsim reads no other kind of table; what is one is refused by name."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from tests.fuzz.cases import Case, accidents, slips

CELLS = (
    "", " ", "0", "-1", "0.5", "1e15", "1e16", "1e999", "5e-324", "nan", "inf", "n/a", "NULL", "true", "5 kg", '"1,000"', "1.000,5", "0x10",
    "1_0", "٣", "=1+1", "@SUM(A1)", "'5", '"', "2024-02-30", "30/02/2024", "x" * 5000, "\x00", "<script>", "../x",
)  # fmt: skip
NEVER = {"1e999", "nan", "inf", "1_0", "٣", "0x10", "\x00", "=1+1", "5 kg"}
"""Of these, what no number, date or name of a table may be."""
FREE = ("products", "groups", "buyer")
"""Columns of names, and the one that the trader leaves out: they take any text."""
MOST_CELLS = 40


def broken(scenario: Path, file: str) -> Iterator[Case]:
    """Every case of a table of a scenario."""
    data = (scenario.parent / file).read_bytes()
    for kind, what, changed in accidents(data):
        yield Case(scenario, file, f"table: {kind}", what, changed)
    rows = [line.split(",") for line in data.decode().splitlines()]

    def case(kind: str, what: str, changed: list[list[str]], must: bool = False, word: str = "") -> Case:
        text = "".join(",".join(row) + "\n" for row in changed)
        return Case(scenario, file, f"table: {kind}", what, text.encode(), must, word)

    def put(i: int, j: int, cell: str) -> list[list[str]]:
        return [*rows[:i], [*rows[i][:j], cell, *rows[i][j + 1 :]], *rows[i + 1 :]]

    step = max(1, len(rows) * len(rows[0]) // MOST_CELLS)
    places = [(i, j) for i in range(1, len(rows)) for j in range(len(rows[0]))][::step]
    for i, j in places:
        for cell in CELLS:
            if not (rows[0][j] in FREE or (cell == "5 kg" and j == 0)):
                yield case("cell", f"{i},{j} {cell[:20]}", put(i, j, cell), must=cell in NEVER and j > 0)
    for j, name in enumerate(rows[0]):
        yield case("column lost", str(j), [[*row[:j], *row[j + 1 :]] for row in rows])
        yield case("column twice", str(j), [[*row[: j + 1], *row[j:]] for row in rows], must=True)
        if len(name) > 2 and not name.isdigit():
            for slip in slips(name):
                if slip not in rows[0]:
                    yield case("slip in a column", f"{j} {slip}", put(0, j, slip), word=name)
    for separator in (";", "\t", "|"):
        yield Case(scenario, file, "table: separator", separator, data.replace(b",", separator.encode()))
    for code in ("utf-16", "latin-1", "utf-8-sig", "cp1252"):
        yield Case(
            scenario, file, "table: encoding", code, (data.decode() + "é,é\n").encode(code), code not in ("utf-8-sig",)
        )
    sheet = BytesIO()
    with zipfile.ZipFile(sheet, "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", data)
    yield Case(scenario, file, "table: a workbook", "", sheet.getvalue(), True)
