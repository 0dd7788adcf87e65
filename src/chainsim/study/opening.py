"""The one door through which files of a results folder are read: regular files only, of a size that can be, never blocking.

A folder may come from somebody else, or somebody may have put a link to a device where a block was: what is opened is looked
at before it is read, and the content is checked by who knows what it should be (hash, schema, columns, shapes).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from chainsim.errors import BudgetError, OutputError
from chainsim.scenario.files import Refused, read_regular

MOST_MANIFEST, MOST_FILE = 64_000_000, 2_000_000_000
AGAIN = "Run the scenario again with --overwrite."

MANIFEST: Mapping[str, Any] = {
    "chainsim": str,
    "scenario": {"name": str, "title": str, "story": str, "sha256": str},
    "identity": dict,
    "command": str,
    "seed": int,
    "rng_scheme": int,
    "engine": str,
    "finished": str,
    "parity": dict,
    "replications": int,
    "confidence": float,
    "policies": [{"name": str, "label": str}],
    "baseline": str,
    "targets": dict,
    "currency": str,
    "time": {"unit": str, "warm_up": float, "horizon": float, "bucket": float, "review": str, "units_per_year": float},
    "counts": dict,
    "detail": {"summary": str, "replications": str, "series": str, "left_out": list},
    "warnings": [{"policy": str, "where": str, "message": str, "cure": str}],
    "versions": dict,
    "files": dict,
}
"""What readers of a manifest rely on: keys with the type of their value; a list with the form of its items."""

COLUMNS: Mapping[str, Collection[str]] = {
    "replications.csv": ("policy", "replication", "site", "product", "kpi", "value"),
    "summary.csv": ("policy", "site", "product", "kpi", "unit", "mean", "half_width", "level", "n", "method"),
    "comparison.csv": ("kpi", "policy", "baseline", "difference", "half_width", "verdict", "n"),
    "series.csv": ("policy", "site", "product", "bucket", "start", "statistic", "on_hand", "backorders"),
    "derived.csv": (
        "policy",
        "site",
        "product",
        "name",
        "symbol",
        "value",
        "exact",
        "unit",
        "formula",
        "inputs",
        "given",
    ),
    "audit.csv": ("policy", "check", "value", "limit", "passed", "meaning"),
    "pairs.csv": ("kpi", "first", "second", "difference", "half_width", "verdict", "settles", "material"),
    "risk.csv": ("policy", "kpi", "statistic", "value", "low", "high", "n", "target"),
    "lanes.csv": ("policy", "from", "to", "lane", "product", "kpi", "unit", "mean", "half_width", "method"),
    "rates.csv": ("rate", "kpi", "title", "from", "to", "product", "value", "unit", "counts"),
    "drivers.csv": ("policy", "replication", "rate", "driver"),
    "warm_up.csv": ("policy", "state", "warm_up", "cut", "at", "change", "excess", "sure", "until"),
}
"""Columns that readers of a table rely on."""


def read_file(path: Path, most: int = MOST_FILE) -> bytes:
    """The bytes of a file of a results folder. Raises FileNotFoundError, or OutputError when it cannot be what it is for."""
    try:
        return read_regular(path, str(path), most)
    except Refused as error:
        if not path.exists() and not path.is_symlink():
            raise FileNotFoundError(f"{path} is missing") from None
        raise OutputError(f"{path} {error.message}. {AGAIN}") from None
    except BudgetError:
        raise OutputError(f"{path} is longer than {most:,} bytes. {AGAIN}") from None


def check_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Raises OutputError that names the first key that is missing or of another kind than it must be."""
    wrong = misfit(manifest, MANIFEST)
    if wrong:
        raise OutputError(f"{folder / 'manifest.json'} was changed: {wrong}. {AGAIN}")


def misfit(value: Any, form: Any, path: str = "") -> str:
    """Where a value does not have a form, in words; '' where it does.

    >>> misfit({"a": [{"b": 1}]}, {"a": [{"b": str}]})
    "'a[0].b' is a number, not a text"
    >>> misfit({}, {"a": int})
    "the key 'a' is missing"
    """
    if isinstance(form, Mapping):
        if not isinstance(value, dict):
            return f"'{path}' is {_noun(value)}, not a mapping"
        for key, inner in form.items():
            there = f"{path}.{key}" if path else key
            if key not in value:
                return f"the key '{there}' is missing"
            wrong = misfit(value[key], inner, there)
            if wrong:
                return wrong
        return ""
    if isinstance(form, list):
        if not isinstance(value, list):
            return f"'{path}' is {_noun(value)}, not a list"
        return next((w for i, item in enumerate(value) if (w := misfit(item, form[0], f"{path}[{i}]"))), "")
    allowed = (int, float) if form is float else form
    if isinstance(value, bool) or not isinstance(value, allowed):
        return f"'{path}' is {_noun(value)}, not {_NOUNS[form]}"
    return ""


_NOUNS = {str: "a text", int: "a whole number", float: "a number", dict: "a mapping", list: "a list"}


def _noun(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "nothing" if value is None else "true or false"
    return "a number" if isinstance(value, int | float) else _NOUNS.get(type(value), type(value).__name__)


def check_columns(name: str, columns: Collection[str]) -> None:
    """Raises OutputError when a table lacks a column that is read."""
    missing = [column for column in COLUMNS.get(name, ()) if column not in columns]
    if missing:
        raise OutputError(
            f"{name} has no column '{missing[0]}': it was not written by this version of chainsim. {AGAIN}"
        )
