"""The tables whose totals a Record keeps, as they stood at the end of the warm-up and at the end of the run."""

from __future__ import annotations

from chainsim.plan.tables import LANE, POINT, RESOURCE
from chainsim.plan.tables_ages import AGING
from chainsim.plan.tables_bills import ASSEMBLY
from chainsim.plan.tables_records import LEDGER
from chainsim.plan.tables_terms import TERMS
from chainsim.rows import Table

TOTALS: dict[str, Table] = {
    "points": POINT,
    "lanes": LANE,
    "resources": RESOURCE,
    "assemblies": ASSEMBLY,
    "ledgers": LEDGER,
    "agings": AGING,
    "terms": TERMS,
}
"""By the name of the rows in the Plan, in the world of a replication and in its Record."""
