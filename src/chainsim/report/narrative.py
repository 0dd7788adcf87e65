"""The recommendation in a sentence: which policy, what it costs, what service it gives, how sure that is.

Among the policies whose fill rate meets the target, the cheapest. Differences are paired by replication (common
random numbers). The cheapest was picked among several, so it is compared with all of them at once (multiple comparisons with the
best); whom it does not surely beat then cannot be told apart from it, and the sentence says so and how many replications would
settle it: n·(half-width ÷ |difference|)², rounded up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from chainsim.report.facts import Facts
from chainsim.report.numbers import HARD, Units, grouped, is_exact, percent, several
from chainsim.report.precision import replications
from chainsim.report.same_rule import counted_once, same_rules
from chainsim.report.sensitivity import sensitivity
from chainsim.report.verdict import Narrative, Option
from chainsim.statistics import Estimate, compare, compare_with_best, estimate, replications_needed


def narrate(facts: Facts) -> Narrative:
    """The recommendation of a study."""
    names = {id: facts.title_of(id).lower() for id in facts.cost_lines}
    options = [
        Option(
            p.label,
            facts.samples(p, "total_cost").tolist(),
            facts.sample(p, "fill_rate"),
            {names[id]: facts.mean(p, id) or 0.0 for id in facts.cost_lines},
        )
        for p in facts.policies
    ]
    groups = same_rules(facts)
    told = recommend([options[group[0]] for group in groups], facts.target, facts.units, facts.level)
    return counted_once(told, [option.label for option in options], groups)


def recommend(options: Sequence[Option], target: float | None, units: Units, level: float = 0.95) -> Narrative:
    """The recommendation among options of which the first is the baseline.

    target: the fill rate wanted, None when the scenario sets none.
    """
    return _Judge(options, target, units, level).narrative()


class _Judge:
    def __init__(self, options: Sequence[Option], target: float | None, units: Units, level: float) -> None:
        self.options, self.target, self.units, self.level = options, target, units, level
        self.unit = f"{units.currency or 'money'}/year"
        self.n = len(options[0].costs)
        self.cost = [estimate(o.costs, level) for o in options]
        self.fill = [estimate(o.fills, level) for o in options]
        self.money = any(any(c for c in o.costs) for o in options)
        self.all = range(len(options))
        self.eligible = [i for i in self.all if target is None or _at_least(self.fill[i].mean, target)]

    def narrative(self) -> Narrative:
        if not self.eligible:
            return self._none_meets()
        rank = self._by_cost if self.money else self._by_service
        best, *others = sorted(self.eligible, key=rank)
        ties = self._rivals(best, others)
        headline = self._headline(best, ties)
        sentences = [self._what_it_gives(best, self.options[best].label if ties or len(self.all) == 1 else "It")]
        against: list[str] = []
        if ties:
            sentences.append(self._ties(best, ties))
        elif others:
            against.append(
                self._beats(best, others[0], self._next(others[0])) + self._service_given_up(best, others[0])
            )
        elif len(self.all) > 1:
            sentences.append("It is the only policy that meets the target.")
        if best != 0 and 0 not in (*ties, *others[:1]):
            against.append(self._beats(best, 0, f"{self.options[0].label}, the baseline"))
        if against:
            subject = "It" if self.money else "That is"
            if ties:
                subject = f"{self.options[best].label}{'' if self.money else ' is'}"
            sentences.append(f"{subject} {'costs ' if self.money else ''}{', and '.join(against)}.")
        sentences += self._misses()
        text = " ".join(s for s in sentences if s)
        # what would change the winner is a question only where there is one
        sensitive = "" if ties else self._sensitivity(best, others)
        return Narrative(best, headline, text, sensitive, self._standings(best, ties))

    def _none_meets(self) -> Narrative:
        assert self.target is not None
        first = min(self.all, key=self._by_service)
        if self.fill[first].mean is None:
            text = "The fill rate is undefined for every policy: nothing was demanded."
            return Narrative(
                first, "The target cannot be judged.", text, "", tuple("fill rate undefined" for _ in self.all)
            )
        # a hair of service decides nothing: of those that cannot be told apart the cheapest is looked at more closely
        near = [i for i in self.all if i == first or not self._surely(self._service_gap(first, i))]
        closest = min(near, key=self._by_cost if self.money else self._by_service)
        label, reached = self.options[closest].label, self.fill[closest]
        sentences = [f"{label} comes closest with {self._share(reached)}{self._at_cost(closest)}."]
        if len(near) > 1:
            sentences = [self._come_closest(closest, near)]
        if _at_least(reached.high, self.target):
            sentences.append("Its interval includes the target, so more replications may show that it meets it.")
        cheapest = min(self.all, key=self._by_cost)
        if self.money and cheapest not in near:
            cheap = self.options[cheapest].label
            sentences.append(
                f"The cheapest, {cheap}, reaches {self._share(self.fill[cheapest])}{self._at_cost(cheapest)}."
            )
        standings = ["misses the target"] * len(self.options)
        for i in near:
            standings[i] = "misses the target, comes closest"
        subject = "The policy does not reach" if len(self.all) == 1 else "No policy reaches"
        headline = f"{subject} the fill-rate target of {percent(self.target)}."
        return Narrative(closest, headline, " ".join(sentences), "", tuple(standings))

    # sentences

    def _headline(self, best: int, ties: Sequence[int]) -> str:
        label = self.options[best].label
        if len(self.all) == 1:
            return f"{label}, the only policy of this run."
        if ties:
            return f"No clear winner: {_listed([label, *(self.options[i].label for i in ties)], 'or')}."
        if not self.money:
            return f"Most service: {label}."
        return f"Lowest cost: {label}." if self.target is None else f"Recommendation: {label}."

    def _come_closest(self, closest: int, near: Sequence[int]) -> str:
        """Several whose service cannot be told apart; the cheapest of them is looked at more closely."""
        others = [i for i in near if i != closest]
        labels = _listed([self.options[i].label for i in (closest, *others)], "and")
        label = self.options[closest].label
        told = f"{labels} come closest; their service cannot be told apart. {label} reaches {self._share(self.fill[closest])}"
        if not self.money:
            return f"{told}."
        rival = min(others, key=self._by_cost)
        return f"{told}{self._at_cost(closest)} and costs {self._beats(closest, rival, self.options[rival].label)}."

    def _service_given_up(self, best: int, other: int) -> str:
        """The other half of a difference in cost: what it does to service, paired as well."""
        gap = self._service_gap(best, other)
        if not self.money or gap.mean is None or not self._surely(gap):
            return ""
        return f", with {_points(gap)} {'more' if gap.mean > 0 else 'less'} fill rate"

    def _what_it_gives(self, i: int, subject: str) -> str:
        reached, target = self.fill[i], self.target
        gives = f"{subject} reaches a fill rate of {self._share(reached)}{self._at_cost(i)}"
        if reached.mean is None:
            gives = f"{subject} runs{self._at_cost(i)}; its fill rate is undefined, for nothing was demanded"
        if target is None:
            return f"{gives}; the scenario sets no service target."
        if reached.low is None:
            return f"{gives} (target {percent(target)}, met in the only replication)."
        if reached.low >= target:
            return f"{gives} (target {percent(target)}, met by the whole interval)."
        needed = replications_needed((reached.mean or 0.0) - target, reached.half_width or 0.0, self.n)
        settle = f"; {replications(needed)} would settle it" if needed else ""
        return f"{gives} (target {percent(target)}, met on average only: the interval reaches below it{settle})."

    def _beats(self, best: int, other: int, name: str) -> str:
        """The difference to another policy, in money, or in service where there is none."""
        gap = self._gap(best, other)
        if gap.mean is None or gap.mean == 0:
            return f"as much as {name}" if self.money else f"level with {name}"
        if not self.money:
            return f"{_points(gap)} {'above' if gap.mean > 0 else 'below'} {name}"
        amount = self.units.value(self.unit, abs(gap.mean), gap.half_width)
        base = abs(self.cost[other].mean or 0.0)
        sure = [f"{_two_digits(100 * abs(gap.mean) / base)}{HARD}%"] if base else []
        if gap.low is None or gap.high is None:
            sure.append("one replication, no interval")
        elif is_exact(gap.mean, gap.half_width):
            sure.append("in every replication")
        elif abs(gap.mean) <= (gap.half_width or 0.0):
            sure.append(f"not established by {several(self.n, 'replication')}")
        else:
            sure.append(
                f"paired {percent(self.level)} interval {self.units.between(self.unit, abs(gap.low), abs(gap.high))}"
            )
        return f"{amount} {'less' if gap.mean > 0 else 'more'} than {name} ({'; '.join(sure)})"

    def _next(self, other: int) -> str:
        label = self.options[other].label
        role = "the next cheapest" if self.money else "the next"
        meets = "" if self.target is None else " that meets the target"
        return f"{label}, {'the baseline and ' if other == 0 else ''}{role}{meets}"

    def _ties(self, best: int, ties: Sequence[int]) -> str:
        labels = _listed([self.options[i].label for i in (best, *ties)], "and")
        if self.n == 1:
            return f"One replication cannot tell {labels} apart."
        gaps = [self._gap(best, i) for i in ties]
        if all(g.mean == 0 and not g.half_width for g in gaps):
            return f"{labels} {'cost the same' if self.money else 'give the same service'} in every replication."
        at_once = 1.0 - (1.0 - self.level) / max(len(self.eligible) - 1, 1)
        wide = [self._gap(best, i, at_once) for i in ties]
        needed = [replications_needed(g.mean or 0.0, g.half_width or 0.0, self.n) for g in wide]
        first = gaps[0]
        off = self.units.interval(self.unit, abs(first.mean or 0.0), first.half_width) if self.money else _points(first)
        of_which = "" if len(ties) == 1 else " of the first two"
        settle = f"; {replications(max(k or 0 for k in needed))} would settle it" if all(needed) else ""
        return (
            f"{labels} cannot be told apart with {several(self.n, 'replication')} (difference{of_which} {off}){settle}."
        )

    def _misses(self) -> list[str]:
        """Who misses the target, surely or on average."""
        if self.target is None:
            return []
        missing = [i for i in self.all if i not in self.eligible and self.fill[i].mean is not None]
        near = [i for i in missing if _at_least(self.fill[i].high, self.target)]
        told = []
        if sure := [self.options[i].label for i in missing if i not in near]:
            told.append(f"{_listed(sure, 'and')} {'miss' if len(sure) > 1 else 'misses'} the target.")
        if unsure := [self.options[i].label for i in near]:
            many = len(unsure) > 1
            told.append(
                f"{_listed(unsure, 'and')} {'miss' if many else 'misses'} it on average, though "
                f"{'their intervals include' if many else 'its interval includes'} it."
            )
        return told

    def _sensitivity(self, best: int, others: Sequence[int]) -> str:
        if not self.money or not others:
            return ""
        totals = {i: self.cost[i].mean or 0.0 for i in (best, *others)}
        rivals = [(self.options[i].label, totals[i], self.options[i].lines) for i in others]
        return sensitivity(totals[best], self.options[best].lines, rivals)

    def _standings(self, best: int, ties: Sequence[int]) -> tuple[str, ...]:
        words = []
        for i in self.all:
            if i == best:
                word = "only policy" if len(self.all) == 1 else self._best_word() if not ties else "no clear winner"
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

    def _best_word(self) -> str:
        """As the headline says it: only what meets a target is recommended."""
        if not self.money:
            return "most service"
        return "lowest cost" if self.target is None else "recommended"

    # numbers

    def _service_gap(self, best: int, other: int) -> Estimate:
        """How much more service `best` gives than `other`; paired."""
        a, b = (self.options[i].fills for i in (best, other))
        return compare(a, b, self.level).difference

    def _surely(self, gap: Estimate) -> bool:
        """Whether a difference is established."""
        return gap.mean is not None and gap.half_width is not None and abs(gap.mean) > gap.half_width

    def _gap(self, best: int, other: int, level: float | None = None) -> Estimate:
        """How much better `best` is than `other`: money saved, or service gained; paired."""
        a, b = (self.options[i] for i in (best, other))
        pair = (b.costs, a.costs) if self.money else (a.fills, b.fills)
        return compare(*pair, level or self.level).difference

    def _rivals(self, best: int, others: Sequence[int]) -> list[int]:
        """Who may be as good as the best: picked among several, it is compared with all of them at once."""
        among = [best, *others]
        if self.money:
            standings = compare_with_best([self.options[i].costs for i in among], self.level, "lower")
        else:
            standings = compare_with_best([self.options[i].fills for i in among], self.level, "higher")
        return [i for i, told in zip(among, standings, strict=True) if i != best and told.place != "not best"]

    def _told_apart(self, best: int, other: int) -> bool:
        return self._surely(self._gap(best, other))

    def _by_cost(self, i: int) -> tuple[float, int]:
        mean = self.cost[i].mean
        return (math.inf if mean is None else mean, i)

    def _by_service(self, i: int) -> tuple[float, int]:
        mean = self.fill[i].mean
        return (math.inf if mean is None else -mean, i)

    def _share(self, e: Estimate) -> str:
        return self.units.interval("share", e.mean, e.half_width)

    def _at_cost(self, i: int) -> str:
        e = self.cost[i]
        return f" at {self.units.interval(self.unit, e.mean, e.half_width)}" if self.money else ""


def _points(gap: Estimate) -> str:
    return Units("").interval("share", abs(gap.mean or 0.0), gap.half_width).replace("%", "percentage points")


def _two_digits(percentage: float) -> str:
    """'2.7', '12', '340'."""
    return grouped(percentage, 1 - int(f"{percentage:.1e}".partition("e")[2])) if percentage else "0"


def _at_least(value: float | None, target: float) -> bool:
    # a share that equals the target but for rounding meets it
    return value is not None and value >= target - 1e-12


def _listed(names: Sequence[str], word: str) -> str:
    """'A', 'A and B', 'A, B and C'."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"
