"""Which column of a table means what, to whom of those that read the table.

A column belongs to one section: to the first of products, stock, demand, lanes and policies that reads the table and
knows the column, by the name of a key or by a word of the trade (`trade`). `product` and `site` belong to all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chainsim.demand.base import DEMANDS
from chainsim.policies.base import POLICIES
from chainsim.registry import did_you_mean
from chainsim.scenario import language, trade
from chainsim.scenario.elsewhere import said_of_key
from chainsim.scenario.keys import Key, Keys
from chainsim.scenario.language_supply import LANE
from chainsim.scenario.nodes import Node
from chainsim.scenario.render import escape
from chainsim.scenario.schema import keys_of, policy_keys
from chainsim.scenario.tables import Table
from chainsim.scenario.units import Units

_GENERIC = {"name", "priority", "fill", "share", "kind", "group", "type", "offset", "label", "quantity"}
"""Keys that mean something else in an item master; taken where one section alone reads the table."""
_MEANS: Keys = {
    "mean": Key("number", "Mean of demand.", 20),
    "cv": Key("number", "Standard deviation of demand as a share of the mean.", 0.4),
    "sd": Key("number", "Standard deviation of demand.", 8),
}
_NAMES: Keys = {"product": Key("name", "The product.", "soup"), "site": Key("name", "The site.", "store")}


@dataclass(frozen=True)
class Column:
    """A column of a table: its place in a row, the section and key it is for, and the key as the language describes it.

    unit: of time, from its name ('' the scenario's). per: of a mean of demand, the length of time ('' the entry's own).
    """

    index: int
    section: str
    key: str
    about: Key
    unit: str = ""
    per: str = ""


@dataclass
class Rows:
    """What is read of a table by one entry: the table, its columns for this section, the keys beside `file`, the units."""

    table: Table
    section: str
    columns: Sequence[Column]
    template: Mapping[str, Node]
    units: Units
    said: list[str] = field(default_factory=list)

    def has(self, key: str) -> bool:
        return any(column.key == key for column in self.columns)

    def given(self, key: str) -> bool:
        """Does a column or a key beside `file` say this?"""
        return self.has(key) or key in self.template


def keys_in(section: str, kind: str = "") -> Keys:
    """The keys that columns may give an entry of a section; kind: the `type` of a demand or a policy."""
    if section == "products":
        found = dict(language.PRODUCT)
    elif section == "stock":
        found = {**language.STOCK, "initial.on_hand": language.INITIAL["on_hand"]}
    elif section == "lanes":
        found = dict(LANE)
    elif section == "demand":
        process = keys_of(DEMANDS.get(kind)) if kind in DEMANDS.names() else {}
        found = {**language.SERVING, **process, **{k: v for k, v in _MEANS.items() if k not in process}}
    else:
        found = dict(policy_keys(POLICIES.get(kind), rule=True)) if kind in POLICIES.names() else {}
    return {key: about for key, about in found.items() if not _is_section(about)} | _NAMES


def _is_section(about: Key) -> bool:
    return bool(about.of) or about.kind in ("numbers", "durations", "mapping", "file")


def homes(table: Table, reading: Mapping[str, Keys], ignored: Iterable[str]) -> list[Column]:
    """Every column that some section of those reading the table takes, in the order of the table."""
    left_out = set(ignored)
    found = (_home(name, i, reading) for i, name in enumerate(table.header) if name not in left_out)
    return [column for column in found if column is not None]


def _home(name: str, index: int, reading: Mapping[str, Keys]) -> Column | None:
    own = trade.plain(name).replace(" ", "_")
    several = len(reading) > 1
    for section in (s for s in trade.SECTIONS if s in reading):
        keys = reading[section]
        if own in keys and own not in _NAMES and not (several and own in _GENERIC) and own not in ("from", "to"):
            return Column(index, section, own, keys[own])
    for word, unit in trade.readings(name):
        known = trade.BY_WORD.get(word)
        if known is None:
            continue
        if not known.section:
            return Column(index, "", known.key, _NAMES[known.key])
        if known.section in reading and known.key in reading[known.section]:
            about = reading[known.section][known.key]
            per = known.per or ("" if known.key != "mean" else trade_period(unit))
            return Column(index, known.section, known.key, about, unit, per)
        if known.section in reading:
            return None
    return None


def trade_period(unit: str) -> str:
    """What a mean of demand is per when its column ends in a unit of time: 'Demand (per week)' is per week."""
    return "" if not unit else "month" if unit == "months" else f"1 {unit.rstrip('s')}"


def note_unread(table: Table, taken: Iterable[Column], ignored: Sequence[str], reading: Iterable[str]) -> list[str]:
    """Notes an error for each column that nobody takes, but for those that only describe, which are left out and said."""
    read = {column.index for column in taken}
    rest = [name for i, name in enumerate(table.header) if i not in read and name not in ignored]
    described = [name for name in rest if _describes(name)]
    wrong = [name for name in rest if name not in described]
    for name in (name for name in ignored if name not in table.header):
        table.note(1, "", f"no column '{escape(name[:40])}' to ignore{did_you_mean(name, list(table.header))}")
    everything = ", ".join([*ignored, *wrong])
    for name in wrong:
        message, cure = _said(name, set(reading), table.file)
        either = f"ignore: [{escape(everything[:300])}] beside `file` leaves it out"
        table.note(1, name, message, f"{cure}; or {either}" if cure else either)
    out = [*ignored, *described]
    return [f"left out: {', '.join(escape(name[:40]) for name in out)}"] if out else []


def _describes(name: str) -> bool:
    return any(word in trade.DESCRIBING for word, _ in trade.readings(name))


_SHOWN = {
    "products": "products: {{file: {file}}}",
    "stock": "stock: {{file: {file}}}",
    "demand": "demand: {{file: {file}, site: …}}",
    "lanes": "lanes: {{file: {file}, from: …, to: …}}",
    "policies": "policies: {{as_today: {{type: s_Q, file: {file}}}}}",
}


def _said(name: str, reading: set[str], file: str) -> tuple[str, str]:
    """What to say about a column nobody takes: (message, cure)."""
    shown = escape(name[:60])
    for word, _ in trade.readings(name):
        if word in trade.WITHOUT:
            return f"nobody reads the column '{shown}'", trade.WITHOUT[word]
        known = trade.BY_WORD.get(word)
        if known is not None and known.section not in reading:
            example = _SHOWN[known.section].format(file=escape(file))
            message = f"'{shown}' is for {known.section}, and {' and '.join(sorted(reading))} alone read this table"
            return message, f"add `{example}`"
        if known is not None:
            return f"'{shown}' means {known.key.replace('_', ' ')}, which nothing here takes", ""
    elsewhere = said_of_key(trade.plain(name).replace(" ", "_"), ())
    if elsewhere is not None:
        return f"'{shown}': {elsewhere[0].partition(': ')[2] or elsewhere[0]}", elsewhere[1]
    own = sorted({key for section in reading for key in keys_in(section)})
    words = sorted({*trade.BY_WORD, *trade.DESCRIBING})
    hint = did_you_mean(name, own) or did_you_mean(trade.plain(name), words)
    return f"unknown column '{shown}'{hint}", ""
