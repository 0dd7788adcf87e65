"""What `run --decide` compares: today as it is, and every policy at its best, under names that the page's curves know."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import chainsim
from chainsim.tune.deciding import _more_is_cheaper, decided
from chainsim.tune.frontier import Point
from tests.tune.shop import shop


def test_today_stays_and_every_policy_comes_at_its_best() -> None:
    study = shop("s_Q", "eoq")
    first = study.policies[0]
    found = decided(study)
    assert found.why_not == ""
    assert found.study.policies == [*study.policies, f"{first}_tuned"]
    labels = {a.name: a.label for a in found.study.scenario.alternatives}
    assert labels[first] == study.scenario.alternatives[0].label
    assert all(label.endswith(", tuned") for name, label in labels.items() if name != first)
    # the seed is the scenario's: levels were looked for on others
    assert found.study.scenario.seed == study.scenario.seed
    curves = {row["policy"] for row in csv.DictReader(io.StringIO(found.files["tune/frontier.csv"].decode()))}
    assert f"{first}_tuned" in curves
    assert first not in curves
    assert found.study.scenario.changes == study.scenario.changes


def test_without_costs_nothing_is_better_than_anything() -> None:
    study = chainsim.load_dict({
        "chainsim": 1, "title": "A shop", "time": {"unit": "day", "horizon": 100}, "products": {"tea": {}},
        "sites": {"source": {"kind": "supplier"}, "shop": {"kind": "store"}}, "lanes": [{"from": "source", "to": "shop", "lead_time": 2}],
        "demand": [{"site": "shop", "product": "tea", "quantity": {"dist": "poisson", "mean": 5}}],
        "policies": {"daily": {"type": "base_stock", "order_up_to_level": 20, "review_interval": 1}},
    })  # fmt: skip
    found = decided(study)
    assert (found.study.policies, dict(found.files)) == (["daily"], {})
    assert "no costs" in found.why_not


def test_who_came_out_with_the_numbers_of_another_at_the_target_is_brought_to_its_own_least_cost() -> None:
    """At the target nothing needs to be ordered from afar, by either rule; what is cheapest is more than that, and each rule's own."""
    dear, cheap = (
        Point("book", 0, 0.95, 0.94, 0.96, 3.5e6, 3.4e6, 3.6e6),
        Point("book", 9, 0.99, 0.98, 1.0, 3.1e6, 3e6, 3.2e6),
    )
    tuned = SimpleNamespace(
        aim=SimpleNamespace(measure="fill_rate", target=0.95, within=0.002),
        points={"book": (dear, cheap), "near": (dear,)},
        same={"more": "book", "nearer": "near"},
    )  # fmt: skip
    assert _more_is_cheaper(tuned) == ["book", "more"]  # type: ignore[arg-type]
