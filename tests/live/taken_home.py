"""What a page tells its reader to type, done: the command goes through the command line's own reading of its options."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import chainsim
from chainsim.cli.options import changes_of


def run_of(command: Sequence[str], scenario: Path) -> chainsim.Results:
    """The results of `chainsim run FILE …`, in memory; the file is `scenario`, whatever folder it lies in."""
    assert list(command[:2]) == ["chainsim", "run"]
    assert command[2] == scenario.name
    study, rest = chainsim.load(scenario), list(command[3:])
    sets, options = [], {}
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
