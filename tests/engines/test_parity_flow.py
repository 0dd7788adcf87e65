"""Flows and random yield walk the same path in both engines."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

pytest.importorskip("numba")

from chainsim.engines import compiled_engine

from ..properties.networks import Document, run
from ..properties.test_flow import flowing


@settings(max_examples=30, deadline=None)
@given(flowing())
def test_flows_and_yields_on_random_networks(document: Document) -> None:
    plan, simpy = run(document)
    compiled: Any = compiled_engine.simulate(plan, 0, log=True)
    assert list(map(tuple, simpy.log or ())) == list(map(tuple, compiled.log))
    assert simpy.events == compiled.events
    for table in simpy.closing:
        assert simpy.closing[table].tobytes() == compiled.closing[table].tobytes()
    assert simpy.series.tobytes() == compiled.series.tobytes()
    assert simpy.waiting_time.tolist() == compiled.waiting_time.tolist()
