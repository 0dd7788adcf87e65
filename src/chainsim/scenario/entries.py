"""Rows of a table become entries of a section, as if they had been written there, each value with its cell.

The keys beside `file` hold for every row; a cell that is not blank wins over them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from chainsim.scenario import cells
from chainsim.scenario.columns import Column, Rows
from chainsim.scenario.demand_rows import with_demand
from chainsim.scenario.nodes import Node
from chainsim.scenario.render import escape
from chainsim.scenario.scalars import resolve
from chainsim.scenario.tables import Row, Table

MOST_ENTRIES = 100_000
OWN_KEYS = ("file", "ignore", "abc")
"""Keys beside `file` that are about the table and not about its rows."""
_NAMED = {"products": "product", "lanes": "products", "policies": "product", "stock": "product", "demand": "product"}


def nodes_of(rows: Rows) -> list[Node]:
    """An entry for each row of a list's table; notes in the table's findings what is wrong."""
    if not _sound(rows):
        return []
    if rows.section == "demand":
        return with_demand(rows, [_entry(rows, row) for row in rows.table.rows])
    made = [_entry(rows, row) for row in rows.table.rows]
    return _together(made) if rows.section == "lanes" else made


def _together(lanes: Sequence[Node]) -> list[Node]:
    """Lanes that differ in nothing but their product as one, which is much less to look through."""
    alike: dict[str, Node] = {}
    for lane in lanes:
        carried = lane.value.get("products")
        key = repr({name: held.plain() for name, held in lane.value.items() if name != "products"})
        first = alike.get(key)
        if carried is None or isinstance(carried.value, list):
            alike[f"{key} {lane.line}"] = lane
        elif first is None:
            alike[key] = lane
        else:
            before = first.value["products"]
            if not isinstance(before.value, list):
                before = first.value["products"] = replace(before, value=[before])
            before.value.append(carried)
    return list(alike.values())


def products_of(rows: Rows) -> Node:
    """The mapping of products; rows of one product at several sites must agree on what they say of it."""
    root = Node({}, 1, 1, file=rows.table.file)
    if not _sound(rows):
        return root
    several = rows.has("site")
    for row in rows.table.rows:
        node = _entry(rows, row)
        named = node.value.pop("product", None)
        node.value.pop("site", None)
        name = named.value if named else ""
        before = root.value.get(name)
        column = next(rows.table.header[c.index] for c in rows.columns if c.key == "product")
        if not name:
            rows.table.note(row.line, column, "the product has no name", "leave out rows of totals")
        elif before is not None and not several:
            message = f"the product '{escape(name[:60])}' is given twice, first in line {before.line}"
            rows.table.note(row.line, column, message, "a row for each product; or for each product and site")
        elif before is not None:
            _agree(rows, row, name, before, node)
        else:
            root.value[name] = node
            root.keys[name] = (row.line, named.column if named else 0)
    return root


def _agree(rows: Rows, row: Row, name: str, before: Node, now: Node) -> None:
    for key in before.value.keys() | now.value.keys():
        one, other = before.value.get(key), now.value.get(key)
        if (one and one.plain()) != (other and other.plain()):
            column = next((rows.table.header[c.index] for c in rows.columns if c.key == key), "")
            shown = [str(held.plain()) if held else "nothing" for held in (one, other)]
            message = f"'{escape(name[:60])}' has {shown[1]} here and {shown[0]} in line {before.line}"
            cure = "a product has one; give others by site in a table that only `stock` reads"
            rows.table.note(row.line, column, message, cure)


def _sound(rows: Rows) -> bool:
    """Notes what is missing or twice in the table as a whole."""
    table = rows.table
    if len(table.rows) > MOST_ENTRIES:
        table.note(0, "", f"{len(table.rows):,} rows; at most {MOST_ENTRIES:,} become entries", "split the table")
    seen: dict[str, str] = {}
    for column in rows.columns:
        name = table.header[column.index]
        if column.key in seen and column.key != "groups":
            message = f"'{escape(seen[column.key])}' and '{escape(name)}' both mean {column.key.replace('_', ' ')}"
            table.note(1, name, message, f"ignore: [{escape(name)}] beside `file` leaves one out")
        seen.setdefault(column.key, name)
    if {"cv", "sd"} <= seen.keys():
        message = f"'{escape(seen['cv'])}' and '{escape(seen['sd'])}' both say how demand varies"
        table.note(1, seen["sd"], message, f"ignore: [{escape(seen['sd'])}] beside `file` leaves one out")
    needed = {
        "products": ("product",),
        "demand": ("site", "product"),
        "lanes": ("from", "to", "lead_time"),
    }.get(rows.section, ())
    for key in needed:
        if not rows.given(key) and not (key == "to" and rows.has("site")):
            what = "" if key == "product" else f" for {rows.section}"
            cure = (
                "call the column `product`, `SKU` or `item`" if key == "product" else f"write `{key}: …` beside `file`"
            )
            table.note(1, "", f"no column '{key}'{what}; found columns {table.columns()}", cure)
    return not table.findings


def _entry(rows: Rows, row: Row) -> Node:
    """A mapping of a row's cells over the keys beside `file`; blank cells are left out."""
    table = rows.table
    node = Node({}, row.line, 0, file=table.file)
    for key, held in rows.template.items():
        node.value[key] = _own(held)
        node.keys[key] = (row.line, 0)
    ends = rows.section == "lanes" and not rows.given("to")
    for column in rows.columns:
        text = row.cells[column.index].strip()
        if not text:
            continue
        try:
            value = _value(rows, column, text)
        except cells.Unread as error:
            table.note(row.line, table.header[column.index], error.message, error.cure)
            continue
        key = column.key
        if key == "product":
            key = _NAMED[rows.section]
        elif key == "site" and rows.section == "lanes":
            if not ends:
                continue
            key = "to"
        put(node, key, _nodes(value, row.line, table.places[column.index], table.file))
    return node


def put(node: Node, key: str, value: Node) -> None:
    """Set a key, or one within (`initial.on_hand`); names of groups add up."""
    outer, _, inner = key.partition(".")
    if inner:
        held = node.value.get(outer)
        if held is None or not isinstance(held.value, dict):
            held = node.value[outer] = Node({}, node.line, value.column, file=node.file)
        held.value[inner] = value
        held.keys[inner] = (value.line, value.column)
    elif key == "groups" and key in node.value:
        held = node.value[key]
        before = held.value if isinstance(held.value, list) else [held]
        after = value.value if isinstance(value.value, list) else [value]
        node.value[key] = replace(held, value=[*before, *after])
    else:
        node.value[key] = value
    node.keys[outer] = (value.line, value.column)


def _own(node: Node) -> Node:
    """A node that a row may change without changing its neighbours."""
    if isinstance(node.value, dict):
        return replace(node, value={k: _own(v) for k, v in node.value.items()}, keys=dict(node.keys))
    return replace(node)


def _nodes(value: Any, line: int, column: int, file: str) -> Node:
    """A value as nodes, all in one cell."""
    if isinstance(value, dict):
        held = {key: _nodes(inner, line, column, file) for key, inner in value.items()}
        return Node(held, line, column, dict.fromkeys(held, (line, column)), file=file)
    if isinstance(value, list):
        return Node([_nodes(inner, line, column, file) for inner in value], line, column, file=file)
    return Node(value, line, column, file=file)


def _value(rows: Rows, column: Column, text: str) -> Any:
    """What a cell says, as YAML would give it. Raises cells.Unread."""
    table, kind = rows.table, column.about.kind
    if kind in ("names", "products", "sites"):
        parts = [part.strip() for part in text.split(";") if part.strip()]
        return parts if len(parts) > 1 else parts[0]
    if column.key == "mean" and rows.section == "demand":
        return cells.distribution(table, text, time=False)
    if kind in ("distribution", "duration_distribution"):
        return cells.distribution(table, text, time=kind == "duration_distribution", unit=column.unit)
    reader = _READERS.get(kind)
    return text if reader is None else reader(table, text, column.unit)


def _rate(table: Table, text: str, unit: str) -> Any:
    return table.plain(text) if " per " in text or text == "margin" else cells.amount(table, text)


_READERS: dict[str, Callable[[Table, str, str], Any]] = {
    **dict.fromkeys(("number", "units", "money", "count"), lambda table, text, unit: cells.amount(table, text)),
    **dict.fromkeys(("share", "fraction"), lambda table, text, unit: cells.share(table, text)),
    **dict.fromkeys(("duration", "shift", "offset"), cells.length),
    **dict.fromkeys(("rate", "money_rate", "carrying_rate", "money_or_margin", "capacity"), _rate),
    "flag": lambda table, text, unit: resolve(text.lower()),
}


def said_of(columns: Sequence[Column], table: Table) -> list[str]:
    """What the columns were taken for, where their names are not those of the keys."""
    told = []
    for column in columns:
        name = table.header[column.index]
        unit = f" in {column.unit}" if column.unit and column.about.kind.startswith("duration") else ""
        per = f" per {column.per.removeprefix('1 ')}" if column.per else ""
        if name != column.key or unit or per:
            where = f" ({column.section})" if column.section else ""
            told.append(f"{escape(name[:40])} is {column.key.replace('_', ' ')}{per}{unit}{where}")
    return told
