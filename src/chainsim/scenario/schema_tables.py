"""What the JSON Schema says of tables beside the scenario: sections, items of lists and policies may name one."""

from __future__ import annotations

from typing import Any

FILE = {
    "type": "string",
    "minLength": 1,
    "description": "A table beside the scenario: a CSV, or a workbook's sheet as in book.xlsx!Items.",
    "examples": ["items.csv", "book.xlsx!Items"],
}
IGNORE = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    "description": "Columns of the table to leave out.",
    "examples": [["Buyer", "Planner"]],
}
ABC = {
    "type": "string",
    "pattern": r"^ *[0-9.]+ *%?(?: */ *[0-9.]+ *%?){1,4} *$",
    "description": "Shares of the classes A, B, C … of annual usage value, which become groups of the products.",
    "examples": ["80/15/5"],
}


_NAMES_TABLE = {
    "type": "object", "properties": {"type": {"not": {"const": "history"}}}, "required": ["file"]
}  # fmt: skip
"""What names a table, and is no demand that has one of its own: an editor then complains about the keys of the one or the other."""


def allow_tables(schema: dict[str, Any]) -> None:
    """Let a section be, and a list hold, a table beside the scenario, with keys that hold for all of its rows."""
    defs, properties = schema["$defs"], schema["properties"]
    _allow(properties["products"], {**defs["Product"]["properties"], "abc": ABC}, in_items=False)
    _allow(properties["lanes"], defs["Lane"]["properties"], in_items=True)
    _allow(properties["stock"], defs["Stock"]["properties"], in_items=True)
    _allow(properties["demand"], _of_demand(defs), in_items=True)
    for name, about in defs.items():
        if name.endswith("Policy") and "file" not in about["properties"]:
            about["properties"] |= {"file": FILE, "ignore": IGNORE}


def _of_demand(defs: dict[str, Any]) -> dict[str, Any]:
    """The keys of every demand that has no table of its own."""
    kinds = [
        about["properties"]
        for name, about in defs.items()
        if name.endswith("Demand") and "file" not in about["properties"]
    ]
    keys: dict[str, Any] = {}
    for held in kinds:
        keys |= held
    names = [held["type"]["const"] for held in kinds]
    return {
        **keys,
        "type": {"enum": names, "description": "What kind of demand the rows are of.", "examples": names[:1]},
    }


def _allow(held: dict[str, Any], keys: dict[str, Any], *, in_items: bool) -> None:
    table = {**keys, "file": FILE, "ignore": IGNORE}
    file = {"type": "object", "properties": table, "required": ["file"], "additionalProperties": False}
    about: dict[str, Any] = {
        key: held.pop(key) for key in ("description", "examples", "title", "default") if key in held
    }
    plain = dict(held)
    if in_items:
        plain["items"] = {"if": _NAMES_TABLE, "then": file, "else": plain["items"]}
    held.clear()
    held.update({**about, "anyOf": [file, plain]})
    if in_items:  # an editor can make a first entry of an example that is a mapping, not of one that is a list
        held["defaultSnippets"] = [{"label": "the first one", "body": about["examples"][0]}]
