"""The JSON Schema of the scenario language: completion, hover text and checks in an editor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chainsim.scenario.schema import adapter
from chainsim.scenario.schema_tables import allow_tables


def json_schema() -> dict[str, Any]:
    """The schema, for what is registered now, as plain data (draft 2020-12)."""
    schema = adapter().json_schema(mode="validation")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["description"] = "A supply network, its demand, its costs and the replenishment policies to compare."
    allow_tables(schema)
    choices: dict[str, Any] = {}
    finished: dict[str, Any] = _told_apart(_untitled(schema), schema["$defs"], choices)
    finished["$defs"] |= choices
    return finished


def schema_text() -> str:
    """What `chainsim schema` prints and scenarios/chainsim.schema.json holds."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _untitled(node: Any, names: bool = False) -> Any:
    """Without pydantic's generated titles, which only repeat the key; `names`: the keys here are names."""
    if isinstance(node, dict):
        return {
            key: _untitled(value, names=key in ("properties", "$defs") and not names)
            for key, value in node.items()
            if names or key != "title"
        }
    return [_untitled(item) for item in node] if isinstance(node, list) else node


def _told_apart(node: Any, defs: Mapping[str, Any], choices: dict[str, Any]) -> Any:
    """With every `oneOf` of things told apart by a key (`type`, `dist`) made a `_choice`, kept once in `choices`."""
    if isinstance(node, list):
        return [_told_apart(item, defs, choices) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {key: _told_apart(value, defs, choices) for key, value in node.items()}
    things = {
        member["$ref"]: about
        for member in changed.get("oneOf", ())
        if "$ref" in member and _key(about := defs[member["$ref"].rpartition("/")[2]])
    }
    if not things:
        return changed
    choice = _choice(things, [member for member in changed.pop("oneOf") if member.get("$ref") not in things])
    name = f"{next(iter(things)).rpartition('/')[2]}_or_{len(things) - 1}_others"
    return {**changed, "$ref": f"#/$defs/{name}"} if choices.setdefault(name, choice) == choice else changed | choice


def _key(about: Mapping[str, Any]) -> str:
    """The key that says which thing this is; "" if there is none."""
    return next((key for key, held in about["properties"].items() if "const" in held), "")


def _choice(things: Mapping[str, Any], bare: list[dict[str, Any]]) -> dict[str, Any]:
    """The union as: this key is one of these names, and then this applies. `bare`: or a number or text.

    It accepts what the union accepts. But of a `oneOf` that nothing fits, a checker can only guess which member was
    meant: a misspelt policy was reported as "must be jit". So it can say which names there are, and complain about the
    keys of the thing that was named and of no other.
    """
    by = _key(next(iter(things.values())))
    cases: list[dict[str, Any]] = []
    names, meanings = [], []
    for ref, about in things.items():
        held = about["properties"][by]
        required = {"required": [by]} if by in about.get("required", ()) else {}
        named = {"type": "object", "properties": {by: {"const": held["const"]}}, **required}
        cases.append({"if": named, "then": {"$ref": ref}})
        names.append(held["const"])
        meanings.append(held["description"])
    key = {
        "description": "Which one it is; the other keys follow from that.",
        "examples": names[:1],
        "enum": names,
        "enumDescriptions": meanings,
    }
    choice: dict[str, Any] = {"type": "object", "properties": {by: key}, "allOf": cases}
    if all("required" in case["if"] for case in cases):
        choice["required"] = [by]
    for scalar in bare:  # its bounds and its pattern leave mappings alone
        types = scalar["type"] if isinstance(scalar["type"], list) else [scalar["type"]]
        choice |= {**scalar, "type": [*types, "object"]}
    return choice
