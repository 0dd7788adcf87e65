"""What a difference is worth, how bad a bad year is, and what the run adviser says, on pages that no simulation made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chainsim.report import write_report
from chainsim.report.adviser import lines, run_adviser
from chainsim.report.facts import Facts
from chainsim.report.judged import material_in_words, pairs_table
from chainsim.report.lanes import lanes_table
from chainsim.report.narrative import recommend
from chainsim.report.numbers import Units
from chainsim.report.risk import risk_table
from chainsim.report.starting import warm_up_line, warm_up_sentences
from chainsim.report.tables import Table
from chainsim.report.verdict import Option
from chainsim.statistics.amounts import Amount
from chainsim.study.by_lane import LANES
from chainsim.study.csvtext import csv_bytes
from chainsim.study.results import Results

from .page_values import of_lanes
from .synthetic import Shape, make_results

pytestmark = pytest.mark.usefixtures("without_charts")

CLOSE = {"a": ("A", 0.96, 300e3), "b": ("B", 0.96, 301e3), "c": ("C", 0.96, 400e3)}


def option(label: str, cost: float, off: float = 0.0, fill: float = 0.97) -> Option:
    costs = [1e3 * (cost + wave) + off * wave for wave in (-3.0, -1.0, 1.0, 3.0)]
    return Option(label, costs, [fill] * 4, {"carrying cost": 1e3 * cost})


def texts(table: Table | None) -> list[list[str]]:
    assert table is not None
    return [[cell.text for cell in row] for row in table.rows]


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_a_difference_too_small_to_matter_is_no_reason_to_choose() -> None:
    options = [option("A", 100), option("B", 100.5, 20.0), option("C", 150)]
    material = {"total_cost": 1000.0}
    told = recommend(options, 0.95, Units("EUR"), material=material)
    assert told.headline == "Recommendation: A; B is equal for practical purposes."
    assert told.standings == (
        "recommended",
        "meets the target, equal for practical purposes",
        "meets the target, dearer",
    )
    assert "was said not to matter" in told.text
    assert "less than C, the next cheapest that meets the target" in told.text
    # the same difference, sure and of which nobody said that it does not matter
    assert recommend(options, 0.95, Units("EUR")).headline == "Recommendation: A."


def test_what_is_open_names_how_many_would_settle_it_and_what_would_matter() -> None:
    options = [option("A", 100), option("B", 100.5, 900.0)]
    told = recommend(options, 0.95, Units("EUR"), material={"total_cost": 1000.0})
    assert told.headline == "No clear winner: A or B."
    assert "would settle it" in told.text
    assert told.sensitivity == ""


def test_all_pairs_are_on_the_page_with_what_is_material() -> None:
    results = make_results(Shape(policies=CLOSE, material=(Amount(10.0, "%", "total_cost"),)))
    facts = Facts(results)
    table = pairs_table(facts)
    assert table is not None
    rows = texts(table)
    assert [row[:2] for row in rows] == [["A", "B"], ["A", "C"], ["B", "C"]]
    assert [row[3] for row in rows] == ["equal for practical purposes", "better", "better"]
    assert "10 % of total cost" in plain(material_in_words(facts))
    page = write_report(results)["report.html"].decode()
    assert "<figcaption>All pairs</figcaption>" in page
    assert "hold together with" in page


def test_without_a_material_difference_that_is_said() -> None:
    facts = Facts(make_results(Shape()))
    assert "No difference was named" in material_in_words(facts)


def test_many_pairs_are_folded_and_cut() -> None:
    many = {f"p{i}": (f"P{i}", 0.96, 300e3 + 1e3 * i) for i in range(9)}
    results = make_results(Shape(policies=many, site_scopes=False, n=4))
    page = write_report(results)["report.html"].decode()
    assert "every policy with its intervals; 28 pairs" in page
    assert "8 further pairs in pairs.csv." in page


def test_the_same_rule_counts_once_among_pairs() -> None:
    results = make_results(Shape(policies={**CLOSE}))
    for table in (results.replications, results.summary):
        mine, twin = table["policy"] == "a", table["policy"] == "b"
        for column in ("value", "mean", "half_width"):
            if column in table:
                table.loc[twin, column] = table.loc[mine, column].to_numpy()
    table = pairs_table(Facts(results))
    assert table is not None
    assert any("A and B are the same rule here" in note for note in table.notes)


def test_a_year_is_only_said_where_the_horizon_is_one() -> None:
    results = make_results(Shape())
    heads = [head for head, _ in risk_table(Facts(results)).columns]  # type: ignore[union-attr]
    assert "Years that miss the target, %" in heads
    assert any("worst year in 20" in head for head in heads)
    assert any("month (28 days)" in plain(head) for head in heads)
    results.manifest["time"]["horizon"] = 90.0
    heads = [plain(head) for head, _ in risk_table(Facts(results)).columns]  # type: ignore[union-attr]
    assert "Runs of 90 days that miss the target, %" in heads
    assert not any("year" in head and "€" not in head for head in heads)


def test_few_replications_do_not_bound_the_worst() -> None:
    table = risk_table(Facts(make_results(Shape())))
    assert table is not None
    assert any("30 replications do not bound" in plain(note) for note in table.notes)
    assert risk_table(Facts(make_results(Shape(n=1)))) is None


def with_start(**columns: Any) -> Facts:
    """Results in which every policy's start is like this."""
    results = make_results(Shape())
    for name, value in columns.items():
        results.warm_up[name] = [value] * len(results.warm_up)
    return Facts(results)


@pytest.mark.parametrize(
    ("columns", "sentence", "line"),
    [
        ({"cut": 0.0}, "would leave out nothing: no sign", "no sign that 84 days are too short"),
        (
            {"cut": 140.0, "excess": 0.12, "sure": True},
            "A warm-up of 140 days is worth trying.",
            "84 days may be too short",
        ),
        ({"cut": 140.0, "excess": 0.12, "sure": False}, "(12 % above) by no more than chance", "no sign that 84 days"),
        ({"state": "season", "cut": float("nan")}, "fewer than three of its cycles", "no conclusion (a season"),
        (
            {"state": "season", "cut": 28.0},
            "its season taken out, would leave out at most the first 28 days",
            "no sign",
        ),
        (
            {"state": "step", "cut": float("nan"), "at": 210.0},
            "around day 210",
            "no conclusion (stock changes its level)",
        ),
        ({"state": "drift", "cut": float("nan")}, "still moves when the run ends", "no conclusion (stock still moves"),
        (
            {"state": "too short", "cut": float("nan")},
            "half of the run or more",
            "MSER-5 would leave out more than half",
        ),
        ({"state": "too short", "cut": float("nan"), "buckets": 12}, "there are 12 buckets", "too few buckets"),
        (
            {"state": "too short", "cut": float("nan"), "cycle": 52.0},
            "fewer than two of its cycles",
            "fewer than two cycles",
        ),
        ({"state": "replay", "cut": float("nan")}, "Demand is replayed", "no conclusion (demand is replayed)"),
        ({"until": 200.0}, "declared to change 200 days into the run", "no sign"),
    ],
)
def test_the_start_in_words(columns: dict[str, Any], sentence: str, line: str) -> None:
    facts = with_start(**columns)
    assert sentence in plain(" ".join(warm_up_sentences(facts)))
    assert line in plain(warm_up_line(facts))


def asked(results: Results, *, reached: bool, limit: str = "") -> Facts:
    row = {
        "policy": "jit",
        "measure": "total_cost",
        "asked": "1% of total_cost",
        "within": 4000.0,
        "half_width": 5000.0,
    }
    results.manifest["precision"] = {
        "asked": ["1% of total_cost"], "min": 30, "max": 100, "stages": [30, 100], "reached": reached, "limit": limit,
        "got": [{**row, "reached": reached}],
    }  # fmt: skip
    return Facts(results)


def test_a_precision_that_was_not_reached_is_told_first() -> None:
    facts = asked(make_results(Shape()), reached=False, limit="max")
    first = plain(run_adviser(facts)[0])
    assert first.startswith("Precision NOT reached: ± 1 % of total cost was asked")
    assert "the most that was allowed (100) is used up" in first
    assert "total cost of Just in time ± €5 000/year instead of €4 000/year" in first
    assert plain(lines(facts)[0]) == first
    assert "reached with 30 replications (stages 30 → 100)" in run_adviser(asked(make_results(Shape()), reached=True))[
        0
    ].replace("\u202f", " ")


def test_levels_that_ask_for_service_are_not_called_no_target() -> None:
    option_ = replace(option("A", 100), asked="a fill rate of 98 %")
    told = recommend([option_, option("B", 150)], None, Units("EUR"))
    assert (
        "the scenario sets no target for the whole network, and its own levels were asked for a fill rate of 98 %."
        in told.text
    )
    assert "no service target" not in told.text


def test_lanes_are_told_where_a_stock_point_has_several() -> None:
    results = make_results(Shape())
    rows = [
        (
            "jit",
            source,
            "store-1",
            "",
            "soup",
            kpi,
            unit,
            mean,
            0.01 * mean,
            0.99 * mean,
            1.01 * mean,
            0.95,
            30,
            "Student t",
        )
        for source, share in (("dc", 0.9), ("plant", 0.1))
        for kpi, unit, mean in (
            ("lane_orders", "orders", 50.0),
            ("lane_units", "units", 900.0 * share),
            ("lane_share", "share", share),
        )
    ]
    results.files["lanes.csv"] = csv_bytes(LANES, rows)
    facts = Facts(results)
    table = lanes_table(facts, facts.policies[0])
    assert table is not None
    assert [[plain(cell.text) for cell in row][:3] for row in table.rows] == [
        ["store-1 / soup", "dc", "90.00 ± 0.90"], ["store-1 / soup", "plant", "10.00 ± 0.10"],
    ]  # fmt: skip
    assert lanes_table(facts, facts.policies[1]) is None
    page = write_report(results)["report.html"].decode()
    assert "Stock points with several sources" not in page, "the page is about another policy"
    lanes = csv_bytes(LANES, [(row[0].replace("jit", "multi_echelon"), *row[1:]) for row in rows])
    results.files["lanes.csv"] = lanes
    del results.__dict__["lanes"]
    page = write_report(results)["report.html"].decode()
    assert of_lanes(page, lanes.decode(), {"Multi-echelon base stock": "multi_echelon"}) == []
    wrong = page.replace('<data value="0.9">90.00', '<data value="0.8">80.00')
    assert wrong != page
    assert of_lanes(wrong, lanes.decode(), {"Multi-echelon base stock": "multi_echelon"})


def test_where_nothing_is_random_no_interval_is_spoken_of() -> None:
    table = pairs_table(Facts(make_results(Shape(policies=CLOSE, n=1))))
    assert table is not None
    assert table.notes[0] == "First minus second."
    assert "Bonferroni" in pairs_table(Facts(make_results(Shape(policies=CLOSE)))).notes[0]  # type: ignore[union-attr]
