"""Formulas name theory and nothing else."""

from __future__ import annotations

import pytest

from chainsim.errors import UsageError
from chainsim.lessons.formulas import number, worked_out


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os').system('true')",
        "eoq.__builtins__",
        "eoq.sqrt.__globals__",
        "(1).__class__",
        "LeadTimeDemand.__init__",
        "LeadTimeDemand(1, 0).quantile.__func__",
        "search.smallest_integer.__code__",
        "open('/etc/passwd')",
        "lambda: 1",
        "[x for x in (1, 2)]",
        "eoq.literally_nothing(1)",
        "os.system('true')",
        "''.join",
        "9 ** 9 ** 9",
        "2 ** 1e300",
        "'a' * 10 ** 9",
        "1 / 0",
        "demand",
        "(1, 2) * 1000000000",
        "((((" * 200,
        "x" * 2000,
    ],
)
def test_anything_else_is_refused(formula: str) -> None:
    with pytest.raises(UsageError, match="cannot be worked out"):
        worked_out(formula, {})


def test_what_is_no_finite_number_is_refused() -> None:
    for formula in ("'text'", "LeadTimeDemand(6, 0)", "1e308 * 10", "LeadTimeDemand(1, 0).known"):
        with pytest.raises(UsageError):
            number(formula, {})


def test_what_formulas_can_do() -> None:
    names = {"d": 4, "probabilities": (0.5, 0.5)}
    assert number("max(d, 2) + probabilities[1] - -1", names) == 5.5
    assert number("bullwhip_chain.decentralised((2,) * 3, 5)[2]", names) == pytest.approx(13.51712)
    assert number(
        "reorder_point.poisson_measures(lead_time_mean=4.0, reorder_point=3, order_quantity=20).backorders", names
    ) == pytest.approx(0.0761897)
