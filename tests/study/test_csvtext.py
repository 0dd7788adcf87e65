"""Cells read back as they were, and none is a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainsim.study.csvtext import cell_text, csv_bytes, text_of


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1"])
def test_a_formula_is_defused(text: str) -> None:
    assert cell_text(text).strip('"').startswith("'")


@pytest.mark.parametrize(
    ("number", "text"), [(-5, "-5"), (-0.5, "-0.5"), (-0.0, "0.0"), (0.1, "0.1"), (1e300, "1e+300")]
)
def test_a_number_is_left_alone(number: float, text: str) -> None:
    assert cell_text(number) == text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), min_size=1))
def test_text_reads_back(texts: list[str]) -> None:
    rows = list(csv.reader(io.StringIO(csv_bytes(["a"] * len(texts), [texts]).decode(), newline="")))
    assert [text_of(cell) for cell in rows[1]] == texts


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back_to_the_bit(number: float) -> None:
    assert float(cell_text(number)) == number


def test_undefined_is_empty() -> None:
    assert csv_bytes(["a", "b", "c"], [(None, float("nan"), True)]) == b"a,b,c\r\n,,true\r\n"
