"""The YAML text (RELIABILITY A): hostile, broken and unusual files."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
import yaml

from chainsim.errors import ScenarioError
from chainsim.scenario import read
from chainsim.scenario.load import load
from chainsim.scenario.read import read_yaml

from .samples import MINIMAL, changed, error, errors
from .samples import load as load_sample


@pytest.fixture(params=["fast", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both of PyYAML's parsers: libyaml's, and the one in Python."""
    if request.param == "pure":
        monkeypatch.setattr(read, "_LOADER", yaml.SafeLoader)


def bomb(merge: bool) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]" if not merge else "a0: &a0 {x: 1}"]
    for i in range(1, 9):
        items = ", ".join([f"*a{i - 1}"] * 9)
        lines.append(f"a{i}: &a{i} [{items}]" if not merge else f"a{i}: &a{i} {{<<: [{items}]}}")
    return "\n".join(lines)


REFUSED = {
    "tab indent": ("a:\n\tb: 1", "not valid YAML", 2),
    "open bracket": ("a: [1, 2", "not valid YAML", 0),
    "open quote": ("a: 'b", "not valid YAML", 0),
    "alias bomb": (bomb(False), "aliases expand to more than", 0),
    "merge bomb": (bomb(True), "merge keys", 2),
    "alias bomb of mappings": (bomb(False).replace("[", "{k: [").replace("]", "]}"), "aliases expand to more than", 0),
    "self reference": ("a: &a [*a]", "refers to itself", 1),
    "undefined alias": ("a: *b", "no anchor", 1),
    "python object": ("a: !!python/object/apply:os.system ['touch canary']", "tags are not allowed", 1),
    "python name": ("a: !!python/name:os.system", "tags are not allowed", 1),
    "custom tag": ("a: !ENV x", "tags are not allowed", 1),
    "set": ("a: !!set {b}", "tags are not allowed", 1),
    "tagged key": ("!!str a: 1", "tags are not allowed", 1),
    "duplicate key": ("a: 1\nb: 2\na: 3", "given twice, first in line 1", 3),
    "two documents": ("a: 1\n---\nb: 2", "second document", 2),
    "list as key": ("? [1, 2]\n: 3", "a key must be a text", 1),
    "null key": ("~: 3", "a key must be a text", 1),
    "number as key": ("22423: 3", "quote it: '22423'", 1),
    "flag as key": ("true: 3", "a key must be a text", 1),
    "long integer": ("a: " + "9" * 5000, "too long", 1),
    "NUL": ("a: x\x00y", "\\u0000", 1),
    "escaped NUL": ('a: "x\\0y"', "no text can have", 1),
    "bell": ("a: \x07", "\\u0007", 1),
    "nested 200": ("[" * 200, "64 levels", 1),
    "nested 200,000": ("[" * 200_000, "64 levels", 1),
    "nested by aliases": (
        "\n".join(["a0: &a0 [1]", *(f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 100))]),
        "64 levels",
        0,
    ),
}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_place(case: str) -> None:
    text, message, line = REFUSED[case]
    start = time.monotonic()
    with pytest.raises(ScenarioError) as caught:
        read_yaml(text, "f.yaml")
    finding = caught.value.findings[0]
    assert message in finding.message + finding.cure
    assert finding.where.line == line or not line
    assert time.monotonic() - start < 5
    assert not os.path.exists("canary")


@pytest.mark.usefixtures("parser")
def test_scalars_follow_yaml_1_2() -> None:
    text = "{a: NO, b: on, c: 12:30, d: 010, e: 1_000, f: 1e5, g: 1.0e5, h: true, i: ~, j: 0x10, k: 2024-02-30, l: '5'}"
    assert list(read_yaml(text, "f").root.plain().values()) == [
        "NO", "on", "12:30", "010", "1_000", 1e5, 1e5, True, None, 16, "2024-02-30", "5",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "cure"),
    [
        ("12:30", "write 750"),
        ("010", "write 8"),
        ("1_000", "write 1000"),
        ("'50'", "write 50 without quotes"),
        ("'1,5'", "write 1.5"),
        ("95%", "write 0.95"),
        ("2*3", "formulas are not read"),
        ("7 days", "without a unit"),
        ("2024-02-30", "formulas"),
    ],
)
def test_texts_that_look_like_numbers_get_advice(value: str, cure: str) -> None:
    finding = error(changed("unit_price: 5", f"unit_price: {value}"))
    assert "expected a number, got the text" in finding.message
    assert cure in finding.cure


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    "write",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n"),
        lambda text: "%YAML 1.2\n---\n" + text,
        lambda text: text.replace("\n", "   \n"),
        lambda text: "# a comment\n\n" + text.replace("\n", " # and more\n"),
    ],
)
def test_other_ways_to_write_the_same(write: object) -> None:
    assert load_sample(write(MINIMAL)) == load_sample(MINIMAL)  # type: ignore[operator]


def test_json_is_yaml() -> None:
    import json

    assert load_sample(json.dumps(read_yaml(MINIMAL, "f").root.plain())) == load_sample(MINIMAL)


@pytest.mark.parametrize("text", ["", "# nothing", "null", "[1, 2]", "just text", "5", "{}"])
def test_expected_a_mapping(text: str) -> None:
    assert "expected a mapping with keys chainsim" in error(text).message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("café: 1".encode("latin-1"), "not UTF-8 at byte 3 (line 1)"),
        (b"a: 1\nb: \xc0\xaf", "not UTF-8 at byte 8 (line 2)"),
        (MINIMAL.encode("utf-16"), "not UTF-8"),
        (b"PK\x03\x04\x00\x00", "not allowed"),
        (b"\x89PNG\r\n", "not UTF-8"),
        (b"\x80\x04\x95", "not UTF-8"),
        (b"#" * 4_000_001, "at most 4,000,000"),
    ],
)
def test_bytes_that_are_no_text(tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / "s.yaml"
    file.write_bytes(data)
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert message in caught.value.findings[0].message


def test_what_is_not_a_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path, tmp_path / "missing.yaml", tmp_path / "fifo", "/dev/zero", "nul\x00byte"):
        with pytest.raises(ScenarioError):
            load(path)


def test_invisible_letters_are_shown_escaped() -> None:
    findings = errors(changed("warm_up", "warm\u200b_up"))
    assert any("unknown key 'warm\\u200b_up'" in f.message and "did you mean 'warm_up'" in f.message for f in findings)


def test_truncated_and_damaged_files_never_crash() -> None:
    chance = random.Random(7)
    texts = [MINIMAL[: len(MINIMAL) * k // 25] for k in range(25)]
    for _ in range(40):
        damaged = bytearray(MINIMAL.encode())
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(7)
        texts.append(damaged.decode("utf-8", "replace"))
    lines = MINIMAL.splitlines()
    for i in range(len(lines) - 1):
        texts.append("\n".join([*lines[:i], lines[i + 1], lines[i], *lines[i + 2 :]]))
        texts.append("\n".join([*lines[:i], " " + lines[i], *lines[i + 1 :]]))
    for text in texts:
        assert all(f.message for f in errors(text))
