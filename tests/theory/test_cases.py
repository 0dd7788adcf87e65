"""All known answers against the theory library: every number of the cases, or its name and the reason why not."""

from __future__ import annotations

import pytest

from chainsim.verify import cases
from chainsim.verify.answers import ANSWERS, answers
from chainsim.verify.judging import equal

CASES = cases()
PUBLISHED = [
    case for case in CASES if not case.startswith("P-SIM-")
]  # those six are about instants, and simulated only


@pytest.mark.parametrize("case", PUBLISHED)
def test_every_known_answer(case: str) -> None:
    found = answers(case)
    for name, value in CASES[case].values.items():
        if CASES[case].why_unknown(name):
            assert name not in found
            continue
        assert name in found, f"{case}: {name} is neither computed nor named as not computed"
        relative, absolute, _ = CASES[case].tolerance(name)
        assert equal(found[name], value, relative, absolute), f"{case}: {name}: {found[name]} against {value}"


def test_nothing_is_computed_or_excused_that_is_not_asked_for() -> None:
    assert set(ANSWERS) == set(PUBLISHED)
    for id in PUBLISHED:
        assert set(answers(id)) <= set(CASES[id].values)
        for end in (*CASES[id].tolerances, *CASES[id].unknown):
            assert any(name.endswith(end) for name in CASES[id].values)


def test_the_count_of_cases_and_numbers() -> None:
    """82 published cases; of 626 named quantities 11 are no theory (the nine runs of a book, two balances of a run)."""
    names = [(id, name) for id in PUBLISHED for name in CASES[id].values]
    excused = [(id, name) for id, name in names if CASES[id].why_unknown(name)]
    assert (len(PUBLISHED), len(names), len(excused)) == (87, 655, 11)
