"""Tables named in the file become part of it, each cell with its place in the table.

`products: {file: …}`, and of `stock`, `demand` and `lanes` the section itself or items of its list, take the columns that
are theirs (`columns`); a policy's `file` gives a rule for each row, or to a `plan` its orders. A table is read once,
whoever names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chainsim.demand.base import DEMANDS
from chainsim.errors import BudgetError, Finding, ScenarioError
from chainsim.registry import did_you_mean
from chainsim.scenario.classes import with_classes
from chainsim.scenario.columns import Column, Rows, homes, keys_in, note_unread
from chainsim.scenario.entries import OWN_KEYS, nodes_of, products_of, said_of
from chainsim.scenario.files import Files, Refused
from chainsim.scenario.language import FILE
from chainsim.scenario.nodes import Node, Path, Source
from chainsim.scenario.planned_orders import HEAD, names_orders, with_orders
from chainsim.scenario.render import escape
from chainsim.scenario.schema import keys_of
from chainsim.scenario.tables import Table, read_table
from chainsim.scenario.units import Units, units_of

LISTS = ("stock", "demand", "lanes")


_TABLE = re.compile(r"\.(?:csv|txt|xls[xm])(?:!|$)", re.IGNORECASE)


@dataclass
class _Reader:
    """An entry that names a table: its section, where it is written, and what `type` it has."""

    section: str
    path: Path
    node: Node
    kind: str = ""
    made: Any = None
    """What it becomes: a node of products, or a list of entries."""

    @property
    def file(self) -> str:
        return str(self.node.value["file"].value)

    @property
    def ignored(self) -> list[str]:
        held = self.node.value.get("ignore")
        given = held.plain() if held is not None else []
        return [str(one) for one in (given if isinstance(given, list) else [given])]


@dataclass
class _Inlining:
    """The tables of a file while they are put in."""

    source: Source
    files: Files
    units: Units
    findings: list[Finding] = field(default_factory=list)
    tables: dict[str, Table | None] = field(default_factory=dict)

    def table(self, path: Path, file: str) -> Table | None:
        """A table by its name, read once; None after noting why it cannot be."""
        if file not in self.tables:
            self.tables[file] = None
            try:
                self.tables[file] = read_table(self.files, file)
            except Refused as refused:
                self.findings.append(self.source.finding(path, refused.message, refused.cure))
            except BudgetError as error:
                self.findings.append(self.source.finding(path, str(error), budget=True))
            except ScenarioError as error:
                self.findings.extend(error.findings)
        return self.tables[file]


def inline_tables(source: Source, files: Files) -> list[Finding]:
    """Replace what names a table by the table's rows. What is wrong comes back, all of it."""
    held = source.root.value
    if not isinstance(held, dict):
        return []
    work = _Inlining(source, files, units_of({"time": held["time"].plain()} if "time" in held else {}))
    work.findings.extend(_slips(source, held))
    readers = list(_readers(held))
    for file in dict.fromkeys(reader.file for reader in readers):
        _read(work, [reader for reader in readers if reader.file == file])
    _plans(work, held)
    _put(held, readers)
    return work.findings


def _readers(held: Mapping[str, Node]) -> Iterator[_Reader]:
    products = held.get("products")
    if products is not None and _names_table(products):
        yield _Reader("products", ("products",), products)
    for section in LISTS:
        node = held.get(section)
        if node is None:
            continue
        items = node.value if isinstance(node.value, list) else [node]
        for i, item in enumerate(items):
            path: Path = (section, i) if isinstance(node.value, list) else (section,)
            if _names_table(item) and (section != "demand" or not _replays(item)):
                yield _Reader(section, path, item, _type(item, "per_period") if section == "demand" else "")
    policies = held.get("policies")
    for name, policy in policies.value.items() if policies is not None and isinstance(policies.value, dict) else ():
        if _names_table(policy) and not names_orders(policy):
            yield _Reader("policies", ("policies", name), policy, _type(policy, ""))


def _slips(source: Source, held: Mapping[str, Node]) -> Iterator[Finding]:
    """Sections that name a table under a misspelt name, and keys that were meant to be `file`: where a table is all that a
    mapping could be, and where their value names one. Told first, since without them a table has columns that nobody reads."""
    for section, given in held.items():
        hint = did_you_mean(section, ["products", *LISTS]) if section not in FILE and _names_table(given) else ""
        if hint:
            yield source.finding((section,), f"unknown key '{escape(section[:40])}'{hint}", at_key=True)
    for section in ("products", *LISTS):
        node = held.get(section)
        if node is None:
            continue
        whole = isinstance(node.value, dict)
        entries: list[tuple[Path, Node]] = [((section,), node)] if whole else list(_mappings(section, node))
        for path, entry in entries:
            for key, inner in entry.value.items() if "file" not in entry.value else ():
                named = isinstance(inner.value, str) and (whole or _TABLE.search(inner.value))
                if named and did_you_mean(key, ["file"]):
                    message = f"unknown key '{escape(key[:40])}' (did you mean 'file'?)"
                    yield source.finding((*path, key), message, at_key=True)


def _mappings(section: str, node: Node) -> Iterator[tuple[Path, Node]]:
    """The mappings of a list, with their places."""
    for i, item in enumerate(node.value if isinstance(node.value, list) else ()):
        if isinstance(item.value, dict):
            yield (section, i), item


def _names_table(node: Node) -> bool:
    return isinstance(node.value, dict) and "file" in node.value and isinstance(node.value["file"].value, str)


def _type(node: Node, default: str) -> str:
    held = node.value.get("type")
    return str(held.value) if held is not None else default


def _replays(node: Node) -> bool:
    """Does the demand itself have a table, as a history has?"""
    kind = _type(node, "per_period")
    return kind in DEMANDS.names() and "file" in keys_of(DEMANDS.get(kind))


def _read(work: _Inlining, readers: list[_Reader]) -> None:
    """Make entries for all that read one table."""
    table = work.table((*readers[0].path, "file"), readers[0].file)
    if table is None:
        for reader in readers:
            reader.made = Node({}) if reader.section == "products" else []
        return
    reading: dict[str, dict[str, Any]] = {}
    for reader in readers:
        reading[reader.section] = {**reading.get(reader.section, {}), **keys_in(reader.section, reader.kind)}
    ignored = list(dict.fromkeys(name for reader in readers for name in reader.ignored))
    columns = homes(table, reading, ignored)
    said = [*table.understood, *said_of(columns, table)]
    used: list[Column] = list(columns)
    for reader in readers:
        known = keys_in(reader.section, reader.kind)
        mine = [column for column in columns if column.section in ("", reader.section) and column.key in known]
        rows = Rows(table, reader.section, mine, _template(reader), work.units)
        if reader.section == "products":
            root = products_of(rows)
            if "abc" in reader.node.value and not table.findings:
                shares = reader.node.value["abc"].plain()
                told, more = with_classes(table, root, shares, ignored, alone="demand" not in reading)
                said, used = said + told, used + more
            reader.made = root
        else:
            reader.made = nodes_of(rows)
        said += rows.said
    said += note_unread(table, used, ignored, reading)
    work.files.understood(table.file, said)
    work.findings.extend(table.findings)


def _template(reader: _Reader) -> dict[str, Node]:
    """The keys beside `file` that hold for every row."""
    left_out = (*OWN_KEYS, *(HEAD if reader.section == "policies" else ()))
    return {key: node for key, node in reader.node.value.items() if key not in left_out}


def _plans(work: _Inlining, held: dict[str, Node]) -> None:
    """Plans whose orders stand in a table."""
    policies = held.get("policies")
    if policies is None or not isinstance(policies.value, dict):
        return
    planned = {name: policy for name, policy in policies.value.items() if names_orders(policy)}
    for name, policy in planned.items():
        table = work.table(("policies", name, "file"), policy.value["file"].value)
        if table is not None:
            work.files.understood(table.file, table.understood)
            planned[name] = with_orders(policy, table)
            work.findings.extend(table.findings)
    held["policies"] = replace(policies, value={**policies.value, **planned})


def _put(held: dict[str, Node], readers: list[_Reader]) -> None:
    """Put what was made in place of what named the tables."""
    for reader in readers:
        if reader.section == "products":
            held["products"] = replace(reader.made, line=reader.node.line, column=reader.node.column, file="")
    made = {reader.path: reader.made for reader in readers}
    for section in LISTS:
        node = held.get(section)
        if node is None or not any(path[0] == section for path in made):
            continue
        items = node.value if isinstance(node.value, list) else None
        if items is None:
            held[section] = Node(made[(section,)], node.line, node.column)
        else:
            several = [made.get((section, i), [item]) for i, item in enumerate(items)]
            held[section] = Node([one for some in several for one in some], node.line, node.column)
    policies = held.get("policies")
    if policies is not None and isinstance(policies.value, dict):
        told = {name: _with_rules(policies.value[name], rules) for (_, name), rules in
                ((path, made[path]) for path in made if path[0] == "policies")}  # fmt: skip
        held["policies"] = replace(policies, value={**policies.value, **told})


def _with_rules(policy: Node, rules: list[Node]) -> Node:
    """A policy with a rule for each row of its table that says something of it."""
    kept = {key: node for key, node in policy.value.items() if key not in ("file", "ignore")}
    shared = {key for key in kept if key not in HEAD}
    own = [rule for rule in rules if rule.value.keys() - shared - {"site", "product"}]
    given = kept.get("rules")
    if given is not None and not isinstance(given.value, list):
        return policy
    before = given.value if given is not None else []
    kept["rules"] = Node([*before, *own], policy.value["file"].line, 0)
    return Node(kept, policy.line, policy.column, dict(policy.keys))
