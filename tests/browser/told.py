"""What a page tells after a lever was moved, against `chainsim run` of the command that it tells."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from chainsim.study import running
from chainsim.study.calibration import calibrated
from chainsim.study.remembered import Memo
from tests.live.taken_home import run_of

running.calibrated = partial(calibrated, memo=Memo())  # type: ignore[attr-defined]
"""Settings share most of the short simulations behind their levels, which are the same without this
(tests/study/test_calibration.py), and each setting need not do them again."""

LISTEN = "window.heard = []; document.addEventListener('chainsim:now', e => window.heard.push(e.detail));"
MOVE = """const input = document.getElementById('live-' + id); input.value = k;
  input.dispatchEvent(new Event('input', {bubbles: true}));"""
"""A reader's hand on the lever `id`, at its position `k`."""


def different(detail: Mapping[str, Any] | None, command: str, told: Mapping[str, Any], scenario: Path) -> list[str]:
    """Numbers of the event `chainsim:now` that are not the command's; none where all stands as mailed."""
    if detail is None:
        return []
    results = run_of(shlex.split(command), scenario)
    wrong = []
    for name, of in detail["estimates"].items():
        for measure in told["measures"]:
            estimate = results.estimate(name, measure["id"])
            here = of[measure["id"]]
            if (here["mean"], here["half"]) != (estimate.mean, estimate.half_width):
                wrong.append(f"{command}: {name} {measure['id']} is {here['mean']} ± {here['half']}, not {estimate}")
    count = len(detail["estimates"]) * len(told["measures"])
    print(f"compared {count} estimates, {len(wrong)} different: {command[:150]}")
    return wrong[:3]


def movable(told: Mapping[str, Any], world: str) -> list[tuple[str, list[int]]]:
    """Levers that can be moved in a world, each with the positions it can take there, but for the one as mailed."""
    found = []
    for lever in told["levers"]:
        shows = lever["worlds"].get(world) or (lever["worlds"]["held"] if lever["group"] == "policies" else None)
        places = [k for k, at in enumerate(shows["at"]) if at >= 0 and k != lever["base"]] if shows else []
        found += [(lever["id"], places)] if places else []
    return found
