"""A Study: a loaded scenario, ready to run. It is what `chainsim.load` gives, so that a whole study is one line:

    chainsim.load("grocer.yaml").run(out="results/grocer").report()

A `Scenario` itself is a value that knows nothing of running (imports point one way); it is `study.scenario`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainsim.engines.base import ENGINES
from chainsim.errors import UsageError
from chainsim.plan.compile import compile_plans
from chainsim.plan.plan import Plan
from chainsim.policies.base import Derived
from chainsim.scenario.model import Scenario
from chainsim.study import arguments
from chainsim.study.budget import check_groups, check_size, told_as_budget_error
from chainsim.study.planning import check_same_points
from chainsim.study.precision import check_amounts
from chainsim.study.results import Results
from chainsim.study.running import run

if TYPE_CHECKING:
    import pandas as pd

    from chainsim.experiments.results import ExperimentResults
    from chainsim.replicate.executors.base import Executor
    from chainsim.scenario.written import Written
    from chainsim.stress.results import Stress
    from chainsim.study.tracing import Trace
    from chainsim.tune.results import Tuned


@dataclass(frozen=True, repr=False)
class Study:
    """A scenario and what can be done with it.

    written: what it was read from, with its folder; None for a Scenario that was made otherwise.
    """

    scenario: Scenario
    written: Written | None = field(default=None, compare=False)

    @property
    def policies(self) -> list[str]:
        """Names of the alternatives, the baseline first."""
        return [a.name for a in self.scenario.alternatives]

    def __repr__(self) -> str:
        return f"<Study of {self.scenario.title!r}: {', '.join(self.policies)}>"

    def _repr_html_(self) -> str:
        return self.scenario._repr_html_()

    def run(self, *, hold: bool | Scenario | None = False, **options: Any) -> Results:
        """Simulate every policy; the other options are those of `chainsim.run`.

        hold: policies keep the numbers they had before the changes of this study (`with_`), but for changes of the policies
        themselves: they do not know of the others. Raises UsageError where nothing was changed.

        >>> import chainsim
        >>> from chainsim.data import scenario_path
        >>> busier = chainsim.load(scenario_path("grocer")).with_({"demand[*]": "*1.2"})
        >>> surprised = busier.run(hold=True, replications=2, policies=["jit"])
        >>> surprised.manifest["command"]
        "chainsim run grocer.yaml --set 'demand[*]=*1.2' --replications 2 --policies jit --hold"
        """
        results = run(self.scenario, hold=self.planned.scenario if hold is True else hold or None, **options)
        results.origin = self
        return results

    @cached_property
    def planned(self) -> Study:
        """What policies believe in that do not know of this study's changes: the study before them, with what was changed of
        the policies themselves. Raises UsageError where nothing was changed."""
        if self.written is None or not self.written.changes:
            raise UsageError(
                "there is nothing to hold levels against: hold goes with changes (--set, Study.with_) that policies do not know of"
            )
        return _study(self.written.planned())

    def controlled(self, results: Results, kpis: Sequence[str] = ("total_cost", "fill_rate")) -> pd.DataFrame:
        """Estimates of a run of this study with demand as control variate, with what that gained (`study.control.controlled`)."""
        from chainsim.study.control import controlled

        return controlled(self.scenario, results, kpis)

    def stress(self, **options: Any) -> Stress:
        """Every site and lane out, the library of shocks and the reverse test, of every policy; the options are those of
        `chainsim.stress.stressing.stress`. shocks: own shocks by name, each a mapping of changes as `with_` takes them, besides those of
        the scenario. What is not given the scenario's `stress:` says.

        >>> import chainsim
        >>> from chainsim.data import scenario_path
        >>> grocer = chainsim.load(scenario_path("grocer"))
        >>> found = grocer.stress(only="nodes", policies=["jit"], replications=1, buffers=False)
        >>> bool(found.nodes.query("place == 'plant'").time_to_survive.iloc[0] > 0)
        True
        """
        from chainsim.stress.asking import asked_of
        from chainsim.stress.stressing import stress

        asked = asked_of(self.scenario, options)
        own = {name: self.with_(changes).scenario for name, changes in asked.pop("shocks", {}).items()}
        return stress(self.scenario, shocks=own, **asked)

    def with_(self, changes: Mapping[str, Any]) -> Study:
        """A study of the same scenario with other values: path → value, in their order. This one stays as it is.

        A path is one that messages name and `--set` takes: `policies.s_Q.fill_rate`, `lanes[plant->dc].lead_time.cv`,
        `demand[*].quantity.mean`, `costs.carrying_rate` (`chainsim.scenario.change` says how steps are written). A key that is
        not there is added. Values are what `load_dict` takes. What is written is changed and read again, so that whatever is
        derived follows; nothing is derived before it is asked for. Raises ScenarioError with every finding: a path that leads
        nowhere, a value that cannot be; UsageError when the study was not read from anything.

        >>> import chainsim
        >>> from chainsim.data import scenario_path
        >>> grocer = chainsim.load(scenario_path("grocer"))
        >>> dearer = grocer.with_({"costs.carrying_rate": "30% per year", "lanes[plant->dc].order_cost": 150})
        >>> [lane.order_cost for lane in dearer.scenario.lanes if lane.target == "dc"]
        [150.0]
        """
        if not isinstance(changes, Mapping):
            raise UsageError(f"changes must be a mapping from paths to values, not {arguments.told(changes)}")
        if self.written is None:
            raise UsageError(
                "this study was not read from a file, a text or a mapping, so there is nothing written to change: "
                "load it with chainsim.load, load_text or load_dict"
            )
        return _study(self.written.with_(changes))

    def sweep(self, values: Mapping[str, Any], **options: Any) -> ExperimentResults:
        """Simulate at every combination of values: path → a list, or a range `a:b:n` of n values from a to b.

        The other options are those of `chainsim.experiments.sweeping.sweep`: replications, policies, responses, out, jobs, … Raises
        ScenarioError with every finding before anything is simulated.
        """
        # experiments are made of studies; only this method asks for one
        from chainsim.experiments.sweeping import sweep

        return sweep(self, values, **options)

    def tune(
        self,
        *,
        engine: str | None = None,
        jobs: int | None = None,
        out: str | Path | None = None,
        overwrite: bool = False,
        tell: Callable[[str], None] | None = None,
        executor: Executor | None = None,
        **aim: Any,
    ) -> Tuned:
        """Bring every policy to the same target at least cost, by simulation; the tuned study is its `.study`.

        aim: `fill_rate`, `cycle_service_level` or `ready_rate` is the target, a share; without one, the scenario's `tune:` and
        `targets:` say, and where nothing does, the cost is what is sought. The others are those of `chainsim.tune.Aim`: within, at,
        hold, free, groups, indifference, material, confidence, frontier, evaluations, as_today, policies. engine, jobs: as for
        `run`; the outcome does not depend on them. out: a folder for the tuned scenario, its tables and its page.
        tell: is told one line a policy. executor: where is simulated, as for `run`.

        Raises UsageError and ScenarioError before anything is simulated; Interrupted; OutputError.
        """
        from chainsim.tune.asking import aim_of  # above this floor, like the page of the results
        from chainsim.tune.tuning import tune

        asked = aim_of(self.scenario, aim)
        return tune(self, asked, engine=engine, jobs=jobs, out=out, overwrite=overwrite, tell=tell, executor=executor)

    def trace(self, policy: str, site: str, **options: Any) -> Trace:
        """One replication at one stock point, event by event in words and as a table to check by hand; the options are those of
        `chainsim.study.tracing.trace_of`: product, until, every, replication, engine.

        >>> import chainsim
        >>> from chainsim.data import scenario_path
        >>> game = chainsim.load(scenario_path("beer_game")).trace("pass_through", "retailer", until="2 weeks")
        >>> print("\\n".join(game.sentences()[:3]))
        week 0: retailer receives 4 from wholesaler; 16 on hand
        week 0: order 1 of retailer for 4 reaches wholesaler and can be shipped at once
        week 0: a customer of retailer wants 4: takes 4; 12 on hand
        """
        from chainsim.study.tracing import trace_of

        return trace_of(self.scenario, policy, site, **options)

    def engine_support(self) -> Mapping[str, Sequence[str]]:
        """Every engine by name, and why it cannot run a policy of this scenario: nothing when it runs them all."""
        answers = {engine.name: [engine.support(plan) for plan in self._plans] for engine in ENGINES.values()}
        return {name: list(dict.fromkeys(a.reason for a in given if not a)) for name, given in answers.items()}

    def explain_policies(self, *, hold: bool = False) -> Mapping[str, Mapping[tuple[str, str], Sequence[Derived]]]:
        """Policy → (site, product) → every parameter with its formula and inputs. Nothing is simulated. hold: as for `run`."""
        if not hold:
            return {plan.policy: dict(plan.derived) for plan in self._plans}
        check_same_points(self.scenario, self.planned.scenario)
        return self.planned.explain_policies()

    @cached_property
    def _plans(self) -> list[Plan]:
        check_size(self.scenario)
        with told_as_budget_error():
            plans = compile_plans(self.scenario)
        for plan in plans[:1]:  # the groups are the same for all
            check_groups(plan, self.scenario.time)
        return plans


def load(path: str | Path, **options: Any) -> Study:
    """Read a scenario file. Raises ScenarioError with every finding."""
    # the reader of scenarios brings pydantic along, which workers that import this package never need
    from chainsim.scenario.load import written_in

    return _study(written_in(arguments.place("path", path), **options))


def load_text(text: str, name: str = "scenario", folder: str | Path | None = None, **options: Any) -> Study:
    """Read a scenario from text; `folder` is where its tables lie. Raises ScenarioError with every finding."""
    if not isinstance(text, str):
        raise UsageError(f"text must be the text of a scenario, not {arguments.told(text)}")
    return _written(text, name, folder, options)


def load_dict(
    document: Mapping[str, Any], folder: str | Path | None = None, name: str = "scenario", **options: Any
) -> Study:
    """Read a scenario from plain data, as YAML would give it: mappings, lists, texts, numbers, true, false and None.

    Numbers and arrays of NumPy and scalars of pandas may stand in it: an array or a Series is the list of its values, a time
    span a length ('1.5 days'), a date its ISO text. folder: where its tables lie; without it, it cannot name any. name: what
    messages and the results folder call it. Raises ScenarioError with every finding, each at its path.

    >>> import numpy as np
    >>> import chainsim
    >>> study = chainsim.load_dict({
    ...     "chainsim": 1, "title": "A shop", "time": {"unit": "day", "horizon": 100}, "products": {"tea": {}},
    ...     "sites": {"source": {"kind": "supplier"}, "shop": {"kind": "store"}},
    ...     "lanes": [{"from": "source", "to": "shop", "lead_time": np.float64(2.0)}],
    ...     "demand": [{"site": "shop", "product": "tea", "quantity": {"dist": "poisson", "mean": np.array([4, 6]).mean()}}],
    ...     "policies": {"daily": {"type": "base_stock", "order_up_to_level": np.int64(20), "review_interval": 1}},
    ... })
    >>> study.policies
    ['daily']
    """
    if not isinstance(document, Mapping):
        raise UsageError(
            f"document must be a mapping such as YAML would give, not {arguments.told(document)}: "
            "load reads a file, load_text a text"
        )
    return _written(document, name, folder, options)


def _written(given: str | Mapping[str, Any], name: str, folder: str | Path | None, options: Mapping[str, Any]) -> Study:
    from chainsim.scenario.load import written_as

    beside = None if folder is None else arguments.place("folder", folder)
    return _study(written_as(given, arguments.text("name", name), beside, **options))


def _study(written: Written) -> Study:
    from chainsim.scenario.load import read

    scenario = read(written)
    check_amounts(scenario, written.source)
    return Study(scenario, written)
