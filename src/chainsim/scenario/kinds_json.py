"""What the JSON Schema says about each kind of value (`kinds`)."""

from __future__ import annotations

from typing import Any

from chainsim.dated import DATE
from chainsim.scenario.keys import Key
from chainsim.scenario.language_calendars import CALENDAR
from chainsim.scenario.language_levers import USUAL
from chainsim.scenario.scalars import SHARE_PATTERN
from chainsim.scenario.units import LENGTH_PATTERN, RATE_PATTERN, UNIT_WORDS

WORDS: dict[str, dict[str, Any]] = {
    **{name: {"description": key.meaning, "examples": [key.example]} for name, key in CALENDAR.items()},
    "from": {"description": "The first day that is closed, or a time from the start.", "examples": ["2026-08-03"]},
    "to": {
        "description": "The last day that is closed, or the time at which it opens again.",
        "examples": ["2026-08-14"],
    },
}
"""What is said of the keys inside a calendar."""


def json_of(key: Key) -> dict[str, Any]:
    """The JSON Schema of a scalar kind, with its bounds."""
    bounds = {
        word: bound
        for word, bound in (
            ("minimum", key.least),
            ("exclusiveMinimum", key.above),
            ("maximum", key.most),
            ("exclusiveMaximum", key.below),
        )
        if bound is not None
    }
    if key.kind == "fraction":
        bounds = {
            **({} if "exclusiveMinimum" in bounds else {"minimum": 0}),
            **({} if "exclusiveMaximum" in bounds else {"maximum": 1}),
            **bounds,
        }
    plain = {"type": "number", **bounds}
    # "type" with a list, not anyOf: an editor then says what is wrong with the number, or with the text
    either = {"type": ["number", "string"]}
    length = {"pattern": LENGTH_PATTERN, "patternErrorMessage": "Expected a number, or a length of time like '2 days'."}
    shift = {
        "pattern": f"^-?{LENGTH_PATTERN[1:]}",
        "patternErrorMessage": "Expected a number, or a length of time like '2 days' or '-12 hours'.",
    }
    bucket = {
        "pattern": f"{LENGTH_PATTERN}|^(?:{UNIT_WORDS})$",
        "patternErrorMessage": "Expected a number, a unit like 'week', or a length of time like '2 days'.",
    }
    offset = {
        "pattern": f"{LENGTH_PATTERN}|^random$",
        "patternErrorMessage": "Expected a number, a length of time like '2 days', or 'random'.",
    }
    per_time = {"pattern": RATE_PATTERN, "patternErrorMessage": "Expected a number, or a rate like '600 per day'."}
    per_cent = {"pattern": SHARE_PATTERN, "patternErrorMessage": "Expected a number, or a share like '97 %'."}
    word = {"type": "string", "minLength": 1}
    several = {"anyOf": [word, {"type": "array", "items": word, "minItems": 1}]}
    selected = {
        "type": "object",
        "properties": {
            "kind": {**word, "description": "All sites of this kind.", "examples": ["store"]},
            "group": {**word, "description": "All sites of this group.", "examples": ["north"]},
        },
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    days = {"type": "array", "items": word, "minItems": 1, **WORDS["days"]}
    moment = {
        "pattern": f"{DATE}|{LENGTH_PATTERN}",
        "patternErrorMessage": "Expected a number, a length of time like '2 days', or a date like 2026-04-01.",
    }
    between = {
        "type": "object",
        "properties": {end: {**either, "minimum": 0, **moment, **WORDS[end]} for end in ("from", "to")},
        "required": ["from", "to"],
        "additionalProperties": False,
    }
    shut = {"type": "array", "items": {"anyOf": [{"type": "string", "pattern": DATE}, between]}, **WORDS["closed"]}
    per: dict[str, Any] = {"type": "number", "exclusiveMinimum": 0}
    parts: dict[str, Any] = {"type": "object", "additionalProperties": per}
    table: dict[str, dict[str, Any]] = {
        "count": {**plain, "type": "integer"},
        "seed": {"type": "integer", "minimum": 0},
        "duration": {**plain, **either, **length},
        "shift": {**plain, **either, **shift},
        "instant": {**plain, **either, **moment},
        "bucket": {**either, "exclusiveMinimum": 0, **bucket},
        "offset": {**plain, **either, **offset},
        "rate": {**plain, **either, **per_time},
        "capacity": {**either, "exclusiveMinimum": 0, **per_time},
        "carrying_rate": {**either, "minimum": 0, **per_time},
        "money_rate": {**either, "minimum": 0, **per_time},
        "flag": {"type": "boolean"},
        "text": {"type": "string"},
        "name": {"type": "string"} if key.default == "" else word,
        "file": word,
        "date": {
            "type": "string",
            "pattern": DATE,
            "patternErrorMessage": "Expected a date like 2026-04-01: year, month, day.",
        },
        "names": several,
        "choice": {"enum": list(key.choices)},
        "money_or_margin": {"anyOf": [{"type": "number", "minimum": 0}, {"const": "margin"}]},
        "share": {**bounds, **either, **per_cent},
        "shares": {"type": "array", "items": {**bounds, **either, **per_cent}, "minItems": 1},
        "money_or_share": {"minimum": 0, **either, **per_cent},
        "choice_of_policies": {
            "anyOf": [
                {"enum": list(key.choices)},
                {"type": "object", "additionalProperties": {"enum": list(key.choices)}},
            ]
        },
        "choices": {
            "anyOf": [
                {"enum": list(key.choices)},
                {"type": "array", "items": {"enum": list(key.choices)}, "minItems": 1},
            ]
        },
        "changes": {"type": "object", "additionalProperties": {"type": "object", "minProperties": 1}},
        "sites": {"anyOf": [*several["anyOf"], selected]},
        "products": several,
        "numbers": {"type": "array", "items": plain, "minItems": 1},
        "durations": {"type": "array", "items": {**plain, **either, **length}, "minItems": 1},
        "scalar": {"type": ["number", "string", "boolean"]},
        "scalars": {"type": "array", "items": {"type": ["number", "string", "boolean"]}, "minItems": 1},
        "lever": {"enum": list(USUAL), "description": "A lever by its name."},
        "no": {"enum": ["no", False]},
        "precision": several,
        "material": several,
        "weekdays": days,
        "closures": shut,
        "calendar": {
            "anyOf": [
                {**word, "description": "The name of a calendar, or a day of the week."},
                days,
                {
                    "type": "object",
                    "properties": {"days": days, "closed": shut},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ]
        },
        "recipe": {**parts, "minProperties": 1},
        "recipes": {"type": "object", "additionalProperties": parts, "minProperties": 1},
    }
    return table.get(key.kind, plain)
