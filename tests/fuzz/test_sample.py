"""A small sample of `python -m tests.fuzz`, and that it would notice."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import select
import signal
import time
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="the time and memory of a process as POSIX tells them")

from chainsim.demand.base import DEMANDS
from chainsim.policies.base import POLICIES
from chainsim.scenario.language import FILE, SECTIONS
from tests.fuzz import books, scenarios, tables
from tests.fuzz.__main__ import EVERY_RUN, all_scenarios, work
from tests.fuzz.cases import Case, shuffled, slips
from tests.fuzz.judging import MAKER, SHOP, TRADER, Verdict, fails, judge, meant, tables_of
from tests.fuzz.tried import Line, Tried, tally


def of_the_shop() -> list[Case]:
    found = list(scenarios.broken(SHOP))
    for table in tables_of(SHOP):
        found += tables.broken(SHOP, table)
    return shuffled(found)


def try_out(cases: list[Case], folder: Path) -> None:
    tried = Tried(folder / "tried")
    for i, case in enumerate(cases):
        verdict = judge(case, folder / str(i), run=i % 10 == 0)
        tried.write(Line.of(case, verdict, fails(case, verdict)))
    text, held = tally(tried.lines(), len(cases))
    assert held, text + "".join(f"\n{line}" for line in tried.lines() if line.fails or (line.word and not line.right))


def test_a_sample_of_broken_files(tmp_path: Path, few_short_runs: None) -> None:
    try_out(of_the_shop()[:40], tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_larger_sample_of_broken_files(tmp_path: Path) -> None:
    try_out(of_the_shop()[40:700], tmp_path)


def test_every_way_of_breaking_a_file_is_there() -> None:
    kinds = {case.kind for case in of_the_shop()}
    assert {
        "value",
        "key lost",
        "key twice",
        "slip in a key",
        "slip in a word",
        "slip in a name",
        "slip in a defined name",
    } <= kinds
    assert {
        "cut off",
        "bit flipped",
        "table: cell",
        "table: column twice",
        "table: a workbook",
        "table: slip in a column",
    } <= kinds
    assert len({case.key for case in of_the_shop()}) == len(of_the_shop())


def test_no_key_of_the_language_is_left_unbroken() -> None:
    """But for the distributions, of which one set of keys is as good as another. A key may be a column."""
    given = {pair.key.text for scenario in all_scenarios() for pair in scenarios.spots(scenario.read_text("utf-8"))[0]}
    given |= set((TRADER.parent / "wares.csv").read_text("utf-8").splitlines()[0].split(","))
    known = {key for keys in (*SECTIONS.values(), FILE) for key in keys}
    known |= {f.name for kinds in (POLICIES, DEMANDS) for _, kind in kinds.items() for f in dataclasses.fields(kind)}
    assert sorted(known - given) == []


def test_workbooks_are_broken_too_and_the_same_way_on_any_day() -> None:
    book = next(name for name in tables_of(MAKER) if name.endswith(".xlsx"))
    found = {case.key: case for case in books.broken(MAKER, book)}
    assert {case.kind.removeprefix("workbook: ") for case in found.values()} == {
        "cut off", "bit flipped", "cell", "merged", "slip in a column", "slip in a sheet", "part",
    }  # fmt: skip
    assert any(case.must for case in found.values())
    assert set(found) == {case.key for case in books.broken(MAKER, book)}


def test_what_would_break_the_contract_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few_short_runs: None
) -> None:
    sound = Case(SHOP, SHOP.name, "nothing", "", SHOP.read_bytes())
    assert fails(sound, judge(sound, tmp_path / "a", run=True)) == ""
    told = dataclasses.replace(sound, must=True)
    assert fails(told, judge(told, tmp_path / "b")) == "accepted in silence"
    monkeypatch.setattr("chainsim.scenario.load.expand", lambda *_: 1 // 0)
    assert fails(sound, judge(sound, tmp_path / "c")) == "traceback"

    def endless(*_: object) -> None:
        while True:
            pass

    monkeypatch.setattr("chainsim.scenario.load.expand", endless)
    monkeypatch.setattr("tests.fuzz.judging.SECONDS", 0.2)
    assert fails(sound, judge(sound, tmp_path / "d")) == "hang"


def test_the_tally_counts_lines_and_words() -> None:
    case = Case(SHOP, SHOP.name, "slip in a key", "", b"", word="seed")
    unplaced = [Line.of(case, Verdict("refused", 0.1, 0.0, placed=i > 1, right=True), "") for i in range(101)]
    assert not tally(unplaced, 101)[1]
    assert tally(unplaced[1:], 100)[1]
    wrong = [Line.of(case, Verdict("refused", 0.1, 0.0, placed=True, right=i > 5), "") for i in range(100)]
    assert not tally(wrong, 100)[1]
    assert meant("seed", "unknown key 'sed' (did you mean 'seed'?)")
    assert not meant("seed", "unknown key 'sed'")


def test_it_goes_on_after_a_line_cut_short(tmp_path: Path) -> None:
    tried = Tried(tmp_path)
    cases = of_the_shop()[:2]
    for case in cases:
        tried.write(Line.of(case, Verdict("refused", 0.1, 0.0), "hang" if case is cases[1] else ""))
    with tried.file.open("a") as stream:
        stream.write('{"key": "half')
    assert [line.key for line in tried.lines()] == [case.key for case in cases]
    tried.forget_what_broke()
    assert [line.key for line in tried.lines()] == [cases[0].key]


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    """Whoever holds the pipe open is alive: it is closed once the child is gone too, long before its hundred cases."""
    context, tried = multiprocessing.get_context("fork"), Tried(tmp_path)
    cases = [case for case in of_the_shop() if int(case.key, 16) % EVERY_RUN][:100]
    alive, held = os.pipe()

    def die_once_it_works() -> None:
        os.close(alive)
        context.Process(target=work, args=(cases, tried, os.getpid())).start()
        while not tried.lines():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGKILL)

    parent = context.Process(target=die_once_it_works)
    parent.start()
    os.close(held)
    parent.join(60.0)
    ended, _, _ = select.select([alive], [], [], 60.0)
    os.close(alive)
    assert parent.exitcode == -signal.SIGKILL
    assert ended
    assert 1 <= len(tried.lines()) < len(cases)


def test_slips_are_one_letter_off() -> None:
    assert list(slips("horizon")) == list(slips("horizon"))
    assert all(slip != "horizon" and abs(len(slip) - 7) <= 1 for slip in slips("horizon"))
