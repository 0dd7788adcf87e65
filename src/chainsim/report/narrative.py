"""The recommendation in a sentence: which policy, what it costs, what service it gives, how sure that is.

Who is recommended `report.ranking` says. Where the best cannot be told apart from others, the sentence says so, and how many
replications would settle it: n·(half-width ÷ |difference|)², rounded up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chainsim.report.facts import Facts
from chainsim.report.intervals import in_words
from chainsim.report.numbers import HARD, Units, is_exact, percent, several
from chainsim.report.phrases import at_least, listed, points, two_digits
from chainsim.report.precision import replications
from chainsim.report.ranking import Ranking
from chainsim.report.same_rule import counted_once
from chainsim.report.sensitivity import sensitivity
from chainsim.report.shortfall import asked_of
from chainsim.report.verdict import Choice, Kind, Narrative, Option
from chainsim.statistics import Estimate, replications_needed, settles


def narrate(facts: Facts) -> Narrative:
    """The recommendation of a study."""
    names = {id: facts.title_of(id).lower() for id in facts.cost_lines}
    options = [
        Option(
            p.label,
            facts.samples(p, "total_cost").tolist(),
            facts.sample(p, "fill_rate"),
            {names[id]: facts.mean(p, id) or 0.0 for id in facts.cost_lines},
            asked_of(facts, p) if facts.target is None else "",
        )
        for p in facts.policies
    ]
    groups = facts.rules
    material = {k: m for k in ("total_cost", "fill_rate") if (m := facts.material(k)) is not None}
    told = recommend([options[group[0]] for group in groups], facts.target, facts.units, facts.level, material)
    return counted_once(told, [option.label for option in options], groups)


def recommend(
    options: Sequence[Option],
    target: float | None,
    units: Units,
    level: float = 0.95,
    material: Mapping[str, float] | None = None,
) -> Narrative:
    """The recommendation among options of which the first is the baseline.

    target: the fill rate wanted, None when the scenario sets none. material: measure → difference that begins to matter.
    """
    return _Teller(Ranking(options, target, level, material), units).narrative()


class _Teller:
    """Puts a ranking into words."""

    def __init__(self, ranking: Ranking, units: Units) -> None:
        self.ranking, self.units = ranking, units
        self.labels = [o.label for o in ranking.options]
        self.target, self.level, self.n = ranking.target, ranking.level, ranking.n
        self.cost, self.fill, self.money = ranking.cost, ranking.fill, ranking.money
        self.all, self.eligible = ranking.all, ranking.eligible
        self.unit = units.a_year

    def narrative(self) -> Narrative:
        if not self.eligible:
            return self._none_meets()
        best, *others = self.ranking.ranked(self.eligible)
        equal = self.ranking.equal(best, others)
        ties = [i for i in self.ranking.rivals(best, others) if i not in equal]
        others = [i for i in others if i not in equal]
        headline = self._headline(best, ties, equal)
        sentences = [self._what_it_gives(best, self.labels[best] if ties or len(self.all) == 1 else "It")]
        against: list[str] = []
        sentences += self._equal(best, equal)
        if ties:
            sentences.append(self._ties(best, ties))
        elif others:
            against.append(
                self._beats(best, others[0], self._next(others[0])) + self._service_given_up(best, others[0])
            )
        elif len(self.all) > 1 and not equal:
            sentences.append("It is the only policy that meets the target.")
        if best != 0 and 0 not in (*ties, *equal, *others[:1]):
            against.append(self._beats(best, 0, f"{self.labels[0]}, the baseline"))
        if against:
            subject = "It" if self.money else "That is"
            if ties or equal:
                subject = f"{self.labels[best]}{'' if self.money else ' is'}"
            sentences.append(f"{subject} {'costs ' if self.money else ''}{', and '.join(against)}.")
        sentences += self._misses(alone=len(self.eligible) == 1)
        text = " ".join(s for s in sentences if s)
        # what would change the winner is a question only where there is one
        sensitive = "" if ties else self._sensitivity(best, others)
        runner_up = next(iter([*ties, *others, *equal]), None)
        settles, level = (self._settles(best, ties), self._at_once()) if ties else (None, None)
        choice = Choice(self._kind(ties), best, tuple(ties), tuple(equal), runner_up, settles, level)
        return Narrative(choice, headline, text, sensitive, self._standings(best, ties, equal))

    def _kind(self, ties: Sequence[int]) -> Kind:
        if len(self.all) == 1:
            return "only policy"
        return "no clear winner" if ties else self._best_word()

    def _settles(self, best: int, ties: Sequence[int]) -> int | None:
        """Replications that would tell the best apart from all of them; None where none would."""
        needed = [settles(self.ranking.gap(best, i, self._at_once()), self.ranking.material) for i in ties]
        return max(k or 0 for k in needed) if all(needed) else None

    def _at_once(self) -> float:
        """The level of each interval of the best against the others, that all hold together."""
        return self.ranking.at_once(len(self.eligible) - 1)

    def _none_meets(self) -> Narrative:
        assert self.target is not None
        first = min(self.all, key=self.ranking.by_service)
        if self.fill[first].mean is None:
            text = "The fill rate is undefined for every policy: nothing was demanded."
            return Narrative(
                Choice("undefined", first),
                "The target cannot be judged.",
                text,
                "",
                tuple("fill rate undefined" for _ in self.all),
            )
        # a hair of service decides nothing: of those that cannot be told apart the cheapest is looked at more closely
        near = self.ranking.near(first)
        closest = self.ranking.ranked(near)[0]
        label, reached = self.labels[closest], self.fill[closest]
        sentences = [f"{label} comes closest with {self._share(reached)}{self._at_cost(closest)}."]
        if len(near) > 1:
            sentences = [self._come_closest(closest, near)]
        if at_least(reached.high, self.target):
            sentences.append("Its interval includes the target, so more replications may show that it meets it.")
        cheapest = min(self.all, key=self.ranking.by_cost)
        if self.money and cheapest not in near:
            cheap = self.labels[cheapest]
            sentences.append(
                f"The cheapest, {cheap}, reaches {self._share(self.fill[cheapest])}{self._at_cost(cheapest)}."
            )
        standings = ["misses the target"] * len(self.labels)
        for i in near:
            standings[i] = "misses the target, comes closest"
        subject = "The policy does not reach" if len(self.all) == 1 else "No policy reaches"
        headline = f"{subject} the fill-rate target of {percent(self.target)}."
        choice = Choice("none meets", closest, tuple(i for i in near if i != closest))
        return Narrative(choice, headline, " ".join(sentences), "", tuple(standings))

    # sentences

    def _headline(self, best: int, ties: Sequence[int], equal: Sequence[int]) -> str:
        label = self.labels[best]
        if len(self.all) == 1:
            return f"{label}, the only policy of this run."
        if ties:
            return f"No clear winner: {listed([label, *(self.labels[i] for i in ties)], 'or')}."
        also = ""
        if equal:
            names = listed([self.labels[i] for i in equal], "and")
            also = f"; {names} {'is' if len(equal) == 1 else 'are'} equal for practical purposes"
        if not self.money:
            return f"Most service: {label}{also}."
        return f"Lowest cost: {label}{also}." if self.target is None else f"Recommendation: {label}{also}."

    def _come_closest(self, closest: int, near: Sequence[int]) -> str:
        """Several whose service cannot be told apart; the cheapest of them is looked at more closely."""
        others = [i for i in near if i != closest]
        labels = listed([self.labels[i] for i in (closest, *others)], "and")
        label = self.labels[closest]
        told = f"{labels} come closest; their service cannot be told apart. {label} reaches {self._share(self.fill[closest])}"
        if not self.money:
            return f"{told}."
        rival = min(others, key=self.ranking.by_cost)
        return f"{told}{self._at_cost(closest)} and costs {self._beats(closest, rival, self.labels[rival])}."

    def _service_given_up(self, best: int, other: int) -> str:
        """The other half of a difference in cost: what it does to service, paired as well."""
        gap = self.ranking.service_gap(best, other)
        if not self.money or gap.mean is None or not self.ranking.surely(gap):
            return ""
        return f", with {points(gap)} {'more' if gap.mean > 0 else 'less'} fill rate"

    def _what_it_gives(self, i: int, subject: str) -> str:
        reached, target = self.fill[i], self.target
        gives = f"{subject} reaches a fill rate of {self._share(reached)}{self._at_cost(i)}"
        if reached.mean is None:
            gives = f"{subject} runs{self._at_cost(i)}; its fill rate is undefined, for nothing was demanded"
        if target is None:
            own = self.ranking.options[i].asked
            if own:
                whose = "its" if subject == "It" else "this policy’s"
                return f"{gives}; the scenario sets no target for the whole network, and {whose} own levels were asked for {own}."
            return f"{gives}; no service was asked for, neither by the scenario nor by this policy’s levels."
        if reached.low is None:
            return f"{gives} (target {percent(target)}, met in the only replication)."
        if reached.low >= target:
            return f"{gives} (target {percent(target)}, met by the whole interval)."
        needed = replications_needed((reached.mean or 0.0) - target, reached.half_width or 0.0, self.n)
        settle = f"; {replications(needed)} would settle it" if needed else ""
        return f"{gives} (target {percent(target)}, met on average only: the interval reaches below it{settle})."

    def _beats(self, best: int, other: int, name: str) -> str:
        """The difference to another policy, in money, or in service where there is none."""
        gap = self.ranking.gap(best, other)
        if gap.mean is None or gap.mean == 0:
            return f"as much as {name}" if self.money else f"level with {name}"
        if not self.money:
            return f"{points(gap)} {'above' if gap.mean > 0 else 'below'} {name}"
        amount = self.units.value(self.unit, abs(gap.mean), gap.half_width)
        base = abs(self.cost[other].mean or 0.0)
        sure = [f"{two_digits(100 * abs(gap.mean) / base)}{HARD}%"] if base else []
        if gap.low is None or gap.high is None:
            sure.append("one replication, no interval")
        elif is_exact(gap.mean, gap.half_width):
            sure.append("in every replication")
        elif abs(gap.mean) <= (gap.half_width or 0.0):
            sure.append(f"cannot be told apart with {several(self.n, 'replication')}")
        else:
            sure.append(
                f"paired {percent(self.level)} interval {self.units.between(self.unit, abs(gap.low), abs(gap.high))}"
            )
        return f"{amount} {'less' if gap.mean > 0 else 'more'} than {name} ({'; '.join(sure)})"

    def _next(self, other: int) -> str:
        label = self.labels[other]
        role = "the next cheapest" if self.money else "the next"
        meets = "" if self.target is None else " that meets the target"
        return f"{label}, {'the baseline and ' if other == 0 else ''}{role}{meets}"

    def _ties(self, best: int, ties: Sequence[int]) -> str:
        labels = listed([self.labels[i] for i in (best, *ties)], "and")
        if self.n == 1:
            return f"One replication cannot tell {labels} apart."
        needed = self._settles(best, ties)
        first = self.ranking.gap(
            best, ties[0], self._at_once()
        )  # as wide as the comparison with all of them that finds no winner
        off = self.units.interval(self.unit, abs(first.mean or 0.0), first.half_width) if self.money else points(first)
        of_which = "" if len(ties) == 1 else " of the first two"
        settle = f"; {replications(needed)} would settle it" if needed else ""
        return (
            f"{labels} cannot be told apart with {several(self.n, 'replication')} (difference{of_which} {off}){settle}."
        )

    def _equal(self, best: int, equal: Sequence[int]) -> list[str]:
        """Who is as good for practical purposes: by how little they differ, and what would matter."""
        if not equal:
            return []
        labels = listed([self.labels[i] for i in equal], "and")
        is_, cost = ("is", "costs") if len(equal) == 1 else ("are", "cost")
        gaps = [self.ranking.gap(best, i, self._at_once()) for i in equal]
        most = max(max(abs(g.low or 0.0), abs(g.high or 0.0)) for g in gaps)
        if most == 0.0:
            gives = "gives" if len(equal) == 1 else "give"
            what = f"{cost} as much as" if self.money else f"{gives} the same service as"
            return [f"{labels} {what} {self.labels[best]} in every replication."]
        if self.money:
            surely, matters = (self.units.value(self.unit, x) for x in (most, self.ranking.material))
            return [
                f"{labels} {is_} equal to it for practical purposes: the costs surely differ by no more than {surely}, and less than "
                f"{matters} was said not to matter."
            ]
        surely, matters = (self.units.value("share", x).replace("%", "points") for x in (most, self.ranking.material))
        return [
            f"{labels} {is_} equal to it for practical purposes: the fill rates surely differ by no more than {surely}, and less than "
            f"{matters} was said not to matter."
        ]

    def _misses(self, alone: bool) -> list[str]:
        """Who misses the target, surely or on average. alone: it was said already that only one meets it."""
        sure, unsure = ([self.labels[i] for i in places] for places in self.ranking.misses())
        told = []
        if sure and not (alone and not unsure):
            told.append(f"{listed(sure, 'and')} {'miss' if len(sure) > 1 else 'misses'} the target.")
        if unsure:
            many = len(unsure) > 1
            told.append(
                f"{listed(unsure, 'and')} {'miss' if many else 'misses'} it on average, though "
                f"{'their intervals include' if many else 'its interval includes'} it."
            )
        return told

    def _sensitivity(self, best: int, others: Sequence[int]) -> str:
        if not self.money or not others:
            return ""
        totals = {i: self.cost[i].mean or 0.0 for i in (best, *others)}
        options = self.ranking.options
        rivals = [(self.labels[i], totals[i], options[i].lines) for i in others]
        return sensitivity(self.labels[best], totals[best], options[best].lines, rivals)

    def _standings(self, best: int, ties: Sequence[int], equal: Sequence[int]) -> tuple[str, ...]:
        words = []
        for i in self.all:
            word: str
            if i == best:
                word = "only policy" if len(self.all) == 1 else self._best_word() if not ties else "no clear winner"
            elif i in equal:
                word = "equal for practical purposes"
                word = word if self.target is None else f"meets the target, {word}"
            elif i in ties:
                word = "no clear winner"
            elif i in self.eligible:
                what = "dearer" if self.money else "less service"
                word = what if self.target is None else f"meets the target, {what}"
            elif self.fill[i].mean is None:
                word = "fill rate undefined"
            else:
                word = "misses the target"
            words.append(word)
        return tuple(words)

    def _best_word(self) -> Kind:
        """As the headline says it: only what meets a target is recommended."""
        if not self.money:
            return "most service"
        return "lowest cost" if self.target is None else "recommended"

    # numbers

    def _share(self, e: Estimate) -> str:
        return in_words(self.units, "share", e)

    def _at_cost(self, i: int) -> str:
        e = self.cost[i]
        return f" at {self.units.interval(self.unit, e.mean, e.half_width)}" if self.money else ""
