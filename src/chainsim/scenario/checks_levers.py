"""Levers that a scenario asks for: each leads somewhere, and has positions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chainsim.errors import Finding, ScenarioError
from chainsim.scenario.change import change
from chainsim.scenario.draft import Draft
from chainsim.scenario.nodes import Source
from chainsim.scenario.positions import positions_of
from chainsim.scenario.render import escape
from chainsim.scenario.schema_errors import validate
from chainsim.scenario.units import units_of


def levers(draft: Draft) -> None:
    """Paths that lead nowhere, and positions that are none."""
    for i, lever in enumerate(draft.data["levers"] or ()):
        if not isinstance(lever, Mapping):
            continue
        try:
            positions = positions_of(lever)
        except ValueError as error:
            draft.error(
                ("levers", i),
                f"the lever {error}",
                "such as {path: costs.carrying_rate, from: 10% per year, to: 50% per year}",
            )
            continue
        for finding in _findings(draft.source, lever["path"], positions[0]):
            draft.error(("levers", i, "path"), escape(finding.said), finding.cure)


def _findings(source: Source, path: str, value: Any) -> list[Finding]:
    """What would be wrong with a scenario that has this value there."""
    try:
        changed, _ = change(source, {path: value})
    except ScenarioError as error:
        return error.findings
    plain = changed.root.plain()
    return validate(changed, plain, units_of(plain))[1]


CHECKS = (levers,)
