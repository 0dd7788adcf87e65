"""What the compiled engine cannot compile is refused by name, with a reason, before anything runs; `auto` takes simpy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chainsim.engines.base import ENGINES, choose_engine, simulate
from chainsim.errors import MissingPartError
from tests.engines.cases import network, plan_of

pytest.importorskip("numba")

from tests.engines.outside_functions import is_even


def reads_a_dictionary(stock: Any, p: Any, memory: Any) -> float:
    return float({"some": 3.0}.get("some") or sorted([stock.on_hand])[0])


def misspells(stock: Any, p: Any, memory: Any) -> float:
    return float(stock.on_hnd)


def calls_itself(stock: Any, p: Any, memory: Any) -> float:
    return 1.0 + (calls_itself(stock, p, memory) if stock.on_hand > 1e9 else 0.0)


def calls_what_does(stock: Any, p: Any, memory: Any) -> float:
    return 5.0 if is_even(int(stock.on_hand)) else 4.0


REFUSED = [
    (reads_a_dictionary, "implementation"),
    (misspells, "on_hnd"),
    (calls_itself, "calls itself"),
    (calls_what_does, "calls itself"),
]


@pytest.mark.parametrize(("rule", "reason"), REFUSED)
def test_a_rule_numba_cannot_compile_is_refused(tmp_path: Path, rule: Any, reason: str) -> None:
    plan = plan_of(network(), tmp_path)
    plan = replace(plan, rules=tuple(rule for _ in plan.rules))
    support = ENGINES["compiled"].support(plan)
    assert not support
    assert rule.__qualname__ in support.reason
    assert reason in support.reason
    with pytest.raises(MissingPartError, match=rule.__qualname__):
        simulate(plan, 0, engine="compiled")
    assert choose_engine("auto", (plan,), events=1e12) == "simpy"


def test_auto_takes_the_compiled_engine_when_it_pays(tmp_path: Path) -> None:
    plan = plan_of(network(), tmp_path)
    assert choose_engine("auto", (plan,), events=1e12) == "compiled"
    assert choose_engine("auto", (plan,), events=1e3) == "simpy"
    assert choose_engine("auto", (plan,)) == "simpy"
