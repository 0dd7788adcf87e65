"""Tables of continuous laws are the same to the last bit whatever the processor: libraries of linear algebra, and NumPy's
logarithm, choose their instructions by it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from chainsim.chance.tables import TERMS, _interpolation

TOLD = """
import hashlib
from chainsim.chance.continuous import Gamma, Lognormal, Normal, Weibull
from chainsim.chance.tables import build
laws = Gamma(mean=4, cv=0.4), Gamma(mean=1, cv=2), Lognormal(mean=3, cv=0.8), Weibull(mean=3, cv=0.7), Normal(mean=0, sd=1)
print(hashlib.sha256(b"".join(build(law.standard()[0])[3].tobytes() for law in laws)).hexdigest())
"""


def told(**machine: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", TOLD],
        env={**os.environ, **machine},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("kernel", ["Prescott", "Sandybridge", "Haswell"])
def test_another_processor_makes_the_same_tables(kernel: str) -> None:
    """OpenBLAS takes the kernels of older processors when it is told to; where it does not, nothing is asked here."""
    assert told(OPENBLAS_CORETYPE=kernel, NPY_DISABLE_CPU_FEATURES="X86_V4 AVX512_ICL AVX512_SPR") == told()


def test_the_polynomials_go_through_their_points() -> None:
    points, polynomials = _interpolation()
    for j, powers in enumerate(polynomials):
        for k, x in enumerate(points.tolist()):
            value = 0.0
            for coefficient in powers.tolist():
                value = value * x + coefficient
            assert value == pytest.approx(float(j == k), abs=1e-12)
    assert len(points) == TERMS
