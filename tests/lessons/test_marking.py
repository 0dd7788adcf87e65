"""A class: papers for everybody, hand-ins marked, copies named; what is broken harms nobody."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from chainsim.errors import UsageError
from chainsim.lessons.lesson import lesson_of
from chainsim.lessons.marking import mark
from chainsim.lessons.papers import check_id
from chainsim.lessons.roll import students_in
from chainsim.lessons.sheet import Sheet
from tests.lessons.test_answers import HOSTILE, written


def hand_in(folder: Path, student: str, of: str | None = None, **changed: object) -> None:
    """A student's own right answers, or those of another, with some changed."""
    sheet = Sheet(lesson_of("saw-tooth"), of or student)
    answers = {question: sheet.right_answer(question) for question in sheet.lesson.questions} | changed
    lines = ["lesson: saw-tooth", f"student: {student}", "answers:", *(f"  {q}: {a}" for q, a in answers.items())]
    written(folder, f"{student}.yaml", "\n".join(lines) + "\n")


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_a_class_is_marked_and_copies_are_named(tmp_path: Path) -> None:
    hand_in(tmp_path, "ann")
    hand_in(tmp_path, "ben", mean_stock=0.001)
    hand_in(tmp_path, "eve", of="ann")
    for name, data in HOSTILE.items():
        written(tmp_path, f"x-{name}", data)
    (tmp_path / "ann").mkdir()
    written(tmp_path / "ann", "scenario.yaml", "chainsim: 1")
    written(tmp_path / "ann", "worksheet.md", "# read me")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    found = mark(tmp_path, ["ann", "ben", "dora"])
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    points = {one.hand_in.student: one.points for one in found.marked if one.hand_in.student}
    assert points["ann"] == 10
    assert points["ben"] == 9
    assert points["eve"] < 10
    assert len(found.refused) == len(HOSTILE)
    assert found.missing == ["dora"]
    assert [(a, b) for a, b, _ in found.alike] == [("ann.yaml", "eve.yaml")]
    told = {row["student"]: row for row in rows(found.files()["marks.csv"])}
    assert told["eve"]["told"] == "this id is not in the list of students"
    assert told["dora"]["told"] == "nothing handed in"
    answers = rows(found.files()["answers.csv"])
    assert len(answers) == 3 * 6
    assert all(row["feedback"] for row in answers)


def test_formulas_of_spreadsheets_stay_texts(tmp_path: Path) -> None:
    written(
        tmp_path,
        "a.yaml",
        "lesson: saw-tooth\nstudent: '=HYPERLINK(1)'\nanswers: {best_lot: '=1+1', mean_stock: '@x'}\n",
    )
    files = mark(tmp_path).files()
    assert b"'=HYPERLINK(1)" in files["marks.csv"]
    assert b",'=1+1," in files["answers.csv"]
    assert b",'@x," in files["answers.csv"]


def test_files_of_other_kinds_are_refused_and_a_run_beside_the_answers_is_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "ann" / "results").mkdir(parents=True)
    for name in ("manifest.json", "summary.csv"):
        written(tmp_path / "ann" / "results", name, "{}")
    written(tmp_path, "manifest.json", "{}")  # one student's, loose among the others: it hides nobody
    written(tmp_path / "ann", "saw-tooth-best_lot.svg", "<svg/>")
    hand_in(tmp_path / "ann", "ann")
    written(tmp_path, "ben.xlsx", b"PK\x03\x04")
    written(tmp_path, "eve.py", "print(1)")
    found = mark(tmp_path)
    assert [one.file for one in found.marked] == ["ann/ann.yaml"]
    assert [name for name, _ in found.refused] == ["ben.xlsx", "eve.py", "manifest.json"]
    assert all("hand in a .yaml, a .yml or a .csv file" in why for _, why in found.refused)


def test_a_second_hand_in_is_told_and_links_are_not_followed(tmp_path: Path) -> None:
    hand_in(tmp_path, "ann")
    (tmp_path / "late").mkdir()
    hand_in(tmp_path / "late", "ann")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = mark(tmp_path)
    assert [one.told for one in found.marked] == [["handed in again as late/ann.yaml"], ["handed in again as ann.yaml"]]
    assert found.alike == []


@pytest.mark.parametrize("bad", ["", "a/b", "..", ".hidden", "CON", "a" * 65, "a b", "ä", "-x", "nul.txt", "x."])
def test_an_id_that_can_be_no_folder_is_refused(bad: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name of a folder"):
        check_id(bad)


def test_the_list_of_students(tmp_path: Path) -> None:
    assert students_in(written(tmp_path, "a.csv", "name;id\nAnn;s-1\nBen;s-2\n")) == ["s-1", "s-2"]
    assert students_in(written(tmp_path, "b.csv", "s-1\n\ns-2\n")) == ["s-1", "s-2"]
    for text, words in (
        ("id\ns-1\nS-1\n", "line 3: the id 'S-1' is there twice"),
        ("id\n../x\n", "line 2"),
        ("id\n", "0 ids"),
    ):
        with pytest.raises(UsageError, match=words):
            students_in(written(tmp_path, "c.csv", text))


def test_every_line_without_a_good_id_is_told_and_of_many_the_first_ten(tmp_path: Path) -> None:
    text = "id,name\ns-1,A\ns/2,B\nS-1,C\n,D\ns-1,E\n"
    with pytest.raises(UsageError) as told:
        students_in(written(tmp_path, "a.csv", text))
    lines = str(told.value).splitlines()
    assert "4 lines that are wrong" in lines[0]
    assert [line.strip().split(":")[0] for line in lines[1:]] == ["line 3", "line 4", "line 5", "line 6"]
    assert "as 's-1'; ids do not differ by case alone" in lines[2]
    assert lines[4].endswith("is there twice, first in line 2")
    with pytest.raises(UsageError, match="and 3 further lines"):
        students_in(written(tmp_path, "b.csv", "id\n" + "a/b\n" * 13))
    with pytest.raises(UsageError, match=r"c\.csv, line 3: the id 'a/b' cannot be"):
        students_in(written(tmp_path, "c.csv", "id\nx\na/b\n"))
