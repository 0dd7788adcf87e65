"""The resolved scenario as plain data: every default filled in, times as numbers, in an order of its own.

It dumps to YAML and loads back to an equal Scenario. Its hash is the hash of what was meant: comments, the order of
keys and entries, and the way a time was written do not change it; a data file's contents do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from chainsim.chance.base import DISTRIBUTIONS, Distribution
from chainsim.fields import info_of
from chainsim.ordering import natural
from chainsim.scenario.draft import Draft
from chainsim.scenario.keys import Keys
from chainsim.scenario.language import FILE, SECTIONS
from chainsim.scenario.model import TimeSpec
from chainsim.statistics.amounts import Amount

_UNORDERED = {"lanes", "production", "stock", "demand", "disruptions", "rules", "shipments", "orders", "step"}
_NAME_LISTS = {"site", "product", "products", "groups", "from", "to"}


def document_of(draft: Draft, data: Mapping[str, Any]) -> dict[str, Any]:
    """The file again, canonical."""
    document: dict[str, Any] = {}
    for key in FILE:
        value = _plain(data[key], key, draft.time, FILE)
        if value not in (None, [], {}, ""):
            document[key] = value
    document["time"]["bucket"] = draft.time.bucket
    if data["levers"] == ():
        document["levers"] = "no"
    return document


def order_of(items: Sequence[Any], key: str, time: TimeSpec) -> list[int]:
    """Places of the entries of a list in the file, in the order in which the document has them."""
    places = range(len(items))
    if key not in _UNORDERED:
        return list(places)
    told = [json.dumps(_inner(item, time, _section_of(key, FILE)), sort_keys=True) for item in items]
    return sorted(places, key=lambda i: told[i])


def hash_of(document: Mapping[str, Any], tables: Mapping[str, str]) -> str:
    """sha256 of a document and of the data files it names."""
    text = json.dumps([document, dict(tables)], sort_keys=True, allow_nan=False, ensure_ascii=True)
    return sha256(text.encode()).hexdigest()


def _plain(value: Any, key: str, time: TimeSpec, keys: Keys) -> Any:
    """One value as YAML takes it."""
    kind = keys[key].kind if key in keys else ""
    if isinstance(value, Distribution):
        return distribution_as_written(value)
    if isinstance(value, Amount):
        return str(value)
    if hasattr(value, "thing"):
        merged = {**value.keys, **_fields(value.thing)}
        return _mapping(merged, time, {})
    if kind == "capacity" and value is not None:
        amount, period = value
        return amount if period == 1.0 else f"{amount!r} per {period!r} {time.unit}s"
    if kind in ("recipe", "recipes") and value is not None:
        return _recipe(value)
    if kind == "carrying_rate" and value is not None:
        return f"{value!r} per {time.unit}"
    if kind == "changes":
        return value
    if kind in ("calendar", "weekdays", "closures") and value is not None:
        return _listed(value)
    if isinstance(value, Mapping):
        if kind in ("mapping", "policies"):
            order = list(value) if kind == "policies" else sorted(value, key=natural)
            section = SECTIONS[keys[key].of] if kind == "mapping" else {}
            return {name: _inner(value[name], time, section) for name in order}
        return _mapping(value, time, SECTIONS[keys[key].of] if "section" in kind else _known(key, value))
    if isinstance(value, list | tuple):
        items = [_inner(item, time, _section_of(key, keys)) for item in value]
        if key in _UNORDERED:
            return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
        return sorted(items, key=natural) if key in _NAME_LISTS else items
    return value


def _recipe(value: Mapping[str, Any]) -> dict[str, Any]:
    """Components in the order of their names; a recipe of nothing says so."""
    return {
        name: _recipe(held) if isinstance(held := value[name], Mapping) else held for name in sorted(value, key=natural)
    }


def _listed(value: Any) -> Any:
    """Days and closures as they were read, in lists."""
    if isinstance(value, Mapping):
        return {key: _listed(held) for key, held in value.items()}
    return [_listed(item) for item in value] if isinstance(value, tuple) else value


def _section_of(key: str, keys: Keys) -> Keys:
    return SECTIONS.get(keys[key].of, {}) if key in keys else {}


def _known(key: str, value: Mapping[str, Any]) -> Keys:
    """The keys of a nested section that a Made or a disruption holds."""
    return SECTIONS.get({"lane": "lane_ends"}.get(key, key), {})


def _inner(item: Any, time: TimeSpec, keys: Keys) -> Any:
    if isinstance(item, Mapping):
        return _mapping(item, time, keys)
    return _plain(item, "", time, {})


def _mapping(value: Mapping[str, Any], time: TimeSpec, keys: Keys) -> dict[str, Any]:
    """Without the keys that were left out and have no default."""
    plain = {key: _plain(item, key, time, keys) for key, item in value.items() if item is not None}
    return {key: item for key, item in plain.items() if item not in ([], {}) and not (item == "" and key != "label")}


def _fields(thing: Any) -> dict[str, Any]:
    """The described fields of a policy or a demand process."""
    return {name: getattr(thing, name) for name in info_of(type(thing))}


def distribution_as_written(distribution: Distribution) -> Any:
    """A number for a constant, else {dist: name, …}."""
    names = {cls: name for name, cls in DISTRIBUTIONS.items()}
    name = names[type(distribution)]
    fields = {key: value for key, value in _fields(distribution).items() if value is not None}
    if name == "constant":
        return fields["value"]
    plain: dict[str, Any] = {"dist": name}
    for key, value in fields.items():
        if isinstance(value, Distribution):
            plain[key] = distribution_as_written(value)
        else:
            plain[key] = list(value) if isinstance(value, tuple) else value
    return plain
