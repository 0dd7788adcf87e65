"""Writes scenarios/gift_daily_sample.csv: made-up demand in the form that gift_wholesaler_replay wants.

    python docs/make_daily_sample.py

374 days and the scenario's twenty items. Nothing is measured: on a day of trade (Sunday to Friday) an item is asked for with a
chance by its group, and then in a quantity that is the product of two even ones, so that few days hold much of it; from
October to December half as much again. Chance is a linear congruential generator in whole numbers, the same everywhere.
A test fails when the file is out of step.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import yaml

SCENARIOS = Path(__file__).parents[1] / "scenarios"
FILE = SCENARIOS / "gift_daily_sample.csv"
FIRST, DAYS, SEED = date(2023, 12, 1), 374, 2011
CHANCE = {"fast": 80, "medium": 45, "slow": 12}  # per cent of trading days with demand
USUAL = {"fast": 60, "medium": 24, "slow": 6}  # mean quantity on such a day


def draws() -> Iterator[int]:
    """Whole numbers from 0 to 2³¹ − 1 (Knuth 1997, The Art of Computer Programming 2, §3.3.4: a = 62089911)."""
    state = SEED
    while True:
        state = 62089911 * state % (2**31 - 1)
        yield state


def text() -> str:
    """The whole table."""
    products = yaml.safe_load((SCENARIOS / "gift_wholesaler_replay.yaml").read_text("utf-8"))["products"]
    chance, lines = draws(), [",".join(["date", *products])]
    for day in (FIRST + timedelta(k) for k in range(DAYS)):
        row = [day.isoformat()]
        for product in products.values():
            (group,) = product["groups"]
            asked = next(chance) * 100 >> 31 < CHANCE[group] and day.weekday() != 5
            usual = USUAL[group] * (3 if day.month >= 10 else 2) // 2
            quantity = 1 + (4 * usual * next(chance) * next(chance) >> 62)
            row.append(str(quantity if asked else 0))
        lines.append(",".join(row))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8", newline="\n")
