"""The results folder: locked, whole or not at all, whatever fails."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from chainsim.errors import OutputError
from chainsim.study import disk, store
from chainsim.study.opening import MANIFEST
from chainsim.study.results import Results, file_hashes

IDENTITY = {"scenario": "aa", "seed": 7, "version": "1"}


def manifest(files: dict[str, bytes], **changes: object) -> dict[str, object]:
    """The smallest manifest that has what a manifest must have."""
    own = {"format": 2, "identity": IDENTITY, "replications": 3, "files": file_hashes(files), **changes}
    return {**smallest(MANIFEST), **own}


def smallest(form: Any) -> Any:
    """The smallest value of a form: empty texts, lists and mappings, and 0."""
    if isinstance(form, Mapping):
        return {key: smallest(inner) for key, inner in form.items()}
    return [] if isinstance(form, list) else form()


def write(path: Path, files: dict[str, bytes], **options: bool) -> None:
    with store.opened(path) as folder:
        folder.begin(IDENTITY, 3, overwrite=options.get("overwrite", False), resume=options.get("resume", False))
        folder.commit(files, manifest(files))


OLD = {"summary.csv": b"old\r\n", "gone.csv": b"gone\r\n"}
NEW = {"summary.csv": b"new\r\n", "charts/a.svg": b"<svg/>"}


def visible(path: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(path)): p.read_bytes()
        for p in sorted(path.rglob("*"))
        if p.is_file() and not str(p.relative_to(path)).startswith(".")
    }


def test_a_complete_folder_loads(tmp_path: Path) -> None:
    write(tmp_path / "out", OLD)
    assert Results.load(tmp_path / "out").files == OLD


def test_new_results_replace_old_ones_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    (tmp_path / "my notes.txt").write_text("keep")
    write(tmp_path, NEW)
    assert set(visible(tmp_path)) == {"summary.csv", "charts/a.svg", "manifest.json", "my notes.txt"}
    assert Results.load(tmp_path).files == NEW


def test_a_changed_or_missing_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    (tmp_path / "summary.csv").write_bytes(b"odd\r\n")
    with pytest.raises(OutputError, match="changed or damaged"):
        Results.load(tmp_path)
    (tmp_path / "summary.csv").unlink()
    with pytest.raises(OutputError, match="missing"):
        Results.load(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "[]",
        "{}",
        '{"format": 2, "files": {"../x": "aa"}}',
        '{"format": 2, "files": {"/etc/x": "aa"}}',
        "[" * 9999,
        "\xff",
    ],
)
def test_a_hostile_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="latin-1")
    with pytest.raises(OutputError, match="manifest.json"):
        Results.load(tmp_path)


def test_an_unfinished_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="not a results folder"):
        Results.load(tmp_path)
    with store.opened(tmp_path) as folder:
        folder.begin(IDENTITY, 3, overwrite=False, resume=False)
    with pytest.raises(OutputError, match="--resume"):
        Results.load(tmp_path)


@pytest.mark.parametrize("change", [{"seed": 8}, {"scenario": "bb"}, {"version": "2"}])
@pytest.mark.parametrize("resume", [False, True])
def test_results_of_another_run_are_not_replaced(tmp_path: Path, change: dict[str, object], resume: bool) -> None:
    write(tmp_path, OLD)
    with store.opened(tmp_path) as folder:
        with pytest.raises(OutputError, match="another run.*--overwrite"):
            folder.begin({**IDENTITY, **change}, 3, overwrite=False, resume=resume)
        folder.begin({**IDENTITY, **change}, 3, overwrite=True, resume=False)
    assert Results.load(tmp_path).files == OLD  # until the new ones are there


def test_fewer_replications_do_not_silently_replace_more(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    with store.opened(tmp_path) as folder:
        with pytest.raises(OutputError, match="3 replications"):
            folder.begin(IDENTITY, 2, overwrite=False, resume=False)
        folder.begin(IDENTITY, 9, overwrite=False, resume=True)


def test_somebody_elses_files_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text("mine")
    with store.opened(tmp_path) as folder, pytest.raises(OutputError, match="scenario.yaml"):
        folder.begin(IDENTITY, 3, overwrite=False, resume=False)


def test_a_second_run_is_turned_away(tmp_path: Path) -> None:
    with store.opened(tmp_path):
        with pytest.raises(OutputError, match=f"in use by process {os.getpid()}"), store.opened(tmp_path):
            pass
    with store.opened(tmp_path):
        pass


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    owner = {"pid": int(dead.stdout), "host": socket.gethostname(), "started": "then"}
    (tmp_path / ".lock").write_text(json.dumps(owner))
    with store.opened(tmp_path):
        assert json.loads((tmp_path / ".lock").read_text())["pid"] == os.getpid()
    (tmp_path / ".lock").write_text(json.dumps({**owner, "host": "elsewhere"}))
    with pytest.raises(OutputError, match="elsewhere"), store.opened(tmp_path):
        pass


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match="is a file"), store.opened(tmp_path / "out"):
        pass
    with pytest.raises(OutputError, match="--out"), store.opened(tmp_path / "out" / "deeper"):
        pass


class Failing:
    """Makes the n-th write, fsync or rename fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, n: int, number: int) -> None:
        self.n, self.count = n, 0
        for name in ("write", "fsync", "replace"):
            real = getattr(disk, name)

            def fail(*args: object, real: object = real) -> None:
                self.count += 1
                if self.count == self.n:
                    raise OSError(number, os.strerror(number))
                real(*args)  # type: ignore[operator]

            monkeypatch.setattr(disk, name, fail)


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_whatever_write_fails_old_results_stay_whole(tmp_path: Path, number: int) -> None:
    """Fail the n-th operation for n = 1, 2, 3 … until the run succeeds."""
    out = tmp_path / "out"
    write(out, OLD)
    n, outcomes = 0, []
    while not outcomes or outcomes[-1] != "done":
        n += 1
        with pytest.MonkeyPatch.context() as patch:
            Failing(patch, n, number)
            try:
                write(out, NEW)
                outcomes.append("done")
            except OutputError as error:
                outcomes.append("refused")
                assert ("disk is full" in str(error)) == (number == errno.ENOSPC)
        whole = Results.load(out).files
        assert whole in (OLD, NEW), n
        if whole == NEW and outcomes[-1] != "done":  # only the very last flush may fail after the swap
            write(out, OLD)
        assert not list(out.rglob(".tmp-*"))
        assert not (out / ".lock").exists()
    assert n > 15
    assert Results.load(out).files == NEW


def test_a_first_run_that_fails_leaves_nothing_that_looks_complete(tmp_path: Path) -> None:
    for n in range(1, 12):
        out = tmp_path / str(n)
        with pytest.MonkeyPatch.context() as patch, pytest.raises(OutputError):
            Failing(patch, n, errno.EIO)
            write(out, NEW)
        with pytest.raises(OutputError):
            Results.load(out)
        write(out, NEW)
        assert Results.load(out).files == NEW


@pytest.fixture
def killed_in_the_swap(tmp_path: Path) -> Iterator[Path]:
    """A folder as a process killed while swapping leaves it: the old manifest moved away, one new file in."""
    write(tmp_path, OLD)
    (tmp_path / ".old").mkdir()
    for name in ("manifest.json", "summary.csv"):
        os.replace(tmp_path / name, tmp_path / ".old" / name)
    (tmp_path / "summary.csv").write_bytes(b"new\r\n")
    (tmp_path / ".new").mkdir()
    return tmp_path


def test_a_swap_cut_short_is_undone_by_the_next_run(killed_in_the_swap: Path) -> None:
    with pytest.raises(OutputError):
        Results.load(killed_in_the_swap)
    with store.opened(killed_in_the_swap):
        pass
    assert Results.load(killed_in_the_swap).files == OLD


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that cannot be written")
def test_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="--out"), store.opened(tmp_path / "out"):
            pass
    finally:
        tmp_path.chmod(0o700)
