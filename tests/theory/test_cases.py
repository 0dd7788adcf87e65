"""All known answers against the theory library: every number of `cases.yaml`, or its name and the reason why not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from . import answers_lots, answers_network, answers_periodic, answers_single

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
ANSWERS = {
    case: cache(answers)
    for area in (answers_lots, answers_single, answers_periodic, answers_network)
    for case, answers in area.ANSWERS.items()
}

EXACT = 1e-9  # relative; the answers are given to 12 digits
# what a figure allows where it is not exact: (case, end of its name) → (relative, absolute, why)
TOLERANCES = {
    ("P-ZF-1", ".published"): (0.0, 5e-4, "printed with 3 decimals"),
    ("P-SER-1", "published_optimal_cost"): (0.0, 5e-4, "printed with 3 decimals"),
    ("P-SER-2", "published_optimal_cost"): (0.0, 5e-4, "printed with 3 decimals"),
    ("P-LSP-1", "published_optimal_cost"): (0.0, 5e-3, "printed with 2 decimals"),
    ("P-GSM-3", "published_optimal_cost"): (1e-3, 0.0, "printed as 49 thousand"),
    ("P-LSP-1", "optimal_policy_cost"): (1e-8, 0.0, "both by value iteration, to 1e-8"),
    ("P-SER-3", "optimal_cost"): (1e-7, 0.0, "normal demand on a grid of 0.002 standard deviations, on both sides"),
    ("P-SER-3", "optimal_echelon_S_stage1_first"): (0.0, 0.002, "levels to a point of that grid"),
    ("P-DIS-1", "Q_opt"): (1e-7, 0.0, "searched on the cost, which is flat there; ours is the root of its derivative"),
}
# quantities that no theory can give
NOT_THEORY = {
    ("P-LK-1", ".book_single_run_total"): "one run of the book's program with its random numbers",
    ("P-ID-1", "flow_balance_residual"): "holds for a run, not for a formula",
    ("P-ID-1", "order_balance_residual"): "holds for a run, not for a formula",
}


@pytest.mark.parametrize("case", CASES)
def test_every_known_answer(case: str) -> None:
    found = ANSWERS[case]()
    for name, value in CASES[case]["values"].items():
        if reason(NOT_THEORY, case, name) is None:
            assert name in found, f"{case}: {name} is neither computed nor named as not computed"
            assert_same(case, name, found[name], value)


def test_nothing_is_computed_or_excused_that_is_not_asked_for() -> None:
    assert set(ANSWERS) == set(CASES)
    asked = {(case, name) for case in CASES for name in CASES[case]["values"]}
    for case, answers in ANSWERS.items():
        assert {(case, name) for name in answers()} <= asked
    for case, end in (*TOLERANCES, *NOT_THEORY):
        assert any(c == case and name.endswith(end) for c, name in asked)


def test_the_count_of_cases_and_numbers() -> None:
    """82 cases; of 626 named quantities 11 are no theory (the nine runs of a book, two balances of a run)."""
    names = [(case, name) for case in CASES for name in CASES[case]["values"]]
    excused = [pair for pair in names if reason(NOT_THEORY, *pair)]
    assert (len(CASES), len(names), len(excused)) == (82, 626, 11)


def assert_same(case: str, name: str, found: object, value: object) -> None:
    if value is None:
        assert found is None
        return
    relative, absolute, _ = reason(TOLERANCES, case, name) or (EXACT, 0.0, "")
    expected, got = list(flat(value)), list(flat(found))
    # zeros: what is left of numbers of the size of one
    assert got == pytest.approx(expected, rel=relative, abs=max(absolute, 1e-12)), f"{case}: {name}"


def flat(value: object) -> Iterator[float]:
    """The numbers of nested lists; of a table by name in the order of the names."""
    if isinstance(value, dict):
        yield from flat([value[key] for key in sorted(value)])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from flat(item)
    else:
        yield float(value)  # type: ignore[arg-type]


def reason(table: dict[tuple[str, str], Any], case: str, name: str) -> Any:
    """What the table says of this quantity, if anything."""
    return next((what for (c, end), what in table.items() if c == case and name.endswith(end)), None)
