"""A table of orders becomes part of the file: `file` of a policy `plan` turns into one rule for each stock point."""

from __future__ import annotations

import re
from typing import Any

from chainsim.scenario.nodes import Node
from chainsim.scenario.render import escape
from chainsim.scenario.tables import Row, Table

_COLUMNS = ("period", "site", "product", "quantity")
HEAD = ("label", "rules", "file", "orders", "adjust")
"""Keys of a policy that its rules do not take over."""


def names_orders(policy: Node) -> bool:
    """Is this entry of `policies` a plan whose orders stand in a table?"""
    held = policy.value
    return isinstance(held, dict) and all(
        isinstance(node := held.get(key), Node) and isinstance(node.value, str) and wanted in ("", node.value)
        for key, wanted in (("type", "plan"), ("file", ""))
    )


def with_orders(policy: Node, table: Table) -> Node:
    """The policy with a rule for each stock point of its table, as if they had been written; notes in `table.findings` what is
    wrong with it. A stock point that is not in the table has no orders."""
    orders = _orders(table)
    held = {key: node for key, node in policy.value.items() if key != "file"}
    line = policy.value["file"].line
    held.setdefault("orders", Node([], line, 0))
    shared = {key: node for key, node in held.items() if key not in HEAD}
    given = held.get("rules", Node([], line, 0))
    if not isinstance(given.value, list):
        return policy
    held["rules"] = Node(
        [*given.value, *(_rule(table, place, rows, shared) for place, rows in orders.items())], line, 0
    )
    return Node(held, policy.line, policy.column, dict(policy.keys))


def _orders(table: Table) -> dict[tuple[str, ...], dict[int, tuple[float, int]]]:
    """Site (and product) → period → quantity and line; findings where a row or a period is missing."""
    found: dict[tuple[str, ...], dict[int, tuple[float, int]]] = {}
    table.header = tuple(name.lower() for name in table.header)
    if not table.require(_COLUMNS, ("period", "site", "quantity")):
        return found
    at = {name: i for i, name in enumerate(table.header)}
    for row in table.rows:
        place = tuple(row.cells[at[key]].strip() for key in ("site", "product") if key in at)
        period, quantity = _period(table, row, at["period"]), table.number(row, at["quantity"])
        if not all(place):
            table.note(row.line, "site" if not place[0] else "product", "expected a name, got nothing")
        elif quantity is not None and quantity < 0:
            table.note(row.line, "quantity", f"is {quantity:g} but must be at least 0")
        elif period is not None and quantity is not None:
            rows = found.setdefault(place, {})
            if period in rows:
                said = f"period {period} of {_said(place)} is given twice, first in line {rows[period][1]}"
                table.note(row.line, "period", said)
            rows.setdefault(period, (quantity, row.line))
    for place, rows in found.items():
        missing = next((k for k in range(1, max(rows) + 1) if k not in rows), None)
        if missing is not None and not table.findings:
            line = min(line for k, (_, line) in rows.items() if k > missing)
            table.note(line, "period", f"period {missing} of {_said(place)} is missing", "add it, with 0 for no order")
    return found


def _period(table: Table, row: Row, i: int) -> int | None:
    cell = row.cells[i].strip()
    if re.fullmatch(r"[1-9][0-9]{0,6}", cell, re.ASCII):
        return int(cell)
    got = f"'{escape(cell[:40])}'" if cell else "nothing"
    table.note(row.line, "period", f"expected the number of a review, from 1, got {got}")
    return None


def _rule(table: Table, place: tuple[str, ...], rows: dict[int, tuple[float, int]], shared: dict[str, Node]) -> Node:
    line = min(line for _, line in rows.values())

    def node(value: Any) -> Node:
        return Node(value, line, 0, file=table.file)

    quantities = [Node(rows[k][0], rows[k][1], 0, file=table.file) for k in sorted(rows)]
    named = {key: node(name) for key, name in zip(("site", "product"), place, strict=False)}
    held = {**named, **shared, "orders": node(quantities)}
    return Node(held, line, 0, dict.fromkeys(held, (line, 0)), file=table.file)


def _said(place: tuple[str, ...]) -> str:
    return " / ".join(escape(name) for name in place)
