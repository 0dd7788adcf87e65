"""A page carries the numbers of continuous laws that its draws reach, and no others."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

import chainsim
from chainsim.chance.book import STREAM
from chainsim.chance.streams import uniforms
from chainsim.chance.tables import CONTINUOUS, LAW, evaluate
from chainsim.live.memory import Memory
from chainsim.live.reached import NUMBERS, Reached
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan

SHOP = """chainsim: 1
title: Shop
time: {unit: day, horizon: 100}
replications: 3
seed: 4
products: {soap: {unit_cost: 1}}
sites: {maker: {kind: supplier}, shop: {kind: store}}
lanes: [{from: maker, to: shop, lead_time: {dist: gamma, mean: 3, cv: 0.5}}]
demand:
  - {site: shop, product: soap, type: arrivals, gap: {dist: gamma, mean: 0.5, cv: 1.3}, size: {dist: lognormal, mean: 6, cv: 2}}
policies: {only: {type: s_Q, reorder_point: 60, order_quantity: 80}}
"""
COUNT = 3


@cache
def plan(factor: str = "*1") -> Plan:
    study = chainsim.load_text(SHOP, "shop.yaml")
    return compile_plan((study if factor == "*1" else study.with_({"demand[*]": factor})).scenario, "only")


def test_every_draw_finds_its_numbers_and_most_others_are_gone() -> None:
    whole = Memory.of(plan())
    reached = Reached([whole], COUNT)
    kept = reached.of(whole)
    laws, streams = whole.words["laws"].view(LAW.dtype), whole.words["streams"].view(STREAM.dtype)
    before, after = (memory.words[NUMBERS].view(np.float64) for memory in (whole, kept))
    tried = 0
    for stream, draws in zip(streams, reached.draws.tolist(), strict=True):
        law = int(stream["law"])
        if not draws or laws[law]["kind"] != CONTINUOUS:
            continue
        u = np.concatenate(
            [uniforms((int(stream["key_low"]), int(stream["key_high"])), r, 0, draws) for r in range(COUNT)]
        )
        assert (evaluate(u, law, laws, before) == evaluate(u, law, laws, after)).all()
        beyond = uniforms((1, 2), 0, 0, 20_000)
        assert (evaluate(beyond, law, laws, before) != evaluate(beyond, law, laws, after)).any()
        tried += 1
    assert tried == 2  # gaps and sizes
    assert np.count_nonzero(after) < 0.6 * np.count_nonzero(before)


def test_a_stream_of_which_nobody_knows_how_much_it_draws_keeps_its_table() -> None:
    whole = Memory.of(plan())
    reached = Reached([whole], COUNT)
    laws, streams = whole.words["laws"].view(LAW.dtype), whole.words["streams"].view(STREAM.dtype)
    (lead_time,) = streams[(streams["expected"] == 0) & (laws["kind"][streams["law"]] == CONTINUOUS)]
    first, size = (int(laws[lead_time["law"]][name]) for name in ("first", "size"))
    there = slice(first, first + 2 * 52 * size * 6)
    assert (reached.of(whole).words[NUMBERS][there] == whole.words[NUMBERS][there]).all()


def test_as_many_draws_as_any_position_may_take() -> None:
    one, more = Memory.of(plan()), Memory.of(plan("*1.5"))
    expected = more.words["streams"].view(STREAM.dtype)["expected"]
    draws = Reached([one, more], COUNT).draws
    assert (draws[expected > 0] >= 2 * expected[expected > 0]).all()
    assert (draws % 4 == 0).all()
    assert (Reached([one, more], COUNT).of(more).words[NUMBERS] == Reached([more], COUNT).of(more).words[NUMBERS]).all()


def test_other_streams_keep_all_tables_whole() -> None:
    one = Memory.of(plan())
    other = Memory.of(compile_plan(replace(chainsim.load_text(SHOP, "shop.yaml").scenario, seed=5), "only"))
    reached = Reached([one, other], COUNT)
    assert not reached.draws.any()
    assert reached.of(one) is one
