"""The verdict in one line of at most 75 characters, in each of the forms a recommendation can take."""

from __future__ import annotations

from collections.abc import Callable

from chainsim.report.decision.phrase import Figure, Phrase, phrase, plain
from chainsim.report.decision.situation import Situation
from chainsim.report.decision.spoken import all_of, cost_of, money, share_of
from chainsim.report.names import shown
from chainsim.report.numbers import percent

LONGEST = 75
SHORTEST_NAME = 8


def headline(s: Situation) -> Phrase:
    """The verdict. Names of policies are cut where the line would be too long."""
    return _FORMS[s.choice.kind](s)


def _use(s: Situation) -> Phrase:
    """The cheapest of those that meet the target."""
    chosen, equal = s.chosen.label, [s.facts.policies[i].label for i in s.choice.equal]
    if equal:
        return _equal([chosen, *equal])
    if not s.changes:
        if s.runner_up is None:
            return fitted(lambda a: phrase(f"Keep {a}: no other policy reaches {_target(s)}"), chosen)
        gap = _saved(s, against=s.runner_up.label)
        return fitted(
            lambda a, b: phrase(f"Keep {a}: ", gap, f" a {s.facts.over} less than {b}"), chosen, s.runner_up.label
        )
    gap = _saved(s, against=s.baseline.label)
    if isinstance(gap, Figure) and gap.value > 0:
        return fitted(
            lambda a, b: phrase(f"Use {a}: ", gap, f" a {s.facts.over} less than {b}"), chosen, s.baseline.label
        )
    return fitted(lambda a: phrase(f"Use {a}: the cheapest that reaches {_target(s)}"), chosen)


def _cheapest(s: Situation) -> Phrase:
    """There is no target, so nothing is recommended: what is cheap may serve badly."""
    if s.choice.equal:
        return _equal([s.chosen.label, *(s.facts.policies[i].label for i in s.choice.equal)])
    cost = cost_of(s.facts, s.facts.mean(s.chosen, "total_cost"))
    tails = [f" a {s.facts.over}; {told}" for told in ("no service target is set", "no target is set", "no target")]
    lines = [fitted(lambda a, tail=tail: phrase(f"Cheapest: {a}, ", cost, tail), s.chosen.label) for tail in tails]
    whole = [line for line in lines if s.chosen.label in plain(line)]
    return (whole or lines[-1:])[0]


def _most_service(s: Situation) -> Phrase:
    if s.choice.equal:
        return _equal([s.chosen.label, *(s.facts.policies[i].label for i in s.choice.equal)])
    served = share_of(s.facts.mean(s.chosen, "fill_rate"))
    return fitted(lambda a: phrase(f"Most service: {a}, ", served, " served at once"), s.chosen.label)


def _no_clear_winner(s: Situation) -> Phrase:
    ties = [s.facts.policies[i].label for i in s.choice.ties]
    if len(ties) == 1:
        return fitted(lambda a, b: phrase(f"No clear winner: {a} or {b}"), s.chosen.label, ties[0])
    return fitted(lambda a: phrase(f"No clear winner: {a} or one of {len(ties)} others"), s.chosen.label)


def _none_meets(s: Situation) -> Phrase:
    served = share_of(s.facts.mean(s.chosen, "fill_rate"))
    if len(s.facts.policies) == 1:
        return fitted(lambda a: phrase(f"{a} does not reach {_target(s)}: ", served, " served at once"), s.chosen.label)
    return fitted(lambda a: phrase(f"No policy reaches {_target(s)}; {a} comes closest, ", served), s.chosen.label)


def _undefined(s: Situation) -> Phrase:
    return ("Nothing was demanded, so the target cannot be judged",)


def _only(s: Situation) -> Phrase:
    return fitted(lambda a: phrase(f"{a}: ", *_what_it_does(s)), s.chosen.label)


def _same_rule(s: Situation) -> Phrase:
    return phrase(f"{all_of(len(s.facts.policies))} are the same rule: ", *_what_it_does(s))


_FORMS: dict[str, Callable[[Situation], Phrase]] = {
    "recommended": _use, "lowest cost": _cheapest, "most service": _most_service, "no clear winner": _no_clear_winner,
    "none meets": _none_meets, "undefined": _undefined, "only policy": _only, "same rule": _same_rule,
}  # fmt: skip


def _equal(labels: list[str]) -> Phrase:
    if len(labels) == 2:
        return fitted(lambda a, b: phrase(f"Use {a} or {b}: equal for practical purposes"), *labels)
    return fitted(lambda a: phrase(f"Use {a} or one of {len(labels) - 1} others: equal in practice"), labels[0])


def _what_it_does(s: Situation) -> Phrase:
    served = s.facts.mean(s.chosen, "fill_rate")
    parts = [cost_of(s.facts, s.facts.mean(s.chosen, "total_cost")), f" a {s.facts.over}"] if s.money else []
    if served is not None:
        parts += [*([", "] if parts else []), share_of(served), " served at once"]
    return phrase(*parts) or ("nothing was demanded",)


def _saved(s: Situation, against: str) -> str | Figure:
    """What the choice costs less than the policy of that label."""
    other = next(p for p in s.facts.policies if p.label == against)
    gap = s.cost_gap(other).difference.mean
    return money(s.facts.units, gap) if gap is None else Figure(money(s.facts.units, abs(gap)), gap)


def _target(s: Situation) -> str:
    return "" if s.facts.target is None else percent(s.facts.target)


def fitted(make: Callable[..., Phrase], *labels: str) -> Phrase:
    """The line with its names, cut in the middle until it fits.

    >>> plain(fitted(lambda a: phrase(f"Use {a}: as good as a policy of that name can be in this world"), "Just in time" * 3))
    'Use Just in …in time: as good as a policy of that name can be in this world'
    """
    limit = max(map(len, labels), default=SHORTEST_NAME)
    while True:
        line = make(*(shown(label, max(limit, SHORTEST_NAME)) for label in labels))
        if len(plain(line)) <= LONGEST or limit <= SHORTEST_NAME:
            return line
        limit -= 1
