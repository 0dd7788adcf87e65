"""What was written, before anything of it is understood: the tree with its places, and where the tables it names lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from chainsim.errors import Finding, Place, ScenarioError
from chainsim.scenario.change import change, steps_of
from chainsim.scenario.factor import factor_in
from chainsim.scenario.files import Files
from chainsim.scenario.inline import inline_tables
from chainsim.scenario.nodes import MOST_FINDINGS, Node, Source, in_order
from chainsim.scenario.render import escape


@dataclass(frozen=True)
class Written:
    """A scenario as it is written; `scenario.load.read` makes the Scenario of it.

    folder: where its tables lie; None: it cannot name any. files_anywhere: they may lie outside of it.
    notes: how the tables that became part of the tree were read. changes: what was changed of it since, as plain data.
    first: what it was before them; None where nothing was changed. named: tables that were read so far, by name.
    """

    source: Source
    folder: Path | None = None
    files_anywhere: bool = False
    notes: tuple[str, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)
    first: Written | None = None
    named: set[str] = field(default_factory=set, compare=False)

    def files(self) -> Files:
        """The tables beside it."""
        return Files(self.folder, self.files_anywhere, notes=list(self.notes), named=self.named)

    def inlined(self) -> Written:
        """The same with item masters and lanes of tables in it. Raises ScenarioError: what a table would have held is not
        known, and no more can be said."""
        files = self.files()
        source = replace(self.source, root=_copied(self.source.root))
        findings = inline_tables(source, files)
        if findings:
            raise ScenarioError(in_order(findings)[:MOST_FINDINGS])
        return replace(self, source=source, notes=tuple(files.notes))

    def with_(self, changes: Mapping[str, Any]) -> Written:
        """The same with some values replaced, by their paths (`scenario.change`). Raises ScenarioError; also for a factor of
        what was changed before: a factor is of what is written in the beginning, so that all changes can be told at once."""
        again = [path for path in changes if path in self.changes and factor_in(changes[path]) is not None]
        if again:
            before = self.changes[again[0]]
            message = f"a factor of what was changed before, to {before!r}"
            raise ScenarioError(
                [Finding("error", Place(self.source.file), escape(again[0]), message, "give both changes as one value")]
            )
        source, plain = change(self.source, changes)
        kept = {path: value for path, value in self.changes.items() if path not in plain}
        return replace(self, source=source, changes={**kept, **plain}, first=self.first or self).inlined()

    def planned(self) -> Written:
        """What its policies know where they do not know of its changes: as it was at first, with what was changed of the
        policies themselves."""
        own = {path: value for path, value in self.changes.items() if steps_of(path)[0] == "policies"}
        first = self.first or self
        return first.with_(own) if own else first


def _copied(node: Node) -> Node:
    """A node of its own with the same content; what it holds is shared."""
    return replace(node, value=dict(node.value) if isinstance(node.value, dict) else node.value, keys=dict(node.keys))
