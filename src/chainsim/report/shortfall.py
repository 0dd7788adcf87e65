"""Who misses what was asked, in a sentence: the line on the first screen, and the warnings of the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chainsim.report.delivered import KINDS, Row, asked_by, delivered_in_words, place, rows_of
from chainsim.report.facts import Facts, Policy
from chainsim.report.numbers import asked, grouped, several

if TYPE_CHECKING:
    from chainsim.study.results import Results

NAMED = 3
"""Stock points named at most."""
ASKED = {"fill_rate": ("a fill rate of", "fill rates of"), "service": ("a cycle service of", "cycle services of")}


def line_of(facts: Facts, rows: Sequence[Row]) -> str:
    """The line on the first screen: how many stock points deliver what they were asked, and which do not."""
    judged = [r for r in rows if r.stock_point and r.asked is not None and r.verdict]
    if not judged:
        missed = [r for r in rows if r.verdict in ("short", "unclear")]
        return f"Asked and delivered: {_told(facts, missed[0])}." if missed else ""
    good = sum(r.verdict in ("delivers", "over") for r in judged)
    n = len(judged)
    if good == n:
        who = (
            "The only stock point that was asked delivers"
            if n == 1
            else f"All {several(n, 'stock point')} that were asked deliver"
        )
    else:
        who = (
            f"{grouped(good, 0)} of {several(n, 'stock point')} that were asked deliver"
            if good
            else "No stock point delivers"
        )
    parts = [f"{who} it"]
    short = [r for r in judged if r.verdict == "short"]
    if short:
        parts.append(f"{grouped(len(short), 0)} {'falls' if len(short) == 1 else 'fall'} short, {_named(facts, short)}")
    if unclear := [r for r in judged if r.verdict == "unclear"]:
        which = "" if len(unclear) > NAMED else f", {_named(facts, unclear)}"
        parts.append(f"{grouped(len(unclear), 0)} cannot be told with {several(facts.n, 'replication')}{which}")
    whole = next((r for r in rows if r.whole and r.verdict == "short"), None)
    if whole is not None:
        parts.append(f"the whole network falls short with {_share(facts, whole)}")
    return f"Asked: {_asked(judged)}. {'; '.join(parts)}."


def asked_of(facts: Facts, policy: Policy) -> str:
    """The service that a policy's own levels were asked for, in words; '' for none."""
    if not facts.has_delivered:
        return ""
    own = [r for r in rows_of(facts) if r.policy == policy.name and r.stock_point and r.asked is not None]
    return _asked(own) if own else ""


def warnings_of_run(results: Results) -> list[str]:
    """One warning for each policy under which the network or a group of it falls short of what was asked, with the reason.

    Groups are told where the network as a whole delivers: else they are part of the same news. Of several that fall short, the one
    that is furthest off is told, and the others are named.
    """
    facts = Facts(results)
    if not facts.has_delivered:
        return []
    told = []
    for policy in facts.policies:
        missed = [r for r in rows_of(facts) if r.policy == policy.name and r.verdict == "short"]
        short = [r for r in missed if not r.stock_point or facts.echelon_of(r.site) in facts.kinds_of_one]
        chosen = sorted([r for r in short if r.whole] or short, key=lambda r: -r.off)
        if not chosen:
            continue
        row, *others = chosen
        why = f"; {row.why}" if row.why else ""
        also = ", ".join(f"{place(facts, r)} {_share(facts, r)} {_kind(r)}" for r in others[:NAMED])
        more = f"; also short: {also}{' and others' if len(others) > NAMED else ''}" if others else ""
        told.append(f"{policy.label}: {_told(facts, row)}{why}{more}")
    return told


def _asked(rows: Sequence[Row]) -> str:
    """'a fill rate of 98.5 % (10 stock points) and a cycle service of 95 % (1)'."""
    parts = []
    for kind, (one, several_) in ASKED.items():
        own = [r for r in rows if r.kind == kind]
        values = sorted({r.asked or 0.0 for r in own})
        if not values:
            continue
        what = f"{one} {asked(values[0])}"
        if len(values) > 1:
            what = f"{several_} {asked(values[0])} to {asked(values[-1])}"
        parts.append((what, len(own)))
    if len(parts) == 1:
        return parts[0][0]
    return " and ".join(f"{what} at {several(n, 'stock point')}" for what, n in parts)


def _named(facts: Facts, rows: Sequence[Row]) -> str:
    named = ", ".join(f"{place(facts, r)} with {_share(facts, r)}" for r in rows[:NAMED])
    return f"{'worst ' if len(rows) > 1 else ''}{named}"


def _told(facts: Facts, row: Row) -> str:
    """'the whole network 93.1 ± 0.3 % fill rate where 97 % was asked by the policy'."""
    by = asked_by(row)
    who = f"by {by}" if by.startswith("the ") else f"({by})"
    return f"{place(facts, row)} {_share(facts, row)} {_kind(row)} where {asked(row.asked or 0.0)} was asked {who}"


def _kind(row: Row) -> str:
    return KINDS[row.kind]


def _share(facts: Facts, row: Row) -> str:
    return delivered_in_words(facts, row)
