"""Where words go: results to stdout, everything else to stderr.

Output never fails because of its reader: letters a terminal cannot show are escaped, and a pipe that closes early
(`chainsim list kpis | head -1`) ends the command quietly.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Sequence

from chainsim.showing import clauses


class ReaderGone(Exception):
    """Whoever read our output has closed the pipe; nobody is left to tell."""


def prepare() -> None:
    """Make both streams able to write any text, whatever the locale, and even where there is none (`>&-`)."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 (open as long as we live)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str = "") -> None:
    """Write a line of results to stdout."""
    try:
        sys.stdout.write(text + "\n")
    except BrokenPipeError:
        raise ReaderGone from None


def note(text: str) -> None:
    """Write a line that is not a result to stderr."""
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except BrokenPipeError:
        raise ReaderGone from None


def warn(text: str) -> None:
    """A warning: what is wrong, and below it a line for each further clause."""
    what, *more = clauses(text)
    note(f"warning: {what}")
    for clause in more:
        note(f"  - {clause}")


def passing(text: str) -> None:
    """What goes on at the moment: for whoever watches a terminal; a log does not need it."""
    if sys.stderr.isatty():
        note(text)


def close(code: int) -> int:
    """Flush the streams; the exit code, 0 when the reader of stdout left early."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (BrokenPipeError, ValueError):
            # the interpreter flushes once more at exit, and would complain about the same closed pipe
            _forget(stream)
    return code


def _forget(stream: object) -> None:
    try:
        descriptor = stream.fileno()  # type: ignore[attr-defined]
    except (OSError, ValueError, AttributeError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns; all but the first are right-aligned when they look like numbers.

    >>> print(table(["policy", "cost"], [["jit", "12"], ["eoq", "9"]]))
    policy  cost
    ------  ----
    jit       12
    eoq        9

    A name may begin with a digit:

    >>> print(table(["policy", "cost"], [["95 %", "12"], ["99.5 %", "9"]]))
    policy  cost
    ------  ----
    95 %      12
    99.5 %     9
    """
    cells = [head, *rows]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    numeric = [i > 0 and all(_is_number(row[i]) for row in cells[1:]) for i in range(len(widths))]
    lines = [_line(row, widths, numeric) for row in cells]
    return "\n".join([lines[0], "  ".join("-" * w for w in widths), *lines[1:]])


def definitions(rows: Sequence[tuple[str, str]]) -> str:
    """Names and their meanings, wrapped to the window.

    >>> print(definitions([("jit", "Just in time."), ("eoq", "Economic order quantity.")]))
    jit  Just in time.
    eoq  Economic order quantity.
    """
    indent = max((_width(name) for name, _ in rows), default=0) + 2
    width = max(shutil.get_terminal_size((100, 24)).columns, indent + 30)
    return "\n".join(
        textwrap.fill(meaning, width, initial_indent=name.ljust(indent), subsequent_indent=" " * indent)
        for name, meaning in rows
    )


def _line(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    padded = []
    for cell, width, right in zip(row, widths, numeric, strict=True):
        gap = " " * (width - _width(cell))
        padded.append(gap + cell if right else cell + gap)
    return "  ".join(padded).rstrip()


def _is_number(cell: str) -> bool:
    return cell[:1].isdigit() or cell[:1] in ("−", "-", "–", "+", "")


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) != 0 for c in text)
