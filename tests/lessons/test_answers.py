"""Answers of all kinds of people: clean, sloppy, broken and hostile."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from chainsim.errors import ChainsimError, UsageError
from chainsim.lessons.answers import read_answers
from chainsim.lessons.judging import judge, number_in
from chainsim.lessons.lesson import lesson_of
from chainsim.lessons.sheet import Sheet

SAW = Sheet(lesson_of("saw-tooth"))


@pytest.mark.parametrize(
    ("given", "unit", "number"),
    [
        (427, "", 427.0), ("427.5 bags", "", 427.5), ("≈ 12", "", 12.0), ("1 250", "", 1250.0), ("97 %", "%", 97.0), ("97%", "", 0.97),
        ("−3", "", -3.0), (".5", "", 0.5), ("1e3", "", 1000.0), ("€ 12.50", "EUR", 12.5), ("12.50 EUR", "EUR", 12.5),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(given: Any, unit: str, number: float) -> None:
    assert number_in(given, unit) == number


@pytest.mark.parametrize(
    "given", ["427,5", "1,250", "two", "12 or 13", "3.4.5", True, [1], {"a": 1}, "1e999", "nan", "inf", "=1+1", "--3"]
)
def test_what_is_no_number_is_told_and_not_guessed(given: Any) -> None:
    one = judge(SAW, "best_lot", given)
    assert (one.verdict, one.points) == ("unreadable", 0)
    assert "number" in one.words


def test_how_far_above_the_best_is_told() -> None:
    best = float(SAW.key("best_lot").value)
    twice = judge(SAW, "best_lot", 2 * best)
    assert (twice.verdict, twice.points) == ("wrong", 0)
    assert "you are 25 % above the best" in twice.words
    near = judge(SAW, "best_lot", 0.75 * best)
    assert near.verdict == "near"
    assert 0 < near.points < near.of
    assert "you are 4.2 % above the best" in near.words
    assert judge(SAW, "best_lot", best).words == "right: this is the best there is."
    for impossible in (0, -5):
        assert "not possible" in judge(SAW, "best_lot", impossible).words


def test_mixed_units_are_told() -> None:
    assert "were a share and per cent mixed up?" in judge(SAW, "twice_the_best", 0.25).words
    assert "were months and years mixed up?" in judge(SAW, "orders_a_year", 32.5 / 12).words


def test_choices() -> None:
    sheet = Sheet(lesson_of("fill-rate"))
    assert judge(sheet, "larger_lot", "Fill_Rate").verdict == "right"
    assert judge(sheet, "larger_lot", "cycle_service").words.startswith("no. ")
    assert "did you mean" in judge(sheet, "larger_lot", "fillrate").words


def written(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_csv_of_all_countries(tmp_path: Path) -> None:
    english = written(
        tmp_path, "a.csv", "question,answer\r\nlesson,saw-tooth\r\nstudent,s-1\r\nbest_lot,96.1\r\nbest_cost,\r\n"
    )
    german = written(tmp_path, "b.csv", "\ufefflesson;saw-tooth\nbest_lot;96,1\n")
    assert dict(read_answers(english).answers) == {"best_lot": "96.1", "best_cost": None}
    assert read_answers(english).student == "s-1"
    assert dict(read_answers(german).answers) == {"best_lot": "96.1"}


HEAD = "lesson: saw-tooth\nanswers:\n"
HOSTILE: dict[str, str | bytes] = {
    "empty.yaml": "",
    "list.yaml": "- 1\n- 2\n",
    "text.yaml": "hello",
    "no-lesson.yaml": "answers: {best_lot: 3}",
    "unknown.yaml": "lesson: sawtooth\nanswers: {}",
    "lesson-list.yaml": "lesson: [saw-tooth]",
    "outside.yaml": "lesson: ../../../etc\nanswers: {}",
    "python.yaml": HEAD + "  best_lot: !!python/object/apply:os.system ['true']\n",
    "bomb.yaml": "a: &a [1,1,1,1,1,1,1,1,1]\n"
    + "".join(
        f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "deep.yaml": "[" * 10_000,
    "twice.yaml": HEAD + "  best_lot: 3\n  best_lot: 4\n",
    "tab.yaml": "lesson: saw-tooth\nanswers:\n\tbest_lot: 3\n",
    "merge.yaml": "<<: {}\nlesson: saw-tooth",
    "binary.yaml": bytes(range(256)),
    "utf16.yaml": HEAD.encode("utf-16"),
    "nul.csv": b"lesson,saw-tooth\nbest_lot,3\x00\n",
    "quote.csv": 'lesson,saw-tooth\nbest_lot,"3\n',
    "large.yaml": HEAD + "#" * 200_000,
    "student.yaml": "lesson: saw-tooth\nstudent: [1]\n",
    "long-id.yaml": f"lesson: saw-tooth\nstudent: {'x' * 500}\n",
    "answers.yaml": "lesson: saw-tooth\nanswers: 3\n",
    "many.yaml": HEAD + "".join(f"  q{i}: 1\n" for i in range(300)),
    "program.exe": "MZ",
    "again.csv": "lesson,saw-tooth\nbest_lot,1\nbest_lot,2\n",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_what_cannot_be_read_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(ChainsimError) as caught:
        read_answers(written(tmp_path, name, HOSTILE[name]))
    assert isinstance(caught.value, UsageError)
    assert 10 < len(str(caught.value)) < 400
    assert "\x1b" not in str(caught.value)


def test_what_to_do_stands_apart_from_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="first in line 3; keep one$"):
        read_answers(written(tmp_path, "twice.yaml", HOSTILE["twice.yaml"]))


def test_folders_pipes_and_missing_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    for name in ("folder.yaml", "missing.yaml"):
        with pytest.raises(UsageError):
            read_answers(tmp_path / name)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.yaml")
        with pytest.raises(UsageError, match="not a regular file"):
            read_answers(tmp_path / "pipe.yaml")


def test_odd_things_are_told_and_marked_nevertheless(tmp_path: Path) -> None:
    text = "lesson: saw-tooth\nstudent: 17\nname: Me\nanswers:\n  best_lott: 96\n  mean_stock: 20\n"
    found = read_answers(written(tmp_path, "odd.yaml", text))
    assert (found.student, found.answers) == ("17", {"mean_stock": 20})
    assert any("best_lott" in words for words in found.told)
    assert any("'name' means nothing here" in words for words in found.told)
