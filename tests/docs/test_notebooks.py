"""The notebooks of the documentation run from top to bottom, and are kept without outputs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LESSONS = [path for path in NOTEBOOKS if path.stem.startswith("lesson_")]


def code_of(notebook: Path) -> list[str]:
    cells: list[dict[str, Any]] = json.loads(notebook.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def run(notebooks: list[Path], folder: Path) -> None:
    """As a notebook would, all in one process: the last expression of a cell is shown as HTML where it has one, else as text."""
    script = folder / "cells.py"
    script.write_text(
        "import ast\n"
        f"notebooks = {[(path.stem, code_of(path)) for path in notebooks]!r}\n"
        "for stem, cells in notebooks:\n"
        "    names = {}\n"
        "    for number, cell in enumerate(cells, 1):\n"
        "        where = f'{stem}, cell {number}'\n"
        "        tree = ast.parse(cell)\n"
        "        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None\n"
        "        exec(compile(tree, where, 'exec'), names)\n"
        "        if last is not None:\n"
        "            shown = eval(compile(ast.Expression(last.value), where, 'eval'), names)\n"
        "            html = getattr(shown, '_repr_html_', None) or getattr(shown, '_repr_svg_', None)\n"
        "            assert shown is None or (html() if html else repr(shown)), f'{where} shows nothing'\n",
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(script)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_whole_study_runs_and_every_last_line_shows_itself(tmp_path: Path) -> None:
    run([FOLDER / "whole_study.ipynb"], tmp_path)
    assert (tmp_path / "grocer-study" / "report.html").exists() or (
        tmp_path / "grocer-study" / "manifest.json"
    ).exists()
    assert list((tmp_path / "grocer-tuned").glob("*.tuned.yaml"))


@pytest.mark.slow
def test_the_lessons_run_and_every_last_line_shows_itself(tmp_path: Path) -> None:
    assert len(LESSONS) >= 6
    run(LESSONS, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["cells.py"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_without_outputs(notebook: Path) -> None:
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        assert cell["cell_type"] == "markdown" or (cell["outputs"], cell["execution_count"]) == ([], None)
