"""Where compiled event loops are kept between runs.

numba's own cache does not notice that a rule in another file has changed, so each folder is named by a hash of everything
that was compiled: the text of all rules, policies and of this package, and the versions of Python, NumPy, numba, llvmlite
and chainsim. A changed rule finds an empty folder. What is loaded from here is code: a folder that is not ours alone is
not used.
"""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import metadata
from pathlib import Path

import numpy as np

import chainsim
from chainsim.engines.compiled.identity import identity_of
from chainsim.version import __version__

log = logging.getLogger(__name__)

COMPILED_FILES = (
    "rules/*.py",
    "policies/*.py",
    "engines/compiled/*.py",
    "engines/pools.py",
    "chance/book.py",
    "chance/streams.py",
    "chance/tables.py",
    "demand/tables.py",
    "plan/tables*.py",
    "record/record.py",
    "record/totals.py",
    "rows.py",
)
"""What compiled code is made of; a test holds it against the functions that are marked for numba."""
KEPT_SECONDS = 30 * 86400.0
"""Folders not used for so long are removed."""


def root() -> Path:
    """The folder of all caches: CHAINSIM_CACHE_DIR, else where the system keeps such things."""
    if os.environ.get("CHAINSIM_CACHE_DIR"):
        return Path(os.environ["CHAINSIM_CACHE_DIR"])
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "chainsim" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "chainsim"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chainsim"


def folder_of(rules: Sequence[Callable[..., float]]) -> Path:
    """The folder of the event loop that knows these rules."""
    return root() / f"compiled-{_common()}-{identity_of(rules)}"


def holds(rules: Sequence[Callable[..., float]]) -> bool:
    """True when the event loop for these rules has been compiled before and can be loaded."""
    folder = folder_of(rules)
    return _ours_alone(folder) and any(folder.rglob("*.nbc"))


def folder_to_use(rules: Sequence[Callable[..., float]]) -> Path | None:
    """The folder of these rules, made when it was not there; None when it cannot be used."""
    folder = folder_of(rules)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        usable = _ours_alone(folder) and os.access(folder, os.W_OK)
    except OSError:
        return None
    return folder if usable else None


@contextmanager
def folder_for(rules: Sequence[Callable[..., float]]) -> Iterator[None]:
    """While an event loop is built: numba's cache folder is the one for these rules. Says so when it takes a while."""
    from numba import config  # numba is loaded only when something is to be compiled

    usable, temporary = folder_to_use(rules), None
    folder = usable or Path(tempfile.mkdtemp(prefix="chainsim-"))
    if usable is None:
        temporary = folder
    if not any(folder.rglob("*.nbc")):
        kept = "once for this version" if usable else f"for this run only, because {folder_of(rules)} cannot be used"
        log.warning("compiling the fast engine, %s: about 10 seconds …", kept)
    before, config.CACHE_DIR = config.CACHE_DIR, str(folder)
    try:
        yield
    finally:
        config.CACHE_DIR = before
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
        else:
            _remove_old(folder)


@cache
def _common() -> str:
    """A hash of what every event loop is made of."""
    digest = hashlib.blake2b(digest_size=12)
    versions = [metadata.version(name) for name in ("numba", "llvmlite")]
    checked = os.environ.get("CHAINSIM_CHECKED", "")
    for text in (__version__, sys.version, platform.machine(), np.__version__, *versions, checked):
        digest.update(f"{text}\n".encode())
    home = Path(chainsim.__file__).parent
    for pattern in COMPILED_FILES:
        for file in sorted(home.glob(pattern)):
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _ours_alone(folder: Path) -> bool:
    """True for a folder that nobody else can write into."""
    if not folder.is_dir():
        return False
    if not hasattr(os, "getuid"):
        return True
    status = folder.stat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _remove_old(current: Path) -> None:
    """Note that this folder was used, and remove those that nobody used for long."""
    try:
        current.touch()
        for folder in current.parent.glob("compiled-*"):
            if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError:  # another process is tidying up, too
        return
