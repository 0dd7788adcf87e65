"""Bullwhip: variance of orders over variance of demand, in closed form, for order-up-to policies reviewed every period.

L is the number of periods an order covers, the review period included (with `after_demand` and one demand per period,
the lead time in periods); ρ the correlation of AR(1) demand. Orders may be negative; safety stock is constant.
"""

from __future__ import annotations


def moving_average(interval: float, window: int, correlation: float = 0.0) -> float:
    """1 + (2L/p + 2L²/p²)(1 − ρᵖ), forecast by the mean of the last p periods.

    Chen, Drezner, Ryan & Simchi-Levi (2000), Management Science 46:436-443, theorem 2.2 (with safety factor 0 exact,
    else a lower bound).

    >>> moving_average(2, 5), moving_average(2, 5, 0.5)
    (2.12, 2.085)
    """
    share = interval / window
    return 1.0 + 2.0 * share * (1.0 + share) * (1.0 - correlation**window)


def exponential_smoothing(interval: float, weight: float, correlation: float = 0.0) -> float:
    """1 + (2Lα + 2L²α²/(2 − α))·(1 − ρ)/(1 − (1 − α)ρ), forecast by exponential smoothing with weight α.

    Chen, Ryan & Simchi-Levi (2000), Naval Research Logistics 47:269-286.

    >>> round(exponential_smoothing(2, 0.3), 5)
    2.62353
    """
    step = interval * weight
    memory = (1.0 - correlation) / (1.0 - (1.0 - weight) * correlation)
    return 1.0 + (2.0 * step + 2.0 * (step * step) / (2.0 - weight)) * memory


def best_forecast(interval: int, correlation: float) -> float:
    """1 + 2ρ(1 − ρᴸ)(1 − ρᴸ⁺¹)/(1 − ρ): AR(1) demand, forecast of least mean squared error.

    Lee, Padmanabhan & Whang (1997), Management Science 43:546-558 (their lead time is L − 1).

    >>> round(best_forecast(3, 0.6), 5)
    3.04718
    """
    r = correlation
    return 1.0 + 2.0 * r * (1.0 - r**interval) * (1.0 - r ** (interval + 1)) / (1.0 - r)


def proportional(share: float) -> float:
    """α/(2 − α): independent demand, constant forecast, a share α of the gap closed at each review.

    Dejonckheere, Disney, Lambrecht & Towill (2003), European Journal of Operational Research 147:567-590; α = 1 is
    order-up-to, ratio 1.

    >>> round(proportional(0.25), 6)
    0.142857
    """
    return share / (2.0 - share)


def net_stock_amplification(interval: float, share: float = 1.0) -> float:
    """L + (1 − α)²/(1 − (1 − α)²): variance of net stock at the end of a period over that of a period's demand.

    The price of smoothing: α = 1 gives L, the variance of demand over the interval. Disney & Towill (2003), Omega
    31:157-167.

    >>> round(net_stock_amplification(3, 0.25), 5)
    4.28571
    """
    kept = (1.0 - share) * (1.0 - share)
    return interval + kept / (1.0 - kept)
