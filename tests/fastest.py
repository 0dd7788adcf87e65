"""The engine of tests that are about numbers: results are the same on each, and parity has tests of its own."""

from __future__ import annotations

from chainsim.engines.base import compiled_support

ENGINE = "compiled" if compiled_support() else "simpy"
