"""One cell of a table of entries: an amount, a length of time, a share, a distribution such as `gamma(mean 37, cv 0.4)`.

What comes out is what YAML would have given, to be read further like everything else that is written.
"""

from __future__ import annotations

import re
from typing import Any

from chainsim.chance.base import DISTRIBUTIONS
from chainsim.registry import did_you_mean
from chainsim.scenario.dialect import without_currency
from chainsim.scenario.keys import Key
from chainsim.scenario.render import escape
from chainsim.scenario.scalars import share_in
from chainsim.scenario.schema import keys_of
from chainsim.scenario.tables import NUMBER, Table
from chainsim.scenario.units import UNIT_WORDS

_CALL = re.compile(r"([A-Za-z_]+) *\((.*)\)", re.DOTALL)
_NAMED = re.compile(r"([A-Za-z_]+) *[ =:] *(.+)", re.DOTALL)
_LENGTH = re.compile(rf"([0-9][0-9.,eE+-]*) *({UNIT_WORDS})")
_OTHER_UNIT = re.compile(r"[0-9]+(?:\.[0-9]+)? +[a-z]+")
_CLOCK = re.compile(r"([0-9]{1,6}):([0-5][0-9]):([0-5][0-9])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: .*)?")
_MONTH = 365 / 12


class Unread(ValueError):
    """A cell that cannot be read: what was expected and found, and what to do."""

    def __init__(self, message: str, cure: str = "") -> None:
        self.message, self.cure = message, cure
        super().__init__(message)


def amount(table: Table, text: str) -> float | int:
    """A number, of money too, written as the numbers of its table are. Raises Unread.

    >>> amount(Table("t", ("a",), []), "$12.50")
    12.5
    """
    bare = table.plain(without_currency(text))
    if NUMBER.fullmatch(bare) and len(bare) < 40:
        value = float(bare)
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    raise Unread(f"expected a number such as 12 or 3.5, got '{escape(text[:40])}'", _advice(text))


def _advice(text: str) -> str:
    if _DATE.fullmatch(text):
        return "a spreadsheet took it for a date: format the cell as a number, and type it again"
    if text.casefold() in ("-", "n/a", "na", "nan", "none", "null", "tbd", "?", "x"):
        return "leave the cell blank, and what the scenario says otherwise applies"
    if re.fullmatch(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+", text):
        return f"write {text.replace(',', '')}, or {text.replace(',', '.', 1)} if that was meant"
    if re.fullmatch(r"[0-9.,]+ *[A-Za-z]+", text):
        return "write the number alone; a unit goes into the column's name"
    return ""


def share(table: Table, text: str) -> float:
    """A share, or a percentage. Raises Unread."""
    told = share_in(table.plain(text))
    return amount(table, text) if told is None else told


def length(table: Table, text: str, unit: str) -> Any:
    """A length of time; a bare number is in `unit` ('': the scenario's). Raises Unread."""
    clock = _CLOCK.fullmatch(text)
    if clock:
        hours = int(clock[1]) + int(clock[2]) / 60 + int(clock[3]) / 3600
        return f"{hours:.12g} hours"
    told = _LENGTH.fullmatch(text)
    if told:
        return f"{amount(table, told[1])} {told[2]}"
    if _OTHER_UNIT.fullmatch(text):
        return text  # to be told like one in the scenario: a slip of a unit with the right one
    return in_unit(amount(table, text), unit)


def in_unit(value: float | int, unit: str) -> Any:
    """A length of time as the language writes it; a month is 1/12 year of 365 days."""
    if not unit:
        return value
    return f"{value * _MONTH:.12g} days" if unit == "months" else f"{value:.15g} {unit}"


def distribution(table: Table, text: str, *, time: bool, unit: str = "") -> Any:
    """A number (or length of time), or a distribution called by its name. Raises Unread.

    >>> distribution(Table("t", ("a",), []), "gamma(mean 37, cv 0.4)", time=True, unit="days")
    {'dist': 'gamma', 'mean': '37 days', 'cv': 0.4}
    """
    called = _CALL.fullmatch(text)
    if called is None:
        return length(table, text, unit) if time else amount(table, text)
    name = called[1].lower()
    if name not in DISTRIBUTIONS.names():
        hint = did_you_mean(name, DISTRIBUTIONS.names())
        raise Unread(
            f"unknown distribution '{escape(called[1][:40])}'{hint}", "`chainsim list distributions` names them"
        )
    keys = keys_of(DISTRIBUTIONS.get(name), time=time)
    given: dict[str, Any] = {"dist": name}
    for part in _parts(called[2], ";" if ";" in called[2] else ","):
        named = _NAMED.fullmatch(part)
        example = ", ".join(f"{key} …" for key in keys)
        if named is None:
            raise Unread(f"'{escape(part[:40])}' does not say what it is", f"name each number: {name}({example})")
        key = named[1].lower()
        if key not in keys:
            hint = did_you_mean(key, list(keys))
            raise Unread(f"{name} has no '{escape(key[:40])}'{hint}", f"it has: {', '.join(keys)}")
        given[key] = _parameter(table, named[2].strip(), keys[key], unit)
    return given


def _parts(inner: str, separator: str) -> list[str]:
    return [part.strip() for part in inner.split(separator) if part.strip()]


def _parameter(table: Table, text: str, key: Key, unit: str) -> Any:
    if key.kind == "duration":
        return length(table, text, unit)
    if key.kind in ("number", "units", "count", "fraction", "probability", "share"):
        return share(table, text)
    if key.kind == "rate":
        return text if " per " in text else amount(table, text)
    raise Unread("lists and distributions within do not go into a cell", "write this one into the scenario")
