"""A lesson in the hands of one student: own numbers, the texts with these numbers in them, and what is right.

Own numbers follow from the lesson, the student's id and the name of the number alone, so that they can be made again anywhere
and stay what they are when a lesson gets another number. Without an id they are the lesson's own.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from string import Template
from typing import TYPE_CHECKING, Any

from chainsim.errors import UsageError
from chainsim.lessons.formulas import number, worked_out
from chainsim.lessons.lesson import Lesson, Measured, Question

if TYPE_CHECKING:
    from chainsim.study.results import Results

ONE = re.compile(r"(?<![\d.,-])1 (day|week|month|year)s\b")
"""A single unit of time written as several: numbers are the student's own."""
SEEDS = 1_000_000
MOST_SEARCHED = 200
FAR = 20.0
"""Answers further above the best than so many times are not worked out."""
HALF_WIDTHS = 3.0
"""The band of a simulated answer in half-widths (95 %) of the mean: more than four standard errors of the difference between
two runs with different seeds."""


@dataclass(frozen=True)
class Key:
    """What is right. value: the number, or the name of the choice. allowed: how far off an answer may be. best: what the right
    answer costs, where answers are judged by their cost."""

    value: float | str
    allowed: float = 0.0
    best: float | None = None


@dataclass(frozen=True)
class Sheet:
    """A lesson for one student; '' is nobody in particular."""

    lesson: Lesson
    student: str = ""

    @cached_property
    def numbers(self) -> Mapping[str, float]:
        """The lesson's numbers by name: values, what follows from them, and the seed of the scenario."""
        found: dict[str, float] = {"seed": 1 + self._drawn("seed") % SEEDS if self.student else 1}
        for name, value in self.lesson.values.items():
            choices = value.choices
            found[name] = whole(choices[self._drawn(name) % len(choices)] if self.student else value.given)
        for name, formula in self.lesson.also.items():
            found[name] = whole(number(formula, found))
        return found

    def _drawn(self, name: str) -> int:
        told = "\n".join((self.lesson.name, canonical(self.student), name))
        return int.from_bytes(sha256(told.encode()).digest()[:8], "big")

    def text(self, template: str, more: Mapping[str, str] | None = None) -> str:
        """A text of the lesson with the student's numbers for $name. Raises UsageError for a name that there is not."""
        shown = {name: shown_number(value) for name, value in self.numbers.items()}
        try:
            return ONE.sub(r"1 \1", Template(template).substitute({**shown, **(more or {})}))
        except (KeyError, ValueError) as error:
            raise UsageError(
                f"lesson '{self.lesson.name}': a text names ${error}, which is no number of the lesson"
            ) from None

    @cached_property
    def scenario_text(self) -> str:
        return self.text(self.lesson.scenario_text)

    @cached_property
    def solution(self) -> str:
        """The worked solution; $question is what is right, as a person would write it."""
        return self._with_answers(self.lesson.solution_text)

    @cached_property
    def teacher(self) -> str:
        """The teacher's sheet."""
        return self._with_answers(self.lesson.teacher_text)

    def _with_answers(self, template: str) -> str:
        return self.text(template, {name: self.right_answer(name) for name in self.lesson.questions})

    def right_answer(self, question: str) -> str:
        """What is right, as a person would write it down."""
        value = self.key(question).value
        return value if isinstance(value, str) else shown_number(float(f"{value:.5g}"))

    def key(self, question: str) -> Key:
        """What is right; worked out once."""
        if question not in self._keys:
            self._keys[question] = self._key(self.lesson.questions[question])
        return self._keys[question]

    @cached_property
    def _keys(self) -> dict[str, Key]:
        return {}

    def _key(self, question: Question) -> Key:
        if question.kind == "choice":
            worth = {name: self._worth(choice.value, choice.measured) for name, choice in question.choices.items()}
            best = (min if question.pick == "least" else max)(worth, key=worth.__getitem__)
            return Key(best)
        if question.measured is not None:
            mean, half_width = self.measured(question.measured)
            return Key(mean, max(HALF_WIDTHS * half_width, question.within * abs(mean), question.units))
        right = self._least(question) if question.search else number(question.right or 0.0, self.numbers)
        best_cost = self.cost(question, right) if question.cost else None
        return Key(right, max(question.within * abs(right), question.units), best_cost)

    def _least(self, question: Question) -> float:
        """The whole number of the search that costs least."""
        assert question.search is not None
        low, high = (math.floor(number(bound, self.numbers)) for bound in question.search)
        return float(
            min(range(low, min(high, low + MOST_SEARCHED) + 1), key=lambda answer: self.cost(question, answer))
        )

    def cost(self, question: Question, answer: float) -> float:
        """What an answer costs. Raises UsageError where it can cost nothing, such as a lot of 0."""
        assert question.cost is not None
        return number(question.cost, {**self.numbers, "answer": whole(answer)})

    def cost_of(self, name: str, answer: float) -> float:
        """What a person's answer to a question costs. Raises UsageError where it is not possible, or so far from the best that
        nobody need work out what it costs (theory would, for hours)."""
        best = float(self.key(name).value)
        if not abs(answer) <= FAR * max(abs(best), 1.0):
            raise UsageError(f"{answer:g} is more than {FAR:g} times the best")
        return self.cost(self.lesson.questions[name], answer)

    def formula(self, formula: str | float) -> Any:
        return worked_out(formula, self.numbers)

    def _worth(self, value: str | float | None, measured: Measured | None) -> float:
        return self.measured(measured)[0] if measured is not None else number(value or 0.0, self.numbers)

    def measured(self, asked: Measured) -> tuple[float, float]:
        """Mean and half-width of what the scenario gives. Raises UsageError where it is undefined."""
        found = self.results.estimate(asked.policy, asked.kpi, asked.site, asked.product)
        if found.mean is None:
            raise UsageError(f"lesson '{self.lesson.name}': {asked.kpi} of '{asked.policy}' is undefined")
        return found.mean * asked.times, (found.half_width or 0.0) * asked.times

    @cached_property
    def results(self) -> Results:
        """The scenario, run under the policies that questions ask for: only when one does."""
        from chainsim.study.loading import load_text  # slow to import

        asked = dict.fromkeys(m.policy for q in self.lesson.questions.values() for m in q.all_measured)
        return load_text(self.scenario_text, self.lesson.name).run(
            policies=list(asked), jobs=1, engine="simpy", detail="site"
        )


def whole(value: float) -> float:
    """A whole number as one, for functions that count with it."""
    value = float(f"{value:.12g}")
    return int(value) if value == round(value) and abs(value) < 2**53 else value


def canonical(student: str) -> str:
    """An id as it counts: no blanks around it, no difference of case or of how letters are encoded.

    >>> canonical(" S-17 ") == canonical("s-17")
    True
    """
    return unicodedata.normalize("NFKC", student).strip().casefold()


def shown_number(value: float) -> str:
    """A number as it stands in a text and in a scenario.

    >>> shown_number(400.0), shown_number(0.25), shown_number(1 / 3), shown_number(1234567.0)
    ('400', '0.25', '0.333333', '1234567')
    """
    return f"{value:.0f}" if value == round(value) and abs(value) < 1e15 else f"{value:.6g}"
