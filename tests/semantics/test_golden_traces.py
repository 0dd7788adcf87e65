"""Cases without chance, to the last unit: traces short enough to check with a pencil, one instant, a line that pulls, a board game."""

from __future__ import annotations

import pytest

from chainsim.verify import Case, cases, verify

EXACT = [case for case in cases().values() if case.exact]


@pytest.mark.parametrize("case", EXACT, ids=lambda case: case.id)
def test_every_number_of_every_period(case: Case) -> None:
    rows = verify([case], "full", ["simpy"], jobs=1)
    assert [r for r in rows if r.verdict != "passed"] == []
    assert {r.quantity for r in rows if r.how == "exact"} == set(case.simulated)


def test_the_traces_are_among_them() -> None:
    assert {f"P-TRC-{k}" for k in range(1, 6)} <= {case.id for case in EXACT}
