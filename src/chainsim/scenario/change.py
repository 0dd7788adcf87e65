"""Changing a scenario by the paths that messages name: `policies.s_Q.fill_rate`, `lanes[0].lead_time.cv`.

A step leads into a mapping by its key or into a list by its place, from 0. In place of a number an item may be told by what
stands in it: `lanes[plant->dc]` is every lane from plant to dc, `demand[store]`, `stock[store,soup]` and `disruptions[outage]`
every item about them, `[*]` every item of a list or a mapping. A key with dots goes in brackets: `sites[st.john].kind`. What
is changed is what is written, before anything is derived from it: levels follow.

A value such as `*1.2` is a factor of what is written (`scenario.factor`): `lanes[*].lead_time=*1.5`, `demand[*]=*1.2`. Where a
path leads to several places, it changes those that say something, and there must be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chainsim.errors import Finding, Place, ScenarioError
from chainsim.registry import did_you_mean
from chainsim.scenario import language
from chainsim.scenario.factor import CannotScale, factor_in, louder, scaled
from chainsim.scenario.nodes import Node, Source, written
from chainsim.scenario.plain import node_of
from chainsim.scenario.read import read_yaml
from chainsim.scenario.render import escape
from chainsim.scenario.units import Units, units_of

_STEP = re.compile(r"\[([^\[\]]+)\]|(?:^|\.)([^.\[\]]+)")
_NAMED = {name for name, key in language.FILE.items() if key.kind in ("mapping", "policies")}
"""Sections whose keys are names: one that is not there yet can only be added whole."""
MOST_KNOWN = 12
"""So many names are told of those there are."""
EXAMPLE = "policies.s_Q.fill_rate or lanes[0].lead_time"


def changed(document: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario's document (what YAML would give) with some values replaced by others, path by path, in their order.

    A key that is not there is added. Raises ScenarioError that names every path that leads nowhere.

    >>> changed({"policies": {"s_Q": {"type": "s_Q"}}}, {"policies.s_Q.fill_rate": 0.99, "seed": 2})
    {'policies': {'s_Q': {'type': 's_Q', 'fill_rate': 0.99}}, 'seed': 2}
    >>> changed({"lanes": [{"lead_time": "2 days"}, {"lead_time": 4}]}, {"lanes[*].lead_time": "*1.5"})
    {'lanes': [{'lead_time': '3 days'}, {'lead_time': 6}]}
    """
    source, _ = change(Source("scenario", [], node_of(document, "scenario")), changes)
    plain: dict[str, Any] = source.root.plain()
    return plain


def change(source: Source, changes: Mapping[str, Any]) -> tuple[Source, dict[str, Any]]:
    """The same of a scenario's tree, which is left as it is; and the changes as plain data."""
    root, plain = source.root, {}
    findings: list[Finding] = []
    for path, value in changes.items():
        try:
            node = node_of(value, source.file, steps_of(path))
            factor = factor_in(node.value)
            put: _Change = _Value(node) if factor is None else _Multiple(factor, units_of(_clock(root)))
            root = _put(root, steps_of(path), (), put)
            plain[path] = node.plain()
        except _Astray as lost:
            findings.append(Finding("error", Place(source.file), escape(str(path)), lost.message, lost.cure))
        except ScenarioError as refused:
            findings += refused.findings
    if findings:
        raise ScenarioError(findings)
    return replace(source, root=root), plain


def values_at(source: Source, path: str) -> list[Any]:
    """What is written where a path leads, as plain data; nothing where it leads nowhere.

    >>> values_at(read_yaml("lanes: [{lead_time: 2}, {lead_time: 3}]", "a"), "lanes[*].lead_time")
    [2, 3]
    """
    look = _Look()
    try:
        _put(source.root, steps_of(path), (), look)
    except _Astray:
        return []
    return [node.plain() for node in look.found]


def edits_of(source: Source, changes: Mapping[str, Any]) -> list[tuple[list[str | int], Any]]:
    """What changes make other than it is written: where, as steps, and the new value. Raises ScenarioError.

    >>> edits_of(read_yaml("lanes: [{to: a, lead_time: 2}, {to: b}]", "a"), {"lanes[*].lead_time": "*2"})
    [(['lanes', 0, 'lead_time'], 4)]
    """
    changed, _ = change(source, changes)
    return list(_differences(source.root.plain(), changed.root.plain(), []))


def _differences(before: Any, after: Any, at: list[str | int]) -> Iterator[tuple[list[str | int], Any]]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in after.items():
            if key not in before:
                yield [*at, key], value
            else:
                yield from _differences(before[key], value, [*at, key])
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for i, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _differences(one, other, [*at, i])
    elif before != after:
        yield at, after


def value_of(text: str, where: str) -> Any:
    """What a text means as a value to be put somewhere: a factor, else as YAML has it. Raises ScenarioError.

    >>> value_of("*1.2", "--set"), value_of("[1, 2]", "--set")
    ('*1.2', [1, 2])
    """
    return text.strip() if factor_in(text) is not None else read_yaml(text, where).root.plain()


def steps_of(path: str) -> tuple[str, ...]:
    """The steps of a path as people write it.

    >>> steps_of("lanes[plant->dc].lead_time.cv")
    ('lanes', 'plant->dc', 'lead_time', 'cv')
    """
    if not isinstance(path, str):
        raise _Astray(f"a path is a text such as {EXAMPLE}")
    found, at = [], 0
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None:
            break
        found.append(step[1] or step[2])
        at = step.end()
    if not found or at < len(path) or path.startswith("."):
        raise _Astray(f"this is no path; expected one such as {EXAMPLE}", "put a name with dots into brackets")
    return tuple(found)


class _Astray(ValueError):
    """A path that leads nowhere: why, and what to do."""

    def __init__(self, message: str, cure: str = "") -> None:
        self.message, self.cure = message, cure
        super().__init__(message)


class _Nothing(_Astray):
    """A path to where nothing is written, and something must be."""


class _Change:
    """What comes in the place of what is written."""

    adds = True
    """Whether it may come where nothing is written."""

    def of(self, node: Node, done: tuple[str | int, ...]) -> Node:
        raise NotImplementedError


@dataclass(frozen=True)
class _Value(_Change):
    """A value, whatever was there."""

    node: Node

    def of(self, node: Node, done: tuple[str | int, ...]) -> Node:
        return self.node


@dataclass(frozen=True)
class _Multiple(_Change):
    """A multiple of what is there."""

    factor: float
    units: Units
    adds = False

    def of(self, node: Node, done: tuple[str | int, ...]) -> Node:
        if len(done) == 2 and done[0] == "demand" and isinstance(node.value, dict):
            return louder(node, self.factor)
        try:
            return scaled(node, self.factor, written(done), self.units)
        except CannotScale as error:
            raise _Astray(error.message, error.cure) from None


@dataclass(frozen=True)
class _Look(_Change):
    """No change: what is there is noted."""

    found: list[Node] = field(default_factory=list)
    adds = False

    def of(self, node: Node, done: tuple[str | int, ...]) -> Node:
        self.found.append(node)
        return node


def _clock(root: Node) -> dict[str, Any]:
    """What a document says of its unit of time."""
    time = root.step("time")
    return {} if time is None else {"time": time.plain()}


def _put(node: Node, steps: tuple[str, ...], done: tuple[str | int, ...], value: _Change) -> Node:
    """The node with a change made where the steps lead. Nodes on the way are made anew, all others are shared."""
    if not steps:
        return value.of(node, done)
    step, rest = steps[0], steps[1:]
    if isinstance(node.value, list):
        items = list(node.value)
        places: list[Any] = list(_places(items, step, done))
        for place, item in _each(node, places, rest, done, value):
            items[place] = item
        return replace(node, value=items)
    if step == "*" and isinstance(node.value, dict) and node.value:
        return replace(node, value={**node.value, **dict(_each(node, list(node.value), rest, done, value))})
    if node.value is not None and not isinstance(node.value, dict):
        what = f"'{written(done)}' is {_short(node.value)}, and has no '{escape(step)}'"
        raise _Astray(what, f"give '{written(done)}' whole, as a mapping")
    held: dict[str, Node] = node.value or {}
    if step not in held:
        _may_be_added(held, step, rest, done, value)
        if not value.adds:
            what = f"nothing is written at '{written((*done, step))}', so there is no multiple of it"
            raise _Nothing(what, _known(held) or "give it a value first")
    inner = _put(held.get(step, Node({})), rest, (*done, step), value)
    # the place of a key that leads to something new would show a line that does not say it
    keys = {key: place for key, place in node.keys.items() if rest or key != step}
    return replace(node, value={**held, step: inner}, keys=keys)


def _each(
    node: Node, places: list[Any], rest: tuple[str, ...], done: tuple[str | int, ...], value: _Change
) -> list[tuple[Any, Node]]:
    """The items at these places, changed. Of several, those that say nothing there are left as they are, where something
    must be said."""
    found, missed = [], None
    for place in places:
        try:
            found.append((place, _put(node.value[place], rest, (*done, place), value)))
        except _Nothing as error:
            missed = missed or error
    if missed is not None and not found:
        raise missed
    return found


def _may_be_added(
    held: Mapping[str, Any], step: str, rest: tuple[str, ...], done: tuple[Any, ...], value: _Change
) -> None:
    """Raises _Astray where a key that is not there cannot be meant to be new. Of keys of the language, the reader of
    scenarios says more when it meets them."""
    whole = isinstance(value, _Value) and isinstance(value.node.value, dict)
    if len(done) == 1 and done[0] in _NAMED and (rest or not whole):
        what = f"nothing is called '{escape(step)}' in '{done[0]}'{did_you_mean(step, list(held))}"
        raise _Astray(what, "; ".join(filter(None, (_known(held), "a new one is given whole, as a mapping"))))
    if not done and step not in language.FILE:
        raise _Astray(f"unknown key '{escape(step)}'{did_you_mean(step, list(language.FILE))}", _known(language.FILE))
    if rest and (rest[0].isdecimal() or rest[0] == "*" or "->" in rest[0]):
        raise _Astray(f"there is no list '{written((*done, step))}' to change", "give it whole")


def _places(items: list[Node], step: str, done: tuple[Any, ...]) -> list[int]:
    """The items of a list that a step means."""
    if step == "*" and items:
        return list(range(len(items)))
    if step.isdecimal() and int(step) < len(items):
        return [int(step)]
    told = [_tellings(item) for item in items]
    wanted = re.sub(r" *(->|,) *", r"\1", step)
    found = [place for place, names in enumerate(told) if wanted in names]
    if found:
        return found
    known = list(dict.fromkeys(name for names in told for name in names))
    last = f"a number from 0 to {len(items) - 1}" if items else "it is empty"
    raise _Astray(
        f"'{written(done)}' has no item '{escape(step)}'{did_you_mean(wanted, known)}", _known([*known, last])
    )


def _tellings(item: Node) -> list[str]:
    """What an item of a list can be told by: its name, its ends, where and what it is about, its type."""
    texts = {key: inner for key, node in (item.value if isinstance(item.value, dict) else {}).items()
             if (inner := _text(node))}  # fmt: skip
    told = [texts.get("name", "")]
    if "from" in texts and "to" in texts:
        told.append(f"{texts['from']}->{texts['to']}")
    product = texts.get("product") or texts.get("products")
    for key in ("site", "kind", "group"):
        if key in texts:
            told += [texts[key], f"{texts[key]},{product}" if product else ""]
    told += [product or "", texts.get("type", "")]
    return [name for name in dict.fromkeys(told) if name]


def _text(node: Node) -> str:
    """A name as it is written, also where it is the only one of a list or of {kind: …}; '' where it is none."""
    value = node.value
    if isinstance(value, list | dict) and len(value) == 1:
        value = next(iter(value.values() if isinstance(value, dict) else value)).value
    return value if isinstance(value, str) else ""


def _known(names: Iterable[str]) -> str:
    found = [escape(name) for name in names]
    more = f", and {len(found) - MOST_KNOWN} more" if len(found) > MOST_KNOWN else ""
    return f"known: {', '.join(found[:MOST_KNOWN])}{more}" if found else ""


def _short(value: Any) -> str:
    return f"the text '{escape(value[:40])}'" if isinstance(value, str) else escape(str(value))
