"""Pools of rows that come and go, described once: both engines' hooks, and room for them in compiled memory and in a page.

A row of a pool is taken and given back while a replication runs. Compiled code makes nothing: before each event it looks whether
every pool has the rows that one event may need at most, and comes back for more when one has not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, NamedTuple

from chainsim.engines.compiled.ahead import FAR
from chainsim.plan.plan import Plan
from chainsim.plan.tables import CLAIM, LOT, SHIPMENT
from chainsim.rows import Column as C
from chainsim.rows import Table

CALENDAR = Table(
    "Calendar",
    (
        C("at", "i8", "tick"),
        C("key", "i8", "order within the instant: rules.calendar.key_of"),
        C("what", "i8", "kind of happening, row it is about, and for patience the number of the claim"),
    ),
)

LINE = Table(
    "Line",
    (
        C("tick", "i8", "see record.Event"),
        C("phase", "i8", ""),
        C("kind", "i8", ""),
        C("point", "i8", ""),
        C("lane", "i8", ""),
        C("quantity", "f8", ""),
        C("on_hand", "f8", ""),
        C("on_order", "f8", ""),
        C("backorders", "f8", ""),
        C("claim", "i8", ""),
        C("shipment", "i8", ""),
    ),
)


class Pool(NamedTuple):
    """One pool.

    name: of its table in the world; `{name}_used` rows of it are or were in use. row: the name of one, for the hooks new_{row}
    and free_{row}, which use rows again, so that free_{name} lists those given back; '': rows are never given back.
    need: rows that one event may take at most, beside `per_claim` for each claim in use; and, where jobs wait for components,
    `per_job` for each that may be one of them (a release may part every job in two), times the lines of all bills with `per_input`
    as well. room: rows there are at first.
    beside: lists as long as the table. numbered: rows are numbered as they are taken, -1 when they are not in use.
    when: the pool is used only when this number of the world is 1; '': always.
    """

    name: str
    table: Table
    row: str
    need: Callable[[Plan], int]
    room: Callable[[Plan], int]
    per_claim: int = 0
    per_job: int = 0
    per_input: bool = False
    beside: tuple[str, ...] = ()
    numbered: bool = False
    when: str = ""

    @property
    def arrays(self) -> tuple[str, ...]:
        """Its table and lists, which are of one length."""
        return self.name, *self.beside, *((f"free_{self.name}",) if self.row else ())

    @property
    def counts(self) -> tuple[str, ...]:
        """Its numbers that are 0 at the beginning."""
        used = (f"{self.name}_used", *((f"free_{self.name}_used",) if self.row else ()))
        return (*used, f"{self.row}_numbers") if self.numbered else used

    @property
    def needed(self) -> str:
        """The number in the world that says what one event may need."""
        return f"{self.name}_needed"

    def is_full(self, numbers: Mapping[str, int], rows: int) -> bool:
        """True when the next event might need more rows than there are: `no_room`, as seen from outside."""
        claims = numbers["claims_used"] - numbers["free_claims_used"]
        wanted = numbers[f"{self.name}_used"] + self.per_claim * claims + numbers[self.needed]
        if numbers["desks"] > 0:
            wanted += claims * (self.per_job + (numbers["inputs"] if self.per_input else 0))
        return wanted > rows and (not self.when or numbers[self.when] == 1)


def _machines(plan: Plan) -> int:
    return int(plan.resources["machines"].sum())


def _places(plan: Plan) -> int:
    return len(plan.points) + len(plan.lanes) + len(plan.resources) + len(plan.desks)


def _claims(plan: Plan) -> int:
    return 64 + len(plan.lanes) + len(plan.first_orders)


POOLS = (
    Pool(
        "claims",
        CLAIM,
        "claim",
        lambda plan: 2 + FAR + int(plan.points["sources"].max(initial=0)) + len(plan.first_orders),
        _claims,
        per_job=1,
        beside=("chosen",),
        numbered=True,
    ),
    Pool(
        "shipments",
        SHIPMENT,
        "shipment",
        lambda plan: 2 + _machines(plan) + len(plan.first_shipments),
        lambda plan: 2 * _claims(plan) + _machines(plan) + len(plan.first_shipments) + 16,
        per_claim=1,
        per_job=1,
    ),
    Pool(
        "lots",
        LOT,
        "lot",
        lambda plan: 1,
        lambda plan: 2 + 8 * int((plan.points["lifetime"] > 0).sum()),
    ),
    Pool(
        "calendar",
        CALENDAR,
        "",
        lambda plan: 16 + _machines(plan) + 5 * _places(plan) + len(plan.outages),
        lambda plan: (
            3 * _claims(plan) + _machines(plan) + 5 * _places(plan) + len(plan.customers) + len(plan.outages) + 64
        ),
        per_claim=1,
        per_job=1,
    ),
    Pool(
        "lines",
        LINE,
        "",
        lambda plan: 16 + 4 * _places(plan),
        lambda plan: 1024,
        per_claim=2,
        per_job=2,
        per_input=True,
        when="logging",
    ),
)


Hook = Callable[[int], None]


def pool(name: str, *beside: list[int]) -> tuple[list[Any], Callable[[], int], Hook]:
    """A pool on the reference engine, empty: its rows, new_{row} and free_{row}. beside: the lists of `Pool.beside`.

    >>> lots, new_lot, free_lot = pool("lots")
    >>> [new_lot(), new_lot(), free_lot(0), new_lot(), len(lots)]
    [0, 1, None, 0, 2]
    """
    described = next(pool for pool in POOLS if pool.name == name)
    table, numbered = described.table, described.numbered
    rows: list[Any] = []
    free: list[int] = []
    numbers = count(1)

    def take() -> int:
        if free:
            k = free.pop()
        else:
            k = len(rows)
            rows.append(table.row())
            for others in beside:
                others.append(-1)
        if numbered:
            rows[k].number = next(numbers)
        return k

    def give_back(k: int) -> None:
        if numbered:
            rows[k].number = -1
        free.append(k)

    return rows, take, give_back
