"""The JSON Schema of the scenario language: completion, hover text and checks in an editor."""

from __future__ import annotations

import json
from typing import Any

from chainsim.scenario.schema import adapter


def json_schema() -> dict[str, Any]:
    """The schema, for what is registered now, as plain data (draft 2020-12)."""
    schema = adapter().json_schema(mode="validation")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "chainsim scenario"
    schema["description"] = "A supply network, its demand, its costs and the replenishment policies to compare."
    properties = schema["properties"]
    _allow_file(properties["products"], "items.csv", in_items=False)
    _allow_file(properties["lanes"], "lanes.csv", in_items=True)
    untitled: dict[str, Any] = _tidy(schema)
    return untitled


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


def _tidy(node: Any, names: bool = False) -> Any:
    """Without pydantic's generated titles, which only repeat the key; `names`: the keys here are names."""
    if isinstance(node, dict):
        return {
            key: _tidy(value, names=key in ("properties", "$defs") and not names)
            for key, value in node.items()
            if names or key != "title" or value == "chainsim scenario"
        }
    return [_tidy(item) for item in node] if isinstance(node, list) else node
