"""A sweep: an experiment in one line, every combination of the values of some paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from chainsim.errors import UsageError
from chainsim.experiments.design import MOST_POINTS, Design
from chainsim.experiments.factor_reading import RESERVED
from chainsim.experiments.factors import EXAMPLES, Factor, cannot_vary, number_of, range_of
from chainsim.experiments.model import Experiment, Response
from chainsim.experiments.reading import DEFAULT_RESPONSES
from chainsim.experiments.results import ExperimentResults
from chainsim.experiments.running import run_experiment
from chainsim.kpis import KPIS
from chainsim.registry import did_you_mean
from chainsim.scenario.plain import node_of
from chainsim.study import arguments
from chainsim.study.loading import Study


def sweep(
    study: Study,
    values: Mapping[str, Any],
    *,
    replications: int | None = None,
    policies: Iterable[str] | None = None,
    responses: Iterable[str] = DEFAULT_RESPONSES,
    **options: Any,
) -> ExperimentResults:
    """Simulate a study at every combination of values.

    values: path → a list of values, or a range `a:b:n` of n values from a to b; a single value holds at all points. replications,
    policies: instead of the scenario's. responses: measures of the whole network. The other options are those of
    `run_experiment`. Raises ScenarioError with every finding, UsageError.
    """
    return run_experiment(sweep_of(study, values, replications, policies, responses), **options)


def sweep_of(
    study: Study,
    values: Mapping[str, Any],
    replications: int | None = None,
    policies: Iterable[str] | None = None,
    responses: Iterable[str] = DEFAULT_RESPONSES,
) -> Experiment:
    """The Experiment that a sweep is."""
    if not isinstance(values, Mapping):
        raise UsageError(f"values must be a mapping from paths to values, not {arguments.told(values)}")
    arguments.names("the paths of a sweep", list(values))
    fixed: dict[str, Any] = {} if replications is None else {"replications": replications}
    factors: list[Factor] = []
    names = _names(list(values))
    for path, given in values.items():
        found = values_of(path, given)
        if found is None:
            fixed[path] = given
        else:
            factors.append(Factor(names[path], path, found))
    if not factors:
        raise UsageError(f"nothing varies: give a path several values, {EXAMPLES}")
    size = Design().size(factors)
    if size > MOST_POINTS:
        raise UsageError(
            f"{size:,} points; at most {MOST_POINTS:,}: fewer values, or an experiment with a design that draws"
        )
    base = study.with_(fixed) if fixed else study
    chosen = tuple(base.policies) if policies is None else tuple(arguments.names("policies", policies))
    if not chosen or len(set(chosen)) < len(chosen):
        raise UsageError("policies: name at least one, and each only once")
    for name in chosen:
        if name not in base.policies:
            hint = did_you_mean(name, base.policies)
            raise UsageError(f"unknown policy '{name}'{hint}; known: {', '.join(base.policies)}")
    responses = tuple(arguments.names("responses", responses))
    for kpi in responses:
        KPIS.get(kpi)
    asked = tuple(map(Response, responses))
    document = {
        "experiment": 1,
        "scenario": base.scenario.name,
        "set": fixed,
        "policies": list(chosen),
        "factors": {f.name: {"path": f.path, "values": list(f.values)} for f in factors},
        "responses": [response.kpi for response in asked],
    }
    return Experiment(
        base.scenario.name or "sweep", f"{base.scenario.title}: sweep of {', '.join(f.name for f in factors)}", "", base,
        tuple(factors), Design(), asked, Response("total_cost"), policies=chosen, document=document,
    )  # fmt: skip


def values_of(path: str, given: Any) -> tuple[Any, ...] | None:
    """The values of a factor, None for a single value, which is none. Raises UsageError for a range that cannot be.

    >>> values_of("x", "0:1:3"), values_of("x", [1, 2]), values_of("x", "30% per year")
    ((0.0, 0.5, 1.0), (1, 2), None)
    """
    if isinstance(given, str):
        try:
            span = range_of(given)
        except ValueError as error:
            raise UsageError(f"{path}: {error}") from None
        if span is None:
            return None
        if span.count is None:
            raise UsageError(f"{path}: how many values from {given}? Write the number behind them, as in {given}:5")
        return span.values(span.count)
    plain = node_of(given, path).plain()
    if not isinstance(plain, list):
        return None
    if not plain:
        raise UsageError(f"{path}: an empty list has no values; expected {EXAMPLES}")
    wrong = cannot_vary(plain)
    if wrong:
        raise UsageError(f"{path}: {wrong}")
    return tuple(plain)


def values_in(text: str) -> Any:
    """What `--set` of the command line means: a range, a list in brackets or between commas, else one value as YAML has it.

    A unit behind the last of a list is that of all.

    >>> values_in("15%,25% per year"), values_in("[1, 2]"), values_in("0:1:3"), values_in("gamma")
    (['15% per year', '25% per year'], [1, 2], '0:1:3', 'gamma')
    >>> values_in("*0.8,*1,*1.2")
    ['*0.8', '*1', '*1.2']
    """
    from chainsim.scenario.change import value_of

    if text.lstrip()[:1] not in ("[", "{", '"', "'") and "," in text:
        parts = [part.strip() for part in text.split(",")]
        unit = re.fullmatch(r"[^A-Za-z]*?( +[A-Za-z].*)", parts[-1])
        bare = all(number_of(p)[0] is not None and number_of(p)[1] in ("", "%") for p in parts[:-1])
        if unit is not None and bare and number_of(parts[-1])[0] is not None:
            parts = [*(f"{part}{unit[1]}" for part in parts[:-1]), parts[-1]]
        return [value_of(part, "--set") for part in parts]
    try:
        ranged = range_of(text) is not None
    except ValueError:
        ranged = True  # one that cannot be: `values_of` says why, and of which path
    return text.strip() if ranged else value_of(text, "--set")


def _names(paths: list[str]) -> dict[str, str]:
    """A short name for each path: its last step where no other has it, else all of it.

    >>> _names(["costs.carrying_rate", "lanes[0].lead_time", "lanes[1].lead_time"])["costs.carrying_rate"]
    'carrying_rate'
    """
    last = {path: path.rsplit(".", 1)[-1] if not path.endswith("]") else path for path in paths}
    taken = list(last.values())
    return {path: short if taken.count(short) == 1 and short not in RESERVED else path for path, short in last.items()}
