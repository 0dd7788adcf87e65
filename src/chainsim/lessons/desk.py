"""A lesson in a notebook: read it, run it, answer it, without leaving the page.

desk = Desk("saw-tooth")
desk.study.run()
desk.check(orders_a_year=32.5, mean_stock=20)
desk.curve("best_lot", 70)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from chainsim.errors import UsageError
from chainsim.lessons.curves import curve, curve_svg
from chainsim.lessons.judging import Judged, judged
from chainsim.lessons.lesson import lesson_of
from chainsim.lessons.sheet import Sheet, shown_number
from chainsim.registry import did_you_mean
from chainsim.report.inline import InlineChart
from chainsim.showing import as_html
from chainsim.study.loading import load_text

if TYPE_CHECKING:
    from chainsim.study.loading import Study


@dataclass(frozen=True)
class Checked:
    """Answers with what there is to say about them."""

    found: Sequence[Judged]

    def __repr__(self) -> str:
        return "\n".join(f"{one.question}: {one.points:g}/{one.of:g} {one.words}" for one in self.found)

    def _repr_html_(self) -> str:
        points, of = sum(one.points for one in self.found), sum(one.of for one in self.found)
        rows = [[one.question, one.answer, f"{one.points:g}/{one.of:g}", one.words] for one in self.found]
        return as_html((f"{points:g} of {of:g} points",), ("question", "answer", "points", ""), rows)


class Desk:
    """A lesson by its name, with the own numbers of a student where an id is given. Raises UsageError for an unknown lesson."""

    def __init__(self, lesson: str, student: str = "") -> None:
        self.sheet = Sheet(lesson_of(lesson), student)

    def __repr__(self) -> str:
        return f"<Lesson {self.sheet.lesson.title!r}: {', '.join(self.sheet.lesson.questions)}>"

    def _repr_html_(self) -> str:
        lesson, sheet = self.sheet.lesson, self.sheet
        numbers = "; ".join(f"{v.means}: {shown_number(sheet.numbers[name])}" for name, v in lesson.values.items())
        rows = []
        for name, question in lesson.questions.items():
            choices = "".join(f" {key}: {sheet.text(choice.text)};" for key, choice in question.choices.items())
            rows.append(
                [name, f"{question.points:g}", " ".join(sheet.text(question.ask).split()) + choices, question.unit]
            )
        return as_html((lesson.title, sheet.text(lesson.story), numbers), ("question", "points", "", "unit"), rows)

    @cached_property
    def study(self) -> Study:
        """The lesson's scenario, to run and to change."""
        return load_text(self.sheet.scenario_text, self.sheet.lesson.name)

    def check(self, **answers: Any) -> Checked:
        """Judge some answers, by the names of their questions. Raises UsageError for a question that there is not."""
        for name in answers:
            self._asked(name)
        return Checked([one for one in judged(self.sheet, answers) if one.question in answers or not answers])

    def hints(self, question: str) -> list[str]:
        """The hints to a question."""
        return [
            " ".join(self.sheet.text(hint).split()) for hint in self.sheet.lesson.questions[self._asked(question)].hints
        ]

    def curve(self, question: str, answer: Any = None) -> InlineChart:
        """What every answer to a question would cost, with the best and one's own drawn in. Raises UsageError where a question is
        not judged by its cost."""
        drawing = curve(self.sheet, self._asked(question), answer)
        svg = curve_svg(self.sheet, question, answer).decode()
        return InlineChart(question, drawing.title, drawing.caption, drawing.alt, svg, drawing)

    def _asked(self, question: str) -> str:
        known = list(self.sheet.lesson.questions)
        if question not in known:
            raise UsageError(
                f"no question is called '{question}'{did_you_mean(question, known)}; known: {', '.join(known)}"
            )
        return question
