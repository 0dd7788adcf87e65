"""The page of a check: every answer with its sentence, and where answers are judged by their cost, the curve with the known best
and one's own drawn in. One file, no network, no script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from chainsim.errors import OutputError
from chainsim.lessons.curves import curve
from chainsim.lessons.judging import SIGNS, Judged, points_of
from chainsim.lessons.marking import CHECKED
from chainsim.lessons.sheet import Sheet, shown_number
from chainsim.report.charts.style import settings
from chainsim.report.charts.svg import svg_bytes
from chainsim.report.html import POLICY

MARK = '<meta name="generator" content="chainsim lesson check">'
"""By which a page of ours is known: another file of this name is not replaced."""


def write_page(sheet: Sheet, answers: Mapping[str, Any], found: Sequence[Judged], folder: Path) -> Path:
    """Write check.html into a folder. Raises OutputError, also where a file of that name is somebody else's."""
    path = folder / CHECKED
    try:
        if path.exists() and MARK not in path.read_text("utf-8", errors="replace"):
            raise OutputError(
                f"{path} is not a page of chainsim, and is not replaced. Move it away, or give --chart DIR."
            )
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(page(sheet, answers, found), "utf-8")
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error
    return path


def page(sheet: Sheet, answers: Mapping[str, Any], found: Sequence[Judged]) -> str:
    """The page as text. found: the answers, judged."""
    template = (files("chainsim.lessons") / "checked.html.j2").read_text(encoding="utf-8")
    environment = Environment(
        loader=DictLoader({"page": template}), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    who = f", {sheet.student}" if sheet.student else ""
    return environment.get_template("page").render(
        csp=Markup(POLICY),
        mark=Markup(MARK),
        title=f"{sheet.lesson.title}{who}",
        points=f"{points_of(list(found)):g} of {shown_number(sheet.lesson.points)} points",
        answers=list(_answers(sheet, answers, found)),
    )


def _answers(sheet: Sheet, answers: Mapping[str, Any], found: Sequence[Judged]) -> Iterator[dict[str, Any]]:
    for one in found:
        question = sheet.lesson.questions[one.question]
        told = {
            "ask": " ".join(sheet.text(question.ask).split()),
            "answer": f"You: {one.answer}{f' {question.unit}' if question.unit and one.answer else ''}" if one.answer else "No answer.",
            "sign": SIGNS[one.verdict],
            "points": f"{one.points:g}/{one.of:g}:",
            "words": one.words,
            "svg": None,
            "caption": "",
        }  # fmt: skip
        # the best is what is asked for: whoever has not answered is not shown it
        if question.kind == "best" and one.verdict not in ("empty", "unreadable"):
            with settings():
                drawing = curve(sheet, one.question, answers.get(one.question))
                told["svg"] = Markup(svg_bytes(f"{sheet.lesson.name}-{one.question}", drawing).decode())
            told["caption"] = drawing.alt
        yield told
