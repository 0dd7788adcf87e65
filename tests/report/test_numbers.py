"""Numbers for people."""

from __future__ import annotations

import math

import pytest

from chainsim.report.names import shown, two_lines
from chainsim.report.numbers import HARD, MINUS, NARROW, PLAIN, Units, exactly, on, percent, plus_minus, spread

EURO = Units("EUR")


def plain(text: str) -> str:
    return text.replace(HARD, " ").replace(NARROW, " ")


@pytest.mark.parametrize(
    ("unit", "mean", "half_width", "text"),
    [
        ("share", 0.9684, 0.0052, "96.8 ± 0.5 %"),
        ("share", 0.9684, 0.0, "96.8 %"),
        ("EUR/year", 334_123.0, 6_021.0, "334 ± 6 k€/year"),
        ("EUR/year", 1_234_567.0, 12_345.0, "1.235 ± 0.012 M€/year"),
        ("EUR/year", -9_876.0, 321.0, f"{MINUS}9 900 ± 300 €/year"),
        ("units", 1838.4, 6.2, "1 838 ± 6 units"),
        ("ratio", 1.7931, 0.041, "1.79 ± 0.04"),
        ("ratio", 0.0, 0.0, "0"),
        ("share", None, None, "–"),
        ("share", math.nan, 0.1, "–"),
    ],
)
def test_a_mean_has_the_digits_its_interval_allows(
    unit: str, mean: float | None, half_width: float | None, text: str
) -> None:
    assert plain(EURO.interval(unit, mean, half_width)) == text


def test_a_column_has_one_scale_and_one_number_of_decimals() -> None:
    scale = EURO.scale("EUR/year", [(334_123.0, 1_900.0), (402_456.0, 2_300.0), (None, None)])
    assert [plain(plus_minus(scale, m, h)) for m, h in ((334_123.0, 1_900.0), (402_456.0, 2_300.0))] == [
        "334.1 ± 1.9",
        "402.5 ± 2.3",
    ]


def test_small_amounts_are_not_hidden_by_millions() -> None:
    scale = EURO.scale("EUR/year", [(1_240_000.0, 5_000.0), (334_000.0, 5_000.0)])
    assert (scale.unit, plain(on(scale, 1_240_000.0))) == ("k€/year", "1 240")


def test_without_a_currency_money_is_said_in_words() -> None:
    units = Units("")
    assert plain(units.value("money/year", 45_000.0)) == "45.0 thousand money units/year"


def test_parameters_keep_what_matters() -> None:
    assert [plain(exactly(x)) for x in (154.0, 153.27, 0.05, 123456.78, math.nan)] == [
        "154",
        "153.27",
        "0.05",
        "123 457",
        "–",
    ]


def test_a_typed_share_comes_back_as_typed() -> None:
    assert [plain(percent(x)) for x in (0.97, 0.975, 0.9995, 1.0)] == ["97 %", "97.5 %", "99.95 %", "100 %"]


def test_spread_alone() -> None:
    assert plain(spread(EURO, "share", 0.9684, 0.0052)) == "± 0.5"
    assert spread(EURO, "share", 0.9684, None) == ""
    assert plain(plus_minus(PLAIN, 2.0, None)) == "2.00"


def test_nothing_invisible_in_a_name() -> None:
    assert shown("a\x00b\u202ec\u200bd\te") == "a�b⟨U+202E⟩c⟨U+200B⟩d e"
    assert len(shown("x" * 5000)) == 60
    assert shown("日本語 🚚") == "日本語 🚚"


def test_a_name_is_broken_outside_brackets_and_not_cut() -> None:
    assert two_lines("one two three four five six seven") == "one two three four\nfive six seven"
    assert two_lines("Smoothed ordering (R, S)") == "Smoothed\nordering (R, S)"
    assert two_lines("(s, Q), normal") == "(s, Q), normal"
    assert "…" in two_lines("x" * 40)


def test_an_interval_is_not_rounded_away() -> None:
    scale = PLAIN._replace(decimals=1)
    assert [plain(plus_minus(scale, m, h)) for m, h in ((120.3, 4.0), (0.771, 0.04))] == ["120.3 ± 4.0", "0.77 ± 0.04"]
