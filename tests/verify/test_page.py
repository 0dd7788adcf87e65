"""The page: engines that agree share a line, those that do not have one each; scores are counted once."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from chainsim.report.verification import page
from chainsim.report.verification_scores import scores
from chainsim.verify import Row, cases
from chainsim.verify.glance import Glance, glance


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
    assert "simpy" not in line
    assert "1 number compared with runs (simpy and compiled)" in page(SAME, "full", ["simpy", "compiled"])


def test_engines_that_differ_have_a_line_each() -> None:
    lines = table([SAME[0], replace(SAME[1], mean=7.58)])
    assert [re.findall("simpy|compiled", line) for line in lines] == [["simpy"], ["compiled"]]


def test_a_case_at_a_glance() -> None:
    rows = [
        replace(SAME[0], n=40, half_width=0.25, wanted=0.5, z=-2.5),
        replace(SAME[1], n=80, half_width=0.40, wanted=0.5, z=1.0, note="second seed, four times the effort"),
        replace(SAME[0], how="theory", engine="", half_width=None, wanted=None, z=None, n=1),
    ]
    assert glance(rows) == Glance(1, 1, ("simpy", "compiled"), False, 80, 2.5, 0.8, 1)


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
