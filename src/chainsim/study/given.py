"""What a command was given: the files it read, as they are kept beside shards, so that whoever merges needs nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from chainsim.errors import UsageError
from chainsim.scenario.files import MAX_TABLE_BYTES, Refused, read_regular
from chainsim.study.loading import Study


def files_of(study: Study, file: Path | None = None) -> Iterator[Path]:
    """The file that is asked for, the one its study was read from, which may be the same, and the tables that it names. Raises
    UsageError where there is no file, or one that cannot be kept."""
    written = study.written
    read = None if written is None or not Path(written.source.file).is_file() else Path(written.source.file)
    if written is None or written.folder is None or (read is None and file is None):
        raise UsageError("shards are parts of a scenario that was read from a file: write it to one, and load that")
    yield from (one for one in (file, read) if one is not None)
    root = written.folder.resolve()
    for name in sorted(written.named):
        table = written.folder / name
        if not table.resolve().is_relative_to(root):
            raise UsageError(
                f"shards keep a copy of the scenario with its tables, and {name} lies outside the scenario's folder: put it beside "
                "the scenario"
            )
        yield table


def kept_as(files: Iterable[Path]) -> tuple[list[str], Mapping[str, bytes]]:
    """Names for files, in their order, that lie to each other as the files do, and the content of each. Raises UsageError."""
    files = list(files)
    places = {Path(os.path.abspath(one)): one for one in files}
    root = Path(os.path.commonpath([place.parent for place in places]))
    found = {}
    for place, one in places.items():
        try:
            found[place.relative_to(root).as_posix()] = read_regular(place, str(one), MAX_TABLE_BYTES)
        except Refused as error:
            raise UsageError(f"{one} {error.message}") from None
    return [Path(os.path.abspath(one)).relative_to(root).as_posix() for one in files], found
