"""Marking a class: every hand-in of a folder, its points, and which are suspiciously alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from chainsim.errors import ChainsimError, UsageError
from chainsim.lessons.answers import HandIn, read_answers
from chainsim.lessons.judging import Judged, judged, number_in, points_of
from chainsim.lessons.papers import ANSWERS, SCENARIO, WORKSHEET
from chainsim.lessons.sheet import canonical
from chainsim.scenario.render import escape
from chainsim.study.csvtext import Cell, csv_bytes

MOST_FILES = 5000
RESULTS = "manifest.json"
"""A file that the folder of a run holds: of such a folder only the answer sheet is read."""
CHECKED = "check.html"
"""The page of a check, of which marking reads nothing (`lessons.checked`, which draws, is not loaded for that)."""
DRAWINGS = (".svg", ".png")
SAME = 1e-6
"""Relative difference below which two numbers are one."""
FEWEST_ALIKE = 2
"""Numbers two hand-ins must share, where their right answers differ, to be named."""


@dataclass(frozen=True)
class Marked:
    """One hand-in with its marks."""

    file: str
    hand_in: HandIn
    judged: Sequence[Judged]
    told: Sequence[str]

    @property
    def points(self) -> float:
        return points_of(list(self.judged))


@dataclass
class Marks:
    """A marked folder. refused: files that could not be marked, and why. alike: pairs of hand-ins and what they share.
    missing: students of the list who handed nothing in."""

    marked: list[Marked] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    alike: list[tuple[str, str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def files(self) -> dict[str, bytes]:
        """marks.csv (a line a hand-in), answers.csv (a line an answer), alike.csv, refused.csv."""
        marks: list[list[Cell]] = []
        answers: list[list[Cell]] = []
        for one in self.marked:
            lesson, student = one.hand_in.lesson, one.hand_in.student
            share = one.points / lesson.points
            marks.append(
                [
                    student,
                    lesson.name,
                    round(one.points, 2),
                    lesson.points,
                    round(share, 4),
                    one.file,
                    "; ".join(one.told),
                ]
            )
            answers += [
                [student, lesson.name, j.question, j.answer, j.verdict, j.points, j.of, j.words] for j in one.judged
            ]
        marks += [[student, "", 0.0, None, 0.0, "", "nothing handed in"] for student in self.missing]
        return {
            "marks.csv": csv_bytes(("student", "lesson", "points", "of", "share", "file", "told"), marks),
            "answers.csv": csv_bytes(
                ("student", "lesson", "question", "answer", "verdict", "points", "of", "feedback"), answers
            ),
            "alike.csv": csv_bytes(("first", "second", "what"), self.alike),
            "refused.csv": csv_bytes(("file", "why"), self.refused),
        }


def mark(
    folder: Path,
    students: Sequence[str] | None = None,
    tell: Callable[[str], None] | None = None,
    home: Path | None = None,
) -> Marks:
    """Mark every answer sheet below a folder; nothing there is changed. students: who should have handed in.
    home: a folder of lessons of one's own.

    Raises UsageError for a folder that is none, or holds too many files.
    """
    found = Marks()
    known = None if students is None else {canonical(student): student for student in students}
    for path in hand_ins(folder):
        name = escape(path.relative_to(folder).as_posix())
        if tell is not None:
            tell(name)
        try:
            hand_in = read_answers(path, home=home)
            sheet = hand_in.sheet
            told = [*hand_in.told]
            if known is not None and canonical(hand_in.student) not in known:
                told.append("this id is not in the list of students" if hand_in.student else "no student is named")
            found.marked.append(Marked(name, hand_in, judged(sheet, hand_in.answers), told))
        except ChainsimError as error:
            found.refused.append((name, str(error)))
    found.marked = list(_told_twice(found.marked))
    found.alike = list(_alike(found.marked))
    handed = {canonical(one.hand_in.student) for one in found.marked}
    found.missing = [student for key, student in (known or {}).items() if key not in handed]
    return found


def hand_ins(folder: Path) -> list[Path]:
    """What was handed in below a folder, in order of name, of whatever kind. Left alone: the papers of the lesson, drawings,
    what a run wrote, hidden files; links are not followed."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder of hand-ins")
    found: list[Path] = []
    open_folders = [folder]
    while open_folders:
        at = open_folders.pop()
        of_a_run = at != folder and (at / RESULTS).is_file()
        for path in sorted(at.iterdir()):
            if of_a_run and path.name != ANSWERS:
                continue
            if path.name.startswith(".") or path.is_symlink():
                continue
            if path.is_dir():
                open_folders.append(path)
            elif path.name not in (SCENARIO, WORKSHEET, CHECKED) and path.suffix.lower() not in DRAWINGS:
                found.append(path)
            if len(found) > MOST_FILES:
                raise UsageError(f"{folder} holds more than {MOST_FILES:,} hand-ins: mark a class at a time")
    return sorted(found)


def _told_twice(marked: Sequence[Marked]) -> Iterator[Marked]:
    """Who handed the same lesson in more than once is told; all are marked."""
    by_student = defaultdict(list)
    for one in marked:
        by_student[canonical(one.hand_in.student), one.hand_in.lesson.name].append(one.file)
    for one in marked:
        files = by_student[canonical(one.hand_in.student), one.hand_in.lesson.name]
        also = [file for file in files if file != one.file] if one.hand_in.student else []
        yield (
            Marked(one.file, one.hand_in, one.judged, [*one.told, f"handed in again as {', '.join(also[:3])}"])
            if also
            else one
        )


def _alike(marked: Sequence[Marked]) -> Iterator[tuple[str, str, str]]:
    """Pairs of hand-ins that share numbers which are not both right: one was not worked out from its own numbers."""
    for first, second in combinations(marked, 2):
        a, b = first.hand_in, second.hand_in
        if a.lesson is not b.lesson or (a.student and canonical(a.student) == canonical(b.student)):
            continue
        shared = []
        for name, question in a.lesson.questions.items():
            x, y = _number(a, name), _number(b, name)
            if question.choices or x is None or y is None or abs(x - y) > SAME * max(abs(x), abs(y)):
                continue
            both_right = all(j.verdict == "right" for m in (first, second) for j in m.judged if j.question == name)
            if not both_right:
                shared.append(name)
        if len(shared) >= FEWEST_ALIKE:
            yield first.file, second.file, f"the same numbers, not right for both: {', '.join(shared)}"


def _number(hand_in: HandIn, question: str) -> float | None:
    try:
        return number_in(hand_in.answers.get(question), hand_in.lesson.questions[question].unit)
    except ValueError:
        return None
