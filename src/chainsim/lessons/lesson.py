"""What a lesson is: its texts, its numbers, its questions. Read from a folder, and checked as a whole when it is read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chainsim.data import lesson_folder, lesson_names
from chainsim.errors import UsageError
from chainsim.scenario.read import read_yaml

Formula = str | float
NAME = r"^[a-z][a-z0-9_]*$"
Name = Annotated[str, Field(pattern=NAME)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Value(_Strict):
    """A number of the lesson. `is`: for all who work without a name; `among`: what students get one of, each their own."""

    given: float = Field(alias="is")
    among: tuple[float, ...] = ()
    means: str

    @property
    def choices(self) -> tuple[float, ...]:
        return self.among or (self.given,)


class Measured(_Strict):
    """What a run of the lesson's scenario gives: a measure of one policy, of the network or at a place."""

    policy: str
    kpi: str
    site: str = ""
    product: str = ""
    times: float = 1.0  # per cent: 100


class Choice(_Strict):
    """One of several answers. value: what decides which is right, `least` or `most` of all."""

    text: str
    value: Formula | None = None
    measured: Measured | None = None


class Slip(_Strict):
    """A mistake that is often made: the number it leads to, and what to say."""

    gives: Formula
    say: str


class Question(_Strict):
    """One question, with what counts as right in one of four ways.

    right: a formula; the answer may be off by `within` (a share, 0.01 is 1 %, or `units`, whichever is more).
    cost: what an answer costs, a formula of `answer`; the best is `right`, or the whole number of `search` (from, to) that costs
        least. Points by how far above the best.
    measured: what the scenario gives, in a band over seeds.
    choices with pick: the choice of least or of most value.
    """

    ask: str
    unit: str = ""
    points: float = Field(default=1.0, gt=0.0, le=100.0)
    right: Formula | None = None
    within: float = Field(default=0.01, ge=0.0, le=0.5)
    units: float = Field(default=0.0, ge=0.0)
    cost: str | None = None
    search: tuple[Formula, Formula] | None = None
    measured: Measured | None = None
    choices: dict[Name, Choice] = {}
    pick: Literal["least", "most"] | None = None
    hints: tuple[str, ...] = ()
    slips: tuple[Slip, ...] = ()
    teach: str

    @property
    def kind(self) -> Literal["number", "best", "measured", "choice"]:
        if self.choices:
            return "choice"
        return "best" if self.cost else "measured" if self.measured else "number"

    @property
    def all_measured(self) -> list[Measured]:
        """What a run of the scenario must be asked for."""
        given = [self.measured, *(choice.measured for choice in self.choices.values())]
        return [one for one in given if one is not None]


class Lesson(_Strict):
    """A lesson. `name` is that of its folder; texts use the lesson's numbers as $name."""

    lesson: Literal[1]
    name: str
    title: str
    about: str
    place: int  # among the lessons, in the order in which they are best done
    minutes: int = Field(default=90, gt=0)
    topics: tuple[str, ...]
    source: str
    story: str
    values: dict[Name, Value]
    also: dict[Name, Formula] = {}
    questions: dict[Name, Question]
    sweep: str = ""  # what shows the lesson's curve: arguments of `chainsim sweep`
    scenario_text: str
    solution_text: str
    teacher_text: str

    @property
    def points(self) -> float:
        return sum(question.points for question in self.questions.values())


@cache
def lesson_of(name: str, home: Path | None = None) -> Lesson:
    """A shipped lesson, or one of a folder of lessons of one's own. Raises UsageError for a name that there is not, and for a
    lesson that is wrong in itself."""
    return read_lesson(lesson_folder(name, home))


def lessons(home: Path | None = None) -> list[Lesson]:
    """All shipped lessons (or those of a folder), in the order in which they are best done."""
    return sorted(
        (lesson_of(name, home) for name in lesson_names(home)), key=lambda lesson: (lesson.place, lesson.name)
    )


def read_lesson(folder: Path) -> Lesson:
    """A lesson from its folder. Raises UsageError with everything that is wrong with it."""
    texts = {}
    for key, file in (
        ("scenario_text", "scenario.yaml"),
        ("solution_text", "solution.md"),
        ("teacher_text", "teacher.md"),
        ("lesson", "lesson.yaml"),
    ):
        try:
            texts[key] = (folder / file).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{folder / file} cannot be read: {error}") from error
    written: Any = read_yaml(texts.pop("lesson"), str(folder / "lesson.yaml")).root.plain()
    if not isinstance(written, Mapping):
        raise UsageError(f"{folder / 'lesson.yaml'} is not a lesson")
    try:
        lesson = Lesson.model_validate({**written, "name": folder.name, **texts})
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise UsageError(f"{folder / 'lesson.yaml'}: {'; '.join(wrong)}") from None
    _check(lesson)
    return lesson


def _check(lesson: Lesson) -> None:
    """What no field can tell by itself."""
    wrong = []
    names = [*lesson.values, *lesson.also, *lesson.questions]
    wrong += [f"'{name}' is the name of two things" for name in dict.fromkeys(names) if names.count(name) > 1]
    for name, value in lesson.values.items():
        if value.given not in value.choices:
            wrong.append(f"values.{name}: {value.given:g} is not among its own choices")
    for name, question in lesson.questions.items():
        ways = [
            question.right is not None and not question.cost,
            question.cost is not None,
            question.measured is not None,
            bool(question.choices),
        ]
        if sum(ways) != 1:
            wrong.append(
                f"questions.{name}: what is right is said in one way: right, cost (with right), measured or choices"
            )
        if question.cost and (question.right is None) == (question.search is None):
            wrong.append(f"questions.{name}: cost needs `right`, the answer that costs least, or `search`")
        if question.choices and (
            question.pick is None or any((c.value is None) == (c.measured is None) for c in question.choices.values())
        ):
            wrong.append(f"questions.{name}: choices need `pick`, and each a value or a measure")
    if wrong:
        raise UsageError(f"lesson '{lesson.name}': {'; '.join(wrong)}")
