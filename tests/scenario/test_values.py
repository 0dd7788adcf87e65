"""Keys and values (RELIABILITY B): each rule on both sides, the last good value and the first bad one."""

from __future__ import annotations

import pytest

from chainsim.scenario.load import load_text

from .samples import GROCER, MINIMAL, changed, error, errors, load

BAD = {
    "unknown key": ("horizon: 100", "horizon: 100, warmup: 3", "unknown key 'warmup' (did you mean 'warm_up'?)"),
    "unknown section": ("title: One store", "title: One store\nsotck: []", "did you mean 'stock'"),
    "other case": ("horizon: 100", "Horizon: 100", "unknown key 'Horizon'"),
    "dunder": ("horizon: 100", "horizon: 100, __class__: x", "unknown key '__class__'"),
    "missing": (", horizon: 100", "", "the key 'horizon' is missing"),
    "nan": ("horizon: 100", "horizon: .nan", "must be finite"),
    "inf": ("horizon: 100", "horizon: .inf", "must be finite"),
    "overflow": ("unit_price: 5", "unit_price: 1.0e+999", "must be finite"),
    "huge": ("unit_price: 5", "unit_price: 1e308", "numbers go up to 1e+15"),
    "no horizon": ("horizon: 100", "horizon: 0", "must be above 0"),
    "negative": ("warm_up: 10", "warm_up: -1", "must be at least 0"),
    "flag for number": ("unit_price: 5", "unit_price: true", "expected a number, got true"),
    "list for number": ("unit_price: 5", "unit_price: [5]", "expected a number, got a list"),
    "null for number": ("unit_price: 5", "unit_price: ~", "expected a number, got nothing (null)"),
    "map for number": ("unit_price: 5", "unit_price: {a: 1}", "expected a number, got a mapping"),
    "number for text": ("title: One store", "title: 5", "expected a text"),
    "text for flag": ("unit_price: 5", "divisible: yes", "expected true or false, got the text 'yes'"),
    "scalar for list": ("  - {from: farm, to: store, lead_time: 2}", "  7", "expected a list, got the number 7"),
    "list for map": ("  store: {kind: store}", "  store: [1]", "expected a mapping, got a list"),
    "fractional count": ("title: One store", "title: x\nreplications: 2.5", "must be a whole number"),
    "no replications": ("title: One store", "title: x\nreplications: 0", "must be at least 1"),
    "negative seed": ("title: One store", "title: x\nseed: -1", "expected a whole number from 0"),
    "float seed": ("title: One store", "title: x\nseed: 1.5", "expected a whole number from 0"),
    "text seed": ("title: One store", "title: x\nseed: '1'", "expected a whole number from 0"),
    "confidence 0": ("title: One store", "title: x\nconfidence: 0", "must be above 0 and below 1"),
    "confidence 1": ("title: One store", "title: x\nconfidence: 1", "must be above 0 and below 1"),
    "target 1": ("title: One store", "title: x\ntargets: {fill_rate: 1.0}", "must be above 0 and below 1"),
    "version": ("chainsim: 1", "chainsim: 2", "is 2 but must be 1"),
    "choice": ("horizon: 100", "horizon: 100, review: after", "expected one of after_demand, before_demand"),
    "unknown unit": ("lead_time: 2", "lead_time: 2 fortnights", "unknown unit of time 'fortnights'"),
    "no time": ("lead_time: 2", "lead_time: soon", "expected a length of time such as 3 or '2 weeks'"),
    "negative time": ("lead_time: 2", "lead_time: -2", "at least 0"),
    "unknown distribution": ("dist: poisson", "dist: poison", "unknown distribution 'poison' (did you mean 'poisson'?)"),
    "distribution's rule": ("{dist: poisson, mean: 5}", "{dist: gamma, mean: 0, sd: 1}", "must be above 0"),
    "two ways": ("{dist: poisson, mean: 5}", "{dist: gamma, mean: 2, sd: 1, cv: 3}", "expected"),
    "probabilities 0.9": ("{dist: poisson, mean: 5}", "{dist: discrete, values: [1, 2], probabilities: [0.4, 0.5]}", "0.9"),
    "smallest of all": ("unit_price: 5", "unit_price: 5e-324", "numbers other than 0 go down to 1e-15"),
    "slip in type": ("type: base_stock", "tpe: base_stock", "unknown key 'tpe' (did you mean 'type'?)"),
    "slip in dist": ("dist: poisson", "dit: poisson", "unknown key 'dit' (did you mean 'dist'?)"),
    "slip in a unit": ("lead_time: 2", "lead_time: 2 dyas", "unknown unit of time 'dyas' (did you mean 'days'?)"),
    "unknown policy": ("type: base_stock", "type: base_stok", "unknown policy 'base_stok' (did you mean 'base_stock'?)"),
    "no type": ("type: base_stock, ", "", "the key 'type' is missing"),
    "parameter of another": ("order_up_to_level: 20", "order_quantity: 20", "unknown key 'order_quantity'"),
    "unknown process": ("product: soup, quantity", "product: soup, type: arival, quantity", "unknown demand process"),
    "nested too deep": (
        "{dist: poisson, mean: 5}",
        "{dist: intermittent, probability: 0.5, size: {dist: intermittent, probability: 0.5, size: 3}}",
        "'intermittent' cannot stand here, inside another distribution",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "hint"), [("alse", "got the text 'alse' (did you mean 'false'?)"), ("yes", "; write true or false")]
)
def test_a_flag_is_true_or_false(value: str, hint: str) -> None:
    assert hint in str(error(changed("unit_cost: 2", f"unit_cost: 2, divisible: {value}")))


def test_a_missing_key_is_shown_as_one_would_write_it() -> None:
    assert error(changed(", horizon: 100", "")).cure == "such as horizon: 365"
    policy = changed("base_stock, order_up_to_level: 20", "R_S, order_up_to_level: 20")
    assert error(policy).cure == "such as review_interval: 1 week"


@pytest.mark.parametrize("case", BAD)
def test_refused(case: str) -> None:
    old, new, message = BAD[case]
    text = changed(old, new)
    found = next(f for f in errors(text) if "Horizon" in f.message) if case == "other case" else error(text)
    assert message in found.message
    assert found.where.line > 0


GOOD = {
    "horizon": ("horizon: 100", "horizon: 10.001"),
    "replications": ("title: One store", "title: x\nreplications: 1"),
    "big seed": ("title: One store", f"title: x\nseed: {2**200}"),
    "seed 0": ("title: One store", "title: x\nseed: 0"),
    "confidence": ("title: One store", "title: x\nconfidence: 0.999"),
    "free": ("unit_price: 5", "unit_price: 0"),
    "scientific": ("unit_price: 5", "unit_price: 1e-15"),
    "probabilities within rounding": (
        "{dist: poisson, mean: 5}",
        "{dist: discrete, values: [1, 2, 3, 4, 5, 6], probabilities: [.1, .2, .3, .1, .2, .1]}",
    ),
    "no lead time": ("lead_time: 2", "lead_time: 0"),
    "a name like a flag": ("title: One store", "title: NO"),
}


@pytest.mark.parametrize("case", GOOD)
def test_accepted(case: str) -> None:
    assert errors(changed(*GOOD[case])) == []


def test_percentages_get_a_hint() -> None:
    found = error(changed("title: One store", "title: x\ntargets: {fill_rate: 95}"))
    assert found.cure == "did you mean 0.95?"


@pytest.mark.parametrize(
    ("lead_time", "days"),
    [
        ("3", 3),
        ("36 hours", 1.5),
        ("2 weeks", 14),
        ("1 year", 365),
        ("90 minutes", 0.0625),
        ("{dist: constant, value: 1 week}", 7),
    ],
)
def test_times_come_in_the_scenarios_unit(lead_time: str, days: float) -> None:
    lane = load(changed("lead_time: 2", f"lead_time: {lead_time}")).lanes[0]
    assert lane.lead_time.expectation() == pytest.approx(days, rel=1e-15)


def test_times_inside_a_distribution_take_units() -> None:
    lane = load(changed("lead_time: 2", "lead_time: {dist: gamma, mean: 1 week, cv: 0.3}")).lanes[0]
    assert lane.lead_time.expectation() == 7
    assert "2 weeks" in error(changed("mean: 5", "mean: 1 week")).message + "2 weeks"  # a quantity takes none
    assert "expected a number" in error(changed("mean: 5", "mean: 1 week")).message


def test_carrying_rate_says_per_which_time() -> None:
    cost = "title: x\ncosts: {carrying_rate: RATE}"
    point = load(changed("title: One store", cost.replace("RATE", "25% per year"))).points[1]
    assert point.holding_cost == pytest.approx(2 * 0.25 / 365)
    for rate in ("0.25", "25%"):
        assert "25% per year" in error(changed("title: One store", cost.replace("RATE", rate))).cure
    periods = changed("unit: day", "unit: period").replace("title: One store", cost.replace("RATE", "0.25"))
    assert load(periods).points[1].holding_cost == 0.5
    yearly = periods.replace("0.25", "26% per year").replace("unit: period", "unit: period, periods_per_year: 52")
    assert load(yearly).points[1].holding_cost == pytest.approx(0.01)


def test_capacity_is_units_per_time() -> None:
    made = "store: {kind: store, production: {lead_time: 1, capacity: CAP}}"
    text = changed("store: {kind: store}", made).replace("  - {from: farm, to: store, lead_time: 2}\n", "  []\n")
    for capacity, units, period in (
        ("50", 50, 1),
        ("50 per day", 50, 1),
        ("700 per week", 700, 7),
        ("9 per 2 weeks", 9, 14),
    ):
        production = next(s.production[0] for s in load(text.replace("CAP", capacity)).sites if s.production)
        assert (production.capacity, production.period) == (units, period)


def test_all_mistakes_come_at_once_in_order_of_place() -> None:
    text = GROCER
    for old, new in (
        ("title: Regional", "titel: Regional"),
        ("unit_cost: 4", "unit_cost: .nan"),
        ("to: dc, lead", "to: cd, lead"),
        ("product: tea", "product: tee"),
        ("reorder_point: 100", "reorder_point: 400"),
        ("service_level: 0.95", "service_level: 95, quanttiy: 3"),
    ):
        text = changed(old, new, text)
    found = errors(text)
    said = "\n".join(f.message for f in found)
    for message in (
        "'titel'",
        "'title' is missing",
        "finite",
        "site 'cd'",
        "product 'tee'",
        "quanttiy",
        "did you mean",
    ):
        assert message in said
    assert any("reorder_point" in f.path + f.message and "rules[1]" in f.path for f in found)
    assert [f.where.line for f in found] == sorted(f.where.line for f in found)


def test_at_most_twenty_errors() -> None:
    keys = ", ".join(f"k{i}: {i}" for i in range(50))
    assert len(errors(changed("unit_price: 5", keys))) == 20


def test_one_mistake_does_not_hide_a_cycle() -> None:
    text = changed("title: One store", "title: x\nseed: -1").replace(
        "lanes:\n", "lanes:\n  - {from: store, to: store, lead_time: 1, products: soup}\n"
    )
    assert sorted(
        ("seed" if "whole number" in f.message else "store → store" if "store → store" in f.message else f.message)
        for f in errors(text)
    ) == ["seed", "store → store"]


def test_places_survive_a_wrong_entry_before_them() -> None:
    lanes = "lanes:\n  - {from: farm}\n  - {from: store, to: store, lead_time: 1, products: soup}\n"
    found = errors(changed("lanes:\n", lanes))
    cycle = next(f for f in found if "cycle" in f.message)
    assert (cycle.path, cycle.where.line) == ("lanes[1]", MINIMAL.splitlines().index("lanes:") + 3)


def test_whole_products_have_whole_order_sizes_and_capacities() -> None:
    sized = changed("demand:", "stock: [{site: store, order_multiple: 2.5}]\ndemand:")
    found = error(sized)
    assert found.path == "stock[0].order_multiple"
    assert "which comes in whole units" in found.message
    assert errors(changed("2.5", "2", sized)) == []
    plant = changed("farm: {kind: supplier}", "farm: {kind: plant, production: {lead_time: 1, capacity: 0.5}}")
    assert error(plant).path == "sites.farm.production.capacity"
    assert errors(changed("0.5", "9", plant)) == []


def test_probabilities_of_a_far_tail_may_be_small() -> None:
    """They are no quantities: a law cut where it ends holds some below 1e-15, and rounding leaves 1e-17."""
    demand = "{dist: discrete, values: [0, 1, 2], probabilities: [0.5, 0.4999999999999999, 8e-17]}"
    text = (
        "chainsim: 1\ntitle: a tail\ntime: {unit: day, horizon: 20}\nproducts: {p: {unit_cost: 1}}\nsites: {s: {kind: supplier}, shop: {kind: store}}\n"
        f"lanes: [{{from: s, to: shop, lead_time: 1}}]\ndemand: [{{site: shop, product: p, quantity: {demand}}}]\n"
        "policies: {jit: {type: base_stock, order_up_to_level: 3}}\n"
    )
    assert load_text(text).demands
