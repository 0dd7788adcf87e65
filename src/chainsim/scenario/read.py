"""YAML text → nodes with positions, safely.

PyYAML only delivers the events; what they mean is decided here: YAML 1.2 scalars, no tags, no merge keys, no
duplicate keys, aliases counted before anything is expanded, depth bounded while reading. So a hostile file cannot
run code, hang, or exhaust the memory, and every value knows its line and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from chainsim.errors import Finding, Place, ScenarioError
from chainsim.scenario.nodes import Node, Source
from chainsim.scenario.render import escape
from chainsim.scenario.scalars import resolve

MAX_BYTES = 4_000_000
MAX_DEPTH = 64
MAX_EXPANDED = 200_000
"""Most values a file with aliases may expand to."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
UNPRINTABLE = re.compile("[\x00\ud800-\udfff]")
_QUOTED = re.compile("[“”„‟«»‘’‚‹›].*[“”„‟«»‘’‚‹›]", re.DOTALL)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def decode(data: bytes, file: str, max_bytes: int = MAX_BYTES) -> str:
    """The text of a scenario file: UTF-8, with or without a byte order mark, at most `max_bytes`."""
    if len(data) > max_bytes:
        raise refused(file, f"the file has {len(data):,} bytes; at most {max_bytes:,} are read")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        cure = "save the file as UTF-8"
        raise refused(file, f"not UTF-8 at byte {error.start} (line {line})", cure, line) from None


def refused(file: str, message: str, cure: str = "", line: int = 0, column: int = 0, text: str = "") -> ScenarioError:
    """A ScenarioError with one finding about the file as a whole or one place in it."""
    return ScenarioError([Finding("error", Place(file, line, column), "", message, cure, text)])


def read_yaml(text: str, file: str) -> Source:
    """The tree of one YAML document. Raises ScenarioError; never anything else.

    >>> read_yaml("time: {unit: day}", "a.yaml").root.plain()
    {'time': {'unit': 'day'}}
    """
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_BYTES and len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise refused(file, f"the text is longer than {MAX_BYTES:,} bytes")
    lines = text.splitlines()
    found = _FORBIDDEN.search(text)
    if found:
        before = text[: found.start()]
        line, column = before.count("\n") + 1, found.start() - (before.rfind("\n") + 1) + 1
        raise refused(file, f"the character {escape(found.group())} is not allowed in a scenario", "", line, column)
    composer = _Composer(file, lines)
    try:
        root = composer.compose(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        raise composer.syntax_error(error) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise refused(file, f"cannot be read as YAML: {escape(str(error).splitlines()[0])}") from None
    if composer.findings:
        raise ScenarioError(composer.findings)
    return Source(file, lines, root)


class _Composer:
    """Builds nodes from events with a stack of its own."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self.file, self.lines = file, lines
        self.findings: list[Finding] = []
        self.anchors: dict[str, Node] = {}
        self.open: list[Node] = []
        self.waiting: list[tuple[str, Any] | None] = []  # the key a mapping waits to see the value of
        self.sizes: dict[int, int] = {}  # values a node expands to
        self.heights: dict[int, int] = {}
        self.aliased = False
        self.root: Node | None = None

    def compose(self, events: Iterator[Any]) -> Node:
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.stop(event, "a second document starts here; one file holds one scenario")
            elif isinstance(event, yaml.AliasEvent):
                self.alias(event)
            elif isinstance(event, yaml.ScalarEvent):
                self.scalar(event)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self.start(event)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self.waiting.pop()
                self.add(self.open.pop(), event)
        return self.root if self.root is not None else Node(None, 1, 1)

    def start(self, event: Any) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise self.stop(event, f"nested more than {MAX_DEPTH} levels deep")
        node = self.make(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
        if self.wants_key():
            raise self.stop(event, "a key must be a text, not a list or a mapping")
        self.sizes[id(node)], self.heights[id(node)] = 1, 1
        self.open.append(node)
        self.waiting.append(None)

    def scalar(self, event: Any) -> None:
        plain = event.style is None or event.style == ""
        value: Any = event.value
        if plain and event.tag is None:
            try:
                value = resolve(event.value)
            except ValueError as error:
                self.note(event, str(error))
                value = 0
        if plain and _QUOTED.fullmatch(event.value):
            self.note(event, f"{escape(event.value[:60])} is in quotes that YAML takes for letters", "write ' or \"")
        if UNPRINTABLE.search(event.value):
            self.note(event, f"the text {escape(event.value[:60])} holds a character no text can have")
        if self.wants_key():
            self.key(event, value, plain)
        else:
            self.add(self.make(event, value), event)

    def key(self, event: Any, value: Any, plain: bool) -> None:
        if event.tag is not None:
            self.note(event, f"tags are not allowed: {escape(str(event.tag))}")
        if plain and value == "<<":
            raise self.stop(event, "merge keys '<<' are not allowed", "write the keys out")
        if not isinstance(value, str):
            shown = escape(event.value) or "nothing"
            self.note(event, f"a key must be a text, got {shown}", f"quote it: '{shown}'")
            value = str(event.value)
        self.waiting[-1] = (value, event)

    def alias(self, event: Any) -> None:
        name = str(event.anchor)
        node = self.anchors.get(name)
        if node is None:
            raise self.stop(event, f"the alias *{escape(name)} has no anchor before it")
        if any(node is open_node for open_node in self.open):
            raise self.stop(event, f"the alias *{escape(name)} refers to itself")
        if self.wants_key():
            raise self.stop(event, "a key must be a text, not an alias")
        if len(self.open) + self.heights.get(id(node), 1) > MAX_DEPTH:
            raise self.stop(event, f"aliases nest more than {MAX_DEPTH} levels deep")
        self.aliased = True
        self.add(node, event)

    def make(self, event: Any, value: Any) -> Node:
        if event.tag is not None:
            self.note(event, f"tags are not allowed: {escape(str(event.tag))}")
        node = Node(value, event.start_mark.line + 1, event.start_mark.column + 1)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def add(self, node: Node, event: Any) -> None:
        """Put a finished node where it belongs, and its size and height into its holder's."""
        if not self.open:
            self.root = node
            return
        holder = self.open[-1]
        size = self.sizes[id(holder)] = self.sizes[id(holder)] + self.sizes.get(id(node), 1)
        if self.aliased and size > MAX_EXPANDED:
            raise self.stop(event, f"aliases expand to more than {MAX_EXPANDED:,} values")
        self.heights[id(holder)] = max(self.heights[id(holder)], 1 + self.heights.get(id(node), 1))
        if isinstance(holder.value, list):
            holder.value.append(node)
            return
        assert self.waiting[-1] is not None
        key, written = self.waiting[-1]
        self.waiting[-1] = None
        if key in holder.value:
            first = holder.keys[key][0]
            self.note(written, f"the key '{escape(key)}' is given twice, first in line {first}", "keep one")
            return
        holder.value[key] = node
        holder.keys[key] = (written.start_mark.line + 1, written.start_mark.column + 1)

    def wants_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].value, dict) and self.waiting[-1] is None

    def note(self, event: Any, message: str, cure: str = "") -> None:
        self.findings.extend(self.stop(event, message, cure).findings)

    def stop(self, event: Any, message: str, cure: str = "") -> ScenarioError:
        return self._at(event.start_mark, message, cure)

    def syntax_error(self, error: yaml.MarkedYAMLError) -> ScenarioError:
        mark = error.problem_mark or error.context_mark
        message = " ".join(str(part) for part in (error.context, error.problem) if part)
        cure = "indent with spaces, not tabs" if "'\\t'" in message or "tab" in message else ""
        return self._at(mark, f"not valid YAML: {escape(message)}", cure)

    def _at(self, mark: Any, message: str, cure: str) -> ScenarioError:
        if mark is None:
            return refused(self.file, message, cure)
        text = self.lines[mark.line] if mark.line < len(self.lines) else ""
        return refused(self.file, message, cure, mark.line + 1, mark.column + 1, text)
