"""The letters of the parameters' formulas: one notation on a page, every symbol explained, and how numbers were rounded."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from chainsim.report.facts import Facts

SYMBOLS = {
    "D": "demand per time unit",
    "d": "mean demand per time unit",
    "σ": "standard deviation of demand per time unit",
    "σ_L": "standard deviation of the lead time",
    "D_M": "demand over the protection interval M",
    "D_end": "demand up to the end of a review's cover",
    "D_start": "demand up to its start",
    "D_i": "demand over the lead time of stage i",
    "G": "expected units short at a level, E[(D_M − level)⁺]",
    "L": "mean lead time",
    "M": "protection interval: lead time, and review interval where stock is reviewed by period",
    "R": "review interval",
    "K": "cost of one order",
    "h": "cost of holding one unit for one time unit",
    "h_i": "what stage i adds to that (echelon holding cost)",
    "b": "cost of one unit waiting for one time unit",
    "B": "buffer: demand over the buffer time",
    "Q": "order quantity",
    "s": "reorder point: order when the inventory position is at or below it",
    "S": "order-up-to level",
    "S_e": "echelon base-stock level",
    "S_i": "base-stock level of stage i",
    "S_t": "order-up-to level at review t",
    "S_0": "base-stock level of the warehouse",
    "F_t": "forecast at review t",
    "F₀": "forecast at the start",
    "σ̂": "standard deviation of the forecast's errors",
    "σ̂₀": "the same at the start",
    "V": "variance that smoothing the orders adds",
    "z": "safety factor, Φ⁻¹(α)",
    "Φ": "standard normal distribution function",
    "φ": "share of the gap closed at each review",
    "α": "service level: share of cycles without stock-out",
    "β": "fill rate: share of units filled at once",
    "τ": "net replenishment time: SI + T − service time",
    "SI": "service time of the site's own source",
    "T": "lead time of the site",
    "n": "number of cards",
    "C": "units in a container",
    "y": "echelon inventory position",
    "E": "expected value",
    "P": "probability",
}
"""What each symbol means. Times are in the scenario's time unit."""
_NOTATION = (
    ("sqrt(", "√("),
    ("2·K·d / h", "2·K·d/h"),
    ("2KD/h", "2·K·D/h"),
    (" - ", " − "),
    ("sigma", "σ"),
    ("tau", "τ"),
)
_WORD = re.compile(r"[^\W\d]+[₀-₉̂]*(?:_[^\W_]+)?[₀-₉]*")


def notation(text: str) -> str:
    """A formula in the one notation of the page.

    >>> notation("Q = sqrt(2·K·d / h)"), notation("Q = √(2KD/h)"), notation("tau = SI + T - service time")
    ('Q = √(2·K·d/h)', 'Q = √(2·K·D/h)', 'τ = SI + T − service time')
    """
    for old, new in _NOTATION:
        text = text.replace(old, new)
    return text


def one_symbol(name: str, symbol: str) -> str:
    """The symbol of a parameter: a reorder point is s, whoever derived it.

    >>> one_symbol("reorder point", "r"), one_symbol("order_quantity", "Q")
    ('s', 'Q')
    """
    return "s" if name.replace("_", " ") == "reorder point" else symbol


def legend(facts: Facts) -> list[tuple[str, str]]:
    """Every symbol in the parameters of this page, with its meaning, in the order of `SYMBOLS`."""
    table = facts.tables.derived
    columns = (table[c].astype(object).tolist() for c in ("name", "symbol", "formula", "inputs"))
    texts = [
        f"{one_symbol(str(n), str(s))} {notation(str(f))} {notation(str(i))}"
        for n, s, f, i in zip(*columns, strict=True)
    ]
    seen = {word for text in set(texts) for word in _WORD.findall(text)}
    return [(symbol, meaning) for symbol, meaning in SYMBOLS.items() if symbol in seen]


def rounding_sentence(rows: Iterable[tuple[object, object, object]]) -> str:
    """How the parameters of a policy came from what their formulas gave, as it was in fact done; rows: name, used, before.

    >>> rounding_sentence([("order_quantity", 1055.0, 1054.7), ("reorder point", 93.0, 93.0)])
    'The order quantity was rounded up to a whole unit.'
    >>> rounding_sentence([("order_quantity", 85.0, 85.44), ("order_quantity", 1055.0, 1054.7), ("reorder_point", 54.0, 53.2)])
    'The order quantity was rounded to the nearest whole unit; the reorder point was rounded up to a whole unit.'
    """
    moved: dict[str, set[str]] = {}
    for name, used, before in rows:
        a, b = float(used), float(before)  # type: ignore[arg-type]
        if a == b or a != a or b != b:
            continue
        whole = a == math.floor(a)
        nearest = abs(a - b) <= 0.5
        way = "up" if a > b else "down"
        moved.setdefault(str(name).replace("_", " "), set()).add(
            f"{way}{'' if whole and abs(a - b) < 1 else '*'}{' near' if nearest else ''}"
        )
    told: dict[str, list[str]] = {}
    for name, ways in moved.items():
        if any("*" in w for w in ways):
            word = "changed by its limits or lots"
        elif {w.split()[0] for w in ways} == {"up"}:
            word = "rounded up to a whole unit"
        elif {w.split()[0] for w in ways} == {"down"}:
            word = "rounded down to a whole unit"
        elif all("near" in w for w in ways):
            word = "rounded to the nearest whole unit"
        else:
            word = "rounded to a whole unit, here up and there down"
        told.setdefault(word, []).append(name)
    parts = [
        f"the {' and the '.join(names)} {'was' if len(names) == 1 else 'were'} {word}" for word, names in told.items()
    ]
    if not parts:
        return ""
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."
