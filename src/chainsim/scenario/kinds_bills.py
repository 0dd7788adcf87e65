"""Bills of materials as values of the scenario file: what one unit of a product is made of."""

from __future__ import annotations

from typing import Any

from chainsim.scenario.keys import Key
from chainsim.scenario.kinds import Reader, Wrong, found, in_range
from chainsim.scenario.render import escape
from chainsim.scenario.scalars import number_advice
from chainsim.scenario.units import Units

Recipe = tuple[tuple[str, float], ...]
"""Components of one unit, and how many of each, by name."""

_ABOVE_0 = Key("number", "", None, above=0)


def recipe(value: Any, key: Key, units: Units) -> dict[str, float]:
    """Components of one unit, and how many of each: numbers above 0."""
    if not isinstance(value, dict) or not value:
        got = "an empty mapping" if value == {} else found(value)
        cure = _as_mapping(value)
        raise Wrong(f"expected components and how many of each go into one unit, got {got}", cure)
    return {str(each): _number_of(str(each), per) for each, per in value.items()}


def recipes(value: Any, key: Key, units: Units) -> dict[str, dict[str, float]]:
    """A recipe by product; an empty one: made of nothing that is kept here."""
    if not isinstance(value, dict):
        raise Wrong(
            f"expected products, each with its components, got {found(value)}", "write {bike: {frame: 1, wheel: 2}}"
        )
    taken = {}
    for product, held in value.items():
        try:
            taken[str(product)] = {} if held == {} else recipe(held, key, units)
        except Wrong as error:
            raise Wrong(f"'{escape(str(product))}': {error.message}", error.cure) from None
    return taken


def _number_of(component: str, per: Any) -> float:
    if isinstance(per, bool) or not isinstance(per, int | float):
        advice = number_advice(per) if isinstance(per, str) else "write a number"
        raise Wrong(f"expected how many of '{escape(component)}' go into one unit, got {found(per)}", advice)
    try:
        return in_range(per, _ABOVE_0)
    except Wrong as error:
        cure = "leave it out" if per == 0 else error.cure
        raise Wrong(f"the number of '{escape(component)}' {error.message}", cure) from None


def _as_mapping(value: Any) -> str:
    """The same as a mapping, where a name or a list of names was written."""
    names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    if names and all(isinstance(name, str) for name in names):
        return f"write {{{', '.join(f'{escape(name)}: 1' for name in names)}}}"
    return "write {frame: 1, wheel: 2}"


BILLS: dict[str, Reader] = {"recipe": recipe, "recipes": recipes}
