"""docs/theory.md lists what exists, and every known answer has its function."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

from chainsim.verify import cases

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "theory.md").read_text("utf-8")
LISTED = {name for name in re.findall(r"`(\w+\.\w+)`", TEXT) if not name.startswith("chainsim.")}
HELPERS = {
    "search",
    "guaranteed_service_general",
    "guaranteed_service_problem",
    "guaranteed_service_tree",
    "positions",
    "counts",
    "service_crossing",
    "service_lost",
}
"""Modules behind others."""
PARTS = {
    "lattice",
    "guaranteed_service",
    "loss",
    "stage",
    "cover",
    "crossing",
}  # modules of which only the listed functions are a reader's concern


def test_every_name_in_the_manual_exists() -> None:
    assert len(LISTED) > 80
    for name in sorted(LISTED):
        module, attribute = name.split(".")
        assert hasattr(importlib.import_module(f"chainsim.theory.{module}"), attribute), name


def test_every_public_function_is_in_the_manual() -> None:
    for path in sorted((ROOT / "src" / "chainsim" / "theory").glob("*.py")):
        if path.stem in HELPERS | PARTS:
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                assert f"{path.stem}.{node.name}" in LISTED


def test_every_case_is_in_the_manual() -> None:
    named: set[str] = set()
    for cell in re.findall(r"\| ([^|]*P-[^|]*) \|$", TEXT, re.M):
        for stem, numbers in re.findall(r"(P-[A-Z0-9]+)-([\d, …]+)", cell):
            ends = [int(n) for n in re.findall(r"\d+", numbers)]
            named |= {f"{stem}-{n}" for n in (range(ends[0], ends[-1] + 1) if "…" in numbers else ends)}
    assert named == {id for id in cases() if not id.startswith("P-SIM-")}
