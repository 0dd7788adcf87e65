"""What is asked of a stress test: in a call, on a command line, or by the scenario's `stress:`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from chainsim.errors import UsageError
from chainsim.scenario.language_stress import LEVELS, PARTS
from chainsim.scenario.model import Scenario
from chainsim.stress.calm import day_of, usual_start, watched_closely
from chainsim.stress.outages import Moment
from chainsim.stress.shocks import SHOCKS, Shock
from chainsim.study import arguments

Part = Literal["nodes", "lanes", "library", "reverse"]


def asked_of(scenario: Scenario, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options of `stress` that are given (None is not), and what `stress:` says where they are not. Own shocks of both count; of
    one name the given. Raises UsageError for shocks that are no mapping.

    >>> import chainsim
    >>> from chainsim.data import scenario_path
    >>> grocer = chainsim.load(scenario_path("grocer")).with_({"stress.days": 14, "stress.library": ["demand_up"]})
    >>> sorted(asked_of(grocer.scenario, {"days": 7, "seed": None}).items())
    [('days', 7), ('library', ('demand_up',))]
    """
    here = dict(scenario.stress)
    own, more = here.pop("shocks", {}), given.get("shocks")
    if more is not None and not isinstance(more, Mapping):
        raise UsageError(f"shocks must be a mapping from names to the paths each changes, not {arguments.told(more)}")
    asked = {**here, **{name: value for name, value in given.items() if value is not None and name != "shocks"}}
    shocks = {**own, **(more or {})}
    return {**asked, "shocks": shocks} if shocks else asked


def parts_of(only: Sequence[Part] | Part | None) -> tuple[str, ...]:
    """The parts of a test, all by default. Raises UsageError."""
    if only is None:
        return PARTS
    asked = [only] if isinstance(only, str) else arguments.names("only", only)
    if not asked:
        raise UsageError(f"only names no part; known: {', '.join(PARTS)}; leave it out for all")
    for part in asked:
        if part not in PARTS:
            raise UsageError(f"only: unknown part '{part}'; known: {', '.join(PARTS)}")
    return tuple(asked)


def chosen_shocks(names: Sequence[str] | str | None) -> list[tuple[str, Shock]]:
    """Registered shocks by name, all by default. Raises UsageError for one that is not there, or named twice."""
    if names is None:
        return list(SHOCKS.items())
    asked = [names] if isinstance(names, str) else arguments.names("library", names)
    if not asked or len(set(asked)) < len(asked):
        raise UsageError("library: name at least one shock, and each only once; leave it out for all")
    return [(name, SHOCKS.get(name)) for name in asked]


def derives(levels: str) -> bool:
    """Whether levels are derived for shocks, too. Raises UsageError."""
    if levels not in LEVELS:
        raise UsageError(f"levels: unknown '{levels}'; known: {', '.join(LEVELS)}")
    return levels == "both"


def buffers_told(scenario: Scenario, buffers: bool) -> dict[str, bool | None]:
    """How a command says it, where the scenario says nothing of it, or the other thing."""
    if buffers == scenario.stress.get("buffers", True):
        return {"buffers": None}
    return {"buffers" if buffers else "no-buffers": True}


def moment_of(scenario: Scenario, days: float, start: float | None) -> Moment:
    """When places are out. Raises UsageError for a time outside of what is measured."""
    clock = watched_closely(scenario).time
    length = arguments.above_zero("days", days) * day_of(clock)
    begin = usual_start(clock) if start is None else float(start)
    end = clock.warm_up + clock.horizon
    if not clock.warm_up <= begin < end or begin + length >= end:
        raise UsageError(
            f"an outage from {begin:g} for {length:g} {clock.unit}s must lie within what is measured, {clock.warm_up:g} to "
            f"{end:g}: ask for fewer days, another start, or lengthen time.horizon"
        )
    return Moment(begin, length)
