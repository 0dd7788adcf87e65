"""Shards on disk: what machines that know nothing of each other leave in a folder, and what whoever puts it together finds.

Everything lies in `.blocks` of the results folder, where an interrupted run keeps its finished blocks as well: a shard is a
run that was interrupted on purpose, and `merge` resumes it when nothing is left to do.

| file | what |
|---|---|
| run.json | the identity: version, scenario, seed, policies |
| shards.json | the command that is shared, in how many shards, and the file it is about |
| given/ | that file and the tables it names: whoever merges needs nothing else |
| shard-K-of-N.json | shard K came to its end, and which engine simulated |
| *.npz | finished blocks, by the hash of what they depend on |

Nobody locks: files are whole or not there, their names tell their content, and who writes the same writes the same bytes. So a
shard may die, be sent twice, or go on from another machine.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from chainsim.engines.base import ENGINES
from chainsim.errors import OutputError
from chainsim.replicate.sampler import Sampler
from chainsim.replicate.share import Share, several
from chainsim.study import disk
from chainsim.study.opening import read_file
from chainsim.study.store import BLOCKS, RUN, SHARDS, Folder, json_bytes, read_manifest, sealed, unsealed
from chainsim.version import __version__

GIVEN = "given"
MOST_SAID = 10_000
"""Bytes of what a shard says at its end, at most."""
_WORDS = {"scenario": "scenario (its file, its tables, --set)"}
_DONE = re.compile(r"shard-(\d{1,9})-of-(\d{1,9})\.json", re.ASCII)


@dataclass(frozen=True)
class Request:
    """verb: the command. file: what it is about, below `given`. options: as its function takes them, plain data. shards: how
    many there are. command: as it is typed, without --shard and --out; how a path is spelled on another machine makes no other request."""

    verb: str
    file: str
    options: Mapping[str, Any]
    shards: int
    command: str = field(compare=False)

    def again(self, numbers: Sequence[int], folder: Path) -> str:
        """The command of one of these shards."""
        return f"{self.command} --shard {numbers[0]}/{self.shards} --out {shlex.quote(str(folder))}"


@dataclass(frozen=True)
class Shelf:
    """Where one shard keeps what it has done."""

    folder: Path
    share: Share

    @property
    def blocks(self) -> Path:
        """Where blocks are kept."""
        return self.folder / BLOCKS

    @classmethod
    def opened(
        cls, folder: Path, share: Share, identity: Mapping[str, Any], request: Request, given: Mapping[str, bytes]
    ) -> Shelf:
        """The shelf of a shard, in a folder that others may be writing to. given: the files that are copied, by name.

        Raises OutputError, before anything is simulated, where it cannot be written or holds something else.
        """
        if folder.exists() and not folder.is_dir():
            raise OutputError(f"{folder} is a file, not a folder. Choose another folder with --out.")
        disk.check_writable(folder)
        shelf, there = cls(folder, share), Folder(folder)
        manifest = read_manifest(folder)
        found = there.begun() or (None if manifest is None else manifest.get("identity", {}))
        if found is not None:
            _check_same(found, str(folder), identity, "this command")
        with disk.told_as_output_error(folder):
            if there.begun() is None:
                disk.write_file(shelf.blocks / RUN, json_bytes(dict(identity)))
            known = _request_of(folder)
            if known is not None and Request(**json.loads(json_bytes(asdict(request)))) != known:
                raise OutputError(
                    f"{folder} holds shards of `{known.command}`, cut in {known.shards}; this is a shard of `{request.command}`, "
                    f"cut in {request.shards}. Ask all shards for the same, or choose another folder with --out."
                )
            for name, data in given.items():  # a copy that is gone or was changed is put right by any shard
                copy = shelf.blocks / GIVEN / name
                if not copy.is_file() or copy.read_bytes() != data:
                    disk.write_file(copy, data)
            if known is None:  # the request last: where it is, everything else is there
                disk.write_file(shelf.blocks / SHARDS, sealed(asdict(request)))
        return shelf

    def finished(self, engine: str = "") -> None:
        """Say that this shard came to its end, and which engine simulated; '' where none did, or it does not matter. Raises
        OutputError."""
        name = f"shard-{self.share.number}-of-{self.share.of}.json"
        said = {"chainsim": __version__, **({"engine": engine} if engine else {})}
        with disk.told_as_output_error(self.blocks):
            disk.write_file(self.blocks / name, json_bytes(said))


@dataclass(frozen=True)
class Gathered:
    """Shards that all came to their end, in one folder or in several."""

    folders: tuple[Path, ...]
    request: Request
    identity: Mapping[str, Any] = field(compare=False)
    engine: str = field(default="", compare=False)
    """What simulated, as the shards say: several names where they were several."""

    @property
    def blocks(self) -> list[Path]:
        """Where their blocks lie."""
        return [folder / BLOCKS for folder in self.folders]

    @property
    def file(self) -> Path:
        """What the command is about, as it was copied."""
        return self.copy(self.request.file)

    def copy(self, name: str) -> Path:
        """A file that was copied, by its name. Raises OutputError where there is none."""
        places = [blocks / GIVEN / name for blocks in self.blocks] if _is_below(name) else []
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            raise OutputError(
                f"{self.folders[0]} has no copy of {name}. Run one of its shards again, or copy the folder whole."
            )
        return found

    def check_identity(self, identity: Mapping[str, Any]) -> None:
        """Raises OutputError where what was copied is not what the shards were made of."""
        copy = f"the copy of what they were made of ({self.folders[0] / BLOCKS / GIVEN}), which any shard that is run again puts right"
        _check_same(self.identity, str(self.folders[0]), identity, copy)

    def check(self, sampler: Sampler[Any]) -> None:
        """Raises OutputError naming the shards of replications that are not there, or damaged."""
        missing = sampler.owners(self.request.shards)
        if missing:
            raise self.incomplete(missing, "blocks of theirs are missing or damaged")

    def incomplete(self, numbers: Sequence[int], why: str) -> OutputError:
        """What to do about shards that are not whole."""
        n = len(numbers)
        where = ", ".join(map(str, self.folders))
        return OutputError(
            f"{n} of {self.request.shards} shards {'is' if n == 1 else 'are'} missing in {where}: {several(list(numbers))} ({why}). What they finished is "
            f"kept; run {'it' if n == 1 else 'each'} again, such as: {self.request.again(numbers, self.folders[0])}"
        )


def gathered(folders: Sequence[Path]) -> Gathered:
    """What shards left in these folders. Raises OutputError naming shards that did not come to their end, and folders that do
    not go together, with what tells them apart."""
    requests = [_request_of(folder) for folder in folders]
    for folder, request in zip(folders, requests, strict=True):
        if request is None and (folder / BLOCKS / SHARDS).exists():
            raise _damaged(folder, SHARDS)
        if request is None:
            raise OutputError(
                f"{folder} holds no shards (it has no {BLOCKS}/{SHARDS}). Shards are made by --shard K/N --out {folder}; a copy "
                f"must have its hidden folder {BLOCKS} as well."
            )
    first = requests[0]
    identities = []
    for folder in folders:
        identity = Folder(folder).begun()
        if identity is None:
            raise _damaged(folder, RUN)
        identities.append(identity)
    assert first is not None
    for folder, identity, request in zip(folders[1:], identities[1:], requests[1:], strict=True):
        _check_same(identities[0], str(folders[0]), identity, str(folder))
        if request != first:
            assert request is not None
            raise OutputError(
                f"{folders[0]} holds shards of `{first.command}`, cut in {first.shards}; {folder} of `{request.command}`, cut in "
                f"{request.shards}. Only shards of one command go together."
            )
    version = identities[0].get("version")
    if version != __version__:
        raise OutputError(
            f"the shards in {folders[0]} were made by chainsim {version}; this is chainsim {__version__}. Put them together with "
            f"chainsim {version}, or run them again with this one into another folder."
        )
    ended = [
        (int(name[1]), path)
        for folder in folders
        for path in (folder / BLOCKS).iterdir()
        if (name := _DONE.fullmatch(path.name)) is not None and int(name[2]) == first.shards
    ]
    engines = sorted({engine for _, path in ended if (engine := _engine_of(path))})
    found = Gathered(tuple(folders), first, identities[0], ", ".join(engines))
    done = {number for number, _ in ended}
    missing = [number for number in range(first.shards) if number not in done]
    if missing:
        raise found.incomplete(missing, "they did not come to their end")
    return found


def _engine_of(path: Path) -> str:
    """The engine that a shard says it was simulated by; '' where it says none."""
    try:
        said = json.loads(read_file(path, MOST_SAID))
    except (OSError, ValueError):
        return ""
    engine = said.get("engine") if isinstance(said, dict) else None
    return engine if isinstance(engine, str) and engine in ENGINES else ""


def _damaged(folder: Path, name: str) -> OutputError:
    return OutputError(
        f"{folder / BLOCKS / name} is missing or damaged. Any of its shards that is run again with --out {shlex.quote(str(folder))} "
        "puts it right, and simulates nothing that is there already."
    )


def _request_of(folder: Path) -> Request | None:
    """What the shards of a folder are part of; None where it has none that can be understood."""
    try:
        request = Request(**unsealed(folder / BLOCKS / SHARDS))
    except TypeError:
        return None
    texts = all(isinstance(text, str) for text in (request.verb, request.file, request.command))
    if not texts or not isinstance(request.options, dict) or not isinstance(request.shards, int) or request.shards < 1:
        return None
    return request if _is_below(request.file) else None


def _is_below(name: str) -> bool:
    """Whether a name leads to a file below the folder it is taken in."""
    place = PurePosixPath(name)
    return not (place.is_absolute() or ".." in place.parts or "\\" in name or ":" in name)


def _check_same(one: Mapping[str, Any], here: str, other: Mapping[str, Any], there: str) -> None:
    """Raises OutputError naming what differs between two identities, with both."""
    keys = [key for key in dict.fromkeys((*other, *one)) if one.get(key) != other.get(key)]
    if keys:
        told = "; ".join(
            f"{_WORDS.get(key, key)} {one.get(key)!s:.24} in {here}, {other.get(key)!s:.24} in {there}" for key in keys
        )
        raise OutputError(
            f"these do not go together: {told}. All shards of a run are made by the same chainsim, of the same scenario and seed; "
            "choose another folder with --out, or run those again that differ."
        )
