"""What every registered policy promises, ours and any that joins."""

from __future__ import annotations

import ast
import doctest
import inspect
from dataclasses import fields, is_dataclass
from math import isfinite
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainsim.fields import KEY
from chainsim.policies.base import POLICIES

from .stock_points import facts, network, ready, row

NAMES = POLICIES.names()
units = st.one_of(st.integers(0, 900).map(float), st.floats(0, 900))


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_is(name: str) -> None:
    policy = POLICIES.get(name)
    assert policy.title
    assert policy.summary.endswith(".")
    assert policy.source
    assert is_dataclass(policy)
    assert policy.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert all(KEY in f.metadata for f in fields(policy)), "made with field_of"


@pytest.mark.parametrize("name", NAMES)
def test_its_docstring_names_symbols_and_source_and_holds_an_example(name: str) -> None:
    text = inspect.getdoc(POLICIES.get(name)) or ""
    assert "Source" in text
    assert doctest.DocTestParser().get_examples(text)


@pytest.mark.parametrize("name", NAMES)
def test_its_rule_stays_in_the_compilable_subset(name: str) -> None:
    """Numbers, arithmetic, comparisons, `if`, loops over p and memory: nothing that numba could not take."""
    tree = ast.parse(inspect.getsource(POLICIES.get(name).rule))
    refused = (
        ast.Import,
        ast.ImportFrom,
        ast.Dict,
        ast.List,
        ast.Tuple,
        ast.ListComp,
        ast.Lambda,
        ast.JoinedStr,
        ast.Try,
        ast.With,
    )
    body = [node for statement in tree.body[0].body for node in ast.walk(statement)]  # type: ignore[attr-defined]
    assert [type(node).__name__ for node in body if isinstance(node, refused)] == []
    called = {node.func.id for node in body if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert called <= {
        "int",
        "float",
        "abs",
        "min",
        "max",
        "range",
        "len",
        "sqrt",
        "inventory_position",
        "inventory_level",
        "watched_quantity",
        "on_hand_in_books",
        "lots_in",
        "lots_covering",
    }


@pytest.mark.parametrize("name", NAMES)
def test_derived_settings_are_finite_and_explained(name: str) -> None:
    for point in (
        facts(),
        facts(review_interval=1.0, demand_interval=1.0),
        facts(review_interval=1.0, demand_interval=1.0, before_demand=True, lost_sales=True),
        facts(review_interval=7.0, target_fill_rate=0.97, whole=False),
        facts(review_interval=1.0, demand_interval=1.0, lead_mean=0.0, lost_sales=True),
        facts(demand_sd=0.0, backorder_cost=2.0, review_interval=1.0),
    ):
        interval = point.review_interval
        if interval == 0.0 and POLICIES.get(name).review == "periodic":
            continue
        timing = {"review_interval": interval} if interval else {}
        settings = ready(name, **timing).derive(network(point), [0])[0]
        assert all(isfinite(x) for x in (*settings.p, *settings.memory, settings.order_up_to))
        assert settings.derived
        for derived in settings.derived:
            assert derived.formula
            assert isfinite(derived.value)
            assert derived.given or derived.inputs
            assert all(isfinite(x) for x in derived.inputs.values())


@pytest.mark.parametrize("name", NAMES)
@given(on_hand=units, on_order=units, backorders=units, recent=units, reviews=st.integers(1, 4))
def test_it_orders_a_quantity_keeps_its_promise_and_changes_nothing(
    name: str, on_hand: float, on_order: float, backorders: float, recent: float, reviews: int
) -> None:
    cls = POLICIES.get(name)
    policy = ready(name)
    interval = 1.0 if cls.review == "periodic" else 0.0
    settings = SETTINGS.setdefault(name, policy.derive(network(facts(review_interval=interval)), [0])[0])
    stock = row(on_hand, on_order, backorders, recent_demand=recent)
    before = repr(stock)
    memory = list(settings.memory)
    for _ in range(reviews):
        quantity = cls.rule(stock, settings.p, memory)
        assert isfinite(quantity)
        assert quantity >= 0.0
        if interval == 0.0 and _watched(policy, settings, stock) > settings.wake_at:
            assert quantity == 0.0
    assert repr(stock) == before
    assert len(memory) == len(settings.memory)
    assert all(isfinite(x) for x in memory)


@pytest.mark.parametrize("name", [n for n in NAMES if POLICIES.get(n).review != "periodic"])
@pytest.mark.parametrize("above", [1e-6, 0.5, 1.0])
def test_it_orders_nothing_just_above_its_wake_level(name: str, above: float) -> None:
    settings = ready(name).derive(network(facts()), [0])[0]
    assert isfinite(settings.wake_at)
    assert POLICIES.get(name).rule(row(settings.wake_at + above), settings.p, list(settings.memory)) == 0.0


SETTINGS: dict[str, Any] = {}


def _watched(policy: Any, settings: Any, stock: Any) -> float:
    """What the engine compares with wake_at, in the order the Plan looks for it."""
    watch = getattr(settings, "watch", None) or getattr(policy, "watch", None) or type(policy).watches
    position = stock.on_hand + stock.on_order - stock.backorders
    level = stock.on_hand - stock.backorders
    known = {"position": position, "level": level, "echelon": stock.echelon_position, "on_hand": stock.on_hand}
    return float(known[watch])
