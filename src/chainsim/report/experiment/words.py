"""The sentences of an experiment: what is best where, what would change the choice, what moves the numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chainsim.experiments.effects import Effect
from chainsim.experiments.factors import shown
from chainsim.kpis import KPIS
from chainsim.report.experiment.view import View
from chainsim.report.numbers import percent, several
from chainsim.report.phrases import listed


@dataclass(frozen=True)
class Told:
    """headline: the answer. more: sentences behind it."""

    headline: str
    more: tuple[str, ...]


def answer(view: View) -> Told:
    """What the experiment says, in a few sentences."""
    data = view.found.data
    if not data.good:
        return Told("No point could be simulated.", ())
    several_policies = len(data.asked.alternatives) > 1
    headline = _best_policy(view) if several_policies else _best_point(view)
    more = [*(_breaks(view) if view.found.choices.breakable else ()), *_moves(view), *_failed(view)]
    return Told(headline, tuple(more))


def goal(view: View) -> str:
    """What the best policy has: 'the lowest total cost', with the constraint behind it."""
    asked = view.found.data.asked
    side = "highest" if KPIS.get(asked.objective.kpi).direction == "higher" else "lowest"
    text = f"the {side} {_low(asked.objective.title)}"
    return f"{text} with {constraint(view)}" if asked.constraint else text


def constraint(view: View) -> str:
    """The constraint in words: 'fill rate of at least 95 %'."""
    limit = view.found.data.asked.constraint
    assert limit is not None
    kpi = KPIS.get(limit.response.kpi)
    bound = percent(limit.bound) if kpi.unit == "share" else view.units.value(view.unit(limit.response), limit.bound)
    return f"{_low(limit.response.title)} of at {'least' if limit.least else 'most'} {bound}"


def _best_policy(view: View) -> str:
    data, choices = view.found.data, view.found.choices
    ranked = [(policy, n) for policy, n in choices.counts.most_common() if n]
    total = len(data.good)
    nobody = total - sum(n for _, n in ranked)
    if not ranked:
        return f"No policy has {constraint(view)} at any of {several(total, 'point')}."
    choice, n = choices.choice, choices.counts[choices.choice]
    tied = sum(
        1
        for stands in choices.stands.values()
        for s in stands
        if s.chosen and s.standing and s.standing.place != "best"
    )
    where = f"all {several(total, 'point')}" if n == total else f"{n} of {several(total, 'point')}"
    text = f"{view.labels[choice]} has {goal(view)} at {where}"
    others = [f"{view.labels[p]} at {k}" for p, k in ranked if p != choice]
    if others:
        text += f", {listed(others, 'and')}"
    if nobody:
        text += f"; at {nobody} no policy has {constraint(view)}"
    if tied:
        text += f". At {tied if tied < total else 'all'} of them another may be as good: the replications cannot tell them apart"
    return f"{text}."


def _best_point(view: View) -> str:
    """Of one policy: where the objective is best."""
    data = view.found.data
    [policy] = data.asked.alternatives
    objective = data.asked.objective
    sign = -1.0 if KPIS.get(objective.kpi).direction == "higher" else 1.0
    stands = {
        i: s for i, stands in view.found.choices.stands.items() for s in stands if s.meets and s.value is not None
    }
    if not stands:
        return (
            f"{view.labels[policy]} has {constraint(view)} at no point."
            if data.asked.constraint
            else "Nothing was measured."
        )
    best = min(stands, key=lambda i: (sign * (stands[i].value or 0.0), i))
    limit = f", of those with {constraint(view)}" if data.asked.constraint else ""
    return (
        f"{objective.title} of {view.labels[policy]} is {'highest' if sign < 0 else 'lowest'} at {view.values(best)}{limit}: "
        f"{view.told(best, policy, objective)}."
    )


def _breaks(view: View) -> Iterator[str]:
    """When the choice would not be made."""
    found, choice = view.found, view.labels[view.found.choices.choice]
    broken = [i for i, why in found.broken.items() if why]
    total = len(found.broken)
    if view.found.data.asked.replications == 1 and total > len(broken):
        yield f"One replication shows no difference beyond chance: whether a future breaks the choice of {choice} takes two or more."
    elif not broken:
        yield f"No future tried breaks the choice of {choice}."
    elif len(broken) == total:
        yield f"Every future tried breaks the choice of {choice}."
    elif found.boxes:
        box = found.boxes[0]
        yield (
            f"What breaks the choice of {choice}: {found.words(box)} ({box.broken} of {several(box.points, 'point')} there, "
            f"{box.broken} of all {len(broken)} that break it)."
        )
    else:
        yield f"The choice of {choice} breaks at {len(broken)} of {several(total, 'point')}, which no simple rule tells from the others."


def _moves(view: View) -> Iterator[str]:
    """What moves the objective most, of the policy that is looked at."""
    effect = largest(view)
    if effect is None or len(view.found.data.asked.factors) < 2:
        return
    amount = view.change(
        effect.response, abs(effect.effect), None if effect.high is None else effect.high - effect.effect
    )
    if effect.low is not None and effect.high is not None and effect.low <= 0.0 <= effect.high:
        signed = view.change(effect.response, effect.effect, effect.high - effect.effect)
        yield (
            f"No factor moves the {_low(effect.response.title)} of {view.labels[effect.policy]} beyond chance here: the largest effect, "
            f"{effect.factor} from {shown(effect.start)} to {shown(effect.end)}, is {signed}."
        )
        return
    way = "raises" if effect.effect > 0 else "lowers"
    yield (
        f"What moves the {_low(effect.response.title)} of {view.labels[effect.policy]} most is {effect.factor}: going from {shown(effect.start)} to "
        f"{shown(effect.end)} {way} it by {amount}."
    )


def largest(view: View) -> Effect | None:
    """The effect of one factor that is largest, of the choice and the objective (else the first response)."""
    data = view.found.data
    mine = [e for e in view.found.effects if e.policy == view.found.choices.choice and e.kind in ("main", "regression")]
    told = [e for e in mine if e.response == data.asked.objective] or [
        e for e in mine if e.response == data.asked.responses[0]
    ]
    return max(told, key=lambda e: abs(e.effect), default=None)


def _failed(view: View) -> Iterator[str]:
    data = view.found.data
    n = len(data.points) - len(data.good)
    if n:
        yield f"{several(n, 'point')} of {len(data.points)} could not be simulated and {'is' if n == 1 else 'are'} named below."


def _low(title: str) -> str:
    return title[:1].lower() + title[1:]
