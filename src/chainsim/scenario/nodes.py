"""Values with the place they were written at, and findings about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from chainsim.errors import Finding, Place

Path = tuple[str | int, ...]
MOST_FINDINGS = 20
"""So many findings are told at once."""


@dataclass(slots=True)
class Node:
    """A scalar, a dict of nodes or a list of nodes; line and column count from 1.

    keys: place of each key of a mapping. file: another file than the scenario's (a table), else ''.
    """

    value: Any
    line: int = 0
    column: int = 0
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    file: str = ""
    index: int | None = None  # place in its list before others were left out

    def step(self, step: str | int) -> Node | None:
        """What a key or an index leads to, None when it leads nowhere."""
        if isinstance(self.value, dict):
            return self.value.get(step)
        if isinstance(self.value, list) and isinstance(step, int) and 0 <= step < len(self.value):
            inner: Node = self.value[step]
            return inner
        return None

    def plain(self) -> Any:
        """The value as plain dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


@dataclass
class Source:
    """A scenario's text, its tree of nodes, and how to point into it."""

    file: str
    lines: list[str]
    root: Node

    def finding(
        self,
        path: Path,
        message: str,
        cure: str = "",
        *,
        severity: Literal["error", "warning"] = "error",
        at_key: bool = False,
        budget: bool = False,
    ) -> Finding:
        """A finding at the value of `path` (at its key with `at_key`); if there is none, at the key holding it."""
        node = self.root
        key = place = (node.line, node.column)
        said = list(path)
        for depth, step in enumerate(path):
            inner = node.step(step)
            if inner is None:
                place = key
                break
            place = (inner.line, inner.column)
            key = node.keys.get(str(step), place)
            node = inner
            if inner.index is not None:
                said[depth] = inner.index
        line, column = key if at_key else place
        text = self.lines[line - 1] if not node.file and 0 < line <= len(self.lines) else ""
        where = Place(node.file or self.file, line, column)
        return Finding(severity, where, written(tuple(said)), message, cure, text, budget)

    def has(self, path: Path) -> bool:
        """Was something written at this path?"""
        node: Node | None = self.root
        for step in path:
            node = node.step(step) if node else None
        return node is not None


def written(path: Path) -> str:
    """A path as people write it.

    >>> written(("lanes", 1, "to"))
    'lanes[1].to'
    """
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else (f".{step}" if text else step)
    return text


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """In order of place; the same thing is said once."""
    unique = dict.fromkeys(findings)
    return sorted(unique, key=lambda f: (f.where.file, f.where.line, f.where.column, f.path, f.message))
