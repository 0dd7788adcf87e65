"""Operations of a planner's workbook: what is made where, how long it takes, of what.

A routing takes as long as its steps together; the options of an alternate or a split operation are ways of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from chainsim.imports.book import Books, Line, duration
from chainsim.scenario.render import escape

BILLS = True
"""Is what operations make made at their location, of its materials? Else it comes from a source that never runs out."""


@dataclass(frozen=True)
class Made:
    """One way of making an item at a location. share: of the orders, where several ways split them."""

    name: str
    item: str
    location: str
    days: float
    line: Line
    priority: float = 1.0
    share: float | None = None
    parts: dict[str, float] = field(default_factory=dict)


def operations_of(books: Books, unit: float) -> list[Made]:
    """All ways of making something. unit: days in a bare number of a duration."""
    lines = {line.text("name"): line for line in books.of("operation") if line.text("name")}
    steps: dict[str, list[Line]] = defaultdict(list)
    for line in lines.values():
        if line.text("owner"):
            steps[line.text("owner")].append(line)
    for owner, inner in steps.items():
        if owner not in lines:
            books.told.refuse(inner[0].at("owner"), f"no operation is called '{escape(owner[:40])}'")
    materials: dict[str, list[Line]] = defaultdict(list)
    for line in books.of("operation material"):
        if line.text("operation") not in lines:
            message = f"no operation is called '{escape(line.text('operation')[:40])}'"
            books.told.refuse(line.at("operation"), message)
        materials[line.text("operation")].append(line)
    return [
        made
        for name, line in lines.items()
        if not line.text("owner")
        for made in _ways(books, line, steps.get(name, []), materials, unit)
    ]


def _ways(books: Books, line: Line, steps: list[Line], materials: dict[str, list[Line]], unit: float) -> Iterator[Made]:
    kind = line.text("type").lower() or "fixed_time"
    told = books.told
    if kind not in ("fixed_time", "time_per", "routing", "alternate", "split"):
        told.refuse(
            line.at("type"),
            f"operations of type '{escape(kind[:40])}' are not known",
            "known: fixed_time, time_per, routing, alternate, split",
        )
        return
    ways = [[option] for option in steps] if kind in ("alternate", "split") else [[line, *steps]]
    total = sum(option.number_in("priority", told, 1.0) for option in steps) if kind == "split" else 0.0
    for parts_of in ways:
        every = parts_of if line in parts_of else [line, *parts_of]
        used = [one for part in every for one in materials.get(part.text("name"), [])]
        quantities = [(one, one.number_in("quantity", told, 1.0)) for one in used]
        outputs = {one.text("item") for one, quantity in quantities if quantity > 0}
        item = next((part.text("item") for part in every if part.text("item")), "") or (
            outputs.pop() if len(outputs) == 1 else ""
        )
        where = next((part.text("location") for part in every if part.text("location")), "")
        if not item:
            told.leave_out(
                "operations that make nothing, such as deliveries: customers are served from stock", line.at("name")
            )
            continue
        if not where:
            told.refuse(
                line.at("location") if "location" in line.columns else line.at(), "the operation names no location"
            )
            continue
        days = sum(_lasts(books, part, unit) for part in parts_of)
        yield Made(
            name=parts_of[0].text("name"),
            item=item,
            location=where,
            days=days,
            line=parts_of[0],
            priority=parts_of[0].number_in("priority", told, 1.0),
            share=parts_of[0].number_in("priority", told, 1.0) / total if total > 0 else None,
            parts=_parts(books, quantities),
        )


def _lasts(books: Books, line: Line, unit: float) -> float:
    """Days from start to end of the smallest lot."""
    told = books.told
    days, each = (duration(line, column, unit, told) for column in ("duration", "duration per unit"))
    if each <= 0 or line.text("type").lower() == "fixed_time":
        return days
    lot = max(line.number_in("size minimum", told, 1.0), 1.0)
    told.guess(
        "an operation that takes time per unit takes that of its smallest lot (size minimum, else 1 unit)",
        line.at("duration per unit"),
    )
    return days + each * lot


def _parts(books: Books, quantities: list[tuple[Line, float]]) -> dict[str, float]:
    """Components of one unit."""
    parts: dict[str, float] = {}
    first: dict[str, Line] = {}
    for line, _ in quantities:
        group, priority = line.text("name"), line.number_in("priority", books.told, 1.0)
        if group and (group not in first or priority < first[group].number_in("priority", books.told, 1.0)):
            first[group] = line
    for line, quantity in quantities:
        if line.text("name") and first[line.text("name")] is not line:
            books.told.leave_out("materials that may be used instead of others: the first is", line.at("item"))
        elif quantity < 0:
            parts[line.text("item")] = parts.get(line.text("item"), 0.0) - quantity
            if not BILLS:
                books.told.leave_out("materials of operations: what is made needs no parts", line.at("item"))
        elif quantity not in (0.0, 1.0):
            books.told.refuse(
                line.at("quantity"),
                f"an operation makes {quantity:g} units at a time, not 1",
                "give quantities for 1 unit",
            )
    return parts
