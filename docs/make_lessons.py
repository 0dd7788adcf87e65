"""Writes what the documentation has of the classroom: docs/lessons.md, docs/exercises.md and the notebooks of six lessons.

    python docs/make_lessons.py

From `lessons/` and from the cases of `chainsim verify`. A test fails when a file is out of step.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chainsim.lessons.lesson import Lesson, lesson_of, lessons
from chainsim.lessons.sheet import Sheet
from chainsim.verify.cases import Case, cases

HERE = Path(__file__).parent
NOTEBOOKS: Mapping[str, tuple[str, str]] = {
    # lesson: a chart of its run, and what to trace
    "saw-tooth": ("cost-stack", ""),
    "newsvendor": ("cost-stack", 'desk.study.trace("average", "bakery", until=10)'),
    "reorder-point": ("cost-service", 'desk.study.trace("blind", "shop", until="60 days")'),
    "fill-rate": ("cost-service", 'desk.study.trace("now", "store", until="10 weeks")'),
    "risk-pooling": ("cost-stack", 'desk.study.trace("by_ratio", "central", until=12)'),
    "bullwhip": ("bullwhip", 'desk.study.trace("average", "shop", until=12)'),
}
SHORT = 180
"""Letters of an exercise's figures on one line."""


def files() -> dict[str, str]:
    """Every file by its path below docs/."""
    made = {"lessons.md": lessons_page(), "exercises.md": exercises_page()}
    for name in NOTEBOOKS:
        made[f"notebooks/lesson_{name.replace('-', '_')}.ipynb"] = notebook(lesson_of(name))
    return made


def lessons_page() -> str:
    """The list of lessons."""
    rows = [
        f"| {lesson.place} | `{lesson.name}` | {lesson.title} | {lesson.about} | {', '.join(lesson.topics)} |"
        for lesson in lessons()
    ]
    return "\n\n".join(
        [
            "# Lessons",
            "Made from `lessons/` by `python docs/make_lessons.py`; do not edit. `chainsim lesson start NAME` writes worksheet, scenario and "
            "answer sheet of one; [teach with chainsim](howto/teach.md) says how a class works.",
            "\n".join(["| | lesson | title | what it is about | topics |", "|---|---|---|---|---|", *rows]),
            "Six of them are notebooks too: " + ", ".join(f"[{lesson_of(n).title}](notebooks/lesson_{n.replace('-', '_')}.ipynb)" for n in NOTEBOOKS) + ".",
            "Sources: " + "; ".join(dict.fromkeys(lesson.source for lesson in lessons())) + ".",
        ]
    ) + "\n"  # fmt: skip


def exercises_page() -> str:
    """The cases of `chainsim verify` by topic, as exercises with known answers."""
    parts = [
        "# Exercises with known answers",
        "Made from the cases of `chainsim verify` by `python docs/make_lessons.py`; do not edit. Each is a model whose right answer is known, with "
        "its source; most come with a scenario (`chainsim verify CASE --scenarios DIR` copies it). Let students compute the answer, then simulate "
        "it; `chainsim verify CASE` shows both.",
    ]
    groups: dict[str, dict[str, list[Case]]] = {}
    for case in cases().values():
        groups.setdefault(case.group, {}).setdefault(case.phenomenon, []).append(case)
    for group, topics in groups.items():
        parts.append(f"## {group}")
        for topic, held in topics.items():
            parts.append(f"### {topic}")
            parts += [_exercise(case) for case in held]
    return "\n\n".join(parts) + "\n"


def _exercise(case: Case) -> str:
    known = ", ".join(_figures(case.values))
    lines = [f"**{case.title}** (`{case.id}`). {case.text}"]
    if case.formula:
        lines.append(f"*Formula*: {case.formula}")
    lines.append(f"*Source*: {case.reference}")
    lines.append(f"*Known*: {known}")
    if case.missing:
        lines.append(f"*By hand only*: {case.missing}")
    return "\n\n".join(lines)


def _figures(values: Mapping[str, Any]) -> Iterator[str]:
    length = 0
    for name, value in values.items():
        if not isinstance(value, int | float):
            continue
        told = f"{name.replace('_', ' ')} {value:.6g}"
        length += len(told)
        if length > SHORT:
            yield "…"
            return
        yield told


def notebook(lesson: Lesson) -> str:
    """One lesson as a notebook, without outputs."""
    chart, trace = NOTEBOOKS[lesson.name]
    sheet = Sheet(lesson)
    best = next((name for name, q in lesson.questions.items() if q.kind == "best"), "")
    cells = [
        _text(
            f'# {lesson.title}\n\n{lesson.about} *{lesson.source}.*\n\nThe lesson\'s own numbers; for those of a student: `Desk("{lesson.name}", "your-id")`.'
        ),
        _code(f'from chainsim.lessons.desk import Desk\n\ndesk = Desk("{lesson.name}")\ndesk'),
        _text("## Try it\n\nThe story is a scenario. Every policy meets the same customers."),
        _code("results = desk.study.run(replications=5)\nresults"),
        _code(f'results.chart("{chart}")'),
    ]
    if trace:
        cells += [_text("One replication, event by event, and a table that can be checked by hand."), _code(trace)]
    if best:
        cells += [
            _text(f"## The curve\n\nWhat would every answer to `{best}` cost? A second argument draws in your own."),
            _code(f'desk.curve("{best}")'),
        ]
    cells.append(_text('## Questions\n\nPut your answers in; `desk.hints("…")` helps.'))
    cells += [_code("desk.check(\n" + "".join(f"    {name}=None,\n" for name in lesson.questions) + ")")]
    first = next(iter(lesson.questions))
    cells.append(
        _code(
            f"desk.check({first}={sheet.right_answer(first)})"
            if not lesson.questions[first].choices
            else "desk.check()"
        )
    )
    document = {
        "cells": [{"id": f"cell-{i}", **cell} for i, cell in enumerate(cells)],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }  # fmt: skip
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def _code(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }


if __name__ == "__main__":
    for path, text in files().items():
        (HERE / path).write_text(text, "utf-8")
