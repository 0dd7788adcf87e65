"""Quantiles over replications, for fans."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

FAN = (0.05, 0.25, 0.5, 0.75, 0.95)


def fan(values: Array) -> dict[str, Array]:
    """Mean, quantiles and the first replication of values whose first axis is the replication.

    Quantiles interpolate linearly between order statistics (Hyndman and Fan's type 7).

    >>> fan(np.array([[1.0], [2.0], [6.0]]))["q50"]
    array([2.])
    """
    if values.ndim > 1 and values.shape[1]:  # one after the other: to find them takes a copy
        quantiles = np.stack([np.quantile(values[:, i], FAN, axis=0) for i in range(values.shape[1])], axis=1)
    else:
        quantiles = np.quantile(values, FAN, axis=0)
    named = {f"q{round(100 * q):02d}": quantiles[i] for i, q in enumerate(FAN)}
    return {"mean": values.mean(axis=0), **named, "first": values[0]}
