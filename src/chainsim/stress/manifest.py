"""Provenance of a stress test: what must be the same for the same numbers, and the command that asks for them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Protocol

from chainsim.scenario.model import Scenario
from chainsim.stress.outages import Moment
from chainsim.study.manifest import command_of, identity_of
from chainsim.study.results import file_hashes
from chainsim.study.store import FORMAT
from chainsim.version import __version__

OWN = "shocks.yaml"
"""The file that holds own shocks, beside the tables."""


class Tested(Protocol):
    """What is told of a finished stress test; `stress.results.Stress` has it."""

    @property
    def scenario(self) -> Scenario: ...
    @property
    def moment(self) -> Moment: ...
    @property
    def replications(self) -> int: ...
    @property
    def rows(self) -> Mapping[str, Any]: ...
    @property
    def engine(self) -> str: ...
    @property
    def asked(self) -> Mapping[str, Any]: ...
    @property
    def own(self) -> Mapping[str, Mapping[str, Any]]: ...


def identity_of_test(scenario: Scenario, moment: Moment, own: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What two tests must share for what was seen in one to be seen in the other."""
    return {
        **identity_of(scenario),
        "replications": scenario.replications,
        "start": moment.start,
        "days": moment.days,
        "shocks": dict(own),
    }


def manifest_of(found: Tested, files: Mapping[str, bytes]) -> dict[str, Any]:
    """The content of manifest.json. The moment of the test stands here and nowhere else."""
    asked = {name: value for name, value in found.asked.items() if value is not None}
    return {
        "chainsim": __version__,
        "format": FORMAT,
        "kind": "stress",
        "scenario": {"name": found.scenario.name, "title": found.scenario.title},
        "identity": {**identity_of_test(found.scenario, found.moment, found.own), "parts": list(found.rows)},
        "command": command_of("stress", found.scenario, {**asked, **({"shocks": OWN} if found.own else {})}),
        "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "engine": found.engine,
        "files": file_hashes(files),
    }  # fmt: skip


def own_file(own: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Own shocks as `--shocks` reads them."""
    import yaml

    text: str = yaml.safe_dump(
        {name: dict(changes) for name, changes in own.items()}, sort_keys=False, allow_unicode=True
    )
    return text.encode()


def own_changes(base: Scenario, shocks: Mapping[str, Scenario]) -> dict[str, dict[str, Any]]:
    """What each own shock changes of the scenario, path by path."""
    return {
        name: {path: value for path, value in shocked.changes.items() if base.changes.get(path) != value}
        for name, shocked in shocks.items()
    }
