"""What a page tells its reader to type, done: the command goes through the command line's own reading of its options."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import chainsim
from chainsim.cli.options import changes_of


def run_of(command: Sequence[str], scenario: Path | None, study: chainsim.Study | None = None) -> chainsim.Results:
    """The results of `chainsim run FILE …`, in memory; the file is `scenario`, whatever folder it lies in, or a study read before."""
    assert list(command[:2]) == ["chainsim", "run"]
    if study is None:
        assert scenario is not None
        study = chainsim.load(scenario)
    assert command[2] == f"{study.scenario.name}.yaml"
    rest = list(command[3:])
    sets: list[str] = []
    options: dict[str, Any] = {"engine": "compiled", "jobs": 1, "detail": "network"}
    while rest:
        option = rest.pop(0)
        if option == "--set":
            sets.append(rest.pop(0))
        elif option == "--hold":
            options["hold"] = True
        elif option in ("--replications", "--seed"):
            options[option[2:]] = int(rest.pop(0))
        else:
            raise ValueError(option)
    return study.with_(changes_of(sets)).run(**options) if sets else study.run(**options)
