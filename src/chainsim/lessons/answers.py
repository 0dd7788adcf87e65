"""Reading what was handed in: YAML or CSV, from anybody. A broken or hostile file harms nothing, and is told.

lesson: saw-tooth            question,answer
student: s-1017              lesson,saw-tooth
answers:                     student,s-1017
  best_lot: 427              best_lot,427
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chainsim.errors import BudgetError, ScenarioError, UsageError
from chainsim.lessons.lesson import Lesson, lesson_of
from chainsim.lessons.sheet import Sheet
from chainsim.scenario.files import Refused, read_regular
from chainsim.scenario.read import UNPRINTABLE, decode, read_yaml
from chainsim.scenario.render import escape

MOST_BYTES = 100_000
MOST_ANSWERS = 200
LONGEST_ID = 64
KEYS = {"lesson", "student", "answers"}
KINDS = (".yaml", ".yml", ".csv")


@dataclass(frozen=True)
class HandIn:
    """A hand-in that could be read. told: what was odd about it."""

    lesson: Lesson
    student: str
    answers: Mapping[str, Any]
    told: tuple[str, ...] = ()

    @property
    def sheet(self) -> Sheet:
        return Sheet(self.lesson, self.student)


def read_answers(path: Path, lesson: str | None = None, student: str | None = None, home: Path | None = None) -> HandIn:
    """What stands in a file. lesson, student: instead of what it says. home: a folder of lessons of one's own. Raises UsageError with what is wrong, in a sentence."""
    if path.suffix.lower() not in KINDS:
        raise UsageError(f"{escape(path.name or str(path))}: hand in a {', a '.join(KINDS[:2])} or a {KINDS[2]} file")
    try:
        text = decode(read_regular(path, path.name, MOST_BYTES), path.name, MOST_BYTES)
        written = _of_csv(text) if path.suffix.lower() == ".csv" else read_yaml(text, path.name).root.plain()
    except (Refused, BudgetError) as error:
        raise UsageError(f"{escape(path.name)} {escape(str(error)).removeprefix(path.name + ': ')}") from None
    except ScenarioError as error:
        found = error.findings[0]
        raise UsageError(
            f"{escape(path.name)}, line {found.where.line}: {found.message}{'; ' if found.cure else ''}{found.cure}"
        ) from None
    except (csv.Error, ValueError) as error:
        raise UsageError(f"{escape(path.name)} cannot be read as CSV: {escape(str(error))}") from None
    return _hand_in(escape(path.name), written, lesson, student, home)


def _hand_in(file: str, written: Any, lesson: str | None, student: str | None, home: Path | None) -> HandIn:
    if not isinstance(written, Mapping):
        raise UsageError(
            f"{file} is no answer sheet: it needs `lesson:` and, indented below `answers:`, a line for each question"
        )
    told = [f"'{escape(str(key)[:40])}' means nothing here" for key in list(written)[:5] if key not in KEYS]
    name = written.get("lesson") if lesson is None else lesson
    if not isinstance(name, str):
        raise UsageError(f"{file} does not say which lesson it answers: write `lesson: saw-tooth`, or pass --lesson")
    known = lesson_of(escape(name[:60]), home)
    who = written.get("student", "") if student is None else student
    if who is None or isinstance(who, bool | list | Mapping) or len(str(who)) > LONGEST_ID:
        raise UsageError(f"{file}: `student` must be an id of at most {LONGEST_ID} letters")
    answers = written.get("answers")
    if answers is None:
        answers = {}
    if not isinstance(answers, Mapping):
        raise UsageError(f"{file}: below `answers:` belongs a line for each question, such as `best_lot: 427`")
    if len(answers) > MOST_ANSWERS:
        raise UsageError(f"{file} has {len(answers):,} answers; at most {MOST_ANSWERS} are read")
    strange = [escape(str(key)[:40]) for key in answers if key not in known.questions]
    if strange:
        told.append(f"no question is called {', '.join(strange[:3])}: known are {', '.join(known.questions)}")
    return HandIn(
        known, escape(str(who)).strip(), {k: v for k, v in answers.items() if k in known.questions}, tuple(told)
    )


def _of_csv(text: str) -> dict[str, Any]:
    """Rows of name and answer, with commas, semicolons or tabs between, as spreadsheets of all countries write them."""
    if UNPRINTABLE.search(text):
        raise ValueError("it holds a character no text can have")
    first = text.lstrip().splitlines()[0] if text.strip() else ""
    mark = max(",;\t", key=first.count)
    found: dict[str, Any] = {"answers": {}}
    for row in csv.reader(io.StringIO(text), delimiter=mark, strict=True):
        if not row or not row[0].strip() or row[0].strip().casefold() in ("question", "name"):
            continue
        name, answer = row[0].strip(), (row[1].strip() if len(row) > 1 else "")
        if mark == ";" and answer.count(",") == 1 and "." not in answer:
            answer = answer.replace(",", ".")  # a decimal comma, where commas do not part cells
        if name in found["answers"] or name in found:
            raise ValueError(f"the row '{name[:40]}' is there twice")
        target = found if name in ("lesson", "student") else found["answers"]
        target[name] = answer or None
    return found
