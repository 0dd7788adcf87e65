"""An amount of a measure as people say it: '1% of total_cost', '0.5 points of fill_rate', '200 of total_cost'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

_AMOUNT = re.compile(
    r"\s*(?P<size>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(?P<scale>%|(?:percentage\s+)?points?\b)?\s*(?:of\s+(?P<measure>[A-Za-z_]\w*))?\s*",
    re.ASCII,
)
WRITTEN = "'1% of total_cost', '0.5 points of fill_rate' or '200 of total_cost'"


@dataclass(frozen=True)
class Amount:
    """So much of a measure. scale: '%' of its mean; 'points': hundredths, of a share; '': in the measure's own unit."""

    size: float
    scale: Literal["%", "points", ""]
    measure: str

    def of(self, mean: float | None) -> float | None:
        """The amount in the measure's unit, where its mean is this.

        >>> Amount(1.0, "%", "total_cost").of(-250.0), Amount(0.5, "points", "fill_rate").of(0.97)
        (2.5, 0.005)
        """
        if self.scale == "%":
            return None if mean is None else self.size / 100.0 * abs(mean)
        return self.size / 100.0 if self.scale == "points" else self.size

    def __str__(self) -> str:
        scale = {"%": "%", "points": " points", "": ""}[self.scale]
        return f"{self.size:.12g}{scale} of {self.measure}"


def amounts(texts: str | Sequence[str], percent: Sequence[str], points: Sequence[str] = ()) -> tuple[Amount, ...]:
    """Amounts of as many measures; texts with commas are several. percent, points: the measures that an amount in per cent, or in
    points, is of when it does not say. Raises ValueError with what is wrong.

    >>> [str(a) for a in amounts("1% of total_cost, 0.5 points of fill_rate", [])]
    ['1% of total_cost', '0.5 points of fill_rate']
    >>> [str(a) for a in amounts("2%", ["total_cost", "fill_rate"])]
    ['2% of total_cost', '2% of fill_rate']
    """
    parts = texts.split(",") if isinstance(texts, str) else [part for text in texts for part in text.split(",")]
    found = [one for part in parts for one in _amount(part, percent, points)]
    twice = next((a.measure for i, a in enumerate(found) if a.measure in {b.measure for b in found[:i]}), None)
    if twice is not None:
        raise ValueError(f"names '{twice}' twice")
    if not found:
        raise ValueError(f"names no amount, such as {WRITTEN}")
    return tuple(found)


def amount_for(measure: str, given: Iterable[Amount]) -> Amount | None:
    """The amount of this measure among those given."""
    return next((amount for amount in given if amount.measure == measure), None)


def _amount(text: str, percent: Sequence[str], points: Sequence[str]) -> list[Amount]:
    told = _AMOUNT.fullmatch(text)
    if told is None:
        raise ValueError(f"is '{text.strip()[:60]}', and an amount is written {WRITTEN}")
    scale: Literal["%", "points", ""] = "%" if told["scale"] == "%" else "points" if told["scale"] else ""
    size = float(told["size"])
    if size <= 0.0:
        raise ValueError(f"is '{text.strip()}', and must be above 0")
    if scale == "points" and size >= 100.0:
        raise ValueError(f"is '{text.strip()}', and a share has 100 points in all: as in 0.5 points of fill_rate")
    measures = [told["measure"]] if told["measure"] else [*({"%": percent, "points": points, "": ()}[scale])]
    if not measures:
        raise ValueError(f"is '{text.strip()}', which does not say of what: write {WRITTEN}")
    return [Amount(size, scale, measure) for measure in measures]
