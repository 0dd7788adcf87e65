"""Opening the files a scenario names: regular files inside its own folder, nothing else, never blocking.

A scenario may come from a stranger, so a `file:` cannot point outside the scenario's folder, through a link or
otherwise, and no message repeats what stands in a file that was refused.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from chainsim.errors import SHEET, BudgetError

MAX_TABLE_BYTES = 64_000_000
SMALL_BYTES = 1_000_000
"""Tables up to this size are kept beside the results made from them."""
_FOREIGN = re.compile(r"^(?:[A-Za-z]:|[A-Za-z][A-Za-z0-9+.-]*://|file:|[~/\\$])|[\\\x00]")


class Refused(ValueError):
    """A file that is not read: why, and what to do."""

    def __init__(self, message: str, cure: str = "") -> None:
        self.message, self.cure = message, cure
        super().__init__(message)


@dataclass
class Files:
    """The tables beside a scenario. `folder` None: there is no folder, and every file is refused."""

    folder: Path | None
    anywhere: bool = False
    max_bytes: int = MAX_TABLE_BYTES
    hashes: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    """Those that were read."""
    _read: dict[str, bytes] = field(default_factory=dict)

    def understood(self, name: str, words: Sequence[str]) -> None:
        """Keep, to be told, how a table was read."""
        if words:
            self.notes.append(f"{name}: {', '.join(words)}")

    def read(self, name: str) -> bytes:
        """The bytes of a file named in the scenario. Raises Refused, or BudgetError when it is too long."""
        name = book_of(name)
        if name not in self._read:
            data = read_regular(self._path(name), name, self.max_bytes)
            self._read[name], self.hashes[name] = data, sha256(data).hexdigest()
            self.named.add(name)
        return self._read[name]

    def hash_of(self, name: str) -> str:
        """sha256 of a file that was read."""
        return self.hashes[book_of(name)]

    def small(self, name: str) -> bytes:
        """The bytes of a table that was read, if they are few."""
        data = self._read[book_of(name)]
        return data if len(data) <= SMALL_BYTES else b""

    def _path(self, name: str) -> str:
        if self.folder is None:
            raise Refused("the scenario has no folder, so it cannot name files")
        if self.anywhere:
            return os.path.join(self.folder, os.path.expanduser(name))
        parts = name.split("/")
        if _FOREIGN.search(name) or ".." in parts:
            raise Refused("files must lie under the scenario's folder", "give a path relative to the scenario")
        root = os.path.realpath(self.folder)
        real = os.path.realpath(os.path.join(root, name))
        if os.path.commonpath([root, real]) != root:
            raise Refused("files must lie under the scenario's folder; this link leads out of it")
        here = root
        for part in parts:
            if part in ("", "."):
                continue
            try:
                known = os.listdir(here)
            except OSError:
                known = []
            if part not in known:
                raise Refused(f"no file of this name beside the scenario: '{name}'", _other_case(part, known))
            here = os.path.join(here, part)
        return real


def book_of(name: str) -> str:
    """The file that a name means; a workbook's sheet stands behind an exclamation mark.

    >>> book_of("plan/book.xlsx!Items"), book_of("items.csv")
    ('plan/book.xlsx', 'items.csv')
    """
    return name[: found.end() - 1] if (found := SHEET.search(name)) else name


def sheet_of(name: str) -> str:
    """The sheet that a name means; '' where it names none.

    >>> sheet_of("book.xlsx!Items"), sheet_of("book.xlsx")
    ('Items', '')
    """
    return name[found.end() :] if (found := SHEET.search(name)) else ""


def _other_case(part: str, known: list[str]) -> str:
    from chainsim.registry import did_you_mean

    return did_you_mean(part, known).strip(" ()")


def read_regular(path: str | os.PathLike[str], name: str, max_bytes: int) -> bytes:
    """The bytes of a regular file; the descriptor that was opened is what is examined. Raises Refused."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        descriptor = os.open(path, flags)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a possible name"
        raise Refused(f"cannot be opened: {reason}") from None
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise Refused("is not a regular file")
        with os.fdopen(descriptor, "rb", closefd=False) as opened:
            data = opened.read(max_bytes + 1) if state.st_size <= max_bytes else b""
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}") from None
    finally:
        os.close(descriptor)
    length = max(state.st_size, len(data))
    if length > max_bytes:
        raise BudgetError(f"{name}: {length:,} bytes; at most {max_bytes:,} are read")
    return data
