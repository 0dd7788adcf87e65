"""The table of properties in README.md stays true: every property has its row, every test named there exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ROWS = [line for line in (HERE / "README.md").read_text("utf-8").splitlines() if re.match(r"\| P\d", line)]


def test_every_property_has_a_row() -> None:
    told = [int(number) for row in ROWS for number in re.findall(r"P(\d+)", row.split("|")[1])]
    assert told == list(range(1, 50))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_the_tests_it_names_exist(row: str) -> None:
    named = re.findall(r"`([^`\s]*(?:\.py|/|…::)[^`\s]*)`", row.split("|")[3])
    assert named
    file = HERE
    for name in named:
        place, _, test = name.partition("::")
        if place != "…":
            file = next(path for path in (HERE / place, ROOT / place) if path.exists())
        if test:
            assert f"def {test.rstrip('…')}" in file.read_text("utf-8"), name
