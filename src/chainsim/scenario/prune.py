"""What can still be read of a file with mistakes, so that one mistake does not hide the others."""

from __future__ import annotations

import itertools
from copy import deepcopy
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from chainsim.scenario.nodes import Node, Path, Source
from chainsim.scenario.schema import adapter
from chainsim.scenario.schema_errors import locate
from chainsim.scenario.units import Units

ROUNDS = 5
_STAND_INS = {"chainsim": 1, "title": "untitled"}


def prune(source: Source, units: Units) -> tuple[Source, dict[str, Any]] | None:
    """The file without what is wrong in it, and its validated form; None when too little is left.

    What is left out is the wrong value itself, or the entry that lacks a key. List items keep their index for messages.
    """
    if not isinstance(source.root.value, dict):
        return None
    root = deepcopy(source.root)
    _number(root)
    for key, value in _STAND_INS.items():
        root.value.setdefault(key, Node(value, 1, 1))
    for _ in range(ROUNDS):
        try:
            data: dict[str, Any] = adapter().validate_python(root.plain(), context=units)
            return replace(source, root=root), data
        except ValidationError as error:
            victims = {_victim(item) for item in error.errors(include_url=False)}
        if () in victims:
            return None
        for path in sorted(
            victims, key=lambda path: [(isinstance(s, str), str(s).zfill(9)) for s in path], reverse=True
        ):
            _remove(root, path)
    return None


def _number(node: Node) -> None:
    """Let every list item remember its index."""
    if isinstance(node.value, list):
        for i, item in enumerate(node.value):
            item.index = i
    for inner in (
        node.value.values() if isinstance(node.value, dict) else node.value if isinstance(node.value, list) else ()
    ):
        _number(inner)


def _victim(item: Any) -> Path:
    path, _, _ = locate(item["loc"])
    return path[:-1] if item["type"] == "missing" else path


def _remove(root: Node, path: Path) -> None:
    """Take out what the path leads to, or the nearest thing that is there and holds it."""
    holder, last = root, path[0]
    for step, following in itertools.pairwise(path):
        inner = holder.step(step)
        if inner is None or inner.step(following) is None:
            last = step
            break
        holder, last = inner, following
    if holder.step(last) is not None:
        del holder.value[last]
