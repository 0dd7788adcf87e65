"""The JSON Schema, and the models made from the registries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from chainsim.fields import field_of
from chainsim.policies.base import POLICIES, Policy
from chainsim.scenario.read import read_yaml
from chainsim.scenario.schema_json import json_schema, schema_text

from .samples import GROCER, MINIMAL, changed, error, errors, load

COMMITTED = Path(__file__).parents[2] / "scenarios" / "chainsim.schema.json"


def test_the_committed_schema_is_in_step() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == schema_text(), (
        "run: chainsim schema > scenarios/chainsim.schema.json"
    )


def properties(node: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of every object in the schema."""
    if isinstance(node, dict):
        held = node.get("properties")
        if isinstance(held, dict) and node.get("type") == "object":
            yield from ((f"{where}.{name}", about) for name, about in held.items())
        for key, value in node.items():
            if key not in ("examples", "default", "if"):
                yield from properties(value, f"{where}.{key}")
    elif isinstance(node, list):
        for value in node:
            yield from properties(value, where)


def test_every_key_has_a_description_and_an_example() -> None:
    keys = list(properties(json_schema()))
    assert len(keys) > 200
    assert [where for where, about in keys if not about.get("description") or not about.get("examples")] == []


def test_every_example_is_valid() -> None:
    schema = json_schema()
    bad = []
    for where, about in properties(schema):
        checker = jsonschema.Draft202012Validator({**about, "$defs": schema["$defs"]})
        bad += [(where, example) for example in about["examples"] if not checker.is_valid(example)]
    assert bad == []


@pytest.mark.parametrize("text", [MINIMAL, GROCER])
def test_the_schema_accepts_what_loads(text: str) -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(read_yaml(text, "s").root.plain(), schema, jsonschema.Draft202012Validator)
    jsonschema.validate(json.loads(json.dumps(dict(load(text).document))), schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("horizon: 100", "horzon: 100"),
        ("lead_time: 2", "lead_time: soon"),
        ("lead_time: 2", "lead_time: 2 fortnights"),
        ("dist: poisson", "dist: poison"),
        ("type: base_stock", "type: base_stok"),
        ("unit_price: 5", "unit_price: -5"),
    ],
)
def test_the_schema_refuses_what_does_not_load(old: str, new: str) -> None:
    text = changed(old, new)
    assert errors(text)
    assert not jsonschema.Draft202012Validator(json_schema()).is_valid(read_yaml(text, "s").root.plain())


def test_no_remote_references() -> None:
    assert all(ref.startswith("#/") for ref in _references(json_schema()))


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def test_a_policy_registered_outside_is_part_of_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True, kw_only=True)
    class Pair(Policy):
        """Two at a time."""

        low: float = field_of("units", "Low mark.", example=3)
        high: float = field_of("units", "High mark.", example=5)

        def problems(self) -> list[tuple[str, str, str]]:
            return (
                [("low", f"is {self.low:g}, above high ({self.high:g})", "swap them")] if self.low > self.high else []
            )

    POLICIES.names()
    monkeypatch.setitem(POLICIES._things, "pair", Pair)
    text = changed("type: base_stock, order_up_to_level: 20", "type: pair, low: 3, high: 5")
    assert load(text).alternatives[0].rules[("store", "soup")].policy == Pair(low=3, high=5)
    found = error(text.replace("low: 3", "low: 7"))
    assert (found.path, found.where.line, found.cure) == ("policies.up_to.low", 14, "swap them")
    assert "pair_policy" in schema_text() or "PairPolicy" in schema_text()
