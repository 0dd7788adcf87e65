"""A block of replications is measured and audited to the last bit as its replications are one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from chainsim.errors import ConservationError
from chainsim.kpis import KPIS, Scopes, View, bucket_series, kpi, kpis_of, measure, measure_block, series_block
from chainsim.kpis.sums import Sums
from chainsim.kpis.view import _in_order
from chainsim.plan.tables import RESOURCE
from chainsim.record.audit import audit, audit_block
from chainsim.record.record import Record
from chainsim.record.stack import Records, add_up, nbytes
from tests.kpis.handmade import DC, closing, plan, record
from tests.kpis.test_audit import balanced
from tests.kpis.test_measures import wavy


def scattered(number: int) -> Record:
    """A Record of numbers drawn at random: it balances nothing, but every digit of every sum shows."""
    made, chance = wavy(), np.random.default_rng((5, number))
    for table in ("points", "lanes"):
        for name in made.closing[table].dtype.names or ():
            if name not in ("origin", "target"):
                made.opening[table][name] = chance.uniform(0, 100, len(made.opening[table]))
                made.closing[table][name] = chance.uniform(100, 1e6, len(made.opening[table]))
    made.series[:] = chance.uniform(0, 10, made.series.shape)
    made.waiting[:] = chance.uniform(0, 1, len(made.waiting))
    return Record(**{**vars(made), "replication": number})


@pytest.mark.parametrize("count", [1, 2, 9])
def test_a_block_is_measured_as_its_replications_one_by_one(count: int) -> None:
    made = [scattered(r) for r in range(3, 3 + count)]
    view = View(Records.of(made), plan(), Scopes.of(plan().layout))
    values, series = measure_block(view, list(kpis_of([plan()]))).values, series_block(view)
    assert len(values) == len(series) == count
    for r, one in enumerate(made):
        assert values[r].tobytes() == np.ascontiguousarray(measure(one, plan()).values).tobytes()
        assert series[r].tobytes() == bucket_series(one, plan(), view.scopes).tobytes()


@pytest.mark.parametrize("shape", [(1, 40), (3, 40), (1, 40, 1), (5, 40, 1), (1, 40, 2), (4, 40, 7)])
def test_members_are_added_one_after_the_other(shape: tuple[int, ...]) -> None:
    chance = np.random.default_rng(3)
    values = chance.uniform(-1, 1, shape) * 10.0 ** chance.integers(-8, 8, shape)
    group = np.concatenate([np.zeros(40, np.int64), np.arange(40) % 3 + 1, np.arange(4, 44)])
    point = np.concatenate([np.arange(40), np.arange(40), np.arange(40)])
    expected = np.zeros((shape[0], 45, *shape[2:]))  # the last group has no members
    for g, p in zip(group, point, strict=True):
        expected[:, g] += values[:, p]
    assert Sums(group, point, 45)(values).tobytes() == expected.tobytes()


def test_nothing_adds_up_to_nothing() -> None:
    none = np.zeros(0, np.int64)
    assert add_up(none, np.zeros((2, 0)), 3).tolist() == [[0.0] * 3] * 2
    assert Sums(none, none, 0)(np.zeros((2, 3, 4))).shape == (2, 0, 4)


def test_a_stack_holds_what_the_records_held() -> None:
    the_plan = plan(resources=RESOURCE.array(2))
    made = [record(the_plan), record(the_plan)]
    made[1].closing["points"]["on_hand"][DC] = 7
    made[1].closing["resources"]["started"] = [1.5, 2.5]
    stack = Records.of(made)
    assert len(stack) == 2
    for r, one in enumerate(made):
        for name in ("points", "lanes", "resources"):
            assert (stack.opening[name][r] == one.opening[name]).all()
            assert (stack.closing[name][r] == one.closing[name]).all()
            assert (stack[r].closing[name][0] == one.closing[name]).all()
    held = stack.series.nbytes + stack.waiting.nbytes + stack.waiting_time.nbytes
    held += sum(table.nbytes for moment in (stack.opening, stack.closing) for table in moment.values())
    assert nbytes(made[0]) * 2 == held


def numbered(number: int, plant: Callable[[Record], None] = lambda made: None) -> Record:
    made = balanced()
    plant(made)
    return Record(**{**vars(made), "replication": number})


def leak(made: Record) -> None:
    made.closing["points"]["on_hand"][DC] = 15


def test_a_block_that_balances_is_reported_one_by_one() -> None:
    made = [numbered(r) for r in range(3)]
    made[1].closing["lanes"]["in_transit_time"] /= 2
    assert audit_block(Records.of(made), plan()) == [audit(one, plan()) for one in made]


def test_the_audit_names_the_replication_of_the_block_that_leaks() -> None:
    made = Records.of([numbered(4), numbered(5), numbered(6, leak), numbered(7, leak)])
    with pytest.raises(
        ConservationError,
        match=r"policy 'hand', replication 6: units are not conserved\n  stock at dc / soup, in the window: "
        r"out of balance by 1\.0 \(was on hand 20\.0, .*is on hand -15\.0",
    ):
        audit_block(made, plan())


def test_violations_of_the_warm_up_are_told_with_the_terms_of_the_start() -> None:
    def early(made: Record) -> None:
        made.opening["points"]["on_hand"][DC] = 21

    with pytest.raises(ConservationError, match=r"replication 2: .*\n  stock at dc / soup, before .*was on hand 20\.0"):
        audit_block(Records.of([numbered(1), numbered(2, early)]), plan())


def test_a_measure_of_the_wrong_shape_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KPIS, "_things", dict(KPIS.items()))

    @kpi("one_number", title="One", unit="units", direction="none", definition="Wrong.")
    def one_number(view: View) -> np.ndarray:
        return np.zeros(len(view.scopes))

    with pytest.raises(TypeError, match=r"measure 'one_number' returned .* each replication and scope"):
        measure(wavy(), plan())


def test_the_measure_and_the_cost_of_the_how_to_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KPIS, "_things", dict(KPIS.items()))
    text = (Path(__file__).parents[2] / "docs" / "howto" / "add-a-measure.md").read_text("utf-8")
    made = closing(record(), filled=[8, 18, 0, 0], backfilled=[2, 2, 0, 0], on_hand_time=[800, 0, 0, 0])
    before = measure(made, plan(), "network")
    exec("".join(re.findall(r"```python\n(.*?)```", text, re.S)), {"__name__": "outside"})
    found = measure(made, plan(), "network")
    value = dict(zip(found.ids, found.values[0].tolist(), strict=True))
    assert value["backfill_share"] == 4 / 30
    assert value["counting_cost"] == 50 * 800 / 400
    assert value["total_cost"] == pytest.approx(before.values[0, before.ids.index("total_cost")] + 100, rel=1e-12)


def test_means_of_one_stock_point_alone_are_added_in_order_too() -> None:
    """One column, which NumPy would add by pairs: as one of two replications that are measured together."""
    chance = np.random.default_rng(5)
    rows = chance.uniform(0, 10, (1000, 2, 1))
    assert _in_order(rows[:, :1].copy())[0, 0] == _in_order(rows)[0, 0] == sum(rows[:, 0, 0].tolist())
    assert rows[:, :1].copy().sum(axis=0)[0, 0] != sum(rows[:, 0, 0].tolist())  # what is guarded against
