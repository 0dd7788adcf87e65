"""Demand as a control variate: what customers are expected to ask for is exact, and what it takes out of an estimate is right."""

from __future__ import annotations

from typing import Any

import pytest

import chainsim
from chainsim.cli import execute
from chainsim.data import scenario_path
from chainsim.errors import UsageError
from chainsim.replicate.bench import Bench
from chainsim.statistics import estimate
from chainsim.study.control import expected_demand

WEEKLY = [0.5, 1.0, 1.0, 1.0, 1.0, 1.5, 1.0]


def shop(demand: dict[str, Any], **more: Any) -> chainsim.Study:
    return chainsim.load_dict(
        {
            "chainsim": 1, "title": "A shop", "time": {"unit": "day", "warm_up": 7, "horizon": 14, "bucket": 7}, "replications": 40, "seed": 3,
            "products": {"tea": {"unit_cost": 2, "unit_price": 3}},
            "sites": {"source": {"kind": "supplier"}, "shop": {"kind": "store"}},
            "lanes": [{"from": "source", "to": "shop", "lead_time": 1, "order_cost": 5}],
            "demand": [{"site": "shop", "product": "tea", "unmet": "lost", **demand}],
            "costs": {"currency": "EUR", "carrying_rate": "30% per year", "lost_sale": "margin"},
            "policies": {"daily": {"type": "base_stock", "order_up_to_level": 25, "review_interval": 1}},
        } | more
    )  # fmt: skip


@pytest.mark.parametrize(
    ("demand", "expected"),
    [
        ({"quantity": 10}, 140.0),  # 14 days of 10
        ({"quantity": {"dist": "poisson", "mean": 10}}, 140.0),
        ({"quantity": {"dist": "poisson", "mean": 10}, "season": {"weekly": WEEKLY}}, 140.0),  # two weeks of seven days' 7.0
        ({"quantity": 10, "every": "2 days", "offset": 1}, 70.0),  # days 7, 9 … 19
        ({"quantity": {"dist": "discrete", "values": [0, 1], "probabilities": [0.25, 0.75]}}, 10.5),
        ({"quantity": {"dist": "uniform", "low": 0.0, "high": 0.6}}, 14 / 6),  # rounded half up: 1 above 0.5, one time in six
        ({"type": "arrivals", "rate": "4 per day", "size": {"dist": "discrete_uniform", "low": 1, "high": 3}}, 14 * 4 * 2.0),
        ({"type": "arrivals", "rate": "4 per day", "step": {"at": 14, "factor": 2.0}}, 4 * (7 + 7 * 2.0)),
        ({"quantity": {"dist": "poisson", "mean": 10}, "season": {"yearly": [1.0] * 12}}, 140.0),
    ],
)  # fmt: skip
def test_what_customers_are_expected_to_ask_for(demand: dict[str, Any], expected: float) -> None:
    assert expected_demand(shop(demand).scenario) == pytest.approx(expected, rel=2e-4)


@pytest.mark.parametrize(
    "demand",
    [
        {"quantity": {"dist": "poisson", "mean": 3}, "season": {"weekly": WEEKLY}},
        {"quantity": {"dist": "normal", "mean": 2, "sd": 3}},  # cut at 0, rounded
        {"type": "arrivals", "rate": "4 per day", "size": {"dist": "discrete_uniform", "low": 1, "high": 3}},
        {"type": "arrivals", "rate": "2 per day", "step": {"at": 10, "factor": 3.0}},
    ],
)  # fmt: skip
def test_it_is_what_they_ask_for_in_the_long_run(demand: dict[str, Any]) -> None:
    scenario = shop(demand).scenario
    units = Bench(scenario, "daily", measures=("units_demanded",)).observe(count=4000).of("units_demanded")[0]
    known = estimate(units.tolist(), 0.999)
    assert abs((known.mean or 0.0) - expected_demand(scenario)) <= (known.half_width or 0.0)


def test_a_measure_that_follows_demand_is_known_exactly() -> None:
    """All is sold, from stock without end, so that units filled are units demanded: nothing is left to luck."""
    study = shop({"quantity": {"dist": "poisson", "mean": 10}}).with_({"policies.daily.order_up_to_level": 1000})
    table = study.controlled(study.run(jobs=1), ["units_filled"])
    (row,) = table.to_dict(orient="records")
    assert row["mean"] == pytest.approx(140.0)
    assert row["half_width"] == pytest.approx(0.0, abs=1e-6)
    assert row["plain_half_width"] > 1.0
    assert row["plain"] != pytest.approx(140.0, abs=0.1)


def test_the_corrected_estimate_covers_the_truth_with_a_narrower_interval() -> None:
    lots = {"daily": {"type": "s_Q", "reorder_point": 12, "order_quantity": 30}}
    study = shop({"quantity": {"dist": "poisson", "mean": 10}}, policies=lots)
    row = study.controlled(study.run(jobs=1)).query("kpi == 'total_cost'").iloc[0]
    truth = estimate(Bench(study.scenario, "daily").observe(first=1000, count=4000).of("total_cost")[0].tolist())
    assert row["half_width"] < row["plain_half_width"]
    assert row["gain"] == pytest.approx((row["plain_half_width"] / row["half_width"]) ** 2, rel=0.02)
    assert abs(row["mean"] - (truth.mean or 0.0)) < 2.0 * row["half_width"]


def test_where_no_formula_says_it_is_refused_in_words() -> None:
    gamma = {"type": "arrivals", "gap": {"dist": "gamma", "mean": 0.5, "cv": 0.5}}
    with pytest.raises(UsageError, match="shop / tea ask for is expected by no formula"):
        expected_demand(shop(gamma).scenario)


def test_the_command_tells_both_and_the_gain(tmp_path: Any, capsys: Any, few_short_runs: None) -> None:
    out = str(tmp_path / "out")
    file = str(scenario_path("serial_textbook"))
    options = ["--replications", "12", "--variance", "control", "--out", out, "--no-report", "-q"]
    assert execute(["run", file, *options]) == 0
    told = capsys.readouterr().out
    assert "demand as control variate" in told
    assert "below 1 it harmed" in told
    for method, said in (("antithetic", "is not offered"), ("magic", "knows one method, control")):
        assert execute(["run", file, "--variance", method, "--out", out]) == 2
        assert said in capsys.readouterr().err
