"""P49: a few of the deliberate faults of tests/mutations.py, and whether the list is still in step. `.ci/run` makes them all."""

from __future__ import annotations

import pytest

from tests import mutations as script

ALL = {mutation.name: mutation for mutation in script.mutations()}


@pytest.mark.parametrize("name", ["lead-time-one-period-longer", "trigger-below", "fill-rate-with-backfills"])
def test_a_broken_rule_fails_a_test(name: str) -> None:
    verdict = script.verdict_on(ALL[name])
    assert verdict.killed_by.startswith("tests/")


@pytest.mark.parametrize("name", ALL)
def test_every_fault_can_be_made_and_names_tests_that_exist(name: str) -> None:
    mutation = ALL[name]
    text = (script.SOURCES / mutation.file).read_text("utf-8")
    assert text.count(mutation.old) == 1
    assert mutation.new != mutation.old
    assert mutation.meaning
    for test in mutation.tests:
        file, _, function = test.partition("::")
        source = (script.ROOT / file).read_text("utf-8")
        assert f"def {function.partition('[')[0]}(" in source or not function


def test_a_change_that_breaks_nothing_survives() -> None:
    """The script can say no: a comment is no fault."""
    harmless = ALL["trigger-below"]._replace(new="if short < 0.0:  # as before")
    assert script.verdict_on(harmless).killed_by == ""
