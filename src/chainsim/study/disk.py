"""Writing that survives a crash: a temporary file, flushed, then renamed over its final name.

Everything chainsim writes into a results folder goes through these few functions, so that a test can make any one of
them fail.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chainsim.errors import OutputError


def write_file(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees all of it or nothing. Raises OSError; no temporary file stays behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # a name of its own: on a shared disk, in containers, processes of the same number write into the same folder
    temporary = path.parent / f".tmp-{os.getpid()}-{os.urandom(4).hex()}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        try:
            write(descriptor, data)
            fsync(descriptor)
        finally:
            os.close(descriptor)
        replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    fsync_folder(path.parent)


def write(descriptor: int, data: bytes) -> None:
    """All of `data`, however many calls it takes."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def fsync(descriptor: int) -> None:
    os.fsync(descriptor)


def replace(source: Path, target: Path) -> None:
    """Rename within one disk, in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(source, target)


def fsync_folder(folder: Path) -> None:
    """Make renames in a folder last; a system that cannot open folders (Windows) needs no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fsync(descriptor)
    finally:
        os.close(descriptor)


def check_writable(folder: Path) -> None:
    """Make a folder and see that it takes files, before work is spent on what could not be kept. Raises OutputError."""
    with told_as_output_error(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


@contextmanager
def told_as_output_error(path: Path, size: int = 0, option: str = "--out") -> Iterator[None]:
    """Turn an OSError into an OutputError that says what to do; `option` names the folder."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            need = f" (about {size / 1e6 + 1:.0f} MB needed)" if size else ""
            raise OutputError(
                f"the disk is full, writing {path}{need}. Make room and run again, with --resume where the command has it: what was written is kept."
            ) from error
        raise OutputError(
            f"cannot write {path}: {error.strerror or error}. Choose another folder with {option}."
        ) from error
