"""A document that is read part by part: where things stand in it, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from chainsim.errors import Finding
from chainsim.scenario.nodes import Node, Source
from chainsim.scenario.nodes import Path as At

T = TypeVar("T")


class Wrong(Exception):
    """Raised by a part of which nothing can be made; what is wrong was kept."""


class Document:
    """What was written, and the findings about it so far."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.findings: list[Finding] = []

    def tried(self, part: Callable[..., T], *given: Any) -> T | None:
        try:
            return part(*given)
        except Wrong:
            return None

    def at(self, at: At) -> Node | None:
        node: Node | None = self.source.root
        for step in at:
            node = node.step(step) if node is not None else None
        return node

    def node(self, key: str) -> Node | None:
        return self.at((key,))

    def plain(self, key: str) -> Any:
        node = self.node(key)
        return None if node is None else node.plain()

    def text(self, key: str) -> str:
        value = self.plain(key)
        if value is not None and not isinstance(value, str):
            self.wrong((key,), "expected a text")
            return ""
        return " ".join((value or "").split())

    def wrong(self, at: At, message: str, cure: str = "", *, key: bool = False) -> Wrong:
        """Keep a finding; to be raised where nothing can be made of what is wrong."""
        self.findings.append(self.source.finding(at, message, cure, at_key=key))
        return Wrong()
