"""Random plants that make things of things: both engines tell the same story, with a log and without."""

from __future__ import annotations

import pytest

from chainsim.engines import compiled_engine
from chainsim.plan.compile import compile_plan
from chainsim.record.audit import audit
from tests.properties.networks import scenario_of

from .pair import check
from .random_bills import plant

pytest.importorskip("numba", reason="the compiled engine needs numba")

SOME, MANY = range(20), range(20, 400)


def both(number: int) -> None:
    plan = compile_plan(scenario_of(plant(number)), "only")
    check(plan)
    audit(compiled_engine.simulate(plan, 0), plan)


@pytest.mark.parametrize("number", SOME)
def test_random_plants(number: int) -> None:
    both(number)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_many_random_plants() -> None:
    for number in MANY:
        both(number)
