"""What a tuning says: the guarantee in its one form, and what could not be said, in words."""

from __future__ import annotations

from math import ceil, floor, log10

from chainsim.statistics.at_target import NEAR
from chainsim.tune.aim import NOUNS, Aim
from chainsim.tune.confirm import Confirmed

CAVEAT = "It speaks of the policies as tuned here, and of this model and its data, not of the world."


def percent(share: float, digits: int = 1) -> str:
    """A share in per cent, with as many digits as tell it from its neighbours.

    >>> percent(0.97), percent(0.9725), percent(0.9995)
    ('97.0 %', '97.25 %', '99.95 %')
    """
    while digits < 4 and abs(round(100 * share, digits) - 100 * share) > 1e-9:
        digits += 1
    return f"{100 * share:.{digits}f} %"


def money(amount: float, currency: str) -> str:
    """An amount per year in whole units of money, or with digits where it is small.

    >>> money(31446.2, "EUR"), money(12.6881, "USD"), money(0.0, "")
    ('31,446 EUR', '12.69 USD', '0')
    """
    digits = 0 if abs(amount) >= 100.0 or amount == round(amount) else 2
    return f"{amount:,.{digits}f} {currency}".strip()


def at_most(amount: float, currency: str) -> str:
    """An amount rounded up to two figures, so that what is said of it stays true.

    >>> at_most(141.3, "EUR"), at_most(0.0, "EUR")
    ('150 EUR', '0 EUR')
    """
    if amount <= 0.0:
        return money(0.0, currency)
    step = 10.0 ** (floor(log10(amount)) - 1)
    return money(ceil(amount / step - 1e-9) * step, currency)


def sentence(aim: Aim, said: Confirmed, currency: str, labels: tuple[str, ...]) -> str:
    """The guarantee, or why there is none."""
    answer, confidence = said.answer, f"{100 * aim.confidence:g} %"
    if answer.state == "no sentence":
        return "No sentence: fewer than ten fresh replications say nothing about a long run."
    where = "" if aim.at == "network" or not aim.measure else f", at {_where(aim)}"
    if answer.state == "nobody":
        nearest = labels[answer.nearest] if answer.nearest is not None else ""
        short = f"; nearest is {nearest}, {_points(answer.shortfall)}" if answer.shortfall is not None else ""
        return f"No policy is sure to meet {percent(aim.target)}{where}{short}."
    assert answer.winner is not None
    assert answer.gap is not None
    winner = labels[answer.winner]
    at_exactly = f", at exactly {percent(aim.target)}" if said.at_target else ""
    if len(labels) == 1:
        return (
            f"With {confidence} confidence: {winner} serves at least {percent(aim.target)} {NOUNS[aim.measure]} in the long run "
            f"of this model{where}. {CAVEAT}"
            if aim.measure
            else f"{winner} is the only policy, so there is nothing to compare it with. {CAVEAT}"
        )
    cheaper = f"more than {at_most(answer.gap, currency)} a year cheaper" if answer.gap > 0.0 else "cheaper"
    if not aim.measure:
        return f"With {confidence} confidence: no policy is {cheaper} than {winner}. {CAVEAT}"
    return (
        f"With {confidence} confidence all of this holds at once: each policy marked ✓ serves at least {percent(aim.target)} "
        f"{NOUNS[aim.measure]} in the long run of this model{where}; and no policy that serves "
        f"{percent(aim.target + aim.within)} or more is {cheaper} than {winner}{at_exactly}. {CAVEAT}"
    )


def converged(aim: Aim, said: Confirmed, indifference: float, currency: str) -> str:
    """'' where it is settled; else what is left open and how many replications would settle it."""
    answer = said.answer
    if answer.converged or answer.state == "no sentence" or len(said.candidates) == 1:
        return ""
    more = (
        f"; about {said.settles:,} fresh replications of each would settle {money(indifference, currency)}"
        if said.settles is not None
        else "; no number of replications would settle it as things stand"
    )
    gap = (
        f"another may be up to {at_most(answer.gap, currency)} cheaper"
        if answer.gap is not None
        else "who serves stays open"
    )
    return f"Not converged: {gap}{more}."


def as_tuned(aim: Aim, said: Confirmed, labels: tuple[str, ...]) -> str:
    """That costs are compared as they are, where they were asked for at exactly the target; '' where they are at it."""
    if not aim.measure or aim.hold != "exactly" or said.at_target or said.answer.winner is None:
        return ""
    far = [label for label, one in zip(labels, said.carried, strict=True) if one is None or not one.near]
    whose = f" ({', '.join(far)})" if far and len(far) < len(labels) else ""
    return (
        f"Costs are compared as tuned, not at exactly {percent(aim.target)}: a service{whose} lies too far from it, more than "
        f"{100 * NEAR:.1f} points, or cannot be moved along a curve, so that its cost cannot be carried there."
    )


def cheapest(aim: Aim, said: Confirmed, currency: str, labels: tuple[str, ...], costs: tuple[float, ...]) -> str:
    """'The cheapest way to the target is …', found by search."""
    answer = said.answer
    if answer.winner is None:
        return ""
    target = f"to {percent(aim.target)}" if aim.measure else "to run this network"
    cost = money(costs[answer.winner], currency)
    if not answer.converged and len(labels) > 1:
        return (
            f"Of the policies that surely serve it, the cheapest way {target} is {labels[answer.winner]}, at {cost} a year, as found by "
            "search; whether another is cheaper is not settled."
        )
    return f"The cheapest way {target} is {labels[answer.winner]}, at {cost} a year, as found by search."


def flattery(shown: float, true: float, cost_shown: float, cost_true: float) -> str:
    """How much the search's own sample flattered a candidate."""
    cost = cost_shown / cost_true - 1.0 if cost_true else 0.0
    return f"{100 * (shown - true):+.2f} points of service, {100 * cost:+.1f} % of cost"


def _where(aim: Aim) -> str:
    return {"kind": "every kind of site where customers buy", "site": "every site where customers buy"}.get(
        aim.at, f"the sites of group '{aim.at}'"
    )


def _points(shortfall: float) -> str:
    return f"{abs(100 * shortfall):.2f} points {'short of' if shortfall > 0 else 'above'} it in the sample"
