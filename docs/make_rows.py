"""Writes src/chainsim/rules/rows.py, and rows_terms.py beside it, from the field tables: what a rule may read and write of a row, for the type checker.

    python docs/make_rows.py

A test fails when a file is out of step.
"""

from __future__ import annotations

from pathlib import Path

from chainsim.demand.tables import CUSTOMER
from chainsim.plan.tables import CLAIM, FLOW, LANE, LOT, OUTAGE, PAGE, POINT, RESOURCE, SHIPMENT
from chainsim.plan.tables_ages import AGING
from chainsim.plan.tables_bills import ASSEMBLY, DESK, INPUT
from chainsim.plan.tables_calendars import OPENING
from chainsim.plan.tables_records import LEDGER
from chainsim.plan.tables_terms import BREAK, TERMS
from chainsim.rows import Table

HOME = Path(__file__).resolve().parents[1] / "src" / "chainsim" / "rules" / "rows.py"
TABLES = (
    POINT,
    PAGE,
    LANE,
    INPUT,
    ASSEMBLY,
    DESK,
    CLAIM,
    SHIPMENT,
    LOT,
    RESOURCE,
    OUTAGE,
    FLOW,
    LEDGER,
    AGING,
    OPENING,
    CUSTOMER,
)
OF_TERMS = (TERMS, BREAK)
TYPES = {"i8": "int", "u8": "int", "f8": "float"}
HEAD = '''"""What a rule sees of a row: one Protocol for each field table. Units and meanings: `plan.tables`, `demand.tables`.

Made from these tables by `python docs/make_rows.py`; do not edit.
"""

from __future__ import annotations

from typing import Protocol
'''
TERMS_HOME = HOME.with_name("rows_terms.py")
ALSO = """
from chainsim.rules.rows_terms import Break as Break
from chainsim.rules.rows_terms import Terms as Terms
"""


def stub() -> str:
    """The whole module as text."""
    return HEAD + ALSO + "".join(_protocol(table) for table in TABLES)


def stub_of_terms() -> str:
    """The module of terms of supply as text."""
    return HEAD + "".join(_protocol(table) for table in OF_TERMS)


def _protocol(table: Table) -> str:
    columns = "\n".join(f"    {c.name}: {TYPES[c.type]}" for c in table.columns)
    return f"\n\nclass {table.name}(Protocol):\n{columns}\n"


if __name__ == "__main__":
    HOME.write_text(stub(), "utf-8", newline="\n")
    TERMS_HOME.write_text(stub_of_terms(), "utf-8", newline="\n")
