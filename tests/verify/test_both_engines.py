"""Every simulated known answer walks the same path on both engines: what one engine passed in millions of events, the other passes too.

SimPy needs half a day for `verify --full`; here each of its simulations is compared with the compiled one bit by bit, in
replications from the beginning and from far into the sample.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from chainsim.engines.base import simulate
from chainsim.engines.parity import first_difference
from chainsim.verify.cases import cases
from chainsim.verify.sampling import samples_of

pytest.importorskip("numba", reason="two engines are compared")
REPLICATIONS = 0, 1, 1_000_003
SIMULATED = [name for name, case in cases().items() if samples_of(case, "compiled")]


@pytest.mark.slow
@pytest.mark.parametrize("name", SIMULATED)
def test_both_engines_walk_the_path_of_a_known_answer(name: str) -> None:
    for sample in samples_of(cases()[name], "compiled"):
        for replication in REPLICATIONS:
            reference = simulate(sample.plan, replication, engine="simpy")
            compiled = simulate(sample.plan, replication, engine="compiled")
            difference = first_difference(reference, compiled, sample.plan)
            assert difference is None, f"{sample.plan.policy}, replication {replication}: {difference}"


@pytest.mark.slow
def test_another_replication_is_seen() -> None:
    sample = samples_of(cases()["P-PALM-1"], "compiled")[0]
    changed = replace(simulate(sample.plan, 1, engine="compiled"), replication=0)
    assert first_difference(simulate(sample.plan, 0, engine="simpy"), changed, sample.plan) is not None
