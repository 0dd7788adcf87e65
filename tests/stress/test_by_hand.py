"""Times to survive and to recover that follow from the numbers of a chain with a pencil.

The shop holds 20 after each day's demand: 40 less what is ordered and under way (two days). The supplier goes out on day 50,
after the orders of days 48 and 49 have left: they come on days 50 and 51, day 51 ends with 20, day 52 with 10, day 53 with 0,
and on day 54 ten people find nothing. It is back on day 60 and sends everything that waits; that is there on day 62.
"""

from __future__ import annotations

import numpy as np
import pytest

from chainsim.stress.outages import Moment, Out, outages
from chainsim.stress.places import places_of, with_ways

from .chains import calm_of, shop


def out(unmet: str, name: str, days: float = 10.0, replications: int = 2) -> Out:
    calm = calm_of(shop(unmet))
    ground = calm.frame.ground
    places = with_ways(places_of(ground.network, ground.layout), ground.network, calm.frame.facts)
    [place] = [p for p in places if p.name == name]
    _, [found] = outages(calm, [place], Moment(50.0, days), replications, engine="simpy", jobs=1)
    return found


@pytest.mark.parametrize("name", ["source", "source → shop"])
def test_customers_who_wait(name: str) -> None:
    found = out("backorder", name)
    assert found.survive.tolist() == [4.0, 4.0]
    assert found.recover.tolist() == [2.0, 2.0]
    assert found.short.mean == 80.0  # days 54 … 61
    assert found.lost.mean == 0.0
    assert found.peak.tolist() == [[80.0], [80.0]]
    assert found.felt == 1.0


def test_customers_who_leave() -> None:
    """What is lost is not ordered again: 40 units wait at the supplier, and come on day 62."""
    found = out("lost", "source")
    assert found.survive.tolist() == [4.0, 4.0]
    assert found.recover.tolist() == [2.0, 2.0]
    assert found.lost.mean == found.short.mean == 80.0
    # 80 units × (5 − 2), less what was not carried: on hand and under way, at 0.01 a unit and day
    assert found.margin.mean is not None
    assert 230.0 < found.margin.mean < 240.0


def test_an_outage_that_stock_outlasts_is_not_felt() -> None:
    found = out("backorder", "source", days=2.0)  # back on day 52, goods on day 54: ten are there for the ten of day 54
    assert np.isinf(found.survive).all()
    assert found.recover.tolist() == [0.0, 0.0]
    assert found.short.mean == 0.0
    assert out("backorder", "source", days=3.0).survive.tolist() == [4.0, 4.0]


def test_a_shop_that_is_out_serves_nobody_from_its_first_day() -> None:
    found = out("backorder", "shop")
    assert found.survive.tolist() == [0.0, 0.0]
    assert found.recover.tolist() == [0.0, 0.0]  # open again on day 60, with all that came meanwhile
    assert found.short.mean == 100.0
