"""What a page lets one step through is what `chainsim trace` tells, and as much as a page should carry."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shlex
from dataclasses import asdict
from functools import cache
from typing import Any

import pytest

import chainsim
from chainsim.data import scenario_path
from chainsim.report import steps as module
from chainsim.report.decision import decide
from chainsim.report.decision.situation import Situation
from chainsim.report.facts import Facts
from chainsim.report.html import page_html
from chainsim.report.narrative import narrate
from chainsim.report.steps import MOST_BYTES, MOST_SENTENCES, ROWS, Steps, steps
from chainsim.study.results import Results

pytestmark = pytest.mark.usefixtures("without_charts")


@cache
def results(name: str = "beer_game") -> Results:
    return chainsim.load(scenario_path(name)).run(jobs=1, replications=2)


@cache
def found(name: str = "beer_game") -> Steps:
    facts = Facts(results(name))
    made = steps(results(name), Situation(facts, narrate(facts)))
    assert made is not None
    return made


def told(made: Steps) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = json.loads(gzip.decompress(base64.b64decode(made.data)))
    return data


def test_rows_are_those_of_the_trace() -> None:
    for excerpt in found().excerpts:
        trace = excerpt.trace
        table = results().trace(
            excerpt.policy.name, trace.site, trace.product, until=trace.periods[-1].start + trace.every
        )
        rows = table[table.start >= trace.periods[0].start].to_dict("records")
        assert rows == [asdict(row) for row in trace.periods]


def test_sentences_stand_in_their_rows_and_are_those_of_the_trace() -> None:
    for excerpt, data in zip(found().excerpts, told(found()), strict=True):
        trace, command = excerpt.trace, shlex.split(excerpt.command)
        assert command[:3] == ["chainsim", "trace", "beer_game.yaml"]
        given = dict(zip(command[3::2], command[4::2], strict=True))
        study = chainsim.load(scenario_path("beer_game"))
        again = study.trace(given["--policy"], given["--site"], product=given["--product"], until=given["--until"])
        assert [event for row in data["events"] for event in row] == [
            [f"{again.unit} {event.time:g}", event.words]
            for event in again.events
            if event.time >= trace.periods[0].start
        ]
        starts = [row.start for row in trace.periods]
        for start, row in zip(starts, data["events"], strict=True):
            assert all(start <= float(when.split()[1]) < start + trace.every for when, _ in row)


def test_it_is_as_much_as_a_page_should_carry() -> None:
    assert len(gzip.decompress(base64.b64decode(found().data))) > 1000
    assert len(base64.b64decode(found().data)) <= MOST_BYTES
    assert all(len(e.trace.periods) <= ROWS and len(e.trace.events) <= MOST_SENTENCES for e in found().excerpts)


def test_the_same_time_under_every_policy_begins_before_somebody_goes_short() -> None:
    windows = {(e.trace.site, e.trace.periods[0].start) for e in found().excerpts}
    assert len({site for site, _ in windows}) == len(windows)
    assert any(row.owed > 0.0 for row in found().first.trace.periods)
    assert "a little before somebody first goes short after the warm-up" in found().note


def test_where_it_would_take_too_long_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_EVENTS", 10)
    facts = Facts(results())
    made = steps(results(), Situation(facts, narrate(facts)))
    assert made is not None
    assert not made.excerpts
    assert re.fullmatch(r"one replication is about [\d,]+ events, too many to do again for a page", made.why)
    page = page_html(facts, decide(facts, narrate(facts)), steps=made)
    assert "too many to do again for a page: <code>chainsim trace</code> follows any stock point" in page


def test_without_scripts_the_first_table_is_there() -> None:
    facts = Facts(results())
    page = page_html(facts, decide(facts, narrate(facts)), steps=found())
    part = page.split('<details id="steps">')[1].split("</details>")[0]
    cells = [re.findall(r"<t[hd][^>]*>([^<]*)<", row) for row in re.findall(r"<tr>(.*?)</tr>", part)]
    assert cells == [found().heads, *found().rows]
    assert found().first.command.split(" --")[0] in part


def test_where_books_differ_from_the_shelf_the_sum_says_so() -> None:
    """The planner's position is that of the books."""
    run = chainsim.load(scenario_path("false_records")).run(jobs=1, replications=2, policies=["believed"])
    facts = Facts(run)
    made = steps(run, Situation(facts, narrate(facts)))
    assert made is not None
    assert "books" in made.heads
    assert "position = closing + on order − owed, plus what the books have beyond the shelf." in made.note
    assert "books" not in found().note
