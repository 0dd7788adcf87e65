"""The folder of a tuning: its files and its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from chainsim.errors import OutputError
from chainsim.study import disk
from chainsim.study.csvtext import csv_bytes

CANDIDATES = ("policy", "replications", "numbers", "service", "cost")
"""Columns of candidates.csv."""

PAGE = "tune.html"
OURS = ("statement.json", "tuned.csv", "frontier.csv", "outcomes.csv", PAGE)


def check_free(out: Path, *, overwrite: bool) -> None:
    """Raises OutputError where the folder holds an earlier tuning, or something else by our names."""
    there = [name for name in OURS if (out / name).exists()]
    if there and not overwrite:
        raise OutputError(
            f"{out} holds {', '.join(there)} already. Pass --overwrite to replace them, or another folder with --out."
        )


def write(out: Path, files: Mapping[str, bytes]) -> None:
    """Write every file into the folder. Raises OutputError."""
    with disk.told_as_output_error(out, sum(map(len, files.values()))):
        out.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            disk.write_file(out / name, data)


def keep_candidates(out: Path, tallies: Mapping[str, Sequence[Sequence[Any]]]) -> None:
    """What was tried so far, after an interruption."""
    rows = [(name, *row[1:]) for name, tally in tallies.items() for row in tally]
    with disk.told_as_output_error(out):
        disk.write_file(out / "candidates.csv", csv_bytes(CANDIDATES, rows))
