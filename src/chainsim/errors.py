"""What can go wrong, in one place: findings for the user, and the exit code each error carries.

A `Finding` says where, what was found, what was expected and what to do. Checks return findings; the command
line shows all of them at once. Exit codes are those of the reliability contract: 0 done, 1 our own bug,
2 scenario or usage, 3 a budget was hit or an optional part is missing, 4 output or disk, 130 interrupted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

SHEET = re.compile(r"\.xls[xm]!", re.IGNORECASE)
"""Between the name of a workbook and that of its sheet: `book.xlsx!Items`."""


def letters_of(column: int) -> str:
    """What a spreadsheet calls a column, counted from 1.

    >>> letters_of(2), letters_of(28)
    ('B', 'AB')
    """
    letters = ""
    while column > 0:
        column, digit = divmod(column - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


@dataclass(frozen=True)
class Place:
    """A place in a text file or in a sheet of a workbook; line and column count from 1, 0 when unknown.

    >>> str(Place("grocer.yaml", 7, 3)), str(Place("book.xlsx!Items", 7, 2)), str(Place("book.xlsx!Items", 7))
    ('grocer.yaml:7:3', 'book.xlsx!Items!B7', 'book.xlsx!Items, row 7')
    """

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if SHEET.search(self.file):
            row = f", row {self.line}" if self.line else ""
            return f"{self.file}!{letters_of(self.column)}{self.line}" if row and self.column else self.file + row
        parts = [self.file or "<scenario>"]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


@dataclass(frozen=True)
class Finding:
    """One thing a person should know about their input.

    path: the key's path in the scenario ('policies.s_Q.quantity'); '' where it is about none, such as a file.
    message: what was found and what was expected; cure: what to do (may be empty).
    source_line: the offending line's text, shown with a caret under the column.
    budget: not a mistake, but more than chainsim can run.
    """

    severity: Literal["error", "warning"]
    where: Place
    path: str
    message: str
    cure: str = ""
    source_line: str = ""
    budget: bool = False

    @property
    def said(self) -> str:
        """The message after the key's path, where it is about a key.

        >>> Finding("error", Place("book.xlsx"), "", "has no sheet 'Itms'").said
        "has no sheet 'Itms'"
        """
        return f"{self.path}: {self.message}" if self.path else self.message

    def __str__(self) -> str:
        joint = "" if not self.cure else " " if self.cure.startswith("(") else "; "
        return f"{self.where}: {self.severity}: {self.said}{joint}{self.cure}"


class ChainsimError(Exception):
    """Any error chainsim raises on purpose."""

    exit_code = 1


class ScenarioError(ChainsimError):
    """The scenario (or a table it names) cannot be run; carries every finding.

    The exit code is that of a budget when nothing is wrong but the size.
    """

    exit_code = 2

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        if findings and all(f.budget for f in findings):
            self.exit_code = BudgetError.exit_code
        super().__init__("\n".join(map(str, findings)))


class UsageError(ChainsimError):
    """A call or a command that cannot mean anything."""

    exit_code = 2


class BudgetError(ChainsimError):
    """A budget (events, memory, time) would be or was exceeded; says which and what to change."""

    exit_code = 3


class MissingPartError(ChainsimError):
    """An optional part is not installed; says how to get it."""

    exit_code = 3


class OutputError(ChainsimError):
    """The results folder cannot be written or read."""

    exit_code = 4


class ConservationError(ChainsimError):
    """Units appeared or vanished: a bug of ours, with the trace to find it."""

    exit_code = 1
