"""Designs: which combinations of the factors' values are tried.

| design | points | what it can tell |
|---|---|---|
| full_factorial | every combination of the values | main effects and interactions, exactly |
| latin_hypercube | n, each factor's range cut into n equal parts, every part met once (McKay, Beckman & Conover 1979) | regression |
| sobol | n of a scrambled low-discrepancy sequence (Sobol 1967; Owen 1998); a power of 2 is best | regression |
| saltelli | n·(k + 2) of k factors: two Sobol samples and their mixtures (Saltelli et al. 2010) | first-order and total indices |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np

from chainsim.experiments.factors import Factor

DESIGNS = ("full_factorial", "latin_hypercube", "sobol", "saltelli")
MOST_POINTS = 100_000


@dataclass(frozen=True)
class Design:
    """kind: one of `DESIGNS`. points: how many are drawn (of saltelli: in each of its two samples). seed: of the drawing, which
    has nothing to do with the customers'."""

    kind: str = "full_factorial"
    points: int = 0
    seed: int = 1

    def size(self, factors: Sequence[Factor]) -> int:
        """How many points there are."""
        if self.kind == "full_factorial":
            return prod(len(factor.values) for factor in factors)
        return self.points * (len(factors) + 2) if self.kind == "saltelli" else self.points

    def rows(self, factors: Sequence[Factor]) -> list[tuple[Any, ...]]:
        """The values of every point, factor by factor.

        >>> Design().rows([Factor("a", "x", (1, 2)), Factor("b", "y", (3, 4))])
        [(1, 3), (1, 4), (2, 3), (2, 4)]
        """
        if self.kind == "full_factorial":
            return list(product(*(factor.values for factor in factors)))
        shares = self._shares(len(factors))
        return [tuple(f.at(float(x)) for f, x in zip(factors, row, strict=True)) for row in shares]

    def _shares(self, k: int) -> np.ndarray[Any, Any]:
        """Points of the unit cube [points, factors]."""
        from scipy.stats import qmc

        if self.kind == "latin_hypercube":
            return np.asarray(qmc.LatinHypercube(k, seed=np.random.default_rng(self.seed)).random(self.points))
        if self.kind == "sobol":
            return np.asarray(_sobol(k, self.points, self.seed))
        drawn = _sobol(2 * k, self.points, self.seed)
        a, b = drawn[:, :k], drawn[:, k:]
        mixed = [np.where(np.arange(k) == i, b, a) for i in range(k)]
        return np.concatenate([a, b, *mixed])


def _sobol(k: int, points: int, seed: int) -> np.ndarray[Any, Any]:
    import warnings

    from scipy.stats import qmc

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a number that is no power of 2 is the user's choice
        return np.asarray(qmc.Sobol(k, seed=np.random.default_rng(seed)).random(points))
