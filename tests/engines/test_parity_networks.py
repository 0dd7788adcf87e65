"""Random networks: both engines tell the same story, to the last bit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from chainsim.plan.compile import compile_plan
from tests.properties.networks import Document, scenario_of

from .pair import check
from .random_networks import lines, rich_networks

pytest.importorskip("numba", reason="the compiled engine needs numba")

quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
thorough = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def both(document: Document) -> None:
    """Both engines on both replications."""
    plan = compile_plan(scenario_of(document), "only")
    for replication in range(2):
        check(plan, replication)


@quick
@given(rich_networks())
def test_random_networks(document: Document) -> None:
    both(document)


@settings(quick, max_examples=15)
@given(rich_networks(flows=True))
def test_random_networks_with_flows(document: Document) -> None:
    both(document)


@settings(quick, max_examples=30)
@given(lines())
def test_random_lines_with_echelon_positions(document: Document) -> None:
    both(document)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@thorough
@given(rich_networks())
def test_many_random_networks(document: Document) -> None:
    both(document)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(thorough, max_examples=150)
@given(rich_networks(flows=True))
def test_many_random_networks_with_flows(document: Document) -> None:
    both(document)


@pytest.mark.slow
@settings(thorough, max_examples=150)
@given(lines())
def test_many_random_lines(document: Document) -> None:
    both(document)
