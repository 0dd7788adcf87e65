"""What an experiment may say, and what is said of one that is wrong: everything at once, each at its place, nothing run."""

from __future__ import annotations

from typing import Any

import pytest

import chainsim
from chainsim.data import experiment_names
from chainsim.errors import ChainsimError, ScenarioError, UsageError
from chainsim.experiments.factors import Factor, range_of
from chainsim.experiments.reading import read_experiment
from chainsim.experiments.sweeping import values_in

from .town import GRID, TOWN


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("experiment", 2, "experiment: 1"),
        ("facters", {}, "did you mean 'factors'"),
        ("scenario", "nowhere", "nowhere"),
        ("factors", {}, "no factor is named"),
        ("factors", {"a": {"values": [1]}}, "no path is named"),
        ("factors", {"a": {"path": "seed", "values": "9:1:3"}}, "from a lower to a higher"),
        ("factors", {"a": {"path": "seed", "values": "1:9"}}, "how many values"),
        ("factors", {"kpi": {"path": "seed", "values": [1, 2]}}, "column of the tables"),
        ("factors", {"a": {"path": "seed", "values": [1, 2], "scale": "cubic"}}, "linear or log"),
        ("factors", {"a": {"path": "seed", "value": [1, 2]}}, "did you mean 'values'"),
        ("design", "random", "unknown design"),
        ("design", {"type": "full_factorial", "points": 9}, "as many points as there are combinations"),
        ("design", {"type": "sobol", "points": 1}, "at least 2"),
        ("responses", ["fil_rate"], "did you mean 'fill_rate'"),
        ("constraint", {"kpi": "fill_rate"}, "either at_least or at_most"),
        ("constraint", {"kpi": "fill_rate", "at_least": "much"}, "a number or a percentage"),
        ("constraint", {"kpi": "fill_rate", "at_least": "950 %"}, "fill_rate is a share, from 0 to 100 %, not 950 %"),
        ("constraint", {"kpi": "fill_rate", "at_least": 95}, "fill_rate is a share, from 0 to 100 %, not 95"),
        ("factors", {"a": {"path": "seed", "values": [5, 6, 5]}}, "5 stands there twice"),
        (
            "factors",
            {"a": {"path": "costs.carrying_rate", "values": [0.1, float("nan")]}},
            "nan is no value to simulate at",
        ),
        ("levels", "both", "rederived, kept"),
        ("policies", ["s_q"], "did you mean 's_Q'"),
        ("choice", "weakly", "did you mean 'weekly'"),
        ("theory", [{"curve": "eoq", "factor": "cv"}], "takes order_cost, demand_rate, holding_cost"),
        ("replications", "many", "replications"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(key: str, value: Any, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_experiment({**GRID, key: value})
    assert said in str(caught.value)


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        read_experiment({**GRID, "responses": ["x"], "levels": "x", "policies": ["x"], "design": "x"})
    assert len(caught.value.findings) == 4


def test_a_line_of_a_file_is_named(tmp_path: Any) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("experiment: 1\nscenario: grocer\nfactors:\n  cv: {path: seed, values: 5:1:3}\n", "utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_experiment(str(file))
    assert caught.value.findings[0].where.line == 4


def test_a_path_that_leads_nowhere_is_told_before_any_work() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'carrying_rate'"):
        chainsim.experiment({**GRID, "factors": {"a": {"path": "costs.carying_rate", "values": [1, 2]}}})


def test_the_service_of_every_point_is_read_and_refused_in_words() -> None:
    asked = read_experiment({**GRID, "tuned": {"fill_rate": "97 %", "within": "0.2 %"}})
    assert asked.tuned == {"fill_rate": 0.97, "within": 0.002, "free": "service"}
    as_in_a_scenario = {**GRID, "tuned": {"to": {"fill_rate": "97 %"}, "within": "1 point", "free": "levels"}}
    assert read_experiment(as_in_a_scenario).tuned == {"fill_rate": 0.97, "within": 0.01, "free": "levels"}
    for wrong in (
        {"fill_rate": 97},
        {"within": "0.2 %"},
        {"fill_rate": "97 %", "free": "all"},
        {"fill_rate": 0.9, "ready_rate": 0.9},
        3,
    ):
        with pytest.raises(ScenarioError, match="expected"):
            read_experiment({**GRID, "tuned": wrong})


def test_ranges_keep_units_and_whole_numbers() -> None:
    def values(text: str) -> tuple[Any, ...]:
        found = range_of(text)
        assert found is not None
        assert found.count is not None
        return found.values(found.count)

    assert values("10:30:3") == (10, 20, 30)
    assert values("15%:35%:3 per year") == ("15% per year", "25% per year", "35% per year")
    assert values("1:2:3 days") == ("1 days", "1.5 days", "2 days")
    assert range_of("lanes[a->b]") is None


def test_numbers_of_several_units_are_names() -> None:
    assert Factor("a", "x", ("1 day", "2 days", "1 week")).numeric is False
    assert Factor("a", "x", ("1 days", "2 days")).unit == "days"


@pytest.mark.parametrize("name", experiment_names())
def test_shipped_experiments_are_valid_and_say_why(name: str) -> None:
    asked = read_experiment(name)
    assert asked.title
    assert len(asked.story) > 150
    assert len(asked.points()) >= 4


def test_a_sweep_says_what_it_needs() -> None:
    study = chainsim.load_dict(TOWN)
    with pytest.raises(UsageError, match="nothing varies"):
        study.sweep({"seed": 3})
    with pytest.raises(UsageError, match="how many values"):
        study.sweep({"seed": "1:9"})
    with pytest.raises(UsageError, match="did you mean 'weekly'"):
        study.sweep({"seed": [1, 2]}, policies=["weakly"])
    with pytest.raises(UsageError, match="seed: 5 stands there twice"):
        study.sweep({"seed": values_in("5,6,5")})
    with pytest.raises(UsageError, match="costs.carrying_rate: nan is no value to simulate at"):
        study.sweep({"costs.carrying_rate": values_in("0.1,.nan")})


@pytest.mark.parametrize("values", [None, 3, "seed=1,2", [("seed", [1, 2])], {3: [1, 2]}])
def test_the_values_of_a_sweep_are_a_mapping_from_paths(values: Any) -> None:
    with pytest.raises(UsageError, match="values must be a mapping|the paths of a sweep"):
        chainsim.load_dict(TOWN).sweep(values)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"policies": "weekly"}, "policies"),
        ({"policies": 3}, "policies"),
        ({"policies": [1]}, "policies"),
        ({"policies": []}, "policies: name at least one"),
        ({"responses": 3}, "responses"),
        ({"responses": [None]}, "responses"),
        ({"out": 3}, "out"),
        ({"engine": 3}, "engine"),
        ({"max_events": "many"}, "max_events"),
        ({"max_events": -1}, "max_events"),
    ],
)
def test_options_of_the_wrong_type_are_refused_in_words(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ChainsimError, match=told):
        chainsim.load_dict(TOWN).sweep({"seed": [1, 2]}, **options)


@pytest.mark.parametrize("given", [3, None, ["grocer_futures"]])
def test_what_is_no_experiment_is_refused_in_words(given: Any) -> None:
    with pytest.raises(UsageError, match="a file, the name of a shipped one, or a mapping"):
        chainsim.experiment(given)


@pytest.mark.parametrize("jobs", ["a", 0, -2, 1.5, True])
def test_a_number_of_jobs_is_a_whole_number(jobs: Any) -> None:
    with pytest.raises(UsageError, match="the number of jobs must be a whole number"):
        chainsim.experiment(GRID, jobs=jobs)
