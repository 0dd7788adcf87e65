"""The page: a sentence first, nothing loaded, and every number one of the tables'."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import chainsim
from chainsim.data import experiment_names
from chainsim.experiments.reading import read_experiment
from chainsim.experiments.running import run_experiment
from chainsim.report.experiment.page import write_experiment

from .made_up import findings
from .test_choices import GRID, crossing
from .test_running import SHELVES


@pytest.fixture(scope="module")
def done() -> Any:
    return chainsim.experiment({**SHELVES, "constraint": {"kpi": "fill_rate", "at_least": "60 %"}}, jobs=1)


def test_every_number_of_the_page_is_one_of_the_tables(done: Any) -> None:
    page = write_experiment(done.findings)["experiment.html"].decode()
    known = {round(float(v), 9) for column in ("value", "s") for v in done.results[column]}
    told = [float(v) for v in re.findall(r'<data value="([^"]*)"', page)]
    assert len(told) >= 8
    assert [v for v in told if round(v, 9) not in known] == []


def test_the_page_of_effects_and_boxes_agrees_with_the_tables() -> None:
    found = findings(GRID, crossing)
    page = write_experiment(found)["experiment.html"].decode()
    known = {round(e.effect, 9) for e in found.effects} | {
        round(e.share, 9) for e in found.effects if e.share is not None
    }
    for box in found.boxes:
        known |= {float(box.broken), round(box.density, 9), round(box.coverage, 9)}
    for stands in found.choices.stands.values():
        for stand in stands:
            known |= {round(stand.value or 0.0, 9)}
            if stand.standing is not None and stand.standing.gap is not None:
                known |= {round(abs(stand.standing.gap.mean or 0.0), 9)}
    known |= {
        float(f.cell(v)) for p in found.data.points for f, v in zip(found.data.asked.factors, p.values, strict=True)
    }
    known |= {0.95}
    told = [round(float(v), 9) for v in re.findall(r'<data value="([^"]*)"', page)]
    assert [v for v in told if v not in known] == []


def test_the_page_opens_with_the_answer_and_loads_nothing(done: Any) -> None:
    page = write_experiment(done.findings)["experiment.html"].decode()
    assert page.index('class="recommendation"') < page.index("<svg") < page.index("<table")
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_the_same_results_give_the_same_page(done: Any) -> None:
    assert write_experiment(done.findings) == write_experiment(done.findings)


def test_names_are_text_and_never_markup() -> None:
    factors = {"<b>a&": {"path": "policies.given.reorder_point", "values": [5, 10]}}
    found = chainsim.experiment({**SHELVES, "title": "<i>x</i>", "factors": factors}, jobs=1).findings
    page = write_experiment(found)["experiment.html"].decode()
    assert "<b>a" not in page
    assert "<i>x" not in page


@pytest.mark.slow
@pytest.mark.parametrize("name", experiment_names())
def test_shipped_experiments_run(name: str, tmp_path: Path) -> None:
    done = run_experiment(read_experiment(name), out=tmp_path / "x")
    assert done.failures() == []
    assert done.report().exists()


@pytest.mark.parametrize("name", ["eoq_curve", "critical_ratio", "pooling"])
def test_simulation_lies_on_the_curve_of_theory(name: str) -> None:
    """Within 1.5 half-widths (3.4 standard errors, of all points together), or where nothing is random within the half cycle of a
    lot that the end of the run cuts off: 0.5 %."""
    done = run_experiment(read_experiment(name), jobs=1)
    [curve] = done.asked.curves
    for i, (x, theory) in zip(done.data.good, sorted(done.findings.theory(curve)), strict=True):
        e = done.data.estimate(i, done.asked.alternatives[0], curve.response)
        assert done.asked.factors[0].cell(done.data.points[i].values[0]) == x
        near = 1.5 * e.half_width if e.half_width else 0.005 * theory
        assert e.mean == pytest.approx(theory, rel=0.0, abs=near)
