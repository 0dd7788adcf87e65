"""Designs cover what they say they cover."""

from __future__ import annotations

import numpy as np
import pytest

from chainsim.experiments.design import Design
from chainsim.experiments.factors import Factor, Range

UNIT = [Factor(name, "x", range=Range(0.0, 1.0)) for name in "abc"]


def test_a_latin_hypercube_meets_every_part_of_every_factor_once() -> None:
    rows = np.array(Design("latin_hypercube", 20, seed=3).rows(UNIT), float)
    assert rows.shape == (20, 3)
    for column in rows.T:
        assert sorted(np.floor(column * 20 - 1e-9).astype(int).tolist()) == list(range(20))


def test_a_sobol_sequence_fills_every_half_and_quarter_equally() -> None:
    rows = np.array(Design("sobol", 32).rows(UNIT), float)
    for column in rows.T:
        assert np.histogram(column, bins=[0.0, 0.25, 0.5, 0.75, 1.0])[0].tolist() == [8, 8, 8, 8]


def test_a_saltelli_design_mixes_columns_of_two_samples() -> None:
    design = Design("saltelli", 8)
    rows = np.array(design.rows(UNIT), float)
    assert len(rows) == design.size(UNIT) == 8 * 5
    a, b = rows[:8], rows[8:16]
    for k in range(3):
        mixed = rows[16 + 8 * k : 24 + 8 * k]
        assert (mixed[:, k] == b[:, k]).all()
        others = [j for j in range(3) if j != k]
        assert (mixed[:, others] == a[:, others]).all()


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol", "saltelli"])
def test_the_seed_of_a_design_decides(kind: str) -> None:
    assert Design(kind, 8, 1).rows(UNIT) == Design(kind, 8, 1).rows(UNIT)
    assert Design(kind, 8, 1).rows(UNIT) != Design(kind, 8, 2).rows(UNIT)


def test_lists_have_equal_parts_in_a_drawn_design() -> None:
    rows = Design("latin_hypercube", 12).rows([Factor("a", "x", ("red", "green", "blue"))])
    assert [rows.count((colour,)) for colour in ("red", "green", "blue")] == [4, 4, 4]


def test_a_range_on_a_log_scale_has_equal_ratios() -> None:
    assert Range(1.0, 1000.0, log=True).values(4) == (1.0, 10.0, 100.0, 1000.0)
