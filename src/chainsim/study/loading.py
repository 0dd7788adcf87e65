"""A Study: a loaded scenario, ready to run. It is what `chainsim.load` gives, so that a whole study is one line:

    chainsim.load("grocer.yaml").run(out="results/grocer").report()

A `Scenario` itself is a value that knows nothing of running (imports point one way); it is `study.scenario`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from chainsim.engines.base import ENGINES
from chainsim.errors import UsageError
from chainsim.plan.compile import compile_plans
from chainsim.plan.plan import Plan
from chainsim.policies.base import Derived
from chainsim.scenario.model import Scenario
from chainsim.study import arguments
from chainsim.study.budget import check_size, told_as_budget_error
from chainsim.study.results import Results
from chainsim.study.running import run


@dataclass(frozen=True)
class Study:
    """A scenario and what can be done with it."""

    scenario: Scenario

    @property
    def policies(self) -> list[str]:
        """Names of the alternatives, the baseline first."""
        return [a.name for a in self.scenario.alternatives]

    def run(self, **options: Any) -> Results:
        """Simulate every policy; the options are those of `chainsim.run`."""
        return run(self.scenario, **options)

    def engine_support(self) -> Mapping[str, Sequence[str]]:
        """Every engine by name, and why it cannot run a policy of this scenario: nothing when it runs them all."""
        answers = {engine.name: [engine.support(plan) for plan in self._plans] for engine in ENGINES.values()}
        return {name: list(dict.fromkeys(a.reason for a in given if not a)) for name, given in answers.items()}

    def explain_policies(self) -> Mapping[str, Mapping[tuple[str, str], Sequence[Derived]]]:
        """Policy → (site, product) → every parameter with its formula and inputs. Nothing is simulated."""
        return {plan.policy: dict(plan.derived) for plan in self._plans}

    @cached_property
    def _plans(self) -> list[Plan]:
        check_size(self.scenario)
        with told_as_budget_error():
            return compile_plans(self.scenario)


def load(path: str | Path, **options: Any) -> Study:
    """Read a scenario file. Raises ScenarioError with every finding."""
    # the reader of scenarios brings pydantic along, which workers that import this package never need
    from chainsim.scenario.load import load as read

    return Study(read(arguments.place("path", path), **options))


def load_text(text: str, name: str = "scenario", folder: str | Path | None = None, **options: Any) -> Study:
    """Read a scenario from text; `folder` is where its tables lie. Raises ScenarioError with every finding."""
    from chainsim.scenario.load import load_text as read

    if not isinstance(text, str):
        raise UsageError(f"text must be the text of a scenario, not {arguments.told(text)}")
    return Study(read(text, arguments.text("name", name), folder, **options))
