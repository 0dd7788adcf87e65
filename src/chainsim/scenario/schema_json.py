"""The JSON Schema of the scenario language: completion, hover text and checks in an editor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chainsim.scenario.schema import adapter


def json_schema() -> dict[str, Any]:
    """The schema, for what is registered now, as plain data (draft 2020-12)."""
    schema = adapter().json_schema(mode="validation")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["description"] = "A supply network, its demand, its costs and the replenishment policies to compare."
    properties = schema["properties"]
    _allow_file(properties["products"], "items.csv", in_items=False)
    _allow_file(properties["lanes"], "lanes.csv", in_items=True)
    finished: dict[str, Any] = _told_apart(_untitled(schema), schema["$defs"])
    return finished


def schema_text() -> str:
    """What `chainsim schema` prints and scenarios/chainsim.schema.json holds."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _allow_file(held: dict[str, Any], example: str, *, in_items: bool) -> None:
    """Let a section be (and a list hold) a table beside the scenario."""
    name = {"type": "string", "minLength": 1, "description": "A CSV table beside the scenario.", "examples": [example]}
    file = {"type": "object", "properties": {"file": name}, "required": ["file"], "additionalProperties": False}
    about: dict[str, Any] = {
        key: held.pop(key) for key in ("description", "examples", "title", "default") if key in held
    }
    plain = dict(held)
    if in_items:
        plain["items"] = {"anyOf": [plain["items"], file]}
    held.clear()
    held.update({**about, "anyOf": [file, plain]})


def _untitled(node: Any, names: bool = False) -> Any:
    """Without pydantic's generated titles, which only repeat the key; `names`: the keys here are names."""
    if isinstance(node, dict):
        return {
            key: _untitled(value, names=key in ("properties", "$defs") and not names)
            for key, value in node.items()
            if names or key != "title"
        }
    return [_untitled(item) for item in node] if isinstance(node, list) else node


def _told_apart(node: Any, defs: Mapping[str, Any]) -> Any:
    """With every `oneOf` of things told apart by a key (`type`, `dist`) as the choice of `_choice`."""
    if isinstance(node, list):
        return [_told_apart(item, defs) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {key: _told_apart(value, defs) for key, value in node.items()}
    return _choice(changed, defs) if len(_named(changed, defs)) > 1 else changed


def _named(union: Mapping[str, Any], defs: Mapping[str, Any]) -> list[tuple[dict[str, Any], Any]]:
    """The members of a `oneOf` that are told apart by a constant: each with what it refers to."""
    members = [(member, defs[member["$ref"].rpartition("/")[2]]) for member in union.get("oneOf", ()) if "$ref" in member]
    return [(member, about) for member, about in members if _key(about)]


def _key(about: Mapping[str, Any]) -> str:
    """The key that says which thing this is: `type` or `dist`; "" if there is none."""
    return next((key for key, held in about["properties"].items() if "const" in held), "")


def _choice(union: dict[str, Any], defs: Mapping[str, Any]) -> dict[str, Any]:
    """The union as: this key is one of these names, and then this applies.

    It accepts what the union accepts. But of a `oneOf` that nothing fits, a checker can only guess which member was
    meant: a misspelt policy was reported as "must be jit". So it can say which names there are, and complain about the
    keys of the thing that was named and of no other.
    """
    members = _named(union, defs)
    by = _key(members[0][1])
    names = [about["properties"][by]["const"] for _, about in members]
    cases = []
    for name, (member, about) in zip(names, members, strict=True):
        required = {"required": [by]} if by in about.get("required", ()) else {}
        cases.append({"if": {"type": "object", "properties": {by: {"const": name}}, **required}, "then": member})
    key = {
        "description": "Which one it is; the other keys follow from that.",
        "examples": names[:1],
        "enum": names,
        "enumDescriptions": [about["properties"][by]["description"] for _, about in members],
    }
    always = all("required" in case["if"] for case in cases)
    rest = {word: value for word, value in union.items() if word != "oneOf"}
    choice = {"type": "object", "properties": {by: key}, **({"required": [by]} if always else {}), "allOf": cases}
    for scalar in (member for member in union["oneOf"] if "$ref" not in member):  # its bounds leave mappings alone
        choice |= {**scalar, "type": [*scalar["type"], "object"]}
    return rest | choice
