"""The shipped module is that of these sources, asks for nothing but memory, and is told apart when it is not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainsim.live import module
from chainsim.live.module import Engines, module_for, shipped, stale
from chainsim.live.pack import pack
from chainsim.live.wasm import Reader, Unavailable, imports_of
from chainsim.plan.plan import Plan
from tests.engines.cases import network, plan_of
from tests.engines.outside_rule import order_seven

from . import native
from .node import needs_node


def test_the_shipped_module_is_of_these_sources() -> None:
    """Only hashes are compared. When this fails: python -m chainsim.live.module"""
    assert stale() == ""


def test_a_stale_module_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.loads(module.TOLD.read_text())
    beside = tmp_path / "engine.json"
    monkeypatch.setattr(module, "TOLD", beside)
    beside.write_text(json.dumps(told | {"sources": "0"}))
    assert stale() == "engine.wasm was made of other sources: python -m chainsim.live.module"
    beside.write_text(json.dumps(told | {"sha256": "0"}))
    assert stale() == "engine.wasm is not the one that engine.json tells of"


def test_the_module_asks_for_memory_only_and_tells_nothing_of_where_it_was_made() -> None:
    assert set(imports_of(shipped())) <= {"__linear_memory", "__stack_pointer", "fmod"}  # and no pow, exp, log
    for word in (b"/home", b"/work", b"/root", b"site-packages", b"x86", b".py"):
        assert word not in shipped()


def test_the_module_is_small() -> None:
    # docks, vehicles and set-ups brought it from 89,887 bytes; sources by weight, ends of products and markdowns from 93,919
    assert len(shipped()) < 101_000


def test_numbers_of_a_module_are_read_as_they_are_written() -> None:
    assert Reader(bytes([0xE5, 0x8E, 0x26])).number() == 624485


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_module_built_again_is_the_same() -> None:
    """Byte for byte with the versions that made the shipped one; by a process of its own, as whoever ships it builds it: what others
    compiled before is seen in the order of functions."""
    pytest.importorskip("numba")
    made_by, told = module.told(shipped()), json.loads(module.TOLD.read_text())
    if [made_by[name] for name in module.MADE_BY] != [told[name] for name in module.MADE_BY]:
        pytest.skip(f"the shipped module was made by {told}, these are {made_by}")
    done = subprocess.run(
        [sys.executable, "-m", "chainsim.live.module", "--check"],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert (done.returncode, done.stderr) == (0, "")


# policies of outside packages


def outside(tmp_path: Path, rule: Any) -> Plan:
    from dataclasses import replace

    plan = plan_of(network(), tmp_path)
    return replace(plan, rules=(rule,) * len(plan.rules))


def order_by_pow(stock: Any, p: Any, memory: Any) -> float:
    """Calls the C library's pow."""
    return float((stock.on_hand + 2.0) ** 1.7)


@needs_node
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_rule_of_an_outside_package_runs_in_the_page(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    plans = {"ours": plan_of(network(), tmp_path), "theirs": outside(tmp_path, order_seven)}
    packed = pack(plans, replications=2)
    assert (packed.off, len(packed.modules)) == ({}, 2)
    page, _ = native.in_page([packed], tmp_path)
    wanted = np.concatenate([native.numbers(plan, packed) for plan in plans.values()])
    assert native.different(page, wanted) == 0
    assert module_for([order_seven]) == packed.modules[1]  # from the cache


@pytest.mark.slow
def test_a_rule_that_calls_the_c_library_is_off_in_words() -> None:
    pytest.importorskip("numba")
    with pytest.raises(Unavailable, match="it calls pow, whose last digit"):
        module_for([order_by_pow])


def test_without_numba_a_policy_of_an_outside_package_is_off_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "refusal", lambda rules: "numba is not installed")
    plans = {"ours": plan_of(network(), tmp_path), "theirs": outside(tmp_path, order_seven)}
    packed = pack(plans, replications=2)
    assert packed.off == {"theirs": "policies of outside packages are compiled for the page: numba is not installed"}
    assert [policy["off"] for policy in packed.page["policies"]] == ["", packed.off["theirs"]]
    assert Engines().number_of(plans["ours"].rules) == (0, "")
