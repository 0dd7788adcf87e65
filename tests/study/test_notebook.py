"""Results in a notebook: a sentence and a table, charts inline, the event log with names, and nothing written."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import chainsim
from chainsim.errors import OutputError, UsageError
from chainsim.rules.log import LOG_KINDS
from tests.cli.conftest import SHOP
from tests.scenario.test_summary import Tags

TWO_A_DAY = """\
chainsim: 1
title: Two a day
time: {unit: day, warm_up: 1, horizon: 2}
replications: 2
products: {p: {}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 2}]
stock: [{site: store, initial: {on_hand: 3}}]
demand: [{site: store, product: p, quantity: 2, unmet: backorder}]
policies: {only: {type: base_stock, order_up_to_level: 3, review_interval: 1}}
"""


@pytest.fixture(scope="module")
def results() -> chainsim.Results:
    return chainsim.load_text(SHOP, "shop").run(jobs=1)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_log_worked_by_hand() -> None:
    """Two a day from three on hand, ordered daily up to three, two days of lead time: the second customer lacks a unit,
    which the shipment of day 0 brings on day 2."""
    log = chainsim.load_text(TWO_A_DAY).run(jobs=1).log("only", start="2026-02-27")
    seen = [tuple(row) for row in log[["time", "event", "site", "quantity", "on_hand", "claim"]].fillna(-1).values]
    assert seen == [
        (0.0, "demand", "store", 2.0, 1.0, -1),
        (0.0, "order", "store", 2.0, 1.0, -1),
        (0.0, "request", "supplier", 2.0, 0.0, 1),
        (0.0, "ship", "supplier", 2.0, 0.0, 1),
        (1.0, "demand", "store", 2.0, 0.0, 2),
        (1.0, "order", "store", 2.0, 0.0, -1),
        (1.0, "request", "supplier", 2.0, 0.0, 3),
        (1.0, "ship", "supplier", 2.0, 0.0, 3),
        (2.0, "receive", "store", 2.0, 2.0, -1),
        (2.0, "backfill", "store", 1.0, 1.0, 2),
        (2.0, "demand", "store", 2.0, 0.0, 4),
        (2.0, "order", "store", 2.0, 0.0, -1),
        (2.0, "request", "supplier", 2.0, 0.0, 5),
        (2.0, "ship", "supplier", 2.0, 0.0, 5),
    ]
    assert [str(day.date()) for day in log["date"].unique()] == ["2026-02-27", "2026-02-28", "2026-03-01"]
    assert log["measured"].tolist() == [False] * 4 + [True] * 10
    assert log.groupby("event", observed=True)["phase"].unique().map(list).to_dict() == {
        "receive": ["receive"],
        "ship": ["dispatch"],
        "backfill": ["serve"],
        "demand": ["demand"],
        "order": ["review"],
        "request": ["review"],
    }
    shipped = log[log["event"] == "ship"]
    assert shipped[["from_site", "to_site", "shipment"]].values.tolist() == [
        ["supplier", "store", k] for k in (1, 2, 3)
    ]
    assert log.loc[log["event"] == "demand", ["from_site", "to_site"]].isna().all(axis=None)


def test_the_log_tells_what_the_tables_tell(results: chainsim.Results) -> None:
    log = results.log("batch", 2)
    customers = log[log["measured"] & (log["event"] == "demand")]
    table = results.replications
    here = (table.policy == "batch") & (table.replication == 2) & (table.site == "") & (table.kpi == "fill_rate")
    assert customers["quantity"].sum() == table.denominator[here & (table["product"] == "")].iloc[0]
    assert set(log["event"].unique()) <= set(LOG_KINDS)
    assert "date" not in log


def test_production_leads_to_where_it_begins() -> None:
    site = {"kind": "store", "production": {"lead_time": 1}}
    made = chainsim.load_text(TWO_A_DAY).with_({"sites": {"store": site}, "lanes": []})
    log = made.run(jobs=1).log("only")
    received = log[log["event"] == "receive"]
    assert len(received) > 0
    assert set(zip(received["from_site"], received["to_site"], strict=True)) == {("store", "store")}


def test_results_of_a_folder_have_the_same_log(results: chainsim.Results) -> None:
    results.save("shop")
    later = chainsim.Results.load("shop")
    pd.testing.assert_frame_equal(later.log("batch", 3), results.log("batch", 3))


def test_corrected_levels_are_those_of_the_run(few_short_runs: None) -> None:
    """A lifetime and case packs move the derived level in short simulations; the log of a folder is of the levels they found."""
    study = chainsim.load_text(SHOP, "shop").with_(
        {
            "stock": [{"site": "shop", "lifetime": 4, "order_multiple": 7}],
            "policies": {"weekly": {"type": "R_S", "review_interval": 2, "fill_rate": 0.9}},
        }
    )
    made = study.run(jobs=1)
    [corrected] = made.manifest["calibration"]
    assert corrected["before"] != corrected["after"]
    made.save("shop")
    pd.testing.assert_frame_equal(chainsim.Results.load("shop").log("weekly", 1), made.log("weekly", 1))


def test_a_replication_that_is_not_the_same_is_refused(results: chainsim.Results) -> None:
    for old, new in ((b"mean: 6", b"mean: 7"), (b"seed: 1", b"seed: 2")):
        assert old in results.files["scenario.yaml"]
        files = {**results.files, "scenario.yaml": results.files["scenario.yaml"].replace(old, new)}
        with pytest.raises(
            OutputError, match="replication 0 of 'batch', simulated again, is not the one of these results"
        ):
            chainsim.Results(results.manifest, files).log("batch")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"policy": "bach"}, r"unknown policy 'bach' \(did you mean 'batch'\?\); known: daily, batch"),
        (
            {"policy": "batch", "replication": 4},
            "replication must be below 4: these results have 4 replications, from 0",
        ),
        ({"policy": "batch", "replication": -1}, "replication must be a whole number of at least 0, not -1"),
        ({"policy": "batch", "replication": True}, "replication must be a whole number"),
        ({"policy": "batch", "start": "tomorrow-ish"}, "start must be a date such as '2026-01-05'"),
        ({"policy": "batch", "start": 5}, "start must be a date such as '2026-01-05', not 5"),
    ],
)
def test_what_there_is_no_log_of_is_told(results: chainsim.Results, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        results.log(**arguments)


def test_abstract_periods_have_no_dates() -> None:
    made = chainsim.load_text(TWO_A_DAY.replace("unit: day", "unit: period")).run(jobs=1)
    assert len(made.log("only")) > 0
    with pytest.raises(UsageError, match="abstract periods have no dates"):
        made.log("only", start="2026-01-01")


def test_a_numpy_number_is_a_replication(results: chainsim.Results) -> None:
    assert len(results.log("batch", np.int64(1))) > 0


def test_results_show_the_sentence_and_a_line_a_policy(results: chainsim.Results) -> None:
    page = Tags(results._repr_html_())
    assert {"strong", "p", "table", "td"} <= page.tags
    assert "A corner shop" in page.words
    assert "Recommendation" in page.words
    assert results._repr_html_().count("<tr>") == 3  # the head and two policies
    assert repr(results) == "<Results of 'A corner shop': daily, batch; 4 replications, in memory>"
    assert repr(results.save("kept")).endswith("in kept>")


def test_no_name_of_the_results_is_markup() -> None:
    nasty = chainsim.load_text(SHOP).with_({"title": "<script>x", "policies.daily.label": "<img src=x>"})
    made = nasty.run(jobs=1, replications=2)
    for text in (made._repr_html_(), made.chart("cost-service").svg):
        assert "<script" not in text
        assert "<img" not in text


def test_a_chart_is_the_page_s_and_shows_inline(results: chainsim.Results) -> None:
    chart = results.chart("cost-service")
    assert ElementTree.fromstring(chart._repr_svg_()).tag.endswith("svg")
    folder = results.save("shop")
    folder.report()
    assert chart.svg.encode() == folder.files["charts/cost-service.svg"]
    assert chart.save("mine.svg").read_bytes() == folder.files["charts/cost-service.svg"]
    assert chart.save(Path("mine.png")).read_bytes() == folder.files["charts/cost-service.png"]
    assert chart.title in folder.files["charts/cost-service.svg"].decode()
    assert repr(chart) == f"InlineChart(name='cost-service', title={chart.title!r})"


def test_a_chart_that_is_none_is_told(results: chainsim.Results) -> None:
    with pytest.raises(UsageError, match=r"unknown chart 'cost_service' \(did you mean 'cost-service'\?\)"):
        results.chart("cost_service")
    with pytest.raises(UsageError, match="the chart 'utilisation' has nothing to show here"):
        results.chart("utilisation")
    with pytest.raises(UsageError, match=r"saved as \.svg or \.png, not as 'mine\.jpg'"):
        results.chart("cost-service").save("mine.jpg")


def test_looking_writes_nothing(results: chainsim.Results, tmp_path: Path) -> None:
    results._repr_html_()
    results.chart("stock-fan")
    results.log("daily")
    assert list(tmp_path.iterdir()) == []
