"""A cost is registered once: total, definition, chart, sensitivity and inspection follow, for one of an outside package too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

import chainsim
from chainsim.data import scenario_names, scenario_path
from chainsim.engines.base import simulate
from chainsim.kpis import KPIS, View, cost, cost_lines, measure
from chainsim.plan.compile import compile_plan
from chainsim.report import narrative
from chainsim.report.charts import CHARTS
from chainsim.report.charts.style import settings
from chainsim.report.facts import Facts
from chainsim.study.inspection import inspect
from chainsim.study.results import Results

OWN_DATA = ("gift_wholesaler_replay",)  # wants a file of the user's
QUICK = [name for name in scenario_names() if name not in (*OWN_DATA, "large_network")]


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> str:
    """What a module of another package does when it is imported: one cost line more."""
    monkeypatch.setattr(KPIS, "_things", dict(KPIS.items()))

    @cost("counting_cost", title="Counting cost", definition="50 a year × mean stock on hand.")
    def counting_cost(view: View) -> np.ndarray[Any, Any]:
        return view.total(view.flow("on_hand_time") / view.window * 50.0)

    return "counting_cost"


def lines_and_total(name: str) -> tuple[dict[str, Any], Any, Any]:
    """Cost lines by id, their total and the margin, at every scope of a short run of the first policy."""
    scenario = chainsim.load(scenario_path(name)).scenario
    time = replace(scenario.time, warm_up=min(scenario.time.warm_up, 14.0), horizon=28.0)
    plan = compile_plan(replace(scenario, time=time), scenario.alternatives[0].name)
    made = measure(simulate(plan, 0, engine="simpy"), plan)
    values = dict(zip(made.ids, made.values.T, strict=True))
    return {line.id: values[line.id] for line in cost_lines()}, values["total_cost"], values["margin"]


@pytest.mark.parametrize("name", QUICK)
def test_the_lines_of_every_shipped_scenario_sum_to_the_total(name: str) -> None:
    lines, total, _ = lines_and_total(name)
    assert_allclose(sum(lines.values()), total, rtol=1e-12)
    assert total[0] > 0


@pytest.mark.parametrize("name", QUICK)
def test_a_line_from_outside_is_in_total_and_margin(name: str, counting: str) -> None:
    lines, total, margin = lines_and_total(name)
    assert lines[counting][0] > 0
    assert_allclose(sum(lines.values()), total, rtol=1e-12)
    del KPIS._things[counting]
    _, before, margin_before = lines_and_total(name)
    assert_allclose(total - before, lines[counting], rtol=1e-9, atol=1e-9)
    assert_allclose(margin_before - margin, lines[counting], rtol=1e-9, atol=1e-9)


def bars(results: Results) -> tuple[list[float], list[str], str]:
    """Where the bars of each policy end, what the legend names, and the title."""
    facts = Facts(results)
    with settings():
        drawing = CHARTS.get("cost-stack").draw(facts, narrative.narrate(facts))
    assert drawing is not None
    axes, ends = drawing.figure.axes[0], [0.0] * len(facts.policies)
    for k, bar in enumerate(axes.patches):
        ends[k % len(ends)] += bar.get_width()
    return ends, [t.get_text() for t in drawing.figure.legends[0].get_texts()], drawing.title


def study(replications: int) -> Results:
    return chainsim.load(scenario_path("serial_textbook")).run(replications=replications, jobs=1)


def test_the_bars_end_at_the_total_and_name_a_line_from_outside(counting: str) -> None:
    results = study(3)
    ends, legend, title = bars(results)
    assert ends == pytest.approx([results.estimate(p, "total_cost").mean for p in results.policies], rel=1e-9)
    assert "counting cost" in legend
    assert "counting cost" in title
    assert results.manifest["cost_lines"][-1] == counting


def test_a_page_made_where_the_line_is_unknown_leaves_it_in(counting: str) -> None:
    results = study(2)
    del KPIS._things[counting]
    ends, legend, _ = bars(results)
    assert ends == pytest.approx([results.estimate(p, "total_cost").mean for p in results.policies], rel=1e-9)
    assert counting in legend


def test_the_recommendation_weighs_it(counting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[narrative.Option] = []

    honest = narrative.recommend

    def recommend(options: Any, *others: Any) -> narrative.Narrative:
        seen.extend(options)
        return honest(options, *others)

    monkeypatch.setattr(narrative, "recommend", recommend)
    results = study(2)
    narrative.narrate(Facts(results))
    assert seen
    for option in seen:
        assert option.lines["counting cost"] > 0
        assert sum(option.lines.values()) == pytest.approx(np.mean(option.costs), rel=1e-9)


def test_the_definition_names_it(counting: str) -> None:
    assert " + counting cost (" in KPIS.get("total_cost").definition


def test_a_log_does_not_tell_it(counting: str) -> None:
    scenario = chainsim.load(scenario_path("beer_game")).scenario
    plan = compile_plan(scenario, scenario.alternatives[0].name)
    found = inspect(plan, 5, "simpy")
    assert (found.difference, found.reason) == (None, "the log does not tell counting cost")
