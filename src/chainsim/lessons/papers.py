"""What a student gets: the worksheet, the scenario, an empty sheet for the answers."""

from __future__ import annotations

import re
from pathlib import Path

from chainsim.errors import OutputError, UsageError
from chainsim.lessons.lesson import Question
from chainsim.lessons.sheet import Sheet, shown_number

WORKSHEET, SCENARIO, ANSWERS = "worksheet.md", "scenario.yaml", "answers.yaml"
ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._@-]{0,62}[A-Za-z0-9])?")
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
"""Names that Windows keeps for devices."""


def worksheet(sheet: Sheet) -> str:
    """Story, numbers and questions, without a word of what is right."""
    lesson = sheet.lesson
    who = f"For {sheet.student}. " if sheet.student else ""
    lines = [
        f"# {lesson.title}",
        f"{who}{lesson.minutes} minutes, {shown_number(lesson.points)} points.",
        sheet.text(lesson.story).strip(),
    ]
    lines.append("## Your numbers")
    lines.append(
        "\n".join(f"- {value.means}: **{shown_number(sheet.numbers[name])}**" for name, value in lesson.values.items())
    )
    lines.append("## Try it")
    lines.append(f"The story as a scenario is `{SCENARIO}`, beside this sheet.\n\n```sh\n{commands(sheet)}\n```")
    lines.append("## Questions")
    lines += [_question(sheet, i, name, q) for i, (name, q) in enumerate(lesson.questions.items(), 1)]
    lines.append(
        f"Write your answers into `{ANSWERS}`, then `chainsim lesson check {ANSWERS} --open` shows which are right, and why."
    )
    return "\n\n".join(lines) + "\n"


def commands(sheet: Sheet) -> str:
    """What shows the lesson at work."""
    run = f"chainsim run {SCENARIO} --open"
    return f"{run}\nchainsim sweep {SCENARIO} {sheet.text(sheet.lesson.sweep)}" if sheet.lesson.sweep else run


def _question(sheet: Sheet, i: int, name: str, question: Question) -> str:
    points = f"{shown_number(question.points)} point{'' if question.points == 1 else 's'}"
    unit = f", in {question.unit}" if question.unit else ""
    text = f"**{i}. `{name}`** ({points}{unit}) {' '.join(sheet.text(question.ask).split())}"
    if question.choices:
        text += "\n\n" + "\n".join(f"- `{key}`: {sheet.text(choice.text)}" for key, choice in question.choices.items())
    return text


def answer_sheet(sheet: Sheet) -> str:
    """The file that is filled in and handed in."""
    lines = [
        f"# Answers to the lesson '{sheet.lesson.title}': a number, or the name of a choice, behind each colon.",
        f"lesson: {sheet.lesson.name}",
    ]
    if sheet.student:
        lines.append(f"student: {quoted(sheet.student)}")
    lines.append("answers:")
    for name, question in sheet.lesson.questions.items():
        of = ", ".join(question.choices) or question.unit or "a number"
        lines.append(f"  {name}:    # {of}")
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A text as YAML takes it for a text, whatever it looks like."""
    return "'" + text.replace("'", "''") + "'"


def write_papers(sheet: Sheet, folder: Path, *, overwrite: bool = False) -> list[Path]:
    """Worksheet, scenario and answer sheet in a folder. Raises OutputError; an answer sheet is never replaced unasked."""
    texts = {WORKSHEET: worksheet(sheet), SCENARIO: sheet.scenario_text, ANSWERS: answer_sheet(sheet)}
    written = []
    for name, text in texts.items():
        path = folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with path.open("w" if overwrite else "x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
        except FileExistsError:
            raise OutputError(f"{path} exists already. Choose another folder, or pass --overwrite.") from None
        except OSError as error:
            raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error
        written.append(path)
    return written


def check_id(student: str) -> str:
    """An id that can be the name of a folder everywhere. Raises UsageError."""
    if not ID.fullmatch(student) or RESERVED.fullmatch(student):
        raise UsageError(
            f"the id {student[:70]!r} cannot be the name of a folder: take 1 to 64 letters a to z, digits, '.', '-', '_' or '@', such as s-1017"
        )
    return student
