"""Choices are written once: what the scenario offers, the Plan's codes and the rules' constants are the same list."""

from __future__ import annotations

import pytest

from chainsim.rules import allocate, customer, order, position, shelf
from chainsim.rules.choices import Choices

LISTS = {
    allocate.ALLOCATION: (
        allocate.FIRST_COME, allocate.PRIORITY, allocate.PROPORTIONAL, allocate.LINEAR, allocate.UNIFORM,
    ),
    order.SOURCING: (order.FIRST, order.PRIORITY_SOURCE, order.SPLIT, order.EXPEDITE, order.CHEAPEST, order.FASTEST),
    shelf.ISSUING: (shelf.FIFO, shelf.LIFO),
    customer.UNMET: (customer.BACKORDER, customer.LOST, customer.PATIENCE, customer.EMERGENCY, customer.SOME_WAIT),
    position.WATCH: (position.POSITION, position.LEVEL, position.ECHELON, position.ON_HAND),
}  # fmt: skip


@pytest.mark.parametrize("choices", LISTS, ids=lambda c: c[0])
def test_a_name_has_the_code_of_its_constant(choices: Choices) -> None:
    assert tuple(map(choices.code, choices)) == LISTS[choices]


@pytest.mark.parametrize(
    ("choices", "name", "code"),
    [
        (allocate.ALLOCATION, "uniform", allocate.UNIFORM),
        (allocate.ALLOCATION, "linear", allocate.LINEAR),
        (order.SOURCING, "expedite", order.EXPEDITE),
        (order.SOURCING, "split", order.SPLIT),
        (order.SOURCING, "fastest", order.FASTEST),
        (shelf.ISSUING, "lifo", shelf.LIFO),
        (customer.UNMET, "patience", customer.PATIENCE),
        (customer.UNMET, "emergency", customer.EMERGENCY),
        (position.WATCH, "echelon", position.ECHELON),
        (position.WATCH, "on_hand", position.ON_HAND),
    ],
)
def test_names_and_constants_stand_in_one_order(choices: Choices, name: str, code: int) -> None:
    assert choices.code(name) == code


def test_an_unknown_name_has_no_code() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        shelf.ISSUING.code("newest")
