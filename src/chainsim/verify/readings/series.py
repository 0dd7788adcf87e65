"""What is read off bucket series: paths, peaks, variances, and the statistics of an output series."""

from __future__ import annotations

import numpy as np

from chainsim.kpis import Ratio
from chainsim.verify.readings.registry import reading
from chainsim.verify.readings.sight import Found, Sight, Value


@reading()
def series(sight: Sight, place: str, name: str) -> Found:
    """Every bucket, one after the other."""
    found: list[Value] = sight.series(name, place).tolist()
    return found


@reading()
def history(sight: Sight, place: str, *names: str) -> Found:
    """Bucket by bucket: its number and these series, of the place or of another (`ordered@dc`).

    on_order is ordered less received, of a place that begins with nothing on order.
    """
    columns = []
    for name in names:
        what, _, where = name.partition("@")
        if what == "on_order":
            due = sight.series("ordered", where or place) - sight.series("received", where or place)
            columns.append(np.cumsum(due, axis=1))
        else:
            columns.append(sight.series(what, where or place))
    number = np.broadcast_to(np.arange(columns[0].shape[1]), columns[0].shape)
    found: list[Value] = np.stack([number, *columns], axis=2).tolist()
    return found


@reading()
def apart(sight: Sight, place: str, other: str) -> Found:
    """Largest difference in any period between stock, backorders and orders of two places; 0 for one and the same path."""
    names = ("on_hand", "backorders", "ordered")
    return np.max([np.abs(sight.series(n, place) - sight.series(n, other)).max(axis=1) for n in names], axis=0)


@reading()
def end_mean(sight: Sight, place: str, name: str) -> Found:
    """Mean over buckets (of stock: as it stands at the end of each)."""
    return sight.series(name, place).mean(axis=1)


@reading()
def peak(sight: Sight, place: str, name: str) -> Found:
    return sight.series(name, place).max(axis=1)


@reading()
def last_net_stock(sight: Sight, place: str) -> Found:
    """On hand less owed at the end."""
    return sight.series("on_hand", place)[:, -1] - sight.series("backorders", place)[:, -1]


@reading("ratio")
def variance(sight: Sight, place: str, name: str) -> Found:
    """Variance over the buckets of a whole history (divided by their number)."""
    return sight.series(name, place).var(axis=1)


@reading("ratio")
def sample_ratio(sight: Sight, place: str, above: str, below: str) -> Found:
    """Variance of one series ÷ variance of another, over the buckets there are."""
    return Ratio(sight.series(above, place).var(axis=1), sight.series(below, place).var(axis=1))


@reading("ratio")
def mean_square(sight: Sight, place: str, name: str, centre: str) -> Found:
    """Mean squared distance of a series from a known mean."""
    off = sight.series(name, place) - float(centre)
    return (off * off).mean(axis=1)


@reading("share")
def share_without(sight: Sight, place: str, name: str, every: str = "1", first: str = "0") -> Found:
    """Share of the buckets first, first + every, … in which a series is 0 (at whose end it is, for stock and backorders)."""
    return (sight.series(name, place)[:, int(first) :: int(every)] == 0).mean(axis=1)


@reading("share")
def share_met(sight: Sight, place: str) -> Found:
    """Share of the buckets in which all that was demanded was filled at once."""
    return (sight.series("filled", place) >= sight.series("demanded", place)).mean(axis=1)


# what the mean of one run is worth


@reading("ratio")
def mean_error_square(sight: Sight, place: str, name: str, centre: str) -> Found:
    """Squared error of the mean of a series, about its known mean."""
    off = sight.series(name, place).mean(axis=1) - float(centre)
    return off * off


@reading("ratio")
def naive_variance_of_mean(sight: Sight, place: str, name: str) -> Found:
    """s²/n, as if the values of a series were independent."""
    values = sight.series(name, place)
    return values.var(axis=1, ddof=1) / values.shape[1]


@reading("ratio")
def batch_variance_of_mean(sight: Sight, place: str, name: str, batches: str) -> Found:
    """The same from the means of batches."""
    values = sight.series(name, place)
    means = values.reshape(len(values), int(batches), -1).mean(axis=2)
    return means.var(axis=1, ddof=1) / means.shape[1]


@reading("ratio")
def neighbour_product(sight: Sight, place: str, name: str, centre: str, variance: str) -> Found:
    """Mean product of neighbouring deviations ÷ the known variance: the correlation of a value with the next."""
    x = sight.series(name, place) - float(centre)
    return (x[:, 1:] * x[:, :-1]).mean(axis=1) / float(variance)
