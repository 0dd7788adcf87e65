"""Functions compiled as a whole are the functions numba makes, and numba compiles on beside them as if nothing had been."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chainsim.rules.phases import DEMAND, event_key, phase_of

numba = pytest.importorskip("numba")

from tests.engines import outside_functions  # noqa: E402  (needs numba)


def there_and_back(rank: int) -> int:
    return phase_of(event_key(DEMAND, rank, 7))


def round_trips(count: int) -> int:
    return sum([there_and_back(rank) for rank in range(count)])


NUMBAS_WAY = """
import sys
from pathlib import Path

from chainsim.engines.base import simulate
from chainsim.engines.compiled import building
from tests.engines.cases import network, plan_of

if sys.argv[2] == "numba's own":
    building.LINKED_AS_A_WHOLE = (0, 0), (0, 0)
record = simulate(plan_of(network(), Path(sys.argv[1])), 0, engine="compiled")
print(record.events, record.closing["points"].tobytes().hex(), record.series.tobytes().hex())
"""


def test_other_functions_compile_beside_them() -> None:
    """A function compiled in numba's own way may call those compiled as a whole, and the other way round."""
    from chainsim.engines.compiled import building, linking

    building.mark_everything()
    building.mark(there_and_back)
    with linking.as_a_whole():
        whole = numba.njit(numba.int64(numba.int64))(round_trips)
    assert isinstance(_library(whole), linking.Library)
    usual = numba.njit(numba.int64(numba.int64))(round_trips)
    assert not isinstance(_library(usual), linking.Library)
    assert whole(5) == usual(5) == round_trips(5) == 5 * DEMAND


def test_a_function_nobody_calls_from_python_gets_no_machine_code() -> None:
    from chainsim.engines.compiled import building, linking

    with linking.as_a_whole():
        inner = numba.njit(numba.int64(numba.int64), **building.INNER)(lambda x: x + 1)
    library = _library(inner)
    assert not library._whole
    library._get_module_for_linking()
    assert library._whole


def test_what_users_compile_later_knows_its_constants() -> None:
    """Messages and the arguments of errors are kept beside machine code, and found by all who link it in."""
    from chainsim.engines.compiled import linking

    with linking.as_a_whole():
        numba.njit(numba.float64(numba.float64))(lambda x: outside_functions.positive(x))
    users_own = numba.njit(lambda x: outside_functions.positive(x))
    assert users_own(2.0) == 2.0
    with pytest.raises(ValueError, match="not positive") as caught:
        users_own(-1.0)
    assert caught.value.args == ("not positive", -1.0)


def test_a_function_inside_a_whole_knows_its_constants() -> None:
    from chainsim.engines.compiled import building, linking

    @numba.njit(**building.INNER)
    def positive(x):  # type: ignore[no-untyped-def]
        if x <= 0.0:
            raise ValueError("not positive", x)
        return x

    with linking.as_a_whole():
        whole = numba.njit(numba.float64(numba.float64))(lambda x: positive(x))
    with pytest.raises(ValueError, match="not positive") as caught:
        whole(-1.0)
    assert caught.value.args == ("not positive", -1.0)


RECURSION_FIRST = """
import numba

from chainsim.engines.compiled import linking
from tests.engines.outside_functions import is_even

with linking.as_a_whole():
    whole = numba.njit(numba.boolean(numba.int64))(lambda n: is_even(n))
print(whole(4), whole(5), is_even(6), numba.njit(lambda n: is_even(n))(7))
"""


def test_the_first_that_numba_compiles_may_be_recursive() -> None:
    """numba's own runtime, which they ask for, is there before them."""
    assert _told(RECURSION_FIRST) == "True False True False"


def test_what_is_to_be_done_before_loading_is_passed_on() -> None:
    """A loop over several threads must be able to start them when it comes from the cache."""
    from chainsim.engines.compiled import linking

    with linking.as_a_whole():
        whole = numba.njit(numba.float64(numba.float64))(lambda x: outside_functions.mean_of_many(x))
    assert whole(2.0) == 2.0
    assert _library(whole)._reload_init
    (compiled,) = whole.overloads.values()
    assert compiled.reload_init


@pytest.mark.slow
def test_both_ways_and_the_cache_tell_the_same(tmp_path: Path) -> None:
    told = []
    for way in ("as a whole", "as a whole", "numba's own", "numba's own"):  # compiled, then from the cache
        done = subprocess.run(
            [sys.executable, "-c", NUMBAS_WAY, str(tmp_path), way],
            env={**os.environ, "CHAINSIM_CACHE_DIR": str(tmp_path / way)},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        assert ("compiling" in done.stderr) == (len(told) % 2 == 0)
        told.append(done.stdout)
    assert len(set(told)) == 1


def _told(script: str) -> str:
    """What a script says in a new process."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def _library(dispatcher: object) -> object:
    (compiled,) = dispatcher.overloads.values()  # type: ignore[attr-defined]
    return compiled.library
