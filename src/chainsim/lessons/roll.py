"""The list of students: a CSV table with their ids."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from chainsim.errors import BudgetError, UsageError
from chainsim.lessons.papers import check_id
from chainsim.lessons.sheet import canonical
from chainsim.scenario.files import Refused, read_regular
from chainsim.scenario.read import decode

MOST_BYTES = 1_000_000
MOST_STUDENTS = 5000


def students_in(path: Path) -> list[str]:
    """The ids in the column `id` (or `student`), else in the first one. Raises UsageError naming the line that is wrong."""
    try:
        text = decode(read_regular(path, path.name, MOST_BYTES), path.name)
    except (Refused, BudgetError) as error:
        raise UsageError(f"{path} {error}") from None
    first = text.lstrip().splitlines()[0] if text.strip() else ""
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count), strict=True))
    except csv.Error as error:
        raise UsageError(f"{path} cannot be read as CSV: {error}") from None
    head = [cell.strip().casefold() for cell in rows[0]] if rows else []
    column = next((head.index(name) for name in ("id", "student", "student_id") if name in head), None)
    found: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        if (number == 1 and column is not None) or len(row) <= (column or 0) or not row[column or 0].strip():
            continue
        try:
            student = check_id(row[column or 0].strip())
        except UsageError as error:
            raise UsageError(f"{path}, line {number}: {error}") from None
        if canonical(student) in found:
            raise UsageError(
                f"{path}, line {number}: the id '{student}' is there twice; ids do not differ by case alone"
            )
        found[canonical(student)] = student
    if not 0 < len(found) <= MOST_STUDENTS:
        raise UsageError(f"{path} has {len(found):,} ids; from 1 to {MOST_STUDENTS:,} can be given numbers")
    return list(found.values())
