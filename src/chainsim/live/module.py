"""The engine as a WebAssembly module: the shipped one, and one more for policies of outside packages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

Rule = Callable[..., float]
HERE = Path(__file__).parent
MODULE = HERE / "engine.wasm"


class Engines:
    """The modules of a page, the shipped one first."""

    def __init__(self) -> None:
        self.modules = [MODULE.read_bytes()]

    def number_of(self, rules: Sequence[Rule]) -> tuple[int, str]:
        """The number of the module that knows these rules, and why there is none ('' when there is)."""
        if all(rule.__module__.startswith("chainsim.") for rule in rules):
            return 0, ""
        return -1, "policies of outside packages have no module yet"
