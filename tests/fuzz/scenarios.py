"""Scenario files, broken where they have values and keys: every scalar replaced, every key lost, doubled, misspelt, every type
another. Done to the text at the places the YAML parser names, so that nothing else of the file moves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.fuzz.cases import Case, accidents, slips

VALUES = (
    "", "~", "true", "0", "-1", "1", "0.5", "2.5", "1e15", "1e16", "1e308", "1e999", "5e-324", ".nan", "-.inf", "010", "12:30", "1_000",
    "'5'", "5 kg", "5 dyas", "95", "95%", "[]", "{}", "[1, 2]", "{zzz: 1}", "x", "no such name", "'=cmd()'", "\"\\u202e\\e[31m\"", "<script>",
    "*nowhere", "&a [*a]", "!!python/object/apply:os.system ['true']", "!env X", "../x.csv", "9" * 300, "a" * 5000,
)  # fmt: skip
"""What every scalar is replaced by."""
NEVER = {
    ".nan",
    "-.inf",
    "1e999",
    "{zzz: 1}",
    "*nowhere",
    "&a [*a]",
    "!!python/object/apply:os.system ['true']",
    "!env X",
}
"""Of these, what no place of a scenario may take."""
NAMED = ("sites", "products", "policies", "levers")
"""Sections whose keys are the author's own names."""
TEXTS = {
    "title",
    "story",
    "label",
    "currency",
    "kind",
    "groups",
    "file",
    "column",
    "name",
    "text",
    "note",
    "description",
}
"""Keys whose values are the author's own words: nothing can be said about a slip in them."""
TIMES = re.compile("(minute|hour|day|week|month|year|period)s?")
"""2 day is 2 days: no slip."""
WORD = re.compile(r"[A-Za-z_][A-Za-z_-]{2,}")


class Spot(NamedTuple):
    """A key or a scalar of the file: where it stands, the keys that lead to it, and whether its mapping is in braces."""

    start: int
    end: int
    text: str
    plain: bool
    path: tuple[str, ...]
    flow: bool


class Pair(NamedTuple):
    """A key and the end of its value."""

    key: Spot
    end: int
    index: int


def spots(text: str) -> tuple[list[Pair], list[Spot]]:
    """All keys with their values' ends, and all scalars that are values."""
    pairs: list[Pair] = []
    scalars: list[Spot] = []

    def walk(node: Any, path: tuple[str, ...], flow: bool) -> None:
        if isinstance(node, yaml.ScalarNode):
            scalars.append(Spot(node.start_mark.index, node.end_mark.index, node.value, node.style is None, path, flow))
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                walk(item, path, flow)
        else:
            for index, (key, value) in enumerate(node.value):
                inside = bool(node.flow_style)
                spot = Spot(key.start_mark.index, key.end_mark.index, key.value, key.style is None, path, inside)
                pairs.append(Pair(spot, value.end_mark.index, index))
                walk(value, (*path, key.value), inside)

    walk(yaml.compose(text, Loader=yaml.SafeLoader), (), False)
    return pairs, scalars


def without(text: str, pair: Pair) -> str:
    """The text with a key and its value taken out."""
    if not pair.key.flow:
        return text[: pair.key.start] + text[pair.end :]
    rest = text[pair.end :]
    after = re.match(r"\s*,\s*", rest)
    if after:
        return text[: pair.key.start] + rest[after.end() :]
    return re.sub(r",\s*$", "", text[: pair.key.start]) + rest


def doubled(text: str, pair: Pair) -> str:
    """The text with a key and its value written twice."""
    said = text[pair.key.start : pair.end]
    if pair.key.flow:
        return text[: pair.key.start] + said + ", " + text[pair.key.start :]
    line = text.rfind("\n", 0, pair.key.start) + 1
    return text[: pair.key.start] + said.rstrip() + "\n" + " " * (pair.key.start - line) + text[pair.key.start :]


def known_words(pairs: list[Pair], scalars: list[Spot]) -> set[str]:
    return {pair.key.text for pair in pairs} | {spot.text for spot in scalars}


def broken(scenario: Path) -> Iterator[Case]:
    """Every case of a scenario file."""
    text = scenario.read_text("utf-8")
    pairs, scalars = spots(text)
    words = known_words(pairs, scalars)
    own = {p.key.text for p in pairs if p.key.path in [(name,) for name in NAMED]}

    def case(kind: str, what: str, changed: str, **more: Any) -> Case:
        return Case(scenario, scenario.name, kind, what, changed.encode("utf-8", "surrogatepass"), **more)

    def put(spot: Spot, new: str) -> str:
        line_end = "\n" if text[spot.end - 1] == "\n" else ""  # of a text in lines of its own
        return text[: spot.start] + new + line_end + text[spot.end :]

    for kind, what, data in accidents(text.encode()):
        yield Case(scenario, scenario.name, kind, what, data)
    for spot in scalars:
        where = f"{spot.start}"
        for value in VALUES:
            yield case("value", f"{where} {value[:20]}", put(spot, value), must=value in NEVER)
        if spot.plain and re.fullmatch(r"-?[0-9.]+", spot.text):
            yield case("number in a list", where, put(spot, f"[{spot.text}]"))
            yield case("number in quotes", where, put(spot, f'"{spot.text}"'))
            yield case("number with a comma", where, put(spot, f"'{spot.text.replace('.', ',')}'"))
        if spot.plain and (not spot.path or spot.path[-1] not in TEXTS):
            for found in WORD.finditer(spot.text):
                sort = "slip in a name" if found.group() in own else "slip in a word"
                for slip in slips(found.group()):
                    new = spot.text[: found.start()] + slip + spot.text[found.end() :]
                    if new not in words and not (TIMES.fullmatch(slip) and TIMES.fullmatch(found.group())):
                        yield case(sort, f"{where} {new}", put(spot, new), must=True, word=found.group())
    for pair in pairs:
        where = f"{pair.key.start}"
        yield case("key lost", where, without(text, pair))
        yield case("key twice", where, doubled(text, pair), must=True)
        yield case("list for value", where, text[: pair.key.end] + ": [[1]]" + text[pair.end :])
        yield case("unknown key", where, put(pair.key, "zzzzz"), must=pair.key.text not in own)
        if pair.key.plain and WORD.fullmatch(pair.key.text):
            named = pair.key.path in [(name,) for name in NAMED]
            sort = "slip in a defined name" if named else "slip in a key"
            for slip in slips(pair.key.text):
                if slip not in words:
                    yield case(sort, f"{where} {slip}", put(pair.key, slip), must=not named, word=pair.key.text)
