"""Measures as a program: all of ours, whatever an outside package brings, or the reason why not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainsim.kpis import KPIS, Scopes, kpis_of, ratio
from chainsim.kpis.base import Kpi
from chainsim.live.pack import pack
from chainsim.live.program import Program, Untold
from chainsim.live.trace import traced
from chainsim.plan.plan import Plan
from tests.engines.cases import network, plan_of

from . import native
from .node import needs_node


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return plan_of(network(), tmp_path)


@pytest.fixture
def outside() -> Iterator[Any]:
    """Registers measures as an outside package would, for the time of a test."""
    names: list[str] = []

    def add(id: str, compute: Any) -> None:
        KPIS.register(id)(Kpi(id, id, "units", "none", "", "", "", "", "", False, compute))
        names.append(id)

    yield add
    for name in names:
        del KPIS._things[name]


def test_every_measure_of_chainsim_can_be_told_in_a_page(plan: Plan) -> None:
    made = traced(plan, Scopes.of(plan.layout), KPIS.names())
    assert made.refused == {}
    assert list(made.measures) == KPIS.names()
    assert list(traced(plan, Scopes.of(plan.layout)).measures) == list(kpis_of([plan]))


def test_an_operation_is_noted_once() -> None:
    program = Program()
    a = program.note((1, 3), "array", "waiting")
    assert (a + a).number == (a + a).number
    assert (a * 1.0).number == a.number
    assert len(program.operations) == 2


@pytest.mark.parametrize(
    "doing",
    [np.exp, np.sum, np.asarray, bool, lambda x: x[0], lambda x: x[:, ::2], lambda x: x + np.zeros((4, 3)), np.cumsum],
    ids=["exp", "sum", "numbers", "decide", "index", "slice", "shape", "cumsum"],
)
def test_what_a_page_cannot_do_is_untold(doing: Any) -> None:
    symbol = Program().note((1, 3), "array", "waiting")
    with pytest.raises(Untold):
        doing(symbol)


def test_a_measure_of_an_outside_package_that_cannot_be_told_is_refused_by_name(plan: Plan, outside: Any) -> None:
    outside("their_exponential", lambda view: np.exp(view.total(view.flow("demanded"))))
    outside("their_shape", lambda view: view.flow("demanded"))
    made = traced(plan, Scopes.of(plan.layout))
    assert made.refused["their_exponential"] == "Untold: numpy.exp"
    assert "one number for each replication and scope" in made.refused["their_shape"]
    assert "fill_rate" in made.measures


@needs_node
def test_a_measure_of_an_outside_package_is_told(plan: Plan, outside: Any, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    outside("their_peak", lambda view: view.total(np.maximum(view.flow("demanded"), 2.0 * view.flow("filled"))))
    outside("their_ratio", lambda view: ratio(view.total(view.on_hand), view.total(view.flow("orders") + 1.0)))
    packed = pack({"only": plan}, replications=2)
    assert {"their_peak", "their_ratio"} <= {m["id"] for m in packed.page["program"]["measures"]}
    page, _ = native.in_page([packed], tmp_path)
    assert native.different(page, native.numbers(plan, packed)) == 0
