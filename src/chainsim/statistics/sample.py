"""One measure in every replication: plain values, or the numerators and denominators of a ratio."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """What is estimated from, one entry per replication; NaN where there is none.

    denominators: of a ratio, None for plain values. share: a ratio that lies between 0 and 1.
    """

    numerators: Sequence[float]
    denominators: Sequence[float] | None = None
    share: bool = False

    @classmethod
    def of(cls, numerators: Sequence[float], denominators: Sequence[float], unit: str = "") -> Sample:
        """From two columns as results keep them: the denominators of a measure that is no ratio are all NaN.

        unit: the measure's; 'share' for a part of a whole.

        >>> Sample.of([1.0, 2.0], [float("nan"), float("nan")]).denominators is None
        True
        """
        if all(math.isnan(d) for d in denominators):
            return cls(numerators)
        return cls(numerators, denominators, unit == "share")

    def __len__(self) -> int:
        return len(self.numerators)

    @property
    def values(self) -> list[float]:
        """The measure of each replication, NaN where it is undefined.

        >>> Sample([1.0, 0.0], [4.0, 0.0]).values
        [0.25, nan]
        """
        if self.denominators is None:
            return list(self.numerators)
        pairs = zip(self.numerators, self.denominators, strict=True)
        return [a / b if b != 0 else math.nan for a, b in pairs]
