"""The curve of a lesson: what every answer to a question would cost, with the best one and one's own drawn in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from chainsim.errors import OutputError, UsageError
from chainsim.lessons.judging import number_in
from chainsim.lessons.lesson import Question
from chainsim.lessons.sheet import Sheet, shown_number
from chainsim.report.charts.base import Drawing
from chainsim.report.charts.style import BLACK, BLUE, GREEN, VERMILION, finish, new_figure, settings
from chainsim.report.charts.svg import svg_bytes

POINTS = 121
AROUND = 2.5
"""The curve runs from the best answer ÷ this to the best × this, wider where one's own answer lies outside."""
HIGHEST = 3.0
"""What costs more than so many times the best is not drawn."""


def write_curves(sheet: Sheet, answers: Mapping[str, Any], folder: Path) -> list[Path]:
    """A chart, as SVG, for every question that is judged by its cost. Raises OutputError."""
    written = []
    for name, question in sheet.lesson.questions.items():
        if question.kind != "best":
            continue
        path = folder / f"{sheet.lesson.name}-{name}.svg"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(curve_svg(sheet, name, answers.get(name)))
        except OSError as error:
            raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error
        written.append(path)
    return written


def curve_svg(sheet: Sheet, name: str, answer: Any = None) -> bytes:
    """The chart of one question; `answer` is drawn in where it is a number that costs something."""
    with settings():
        return svg_bytes(f"{sheet.lesson.name}-{name}", curve(sheet, name, answer))


def curve(sheet: Sheet, name: str, answer: Any = None) -> Drawing:
    """The drawing of one question. Raises UsageError for a question that is not judged by its cost."""
    question = sheet.lesson.questions[name]
    key = sheet.key(name)
    if key.best is None or isinstance(key.value, str):
        raise UsageError(f"the question '{name}' is not judged by its cost, so there is no curve of it")
    own = _own(sheet, name, answer)
    xs, ys = _points(sheet, question, key.value, key.best, own)
    figure, axes = new_figure()
    axes.plot(xs, ys, color=BLUE)
    axes.plot([key.value], [key.best], "o", color=GREEN)
    axes.annotate("the best", (key.value, key.best), (0, -14), textcoords="offset points", ha="center", color=BLACK)
    title = f"{shown_number(float(f'{key.value:.4g}'))} {question.unit} cost least"
    if own is not None:
        above = own[1] / key.best - 1.0
        title = (
            "Your answer is as good as the best" if above <= 0.0005 else f"You are {100 * above:.1f} % above the best"
        )
        if own[1] <= HIGHEST * key.best:
            axes.plot([own[0]], [own[1]], "s", color=VERMILION)
            axes.annotate("you", own, (0, 8), textcoords="offset points", ha="center", color=BLACK)
    axes.set_xlabel(f"{name.replace('_', ' ')}, {question.unit}")
    axes.set_ylabel("cost")
    axes.set_ylim(0, max(ys) * 1.08)
    axes.grid(axis="y")
    finish(figure, title)
    told = "" if own is None else f" Your answer {shown_number(own[0])} costs {own[1]:.4g}."
    numbers = f"From {xs[0]:.4g} to {xs[-1]:.4g}; least at {key.value:.4g} with {key.best:.4g}.{told}"
    return Drawing(figure, title, f"What every answer to '{name}' would cost.", numbers)


def _own(sheet: Sheet, name: str, answer: Any) -> tuple[float, float] | None:
    try:
        value = number_in(answer, sheet.lesson.questions[name].unit)
        return value, sheet.cost_of(name, value)
    except (ValueError, UsageError):
        return None


def _points(
    sheet: Sheet, question: Question, best: float, least: float, own: tuple[float, float] | None
) -> tuple[Sequence[float], Sequence[float]]:
    """Answers and costs; whole answers where only these are possible."""
    low, high = best / AROUND, best * AROUND
    if own is not None and own[1] <= HIGHEST * least:
        low, high = min(low, own[0]), max(high, own[0])
    steps = [low + (high - low) * i / (POINTS - 1) for i in range(POINTS)]
    if best == round(best):
        steps = [float(x) for x in dict.fromkeys(round(step) for step in steps)]
    found = []
    for x in steps:
        try:
            cost = sheet.cost(question, x)
        except UsageError:
            continue
        if cost <= HIGHEST * least:
            found.append((x, cost))
    return [x for x, _ in found], [y for _, y in found]
