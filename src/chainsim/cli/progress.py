"""How far a run is: a bar with the time left on a terminal, a plain line now and then in a pipe, else nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from chainsim.cli.console import note

Progress = Callable[[int, int, float | None], None]
SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def progress(quiet: bool, of: str = "replications") -> Iterator[Progress | None]:
    """The hook that `chainsim.run` calls with replications (or points, as `of` says) done, in all, and seconds left."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar() as hook:
            yield hook
    else:
        yield _lines(of)


@contextmanager
def _bar() -> Iterator[Progress]:
    # rich is only loaded where there is somebody to look at it
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("simulating"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[left]}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, left="")

        def hook(done: int, total: int, seconds_left: float | None) -> None:
            bar.update(task, completed=done, total=total, left=time_left(seconds_left))

        yield hook


def _lines(of: str) -> Progress:
    last = time.monotonic()

    def hook(done: int, total: int, seconds_left: float | None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= SECONDS_BETWEEN_LINES:
            last = now
            note(f"{done} of {total} {of} {time_left(seconds_left)}".rstrip())

    return hook


def time_left(seconds: float | None) -> str:
    """Time left in words.

    >>> time_left(None), time_left(8.2), time_left(340.0)
    ('', 'about 9 s left', 'about 6 min left')
    """
    if seconds is None:
        return ""
    return f"about {int(seconds) + 1} s left" if seconds < 100 else f"about {round(seconds / 60)} min left"
