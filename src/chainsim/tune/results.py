"""What came of a tuning: numbers, curve, candidates, the sentence, and the tuned study, which runs at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainsim.showing import as_html
from chainsim.statistics import Estimate, Sample, estimate
from chainsim.study.csvtext import csv_bytes
from chainsim.study.store import json_bytes
from chainsim.tune import sentences
from chainsim.tune.aim import NOUNS, Aim
from chainsim.tune.confirm import Confirmed
from chainsim.tune.folder import CANDIDATES, PAGE, write
from chainsim.tune.frontier import Point, cheapest, cost_at, per_tenth
from chainsim.tune.search import Found, Sizes
from chainsim.tune.subject import Place, Subject

if TYPE_CHECKING:
    import pandas as pd

    from chainsim.study.loading import Study

Row = Sequence[Any]
COLUMNS = ("", "policy", "service", "cost a year", "at the target", "free")
"""Of the outcome in words; the first is the mark of who serves the target."""
TUNED = ("policy", "site", "product", "knob", "before", "after")
FRONTIER = (
    "policy", "service", "service_low", "service_high", "cost", "cost_low", "cost_high", "source", "fresh", "replications",
)  # fmt: skip
OUTCOMES = (
    "policy", "serves", "service", "service_low", "service_high", "cost", "cost_low", "cost_high", "cost_at_target",
    "cost_at_target_low", "cost_at_target_high", "replications", "free", "ceiling", "why",
)  # fmt: skip
FOUND_BY = "Found by chainsim tune"


@dataclass(frozen=True)
class Tuned:
    """The outcome of a tuning.

    study: the tuned study. aim: what was asked. found: by policy, what the search ended with. confirmed: the confirmation on fresh
    replications. points: the curve of every policy. left_out: policies that were not tuned, and why. same: policies that came out
    with the same numbers as another. indifference, material: money per year. before: services and costs of the policies as asked.
    """

    study: Study
    aim: Aim
    subjects: Mapping[str, Subject]
    found: Mapping[str, Found]
    confirmed: Confirmed
    points: Mapping[str, tuple[Point, ...]]
    today: Mapping[str, Point]
    left_out: Mapping[str, str]
    same: Mapping[str, str]
    indifference: float
    material: float
    sizes: Sizes
    tallies: Mapping[str, tuple[tuple[Any, ...], ...]]
    stopped: bool = False

    # words

    @property
    def policies(self) -> tuple[str, ...]:
        """Those tuned and confirmed, in the order of the answer."""
        return tuple(candidate.name for candidate in self.confirmed.candidates)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.subjects[name].label for name in self.policies)

    @property
    def currency(self) -> str:
        return self.study.scenario.currency

    @property
    def statement(self) -> str:
        """The guarantee in words, or why there is none."""
        return sentences.sentence(self.aim, self.confirmed, self.currency, self.labels)

    @property
    def headline(self) -> str:
        """'The cheapest way to the target is …'; '' where nobody is sure to reach it."""
        costs = tuple(self.cost_of(name).mean or 0.0 for name in self.policies)
        return sentences.cheapest(self.aim, self.confirmed, self.currency, self.labels, costs)

    @property
    def notes(self) -> tuple[str, ...]:
        """What else must be said, in sentences."""
        said = [sentences.converged(self.aim, self.confirmed, self.indifference, self.currency)]
        said.append(sentences.as_tuned(self.aim, self.confirmed, self.labels))
        said += [f"{self.subjects[name].label} and {self.subjects[other].label} came out with the same numbers: they are one policy."
                 for name, other in self.same.items()]  # fmt: skip
        for name, found in self.found.items():
            label = self.subjects[name].label
            if found.ceiling is not None:
                why = f" ({found.why})" if found.why else ""
                said.append(
                    f"{label} cannot reach {sentences.percent(self.aim.target)}: the best found is {100 * found.ceiling:.2f} %{why}."
                )
            elif found.why:
                said.append(f"{label}: {found.why}.")
            if not found.complete:
                said.append(f"Not converged: the search of {label} was stopped by its budget of evaluations.")
        said += [f"{name} was not tuned: {why}" for name, why in self.left_out.items()]
        said += self._target_itself()
        return tuple(text for text in said if text)

    def _target_itself(self) -> list[str]:
        """That the target costs money, where the winner serves more for less: 'cheapest way to the target' would mislead."""
        winner = self.confirmed.answer.winner
        points = () if winner is None or not self.aim.measure else self.points.get(self.policies[winner], ())
        if winner is None or len(points) < 3:
            return []
        best, turns = cheapest(points)
        dearest = cost_at(points, self.aim.target)
        if best.service <= self.aim.target or dearest is None or dearest - best.cost <= self.material:
            return []
        where = "is least" if turns else "still falls"
        return [
            f"The target itself costs money: total cost of {self.labels[winner]} {where} at {100 * best.service:.1f} %, about "
            f"{sentences.money(dearest - best.cost, self.currency)} a year below that at {sentences.percent(self.aim.target)} "
            "(on the search's replications)."
        ]

    # numbers

    def service_of(self, policy: str) -> Estimate | None:
        """Service on fresh replications that decided nothing, where it lies least above its target; None without a target."""
        i = self.policies.index(policy)
        trials, seen = self.confirmed.candidates[i].trials, self.confirmed.told[i]
        if not trials.scopes:
            return None
        worst = int((seen.services - trials.targets).argmin())
        return estimate(Sample(seen.above[worst].tolist(), seen.below[worst].tolist()), self.aim.confidence)

    def cost_of(self, policy: str) -> Estimate:
        """Cost per year on fresh replications that decided nothing, as tuned."""
        return estimate(self.confirmed.told[self.policies.index(policy)].cost.tolist(), self.aim.confidence)

    def cost_at_target(self, policy: str) -> tuple[Estimate, float] | None:
        """Cost per year at exactly the target, all policies at once with the confidence asked for (Bonferroni), and how much more
        the slope leaves in doubt; None where it cannot be carried there."""
        i = self.policies.index(policy)
        carried = self.confirmed.carried[i]
        if carried is None or not (carried.near or self.confirmed.at_target):
            return None
        level = 1.0 - (1.0 - self.aim.confidence) / len(self.policies)
        return carried.estimate(level), carried.doubt

    @cached_property
    def changes(self) -> tuple[tuple[str, str, str, str, float, float], ...]:
        """policy, site, product, knob, before, after of every number that tuning was free to move."""
        rows: list[tuple[str, str, str, str, float, float]] = []
        for name, found in self.found.items():
            subject = self.subjects[name]
            after = subject.settings({place: found.written[place] for place in subject.free})
            for place in subject.free:
                rows += [(name, *place, *change) for change in _changes(subject, place, after)]
        return tuple(rows)

    @property
    def settings(self) -> pd.DataFrame:
        """Every number that was free: policy, site, product, knob, before, after."""
        return _frame(TUNED, self.changes)

    @property
    def frontier(self) -> pd.DataFrame:
        """The curves of cost against service, and the confirmed points."""
        return _frame(FRONTIER, self.frontier_rows)

    @property
    def candidates(self) -> pd.DataFrame:
        """Every evaluation of the search."""
        return _frame(CANDIDATES, self.candidate_rows)

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row a policy: service and cost on fresh replications, as tuned and at exactly the target."""
        return _frame(OUTCOMES, self.outcome_rows)

    @property
    def frontier_rows(self) -> list[Row]:
        rows: list[Row] = []
        for points in self.points.values():
            rows += [(*_ends(point), "ray", False, self.sizes.ray) for point in points]
        for name in self.policies:
            service, cost = self.service_of(name), self.cost_of(name)
            if service is not None:
                n = len(self.confirmed.told[self.policies.index(name)])
                rows.append(
                    (name, service.mean, service.low, service.high, cost.mean, cost.low, cost.high, "tuned", True, n)
                )
        rows += [(*_ends(point), "as asked", False, self.sizes.last) for point in self.today.values()]
        return rows

    @property
    def candidate_rows(self) -> list[Row]:
        return [(name, *row[1:]) for name, tally in self.tallies.items() for row in tally]

    @property
    def outcome_rows(self) -> list[Row]:
        rows: list[Row] = []
        for i, name in enumerate(self.policies):
            service, cost, carried = self.service_of(name), self.cost_of(name), self.cost_at_target(name)
            found = self.found[name]
            rows.append((
                name, i in self.confirmed.answer.serves if self.aim.measure else None,
                *((service.mean, service.low, service.high) if service else (None, None, None)),
                cost.mean, cost.low, cost.high,
                *((carried[0].mean, _less(carried[0].low, carried[1]), _less(carried[0].high, -carried[1])) if carried else (None,) * 3),
                len(self.confirmed.told[i]), self.aim.free_of(name), found.ceiling, found.why or None,
            ))  # fmt: skip
        return rows

    @property
    def thresholds(self) -> list[tuple[str, float, float | None]]:
        """policy, service, cost on its curve, for the services of the frontier."""
        return [(name, q, cost_at(points, q)) for name, points in self.points.items() for q in self.aim.frontier]

    @property
    def flattery(self) -> dict[str, str]:
        """By policy, how much the search's own sample flattered it."""
        told = {}
        for i, candidate in enumerate(self.confirmed.candidates):
            trials, seen, fresh = candidate.trials, candidate.found.seen, self.confirmed.told[i]
            shown, true = (trials.service(s) if trials.scopes else 0.0 for s in (seen, fresh))
            told[candidate.name] = sentences.flattery(shown, true, float(seen.cost.mean()), float(fresh.cost.mean()))
        return told

    def minimum(self, policy: str) -> str:
        """Where total cost is least on the curve, in words."""
        points = self.points.get(policy, ())
        if len(points) < 3:
            return ""
        best, turns = cheapest(points)
        tenth = per_tenth(self.confirmed.candidates[self.policies.index(policy)])
        each = (
            f": {sentences.money(tenth, self.currency)} a year for each 0.1 point at the target"
            if tenth is not None
            else ""
        )
        if turns and best.service > min(point.service for point in points):
            return f"total cost is least at {100 * best.service:.1f} %"
        if turns:
            return f"service here is not worth money in this model: cost rises throughout{each}"
        return f"cost still falls at {100 * best.service:.1f} %, the highest tried{each}"

    @property
    def facts(self) -> dict[str, Any]:
        """The content of statement.json."""
        said, aim = self.confirmed, self.aim
        answer = said.answer
        return {
            "statement": self.statement, "headline": self.headline, "notes": list(self.notes), "measure": aim.measure or None,
            "target": aim.target if aim.measure else None, "at": aim.at, "within": aim.within, "hold": aim.hold,
            "free": aim.free if isinstance(aim.free, str) else dict(aim.free), "groups": aim.groups,
            "confidence": aim.confidence, "indifference": self.indifference, "material": self.material, "currency": self.currency,
            "procedure": "staged selection, simultaneous one-sided intervals (docs/statistics.md)", "seed": self.study.scenario.seed,
            "search_replications": [0, self.sizes.last - 1], "confirmation_from": said.first, "attempt": said.attempt,
            "confidence_of_attempt": said.terms.confidence, "looks": list(said.terms.sizes),
            "told_from": said.told_from, "told_replications": len(said.told[0]),
            "replications": dict(zip(self.policies, map(int, answer.replications), strict=True)),
            "serves": [self.policies[i] for i in answer.serves] if aim.measure else None, "short": [self.policies[i] for i in answer.short],
            "winner": None if answer.winner is None else self.policies[answer.winner], "gap": answer.gap,
            "costs_at_target": said.at_target, "converged": answer.converged and all(f.complete for f in self.found.values()),
            "settles": said.settles, "raised": dict(zip(self.policies, said.raised, strict=True)), "flattery": self.flattery,
            "service_knob": {name: one.by for name, one in self.found.items()},
            "minimum": {name: self.minimum(name) for name in self.points}, "same": dict(self.same), "left_out": dict(self.left_out),
            "policies": [dict(zip(OUTCOMES, row, strict=True)) for row in self.outcome_rows],
            "noun": NOUNS.get(aim.measure, ""), "stopped": self.stopped,
        }  # fmt: skip

    @property
    def lines(self) -> list[str]:
        """The outcome as a table of text, one line a policy."""
        rows = (COLUMNS, *self.told)
        widths = [max(least, *(len(row[k]) for row in rows)) for k, least in enumerate((1, 24, 20, 16, 20))]
        return [
            f"{mark:1} {label:{widths[1]}} {share:>{widths[2]}} {paid:>{widths[3]}} {there:>{widths[4]}}  {free}"
            for mark, label, share, paid, there, free in rows
        ]

    @property
    def told(self) -> list[tuple[str, ...]]:
        """The outcome in words by COLUMNS, a row a policy."""
        told: list[tuple[str, ...]] = []
        for i, (name, label) in enumerate(zip(self.policies, self.labels, strict=True)):
            service, cost, carried = self.service_of(name), self.cost_of(name), self.cost_at_target(name)
            share = f"{100 * (service.mean or 0.0):.2f} ± {100 * (service.half_width or 0.0):.2f} %" if service else "–"
            digits = 0 if (cost.mean or 0.0) >= 1000.0 else 2
            paid = self._paid(cost.mean, cost.half_width, digits)
            there = self._paid(carried[0].mean, (carried[0].half_width or 0.0) + carried[1], 0) if carried else "–"
            mark = "✓" if self.aim.measure and i in self.confirmed.answer.serves else " "
            told.append((mark, label, share, paid, there, str(self.aim.free_of(name))))
        return told

    def _paid(self, mean: float | None, half: float | None, digits: int) -> str:
        return f"{mean or 0.0:,.{digits}f} ± {half or 0.0:,.{digits}f} {self.currency}".strip()

    # files

    @property
    def yaml(self) -> bytes:
        """The tuned scenario, which runs as it is."""
        from chainsim.tune.writing import scenario_text

        document = dict(self.study.written.source.root.plain()) if self.study.written is not None else {}
        document.pop("tune", None)
        at = f"{sentences.percent(self.aim.target)} {self.aim.measure}" if self.aim.measure else "least cost"
        head = f"{FOUND_BY}, to {at}, with {len(self.policies)} policies. Numbers are given per rule; run it as it is: chainsim run"
        return scenario_text(document, head)

    @property
    def files(self) -> dict[str, bytes]:
        """Every file of the results but the page, by name."""
        return {
            f"{self.study.scenario.name or 'scenario'}.tuned.yaml": self.yaml,
            "tuned.csv": csv_bytes(TUNED, self.changes),
            "frontier.csv": csv_bytes(FRONTIER, self.frontier_rows),
            "candidates.csv": csv_bytes(CANDIDATES, self.candidate_rows),
            "outcomes.csv": csv_bytes(OUTCOMES, self.outcome_rows),
            "statement.json": json_bytes(self.facts),
        }

    def write(self, out: str | Path) -> Path:
        """Write the files, the scenario's own tables and the page into a folder; the path of the page. Raises OutputError."""
        from chainsim.report.tuning import page_of  # above this floor, and drawing is slow to load

        tables = {name: table.text for name, table in (self.study.scenario.tables or {}).items() if table.text}
        write(Path(out), {**tables, **self.files, PAGE: page_of(self)})
        return Path(out) / PAGE

    def __repr__(self) -> str:
        return f"<Tuned: {self.headline or self.statement}>"

    def _repr_html_(self) -> str:
        return as_html([self.headline, self.statement, *self.notes], COLUMNS, self.told)


def _changes(subject: Subject, place: Place, after: Mapping[Place, Any]) -> list[tuple[str, float, float]]:
    """knob, before and after of one stock point's numbers."""
    was, now = subject.asked[place], after[place]
    known = {d.name: d.value for d in was.derived}
    rows = []
    for k, derived in enumerate(now.derived):
        before = known.get(derived.name, was.derived[k].value if k < len(was.derived) else float("nan"))
        rows.append((derived.name.replace(" ", "_"), float(before), float(derived.value)))
    return rows


def _ends(point: Point) -> tuple[Any, ...]:
    return (
        point.policy, point.service, point.service_low, point.service_high, point.cost, point.cost_low, point.cost_high
    )  # fmt: skip


def _less(value: float | None, by: float) -> float | None:
    return None if value is None else value - by


def _frame(columns: Sequence[str], rows: Sequence[Row]) -> pd.DataFrame:
    import pandas as pd  # slow to load

    return pd.DataFrame([list(row) for row in rows], columns=list(columns))
