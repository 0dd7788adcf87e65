"""Own shocks that `stress:` names: what each changes is there, and may be so."""

from __future__ import annotations

from chainsim.errors import ScenarioError
from chainsim.scenario.change import change
from chainsim.scenario.draft import Draft
from chainsim.scenario.render import escape
from chainsim.scenario.schema_errors import validate
from chainsim.scenario.units import units_of


def shocks(draft: Draft) -> None:
    """Paths that lead nowhere, and values that cannot be."""
    for name, changes in ((draft.data["stress"] or {}).get("shocks") or {}).items():
        if any(path == "policies" or path.startswith(("policies.", "policies[")) for path in changes):
            draft.error(
                ("stress", "shocks", name),
                "changes a policy, which is no shock of the world",
                "write a policy of its own; or give it with --shocks",
            )
            continue
        try:
            changed, _ = change(draft.source, changes)
            plain = changed.root.plain()
            findings = validate(changed, plain, units_of(plain))[1]
        except ScenarioError as error:
            findings = error.findings
        for finding in findings:
            draft.error(("stress", "shocks", name), escape(finding.said), finding.cure)


CHECKS = (shocks,)
