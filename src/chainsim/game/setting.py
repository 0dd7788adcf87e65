"""What is played: a serial scenario, its roles, how many periods, and which policies can sit in for who is absent."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from chainsim.data import scenario_names, scenario_path
from chainsim.errors import Finding, Place, ScenarioError, UsageError
from chainsim.plan.compile import compile_plan
from chainsim.plan.network import Network
from chainsim.plan.plan import Plan
from chainsim.registry import did_you_mean
from chainsim.rules.position import POSITION
from chainsim.scenario.load import read, written_as, written_in
from chainsim.scenario.model import Scenario
from chainsim.scenario.render import escape

MOST_PERIODS = 520
SITTER = "order_up_to"
"""The policy that sits in where none of the scenario's can."""
GIVEN_UP = ("tune", "stress", "levers")
"""Sections about policies that a game does not have."""


@dataclass(frozen=True)
class Setting:
    """A game before anybody has moved.

    document: the scenario as plain data, made for the game: no warm-up, one replication, so many periods, the board at the
    start written out. Its policies are those that may sit in. folder: where its tables lie.
    roles: the sites that people can play, the one that customers buy from first. interval: time units between two orders.
    """

    name: str
    document: Mapping[str, Any]
    folder: Path | None
    scenario: Scenario
    roles: tuple[str, ...]
    product: str
    periods: int
    interval: float
    lagged: tuple[bool, ...]
    """By role: does the order of the role below take time to come? If not, this role decides after it."""
    _plans: dict[str, Plan] = field(default_factory=dict, compare=False, repr=False)

    @property
    def policies(self) -> list[str]:
        """Names of the scenario's policies."""
        return [alternative.name for alternative in self.scenario.alternatives]

    def with_orders(self, orders: Mapping[str, Sequence[float]], label: str) -> tuple[str, dict[str, Any]]:
        """A document whose first policy replays these orders, by role; and that policy's name."""
        name = "team"
        while name in self.document["policies"]:
            name += "_"
        rules = [{"site": role, "type": "plan", **self._plan(orders[role])} for role in self.roles]
        played = {"type": "plan", "label": label, **self._plan([]), "rules": rules}
        return name, {**deepcopy(dict(self.document)), "policies": {name: played, **self.document["policies"]}}

    def _plan(self, orders: Sequence[float]) -> dict[str, Any]:
        return {"review_interval": self.interval, "orders": [int(q) if q == int(q) else q for q in orders]}

    def read(self, document: Mapping[str, Any]) -> Scenario:
        """The Scenario of a document made from this setting's."""
        return read(written_as(document, self.name, self.folder))

    def board(self) -> Plan:
        """The Plan that is played: nobody orders anything of himself."""
        name, document = self.with_orders({role: [0.0] * self.periods for role in self.roles}, "the board")
        return compile_plan(self.read(document), name)

    def sitting_in(self, policy: str, role: str) -> tuple[Plan, int]:
        """The Plan of a policy that orders for a role nobody plays, and the role's row there. Raises UsageError where it cannot."""
        if policy not in self.policies:
            hint = did_you_mean(policy, self.policies)
            raise UsageError(f"unknown policy '{policy}'{hint}; known: {', '.join(self.policies)}")
        if policy not in self._plans:
            self._plans[policy] = compile_plan(self.scenario, policy)
        plan = self._plans[policy]
        i = self.row_of(plan, role)
        row = plan.points[i]
        if row["policy"] < 0 or int(row["review_interval"]) != plan.clock.ticks(self.interval) or row["offset"] != 0:
            raise UsageError(
                f"'{policy}' cannot sit in for {role}: it does not order every {self.interval:g} {self.scenario.time.unit}s"
            )
        if row["watch"] != POSITION:
            raise UsageError(
                f"'{policy}' cannot sit in for {role}: it looks at more than the stock position that a player has"
            )
        return plan, i

    @cached_property
    def sitters(self) -> list[str]:
        """Names of the policies that can sit in for every role."""
        found = []
        for policy in self.policies:
            try:
                for role in self.roles:
                    self.sitting_in(policy, role)
            except (UsageError, ScenarioError):
                continue
            found.append(policy)
        return found

    @staticmethod
    def row_of(plan: Plan, role: str) -> int:
        """The row of a role among the stock points of a Plan."""
        return next(i for i, s in enumerate(plan.layout.site) if plan.layout.sites[s] == role)


def shipped_or_file(name: str) -> Path:
    """The file of a game: a shipped scenario by its name ('beer-game'), or a path. Raises UsageError."""
    known, path = name.replace("-", "_"), Path(name)
    if path.exists() or path.suffix:
        return path
    if known not in scenario_names():
        guess = did_you_mean(known, scenario_names())
        raise UsageError(
            f"unknown game '{escape(name)}'{guess}: name a shipped scenario, such as beer_game, or a YAML file"
        )
    return scenario_path(known)


def setting_of(
    file: str | os.PathLike[str],
    *,
    periods: int | None = None,
    changes: Mapping[str, Any] | None = None,
    seed: int | None = None,
) -> Setting:
    """The game of a scenario file. periods: default the scenario's horizon. Raises ScenarioError where it is no chain of
    stock points of one product, each ordering from the next."""
    written = written_in(file)
    if changes:
        written = written.with_(changes)
    document = written.source.root.plain()
    if seed is not None:
        document["seed"] = seed
    if Path(file) == scenario_path("beer_game"):
        document["policies"] = {**document["policies"], "benchmark": benchmark()}
    return made_of(document, Path(file).name, Path(file).parent, periods)


def benchmark() -> dict[str, Any]:
    """Sterman's benchmark as a policy: everything seen and closed at once, with the best levels; 204 for the 36 weeks of the board."""
    rule = {
        "type": "sterman", "review_interval": "1 week", "adjustment": 1, "supply_line": 1, "smoothing": 0, "expected": 4, "hold": 4,
    }  # fmt: skip
    factory = {"kind": "factory", **rule, "desired_stock": 20}
    return {
        **rule,
        "label": "Sterman's benchmark",
        "desired_stock": 28,
        "rules": [factory],
    }


def made_of(document: Mapping[str, Any], name: str, folder: Path | None, periods: int | None = None) -> Setting:
    """The same of a scenario as plain data."""
    document = {key: deepcopy(value) for key, value in document.items() if key not in GIVEN_UP}
    document["time"] = {**document["time"], "warm_up": 0} if isinstance(document.get("time"), dict) else {}
    document["time"].pop("series", None)  # what a role has is read from its own
    document["replications"] = 1
    scenario = read(written_as(document, name, folder))
    wrong = list(_problems(scenario))
    if wrong:
        raise ScenarioError([Finding("error", Place(name), *told) for told in wrong])
    network = Network(scenario)
    order = network.replenished
    place = (network.points[order[0]].site, network.points[order[0]].product)
    first = scenario.alternatives[0].rules[place].policy
    interval = float(getattr(first, "review_interval", None) or scenario.time.bucket)
    whole = max(int(scenario.time.horizon / interval + 1e-9), 1)
    periods = whole if periods is None else periods
    if not 1 <= periods <= MOST_PERIODS:
        raise UsageError(f"a game has 1 to {MOST_PERIODS} periods, not {periods}")
    document["time"]["horizon"] = periods * interval
    document["stock"] = [*document.get("stock", []), *_at_the_start(scenario, network)]
    scenario = read(written_as(document, name, folder))
    lags = tuple(i == 0 or _is_lagged(network, order[i - 1]) for i in range(len(order)))
    roles = tuple(network.points[i].site for i in order)
    setting = Setting(name, document, folder, scenario, roles, place[1], periods, interval, lags)
    if setting.sitters:
        return setting
    document["policies"] = {
        **document["policies"],
        SITTER: {"type": "R_S", "label": "Order up to a level", "review_interval": interval},
    }
    return replace(setting, scenario=setting.read(document), _plans={})


def _is_lagged(network: Network, below: int) -> bool:
    lane = network.lane_of(network.lanes_to[below][0])
    return lane is not None and lane.order_lag is not None and lane.order_lag.expectation() > 0.0


def _problems(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Why this is no chain: (path, message, cure)."""
    network = Network(scenario)
    if len(scenario.products) > 1:
        yield "products", f"a game is about one product, not {len(scenario.products)}", "leave the others out"
        return
    order = network.replenished
    for above, i in zip([*order[1:], None], order, strict=True):
        site, ways = network.points[i].site, network.lanes_to[i]
        origins = {network.limited_origin(j) for j in ways}
        if len(ways) != 1 or origins != {above}:
            message = f"a game is played along a chain, each ordering from the next; {site} does not"
            yield "lanes", message, "play a serial scenario, such as beer_game or serial_textbook"
            return
    for i in network.demands_at:
        if i != order[0]:
            yield "demand", f"in a game customers buy at {network.points[order[0]].site} only", "leave the others out"
            return


def _at_the_start(scenario: Scenario, network: Network) -> list[dict[str, Any]]:
    """Stock rules that write out what is on hand at the start, where the scenario leaves it to the policy: by its first."""
    rules = []
    open_points = [network.points[i] for i in network.replenished if network.points[i].on_hand is None]
    if not open_points:
        return []
    plan = compile_plan(scenario, scenario.alternatives[0].name)
    for point in open_points:
        if point.shipments or point.orders:
            message = (
                f"say what {point.site} has on hand at the start too: the policy's level would be another for each team"
            )
            raise ScenarioError([Finding("error", Place(scenario.name), "stock", message, "add initial: {on_hand: …}")])
        on_hand = float(plan.points[Setting.row_of(plan, point.site)]["on_hand"])
        rules.append({"site": point.site, "product": point.product, "initial": {"on_hand": on_hand}})
    return rules
