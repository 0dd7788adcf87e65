"""A case at a glance: how many numbers were compared, how far the worst was off, how wide the widest interval was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chainsim.verify.rows import Row


@dataclass(frozen=True)
class Glance:
    """What the rows of one case amount to.

    formulas, simulated: numbers compared with formulas and with runs (once, however many engines). engines: that made the runs.
    exact: nothing was random.
    replications: the most of any quantity. z: the largest |z|. width: the widest interval over what was asked for.
    second: how many quantities agreed on the second seed only. z and width are None where nothing was random.
    """

    formulas: int
    simulated: int
    engines: tuple[str, ...]
    exact: bool
    replications: int
    z: float | None
    width: float | None
    second: int


def glance(rows: Sequence[Row]) -> Glance:
    """Of the rows of one case.

    >>> row = Row("P-RQ-1", "OH", "", "simulated", "simpy", 5.0, 5.01, 0.02, 0.04, 0.98, 40, "passed")
    >>> told = glance([row])
    >>> told.simulated, told.z, told.width
    (1, 0.98, 0.5)
    """
    runs = [row for row in rows if row.how in ("exact", "simulated")]
    return Glance(
        formulas=len({row.quantity for row in rows if row.how == "theory"}),
        simulated=len({(row.quantity, row.where) for row in runs}),
        engines=tuple(sorted({row.engine for row in runs}, reverse=True)),
        exact=bool(runs) and all(row.how == "exact" for row in runs),
        replications=max((row.n for row in runs), default=0),
        z=max((abs(row.z) for row in runs if row.z is not None), default=None),
        width=max(
            (row.half_width / row.wanted for row in runs if row.half_width is not None and row.wanted), default=None
        ),
        second=len(
            {(row.quantity, row.where) for row in runs if "second seed" in row.note and row.verdict == "passed"}
        ),
    )
