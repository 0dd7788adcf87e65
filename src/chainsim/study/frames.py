"""Tables of a results folder as pandas DataFrames: every column as what it holds."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chainsim.errors import OutputError
from chainsim.study.csvtext import text_of
from chainsim.study.opening import AGAIN, check_columns

if TYPE_CHECKING:
    import pandas as pd

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
        cells = pd.read_csv(io.BytesIO(files[name]), dtype=str, na_filter=False)
        check_columns(name, [str(column) for column in cells])
        return pd.DataFrame(
            {column: _read(column, cells[column].tolist(), column in texts) for column in map(str, cells)}
        )
    except (ValueError, UnicodeError) as error:  # pandas' own errors are ValueErrors, too
        raise OutputError(f"{name} cannot be read as a table: {error}. {AGAIN}") from error


def _read(column: str, cells: Sequence[str], is_text: bool) -> list[Any]:
    """The values of a column; Python's own float reads back every bit."""
    if is_text or column in TEXT:
        texts = {cell: text_of(cell) for cell in set(cells)}  # few texts, many cells
        return [texts[cell] for cell in cells]
    if column in WHOLE:
        return [int(cell) for cell in cells]
    if column in FLAGS:
        return [None if cell == "" else cell == "true" for cell in cells]
    return [float(cell) if cell else math.nan for cell in cells]
