"""The cases: models whose right answer is known, as data that ships with chainsim.

`cases/*.yaml` says what each case is, what is known and how a run of its scenario (`scenarios/<name>.yaml`, an ordinary
scenario) yields each number. A case whose feature is not built says so (`missing`) and is counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from chainsim.errors import UsageError
from chainsim.registry import did_you_mean

HERE = Path(__file__).parent
LEVELS = ("quick", "default", "full")
LevelName = Literal["quick", "default", "full"]
Scale = Literal["share", "units", "ratio"]
"""What a number is measured against: a share of 1, the units demanded, or itself."""
READING = re.compile(
    r"(?P<measure>\w+)(\((?P<arguments>[^()]*)\))?( at (?P<place>\S+))?( under (?P<policy>\S+))?( in (?P<scenario>\S+))?"
)


@dataclass(frozen=True)
class Reading:
    """How one replication yields a number: a measure (of `chainsim.kpis`, or one of `readings`) at a place.

    place: '' the whole network, 'site', 'site/product', '/product' (all sites) or 'kind:store' (an echelon).
    policy: one of the scenario's, '' for its first.
    """

    measure: str
    arguments: tuple[str, ...]
    place: str
    policy: str
    scenario: str

    @classmethod
    def parse(cls, text: str, scenario: str) -> Reading:
        """From the words of the cases file.

        >>> Reading.parse("rate(lost) at store/p under S_15", "P-LSP-1")
        Reading(measure='rate', arguments=('lost',), place='store/p', policy='S_15', scenario='P-LSP-1')
        """
        found = READING.fullmatch(text)
        if found is None:
            raise UsageError(f"'{text}' is not 'measure(arguments) at place under policy in scenario'")
        words = tuple(word.strip() for word in (found["arguments"] or "").split(",") if word.strip())
        return cls(found["measure"], words, found["place"] or "", found["policy"] or "", found["scenario"] or scenario)

    @property
    def where(self) -> str:
        """Place, policy and measure's object in words, to tell several readings of one quantity apart."""
        return ", ".join(part for part in (self.place, self.policy) if part)


@dataclass(frozen=True)
class Case:
    """One model with a known answer.

    group, phenomenon: chapter and heading. text: what the model is and what it teaches. conventions: rows of the manual's page
    'Conventions' that decide the number.
    values: quantity → number, list or table of numbers. simulated: quantity → readings, each to equal the value (or, for a list
    of as many, each its own element).
    intervals: quantity → reading whose 95 % intervals, from ten replications each, are to cover the value in 95 % of many studies.
    exact: nothing is random: one replication, equal to floating point. tolerances: quantity (or the end of its name) →
    (relative, absolute, why) where a figure is known to fewer digits. precision: quantity → (relative half-width, why) where the usual one will not do or
    cannot be had. unknown: end of a quantity's name → why theory has no formula for it.
    level: the first level at which it is simulated. missing: what would have to be built ('' for nothing).
    """

    id: str
    title: str
    group: str
    phenomenon: str
    text: str
    formula: str
    reference: str
    conventions: tuple[int, ...]
    values: Mapping[str, Any]
    simulated: Mapping[str, tuple[Reading, ...]]
    intervals: Mapping[str, Reading]
    exact: bool
    tolerances: Mapping[str, tuple[float, float, str]]
    precision: Mapping[str, tuple[float, str]]
    unknown: Mapping[str, str]
    level: LevelName
    missing: str

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios simulated, in order."""
        simulated = [r for readings in self.simulated.values() for r in readings]
        return tuple(dict.fromkeys(r.scenario for r in (*simulated, *self.intervals.values())))

    def tolerance(self, quantity: str) -> tuple[float, float, str]:
        """(relative, absolute, why) for the figure of this quantity."""
        return next((t for end, t in self.tolerances.items() if quantity.endswith(end)), (EXACT, 1e-12, ""))

    def why_unknown(self, quantity: str) -> str:
        """Why no theory gives this quantity; '' when one does."""
        return next((why for end, why in self.unknown.items() if quantity.endswith(end)), "")


EXACT = 1e-9
"""Relative: equal to floating point; the answers are given to 12 digits."""


@cache
def cases() -> Mapping[str, Case]:
    """Every case by its id, in the order of the files."""
    import yaml  # only who verifies needs it

    found: dict[str, Case] = {}
    for file in sorted((HERE / "cases").glob("*.yaml")):
        chapter = yaml.safe_load(file.read_text("utf-8"))
        for written in chapter["cases"]:
            case = _case(written, chapter["group"])
            assert case.id not in found, f"{case.id} is there twice"
            found[case.id] = case
    return found


def choose(names: Sequence[str]) -> list[Case]:
    """The cases of these names, all when none is given. A name may end in '*'. Raises UsageError for an unknown one."""
    known = cases()
    if not names:
        return list(known.values())
    chosen: dict[str, Case] = {}
    for name in names:
        fits = [id for id in known if id == name or (name.endswith("*") and id.startswith(name[:-1]))]
        if not fits:
            raise UsageError(
                f"unknown case '{name}'{did_you_mean(name, list(known))}; {len(known)} are known: P-EOQ-1 …"
            )
        chosen |= {id: known[id] for id in fits}
    return list(chosen.values())


def scenario_path(name: str) -> Path:
    """The file of a case's scenario."""
    return HERE / "scenarios" / f"{name}.yaml"


def _case(written: dict[str, Any], group: str) -> Case:
    id = written["id"]
    known = {
        "id", "title", "phenomenon", "text", "formula", "reference", "conventions", "values", "simulated", "intervals", "exact",
        "tolerances", "precision", "unknown", "level", "missing", "scenario",
    }  # fmt: skip
    assert set(written) <= known, f"{id}: unknown keys {sorted(set(written) - known)}"
    scenario = written.get("scenario", id)
    simulated = {
        quantity: tuple(Reading.parse(text, scenario) for text in ([given] if isinstance(given, str) else given))
        for quantity, given in written.get("simulated", {}).items()
    }
    strange = {*simulated, *written.get("intervals", {})} - set(written["values"])
    assert not strange, f"{id}: simulated but not known: {sorted(strange)}"
    return Case(
        id=id,
        title=written["title"],
        group=group,
        phenomenon=written["phenomenon"],
        text=" ".join(written["text"].split()),
        formula=" ".join(written.get("formula", "").split()),
        reference=" ".join(written["reference"].split()),
        conventions=tuple(written.get("conventions", ())),
        values=written["values"],
        simulated=simulated,
        intervals={quantity: Reading.parse(text, scenario) for quantity, text in written.get("intervals", {}).items()},
        exact=written.get("exact", False),
        tolerances={end: (float(t[0]), float(t[1]), str(t[2])) for end, t in written.get("tolerances", {}).items()},
        precision={name: (float(p[0]), str(p[1])) for name, p in written.get("precision", {}).items()},
        unknown=written.get("unknown", {}),
        level=written.get("level", "quick"),
        missing=written.get("missing", ""),
    )
