"""The book of streams: draws by name, blocks of any length, stored once, light for workers."""

from __future__ import annotations

import pickle
import subprocess
import sys

import numpy as np
import pytest

from chainsim.chance import book as book_module
from chainsim.chance.book import STREAM, StreamArrays, StreamBook, Streams
from chainsim.chance.families import Constant, Gamma, Intermittent, Normal, Poisson, Triangular, Uniform
from tests.chance.samples import ALL

DEMAND, TIME = ("demand", "store", "soup", "quantity"), ("lane", "dc", "store", "soup", "transport")

GOLDEN_DEMAND = [22.0, 23.0, 22.0, 8.0, 28.0, 21.0, 22.0, 18.0]
GOLDEN_TIME = [702599767680.0, 354352677586.0, 827770550404.0, 765544113287.0]


def draws(arrays: StreamArrays, stream: int, count: int, replication: int = 0) -> list[float]:
    streams = Streams(arrays, replication)
    return [streams.draw(stream) for _ in range(count)]


def test_golden_variates_of_scheme_1() -> None:
    """These numbers may change only together with RNG_SCHEME and a line in the changelog."""
    book = StreamBook(7)
    demand = book.stream(DEMAND, Poisson(mean=20.0), rounding="whole")
    time = book.stream(TIME, Gamma(mean=7.0, cv=0.3), unit=86_400_000_000, rounding="ticks")
    arrays = book.arrays()
    assert draws(arrays, demand, 8) == GOLDEN_DEMAND
    assert draws(arrays, time, 4, replication=3) == GOLDEN_TIME


def test_block_lengths_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_draws(expected: float) -> list[list[float]]:
        book = StreamBook(1)
        indices = [book.stream((str(i),), d, expected=expected) for i, d in enumerate(ALL)]
        arrays = book.arrays()
        return [draws(arrays, i, 300) for i in indices]

    usual = all_draws(0)
    assert all_draws(7) == usual
    assert all_draws(299) == usual
    monkeypatch.setattr(book_module, "FIRST_BLOCK", 1)
    monkeypatch.setattr(book_module, "LARGEST_BLOCK", 5)
    assert all_draws(0) == usual


def test_draws_do_not_depend_on_who_else_is_registered_or_in_what_order() -> None:
    alone = StreamBook(1)
    i = alone.stream(DEMAND, Poisson(mean=20.0))
    crowd = StreamBook(1)
    for k, distribution in enumerate(ALL):
        crowd.stream(("other", str(k)), distribution)
    j = crowd.stream(DEMAND, Poisson(mean=20.0))
    assert draws(alone.arrays(), i, 100) == draws(crowd.arrays(), j, 100)


def test_streams_of_one_replication_do_not_disturb_each_other() -> None:
    book = StreamBook(1)
    a, b = book.stream(("a",), Uniform(low=0.0, high=1.0)), book.stream(("b",), Uniform(low=0.0, high=1.0))
    arrays = book.arrays()
    streams = Streams(arrays, 0)
    mixed = [(streams.draw(a), streams.draw(b)) for _ in range(100)]
    assert [x for x, _ in mixed] == draws(arrays, a, 100)
    assert [y for _, y in mixed] == draws(arrays, b, 100)
    assert draws(arrays, a, 100, replication=1) != draws(arrays, a, 100)


def test_a_name_taken_twice_is_refused() -> None:
    book = StreamBook(1)
    book.stream(("a",), Constant(value=1.0))
    with pytest.raises(ValueError, match="two streams are called"):
        book.stream(("a",), Constant(value=2.0))


def test_equal_shapes_share_one_table() -> None:
    book = StreamBook(1)
    for i in range(200):
        book.stream((str(i),), Gamma(mean=1.0 + i, cv=0.5), unit=1e6, rounding="ticks")
    one = StreamBook(1)
    one.stream(("0",), Gamma(shape=4.0, scale=1.0))
    assert len(book.arrays().data) == len(one.arrays().data)
    assert len(book.arrays().laws) == 200


def test_a_profile_gives_each_draw_its_distribution() -> None:
    low, high = Constant(value=1.0), Constant(value=5.0)
    book = StreamBook(1)
    i = book.stream(("a",), low, profile=[low, low, high])
    book.stream(("b",), low, profile=[low, low, high])
    arrays = book.arrays()
    assert draws(arrays, i, 50) == ([1.0, 1.0, 5.0] * 17)[:50]
    assert len(arrays.profiles) == 3


def test_a_profile_uses_the_same_uniforms_as_no_profile() -> None:
    week = [Poisson(mean=m) for m in (2.0, 20.0)] + [Normal(mean=9.0, sd=1.0), Triangular(low=0.0, mode=1.0, high=4.0)]
    seasonal = StreamBook(1)
    i = seasonal.stream(("a",), week[0], profile=week)
    got = draws(seasonal.arrays(), i, 200)
    for day, distribution in enumerate(week):
        plain = StreamBook(1)
        j = plain.stream(("a",), distribution)
        assert got[day::4] == draws(plain.arrays(), j, 200)[day::4]


def test_rounding_cuts_at_0_and_rounds_half_up() -> None:
    book = StreamBook(1)
    cut = book.stream(("cut",), Normal(mean=0.5, sd=2.0), rounding="whole")
    half = book.stream(("half",), Constant(value=2.5), rounding="whole")
    tick = book.stream(("tick",), Constant(value=0.1), unit=86_400_000_000, rounding="ticks")
    free = book.stream(("free",), Normal(mean=0.5, sd=2.0))
    arrays = book.arrays()
    values = draws(arrays, cut, 500)
    assert min(values) == 0.0
    assert all(v == int(v) for v in values)
    assert min(draws(arrays, free, 500)) < 0.0
    assert draws(arrays, half, 2) == [3.0, 3.0]
    assert draws(arrays, tick, 1) == [8_640_000_000.0]


def test_arrays_are_read_only_and_travel() -> None:
    book = StreamBook(1)
    i = book.stream(DEMAND, Intermittent(probability=0.3, size=Gamma(mean=8.0, cv=0.5)))
    arrays = book.arrays()
    with pytest.raises(ValueError, match="read-only"):
        arrays.data[0] = 1.0
    assert draws(pickle.loads(pickle.dumps(arrays)), i, 100) == draws(arrays, i, 100)


def test_an_empty_book_can_be_used() -> None:
    assert Streams(StreamBook(1).arrays(), 0) is not None


def test_block_of_the_reference_stream_by_number() -> None:
    book = StreamBook(1)
    i = book.stream(("a",), Poisson(mean=3.0))
    arrays = book.arrays()
    row = STREAM.rows(arrays.streams)[i]
    assert np.array_equal(Streams(arrays, 0).block(row, 10, 20), np.array(draws(arrays, i, 30)[10:]))


def test_workers_draw_without_scipy() -> None:
    book = StreamBook(1)
    book.stream(DEMAND, Gamma(mean=7.0, cv=0.3))
    code = (
        "import pickle, sys\n"
        "from chainsim.chance.book import Streams\n"
        "arrays = pickle.loads(sys.stdin.buffer.read())\n"
        "Streams(arrays, 0).draw(0)\n"
        "heavy = {'scipy', 'pandas', 'pydantic', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], input=pickle.dumps(book.arrays()), check=True, timeout=60)
