"""Tables of a results folder as pandas DataFrames: every column as what it holds."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chainsim.errors import OutputError
from chainsim.study.csvtext import text_of
from chainsim.study.opening import AGAIN, check_columns

if TYPE_CHECKING:
    import pandas as pd

Values = list[Any] | np.ndarray[Any, Any]
ROWS = 100_000
"""Of a table that are read at once: as text it takes ten times the memory."""
TEXT = frozenset(
    [
        "date",
        "policy",
        "site",
        "product",
        "kpi",
        "unit",
        "method",
        "baseline",
        "kind",
        "origin",
        "by",
        "why",
        "warning",
        "verdict",
        "place",
        "rival",
        "statistic",
        "name",
        "symbol",
        "formula",
        "inputs",
        "check",
        "meaning",
        "status",
        "message",
        "path",
        "first",
        "second",
        "from",
        "to",
        "lane",
        "state",
    ]
)
WHOLE, FLAGS = (
    frozenset({"replication", "n", "bucket", "month", "buckets", "point"}),
    frozenset({"given", "passed", "sure", "checked", "meets", "chosen"}),
)
"""Columns that hold text, whole numbers, and true, false or nothing; all others hold numbers, NaN where empty."""


def frame_of(files: Mapping[str, bytes], name: str, texts: Sequence[str] = ()) -> pd.DataFrame:
    """The table called `name`. texts: columns of text beside those of `TEXT`. Raises OutputError when there is none, or none that can be read."""
    # pandas is slow to import; whoever only runs does without
    import pandas as pd

    if name not in files:
        raise OutputError(f"these results have no {name}. {AGAIN}")
    try:
        known: dict[str, str] = {}
        parts: dict[str, list[Values]] = {}
        with pd.read_csv(io.BytesIO(files[name]), dtype=str, na_filter=False, chunksize=ROWS) as table:
            for rows in table:
                for column in map(str, rows):
                    read = _read(column, rows[column].tolist(), column in texts, known)
                    parts.setdefault(column, []).append(read)
        check_columns(name, list(parts))
        return pd.DataFrame({column: _whole(read) for column, read in parts.items()})
    except (ValueError, UnicodeError) as error:  # pandas' own errors are ValueErrors, too
        raise OutputError(f"{name} cannot be read as a table: {error}. {AGAIN}") from error


def _read(column: str, cells: Sequence[str], is_text: bool, known: dict[str, str]) -> Values:
    """The values of a column; Python's own float reads back every bit. known: texts that were read, each of which is there once."""
    if is_text or column in TEXT:
        for cell in set(cells):  # few texts, many cells
            known.setdefault(cell, text_of(cell))
        return [known[cell] for cell in cells]
    if column in WHOLE:
        return np.array([int(cell) for cell in cells], np.int64) if cells else []
    if column in FLAGS:
        return [None if cell == "" else cell == "true" for cell in cells]
    return np.array([float(cell) if cell else math.nan for cell in cells]) if cells else []


def _whole(parts: Sequence[Values]) -> Values:
    """A column from its parts."""
    if len(parts) == 1:
        return parts[0]
    if isinstance(parts[0], np.ndarray):
        return np.concatenate([np.asarray(part) for part in parts])
    return [value for part in parts for value in part]
