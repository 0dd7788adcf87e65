"""What a team's orders cost, cause by cause: its game once more, with rules fitted to how it ordered, and what each thing they miss costs.

The whole chain goes step by step from what was played to the best policy; each step changes one thing and keeps those before, so
what a step saves depends on the order of the steps. Each role alone is tried against the others' orders as they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chainsim.errors import ScenarioError
from chainsim.game.board import Board
from chainsim.game.habits import Habit, habit_of
from chainsim.game.outcome import outcome_of, outcomes_of_policies, replayed
from chainsim.game.setting import Setting
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan

RULE, SEEING = "as_ordered", "seeing_all"
"""Names of a team's two policies: as it ordered, and with the whole supply line seen."""


@dataclass(frozen=True)
class Cause:
    """A step from what was played to the best. cost: of the chain after it, money; saved: by it."""

    cause: str
    cost: float
    saved: float


@dataclass(frozen=True)
class RoleCauses:
    """How one role ordered. needed: units on order that its lead time takes, at what was asked of it on average; most: the most it had
    on order. by_rule: what the chain would have cost had this role alone kept to its rule, seeing_all: and seen all of its supply line;
    money, all others as they ordered."""

    role: str
    habit: Habit
    needed: float
    most: float
    by_rule: float
    seeing_all: float

    @property
    def supply_line_cost(self) -> float:
        """What not seeing all of the supply line cost the chain."""
        return self.by_rule - self.seeing_all


@dataclass(frozen=True)
class Looked:
    """A finished game, looked into. rules: the setting with the team's two policies, None where no role's orders can be fitted."""

    played: float
    causes: Sequence[Cause]
    roles: Sequence[RoleCauses]
    rules: Setting | None

    @property
    def policies(self) -> dict[str, Any]:
        """The team's two policies, as of a scenario; none where there are no rules."""
        return {} if self.rules is None else {name: self.rules.document["policies"][name] for name in (RULE, SEEING)}


def looked_into(board: Board) -> Looked:
    """The causes of a finished game's cost."""
    setting, played = board.setting, outcome_of(board).cost
    found = {role: habit for role in setting.roles if (habit := habit_of(board.weeks[role])) is not None}
    best, outcome = next(iter(outcomes_of_policies(setting).items()))
    if not found:
        return Looked(played, _steps(played, [(f"all of it (best policy: {best})", outcome.cost)]), [], None)
    needs = {role: _mean_asked(board, role) * _periods(setting, board, role) for role in found}
    rules = with_rules(setting, found, needs)
    as_ordered = replayed(board, rules, RULE, found)
    seeing_all = replayed(board, rules, SEEING, found)
    steps = [
        ("what no rule of these explains", as_ordered),
        ("on order but not seen", seeing_all),
        (f"levels and forecasts (best policy: {best})", outcome.cost),
    ]
    roles = [
        RoleCauses(
            role, habit, needs[role], max(week.on_order for week in board.weeks[role]),
            replayed(board, rules, RULE, [role]), replayed(board, rules, SEEING, [role]),
        )
        for role, habit in found.items()
    ]  # fmt: skip
    return Looked(played, _steps(played, steps), roles, rules)


def _steps(played: float, steps: Sequence[tuple[str, float]]) -> list[Cause]:
    befores = [played, *(cost for _, cost in steps)]
    return [Cause(cause, cost, before - cost) for (cause, cost), before in zip(steps, befores, strict=False)]


def with_rules(setting: Setting, found: Mapping[str, Habit], needs: Mapping[str, float]) -> Setting:
    """The setting with two more policies: every role by its rule, and the same with the whole supply line seen. A role without a
    rule has that of the first."""
    seeing = {role: habit.seeing_all(needs[role]) for role, habit in found.items()}
    more = {RULE: _policy(setting, found, "Own rule, fitted"), SEEING: _policy(setting, seeing, "Own rule, all seen")}
    document = {**setting.document, "policies": {**setting.document["policies"], **more}}
    return replace(setting, document=document, scenario=setting.read(document), _plans={})


def _policy(setting: Setting, habits: Mapping[str, Habit], label: str) -> dict[str, Any]:
    rules = [{"site": role, **habit.as_policy(setting.interval)} for role, habit in habits.items()]
    usual = next(iter(habits.values())).as_policy(setting.interval)
    return {**usual, "label": label, "rules": rules}


def _mean_asked(board: Board, role: str) -> float:
    weeks = board.weeks[role]
    return sum(week.demand for week in weeks) / len(weeks)


def _periods(setting: Setting, board: Board, role: str) -> float:
    """Periods' demand that is on order at a review: those that the rule's own derivation counts; where it cannot be derived, what
    the board starts with."""
    policy = {"type": "sterman", "review_interval": setting.interval, "service_level": 0.5, "supply_line": 1}
    try:
        plan = _compiled(setting, policy)
        inputs = plan.derived[role, setting.product][0].inputs
        return max(float(inputs["M"] - inputs["R"]), 0.0) / setting.interval
    except (ScenarioError, KeyError):
        first = board.weeks[role][0]
        return first.on_order / first.demand if first.demand > 0.0 else 0.0


def _compiled(setting: Setting, policy: Mapping[str, Any]) -> Plan:
    document = {**setting.document, "policies": {"seen": dict(policy)}}
    return compile_plan(setting.read(document), "seen")
