"""Crashes, disks and clocks (case J of the reliability list), on whole runs."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainsim
from chainsim.cli import execute
from chainsim.errors import OutputError
from chainsim.study import disk, store

from .test_first_build import SHOP, alive, child, sums, wait_for, workers_of

pytest.importorskip("resource", reason="signals, pipes and limits as POSIX has them")
RUN = ["run", "s.yaml", "--no-report", "--jobs", "1", "--engine", "simpy", "-q"]
LONG = SHOP.replace("horizon: 56", "horizon: 1820").replace("replications: 4", "replications: 24")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(SHOP.replace("replications: 4", "replications: 2"), "utf-8")
    return tmp_path


def failing_from(monkeypatch: pytest.MonkeyPatch, n: int) -> list[str]:
    """The n-th write, fsync or rename of the process fails; what was called is in the list."""
    called: list[str] = []
    for name in ("write", "fsync", "replace"):
        real = getattr(disk, name)

        def fail(*arguments: Any, name: str = name, real: Any = real) -> None:
            called.append(name)
            if len(called) == n:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            real(*arguments)

        monkeypatch.setattr(disk, name, fail)
    return called


def try_every(place: Path, step: int) -> int:
    """Fail the n-th operation of a whole run into old results, n = 1, 1 + step, …, until one succeeds; how many there are."""
    assert execute(RUN) == 0
    old = sums(place / "results/s")
    assert execute([*RUN, "--seed", "2", "--out", "straight"]) == 0
    straight = sums(place / "straight")
    n = 1
    while True:
        with pytest.MonkeyPatch.context() as patch:
            failing_from(patch, n)
            code = execute([*RUN, "--seed", "2", "--overwrite"])
        now = sums(place / "results/s")
        assert now in (old, straight), n
        assert not list(place.rglob(".tmp-*"))
        assert not (place / "results/s/.lock").exists()
        if code == 0:
            assert now == straight
            return n
        assert code == 4, n
        if now == straight:  # the last flush, after the swap
            assert execute([*RUN, "--overwrite"]) == 0
        n += step


def test_J05_the_nth_write_of_a_whole_run_fails(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert try_every(place, 13) > 20
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "cannot write" in told


@pytest.mark.slow
def test_J05_every_write_of_a_whole_run_fails_once(place: Path) -> None:
    assert try_every(place, 1) > 20


def test_J05_after_a_failed_write_resume_gives_the_same_bytes(place: Path) -> None:
    assert execute([*RUN, "--out", "straight"]) == 0
    for n in (1, 12):
        with pytest.MonkeyPatch.context() as patch:
            failing_from(patch, n)
            assert execute([*RUN, "--out", f"out{n}"]) == 4
        assert execute([*RUN, "--out", f"out{n}", "--resume"]) == 0
        assert sums(place / f"out{n}") == sums(place / "straight")


def test_J12_what_is_renamed_was_flushed_and_its_folder_after_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a file takes its name its bytes are on the disk, and its name is before anything is told."""
    called = failing_from(monkeypatch, 0)
    assert execute(RUN) == 0
    flushed = False
    for name in called:
        if name == "replace":
            assert flushed
        flushed = name == "fsync" or (flushed and name == "replace")
    assert called[-1] == "fsync"


def begun(place: Path, *more: str) -> subprocess.Popen[str]:
    """A long run of two workers that has finished a block."""
    (place / "s.yaml").write_text(LONG, "utf-8")
    process = child("run", "s.yaml", "--no-report", "--jobs", "2", "--engine", "simpy", *more, cwd=place)
    wait_for(lambda: list((place / "results/s/.blocks").glob("*.npz")) or process.poll() is not None)
    return process


def finished(place: Path) -> bool:
    return execute(["run", "s.yaml", "--no-report", "--jobs", "1", "--engine", "simpy", "--resume", "-q"]) == 0


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks up workers in /proc")
def test_J01_ctrl_c_twice_ends_at_once_and_leaves_no_worker(place: Path) -> None:
    process = begun(place)
    workers = workers_of(process.pid)
    assert workers
    process.send_signal(signal.SIGINT)
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode in (130, -signal.SIGINT), told
    assert "Traceback" not in told
    wait_for(lambda: not any(map(alive, workers)), 15.0)
    assert finished(place)


def still(old: dict[str, str], folder: Path) -> bool:
    """Whether the results of a folder are the old ones; a file that is swapped away while it is read is not."""
    try:
        return sums(folder) == old
    except FileNotFoundError:
        return False


def test_J11_a_reader_in_the_middle_of_a_swap_waits_for_it(place: Path) -> None:
    """Between one rename and the next there is no manifest: the reader looks again instead of calling it damaged."""
    assert execute(RUN) == 0
    folder = place / "results/s"
    (folder / ".old").mkdir()
    (folder / "manifest.json").rename(folder / ".old/manifest.json")
    looks = 0

    def look() -> chainsim.Results:
        nonlocal looks
        looks += 1
        if looks == 3:
            (folder / ".old/manifest.json").rename(folder / "manifest.json")
            (folder / ".old").rmdir()
        return chainsim.Results._load(folder)

    assert store.read_whole(folder, look).manifest["replications"] == 2
    assert looks == 3
    (folder / ".old").mkdir()
    (folder / "manifest.json").rename(folder / ".old/manifest.json")
    with pytest.raises(OutputError, match="not finished"):
        store.read_whole(folder, lambda: chainsim.Results._load(folder), patience=0.1)


@pytest.mark.slow
def test_J11_a_reader_during_a_run_sees_the_old_results_or_is_told(place: Path) -> None:
    """Never half of the new ones: old results are read whole until the moment of the swap."""
    assert execute(RUN) == 0
    old = sums(place / "results/s")
    process = begun(place, "--overwrite")
    seen = 0
    while process.poll() is None:
        results = chainsim.Results.load(place / "results/s")
        assert results.manifest["replications"] in (2, 24)
        assert results.summary is not None
        seen += still(old, place / "results/s")
        time.sleep(0.05)
    process.communicate()
    assert process.returncode == 0
    assert seen
    assert chainsim.Results.load(place / "results/s").manifest["replications"] == 24


@pytest.mark.slow
def test_J11_a_reader_of_a_first_run_is_told_that_it_is_not_done(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process = begun(place)
    if process.poll() is None:
        assert execute(["report", "results/s"]) == 4
        assert "--resume" in capsys.readouterr().err
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)


@pytest.mark.parametrize("step", [-7e8, 7e8], ids=["back", "forward"])
def test_J13_a_clock_that_is_set_changes_no_result(place: Path, monkeypatch: pytest.MonkeyPatch, step: float) -> None:
    assert execute([*RUN, "--out", "straight"]) == 0
    calls: Iterator[int] = iter(range(10**9))
    real: Callable[[], float] = time.time
    monkeypatch.setattr(time, "time", lambda: real() + step * (next(calls) % 2))
    assert execute(RUN) == 0
    assert sums(place / "results/s") == sums(place / "straight")


@pytest.mark.slow
def test_J15_a_run_piped_to_a_reader_that_leaves_ends_quietly(place: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "chainsim", *RUN, "--json"],
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=place,
        )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert (place / "results/s/manifest.json").exists()


def test_J17_names_too_long_for_the_disk_are_told(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute([*RUN, "--out", "x" * 300]) == 4
    assert "--out" in capsys.readouterr().err
    (place / ("n" * 200 + ".yaml")).write_text(SHOP, "utf-8")
    assert execute(["run", "n" * 200 + ".yaml", "--no-report", "-q", "--jobs", "1", "--replications", "1"]) == 0


def test_J17_files_have_the_rights_the_umask_leaves(place: Path) -> None:
    before = os.umask(0o027)
    try:
        assert execute(RUN) == 0
    finally:
        os.umask(before)
    assert {oct(path.stat().st_mode & 0o777) for path in (place / "results/s").glob("*.csv")} == {"0o640"}


def test_J18_without_a_rename_that_replaces_nothing_half_done_looks_complete(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk whose rename copies, and breaks off in between."""
    assert execute(RUN) == 0
    calls = iter(range(10**9))

    def copies(source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        data = source.read_bytes()
        if next(calls) == 8:
            target.write_bytes(data[: len(data) // 2])
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        target.write_bytes(data)
        source.unlink()

    monkeypatch.setattr(disk, "replace", copies)
    assert execute([*RUN, "--seed", "2", "--overwrite"]) == 4
    monkeypatch.undo()
    monkeypatch.chdir(place)
    try:
        chainsim.Results.load(place / "results/s")
    except chainsim.OutputError:
        pass
    else:
        manifest = json.loads((place / "results/s/manifest.json").read_text())
        assert manifest["seed"] == 1
    assert execute([*RUN, "--seed", "2", "--overwrite"]) == 0
    assert chainsim.Results.load(place / "results/s").manifest["seed"] == 2


def test_E13_a_table_that_changed_is_another_run(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = SHOP.replace("quantity: {dist: poisson, mean: 6}", "type: history, file: d.csv, on_end: repeat")
    (place / "s.yaml").write_text(text, "utf-8")
    rows = "date,tea\n" + "".join(f"2026-01-{day:02},{day % 7}\n" for day in range(1, 29))
    (place / "d.csv").write_text(rows)
    assert execute(RUN) == 0
    (place / "d.csv").write_text(rows.replace("-05,5", "-05,6"))
    assert execute([*RUN, "--resume"]) == 4
    assert "another run" in capsys.readouterr().err


def test_H02_H04_nothing_that_was_pickled_is_read(place: Path) -> None:
    """The package neither unpickles a file nor keeps a cache of joblib's; a planted array of objects is no block."""
    home = Path(chainsim.__file__).parent
    for file in home.rglob("*.py"):
        text = file.read_text("utf-8")
        assert "pickle.load(" not in text, file
        assert "pickle.loads" not in text or file.name == "cluster.py", file  # what Dask's scheduler sends, no file
        assert "joblib.Memory" not in text, file
        assert "allow_pickle=True" not in text, file
    assert execute(RUN) == 0
    (block,) = sorted((place / "results/s/.blocks").glob("*.npz"))[:1]
    with block.open("wb") as stream:
        np.savez(stream, values=np.array([object()], dtype=object))
    assert execute([*RUN, "--resume"]) == 0


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_J04_kills_at_moments_nobody_chose_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m tests.crash`: it counts, and goes on where it stopped."""
    from tests import crash

    assert crash.main(["--kills", "2", "--folder", str(tmp_path)]) == 0
    assert crash.main(["--kills", "3", "--folder", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "3 of 3: one by one" in told
    assert "1 of 3" not in told


@pytest.mark.slow
def test_the_soak_counts_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests import soak

    pytest.importorskip("numba", reason="the compiled engine needs numba")
    monkeypatch.setattr(soak, "BATCH", 2)
    for _ in range(2):
        assert soak.main(["--minutes", "0.05", "--folder", str(tmp_path)]) == 0
    assert "every audit passed" in capsys.readouterr().out
    monkeypatch.setattr(soak, "fault", lambda document: "a fault" if len(document["sites"]) > 2 else "")
    assert soak.main(["--minutes", "0.2", "--folder", str(tmp_path)]) == 1
    assert "a fault" in capsys.readouterr().out
