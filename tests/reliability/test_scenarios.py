"""Scenarios that nobody should have to debug: cases A, B, C, D, F, H and I of the reliability list that no other file has."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import chainsim
from chainsim.errors import BudgetError, ChainsimError, ScenarioError, UsageError
from chainsim.scenario.load import load_text

from .test_bounds import SHOP, changed

QUANTITY = "quantity: {dist: poisson, mean: 20}, every: 1 day"
REFUSED = {
    "A11 keys": (SHOP + "".join(f"k{i}: 1\n" for i in range(5_000)), "unknown key 'k0'"),
    "A11 a scalar of 5 MB": (changed("A shop and its distribution centre", "x" * 5_000_000), "longer than 4,000,000 bytes"),
    "A13 date": (changed("horizon: 63", "horizon: 2024-02-30"), "expected a length of time"),
    "A25 quotes around a title": (changed("A shop and its distribution centre", "“A shop”"), "in quotes that YAML takes for letters"),
    "A25 quotes around a kind": (changed("{kind: dc}", "{kind: „dc“}"), "write ' or \""),
    "A25 no-break indent": (changed("  R_S: {", "\xa0 R_S: {"), ""),
    "D05 zero": (changed("review_interval: 1 day", "review_interval: 0"), "must be above 0"),
    "D05 negative": (changed("review_interval: 1 day", "review_interval: -1"), "must be above 0"),
    "D08": (changed("costs:", "stock: [{site: dc, minimum_order: 11, maximum_order: 10}]\ncosts:"), "more than maximum_order"),
    "F07 output": (SHOP + "output: /somewhere\n", "unknown key 'output'"),
    "F07 results_dir": (SHOP + "results_dir: /somewhere\n", "unknown key 'results_dir'"),
    "H01 call": (changed("{dist: poisson, mean: 20}", "__import__('os').system('true')"), "expected a number, got the text"),
    "H01 power": (changed("{dist: poisson, mean: 20}", "9**9**9"), "formulas are not read"),
    "H01 expression": (changed("mean: 20", "mean: '3 * 4'"), "formulas are not read"),
    "I04 mean 0": (changed(QUANTITY, "type: arrivals, gap: 0, size: 1"), "customers without number at one instant"),
    "I04 shape": (changed(QUANTITY, "type: arrivals, gap: {dist: gamma, mean: 1, cv: 30}, size: 1"), "gives a shape of"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_at_once(case: str) -> None:
    text, words = REFUSED[case]
    begun = time.process_time()
    with pytest.raises(ScenarioError, match="(?s).*") as caught:
        load_text(text, "shop.yaml")
    assert words in str(caught.value)
    assert caught.value.exit_code == 2
    assert time.process_time() - begun < 4.0


def test_A25_quotes_inside_a_text_are_letters() -> None:
    assert load_text(changed("A shop and its distribution centre", "“Just” in time")).title == "“Just” in time"
    assert load_text(changed("A shop and its distribution centre", '"“A shop”"')).title == "“A shop”"


@pytest.mark.slow
def test_C07_twenty_thousand_sites_and_a_chain_of_ten_thousand() -> None:
    begun = time.process_time()
    n = 10_000
    head = "chainsim: 1\ntitle: x\ntime: {unit: day, horizon: 20}\nproducts: {p: {unit_cost: 1}}\nsites:\n  s0: {kind: supplier}\n"
    sites = "".join(f"  s{i}: {{kind: dc}}\n" for i in range(1, n + 1))
    lanes = "".join(f"  - {{from: s{i}, to: s{i + 1}, lead_time: 1}}\n" for i in range(n))
    rest = f"demand: [{{site: s{n}, product: p, quantity: 2}}]\npolicies: {{b: {{type: base_stock, order_up_to_level: 5}}}}\n"
    chain = load_text(f"{head}{sites}lanes:\n{lanes}{rest}")
    assert len(chain.lanes) == n
    wide = load_text(changed("{kind: store}", "{kind: store, copies: 20000}"))
    assert len(wide.sites) == 20_002
    assert time.process_time() - begun < 60.0


ECHELON = "{type: base_stock, order_up_to_level: %s, watch: echelon, rules: [{site: store, type: base_stock, order_up_to_level: 60}]}"


def test_D09_echelon_levels_below_those_downstream_are_told() -> None:
    def told(text: str) -> list[str]:
        return [f"{f.where.line}: {f.path}: {f.message}" for f in load_text(text).warnings]

    (said,) = told(changed("{type: s_Q}", ECHELON % 50))
    assert said.startswith(
        "15: policies.s_Q.order_up_to_level: the echelon of dc / soup is to hold 50, the stock points below it 60"
    )
    assert told(changed("{type: s_Q}", ECHELON % 60)) == []
    copies = changed("{type: s_Q}", ECHELON % 119, "{kind: store}", "{kind: store, copies: 2}")
    assert ["120: as long" in said for said in told(copies)] == [True]


@pytest.mark.parametrize("lead_time", ["1e-15", pytest.param("1e-9", marks=pytest.mark.slow)])
def test_I05_a_time_below_the_clocks_tick_passes_and_does_not_hang(lead_time: str) -> None:
    """The clock counts whole ticks: a shorter time is a tick or nothing, and never lost by rounding."""
    results = chainsim.Study(load_text(changed("lead_time: 1 day", f"lead_time: {lead_time}"))).run(
        jobs=1, engine="simpy"
    )
    plain = chainsim.Study(load_text(changed("lead_time: 1 day", "lead_time: 0"))).run(jobs=1, engine="simpy")
    assert results.estimate("R_S", "units_demanded").mean == plain.estimate("R_S", "units_demanded").mean


def test_I06_a_lead_time_far_beyond_the_horizon_is_told_and_runs() -> None:
    study = chainsim.Study(load_text(changed("lead_time: 1 day", "lead_time: 1e6")))
    assert "longer than the horizon" in study.scenario.warnings[0].message
    results = study.run(jobs=1, engine="simpy", replications=1)
    assert results.estimate("R_S", "in_transit_mean").mean is not None


def test_I07_more_is_asked_than_can_be_made() -> None:
    """A backlog that grows without bound is told beforehand, and counted without wrapping."""
    plant = "dc: {kind: dc, production: {lead_time: 1, capacity: 5 per day, order_cost: 1}}, store"
    text = changed("plant: {kind: supplier}, dc: {kind: dc}, store", plant, SHOP.splitlines()[8] + "\n", "")
    study = chainsim.Study(load_text(text))
    assert any("utilisation 4.00" in finding.message for finding in study.scenario.warnings)
    results = study.run(jobs=1, engine="simpy", replications=2, policies=["s_Q"])
    assert results.estimate("s_Q", "backorders_mean").mean > 100


def test_I09_sums_that_would_wrap_are_refused_before_they_do() -> None:
    """10^18 × 15 is negative in 64-bit integers; chainsim counts in doubles and refuses what these cannot count exactly."""
    for quantity in ("1e15", "9e14"):
        with pytest.raises(ScenarioError, match=r"2\^53"):
            chainsim.Study(load_text(changed("{dist: poisson, mean: 20}", quantity))).explain_policies()


def test_I12_a_budget_of_events_holds_for_each_replication(tmp_path: Path) -> None:
    study = chainsim.Study(load_text(SHOP))
    with pytest.raises(BudgetError, match="events"):
        study.run(out=tmp_path / "out", jobs=1, engine="simpy", max_events=10)
    assert not (tmp_path / "out" / "manifest.json").exists()


HOSTILE = [
    "{0.__class__}",
    "%s%n%d",
    "{{7*7}}",
    "${HOME}",
    "$(true)",
    "`true`",
    "<script>alert(1)</script>",
    "a\\nb",
    "CON",
    "../../x",
]


def test_H09_names_are_never_formats_commands_or_paths(tmp_path: Path) -> None:
    names = {name: f"n{i}" for i, name in enumerate(HOSTILE)}
    sites = "".join(f', "{name}": {{kind: store}}' for name in (h.replace("\\", "\\\\") for h in HOSTILE))
    lanes = "".join(
        f'  - {{from: dc, to: "{h}", lead_time: 1, order_cost: 1}}\n'.replace("\\", "\\\\") for h in HOSTILE
    )
    demand = "".join(f'  - {{site: "{h}", product: soup, quantity: 2}}\n'.replace("\\", "\\\\") for h in HOSTILE)
    text = changed(
        "store: {kind: store}}", f"store: {{kind: store}}{sites}}}", "demand:\n", f"{lanes}demand:\n{demand}"
    )
    results = chainsim.Study(load_text(text)).run(
        out=tmp_path / "out", jobs=1, engine="simpy", replications=1, policies=["R_S"]
    )
    assert set(names) < {site["name"] for site in results.network["sites"]}
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert not [file for file in written if any(h in file for h in HOSTILE)]
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


LONG = 100_000


@pytest.mark.parametrize(
    "text",
    ["a" * LONG, " " * LONG + "x", "9" * 300 + " " * LONG, "1 " * (LONG // 2), "é" * LONG],
    ids=["a", "blanks", "digits", "pairs", "letters"],
)
@pytest.mark.parametrize(
    "place",
    ["lead_time: 3 days", "carrying_rate: 25% per year", "{dist: poisson, mean: 20}", "kind: dc", "horizon: 63"],
)
def test_H07_a_long_text_takes_no_pattern_long(place: str, text: str) -> None:
    key = place.split(":")[0] if not place.startswith("{") else ""
    quoted = f"'{text}'"
    begun = time.process_time()
    try:
        load_text(changed(place, f"{key}: {quoted}" if key else quoted))
    except ChainsimError as error:
        assert len(str(error)) < 50_000
    assert time.process_time() - begun < 2.0


def test_I13_a_grid_of_a_million_points_is_refused_before_it_is_made() -> None:
    grid = {
        "policies.s_Q.service_level": [0.5 + i / 4000 for i in range(1000)],
        "lanes[0].order_cost": list(range(1000)),
    }
    begun = time.process_time()
    with pytest.raises(UsageError, match="1,000,000 points; at most 100,000"):
        chainsim.Study(load_text(SHOP)).sweep(grid)
    assert time.process_time() - begun < 2.0
