"""May I believe it? Four checks, each with what it found and where on the page it is told in full."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chainsim.report.decision.situation import Situation
from chainsim.report.delivered import Row, rows_of
from chainsim.report.names import check_in_words
from chainsim.report.numbers import HARD, grouped, several
from chainsim.report.phrases import listed
from chainsim.report.precision import replications
from chainsim.verify.passed import Passed

State = Literal["yes", "no", "unknown"]
_MISSING = {"short": ("falls short", "fall short"), "unclear": ("cannot be told", "cannot be told")}
CLOSE = 0.01
"""A cost known to within this share of itself is known well enough to act on."""


@dataclass(frozen=True)
class Check:
    """title: what was checked; text: what was found; anchor: of the page's part that tells all."""

    title: str
    state: State
    text: str
    anchor: str


@dataclass(frozen=True)
class Trust:
    """The badge and the checks behind it."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> int:
        return sum(check.state == "yes" for check in self.checks)

    @property
    def badge(self) -> str:
        """'Trust: 3 of 4 checks'."""
        return f"Trust: {self.passed} of {several(len(self.checks), 'check')}"


def trust(s: Situation) -> Trust:
    """Enough replications, asked and delivered, units conserved, engines and theory."""
    return Trust((_replications(s), _delivered(s), _conserved(s), _known_answers(s)))


def _replications(s: Situation) -> Check:
    title, facts = "Enough replications", s.facts
    if not facts.random and facts.n > 1:
        return Check(title, "yes", "Nothing here is random: one replication tells all.", "advice")
    if facts.n == 1:
        return Check(title, "unknown", "One replication: nothing says how sure the numbers are.", "advice")
    if s.choice.kind == "no clear winner":
        enough = f"{replications(s.choice.settles)} would" if s.choice.settles else "no number of them is known to"
        return Check(
            title, "no", f"{several(facts.n, 'replication')} do not tell the best apart; {enough} settle it.", "advice"
        )
    kpi = "total_cost" if s.money else "fill_rate"
    e = facts.estimate(s.chosen, kpi)
    close = CLOSE * abs(e.mean or 0.0) if s.money else 0.005
    if not e.mean or e.half_width is None:
        return Check(title, "unknown", f"The {facts.title_of(kpi).lower()} is undefined.", "advice")
    within = f"within ±{HARD}1{HARD}%" if s.money else "to within ± half a point"
    if e.half_width <= close:
        return Check(
            title,
            "yes",
            f"{several(facts.n, 'replication')}: the {facts.title_of(kpi).lower()} is known {within}.",
            "advice",
        )
    needed = max(2, math.ceil(e.n * (e.half_width / close) ** 2))
    return Check(
        title,
        "no",
        f"{several(facts.n, 'replication')}; {replications(needed)} for a {facts.title_of(kpi).lower()} {within}.",
        "advice",
    )


def _delivered(s: Situation) -> Check:
    title, facts = "Asked = delivered", s.facts
    if not facts.has_delivered:
        return Check(title, "unknown", "These results were made before chainsim compared the two.", "delivered")
    asked = [r for r in rows_of(facts) if r.policy == s.chosen.name and r.asked is not None and r.verdict]
    if not asked:
        return Check(title, "unknown", "No service was asked of this policy’s levels.", "delivered")
    short, open_ = (sum(r.verdict == word for r in asked) for word in ("short", "unclear"))
    points, groups = [r for r in asked if r.stock_point], [r for r in asked if not r.stock_point and not r.whole]
    whole = [r for r in asked if r.whole]
    if not short and not open_:
        where = [
            f"at {several(len(rows), noun)}" for rows, noun in ((points, "stock point"), (groups, "group")) if rows
        ]
        where += ["over the whole network"] if whole else []
        return Check(
            title, "yes", f"All that was asked of {s.chosen.label} is delivered, {listed(where, 'and')}.", "delivered"
        )
    told = [_missing(rows, noun) for rows, noun in ((points, "stock point"), (groups, "group")) if rows]
    if any(r.verdict in ("short", "unclear") for r in whole):
        falls = any(r.verdict == "short" for r in whole)
        told.append(f"the whole network {'falls short' if falls else 'cannot be told'}")
    text = "; ".join(told)
    return Check(title, "no", f"{text[0].upper()}{text[1:]}.", "delivered")


def _missing(rows: Sequence[Row], noun: str) -> str:
    """'of 100 stock points 14 fall short and 2 cannot be told'."""
    counts = [(sum(r.verdict == word for r in rows), words) for word, words in _MISSING.items()]
    told = [f"{grouped(n, 0)} {one if n == 1 else many}" for n, (one, many) in counts if n]
    if not told:
        return f"{several(len(rows), noun)} deliver{'s' if len(rows) == 1 else ''}"
    return f"of {several(len(rows), noun)} {' and '.join(told)}"


def _conserved(s: Situation) -> Check:
    title = "Units conserved"
    audit = s.facts.tables.audit
    judged = audit[audit["passed"].notna()]
    if judged.empty:
        return Check(title, "unknown", "No audit was kept.", "audit")
    good = all(passed is True for passed in judged["passed"].tolist())
    told = listed([check_in_words(check) for check in dict.fromkeys(judged["check"])], "and")
    return Check(
        title, "yes" if good else "no", f"{'Held' if good else 'Not all held'} under every policy: {told}.", "audit"
    )


def _known_answers(s: Situation) -> Check:
    title, known = "Engines and theory", Passed.read()
    parity = s.facts.manifest.get("parity", {}).values()
    same = all(verdict == "identical" for verdict in parity)
    engines = (
        "both engines gave the same replication" if parity and same else "the engines were not compared on this run"
    )
    return Check(
        title, "yes" if parity and same else "unknown",
        f"{grouped(known.comparisons, 0)} comparisons with known answers passed by this version; {engines}.", "audit",
    )  # fmt: skip
