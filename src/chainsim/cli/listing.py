"""`chainsim list`: the names that can be written in a scenario, and what they mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from chainsim.cli import options
from chainsim.cli.console import definitions, say
from chainsim.errors import UsageError
from chainsim.registry import did_you_mean


def list_names(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="policies, distributions, demands, kpis, charts, shocks, engines, scenarios or experiments.",
            show_default=False,
        ),
    ] = "",
    json: options.Json = False,
    allow_plugins: options.Plugins = False,
) -> None:
    """List policies, distributions, demands, kpis, charts, shocks, engines, scenarios or experiments.

    \b
    Example:
      chainsim list policies
    """
    if not what:
        raise UsageError(f"say what to list: {', '.join(LISTS)}")
    if what not in LISTS:
        raise UsageError(f"nothing called '{what}' to list{did_you_mean(what, list(LISTS))}; known: {', '.join(LISTS)}")
    if allow_plugins:
        import chainsim

        chainsim.allow_plugins()
    rows = LISTS[what]()
    if json:
        import json as writer

        say(writer.dumps(dict(rows), indent=2, ensure_ascii=False))
    else:
        from chainsim.cli.explain import unmarked

        say(definitions([(name, unmarked(meaning)) for name, meaning in rows]))


Rows = list[tuple[str, str]]


def _policies() -> Rows:
    from chainsim.policies.base import POLICIES

    return [(name, policy.summary) for name, policy in POLICIES.items()]


def _distributions() -> Rows:
    from chainsim.chance.base import DISTRIBUTIONS

    return [(name, first_sentence(thing.__doc__)) for name, thing in DISTRIBUTIONS.items()]


def _demands() -> Rows:
    from chainsim.demand.base import DEMANDS

    return [(name, first_sentence(thing.__doc__)) for name, thing in DEMANDS.items()]


def _kpis() -> Rows:
    from chainsim.kpis import KPIS

    return [(id, f"{kpi.title}: {kpi.definition}") for id, kpi in KPIS.items()]


def _charts() -> Rows:
    import inspect

    from chainsim.report.charts import CHARTS

    # a chart is one file; its opening line says what it is for
    return [(name, first_sentence(getattr(inspect.getmodule(c.draw), "__doc__", ""))) for name, c in CHARTS.items()]


def _shocks() -> Rows:
    from chainsim.stress.shocks import SHOCKS

    return [(name, first_sentence(shock.apply.__doc__)) for name, shock in SHOCKS.items()]


def _engines() -> Rows:
    from chainsim.engines.base import ENGINES

    answers = {engine: engine.support(None) for engine in ENGINES.values()}
    return [("auto", "the fastest that is installed, can run the scenario, and pays for its start")] + [
        (engine.name, f"{engine.summary}; {'available' if support else support.reason}")
        for engine, support in answers.items()
    ]


def _scenarios() -> Rows:
    from chainsim.data import scenario_names, scenario_title

    return [(name, scenario_title(name)) for name in scenario_names()]


def _experiments() -> Rows:
    from chainsim.data import experiment_names, experiment_title

    return [(name, experiment_title(name)) for name in experiment_names()]


LISTS: dict[str, Callable[[], Rows]] = {
    "policies": _policies,
    "distributions": _distributions,
    "demands": _demands,
    "kpis": _kpis,
    "charts": _charts,
    "shocks": _shocks,
    "engines": _engines,
    "scenarios": _scenarios,
    "experiments": _experiments,
}


def first_sentence(text: str | None) -> str:
    """The first paragraph of a docstring on one line.

    >>> first_sentence("Constant: always\\n    the same.\\n\\n    More.")
    'Constant: always the same.'
    """
    return " ".join((text or "").strip().split("\n\n")[0].split())
