"""The features reach every line of the business rules: whoever writes a rule adds a feature that uses it."""

from __future__ import annotations

import sys
from collections import defaultdict
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

import chainsim.rules
from chainsim.engines.simpy_engine import simulate

from .cases import plan_of
from .features import FEATURES

RULES = Path(chainsim.rules.__file__).parent
TYPES = ("choices.py", "happenings.py", "ladders.py", "rows.py", "world.py")
"""Names of codes, tables, what is written from them, and what rules see, for mypy: no run calls them."""
WRITERS = ("_key", "_ladder")
"""What writes functions from tables runs when the module is loaded."""
UNREACHED = {
    ("allocate.py", "return"),  # shares of crumbs of divisible units
    ("allocate.py", "break"),  # a guard: there is always somebody to deal to
    ("customer.py", "return 1e300"),  # nobody may buy at a supplier
    ("grid.py", "return 0.0"),  # a guard: it is asked of what was rounded only
    (
        "outage.py",
        "at = tick_after(at, outage.start, outage.every, outage.every_rest)",
    ),  # a guard: outages end before the next
    ("move.py", "move_echelon(w, lane.first_gain, lane.gains, quantity)"),  # a second source within an echelon
    ("order.py", "part = left"),  # a guard against rounding of shares
    ("serve.py", "return True"),  # a guard: what is short does not suffice for all
    ("serve.py", "return"),  # a guard: nothing is not given
}


@pytest.mark.slow
def test_the_features_reach_every_line_of_the_rules(tmp_path: Path) -> None:
    reached: dict[str, set[int]] = defaultdict(set)

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if not frame.f_code.co_filename.startswith(str(RULES)):
            return None
        reached[Path(frame.f_code.co_filename).name].add(frame.f_lineno)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for document in FEATURES.values():  # when it is compiled, lengths become ticks
            simulate(plan_of(document, tmp_path), 0, log=True)
    finally:
        sys.settrace(before)
    missed = []
    for file in RULES.glob("*.py"):
        if file.name in TYPES:
            continue
        text = file.read_text("utf-8").splitlines()
        for number in sorted(lines_of_functions(file) - reached[file.name]):
            line = text[number - 1].split("#")[0].strip()
            if (file.name, line) not in UNREACHED:
                missed.append(f"{file.name}:{number}: {line}")
    assert missed == []


def lines_of_functions(file: Path) -> set[int]:
    """Numbers of the lines inside functions; the `def` itself runs when the module is loaded."""
    module = compile(file.read_text("utf-8"), str(file), "exec")
    found: set[int] = set()
    waiting = [code for code in module.co_consts if isinstance(code, CodeType)]
    while waiting:
        code = waiting.pop()
        if (
            code.co_flags & CO_OPTIMIZED and code.co_name not in WRITERS
        ):  # a function: the body of a class runs when the module is loaded, too
            found |= {number for _, _, number in code.co_lines() if number} - {code.co_firstlineno}
        waiting += [inner for inner in code.co_consts if isinstance(inner, CodeType)]
    return found
