"""Known answers: cases whose right result is known, run through theory and simulation to prove this installation.

`verify(choose([...]), level="quick", engines=["simpy"])` gives one row per comparison; `chainsim verify` prints them, and writes
them as a table and a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainsim.verify.cases import Case, Reading, cases, choose, scenario_path
from chainsim.verify.rows import Row, Summary, as_csv, summarise

if TYPE_CHECKING:
    from chainsim.verify.verifying import verify

__all__ = ["Case", "Reading", "Row", "Summary", "as_csv", "cases", "choose", "scenario_path", "summarise", "verify"]


def __getattr__(name: str) -> Any:
    # loaded when asked for: the page of a run asks `verify.passed` alone, and need not pay for all of theory
    if name == "verify":
        from chainsim.verify.verifying import verify

        return verify
    raise AttributeError(f"module 'chainsim.verify' has no attribute '{name}'")
