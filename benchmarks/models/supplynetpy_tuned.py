"""The SupplyNetPy model as quick as we could make it: draws from NumPy blocks, the log of every node switched off."""

from __future__ import annotations

from functools import partial

from measure import report
from supplynetpy_w1 import VERSIONS, build, run

if __name__ == "__main__":
    report(partial(build, tuned=True), run, *VERSIONS)
