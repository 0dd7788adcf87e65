"""A factor in place of a value: `*1.2` is 1.2 times what is written.

What a factor means of each kind of value is said once, where that kind is at home: of a distribution by `Distribution.scaled`
(the mean is multiplied, the coefficient of variation kept; a Poisson stays Poisson, a negative binomial keeps its
dispersion), of a stream of demand by its level (`step`), as in stress tests. Everything else is a number, with or without a
unit, or a list of such.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from math import inf
from typing import Any

from pydantic import TypeAdapter, ValidationError

from chainsim.chance.base import DISTRIBUTIONS
from chainsim.scenario.document import distribution_as_written
from chainsim.scenario.nodes import Node
from chainsim.scenario.render import escape
from chainsim.scenario.scalars import SHARE_PATTERN
from chainsim.scenario.schema import distributions_of_times
from chainsim.scenario.units import LENGTH_PATTERN, NUMBER, RATE_PATTERN, Units

_FACTOR = re.compile(rf"\* *({NUMBER})")
_NUMBER_FIRST = re.compile(rf"(-?{NUMBER})(.*)", re.DOTALL)
_WITH_UNIT = re.compile("|".join(pattern.strip("^$") for pattern in (LENGTH_PATTERN, RATE_PATTERN, SHARE_PATTERN)))


class CannotScale(ValueError):
    """What is written is nothing a factor can be applied to: why, and what to do."""

    def __init__(self, message: str, cure: str) -> None:
        self.message, self.cure = message, cure
        super().__init__(message)


def factor_in(value: Any) -> float | None:
    """The factor that a value is, such as '*1.2'; None for any other value.

    >>> factor_in("*1.2"), factor_in("* 0.5"), factor_in("1.2"), factor_in(1.2)
    (1.2, 0.5, None, None)
    """
    told = _FACTOR.fullmatch(value.strip()) if isinstance(value, str) else None
    return float(told[1]) if told else None


def scaled(node: Node, factor: float, path: str, units: Units) -> Node:
    """A value times the factor: a number, a length, a rate or a share as a person writes it, a list of such, a distribution.

    path: where it stands, for what is said of it. Raises CannotScale.

    >>> [scaled(Node(x), 1.5, "here", Units()).value for x in (20, 0.5, "2 days", "20% per year", "600 per 2 weeks")]
    [30, 0.75, '3 days', '30% per year', '900 per 2 weeks']
    """
    value = node.value
    if isinstance(value, bool) or value is None:
        raise CannotScale(f"'{path}' is {_shown(value)}, of which there is no multiple", "give a value")
    if isinstance(value, int | float):
        return replace(node, value=_multiple(value, factor))
    if isinstance(value, str):
        return replace(node, value=_scaled_text(value, factor, path))
    if isinstance(value, list):
        return replace(node, value=[scaled(one, factor, f"{path}[{i}]", units) for i, one in enumerate(value)])
    if "dist" in value:
        return _scaled_distribution(node, factor, path, units)
    numbers = [key for key, one in value.items() if _can_scale(one, units)]
    cure = f"say which of its numbers, such as {path}.{numbers[0]}" if numbers else "name a number inside of it"
    raise CannotScale(f"'{path}' is a mapping, of which there is no multiple", cure)


def louder(demand: Node, factor: float) -> Node:
    """A stream of demand whose level is `factor` times as high from the first day on: one more step.

    >>> louder(Node({"type": Node("history")}), 1.2).plain()
    {'type': 'history', 'step': [{'at': 0, 'factor': 1.2}]}
    """
    told = demand.value.get("step", Node(None))
    before = told.value if isinstance(told.value, list) else [] if told.value is None else [told]
    step = Node({"at": Node(0), "factor": Node(factor)})
    keys = {key: place for key, place in demand.keys.items() if key != "step"}
    return replace(demand, value={**demand.value, "step": Node([*before, step])}, keys=keys)


def _can_scale(node: Node, units: Units) -> bool:
    try:
        scaled(node, 1.0, "", units)
    except CannotScale:
        return False
    return True


def _multiple(number: float, factor: float) -> float:
    """A whole number where there was one and can be one, so that a count times a factor is a count."""
    try:
        product = number * factor
    except OverflowError:  # an integer beyond all floats, which the reader refuses as well
        return inf
    return int(product) if isinstance(number, int) and product.is_integer() else product


def _scaled_text(text: str, factor: float, path: str) -> str:
    told = _NUMBER_FIRST.fullmatch(text.strip())
    if told is None or not _WITH_UNIT.fullmatch(text.strip()):
        raise CannotScale(
            f"'{path}' is the text '{escape(text[:40])}', of which there is no multiple", "give an amount, not a factor"
        )
    return f"{float(told[1]) * factor:.15g}{told[2]}"


def _scaled_distribution(node: Node, factor: float, path: str, units: Units) -> Node:
    plain = node.plain()
    try:
        made = _reader(tuple(DISTRIBUTIONS.names())).validate_python(plain, context=units)
    except ValidationError:
        raise CannotScale(
            f"'{path}' is no distribution that can be read, so there is no multiple of it",
            "correct it first: chainsim validate says what is wrong",
        ) from None
    return _grown(distribution_as_written(made.scaled(factor)))


def _grown(plain: Any) -> Node:
    if isinstance(plain, dict):
        return Node({key: _grown(one) for key, one in plain.items()})
    return Node([_grown(one) for one in plain]) if isinstance(plain, list) else Node(plain)


@cache
def _reader(names: tuple[str, ...]) -> TypeAdapter[Any]:
    """Reads distributions, of what is registered now; one of quantities reads as one of times does."""
    return TypeAdapter(distributions_of_times())


def _shown(value: Any) -> str:
    return "nothing (null)" if value is None else str(value).lower()
