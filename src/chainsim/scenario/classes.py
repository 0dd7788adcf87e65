"""ABC classes of an item master: products by their annual usage value, the largest first, until each class has its share.

`abc: 80/15/5`: an item is in A while those before it hold less than 80 % of the value, in B below 95 %, else in C. The
usage value is mean demand × unit cost, over all rows of a product.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import inf, nan
from typing import Any

from chainsim.chance.base import DISTRIBUTIONS
from chainsim.ordering import natural
from chainsim.scenario import cells
from chainsim.scenario.columns import Column, homes, keys_in
from chainsim.scenario.demand_rows import YEARS
from chainsim.scenario.nodes import Node
from chainsim.scenario.render import escape
from chainsim.scenario.tables import Row, Table
from chainsim.showing import counted

LETTERS = "ABCDE"


def shares_in(text: Any) -> list[float]:
    """The shares of A, B, C … Raises ValueError with a sentence.

    >>> shares_in("80/15/5")
    [0.8, 0.15, 0.05]
    """
    parts = str(text).replace("%", "").split("/")
    if not 2 <= len(parts) <= len(LETTERS) or not all(re.fullmatch(r" *[0-9]+(?:\.[0-9]+)? *", part) for part in parts):
        raise ValueError(f"expected shares of A, B and C such as 80/15/5, got '{str(text)[:40]}'")
    numbers = [float(part) for part in parts]
    if abs(sum(numbers) - 100.0) > 1e-9:
        raise ValueError(f"the shares add up to {sum(numbers):g} and not to 100")
    return [number / 100.0 for number in numbers]


def classes_of(value: Mapping[str, float], shares: Sequence[float]) -> dict[str, str]:
    """Product → its class.

    >>> classes_of({"tea": 5.0, "soup": 80.0, "salt": 15.0}, [0.8, 0.15, 0.05])
    {'soup': 'A', 'salt': 'B', 'tea': 'C'}
    """
    total, before, found = sum(value.values()), 0.0, {}
    ends = [sum(shares[: k + 1]) * total for k in range(len(shares))]
    for name in sorted(value, key=lambda one: (-value[one], natural(one))):
        place = next((k for k, end in enumerate(ends) if before < end * (1 - 1e-12)), len(shares) - 1)
        found[name] = LETTERS[place] if value[name] > 0 else LETTERS[len(shares) - 1]
        before += value[name]
    return found


def with_classes(
    table: Table, products: Node, text: Any, ignored: Sequence[str], *, alone: bool
) -> tuple[list[str], list[Column]]:
    """Give each product of the mapping its class as a group, and say how large the classes are; also the columns used.

    alone: nobody else reads the column of demand, and would say what is wrong in it.
    """
    columns = homes(table, {"products": keys_in("products"), "demand": keys_in("demand", "per_period")}, ignored)
    held = {column.key: column for column in columns}
    lacking = [what for key, what in (("mean", "demand"), ("unit_cost", "unit cost")) if key not in held]
    own = next(
        (table.header[c.index] for c in columns if c.key == "groups" and "abc" in table.header[c.index].lower()), ""
    )
    try:
        shares = shares_in(text)
    except ValueError as error:
        table.note(1, "", f"abc: {escape(str(error))}", "write abc: 80/15/5 beside `file`")
        return [], []
    if lacking:
        cure = "add it, or a column of classes called `ABC`"
        table.note(
            1, "", f"abc needs a column of {' and one of '.join(lacking)}; found columns {table.columns()}", cure
        )
        return [], []
    if own:
        cure = f"leave `abc` out, or ignore: [{escape(own)}]"
        table.note(1, own, f"the table has classes in '{escape(own)}', and abc derives others", cure)
        return [], []
    value = dict.fromkeys(products.value, 0.0)
    for row in table.rows:
        name = row.cells[held["product"].index].strip()
        cost, usage = (_number(table, row, held[key].index, alone) for key in ("unit_cost", "mean"))
        if name in value:
            value[name] += cost * usage / YEARS.get(held["mean"].per, 1.0)
    used = [held["mean"], held["unit_cost"]]
    if table.findings:
        return [], used
    classes = classes_of(value, shares)
    for name, letter in classes.items():
        _join(products.value[name], letter)
    return [_told(value, classes, shares)], used


def _number(table: Table, row: Row, i: int, alone: bool) -> float:
    """A cell's number, or the mean of its distribution; 0 where it is blank, or is none, which is noted."""
    text = row.cells[i].strip()
    try:
        found = cells.distribution(table, text, time=False) if text else 0.0
        if isinstance(found, dict):
            fields = {key: held for key, held in found.items() if key != "dist"}
            law = DISTRIBUTIONS.get(found["dist"])(**fields)
            found = nan if law.problems() else law.expectation()
        if 0.0 <= float(found) < inf:
            return float(found)
        wrong, cure = f"expected demand of 0 or more, got '{escape(text[:40])}'", ""
    except cells.Unread as error:
        wrong, cure = error.message, error.cure
    except (TypeError, ValueError, ZeroDivisionError):
        wrong, cure = (
            f"expected demand with a mean, got '{escape(text[:40])}'",
            "`chainsim explain` says what a distribution needs",
        )
    if alone:
        table.note(row.line, table.header[i], wrong, cure)
    return 0.0


def _join(product: Node, letter: str) -> None:
    place = Node(letter, product.line, 0, file=product.file)
    held = product.value.get("groups")
    before = [] if held is None else held.value if isinstance(held.value, list) else [held]
    product.value["groups"] = Node([*before, place], product.line, 0, file=product.file)
    product.keys["groups"] = (product.line, 0)


def _told(value: Mapping[str, float], classes: Mapping[str, str], shares: Sequence[float]) -> str:
    total = sum(value.values())
    parts = []
    for letter in LETTERS[: len(shares)]:
        inside = [name for name in classes if classes[name] == letter]
        part = sum(value[name] for name in inside) / total if total > 0 else 0.0
        parts.append(f"{letter} {counted(len(inside), 'item')} with {100 * part:.1f} %")
    return f"classes by annual usage value: {', '.join(parts)}"
