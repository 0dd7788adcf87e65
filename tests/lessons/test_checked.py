"""The page of a check: the best is drawn in where answers are judged by their cost; nothing in an answer runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainsim.errors import OutputError
from chainsim.lessons.checked import MARK, page, write_page
from chainsim.lessons.judging import judged
from chainsim.lessons.lesson import lesson_of, lessons
from chainsim.lessons.marking import hand_ins
from chainsim.lessons.sheet import Sheet

SAW = {"orders_a_year": 32.5, "mean_stock": 40, "best_lot": 80, "best_cost": "<script>alert(1)</script>"}


def of(name: str, answers: dict[str, object]) -> str:
    sheet = Sheet(lesson_of(name))
    return page(sheet, answers, judged(sheet, answers))


def test_the_best_is_drawn_in_with_ones_own() -> None:
    """K = 8, D = 1300, h = 9 · 25 % = 2.25: least √(2·8·1300·2.25) = 216.3; lots of 80 cost 130 + 90 = 220, 1.7 % more."""
    text = of("saw-tooth", dict(SAW))
    assert text.count("<svg") == 1
    assert "You are 1.7 % above the best" in text
    assert "least at 96.15 with 216.3. Your answer 80 costs 220." in text


@pytest.mark.parametrize("answer", [None, "", "many"])
def test_who_has_no_answer_is_not_shown_the_best(answer: object) -> None:
    assert "least at" not in of("saw-tooth", {"best_lot": answer})


def test_nothing_in_an_answer_runs() -> None:
    text = of("saw-tooth", dict(SAW))
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text


@pytest.mark.parametrize("name", [lesson.name for lesson in lessons()])
def test_every_lesson_has_a_page_of_no_answers(name: str) -> None:
    text = of(name, {})
    assert text.count("<h2>") == len(lesson_of(name).questions)
    assert "No answer." in text


def test_a_file_of_somebody_else_is_not_replaced_and_marking_reads_no_page(tmp_path: Path) -> None:
    sheet = Sheet(lesson_of("saw-tooth"))
    found = judged(sheet, SAW)
    path = write_page(sheet, SAW, found, tmp_path)
    assert MARK in path.read_text("utf-8")
    assert write_page(sheet, SAW, found, tmp_path) == path
    assert hand_ins(tmp_path) == []
    path.write_text("mine", "utf-8")
    with pytest.raises(OutputError, match="is not replaced"):
        write_page(sheet, SAW, found, tmp_path)
    assert path.read_text("utf-8") == "mine"
