"""A factor of what is written: what it means of each kind of value, and a word where it means nothing."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

import chainsim
from chainsim.chance.base import DISTRIBUTIONS
from chainsim.data import scenario_path
from chainsim.errors import ScenarioError
from chainsim.scenario.change import changed
from chainsim.scenario.document import distribution_as_written
from chainsim.scenario.load import load_text, read, written_as
from chainsim.stress.shocks import SHOCKS, Stage

from .samples import GROCER, MINIMAL

DOCUMENT: dict[str, Any] = yaml.safe_load(GROCER)
BY_HAND = [
    (20, "*1.2", 24),
    (20, "*1.01", 20.2),
    (0.5, "*3", 1.5),
    (0.1, "*3", 0.1 * 3),
    ("2 days", "*1.5", "3 days"),
    ("36 hours", "*0.5", "18 hours"),
    ("25% per year", "*1.1", "27.5% per year"),
    ("600 per 2 weeks", "*1.5", "900 per 2 weeks"),
    ("97 %", "*0.5", "48.5 %"),
    ([1, 2.5], "*2", [2, 5.0]),
    ({"dist": "gamma", "mean": "1 week", "cv": 0.3}, "*1.5", {"dist": "gamma", "mean": 10.5, "cv": 0.3}),
    ({"dist": "uniform", "low": 1, "high": 3}, "*2", {"dist": "uniform", "low": 2.0, "high": 6.0}),
    ({"dist": "normal", "mean": 10, "sd": 2}, "*1.5", {"dist": "normal", "mean": 15.0, "sd": 3.0}),
    ({"dist": "exponential", "rate": "2 per day"}, "*4", {"dist": "exponential", "rate": 0.5}),
    ({"dist": "poisson", "mean": 4}, "*2", {"dist": "poisson", "mean": 8.0}),
    # the dispersion stays: μ² ÷ (σ² − μ) = 400 ÷ (100 − 20) = 5
    ({"dist": "negative_binomial", "mean": 20, "sd": 10}, "*1.2", {"dist": "negative_binomial", "mean": 24.0, "dispersion": 5.0}),
    ({"dist": "constant", "value": "2 days"}, "*1.5", 3.0),
]  # fmt: skip


@pytest.mark.parametrize(("before", "factor", "after"), BY_HAND, ids=[f"{b} {f}" for b, f, _ in BY_HAND])
def test_a_factor_by_hand(before: Any, factor: str, after: Any) -> None:
    document = {"time": {"unit": "day"}, "lanes": [{"lead_time": before}]}
    assert changed(document, {"lanes[0].lead_time": factor})["lanes"][0]["lead_time"] == after


def test_a_number_inside_of_a_distribution_moves_alone() -> None:
    document = {"demand": [{"quantity": {"dist": "normal", "mean": 20, "sd": 4}}]}
    made = changed(document, {"demand[*].quantity.mean": "*1.2"})
    assert made["demand"][0]["quantity"] == {"dist": "normal", "mean": 24, "sd": 4}


@pytest.mark.parametrize("name", DISTRIBUTIONS.names())
def test_a_distribution_as_written_is_scaled_as_the_distribution_is(name: str) -> None:
    from tests.chance.samples import SAMPLES

    for one in SAMPLES[name]:
        plain = distribution_as_written(one)
        document = {"time": {"unit": "day"}, "demand": [{"quantity": plain}]}
        made = changed(document, {"demand[0].quantity": "*1.5"})["demand"][0]["quantity"]
        assert made == distribution_as_written(one.scaled(1.5))


def test_a_stream_of_demand_is_scaled_by_its_level() -> None:
    made = changed({"demand": [{"type": "history", "step": {"at": 5, "factor": 2}}, {}]}, {"demand[*]": "*1.2"})
    assert made["demand"] == [
        {"type": "history", "step": [{"at": 5, "factor": 2}, {"at": 0, "factor": 1.2}]},
        {"step": [{"at": 0, "factor": 1.2}]},
    ]


def stage(scenario: chainsim.Scenario) -> Stage:
    return Stage(scenario, [], 0.0)


@pytest.mark.parametrize("factor", [1.2, 0.7, 1.05])
def test_demand_and_lead_times_are_those_of_a_stress_test(factor: float) -> None:
    """Two roads to one world: the written scenario scaled, and the read one stressed."""
    written = written_as(GROCER, "case.yaml")
    calm = read(written)
    louder, _ = SHOCKS.get("demand_up").apply(stage(calm), factor - 1.0, False)
    assert [d.steps for d in read(written.with_({"demand[*]": f"*{1.0 + (factor - 1.0)!r}"})).demands] == [
        d.steps for d in louder.demands
    ]
    slower, _ = SHOCKS.get("lead_times_up").apply(stage(calm), factor - 1.0, False)
    times = f"*{1.0 + (factor - 1.0)!r}"
    made = read(written.with_({"lanes[*].lead_time": times, "sites[*].production.lead_time": times}))
    assert (made.lanes, made.sites) == (slower.lanes, slower.sites)


def test_only_those_that_say_something_are_scaled() -> None:
    made = changed(DOCUMENT, {"sites[*].production.lead_time": "*2", "stock[*].carrying_rate": "*2"})
    assert made["sites"]["plant"]["production"]["lead_time"]["mean"] == 6.0
    assert "production" not in made["sites"]["dc"]
    assert [rule.get("carrying_rate") for rule in made["stock"]] == ["50% per year", None, None]


REFUSED = [
    ("costs.lost_sale", "is the text 'margin', of which there is no multiple", "give an amount"),
    ("costs.holding_cost", "nothing is written at 'costs.holding_cost'", "known: currency, carrying_rate"),
    ("lanes[*].processing", "nothing is written at 'lanes[0].processing'", "known: from, to"),
    ("lanes[0]", "'lanes[0]' is a mapping", "such as lanes[0].lead_time"),
    ("demand[0].unmet", "the text 'lost'", "give an amount"),
    ("policies.s_Q.rules", "nothing is written", "known: type, label, service_level"),
    ("policies.s_R.fill_rate", "nothing is called 's_R' in 'policies'", "known: s_Q"),
    ("stock[9].carrying_rate", "has no item '9'", "known"),
]


@pytest.mark.parametrize(("path", "message", "cure"), REFUSED, ids=[path for path, _, _ in REFUSED])
def test_what_has_no_multiple_is_refused_in_words(path: str, message: str, cure: str) -> None:
    with pytest.raises(ScenarioError) as error:
        changed(DOCUMENT, {path: "*1.2"})
    [finding] = error.value.findings
    assert finding.path == path
    assert message in finding.message
    assert cure in finding.cure


def test_a_flag_nothing_and_a_wrong_distribution_have_no_multiple() -> None:
    document = {"products": {"tea": {"divisible": True, "unit_cost": None}}, "lanes": [{"lead_time": {"dist": "gama"}}]}
    for path in ("products.tea.divisible", "products.tea.unit_cost", "lanes[0].lead_time"):
        with pytest.raises(ScenarioError, match="no multiple"):
            changed(document, {path: "*2"})


def test_a_number_beyond_all_is_refused_by_the_reader() -> None:
    for factor in ("*1e300", "*1e-300"):
        with pytest.raises(ScenarioError, match="numbers"):
            read(
                written_as(MINIMAL, "case.yaml").with_(
                    {"products.soup.unit_cost": factor, "demand[0].quantity.mean": factor}
                )
            )


def test_a_factor_of_a_factor_is_refused() -> None:
    written = written_as(MINIMAL, "case.yaml").with_({"demand[*]": "*1.2"})
    with pytest.raises(ScenarioError, match="a factor of what was changed before"):
        written.with_({"demand[*]": "*1.5"})
    assert written.with_({"demand[0].quantity.mean": "*1.5"}).changes == {
        "demand[*]": "*1.2",
        "demand[0].quantity.mean": "*1.5",
    }


def test_a_history_is_scaled_by_its_level() -> None:
    study = chainsim.load(scenario_path("gift_wholesaler_replay"))
    by_hand = study.with_({"demand[*]": "*1.5"})
    assert by_hand.scenario.demands == tuple(demand.louder(1.5) for demand in study.scenario.demands)


def test_demand_of_five_times_six_fifths_is_demand_of_six() -> None:
    study = chainsim.load_text(MINIMAL.replace("{dist: poisson, mean: 5}", "5"))
    by_hand, made = (
        study.with_(c).run(replications=1, jobs=1) for c in ({"demand[0].quantity": 6}, {"demand[*]": "*1.2"})
    )
    assert made.files["replications.csv"] == by_hand.files["replications.csv"]


def test_the_text_of_a_scenario_is_not_touched_by_a_star() -> None:
    assert load_text(MINIMAL.replace("One store", "'*1.2 is a title'")).title == "*1.2 is a title"
