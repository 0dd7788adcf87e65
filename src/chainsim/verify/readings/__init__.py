"""What is read off a replication: any measure of `chainsim.kpis`, and a few numbers that textbooks print and reports do not."""

from __future__ import annotations

import numpy as np

from chainsim.kpis import KPIS, Ratio
from chainsim.verify.cases import Reading, Scale
from chainsim.verify.readings import series, totals
from chainsim.verify.readings.registry import LOGGED, READINGS, SCALES
from chainsim.verify.readings.sight import Quotient, Sight, Value, scope_of

__all__ = ["LOGGED", "READINGS", "Quotient", "Sight", "Value", "read", "scale_of", "scope_of", "series", "totals"]


def read(sight: Sight, wanted: Reading) -> list[Value]:
    """The number (or numbers) a reading gives in each replication."""
    if wanted.measure in READINGS:
        found = READINGS[wanted.measure](sight, wanted.place, *wanted.arguments)
    else:
        found = sight.measured(wanted.measure, wanted.place)
    if isinstance(found, Ratio):
        return [Quotient(a, b) for a, b in zip(found.numerator.tolist(), found.denominator.tolist(), strict=True)]
    return found.tolist() if isinstance(found, np.ndarray) else found


def scale_of(wanted: Reading) -> Scale:
    """What a reading is measured against."""
    if wanted.measure in READINGS:
        return SCALES[wanted.measure]
    unit = KPIS.get(wanted.measure).unit
    return "share" if unit == "share" else "ratio" if unit == "ratio" else "units"
