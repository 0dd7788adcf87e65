"""Squares are products: `x ** 2` is the C library's pow, whose last digit depends on the machine (163 of 200,000 differ from x·x)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "chainsim"
PARTS = ("kpis", "statistics", "record", "rules", "engines", "chance")


def powers(text: str) -> list[int]:
    """Lines with a whole power of something that is no number."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Pow)
        and isinstance(node.right, ast.Constant)
        and node.right.value in (2, 3)
        and not isinstance(node.left, ast.Constant)
    ]


@pytest.mark.parametrize("part", PARTS)
def test_squares_and_cubes_are_written_as_products(part: str) -> None:
    found = {
        str(p.relative_to(SRC)): lines
        for p in sorted((SRC / part).rglob("*.py"))
        if (lines := powers(p.read_text("utf-8")))
    }
    assert found == {}


def test_a_power_is_found() -> None:
    assert powers("a = x ** 2\nb = 10 ** 3\nc = (x - y)**2.0\nd = x ** 0.5") == [1, 3]
