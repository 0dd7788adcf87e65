"""An axis of time: counts of time units, or dates where the run has a first day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num

from chainsim.report.facts import Facts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = np.ndarray[Any, Any]


def across(facts: Facts, times: Array) -> Array:
    """Where instants stand (time units since the end of the warm-up): as they are, or as matplotlib counts days."""
    if not facts.dated:
        return times
    return np.array([date2num(facts.date_at(float(t))) for t in times])  # type: ignore[no-untyped-call]


def name_axis(axes: Axes, facts: Facts, words: str) -> None:
    """Ticks and name of the axis; `words`: what it counts without dates."""
    axes.set_xlabel("date" if facts.dated else words)
    if facts.dated:
        locator = AutoDateLocator(minticks=3, maxticks=7)  # type: ignore[no-untyped-call]
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
