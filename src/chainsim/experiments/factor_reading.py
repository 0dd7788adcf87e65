"""Reading the factors of an experiment: paths with values, or named levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chainsim.experiments.document import Document
from chainsim.experiments.factors import EXAMPLES, MOST_LEVELS, Factor, cannot_vary, range_of
from chainsim.registry import did_you_mean
from chainsim.scenario.nodes import Node
from chainsim.scenario.nodes import Path as At

FACTOR = ("path", "values", "levels", "scale")
RESERVED = frozenset(
    ["point", "policy", "replication", "site", "product", "kpi", "unit", "value", "half_width", "low", "high", "level", "n",
     "numerator", "denominator", "baseline", "difference", "verdict", "status", "events", "message"]
)  # fmt: skip
"""Columns of the tables, which no factor may be called."""


def read_factors(document: Document) -> tuple[Factor, ...]:
    node = document.node("factors")
    if node is None or not isinstance(node.value, dict) or not node.value:
        document.wrong(("factors",), "no factor is named", "as in {cv: {path: lanes[0].lead_time.cv, values: 0:1:5}}")
        return ()
    found = [document.tried(_factor, document, name, inner) for name, inner in node.value.items()]
    return tuple(factor for factor in found if factor is not None)


def _factor(document: Document, name: str, node: Node) -> Factor:
    at: At = ("factors", name)
    if name in RESERVED:
        raise document.wrong(
            at, f"'{name}' is a column of the tables already", "call the factor something else", key=True
        )
    keys = node.value if isinstance(node.value, dict) else None
    if keys is None:
        raise document.wrong(at, "expected a mapping with path and values", f"values: {EXAMPLES}")
    for key in keys:
        if key not in FACTOR:
            document.wrong(
                (*at, key),
                f"unknown key '{key}'{did_you_mean(key, list(FACTOR))}",
                f"known: {', '.join(FACTOR)}",
                key=True,
            )
    if "levels" in keys:
        levels = keys["levels"].plain()
        if not isinstance(levels, dict) or not levels or not all(isinstance(v, dict) and v for v in levels.values()):
            raise document.wrong((*at, "levels"), "expected name: {path: value}", "each level has its own changes")
        return Factor(name, values=tuple(levels), levels=levels)
    path = keys["path"].plain() if "path" in keys else None
    if not isinstance(path, str) or not path:
        raise document.wrong(at, "no path is named", "a path as in --set, such as costs.carrying_rate")
    return _values(document, name, path, keys, at)


def _values(document: Document, name: str, path: str, keys: Mapping[str, Node], at: At) -> Factor:
    values = keys["values"].plain() if "values" in keys else None
    log = "scale" in keys and keys["scale"].plain() == "log"
    if "scale" in keys and keys["scale"].plain() not in ("log", "linear"):
        document.wrong((*at, "scale"), "expected linear or log")
    if isinstance(values, list) and values:
        if len(values) > MOST_LEVELS:
            raise document.wrong((*at, "values"), f"{len(values)} values; at most {MOST_LEVELS}")
        wrong = cannot_vary(values)
        if wrong:
            raise document.wrong((*at, "values"), wrong, EXAMPLES)
        return Factor(name, path, tuple(values))
    if isinstance(values, str):
        try:
            span = range_of(values)
        except ValueError as error:
            raise document.wrong((*at, "values"), str(error), EXAMPLES) from None
        if span is not None:
            if log and span.low <= 0:
                raise document.wrong((*at, "values"), "a range on a log scale lies above 0")
            span = replace(span, log=log)
            return Factor(name, path, span.values(span.count) if span.count else (), span)
    raise document.wrong((*at, "values"), f"expected values: {EXAMPLES}")
