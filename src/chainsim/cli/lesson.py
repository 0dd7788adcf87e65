"""`chainsim lesson`: lessons that mark themselves: list, show, start, check, assign, mark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from chainsim.cli import options
from chainsim.cli.console import definitions, note, passing, say, table
from chainsim.errors import OutputError, UsageError
from chainsim.showing import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainsim.lessons.judging import Judged
    from chainsim.lessons.sheet import Sheet

Text = Optional[str]  # noqa: UP045 (typer reads the annotation at run time)
Place = Optional[Path]  # noqa: UP045
Name = Annotated[str, typer.Argument(metavar="LESSON", help="chainsim lesson list names them.", show_default=False)]
Student = Annotated[
    Text, typer.Option("--student", metavar="ID", help="With this student's own numbers.", show_default=False)
]
Home = Annotated[
    Place,
    typer.Option(
        "--lessons",
        metavar="DIR",
        help="A folder of lessons of your own, instead of those shipped.",
        show_default=False,
    ),
]

lessons = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]}
)


@lessons.callback()
def lesson() -> None:
    """Lessons that mark themselves: list, show, start, check; assign and mark for a class.

    \b
    Example:
      chainsim lesson list
      chainsim lesson start saw-tooth
      chainsim lesson check saw-tooth/answers.yaml
    """


def list_lessons(home: Home = None, json: options.Json = False) -> None:
    """Every lesson, in the order in which they are best done.

    \b
    Example:
      chainsim lesson list
    """
    from chainsim.lessons.lesson import lessons as shipped

    found = shipped(home)
    if json:
        import json as writer

        say(
            writer.dumps(
                {one.name: {"title": one.title, "about": one.about, "minutes": one.minutes} for one in found},
                indent=2,
                ensure_ascii=False,
            )
        )
        return
    say(definitions([(one.name, f"{one.title}{'' if one.title.endswith('?') else '.'} {one.about}") for one in found]))


def show(
    name: Name,
    student: Student = None,
    hints: Annotated[bool, typer.Option("--hints", help="The hints, question by question.")] = False,
    solution: Annotated[bool, typer.Option("--solution", help="The worked solution.")] = False,
    teacher: Annotated[
        bool, typer.Option("--teacher", help="The teacher's sheet, with a plan for the lesson.")
    ] = False,
    home: Home = None,
) -> None:
    """The worksheet of a lesson: its story, its numbers, its questions.

    \b
    Example:
      chainsim lesson show newsvendor
      chainsim lesson show newsvendor --student s-1017 --solution
    """
    from chainsim.lessons.papers import worksheet

    sheet = _sheet(name, student, home)
    parts = []
    if hints:
        asked = sheet.lesson.questions.items()
        told = [(name, i, sheet.text(hint)) for name, q in asked for i, hint in enumerate(q.hints, 1)]
        parts.append("\n".join(f"{name}, hint {i}: {' '.join(text.split())}" for name, i, text in told))
    if solution:
        parts.append(sheet.solution.rstrip())
    if teacher:
        parts.append(sheet.teacher.rstrip())
    say("\n\n".join(parts or [worksheet(sheet).rstrip()]))


def start(
    name: Name,
    out: Annotated[
        Place, typer.Option("--out", metavar="DIR", help="[default: the lesson's name]", show_default=False)
    ] = None,
    student: Student = None,
    home: Home = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Write worksheet, scenario and an empty answer sheet into a folder.

    \b
    Example:
      chainsim lesson start saw-tooth
      chainsim lesson start saw-tooth --student s-1017 --out mine
    """
    from chainsim.lessons.papers import ANSWERS, write_papers

    folder = out or Path(name)
    for path in write_papers(_sheet(name, student, home), folder, overwrite=overwrite):
        note(f"Wrote {path}.")
    note(f"Next: read the worksheet, fill in the answers, then chainsim lesson check {folder / ANSWERS}")


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The answers, YAML or CSV.", show_default=False)],
    lesson: Annotated[
        Text, typer.Option("--lesson", metavar="NAME", help="Instead of the one in the file.", show_default=False)
    ] = None,
    student: Student = None,
    chart: Annotated[
        Place,
        typer.Option(
            "--chart",
            metavar="DIR",
            help="Draw cost curves there, with your answer and the best, and a page of all answers, check.html.",
            show_default=False,
        ),
    ] = None,
    open_page: Annotated[
        bool, typer.Option("--open", help="The page in the browser; without --chart it is written beside the answers.")
    ] = False,
    home: Home = None,
    json: options.Json = False,
) -> None:
    """Which answers are right, and a sentence that teaches for those that are not.

    \b
    Example:
      chainsim lesson check saw-tooth/answers.yaml
      chainsim lesson check saw-tooth/answers.yaml --open
    """
    from chainsim.lessons.answers import read_answers
    from chainsim.lessons.judging import judged

    hand_in = read_answers(file, lesson, student, home)
    found = judged(hand_in.sheet, hand_in.answers)
    if json:
        import json as writer
        from dataclasses import asdict

        say(writer.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False))
    else:
        _tell(hand_in.sheet, found)
    for words in hand_in.told:
        note(f"note: {words}.")
    if chart is not None:
        from chainsim.lessons.curves import write_curves

        for path in write_curves(hand_in.sheet, hand_in.answers, chart):
            note(f"Wrote {path}.")
    if chart is not None or open_page:
        from chainsim.lessons.checked import write_page

        html = write_page(hand_in.sheet, hand_in.answers, found, chart or file.parent)
        note(f"Wrote {html}.")
        if open_page:
            from chainsim.cli.study import show

            show(html)


def assign(
    name: Name,
    students: Annotated[
        Path, typer.Option("--students", metavar="CSV", help="Their ids, one a line.", show_default=False)
    ],
    out: Annotated[
        Place, typer.Option("--out", metavar="DIR", help="[default: assigned/<lesson>]", show_default=False)
    ] = None,
    keys: Annotated[
        Place,
        typer.Option(
            "--keys", metavar="FILE", help="Also write what is right for whom, for yourself.", show_default=False
        ),
    ] = None,
    home: Home = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Papers for a class: a folder for every student, with numbers of their own.

    The numbers follow from the lesson and the id, so they can be made again at any time, and `mark` knows them.

    \b
    Example:
      chainsim lesson assign saw-tooth --students ids.csv --keys keys.csv
    """
    from chainsim.lessons.lesson import lesson_of
    from chainsim.lessons.papers import write_papers
    from chainsim.lessons.roll import students_in
    from chainsim.lessons.sheet import Sheet
    from chainsim.study.csvtext import csv_bytes

    known = lesson_of(name, home)
    folder = out or Path("assigned") / name
    sheets = [Sheet(known, student) for student in students_in(students)]
    for sheet in sheets:
        write_papers(sheet, folder / sheet.student, overwrite=overwrite)
    if keys is not None:
        rows = [[s.student, *(s.right_answer(q) for q in known.questions)] for s in sheets]
        _write({keys.name: csv_bytes(("student", *known.questions), rows)}, keys.parent, overwrite=overwrite)
        note(f"Wrote {keys}.")
    note(f"Wrote {folder}: papers for {counted(len(sheets), 'student')}.")


def mark(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Hand-ins: YAML or CSV, in it and below.", show_default=False)
    ],
    students: Annotated[
        Place, typer.Option("--students", metavar="CSV", help="Who should have handed in.", show_default=False)
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the tables go.")] = Path("marks"),
    home: Home = None,
    quiet: options.Quiet = False,
    overwrite: options.Overwrite = False,
) -> None:
    """Points and feedback for every hand-in of a folder; nothing in it is changed.

    Writes marks.csv, answers.csv (feedback, answer by answer), alike.csv (hand-ins that share wrong numbers) and refused.csv.

    \b
    Example:
      chainsim lesson mark handed-in/ --students ids.csv
    """
    from chainsim.lessons.marking import mark as marked
    from chainsim.lessons.roll import students_in

    found = marked(folder, None if students is None else students_in(students), None if quiet else passing, home)
    rows = [
        [
            one.hand_in.student or "–",
            one.hand_in.lesson.name,
            f"{one.points:g}",
            f"{one.hand_in.lesson.points:g}",
            one.file,
        ]
        for one in found.marked
    ]
    if rows:
        say(table(["student", "lesson", "points", "of", "file"], rows))
    for file, why in found.refused:
        note(f"refused: {file}: {why}")
    for first, second, what in found.alike:
        note(f"alike: {first} and {second}: {what}")
    if found.missing:
        note(f"nothing from: {', '.join(found.missing)}")
    _write(found.files(), out, overwrite=overwrite)
    if not quiet:
        note(f"{counted(len(found.marked), 'hand-in')} marked, {len(found.refused)} refused. Wrote {out}.")


def _sheet(name: str, student: str | None, home: Path | None) -> Sheet:
    from chainsim.lessons.lesson import lesson_of
    from chainsim.lessons.sheet import Sheet

    if student is not None and not 0 < len(student.strip()) <= 64:
        raise UsageError("--student takes an id of 1 to 64 letters")
    return Sheet(lesson_of(name, home), (student or "").strip())


def _tell(sheet: Sheet, found: Sequence[Judged]) -> None:
    from chainsim.lessons.judging import SIGNS

    who = f", {sheet.student}" if sheet.student else ""
    say(f"{sheet.lesson.title}{who}")
    say(
        definitions(
            [(f"{SIGNS[one.verdict]} {one.question}", f"{one.points:g}/{one.of:g}  {one.words}") for one in found]
        )
    )
    total = sum(one.points for one in found)
    say(f"{total:g} of {sheet.lesson.points:g} points.")


def _write(files: Mapping[str, bytes], folder: Path, *, overwrite: bool) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = [name for name in files if (folder / name).exists()]
        if there and not overwrite:
            raise OutputError(f"{folder / there[0]} exists already. Choose another place, or pass --overwrite.")
        for name, data in files.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror or error}.") from error
