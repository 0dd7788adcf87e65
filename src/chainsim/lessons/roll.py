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
from chainsim.showing import counted

MOST_BYTES = 1_000_000
MOST_STUDENTS = 5000
MOST_TOLD = 10
"""Lines that are wrong, told one by one."""


def students_in(path: Path) -> list[str]:
    """The ids in the column `id` (or `student`), else in the first one. Raises UsageError naming every line that is wrong, of many
    the first."""
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
    found: dict[str, tuple[str, int]] = {}
    wrong: list[str] = []
    for number, row in enumerate(rows, 1):
        if (number == 1 and column is not None) or not any(cell.strip() for cell in row):
            continue
        given = row[column or 0].strip() if len(row) > (column or 0) else ""
        if not given:
            wrong.append(f"line {number}: there is no id")
            continue
        try:
            student = check_id(given)
        except UsageError as error:
            wrong.append(f"line {number}: {error}")
            continue
        before, line = found.setdefault(canonical(student), (student, number))
        if line != number:
            alike = "" if before == student else f" as '{before}'; ids do not differ by case alone"
            wrong.append(f"line {number}: the id '{student}' is there twice, first in line {line}{alike}")
    if len(wrong) == 1:
        raise UsageError(f"{path}, {wrong[0]}")
    if wrong:
        more = [f"and {counted(len(wrong) - MOST_TOLD, 'further line')}"] if len(wrong) > MOST_TOLD else []
        told = "".join(f"\n  {words}" for words in (*wrong[:MOST_TOLD], *more))
        raise UsageError(f"{path} has {len(wrong):,} lines that are wrong:{told}")
    if not 0 < len(found) <= MOST_STUDENTS:
        raise UsageError(f"{path} has {len(found):,} ids; from 1 to {MOST_STUDENTS:,} can be given numbers")
    return [student for student, _ in found.values()]
