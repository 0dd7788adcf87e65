"""A run that begins on a day: dates wherever instants are told, and not one number moved."""

from __future__ import annotations

from datetime import datetime

import pytest

import chainsim
from chainsim.dated import date_at, fits, told
from chainsim.errors import ScenarioError
from chainsim.plan.plan import Clock

DAY = 86_400_000_000
TEXT = """
chainsim: 1
title: Dated
time: {{{time}}}
replications: 2
products: {{soup: {{unit_cost: 2}}}}
sites: {{supplier: {{kind: supplier}}, shop: {{kind: store}}}}
lanes: [{{from: supplier, to: shop, lead_time: 2}}]
demand: [{{site: shop, product: soup, quantity: {{dist: poisson, mean: 5}}}}]
policies: {{a: {{type: base_stock, order_up_to_level: 18}}}}
"""
TIME = "unit: day, warm_up: 30, horizon: 300"


def study(time: str) -> chainsim.Study:
    return chainsim.load_text(TEXT.format(time=time))


def test_a_leap_day_is_a_day() -> None:
    assert [told("2028-02-28", k * DAY) for k in (0, 1, 2)] == ["2028-02-28", "2028-02-29", "2028-03-01"]
    assert date_at("2026-04-01", DAY // 2) == datetime(2026, 4, 1, 12)
    assert told("2026-04-01", DAY + 90_000_000) == "2026-04-02 00:01"  # within the minute it lies in


def test_the_calendar_ends() -> None:
    assert fits("9999-12-30", DAY)
    assert not fits("9999-12-30", DAY + 1)


def test_dates_move_no_number() -> None:
    plain, dated = study(TIME).run(jobs=1), study(f"{TIME}, start: 2026-04-01").run(jobs=1)
    for name in ("replications.csv", "summary.csv", "audit.csv", "warm_up.csv", "risk.csv"):
        assert plain.files[name] == dated.files[name], name
    for table in ("months", "series"):
        with_dates = getattr(dated, table)
        assert list(with_dates.drop(columns="date")) == list(getattr(plain, table))
    # 30 days after the first of April; a month is four weeks of buckets
    assert dated.months["date"].tolist()[:2] == ["2026-05-01", "2026-05-29"]
    assert dated.series["date"][0] == "2026-04-01"
    assert "date" not in plain.months
    assert dated.manifest["time"]["start"] == "2026-04-01"


def test_the_log_and_the_trace_have_dates() -> None:
    dated = study(f"{TIME}, start: 2026-04-01")
    trace = dated.trace("a", "shop", until=3)
    assert trace.sentences()[0].startswith("2026-04-01: a customer of shop wants")
    assert trace.shown()[0][0] == "date"
    assert [row[0] for row in trace.shown()[1]] == [
        "2026-04-01",
        "2026-04-02",
        "2026-04-03",
    ]
    assert trace.table()["date"][2] == datetime(2026, 4, 3)
    assert trace.csv().splitlines()[1].startswith(b"0.0,2026-04-01,")
    assert dated.run(jobs=1).log("a")["date"][0] == datetime(2026, 4, 1)
    plain = study(TIME)
    assert plain.trace("a", "shop", until=3).sentences()[0].startswith("day 0: ")
    assert "date" not in plain.trace("a", "shop", until=3).table()


def test_an_instant_within_a_day_has_its_minute() -> None:
    clock = Clock(0, DAY, DAY, 3_600_000_000, 8760.0, "hour", "2026-04-01")
    assert clock.told(5_400_000_000) == "2026-04-01 01:30"


@pytest.mark.parametrize(
    ("time", "where", "message", "cure"),
    [
        (f"{TIME}, start: 1.4.2026", "time.start", "expected a date such as 2026-04-01", ""),
        (f"{TIME}, start: 31/4/2026", "time.start", "expected a date such as 2026-04-01", ""),
        (f"{TIME}, start: 31/05/2026", "time.start", "expected a date", "did you mean 2026-05-31?"),
        (f"{TIME}, start: 2026-02-30", "time.start", "there is no day 2026-02-30", ""),
        (f"{TIME}, start: 2026", "time.start", "got the number 2026", ""),
        (f"{TIME}, start: 9999-12-01", "time.start", "would end after the year 9999", "begin earlier"),
        (
            "unit: period, warm_up: 3, horizon: 30, start: 2026-04-01",
            "time.start",
            "abstract periods have no dates",
            "unit: day",
        ),
    ],
)
def test_what_is_no_date_is_refused(time: str, where: str, message: str, cure: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        study(time)
    told = str(caught.value)
    assert where in told
    assert message in told
    assert cure in told
