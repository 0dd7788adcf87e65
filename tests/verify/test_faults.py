"""The deliberate faults of `faults.py` can still be put in: the sources say what they change, once."""

from __future__ import annotations

import pytest

from .faults import FAULTS, ROOT, Fault


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_changes_one_place(fault: Fault) -> None:
    assert (ROOT / "src/chainsim" / fault.file).read_text("utf-8").count(fault.old) == 1
    assert fault.old != fault.new
