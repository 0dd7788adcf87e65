"""Numbers for people."""

from __future__ import annotations

import math

import pytest

from chainsim.report.names import shown, two_lines
from chainsim.report.numbers import (
    HARD,
    MINUS,
    NARROW,
    PLAIN,
    Units,
    exactly,
    on,
    percent,
    plus_minus,
    spread,
)  # fmt: skip
from chainsim.report.precision import replications, tells_nothing, times, tiny

EURO = Units("EUR")


def plain(text: str) -> str:
    return text.replace(HARD, " ").replace(NARROW, " ")


@pytest.mark.parametrize(
    ("unit", "mean", "half_width", "text"),
    [
        ("share", 0.9684, 0.0052, "96.8 ± 0.5 %"),
        ("share", 0.9684, 0.0, "96.8 %"),
        ("EUR/year", 334_123.0, 6_021.0, "€334k ± 6k/year"),
        ("EUR/year", 1_234_567.0, 12_345.0, "€1.235M ± 0.012M/year"),
        ("EUR/year", -9_876.0, 321.0, f"{MINUS}€9 900 ± 300/year"),
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
    assert (scale.unit, plain(on(scale, 1_240_000.0))) == ("€k/year", "1 240")


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


@pytest.mark.parametrize(
    ("decimals", "mean", "half_width", "text"),
    [
        (-2, 1.0, 0.0, "1.00"),  # the bullwhip of a stage that passes orders on, beside one of 1 380 ± 1 300
        (-2, 1380.0, 1300.0, "1 400 ± 1 300"),
        (-1, 67.6, 30.0, "70 ± 30"),
        (2, 9.55061, 0.00015, "9.55 ± 0.01"),  # no finer than its column, and the interval not rounded away
        (1, 0.771, 0.04, "0.77 ± 0.04"),
        (0, 0.0, 0.0, "0"),
    ],
)
def test_a_column_rounds_no_number_past_its_own_digits(
    decimals: int, mean: float, half_width: float, text: str
) -> None:
    assert plain(plus_minus(PLAIN._replace(decimals=decimals), mean, half_width)) == text


def test_what_is_not_nothing_is_never_shown_as_nothing() -> None:
    for decimals in range(-3, 3):
        for x in (1.0, 0.004, 12.5, -0.3, 7e-6):
            assert float(plain(on(PLAIN._replace(decimals=decimals), x)).replace(MINUS, "-").replace(" ", "")) != 0
    assert plain(on(PLAIN._replace(decimals=1), 1e-17)) == "0.0"  # rounding error is nothing


def test_a_share_just_below_100_is_not_said_to_be_100() -> None:
    assert plain(EURO.interval("share", 0.99991, 0.0004)) == "99.99 ± 0.04 %"
    assert plain(EURO.interval("share", 0.99998, 0.00004)) == "99.998 ± 0.004 %"
    assert plain(EURO.value("share", 0.99996, 0.0)) != "100 %"
    assert plain(EURO.value("share", 1.0, 0.0)) == "100 %"
    column = EURO.scale("share", [(0.25, 0.0034), (0.9991, 0.0004)])
    assert [plain(plus_minus(column, m, h)) for m, h in ((0.25, 0.0034), (0.9991, 0.0004))] == [
        "25.00 ± 0.34",
        "99.91 ± 0.04",
    ]


@pytest.mark.parametrize(
    ("currency", "text"),
    [("GBP", "£91k/year"), ("USD", "$91k/year"), ("SEK", "SEK 91k/year"), ("", "91 thousand money units/year")],
)
def test_money_is_written_as_english_does(currency: str, text: str) -> None:
    units = Units(currency)
    assert plain(units.value(f"{currency or 'money'}/year", 91_000.0, 2_000.0)) == text


def test_a_range_names_its_currency_at_both_ends() -> None:
    assert plain(EURO.between("EUR/year", 300.0, 1300.0)) == "€300 to €1 300/year"
    assert plain(EURO.between("units", 90.0, 95.0)) == "90 to 95 units"


def test_advice_to_run_more_has_one_digit_or_words() -> None:
    assert [plain(replications(n)) for n in (2, 85, 101, 6256, 10_000, 10_001, None)] == [
        "about 2 replications", "about 90 replications", "about 200 replications", "about 7 000 replications", "about 10 000 replications",
        "more than 10 000 replications", "more than 10 000 replications",
    ]  # fmt: skip


def test_an_interval_down_to_nothing_tells_nothing() -> None:
    assert tells_nothing(3000.0, 4000.0)
    assert not tells_nothing(3000.0, 2999.0)
    assert not tells_nothing(0.0, 0.0)
    assert not tells_nothing(5.0, None)


def test_tiny_numbers_are_powers_of_ten() -> None:
    assert [plain(tiny(x)) for x in (1e-9, 4.6e-16, 2.0e-4)] == ["10⁻⁹", "5 × 10⁻¹⁶", "2 × 10⁻⁴"]


def test_a_multiple_has_two_decimals_at_most() -> None:
    assert [plain(times(*x)) for x in ((0.449,), (3000.0, 4000.0), (0.0003, 0.0006), (1.0, 0.0), (None,))] == [
        "0.45×", "3 000×", "below 0.01×", "1.00×", "–",
    ]  # fmt: skip
