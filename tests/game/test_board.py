"""The board: the engine stops for people, and nothing else about it changes."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
import yaml

from chainsim.data import scenario_path
from chainsim.engines.parity import fingerprint
from chainsim.engines.simpy_engine import simulate
from chainsim.errors import ScenarioError, UsageError
from chainsim.game.board import Board
from chainsim.game.outcome import had_one_followed, outcome_of, played_by
from chainsim.game.setting import setting_of
from chainsim.plan.compile import compile_plan
from chainsim.record.record import SERIES

from .boards import beer, board


def play(known: Board, chance: Random) -> None:
    """Most roles order something, some leave it to the policy."""
    while turn := known.on_turn:
        known.turn({role: float(chance.randrange(12)) for role in turn if chance.random() < 0.7})


def replayed(known: Board) -> str:
    """The fingerprint of the same orders as policy `plan`, on the ordinary road."""
    setting = known.setting
    name, document = setting.with_orders({role: known.orders(role) for role in setting.roles}, "again")
    return fingerprint(simulate(compile_plan(setting.read(document), name), 0))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_game_is_the_plan_of_its_orders_byte_for_byte(seed: int) -> None:
    known = board(beer())
    play(known, Random(seed))
    assert known.record is not None
    assert fingerprint(known.record) == replayed(known)


def test_the_compiled_engine_replays_it_too() -> None:
    pytest.importorskip("numba")
    from chainsim.engines.compiled_engine import simulate as compiled

    known = board(beer())
    play(known, Random(4))
    setting = known.setting
    name, document = setting.with_orders({role: known.orders(role) for role in setting.roles}, "again")
    assert known.record is not None
    assert fingerprint(compiled(compile_plan(setting.read(document), name), 0)) == fingerprint(known.record)


@pytest.mark.parametrize("change", [{}, {"time.review": "before_demand"}, {"lanes[*].order_lag": 0}])
def test_random_customers_and_roles_that_decide_in_turn(change: dict[str, str]) -> None:
    setting = setting_of(scenario_path("serial_textbook"), periods=30, changes={"time.bucket": 0.5, **change})
    known = board(setting)
    assert known.on_turn == ["stage_1"], "orders come without delay: who is above sees them first"
    play(known, Random(5))
    assert known.record is not None
    assert fingerprint(known.record) == replayed(known)


def test_every_role_decides_at_once_where_orders_take_time() -> None:
    assert board(beer()).on_turn == ["retailer", "wholesaler", "distributor", "factory"]


def test_policies_in_all_seats_are_the_policy() -> None:
    """The same orders as `chainsim run` places, and the same path."""
    setting = beer(36)
    known = played_by(setting, "human")
    plan = compile_plan(setting.scenario, "human")
    record = simulate(plan, 0)
    assert known.record is not None
    assert (record.series == known.record.series).all()


def test_the_benchmark_is_sterman_s() -> None:
    """$204 for the 36 weeks of the board, and by role 46, 50, 54, 54 (Sterman 1989)."""
    outcome = outcome_of(played_by(beer(36), "benchmark"))
    assert [part.cost for part in outcome.parts] == [46.0, 50.0, 54.0, 54.0]


def test_two_weeks_by_hand() -> None:
    """Twelve in stock, four come, four go. The retailer orders 9, all others 4: his order reaches the wholesaler in week 3."""
    known = board(beer())
    first = known.week("retailer")
    assert (first.demand, first.received, first.net_stock, first.on_order, first.in_transit) == (4, 4, 12, 12, 4)
    known.turn({"retailer": 9.0, "wholesaler": 4.0, "distributor": 4.0, "factory": 4.0})
    second = known.week("retailer")
    assert (second.period, second.on_order, second.cost) == (2, 12 + 9 - 4, 12 * 0.50)
    known.turn(dict.fromkeys(known.on_turn, 4.0))
    assert known.week("wholesaler").demand == 9
    assert known.week("wholesaler").net_stock == 12 + 4 - 9


def test_cost_is_that_of_every_week_the_last_one_included() -> None:
    """Half a dollar for a case in stock and one for a case owed, at the end of each week."""
    known = board(beer())
    play(known, Random(6))
    assert known.record is not None
    series = dict(zip(SERIES, known.record.series, strict=True))
    for role, row in known.rows.items():
        assert known.cost(role) == 0.50 * series["on_hand"][row].sum() + series["backorders"][row].sum()


@pytest.mark.parametrize(
    ("orders", "said"),
    [({"retailer": -1.0}, "between 0 and"), ({"retailer": 1.5}, "cannot be ordered; 2 can"), ({"shop": 1.0}, "not on turn"),
     ({"retailer": float("nan")}, "between 0 and"), ({"retailer": 1e9}, "between 0 and")],
)  # fmt: skip
def test_orders_that_cannot_be_placed(orders: dict[str, float], said: str) -> None:
    known = board(beer())
    with pytest.raises(UsageError, match=said):
        known.turn(orders)
    assert known.period == 1


def test_what_one_role_alone_would_have_changed() -> None:
    known = played_by(beer(36), "human")
    assert had_one_followed(known, "retailer", "human") == 0.0
    assert had_one_followed(known, "retailer", "benchmark") < 0.0


@pytest.mark.parametrize(
    ("name", "said"), [("grocer", "along a chain"), ("health_programme", "about one product|along a chain")]
)
def test_what_is_no_chain_is_refused(name: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        setting_of(scenario_path(name))


def test_a_fork_is_refused(tmp_path: Path) -> None:
    document = yaml.safe_load(scenario_path("beer_game").read_text("utf-8"))
    document["sites"]["shop"] = {"kind": "retailer"}
    document["lanes"].append({"from": "wholesaler", "to": "shop", "lead_time": 1})
    document["demand"].append({"site": "shop", "product": "beer", "quantity": 1, "every": 1})
    (tmp_path / "fork.yaml").write_text(yaml.safe_dump(document), "utf-8")
    with pytest.raises(ScenarioError, match="along a chain"):
        setting_of(tmp_path / "fork.yaml")


def test_who_cannot_sit_in_says_why() -> None:
    setting = setting_of(scenario_path("serial_textbook"), periods=5)
    with pytest.raises(UsageError, match="does not order every 10 periods"):
        setting.sitting_in("clark_scarf", "stage_1")
    assert setting.sitters == ["order_up_to"]
