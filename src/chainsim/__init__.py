"""chainsim: compare replenishment policies in a supply chain, on the same random customers.

    import chainsim
    results = chainsim.load("grocer.yaml").run()
    results.summary            # every measure with its interval, a pandas DataFrame
    results.report("results/grocer")

Names are loaded when first used, so that `import chainsim` is quick and worker processes load only the engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from chainsim.version import __version__

if TYPE_CHECKING:
    from chainsim import errors
    from chainsim.errors import ChainsimError, ScenarioError
    from chainsim.experiments.results import ExperimentResults
    from chainsim.experiments.running import experiment
    from chainsim.registry import allow_plugins
    from chainsim.scenario.model import Scenario
    from chainsim.statistics.estimate import Estimate
    from chainsim.study.comparison import compare
    from chainsim.study.loading import Study, load, load_dict, load_text
    from chainsim.study.results import Results
    from chainsim.study.running import run

__all__ = [
    "ChainsimError",
    "Estimate",
    "ExperimentResults",
    "Results",
    "Scenario",
    "ScenarioError",
    "Study",
    "__version__",
    "allow_plugins",
    "compare",
    "errors",
    "experiment",
    "load",
    "load_dict",
    "load_text",
    "run",
]

_HOMES = {
    "ChainsimError": "chainsim.errors",
    "Estimate": "chainsim.statistics.estimate",
    "ExperimentResults": "chainsim.experiments.results",
    "Results": "chainsim.study.results",
    "Scenario": "chainsim.scenario.model",
    "ScenarioError": "chainsim.errors",
    "Study": "chainsim.study.loading",
    "allow_plugins": "chainsim.registry",
    "compare": "chainsim.study.comparison",
    "experiment": "chainsim.experiments.running",
    "load": "chainsim.study.loading",
    "load_dict": "chainsim.study.loading",
    "load_text": "chainsim.study.loading",
    "run": "chainsim.study.running",
}


def __getattr__(name: str) -> Any:
    if name == "errors":
        return import_module("chainsim.errors")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'chainsim' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
