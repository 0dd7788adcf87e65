"""Formulas in a lesson: arithmetic, names of the lesson's numbers, and functions of the theory library, and nothing else.

    eoq.economic_order_quantity(order_cost, 12 * demand, holding_cost)
    LeadTimeDemand(mean * lead_time, 0, 'poisson').quantile(service)

A formula is read as Python's own grammar and worked out node by node, so that a lesson of a stranger can name what is in
`chainsim.theory` and no more: no attribute that begins with an underscore, no function from elsewhere.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from chainsim.errors import UsageError

THEORY = "chainsim.theory"
PLAIN: dict[str, Callable[..., Any]] = {
    "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "ceil": math.ceil, "floor": math.floor,
    "min": min, "max": max, "round": round, "sum": sum,
}  # fmt: skip
SHORT = {"LeadTimeDemand": ("lead_time_demand", "LeadTimeDemand")}
"""Names of the theory library that are used so often that their module is left out."""
OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
LONGEST = 1000
LARGEST_POWER = 64.0


def worked_out(formula: str | float, names: Mapping[str, Any]) -> Any:
    """The value of a formula. Raises UsageError naming it and what is wrong.

    >>> round(worked_out("eoq.economic_order_quantity(8, 100 * demand, 0.225)", {"demand": 13}), 3)
    304.047
    >>> worked_out("LeadTimeDemand(6, 0, 'poisson').quantile(0.9)", {})
    9.0
    """
    if not isinstance(formula, str):
        return formula
    try:
        if len(formula) > LONGEST:
            raise ValueError(f"longer than {LONGEST} characters")
        return _value(ast.parse(formula.strip(), mode="eval").body, names)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, SyntaxError, TypeError, ValueError) as error:
        raise UsageError(f"the formula '{formula}' cannot be worked out: {error}") from error


def number(formula: str | float, names: Mapping[str, Any]) -> float:
    """The same where it must be a finite number."""
    found = worked_out(formula, names)
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise UsageError(f"the formula '{formula}' gives {found!r}, which is no finite number")
    return float(found)


def theory_in(formula: str | float) -> list[str]:
    """The functions of the theory library that a formula names, such as 'eoq.lot_cost'."""
    found = []
    for node in ast.walk(ast.parse(str(formula).strip(), mode="eval")):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and _is_module(node.value.id):
            found.append(f"{node.value.id}.{node.attr}")
        elif isinstance(node, ast.Name) and node.id in SHORT:
            found.append(".".join(SHORT[node.id]))
    return found


def _value(node: ast.AST, names: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float | str):
        return node.value
    if isinstance(node, ast.Name):
        return _named(node.id, names)
    if isinstance(node, ast.BinOp):
        return _combined(node, names)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, names)
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(_value(item, names) for item in node.elts)
    if isinstance(node, ast.Subscript):
        return _value(node.value, names)[_value(node.slice, names)]
    if isinstance(node, ast.Attribute):
        return _attribute(node, names)
    if isinstance(node, ast.Call):
        called = _value(node.func, names)
        if not callable(called):
            raise TypeError(f"{ast.unparse(node.func)} is no function")
        return called(
            *(_value(a, names) for a in node.args),
            **{str(k.arg): _value(k.value, names) for k in node.keywords if k.arg},
        )
    raise ValueError(f"'{ast.unparse(node)}' is neither arithmetic nor theory")


def _named(name: str, names: Mapping[str, Any]) -> Any:
    if name in names:
        return names[name]
    if name in PLAIN:
        return PLAIN[name]
    if name in SHORT:
        module, thing = SHORT[name]
        return getattr(import_module(f"{THEORY}.{module}"), thing)
    raise LookupError(f"nothing is called '{name}'; known: {', '.join(names)}")


def _combined(node: ast.BinOp, names: Mapping[str, Any]) -> Any:
    left, right = _value(node.left, names), _value(node.right, names)
    if isinstance(node.op, ast.Pow):
        if not abs(right) <= LARGEST_POWER:
            raise ValueError(f"a power above {LARGEST_POWER:g}")
        return float(left) ** right
    if type(node.op) not in OPERATORS:
        raise ValueError(f"'{ast.unparse(node)}' is not +, −, ×, ÷ or a power")
    if not all(isinstance(x, int | float) for x in (left, right)):
        return (
            tuple(left) * int(right)
            if isinstance(left, tuple) and isinstance(node.op, ast.Mult) and right <= 100
            else _no(node)
        )
    return OPERATORS[type(node.op)](left, right)


def _no(node: ast.AST) -> Any:
    raise TypeError(f"'{ast.unparse(node)}' is arithmetic with something that is no number")


def _attribute(node: ast.Attribute, names: Mapping[str, Any]) -> Any:
    if node.attr.startswith("_"):
        raise ValueError(f"'{node.attr}' is private")
    if isinstance(node.value, ast.Name) and node.value.id not in names and _is_module(node.value.id):
        found = getattr(import_module(f"{THEORY}.{node.value.id}"), node.attr)
        if not getattr(found, "__module__", "").startswith(THEORY):
            raise ValueError(f"{node.value.id}.{node.attr} is not of the theory library")
        return found
    held = _value(node.value, names)
    if not type(held).__module__.startswith(THEORY):
        raise ValueError(f"'{ast.unparse(node)}' is not of the theory library")
    return getattr(held, node.attr)


def _is_module(name: str) -> bool:
    return name.isidentifier() and not name.startswith("_") and find_spec(f"{THEORY}.{name}") is not None
