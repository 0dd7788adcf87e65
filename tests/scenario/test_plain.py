"""Scenarios from Python values: what NumPy and pandas call a number is one, and what no file could say is refused."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from chainsim.errors import Finding, ScenarioError
from chainsim.scenario import plain
from chainsim.scenario.load import load_text, read, written_as
from chainsim.scenario.plain import node_of

from .samples import GROCER, MINIMAL, changed


class Colour(str, enum.Enum):  # noqa: UP042 (whose str() is not its text)
    RED = "red"


SAID: list[tuple[Any, Any]] = [
    (np.int64(3), 3),
    (np.uint8(3), 3),
    (np.float64(0.25), 0.25),
    (np.float32(0.5), 0.5),
    (np.bool_(True), True),
    (np.str_("tea"), "tea"),
    (Colour.RED, "red"),
    (Fraction(1, 4), 0.25),
    (Decimal("0.25"), 0.25),
    (np.array(7), 7),
    (np.array([1, 2]), [1, 2]),
    (np.array([[1.5], [2.5]]), [[1.5], [2.5]]),
    (np.arange(3)[::-1], [2, 1, 0]),
    (range(3), [0, 1, 2]),
    ((1, "a", None), [1, "a", None]),
    (pd.Series([1, 2], index=["a", "b"]), [1, 2]),
    (pd.Series([0.5])[0], 0.5),
    (pd.Series([4, 5], dtype="Int64")[1], 5),
    (pd.Index(["a", "b"]), ["a", "b"]),
    (pd.Timestamp("2026-04-01"), "2026-04-01"),
    (np.datetime64("2026-04-01T00:00:00", "ns"), "2026-04-01"),
    (date(2026, 4, 1), "2026-04-01"),
    (datetime(2026, 4, 1, 6, 30), "2026-04-01T06:30:00"),
    (timedelta(hours=36), "1.5 days"),
    (pd.Timedelta(weeks=2), "14 days"),
    (np.timedelta64(36, "h"), "1.5 days"),
    (np.array([1, 2], "timedelta64[D]"), ["1 days", "2 days"]),
    (pd.Series(pd.to_timedelta([36], "h")), ["1.5 days"]),
    (pd.DatetimeIndex(["2026-04-01"]), ["2026-04-01"]),
    (PurePosixPath("tables/daily.csv"), "tables/daily.csv"),
    (MappingProxyType({"a": np.int8(1)}), {"a": 1}),
    ({}, {}),
    (-0.0, -0.0),
    (float("inf"), float("inf")),
]


@pytest.mark.parametrize(("value", "means"), SAID, ids=lambda v: repr(v)[:40])
def test_a_value_is_what_it_stands_for(value: Any, means: Any) -> None:
    found = node_of({"key": value}, "case").plain()["key"]
    assert found == means
    assert type(found) is type(means)


def loop() -> list[Any]:
    ring: list[Any] = []
    ring.append({"again": ring})
    return ring


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


REFUSED: list[tuple[Any, str, str]] = [
    ({1, 2}, "costs", "got a set ({1, 2})"),
    (1j, "costs", "got a complex (1j)"),
    (pd.NA, "costs", "got a NAType (<NA>)"),
    (pd.NaT, "costs", "got NaT"),
    (np.array(["2026-04-01", "NaT"], "datetime64[D]"), "costs", "got NaT"),
    (np.timedelta64("NaT"), "costs", "got NaT"),
    (b"tea", "costs", "got a bytes (b'tea')"),
    (pd.DataFrame({"a": [1]}), "costs", "got a DataFrame"),
    ([1, [object]], "costs[1][0]", "got a type"),
    ({"a": {7: 1}}, "costs.a.7", "a key must be a text, got an int (7)"),
    ({"a": "x\x00"}, "costs.a", "holds a character no text can have"),
    (10**400, "costs", "more than 400 digits"),
    (loop(), "costs[0].again", "that holds itself"),
    (deep(70), "costs" + "[0]" * 63, "nested more than 64 levels deep"),
]


@pytest.mark.parametrize(
    ("value", "path", "words"), REFUSED, ids=[f"{words}-{i}" for i, (_, _, words) in enumerate(REFUSED)]
)
def test_what_no_file_could_say_is_refused_at_its_path(value: Any, path: str, words: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        node_of({"costs": value}, "case")
    [finding] = refused.value.findings
    assert (finding.path, finding.where.file) == (path, "case")
    assert words in finding.message


def test_too_many_values_are_refused_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "MAX_VALUES", 20)
    bomb: Any = [1] * 5
    for _ in range(12):
        bomb = [bomb] * 5
    with pytest.raises(ScenarioError) as refused:
        node_of(bomb, "case")
    assert [f.message for f in refused.value.findings] == ["more than 20 values"]


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(ScenarioError) as refused:
        node_of({"a": {1}, "b": [2j]}, "case")
    assert [f.path for f in refused.value.findings] == ["a", "b[0]"]


@pytest.mark.parametrize("text", [MINIMAL, GROCER], ids=["minimal", "grocer"])
def test_plain_data_gives_the_scenario_of_the_text(text: str) -> None:
    of_text = load_text(text, "case.yaml")
    assert read(written_as(yaml.safe_load(text), "case.yaml")) == of_text
    assert read(written_as(of_text.document, "case.yaml")).sha256 == of_text.sha256


def findings(document: Mapping[str, Any]) -> list[Finding]:
    with pytest.raises(ScenarioError) as refused:
        read(written_as(document, "mine"))
    return refused.value.findings


def test_errors_of_the_language_are_told_by_path() -> None:
    text = changed("order_up_to_level: 20", "order_up_to_levl: 20", changed("lead_time: 2", "lead_time: -2"))
    document = yaml.safe_load(text)
    by_path = {f.path: f for f in findings(document)}
    assert set(by_path) >= {"lanes[0].lead_time", "policies.up_to.order_up_to_levl"}
    assert "did you mean 'order_up_to_level'?" in by_path["policies.up_to.order_up_to_levl"].message
    assert str(by_path["lanes[0].lead_time"].where) == "mine"


def test_without_a_folder_no_table_is_named() -> None:
    document = yaml.safe_load(MINIMAL) | {"products": {"file": "items.csv"}}
    [finding] = findings(document)
    assert finding.path == "products.file"
    assert "has no folder" in finding.message
