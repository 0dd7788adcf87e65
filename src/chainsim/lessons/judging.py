"""Judging answers: points, and a sentence that teaches."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chainsim.errors import UsageError
from chainsim.lessons.formulas import number
from chainsim.lessons.lesson import Question
from chainsim.lessons.sheet import Sheet
from chainsim.registry import did_you_mean

Verdict = Literal["right", "near", "wrong", "empty", "unreadable"]
NEAR_BEST, FAR_FROM_BEST = 0.01, 0.10
"""Above the best: full points up to the first share, none from the second on."""
SLIP = 0.01
"""An answer is a known slip's when it is so close to it (a share)."""
UNITS = {
    7: "days and weeks", 12: "months and years", 52: "weeks and years", 100: "a share and per cent", 365: "days and years",
    30: "days and months", 1000: "thousands", 10: "a decimal place",
}  # fmt: skip
LONGEST_ANSWER = 100
SIGNS: Mapping[Verdict, str] = {"right": "✓", "near": "~", "wrong": "✗", "empty": "·", "unreadable": "?"}


@dataclass(frozen=True)
class Judged:
    """One answer: its points of how many, and what to say."""

    question: str
    answer: str
    verdict: Verdict
    points: float
    of: float
    words: str


def judged(sheet: Sheet, answers: Mapping[str, Any]) -> list[Judged]:
    """Every question of the sheet, whether it was answered or not; answers to what was not asked are left alone."""
    return [judge(sheet, name, answers.get(name)) for name in sheet.lesson.questions]


def points_of(found: list[Judged]) -> float:
    return sum(one.points for one in found)


def judge(sheet: Sheet, name: str, answer: Any) -> Judged:
    """One answer of a person: a number, a text with one, the name of a choice, or nothing."""
    question = sheet.lesson.questions[name]
    shown = "" if answer is None else " ".join(str(answer).split())[:LONGEST_ANSWER]

    def told(verdict: Verdict, share: float, words: str) -> Judged:
        return Judged(name, shown, verdict, round(question.points * share, 2), question.points, words)

    if answer is None or shown == "":
        hint = f" A hint: {sheet.text(question.hints[0])}" if question.hints else ""
        return told("empty", 0.0, f"not answered yet.{hint}")
    if question.kind == "choice":
        return told(*_chosen(sheet, name, question, shown))
    try:
        value = number_in(answer, question.unit)
    except ValueError as error:
        return told("unreadable", 0.0, f"{error}.")
    if question.kind == "best":
        return told(*_by_cost(sheet, name, question, value))
    return told(*_by_value(sheet, name, question, value))


def _chosen(sheet: Sheet, name: str, question: Question, answer: str) -> tuple[Verdict, float, str]:
    chosen, known = answer.casefold(), list(question.choices)
    if chosen not in known:
        return "unreadable", 0.0, f"'{answer}' is none of the choices{did_you_mean(chosen, known)}: {', '.join(known)}."
    if chosen == sheet.key(name).value:
        return "right", 1.0, f"right. {_teach(sheet, question)}"
    return "wrong", 0.0, f"no. {_teach(sheet, question)}"


def _by_value(sheet: Sheet, name: str, question: Question, value: float) -> tuple[Verdict, float, str]:
    key = sheet.key(name)
    right = float(key.value)
    if abs(value - right) <= key.allowed:
        band = " (a run gives it within its random error)" if question.kind == "measured" else ""
        return "right", 1.0, f"right{band}."
    mixed = _units_mixed(value, right)
    known = _slip(sheet, question, value) or mixed or _teach(sheet, question)
    return "wrong", 0.0, f"{'not right' if mixed else _how_far(value, right)}. {known}"


def _by_cost(sheet: Sheet, name: str, question: Question, value: float) -> tuple[Verdict, float, str]:
    """The known optimum: how far above the best is this answer?"""
    key = sheet.key(name)
    assert key.best is not None
    try:
        cost = sheet.cost_of(name, value)
    except UsageError:
        return "wrong", 0.0, f"{value:.6g} is not possible here, or far off. {_teach(sheet, question)}"
    above = (cost - key.best) / abs(key.best) if key.best else math.inf
    if above <= NEAR_BEST:
        exactly = (
            "this is the best there is"
            if above < 0.0005
            else f"you are {100 * above:.1f} % above the best, as near as makes no difference"
        )
        return "right", 1.0, f"right: {exactly}."
    share = max(0.0, (FAR_FROM_BEST - above) / (FAR_FROM_BEST - NEAR_BEST))
    words = f"you are {_percent(above)} above the best. {_slip(sheet, question, value) or _units_mixed(value, float(key.value)) or _teach(sheet, question)}"
    return ("near" if share > 0 else "wrong"), share, words


def _teach(sheet: Sheet, question: Question) -> str:
    return " ".join(sheet.text(question.teach).split())


def _slip(sheet: Sheet, question: Question, value: float) -> str:
    """What is known of this very mistake; '' for nothing."""
    for slip in question.slips:
        wrong = number(slip.gives, sheet.numbers)
        if abs(value - wrong) <= SLIP * abs(wrong):
            return " ".join(sheet.text(slip.say).split())
    return ""


def _units_mixed(value: float, right: float) -> str:
    """Whether an answer is right but for its unit."""
    for factor, units in UNITS.items():
        for times, words in ((factor, "too large"), (1 / factor, "too small")):
            if right and abs(value / right - times) <= 0.005 * times:
                return f"It is {factor} times {words}: were {units} mixed up?"
    return ""


def _how_far(value: float, right: float) -> str:
    if right == 0.0 or value * right < 0 or not 0.01 <= abs(value / right) <= 100:
        return "not right, by far"
    off = value / right - 1.0
    return f"not right: {_percent(abs(off))} too {'large' if off > 0 else 'small'}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:,.0f} %".replace(",", " ")


def number_in(answer: Any, unit: str = "") -> float:
    """The number a person wrote. Raises ValueError with what is wrong.

    >>> number_in("427.5 boxes"), number_in("97 %", "%"), number_in("1 250"), number_in("≈ 12")
    (427.5, 97.0, 1250.0, 12.0)
    """
    if isinstance(answer, bool | list | dict):
        raise ValueError(
            f"a number is asked for, not {'yes or no' if isinstance(answer, bool) else 'a list or a mapping'}"
        )
    text = str(answer).strip()[:LONGEST_ANSWER].replace("−", "-").replace("\u202f", " ").replace("\xa0", " ")
    found = re.fullmatch(
        r"[≈~=€$£]? *(-?[0-9](?:[0-9 ]*[0-9])?(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?|-?\.[0-9]+) *(%|[^0-9.,]{0,40})",
        text,
    )
    if found is None:
        comma = "; write a decimal point, and nothing between thousands" if "," in text else ""
        raise ValueError(f"'{text}' is not a number{comma}")
    value = float(found[1].replace(" ", ""))
    if not math.isfinite(value):
        raise ValueError(f"'{text}' is not a finite number")
    return value / 100.0 if found[2] == "%" and unit != "%" else value
