"""Functions that users of numba write for themselves, and call from rules of their own."""

from __future__ import annotations

import numba
import numpy as np


@numba.njit
def positive(x):  # type: ignore[no-untyped-def]
    """x, or an error that tells it."""
    if x <= 0.0:
        raise ValueError("not positive", x)
    return x


@numba.njit
def is_even(n):  # type: ignore[no-untyped-def]
    """Two functions that call one another: neither can be compiled before the other."""
    return True if n == 0 else is_odd(n - 1)


@numba.njit
def is_odd(n):  # type: ignore[no-untyped-def]
    """The other one."""
    return False if n == 0 else is_even(n - 1)


@numba.njit(parallel=True)
def mean_of_many(x):  # type: ignore[no-untyped-def]
    """A loop over several threads."""
    values = np.empty(64)
    for i in numba.prange(64):
        values[i] = x
    return values.mean()
