"""Item masters, lanes and planned orders kept in CSV tables become part of the file, each cell with its place in the table."""

from __future__ import annotations

from dataclasses import replace

from chainsim.errors import Finding, ScenarioError
from chainsim.scenario.files import Files, Refused
from chainsim.scenario.language import PRODUCT
from chainsim.scenario.language_supply import LANE
from chainsim.scenario.nodes import Node, Path, Source
from chainsim.scenario.planned_orders import names_orders, with_orders
from chainsim.scenario.scalars import resolve
from chainsim.scenario.tables import NUMBER, Row, Table, read_table

_PRODUCT_COLUMNS = ("product", *PRODUCT)
_LANE_COLUMNS = tuple("product" if key == "products" else key for key in LANE if key != "departures")


def inline_tables(source: Source, files: Files) -> list[Finding]:
    """Replace `products: {file: …}`, `lanes: {file: …}`, list items `{file: …}` of lanes and `file` of a policy `plan` by the
    tables' rows."""
    findings: list[Finding] = []
    held = source.root.value
    if not isinstance(held, dict):
        return findings
    products = held.get("products")
    if products is not None and _names_file(products):
        table = _table(source, files, ("products", "file"), products, findings)
        held["products"] = _products(table, findings) if table else Node({}, products.line, products.column)
    lanes = held.get("lanes")
    if lanes is not None and _names_file(lanes):
        table = _table(source, files, ("lanes", "file"), lanes, findings)
        held["lanes"] = Node(_lanes(table, findings) if table else [], lanes.line, lanes.column)
    elif lanes is not None and isinstance(lanes.value, list):
        items: list[Node] = []
        for i, item in enumerate(lanes.value):
            table = _table(source, files, ("lanes", i, "file"), item, findings) if _names_file(item) else None
            items.extend(_lanes(table, findings) if table else [] if _names_file(item) else [item])
        held["lanes"] = Node(items, lanes.line, lanes.column)
    policies = held.get("policies")
    if policies is not None and isinstance(policies.value, dict):
        planned = {name: policy for name, policy in policies.value.items() if names_orders(policy)}
        for name, policy in planned.items():
            table = _table(source, files, ("policies", name, "file"), policy, findings)
            if table is not None:
                planned[name] = with_orders(policy, table)
                findings.extend(table.findings)
        held["policies"] = replace(policies, value={**policies.value, **planned})
    return findings


def _names_file(node: Node) -> bool:
    return isinstance(node.value, dict) and list(node.value) == ["file"] and isinstance(node.value["file"].value, str)


def _table(source: Source, files: Files, path: Path, node: Node, findings: list[Finding]) -> Table | None:
    try:
        table = read_table(files, node.value["file"].value)
        files.understood(table.file, table.understood)
        return table
    except Refused as refused:
        findings.append(source.finding(path, refused.message, refused.cure))
    except ScenarioError as error:
        findings.extend(error.findings)
    return None


def _products(table: Table, findings: list[Finding]) -> Node:
    root = Node({}, 1, 1, file=table.file)
    if table.require(_PRODUCT_COLUMNS, ("product",)):
        at = table.header.index("product")
        for row in table.rows:
            name = row.cells[at].strip()
            if name in root.value or not name:
                what = f"the product '{name}' is given twice" if name else "the product has no name"
                table.note(row.line, "product", what)
                continue
            root.value[name] = _row(table, row, skip="product")
            root.keys[name] = (row.line, 0)
    findings.extend(table.findings)
    return root


def _lanes(table: Table, findings: list[Finding]) -> list[Node]:
    if not table.require(_LANE_COLUMNS, ("from", "to", "lead_time")):
        findings.extend(table.findings)
        return []
    return [_row(table, row) for row in table.rows]


def _row(table: Table, row: Row, skip: str = "") -> Node:
    """A mapping of a row's cells; blank cells are left out, so that defaults apply."""
    node = Node({}, row.line, 0, file=table.file)
    for column, cell in zip(table.header, row.cells, strict=True):
        text = cell.strip()
        if column == skip or not text:
            continue
        key = "products" if column == "product" else column
        node.value[key] = _cell(key, text if key in _TEXTS else table.plain(text), row.line, table.file)
        node.keys[key] = (row.line, 0)
    return node


def _cell(key: str, text: str, line: int, file: str) -> Node:
    if key in ("groups", "products") and ";" in text:
        return Node([Node(part.strip(), line, 0, file=file) for part in text.split(";")], line, 0, file=file)
    if key in _TEXTS:
        return Node(text, line, 0, file=file)
    value = float(text) if NUMBER.fullmatch(text) and len(text) < 40 else resolve(text) if text in _FLAGS else text
    return Node(int(value) if isinstance(value, float) and value.is_integer() else value, line, 0, file=file)


_FLAGS = ("true", "false")
_TEXTS = ("from", "to", "groups", "products", "name")
