"""Two sets of results side by side."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from chainsim.errors import UsageError
from chainsim.study import compare, run
from tests.study import toy


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> None:
    toy.install(monkeypatch)


def test_the_same_run_is_paired_and_equal() -> None:
    table = compare(run(toy.scenario()), run(toy.scenario()), ["fill_rate"])
    assert list(table["policy"]) == ["less", "more"]
    assert set(table["method"]) == {"paired"}
    assert set(table["difference"]) == {0.0}
    assert set(table["verdict"]) == {"cannot be told apart"}


def test_other_customers_are_not_paired() -> None:
    table = compare(run(toy.scenario()), run(toy.scenario(), seed=8), ["fill_rate", "lost_sales_rate"])
    assert set(table["method"]) == {"independent"}
    assert len(table) == 4
    row = table.iloc[0]
    assert row["difference"] == pytest.approx(row["second"] - row["first"])


def test_nothing_in_common_is_said() -> None:
    with pytest.raises(UsageError, match="less in the first, more in the second"):
        compare(run(toy.scenario(), policies=["less"]), run(toy.scenario(), policies=["more"]))
