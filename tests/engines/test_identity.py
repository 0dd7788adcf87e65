"""A compiled event loop is found again in the next process, and never after what it was made of has changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest

from chainsim.engines.compiled.identity import identity_of

numba = pytest.importorskip("numba")

from tests.engines import outside_functions  # noqa: E402  (needs numba)


def asks_others(stock: Any, p: Any, memory: Any) -> float:
    return float(outside_functions.positive(np.floor(stock.on_hand)) + helper(1.0))


helper = outside_functions.positive

ASKED = """
from chainsim.engines.compiled.identity import identity_of
from tests.engines.test_identity import asks_others
print(identity_of([asks_others]))
"""


def test_it_is_the_same_in_every_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert done.stdout.strip() == identity_of([asks_others])


def rule_with(text: str, **names: Any) -> FunctionType:
    """A rule that knows these names."""
    known = {"__name__": "outside", **names}
    exec(f"def rule(stock, p, memory):\n    return {text}", known)
    rule = known["rule"]
    assert isinstance(rule, FunctionType)
    return rule


def module_with(**names: Any) -> ModuleType:
    module = ModuleType("settings")
    vars(module).update(names)
    return module


LONG = np.arange(2000.0)
CHANGED = LONG + (np.arange(2000) == 1000)
CASES = {
    "a number": (rule_with("LEVEL", LEVEL=1.0), rule_with("LEVEL", LEVEL=2.0)),
    "a long table": (rule_with("TABLE[1]", TABLE=LONG), rule_with("TABLE[1]", TABLE=CHANGED)),
    "a tuple of tables": (rule_with("T[0][1]", T=(LONG,)), rule_with("T[0][1]", T=(CHANGED,))),
    "a module's number": (rule_with("s.LEVEL", s=module_with(LEVEL=1)), rule_with("s.LEVEL", s=module_with(LEVEL=2))),
    "named in an inner function": (
        rule_with("sum([LEVEL for i in range(3)])", LEVEL=1.0),
        rule_with("sum([LEVEL for i in range(3)])", LEVEL=2.0),
    ),
    "a compiled function": (
        rule_with("f(1.0)", f=numba.njit(rule_with("1.0"))),
        rule_with("f(1.0)", f=numba.njit(rule_with("2.0"))),
    ),
    "how it is compiled": (
        rule_with("f(1.0)", f=numba.njit(rule_with("1.0"))),
        rule_with("f(1.0)", f=numba.njit(fastmath=True)(rule_with("1.0"))),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_another_value_is_another_identity(case: str) -> None:
    one, other = CASES[case]
    assert identity_of([one]) == identity_of([one])
    assert identity_of([one]) != identity_of([other])
