"""Tuning: every policy brought to the same target at least cost, by simulation, with a stated guarantee.

A search on common random numbers (`search`) over what each policy type lets be moved (`policies.knobs`), a confirmation on fresh
replications (`confirm`), the curve of cost against service (`frontier`), and the tuned scenario as a file that runs (`writing`).
`chainsim.load(…).tune(fill_rate=0.97)` does all of it.
"""

from __future__ import annotations

from chainsim.tune.aim import Aim
from chainsim.tune.results import Tuned
from chainsim.tune.tuning import tune

__all__ = ["Aim", "Tuned", "tune"]
