"""A page asks: it compares itself with what was mailed, answers early and late, and drops what is no longer asked."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import chainsim
from chainsim.data import scenario_path
from chainsim.engines.compiled_engine import replications
from chainsim.kpis import KPIS, Scopes, View, measure_block, months_block, series_block
from chainsim.live.pack import Packed, pack
from chainsim.live.scripts import engine_script, worker_script
from chainsim.plan.compile import compile_plans
from chainsim.plan.plan import Plan
from chainsim.statistics.estimate import estimate
from chainsim.statistics.paired import compare
from chainsim.statistics.risk import miss_share, worst_bucket, worst_in
from chainsim.statistics.sample import Sample

from .node import answer, needs_node, write

pytest.importorskip("numba", reason="the numbers are compared with the compiled engine's")

COUNT = 3


@cache
def plans() -> dict[str, Plan]:
    scenario = chainsim.load(scenario_path("grocer")).scenario
    return {plan.policy: plan for plan in compile_plans(scenario, ["eoq", "s_Q"])}


@cache
def view(policy: str) -> View:
    plan = plans()[policy]
    (records,) = replications(plan, 0, COUNT)
    return View(records, plan, Scopes.of(plan.layout))


@cache
def sample(policy: str, id: str, scope: int = 0) -> Sample:
    found = measure_block(view(policy), [id])
    columns = found.numerators[:, scope, 0].tolist(), found.denominators[:, scope, 0].tolist()
    return Sample.of(*columns, KPIS.get(id).unit)


def mailed(policy: str) -> dict[str, tuple[float, float]]:
    found = measure_block(view(policy))
    rows = zip(found.numerators[0, 0].tolist(), found.denominators[0, 0].tolist(), strict=True)
    return dict(zip(KPIS.names(), rows, strict=True))


@cache
def packed() -> Packed:
    return pack(plans(), replications=COUNT, mailed={name: mailed(name) for name in plans()})


@needs_node
def test_a_page_finds_what_was_mailed(tmp_path: Path) -> None:
    write(packed(), tmp_path)
    assert answer(tmp_path, "tell((await opened()).selfTest());") == {
        "compared": 2 * 2 * len(packed().page["program"]["measures"]),
        "differences": 0,
        "wrong": [],
    }


@needs_node
def test_a_page_that_was_mailed_other_numbers_says_which(tmp_path: Path) -> None:
    above, below = mailed("s_Q")["fill_rate"]
    other = {"s_Q": mailed("s_Q") | {"fill_rate": (np.nextafter(above, 0.0), below)}}
    write(pack(plans(), replications=COUNT, mailed=other), tmp_path)
    found = answer(tmp_path, "tell((await opened()).selfTest());")
    assert (found["differences"], found["wrong"]) == (1, ["s_Q fill_rate"])


DESK = """
const heard = [];
const desk = new Desk(message => heard.push(message));
const [modules, page, words] = parts('.');
await desk.hear({start: {modules, page, words: await unpacked(words)}});
"""


@needs_node
def test_an_answer_has_estimates_differences_risk_and_series(tmp_path: Path) -> None:
    write(packed(), tmp_path)
    body = (
        DESK
        + """
    const want = {scopes: [0, 3], baseline: 1, mailed: true, series: ['net_stock', 'orders', 'demand'], targets: {fill_rate: 0.97}};
    await desk.hear({ask: 7, positions: {}, first: 2, want});
    tell(heard);
    """
    )
    ready, *answers, done = answer(tmp_path, body)
    assert ready["ready"]["differences"] == 0
    assert done == {"done": 7}
    assert [(a["policy"], a["n"], a["last"]) for a in answers] == [
        (0, 2, False),
        (1, 2, False),
        (0, 3, True),
        (1, 3, True),
    ]
    eoq = answers[2]
    for scope in (0, 3):
        for id in ("fill_rate", "total_cost", "bullwhip", "cycle_service_level"):
            told, found = estimate(sample("eoq", id, scope)), eoq["estimates"][str(scope)][id]
            assert [found[k] for k in ("mean", "half", "low", "high")] == [
                told.mean,
                told.half_width,
                told.low,
                told.high,
            ]
            against = compare(sample("eoq", id, scope), sample("s_Q", id, scope), direction=KPIS.get(id).direction)
            there = eoq["against"][str(scope)][id]
            assert (there["mean"], there["half"]) == (against.difference.mean, against.difference.half_width)
            assert there["verdict"] == against.verdict
            assert eoq["moved"][str(scope)][id]["mean"] in (0.0, None)
    fill = sample("eoq", "fill_rate").values
    risk, share = eoq["risk"]["fill_rate"], miss_share(fill, 0.97)
    assert list(risk["missed"].values()) == [share.count, share.n, share.value, share.low, share.high]
    assert risk["worst"] == worst_in(fill).value
    demanded, filled = np.moveaxis(months_block(view("eoq")), 1, 0).tolist()
    assert [min(year) for year in risk["months"]] == worst_bucket(filled, demanded)
    on_hand, backorders, _, demand, orders, _ = np.moveaxis(series_block(view("eoq"))[:, 0], 1, 0)
    for name, values in (("net_stock", on_hand - backorders), ("demand", demand), ("orders", orders)):
        assert eoq["series"]["0"][name]["first"] == values[0].tolist()
        assert np.allclose(eoq["series"]["0"][name]["mean"], values.mean(axis=0), rtol=1e-12)


@needs_node
def test_a_newer_question_ends_an_older_one(tmp_path: Path) -> None:
    write(packed(), tmp_path)
    body = (
        DESK
        + """
    const old = desk.hear({ask: 1, positions: {}}), newer = desk.hear({ask: 2, positions: {}});
    await Promise.all([old, newer]);
    tell(heard.map(m => m.ready ? 'ready' : m.done ?? m.answer));
    """
    )
    assert answer(tmp_path, body) == ["ready", 2, 2, 2]


CREW = """
const [modules, page, words] = parts('.'), unpackedWords = await unpacked(words), heard = [];
const ending = ({ready, done}) => ready || done;
const crewOf = shared => {
  const crew = new Crew(message => heard.push(message), shared.map(policies => {
    const desk = new Desk(message => crew.hear(message));
    return {policies, send: message => desk.hear(message)};
  }));
  return crew;
};
const until = async count => { while (heard.filter(ending).length < count) await new Promise(next => setTimeout(next, 1)); };
"""


@needs_node
def test_desks_that_share_the_policies_answer_as_one(tmp_path: Path) -> None:
    write(packed(), tmp_path)
    body = (
        CREW
        + """
    const told = [];
    for (const shared of [[[0, 1]], [[1], [0]]]) {
      const crew = crewOf(shared);
      heard.length = 0;
      crew.send({start: {modules, page, words: unpackedWords}});
      await until(1);
      crew.send({ask: 1, positions: {}, first: 2, want: {mailed: true}});
      await until(2);
      told.push({ready: heard[0].ready, last: heard.at(-1), answers: heard.filter(m => m.answer).sort((a, b) => a.n - b.n || a.policy - b.policy)});
    }
    tell(told);
    """
    )
    one, two = answer(tmp_path, body)
    assert one == two
    assert one["ready"]["compared"] == 2 * 2 * len(packed().page["program"]["measures"])
    assert (len(one["answers"]), one["last"]) == (4, {"done": 1})


@needs_node
def test_a_crew_ends_when_the_newest_question_is_answered(tmp_path: Path) -> None:
    write(packed(), tmp_path)
    body = (
        CREW
        + """
    const crew = crewOf([[0], [1]]);
    crew.send({start: {modules, page, words: unpackedWords}});
    await until(1);
    for (const ask of [1, 2, 3]) crew.send({ask, positions: {}});
    await until(2);
    tell(heard.map(m => m.ready ? 'ready' : m.done ? `done ${m.done}` : m.answer));
    """
    )
    assert answer(tmp_path, body) == ["ready", 3, 3, "done 3"]


@needs_node
def test_policies_are_shared_by_their_work(tmp_path: Path) -> None:
    body = """
    const of = (weights, desks) => shares(weights.map((weight, k) => ({k, weight})), desks);
    tell([of([4, 2, 2, 1], 2), of([5, 1], 4), of([1], 2), of([1, 1, 1], 1)]);
    """
    assert answer(tmp_path, body) == [[[0, 3], [1, 2]], [[0], [1]], [[0]], [[0, 1, 2]]]


@needs_node
def test_what_goes_wrong_is_told(tmp_path: Path) -> None:
    write(packed(), tmp_path)
    other = json.loads((tmp_path / "page.json").read_text()) | {"format": 99}
    body = (
        DESK
        + """
    await desk.hear({start: {modules, page: told('other.json'), words: await unpacked(words)}});
    await desk.hear({ask: 3, positions: {}, want: {ids: ['nonsense']}});
    tell(heard.slice(1));
    """
    )
    failed, unknown = answer(tmp_path, body, {"other.json": other})
    assert failed == {"failed": "page data of format 99, expected 2"}
    assert unknown["answer"] == 3
    assert unknown["failed"]


@needs_node
def test_a_replication_that_draws_more_than_was_mailed_tells_nothing(tmp_path: Path) -> None:
    write(packed(), tmp_path)
    body = """
    const study = await opened(), {machines: [machine]} = study, busy = machine.draws.findIndex(n => n > 0);
    const told = () => { try { study.values(0, {}, 1); return 'values'; } catch (error) { return error.message; } };
    const before = told();
    machine.draws[busy] = 4;
    study.settings.clear();
    tell([before, told()]);
    """
    assert answer(tmp_path, body) == ["values", "more random numbers are needed than the page has tables for"]


@needs_node
def test_a_desk_unpacks_the_texts_of_a_page(tmp_path: Path) -> None:
    write(packed(), tmp_path)
    body = """
    const heard = [], zlib = require('zlib'), desk = new Desk(message => heard.push(message)), [modules, page, words] = parts('.');
    const text = bytes => zlib.gzipSync(bytes).toString('base64');
    await desk.hear({packed: {page: text(JSON.stringify(page)), words: words.toString('base64'), modules: modules.map(text), policies: [1]}});
    tell([heard[0].ready.differences, desk.study.policies()]);
    """
    assert answer(tmp_path, body) == [0, [1]]


def test_scripts_are_strict_and_ask_for_nothing_outside() -> None:
    text = engine_script() + worker_script()
    assert text.startswith("'use strict';\n")
    for word in ("fetch(", "XMLHttpRequest", "eval(", "import(", "\r", "</script", "innerHTML"):
        assert word not in text
