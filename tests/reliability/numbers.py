"""The numbered cases of the reliability contract: their one list is the table of `docs/reliability.md`, which says where each is tested.

`tests/conftest.py` hands every test the numbers of its cases as words, so that `pytest -k J05` runs what tests case J05.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).resolve().parents[1]
TABLE = TESTS.parent / "docs" / "reliability.md"
ROW = re.compile(r"\| ([A-K][0-9]{2}) \| (.*?) \| (.*) \|")
MISSING = "missing: "
"""How a case begins that no test can have, with what is missing."""


class Row(NamedTuple):
    """A case: its number, what it is about, and the tests as they are written in the table."""

    number: str
    about: str
    tests: tuple[str, ...]


@cache
def rows() -> tuple[Row, ...]:
    """The table, from top to bottom."""
    found = (ROW.fullmatch(line) for line in TABLE.read_text("utf-8").splitlines())
    return tuple(Row(row[1], row[2], tuple(named(row[3]))) for row in found if row)


def named(cell: str) -> Iterator[str]:
    """The tests of a cell, each with its whole path: `…::` is the file before, `…/` its folder."""
    file = ""
    for name in re.findall(r"`([^`]+)`", cell):
        place, _, test = name.partition("::")
        if place.startswith("…"):
            place = file if place == "…" else f"{file.rpartition('/')[0]}{place[1:]}"
        file = place
        yield f"{place}::{test}" if test else place


@cache
def _by_file() -> dict[str, list[tuple[re.Pattern[str], str]]]:
    """File → patterns of its tests, with the number each stands for."""
    found: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for row in rows():
        for name in row.tests:
            file, _, test = name.partition("::")
            pattern = ".*".join(re.escape(part) for part in test.split("…")) if test else ".*"
            whole = pattern if "[" in test or not test else rf"{pattern}(\[.*)?"
            found.setdefault(file, []).append((re.compile(whole, re.DOTALL), row.number))
    return found


def numbers_of(node: str) -> set[str]:
    """The cases a test belongs to, by the name pytest gives it.

    >>> sorted(numbers_of("tests/reliability/test_crashes.py::test_J05_the_nth_write_of_a_whole_run_fails"))
    ['J05']
    """
    file, _, test = node.removeprefix("tests/").partition("::")
    return {number for pattern, number in _by_file().get(file, ()) if pattern.fullmatch(test)}
