"""`chainsim doctor`: is this installation in order?"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from importlib import metadata, util
from pathlib import Path

from chainsim.cli import options
from chainsim.cli.console import say, table
from chainsim.version import __version__

NEEDED = (
    "numpy",
    "scipy",
    "pandas",
    "pydantic",
    "pyyaml",
    "simpy",
    "joblib",
    "matplotlib",
    "jinja2",
    "xlsxwriter",
    "typer",
    "rich",
)
OPTIONAL = {"numba": "fast", "pyarrow": "parquet", "python-calamine": "excel"}

TINY = """
chainsim: 1
title: Self-test
time: {unit: day, warm_up: 2, horizon: 10, bucket: 1 day}
replications: 2
products: {item: {unit_cost: 1, unit_price: 2}}
sites: {source: {kind: supplier}, shop: {kind: store}}
lanes: [{from: source, to: shop, lead_time: 2}]
demand: [{site: shop, product: item, quantity: 3}]
costs: {carrying_rate: 25% per year}
policies: {base: {type: base_stock, order_up_to_level: 9, review_interval: 1}}
"""
"""Three units a day and nine in stock or on their way: every customer is served (order-up-to 9 ≥ 3 × 2 days + 3)."""


def doctor(json: options.Json = False) -> None:
    """Print versions, cores, optional parts and whether results can be written; run a quick self-test.

    \b
    Example:
      chainsim doctor
    """
    rows = [
        ("chainsim", __version__),
        ("python", platform.python_version()),
        ("system", platform.system()),
        ("cores", str(_cores())),
        *((name, _version(name)) for name in NEEDED),
        *((f"{name} (optional, [{extra}])", _optional(name)) for name, extra in OPTIONAL.items()),
        ("results folder", _writable()),
        ("self-test", _self_test()),
    ]
    if json:
        import json as writer

        say(writer.dumps(dict(rows), indent=2))
    else:
        say(table(["what", "found"], rows))
    if any(found.startswith(("MISSING", "FAILED")) for _, found in rows):
        sys.exit(3)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "MISSING"


def _optional(name: str) -> str:
    return _version(name) if util.find_spec(name) else "not installed"


def _writable() -> str:
    """Whether results/ of this folder could be written, tried with a file that leaves nothing behind."""
    place = Path("results") if Path("results").is_dir() else Path(".")
    try:
        with tempfile.TemporaryFile(dir=place):
            return f"can be written ({place.resolve()})"
    except OSError as error:
        return f"FAILED: {place.resolve()} cannot be written: {error.strerror or error}"


def _self_test() -> str:
    import chainsim

    try:
        fill = chainsim.load_text(TINY, "self-test").run(jobs=1).estimate("base", "fill_rate").mean
    except Exception as error:  # whatever is broken, the doctor reports it
        return f"FAILED: {type(error).__name__}: {error}"
    return "passed" if fill == 1.0 else f"FAILED: fill rate {fill}, expected 1"
