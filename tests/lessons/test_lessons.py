"""Every shipped lesson, done as a student would: right, wrong and not at all; its texts whole, its key from theory."""

from __future__ import annotations

import re
import shlex
from functools import cache
from itertools import product

import pytest
from typer.main import get_command

import chainsim
from chainsim.cli.app import app
from chainsim.data import lesson_names, scenario_path
from chainsim.lessons.formulas import theory_in
from chainsim.lessons.judging import judged, points_of
from chainsim.lessons.lesson import lesson_of, lessons
from chainsim.lessons.papers import answer_sheet, commands, worksheet
from chainsim.lessons.sheet import Sheet, canonical
from chainsim.scenario.read import read_yaml
from chainsim.theory.disruptions import optimal_base_stock_under_disruptions

LESSONS = lesson_names()
PLACES = [lesson.place for lesson in lessons()]
STUDENTS = ("s-1", "s-2", "s-3")


@cache
def sheet_of(name: str) -> Sheet:
    """The sheet of nobody in particular; its scenario is run once."""
    return Sheet(lesson_of(name))


def test_there_are_at_least_twelve_and_their_order_is_one() -> None:
    assert len(LESSONS) >= 12
    assert list(range(1, len(PLACES) + 1)) == PLACES


@pytest.mark.parametrize("name", LESSONS)
def test_the_worked_solution_scores_full_marks_and_nothing_scores_none(name: str) -> None:
    sheet = sheet_of(name)
    right = {question: sheet.right_answer(question) for question in sheet.lesson.questions}
    found = judged(sheet, right)
    assert [(one.question, one.words) for one in found if one.verdict != "right"] == []
    assert points_of(found) == sheet.lesson.points
    empty = judged(sheet, {})
    assert {one.verdict for one in empty} == {"empty"}
    assert points_of(empty) == 0


@pytest.mark.parametrize("name", LESSONS)
def test_wrong_answers_score_nothing_and_are_told_why(name: str) -> None:
    sheet = sheet_of(name)
    wrong = {}
    for question, asked in sheet.lesson.questions.items():
        if asked.measured is not None:
            continue
        key = sheet.key(question)
        wrong[question] = (
            next(c for c in asked.choices if c != key.value) if asked.choices else float(key.value) * -3 - 50
        )
    for one in judged(sheet, {**wrong, **dict.fromkeys(set(sheet.lesson.questions) - set(wrong), "-7")}):
        assert (one.verdict, one.points) == ("wrong", 0), one
        assert len(one.words) > 30, one


@pytest.mark.parametrize("name", LESSONS)
def test_absurd_numbers_are_judged_at_once(name: str) -> None:
    sheet = sheet_of(name)
    for answer in ("1e300", "-1e300", "1e15", "1e-300", "0", "0.5", "-1"):
        asked = {q: answer for q, question in sheet.lesson.questions.items() if question.kind in ("best", "number")}
        found = [one for one in judged(sheet, asked) if one.question in asked]
        assert {one.verdict for one in found} <= {"wrong", "near", "right"}
        assert all("e+300" not in one.words or len(one.words) < 500 for one in found)


@pytest.mark.parametrize("name", LESSONS)
def test_every_known_slip_is_wrong_and_told(name: str) -> None:
    sheet = sheet_of(name)
    for question, asked in sheet.lesson.questions.items():
        for slip in asked.slips:
            gives = float(sheet.formula(slip.gives))
            one = next(j for j in judged(sheet, {question: gives}) if j.question == question)
            assert one.verdict in ("wrong", "near"), (question, gives)
            assert " ".join(sheet.text(slip.say).split()) in one.words


@pytest.mark.parametrize("name", LESSONS)
def test_what_is_right_comes_from_theory_or_from_the_scenario(name: str) -> None:
    lesson = lesson_of(name)
    named = [
        function
        for question in lesson.questions.values()
        for formula in (question.right, question.cost, *(choice.value for choice in question.choices.values()))
        if formula is not None
        for function in theory_in(formula)
    ]
    assert named
    assert any(question.measured for question in lesson.questions.values()) or len(named) >= 3
    assert not any(isinstance(question.right, float) for question in lesson.questions.values())


@pytest.mark.parametrize("name", LESSONS)
def test_its_texts_are_whole_for_everybody(name: str) -> None:
    lesson = lesson_of(name)
    for student in ("", *STUDENTS):
        sheet = Sheet(lesson, student)
        text = worksheet(sheet)
        assert "$" not in text
        assert all(f"`{question}`" in text for question in lesson.questions)
        assert read_yaml(answer_sheet(sheet), "answers.yaml").root.plain()["answers"] == dict.fromkeys(lesson.questions)
        for asked in lesson.questions.values():
            told = [
                asked.ask,
                asked.teach,
                *asked.hints,
                *(s.say for s in asked.slips),
                *(c.text for c in asked.choices.values()),
            ]
            assert "$" not in "".join(map(sheet.text, told))
            assert asked.teach
    sheet = sheet_of(name)
    teacher = sheet.teacher
    assert f"–{lesson.minutes} |" in teacher
    assert "Mistakes you will see" in teacher
    minutes = [tuple(map(int, pair)) for pair in re.findall(r"^\| (\d+)–(\d+) \|", teacher, re.M)]
    assert [a for a, _ in minutes] == [0, *(b for _, b in minutes[:-1])]
    for right in map(sheet.right_answer, lesson.questions):
        assert f"**{right}**" in sheet.solution or f"`{right}`" in sheet.solution


@pytest.mark.parametrize("name", LESSONS)
def test_its_scenario_is_valid_without_a_warning_and_its_sweep_can_be_asked_for(name: str) -> None:
    from chainsim.experiments.sweeping import sweep_of, values_in

    lesson = lesson_of(name)
    for student in ("", "s-1"):
        sheet = Sheet(lesson, student)
        study = chainsim.load_text(sheet.scenario_text, name)
        assert study.scenario.warnings == ()
        used = {m.policy for q in lesson.questions.values() for m in q.all_measured}
        assert used <= set(study.policies)
        path, values = re.findall(r'--set "?([^="]+)=([^" ]+)"?', commands(sheet))[0]
        assert len(sweep_of(study, {path: values_in(values)}, 2, None, ["total_cost"]).points()) >= 4


def test_own_numbers_are_stable_and_differ() -> None:
    lesson = lesson_of("saw-tooth")
    first = dict(Sheet(lesson, "s-1017").numbers)
    assert first == dict(Sheet(lesson, " S-1017 ").numbers)
    # these numbers are on papers that were handed out: they must never change
    assert (first["demand"], first["order_cost"], first["unit_cost"], first["rate"], first["today"]) == FIRST
    many = {tuple(Sheet(lesson, f"s-{i}").numbers.values())[1:] for i in range(30)}
    assert len(many) >= 28
    assert canonical("Å") == canonical("A\u030a")


FIRST = (1300, 12, 12, 30, 45)


@pytest.mark.slow
@pytest.mark.parametrize("name", [n for n in LESSONS if any(q.measured for q in lesson_of(n).questions.values())])
def test_another_seed_gives_a_measured_answer_that_is_right(name: str) -> None:
    sheet = sheet_of(name)
    study = chainsim.load_text(sheet.scenario_text, name).with_({"seed": 4711})
    for question, asked in sheet.lesson.questions.items():
        if asked.measured is not None:
            m = asked.measured
            mean = study.run(policies=[m.policy], jobs=1).estimate(m.policy, m.kpi, m.site, m.product).mean
            one = next(j for j in judged(sheet, {question: mean * m.times}) if j.question == question)
            assert one.verdict == "right", (question, mean, one)


@pytest.mark.parametrize("name", LESSONS)
def test_no_student_gets_numbers_with_which_there_is_nothing_to_answer(name: str) -> None:
    """A question about a difference has one for everybody: whatever numbers are drawn, no formula's answer is 0."""
    lesson = lesson_of(name)
    asked = [q for q, question in lesson.questions.items() if question.right is not None and question.measured is None]
    for i in range(25):
        sheet = Sheet(lesson, f"s-{i}")
        assert all(float(sheet.key(q).value) > 1e-6 for q in asked), (name, sheet.numbers)


def test_just_in_time_is_never_the_best_against_outages() -> None:
    """Every drawing of the lesson's numbers: with rare and short outages no stock would be right, and the lesson about nothing."""
    lesson = lesson_of("disruption")
    for chosen in product(*(value.choices for value in lesson.values.values())):
        demand, fail, back, holding, backorder = map(float, chosen)
        level = optimal_base_stock_under_disruptions(demand, holding, backorder, fail / 100, back / 100).level
        assert level >= 2 * demand


@pytest.mark.parametrize("name", LESSONS)
def test_every_command_on_its_sheets_can_be_given(name: str) -> None:
    """Each `chainsim …` that a teacher or a student reads has options that there are, and files that are there by then."""
    sheet = sheet_of(name)
    texts = [sheet.teacher, sheet.solution, worksheet(sheet), *(q.teach for q in sheet.lesson.questions.values())]
    said = [line for text in texts for line in re.findall(r"`chainsim ([^`]+)`", text)] + [
        line.removeprefix("chainsim ") for line in commands(sheet).splitlines()
    ]
    for words in map(shlex.split, said):
        command = get_command(app).commands[words[0]]
        if len(words) == 1 or words[0] == "lesson":
            continue
        given = [part.replace("scenario.yaml", str(scenario_path("beer_game"))) for part in words[1:]]
        context = command.make_context(words[0], given)
        files = (
            {"scenario.yaml", "beer.yaml", "answers.yaml"}
            if "beer.yaml" in str(said)
            else {"scenario.yaml", "answers.yaml"}
        )
        assert all(part in files for part in words[1:] if part.endswith((".yaml", ".csv")) and words[0] != "new")
        assert context.params
        if words[0] in ("run", "tune", "stress", "sweep"):
            assert words[1] in files, words
