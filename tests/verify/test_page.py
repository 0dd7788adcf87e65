"""The page: engines that agree share a line, those that do not have one each; scores are counted once."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from chainsim.report.verification import page
from chainsim.report.verification_scores import scores
from chainsim.verify import Row, cases


def simulated(case: str, quantity: str, engine: str, mean: float, z: float) -> Row:
    known = cases()[case].values[quantity]
    return Row(case, quantity, "", "simulated", engine, known, mean, 0.01, 0.02, z, 20, "passed")


SAME = [simulated("P-RQ-1", "OH", engine, 7.57, -0.4) for engine in ("simpy", "compiled")]


def table(rows: list[Row]) -> list[str]:
    """The lines of the cases' tables."""
    html = page(rows, "full", ["simpy", "compiled"])
    return re.findall(r'<tr[^>]*><th scope="row">mean on hand.*?</tr>', html, re.DOTALL)


def test_engines_that_agree_share_a_line() -> None:
    (line,) = table(SAME)
    assert "simpy and compiled" in line


def test_engines_that_differ_have_a_line_each() -> None:
    lines = table([SAME[0], replace(SAME[1], mean=7.58)])
    assert [re.findall(r'data-label="by">(\w+)', line) for line in lines] == [["simpy"], ["compiled"]]


def test_scores_of_one_engine_are_counted_and_put_beside_chance() -> None:
    rows = [
        simulated("P-RQ-1", "OH", engine, 7.5, z) for engine in ("simpy", "compiled") for z in [0.5] * 15 + [-2.5] * 5
    ]
    told = scores(rows)
    assert told is not None
    assert "20 simulated means" in told.caption
    assert "75.0 % within ±1 (chance: 68.3 %)" in told.caption
    heights = [float(h) for h in re.findall(r'height="([\d.]+)"/>', told.svg)]
    assert len(heights) == 14
    assert [k for k, h in enumerate(heights) if h > 0] == [2, 8]
    assert heights[8] == pytest.approx(3 * heights[2], abs=0.2)


def test_few_scores_are_no_figure() -> None:
    assert scores(SAME) is None
    assert "<svg" not in page(SAME, "full", ["simpy"])
