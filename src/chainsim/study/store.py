"""The results folder on disk: one writer, finished blocks kept as they come, results swapped in whole.

A folder is complete when it has a `manifest.json`, which is written last and holds the sha256 of every file. New
results are first written beside the old ones and then renamed into place; when anything fails, the old ones are put
back. Finished blocks stay in `.blocks` (data only, never pickle; the file's name holds its sha256), so that a run can
be resumed or given more replications.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
import socket
import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from chainsim.errors import OutputError
from chainsim.study import disk
from chainsim.study.opening import MOST_MANIFEST, read_file

log = logging.getLogger(__name__)
T = TypeVar("T")
PLANNED = "planned.yaml"
"""The scenario that the policies believe in, where it is not the one that happens."""
MANIFEST = "manifest.json"
FORMAT = 2  # of the tables: ratios are estimated as sums over sums since 2
LOCK, BLOCKS, NEW, OLD = ".lock", ".blocks", ".new", ".old"
RUN, CALIBRATION, SHARDS = "run.json", "calibration.json", "shards.json"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)?")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def json_bytes(value: Any) -> bytes:
    """JSON that any reader accepts: no NaN, characters as they are, a final newline."""
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def sealed(value: Any) -> bytes:
    """JSON with its own hash: a flipped bit that leaves good JSON would change results without a word."""
    return json_bytes({"sha256": sha256(json_bytes(value)), "sealed": value})


def unsealed(path: Path) -> Any:
    """What was sealed in a file; None where there is none, or it is not what was written.

    >>> unsealed(Path("nowhere"))
    """
    try:
        found = json.loads(read_file(path, MOST_MANIFEST))
        return found["sealed"] if found["sha256"] == sha256(json_bytes(found["sealed"])) else None
    except (OSError, OutputError, ValueError, TypeError, KeyError, RecursionError):
        return None


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder, None when it has none. Raises OutputError when it cannot be understood."""
    try:
        data = read_file(folder / MANIFEST, MOST_MANIFEST)
    except FileNotFoundError:
        return None
    try:
        manifest = json.loads(data)
        files = manifest["files"]
        sound = manifest["format"] == FORMAT and all(
            _NAME.fullmatch(n) and isinstance(h, str) for n, h in files.items()
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise OutputError(f"{folder / MANIFEST} is damaged. Run the scenario again with --overwrite.") from error
    if not sound:
        raise OutputError(
            f"{folder / MANIFEST} was not written by this version of chainsim. Run again with --overwrite."
        )
    return dict(manifest)


class Folder:
    """A results folder that this process alone may write; see `opened`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.blocks = path / BLOCKS

    def begin(
        self, identity: Mapping[str, Any], replications: int | Sequence[str], *, overwrite: bool, resume: bool
    ) -> None:
        """Make the folder this run's. Raises OutputError when it holds something else and `overwrite` is not given.

        identity: what makes results comparable (scenario, seed, versions). replications: how many, or the precision asked for.
        """
        manifest = read_manifest(self.path) if not overwrite else None
        if manifest is not None:
            self._same(manifest.get("identity", {}), identity)
            asked = (manifest.get("precision") or {}).get("asked")
            there = manifest.get("replications") if isinstance(replications, int) else asked
            if there != replications and not resume:
                raise OutputError(
                    f"{self.path} holds results of {manifest.get('replications')} replications. Pass --resume to "
                    "extend them, --overwrite to replace them, or another folder with --out."
                )
        if (self.blocks / SHARDS).exists() and not resume and not overwrite:
            raise OutputError(
                f"{self.path} holds shards (made with --shard K/N), which a run from the start would throw away. `chainsim merge` puts "
                "them together. Pass --resume to use what they have done, --overwrite to throw it away, or another folder with --out."
            )
        begun = self.begun()
        if resume and begun is not None and not overwrite:
            self._same(begun, identity)
        elif manifest is None and begun is None and not overwrite:
            self._refuse_foreign_files()
        with disk.told_as_output_error(self.path):
            if not resume or begun != dict(identity):
                shutil.rmtree(self.blocks, ignore_errors=True)
            disk.write_file(self.blocks / RUN, json_bytes(dict(identity)))

    def commit(self, files: Mapping[str, bytes], manifest: dict[str, Any]) -> None:
        """Swap `files` and the manifest in; files of the old manifest that the new one does not name go away."""
        new, old = self.path / NEW, self.path / OLD
        before = read_manifest_or_nothing(self.path)
        size = sum(len(data) for data in files.values())
        with disk.told_as_output_error(self.path, size):
            try:
                shutil.rmtree(new, ignore_errors=True)
                for name, data in files.items():
                    disk.write_file(new / name, data)
                disk.write_file(new / MANIFEST, json_bytes(manifest))
                gone = [n for n in before if n in files or n not in manifest["files"]]
                for name in [MANIFEST, *gone, *(n for n in files if n not in before)]:
                    if (self.path / name).exists():
                        disk.replace(self.path / name, old / name)
                for name in [*files, MANIFEST]:
                    disk.replace(new / name, self.path / name)
                disk.fsync_folder(self.path)
            except BaseException:
                self.roll_back()
                raise
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)

    def keep(self, tables: Mapping[str, bytes], ours: Container[str]) -> dict[str, str]:
        """Put the scenario's own tables beside the results, so that scenario.yaml runs; name → sha256 of those put.

        Tables in folders of their own stay where they are, and no file that somebody else put here is touched: the
        results may lie in the scenario's own folder. `ours`: names of the results' own files.
        """
        try:
            before = (read_manifest(self.path) or {}).get("tables", {})
        except OutputError:
            before = {}
        kept = {}
        for name, data in tables.items():
            there = self.path / name
            free = not there.exists() or sha256(there.read_bytes()) == before.get(name)
            if data and free and "/" not in name and "\\" not in name and name not in ours:
                with disk.told_as_output_error(self.path, len(data)):
                    disk.write_file(there, data)
                kept[name] = sha256(data)
        return kept

    def roll_back(self) -> None:
        """Put old results back after a swap that did not finish (in this process or in one that was killed)."""
        new, old = self.path / NEW, self.path / OLD
        if (self.path / MANIFEST).exists():  # nothing was moved yet, or everything was
            moved: list[Path] = []
        else:
            moved = [p.relative_to(old) for p in sorted(old.rglob("*")) if p.is_file() and p.name != MANIFEST]
            for name in moved:
                os.replace(old / name, self.path / name)
            if (old / MANIFEST).exists():
                os.replace(old / MANIFEST, self.path / MANIFEST)
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)

    def keep_calibration(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Keep the corrections of derived levels beside the blocks that were simulated with them."""
        if entries:
            with disk.told_as_output_error(self.path):
                disk.write_file(self.blocks / CALIBRATION, sealed(list(entries)))

    def calibration(self) -> list[dict[str, Any]]:
        """Corrections of derived levels that an earlier run of this folder made, finished or not; those that can be read."""
        manifest = read_manifest(self.path)
        return self.kept_calibration() if manifest is None else _entries(manifest.get("calibration"))

    def kept_calibration(self) -> list[dict[str, Any]]:
        """Those that are kept beside the blocks; none where there are none, or damaged ones."""
        return _entries(unsealed(self.blocks / CALIBRATION))

    def begun(self) -> dict[str, Any] | None:
        """The identity under which blocks were kept here."""
        try:
            found = json.loads(read_file(self.blocks / RUN, MOST_MANIFEST))
        except (OSError, OutputError, ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    def _same(self, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
        different = [key for key in dict.fromkeys((*wanted, *found)) if found.get(key) != wanted.get(key)]
        if different:
            told = ", ".join(f"{key} {found.get(key)!s:.20} (now {wanted.get(key)!s:.20})" for key in different)
            raise OutputError(
                f"{self.path} holds results of another run: {told}. Pass --overwrite to replace them, or another "
                "folder with --out."
            )

    def _refuse_foreign_files(self) -> None:
        """Files that only look like ours belong to somebody else."""
        ours = ("scenario.yaml", "summary.csv", "replications.csv", "report.html", "workbook.xlsx", "network.json")
        found = [name for name in ours if (self.path / name).exists()]
        if found:
            raise OutputError(
                f"{self.path} is not a results folder but holds {', '.join(found)}. Choose another folder with --out, "
                "or pass --overwrite."
            )


def _entries(found: Any) -> list[dict[str, Any]]:
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def read_whole(folder: Path, read: Callable[[], T], patience: float = 2.0) -> T:
    """What `read` reads of a folder, read again where a run may have swapped its new results in meanwhile.

    Raises what `read` raises when that stays: at once again where nothing is being swapped, after `patience` seconds
    where a run was killed in the middle of it (the next run puts the old results back).
    """
    until = time.monotonic() + patience
    last = False
    while True:
        try:
            return read()
        except OutputError:
            swapping = (folder / NEW).exists() or (folder / OLD).exists()
            if last or (swapping and time.monotonic() > until):
                raise
            last = not swapping
            time.sleep(0.02)


def read_manifest_or_nothing(folder: Path) -> list[str]:
    """Names of the files of a folder's results, none when it has none that can be understood."""
    try:
        manifest = read_manifest(folder)
    except OutputError:
        return []
    return list(manifest["files"]) if manifest else []


@contextmanager
def opened(path: Path) -> Iterator[Folder]:
    """The results folder at `path`, made if need be and locked while in use; when nothing came of it, unmade again.

    Raises OutputError, before anything is simulated, when it cannot be written or another run is using it.
    """
    with disk.told_as_output_error(path):
        if path.exists() and not path.is_dir():
            raise OutputError(f"{path} is a file, not a folder. Choose another folder with --out.")
        made = [folder for folder in (path, *path.parents) if not folder.exists()]
        path.mkdir(parents=True, exist_ok=True)
        lock = path / LOCK
        _take(lock)
    try:
        folder = Folder(path)
        with disk.told_as_output_error(path):
            if (path / OLD).exists() or (path / NEW).exists():
                folder.roll_back()
        yield folder
    finally:
        lock.unlink(missing_ok=True)
        with suppress(OSError):  # the first folder that is not empty stays, and all above it
            for empty in made:
                empty.rmdir()


def _take(lock: Path) -> None:
    """Take the lock, or the lock of a process of this machine that no longer lives."""
    mine = json_bytes(
        {"pid": os.getpid(), "host": socket.gethostname(), "started": time.strftime("%Y-%m-%dT%H:%M:%S%z")}
    )
    for _ in range(2):
        try:
            descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            owner = _owner(lock)
            if owner.get("host") != socket.gethostname() or _alive(owner.get("pid")):
                raise OutputError(
                    f"{lock.parent} is in use by process {owner.get('pid')} on {owner.get('host')} since "
                    f"{owner.get('started')}. Wait for it, choose another folder with --out, or remove {lock} if that "
                    "run is gone."
                ) from None
            log.warning("%s was left locked by a run that is gone (process %s)", lock.parent, owner.get("pid"))
            lock.unlink(missing_ok=True)
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(mine)
        return
    raise OutputError(f"cannot lock {lock.parent}: another run took it. Choose another folder with --out.")


def _owner(lock: Path) -> dict[str, Any]:
    try:
        owner = json.loads(read_file(lock, MOST_MANIFEST))
    except (OSError, OutputError, ValueError, RecursionError):
        return {}
    return owner if isinstance(owner, dict) else {}


def _alive(pid: Any) -> bool:
    if not isinstance(pid, int):
        return True  # a lock that cannot be read is somebody's
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
