"""Random numbers in compiled code: the same words, uniforms and variates as `chance.streams` and `chance.book`."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.chance.book import LONGEST
from chainsim.chance.tables import evaluate_one
from chainsim.engines.compiled.memory import exponent, high_product, mantissa

MULTIPLIER_0, MULTIPLIER_1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
WEYL_0, WEYL_1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
TWELVE = np.uint64(12)


def draw(w: Any, stream: int) -> float:
    """The next value of a stream. Four are made at once, one counter's worth: that is quicker than one by one."""
    n = w.drawn[stream]
    w.drawn[stream] = n + 1
    if n & 3 == 0:
        fill(w, stream, n)
    return w.variates[4 * stream + (n & 3)]


def fill(w: Any, stream: int, n: int) -> None:
    """Draws n … n + 3 of a stream: Philox4x64-10 of (n ÷ 4, 0, 0, replication) under the stream's key."""
    row = w.streams[stream]
    a, b, c, d = np.uint64(n >> 2), np.uint64(0), np.uint64(0), np.uint64(w.replication)
    low, high = row.key_low, row.key_high
    for _ in range(10):
        top_0, bottom_0 = high_product(MULTIPLIER_0, a), MULTIPLIER_0 * a
        top_1, bottom_1 = high_product(MULTIPLIER_1, c), MULTIPLIER_1 * c
        a, b, c, d = top_1 ^ b ^ low, bottom_1, top_0 ^ d ^ high, bottom_0
        low, high = low + WEYL_0, high + WEYL_1
    place = 4 * stream
    w.variates[place] = uniform(a)
    w.variates[place + 1] = uniform(b)
    w.variates[place + 2] = uniform(c)
    w.variates[place + 3] = uniform(d)
    for i in range(4):
        w.variates[place + i] = variate(w, row, n + i, w.variates[place + i])


def variate(w: Any, row: Any, n: int, u: float) -> float:
    """Draw n of a stream at u, as in `chance.book.Streams.block`."""
    law = row.law
    if law < 0:
        law = w.profiles[row.profile + n % row.length]
    x = evaluate_one(u, law, w.laws, w.numbers_of_laws)
    if row.rounded == 1:
        if x < 0.0:
            x = 0.0
        x = np.floor(x + 0.5)
        if x > LONGEST:
            x = LONGEST
    return x


def split(x: float) -> tuple[float, int]:
    """As `chance.tables.split`."""
    return mantissa(x), exponent(x)


def uniform(word: Any) -> float:
    """As in `chance.streams.uniforms`."""
    return (np.float64(word >> TWELVE) + 0.5) * 2.0**-52
