"""One description of a field, wherever a user meets it.

A policy, a distribution or a demand process is a frozen dataclass whose fields are made with `field_of`.
The YAML models, the JSON Schema, the editor's hover text, `chainsim explain` and the tables of the manual are
all made from these descriptions, so that a field is described once. Nothing here imports pydantic: workers load
this module.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

Kind = Literal[
    "number",  # a plain finite number
    "units",  # a quantity of product
    "count",  # a whole number
    "fraction",  # between 0 and 1
    "money",  # an amount of the scenario's currency
    "duration",  # a length of time; YAML takes '2 weeks', code sees the scenario's time unit
    "rate",  # a rate per time; YAML takes '25% per year', code sees per time unit
    "flag",  # true or false
    "choice",  # one of `choices`
    "text",
    "distribution",  # a distribution of quantities
    "duration_distribution",  # a distribution of lengths of time; a bare duration means a constant
    "numbers",  # a list of numbers
    "durations",  # a list of durations
    "file",  # a table beside the scenario
]


@dataclasses.dataclass(frozen=True)
class FieldInfo:
    """What a field means: kind, unit, symbol, bounds and an example. `lot`: ordered as it is, so whole where units are."""

    kind: Kind
    meaning: str
    unit: str = ""
    symbol: str = ""
    example: Any = None
    least: float | None = None
    above: float | None = None
    most: float | None = None
    below: float | None = None
    choices: tuple[str, ...] = ()
    lot: bool = False


KEY = "chainsim"


def field_of(
    kind: Kind,
    meaning: str,
    *,
    default: Any = dataclasses.MISSING,
    unit: str = "",
    symbol: str = "",
    example: Any = None,
    least: float | None = None,
    above: float | None = None,
    most: float | None = None,
    below: float | None = None,
    choices: tuple[str, ...] = (),
    lot: bool = False,
) -> Any:
    """A dataclass field with its description. Without `default` the field is required.

    >>> @dataclasses.dataclass(frozen=True, kw_only=True)
    ... class Toy:
    ...     cards: int = field_of("count", "Number of cards.", least=1)
    >>> info_of(Toy)["cards"].least
    1
    """
    info = FieldInfo(kind, meaning, unit, symbol, example, least, above, most, below, choices, lot)
    return dataclasses.field(default=default, metadata={KEY: info})


_KNOWN: dict[type, Mapping[str, FieldInfo]] = {}


def info_of(described: type) -> Mapping[str, FieldInfo]:
    """The descriptions of a dataclass's fields, by field name, in order."""
    found = _KNOWN.get(described)
    if found is None:
        found = {f.name: f.metadata[KEY] for f in dataclasses.fields(described) if KEY in f.metadata}
        _KNOWN[described] = found
    return found
