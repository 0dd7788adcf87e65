"""What was tried and what is written are one thing: the tuned scenario runs with the very numbers, and so gives the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import chainsim
from chainsim.plan.compile import compile_plan
from chainsim.policies import POLICIES as TYPES
from chainsim.replicate.bench import Bench
from chainsim.tune.aim import Aim, checked
from chainsim.tune.groups import Map, groups_of
from chainsim.tune.subject import Subject
from chainsim.tune.trials import Trials
from chainsim.tune.writing import policy_entry, scenario_text
from tests.tune.shop import POLICIES, shop, tuned

SEASON = {"season": {"yearly": [0.5, 0.5, 1, 1, 1, 1, 1, 1, 1, 1.5, 2, 1.5]}}


def moved(subject: Subject) -> Map:
    return Map(subject, groups_of(subject, "kind"), subject.served(0.3))


@pytest.mark.parametrize("demand", [{}, SEASON], ids=["level", "season"])
@pytest.mark.parametrize("name", POLICIES)
def test_a_written_policy_runs_with_what_was_tried(name: str, demand: dict[str, object]) -> None:
    """Derived for other services, moved by steps, written, read as a file: the same records' measures, bit for bit."""
    study = shop(name, demand=demand)
    subject = Subject(study.scenario, name)
    grounds = moved(subject)
    spot = replace(grounds.origin, selling=3, levels=(0, 2), lots=tuple(1 if g.lots else 0 for g in grounds.groups))
    written = grounds.at(spot)
    trials = Trials(subject, checked(Aim(target=0.95), study.scenario), engine="auto")
    tried = trials.fresh(written, 10_000_000, 2)

    changed = study.with_({f"policies[{name}]": policy_entry(study.scenario, name, subject.rules(written))})
    text = scenario_text(changed.written.source.root.plain(), "found").decode()
    again = chainsim.load_text(text, "shop")

    known = subject.settings(written)
    plan = compile_plan(again.scenario, name)
    assert plan.parameters == trials.bench.plan(known).parameters
    seen = Bench(again.scenario, name).observe(first=10_000_000, count=2)
    assert np.array_equal(seen.of("total_cost")[0], tried.cost)
    assert np.array_equal(seen.of("fill_rate")[0], tried.above[0])
    assert written != grounds.start, "the candidate is another one than the start"


def test_every_type_of_ours_says_what_of_it_may_be_moved() -> None:
    tried = {entry["type"] for entry in POLICIES.values()}
    kin = {"exponential_smoothing", "autoregressive", "R_s_S", "base_stock"}  # declared with their base or a sibling
    for name, made in TYPES.items():
        assert made.knobs is not None, name
        assert made.knobs.refusal or name in tried | kin, name


def test_the_tuned_study_gives_what_was_confirmed() -> None:
    """The ordinary road over the tuned study, on the fresh replications: the confirmed numbers."""
    for i, candidate in enumerate(tuned().confirmed.candidates):
        seen = Bench(tuned().study.scenario, candidate.name).observe(first=tuned().confirmed.first, count=5)
        assert np.array_equal(seen.of("total_cost")[0], tuned().confirmed.seen[i].cost[:5])


def test_the_yaml_is_the_tuned_study() -> None:
    again = chainsim.load_text(tuned().yaml.decode(), "shop")
    assert again.scenario.sha256 == tuned().study.scenario.sha256


def test_units_on_top_raise_every_page_of_a_season_and_are_refused_on_given_levels() -> None:
    study = shop("s_Q", demand=SEASON)
    plain, raised = (compile_plan(one.scenario, "s_Q") for one in (study, study.with_({"policies.s_Q.extra": 4})))
    here = plain.points["pages"] > 0
    assert here.any()
    assert len(plain.pages) == len(raised.pages)
    assert np.array_equal(raised.pages["wake_at"], plain.pages["wake_at"] + 4.0)
    given = {"policies[s_Q]": {"type": "s_Q", "reorder_point": 5, "order_quantity": 9, "extra": 4}}
    with pytest.raises(chainsim.ScenarioError, match="comes on top of derived levels, and these are given"):
        compile_plan(study.with_(given).scenario, "s_Q")
