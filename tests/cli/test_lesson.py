"""`chainsim lesson`: what a teacher and a student type."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chainsim.data import lesson_folder
from chainsim.lessons.lesson import lesson_of
from tests.lessons.test_answers import written
from tests.lessons.test_marking import rows

Run = Callable[..., tuple[int, str, str]]


def test_the_commands_of_a_class(chainsim: Run, tmp_path: Path) -> None:
    written(tmp_path, "ids.csv", "id\ns-1\ns-2\n")
    code, out, err = chainsim("lesson", "assign", "saw-tooth", "--students", "ids.csv", "--keys", "keys.csv")
    assert (code, out) == (0, ""), err
    folder = tmp_path / "assigned" / "saw-tooth"
    assert sorted(p.name for p in folder.iterdir()) == ["s-1", "s-2"]
    assert sorted(p.name for p in (folder / "s-1").iterdir()) == ["answers.yaml", "scenario.yaml", "worksheet.md"]
    key = rows((tmp_path / "keys.csv").read_bytes())[0]
    sheet = folder / "s-1" / "answers.yaml"
    lines = sheet.read_text("utf-8").splitlines()
    sheet.write_text(
        "\n".join(
            f"{line.split(':')[0]}: {key[line.split(':')[0].strip()]}"
            if line.split(":")[0].strip() in key and line[:1] == " "
            else line
            for line in lines
        )
    )
    code, out, err = chainsim("lesson", "mark", "assigned", "--students", "ids.csv")
    assert code == 0, err
    assert "s-1" in out
    assert rows((tmp_path / "marks" / "marks.csv").read_bytes())[0]["points"] == "10.0"
    assert chainsim("lesson", "mark", "assigned")[0] == 4  # marks/ is there already
    assert chainsim("lesson", "assign", "saw-tooth", "--students", "ids.csv")[0] == 4


def test_the_commands_of_a_student(chainsim: Run, tmp_path: Path) -> None:
    assert "saw-tooth" in chainsim("lesson", "list")[1]
    assert chainsim("lesson", "start", "saw-tooth", "--student", "s-1")[0] == 0
    code, out, err = chainsim("lesson", "check", "saw-tooth/answers.yaml", "--chart", "charts")
    assert code == 0, err
    assert "0 of 10 points." in out
    assert (tmp_path / "charts" / "saw-tooth-best_lot.svg").read_bytes().startswith(b"<svg")
    for option, words in (("--solution", "√(2KD/h)"), ("--teacher", "| 0–10 |"), ("--hints", "best_lot, hint 2")):
        assert words in chainsim("lesson", "show", "saw-tooth", option)[1]
    code, out, err = chainsim("lesson", "show", "saw-toth")
    assert (code, out) == (2, "")
    assert "did you mean 'saw-tooth'?" in err


@pytest.mark.parametrize("command", ["list", "show", "start", "check", "assign", "mark"])
def test_help_has_an_example(chainsim: Run, command: str) -> None:
    code, out, err = chainsim("lesson", command, "--help")
    assert (code, err) == (0, "")
    assert f"Example:\n    chainsim lesson {command}" in out


def test_a_lesson_of_ones_own(chainsim: Run, tmp_path: Path) -> None:
    shutil.copytree(lesson_folder("saw-tooth"), tmp_path / "mine" / "coffee")
    home = ("--lessons", "mine")
    assert chainsim("lesson", "list", *home)[1].startswith("coffee")
    assert chainsim("lesson", "start", "coffee", *home)[0] == 0
    code, out, err = chainsim("lesson", "check", "coffee/answers.yaml", *home)
    assert (code, err) == (0, "")
    assert "0 of 10 points." in out
    assert chainsim("lesson", "check", "coffee/answers.yaml")[0] == 2
    assert chainsim("lesson", "mark", "coffee", *home, "--quiet")[0] == 0
    broken = tmp_path / "mine" / "coffee" / "lesson.yaml"
    broken.write_text(
        broken.read_text("utf-8").replace("points: 3", "point: 3").replace("lesson: 1", "lesson: 2"), "utf-8"
    )
    lesson_of.cache_clear()
    code, out, err = chainsim("lesson", "show", "coffee", *home)
    assert (code, out) == (2, "")
    assert "lesson: Input should be 1" in err
    assert "questions.best_lot.point: Extra inputs are not permitted" in err


def test_all_that_is_asked_for_is_shown(chainsim: Run) -> None:
    code, out, _ = chainsim("lesson", "show", "newsvendor", "--teacher", "--solution", "--hints")
    assert code == 0
    assert ["hint 1" in out, "# Worked solution" in out, "# For the teacher" in out] == [True] * 3
    code, out, _ = chainsim("lesson", "show", "multi-echelon")
    assert code == 0
    assert "it takes 1 day, " in out


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_a_folder_without_lessons_is_refused(chainsim: Run, folder: str) -> None:
    code, out, err = chainsim("lesson", "list", "--lessons", folder)
    assert (code, out) == (2, "")
    assert "holds no lesson" in err
