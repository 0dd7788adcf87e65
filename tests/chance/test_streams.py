"""Uniforms: the generator is the published one, and draw n is draw n."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainsim.chance.streams import RNG_SCHEME, stream_key, uniforms

MASK = (1 << 64) - 1
GOLDEN_FIRST = ["0x1.24056f1f8340bp-1", "0x1.bccc834cbda2ep-2", "0x1.2a71e017d6663p-1"]
GOLDEN_LATER = ["0x1.8e661aa73d550p-5", "0x1.58cb5288d0be0p-6"]


def philox4x64_10(counter: list[int], key: tuple[int, int]) -> list[int]:
    """Philox4x64-10 written from the paper (Salmon et al. 2011, section 3.3), independent of NumPy."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = c0 * 0xD2E7470EE14C6C93, c2 * 0xCA5A826395121157
        c0, c1, c2, c3 = (p1 >> 64) ^ c1 ^ k0, p1 & MASK, (p0 >> 64) ^ c3 ^ k1, p0 & MASK
        k0, k1 = (k0 + 0x9E3779B97F4A7C15) & MASK, (k1 + 0xBB67AE8584CAA73B) & MASK
    return [c0, c1, c2, c3]


@pytest.mark.parametrize("replication", [0, 1, 29, 2**40])
@pytest.mark.parametrize("start", [0, 1, 3, 4, 4095, 10**12 + 2])
def test_draws_are_those_of_philox(replication: int, start: int) -> None:
    key = stream_key(7, "demand", "store", "soup", "quantity")
    expected = []
    for n in range(start, start + 9):
        word = philox4x64_10([n // 4, 0, 0, replication], key)[n % 4]
        expected.append(((word >> 12) + 0.5) * 2.0**-52)
    assert uniforms(key, replication, start, 9).tolist() == expected


def test_key_is_a_hash_of_scheme_seed_and_name_parts_with_their_lengths() -> None:
    text = b""
    for part in ("chainsim", "1", "7", "lane", "dc → store"):
        data = part.encode()
        text += len(data).to_bytes(8, "little") + data
    digest = hashlib.blake2b(text, digest_size=16).digest()
    expected = (int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little"))
    assert stream_key(7, "lane", "dc → store") == expected


def test_golden_uniforms_of_scheme_1() -> None:
    """These numbers may change only together with RNG_SCHEME and a line in the changelog."""
    assert RNG_SCHEME == 1
    assert [u.hex() for u in uniforms(stream_key(1, "golden"), 0, 0, 3).tolist()] == GOLDEN_FIRST
    assert [u.hex() for u in uniforms(stream_key(1, "golden"), 5, 1001, 2).tolist()] == GOLDEN_LATER


@given(st.integers(0, 500), st.integers(0, 50), st.integers(0, 3))
def test_random_access(start: int, count: int, replication: int) -> None:
    key = stream_key(3, "x")
    whole = uniforms(key, replication, 0, 600)
    assert (uniforms(key, replication, start, count) == whole[start : start + count]).all()


def test_other_names_seeds_and_replications_give_other_numbers() -> None:
    blocks = [
        uniforms(stream_key(seed, *name), replication, 0, 100)
        for seed in (1, 2)
        for name in (("a", "bc"), ("ab", "c"), ("abc",), ())
        for replication in (0, 1)
    ]
    assert len({block.tobytes() for block in blocks}) == len(blocks)


def test_uniforms_are_uniform_and_successive_ones_unrelated() -> None:
    u = uniforms(stream_key(11, "u"), 0, 0, 200_000)
    assert u.min() > 0.0
    assert u.max() < 1.0
    counts = np.bincount((u * 100).astype(int), minlength=100)
    assert ((counts - 2000) ** 2 / 2000).sum() < 148.2  # chi-square with 99 degrees of freedom, 99.9 %
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 3.3 / np.sqrt(len(u))


def test_streams_and_replications_are_uncorrelated() -> None:
    n = 100_000
    blocks = [uniforms(stream_key(1, name), rep, 0, n) for name in ("a", "b", "c") for rep in (0, 1)]
    correlations = np.corrcoef(blocks)[np.triu_indices(6, 1)]
    assert np.abs(correlations).max() < 4.0 / np.sqrt(n)
