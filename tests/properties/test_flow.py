"""Flows and random yield on random networks: what holds for every simulator holds for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainsim.record.audit import violations

from .networks import Document, changed, lead_times, networks, run

quick = settings(max_examples=25, deadline=None)


@st.composite
def flowing(draw: Any) -> Document:
    """A random network, with random yields, and oil that flows from some stores, tanks and refineries beside it."""
    document: Document = draw(networks(fractions=True))
    for lane in document["lanes"]:
        if draw(st.booleans()):
            lane["yield"] = draw(yields)
    document["products"]["oil"] = {"unit_cost": 1, "unit_price": 2, "divisible": True}
    document["sites"]["tank"] = {"kind": "dc"}
    document["lanes"].append({"from": "supplier", "to": "tank", "products": ["oil"], "lead_time": draw(lead_times)})
    rules = document["policies"]["only"]["rules"]
    rules.append({"site": "tank", "type": "s_S", "reorder_point": 30, "order_up_to_level": 60})
    for i in range(1, draw(st.integers(1, 3)) + 1):
        name = f"f{i}"
        rate = draw(st.sampled_from([0.3, 1, 2.5, 7]))
        site: Document = {"kind": "store"}
        if draw(st.integers(0, 2)) == 0:
            site["production"] = {
                "lead_time": 0,
                "products": ["oil"],
                "rate": rate * draw(st.sampled_from([0.5, 1, 1.5, 4])),
            }
        else:
            origin = draw(st.sampled_from(["supplier", "tank"]))
            lane: Document = {"from": origin, "to": name, "products": ["oil"], "lead_time": draw(lead_times)}
            if draw(st.booleans()):
                lane["yield"] = draw(yields)
            document["lanes"].append(lane)
        document["sites"][name] = site
        entry = {"site": name, "product": "oil", "type": "flow", "rate": rate}
        entry["unmet"] = draw(st.sampled_from(["backorder", "lost"]))
        entry["promise"] = draw(st.sampled_from([0, 0.5]))
        document["demand"].append(entry)
        document["stock"].append({"site": name, "initial": {"on_hand": draw(st.sampled_from([0, 3, 10.1]))}})
        if draw(st.integers(0, 2)) == 0:
            outage = {"type": "outage", "site": name, "start": 3.3, "duration": 2.1, "every": 9}
            document["disruptions"].append(outage)
        rules.append({"site": name, **draw(st.sampled_from(POLICIES))})
    return document


yields = st.sampled_from(
    [
        {"fraction": {"dist": "uniform", "low": 0.5, "high": 1}},
        {"lost": {"dist": "normal", "mean": 1, "sd": 1}},
        {"fraction": 0.9, "extra": 2},
    ]
)
POLICIES = [
    {"type": "s_Q", "reorder_point": 0, "order_quantity": 9.5},
    {"type": "s_Q", "reorder_point": -2, "order_quantity": 7},
    {"type": "s_Q", "reorder_point": 4.2, "order_quantity": 5, "trigger": "below"},
    {"type": "s_S", "reorder_point": 3, "order_up_to_level": 10},
    {"type": "R_S", "review_interval": 1.5, "order_up_to_level": 12},
    {"type": "T_Q", "review_interval": 2, "order_quantity": 6},
    {"type": "moving_average", "review_interval": 1},
]


@quick
@given(flowing())
def test_units_are_conserved(document: Document) -> None:
    """P1–P6 with what was scrapped; and a flow demands its rate, to less than one tick's worth."""
    plan, record = run(document)
    assert violations(record, plan) == []
    points = record.closing["points"]
    for i in np.flatnonzero(~plan.layout.unlimited):
        row, opening = points[i], float(plan.points["on_hand"][i])
        came = opening + row["received"]
        went = row["shipped"] + row["scrapped"] + row["outdated"] + row["on_hand"]
        assert came == pytest.approx(went, abs=1e-6)
        assert row["on_hand"] >= 0
        assert row["backorders"] >= 0
    for flow in plan.flows:
        demanded = points["demanded"][flow["point"]]
        assert demanded == pytest.approx(flow["rate"] * plan.clock.end, abs=2e-8)


@quick
@given(flowing())
def test_looking_more_often_changes_nothing(document: Document) -> None:
    """Flows are carried to every end of a bucket; more of these leave every total as it was. A bend may move by a tick
    where a rounding at 10⁻⁹ of a unit falls differently."""
    plan, record = run(document)
    often = changed(document)
    often["time"]["bucket"] = 0.3
    _, other = run(often)
    names = record.closing["points"].dtype.names
    of_buckets = ("_at", "_ends", "_closed")
    kept = [c for c in names if not c.startswith("bucket") and not c.endswith(of_buckets) and c != "last_receipt"]
    scale = plan.clock.ticks_per_unit
    for column in kept:
        one, two = (r.closing["points"][column] - r.opening["points"][column] for r in (record, other))
        unit = scale if column.endswith("_time") or column.startswith("waited") else 1.0
        assert one / unit == pytest.approx(two / unit, abs=1e-5, nan_ok=True), column
    one_log, two_log = list(record.log or ()), list(other.log or ())
    assert [line.kind for line in one_log] == [line.kind for line in two_log]
    assert [line.tick for line in one_log] == pytest.approx([line.tick for line in two_log], abs=100)
