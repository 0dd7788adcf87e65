"""Each kind of value: how it is read. What the JSON Schema says about it: `kinds_json`.

A reader takes what YAML gave and returns what the model keeps, or raises `Wrong` with what was expected and a cure.
Durations and rates come out as plain numbers in the scenario's time unit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from math import isfinite
from typing import Any

from chainsim.scenario.keys import Key
from chainsim.scenario.language_levers import USUAL
from chainsim.scenario.render import escape
from chainsim.scenario.scalars import number_advice, points_advice, share_advice, share_in
from chainsim.scenario.units import RATE, Units
from chainsim.statistics.amounts import WRITTEN, Amount, amounts

LARGEST, SMALLEST = 1e15, 1e-15
"""Numbers beyond the one lose whole units in floating point, those nearer to 0 than the other (but for 0) cannot be divided
by without losing everything; both are refused."""


class Wrong(ValueError):
    """A value that cannot be read: message (found and expected) and cure. `budget`: it is only too large to run."""

    def __init__(self, message: str, cure: str = "", *, budget: bool = False) -> None:
        self.message, self.cure, self.budget = message, cure, budget
        super().__init__(message)


def found(value: Any) -> str:
    """What a value is, in words.

    >>> found([1]), found(True), found("x"), found(None)
    ('a list', 'true', "the text 'x'", 'nothing (null)')
    """
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {shown(value)}"
    if isinstance(value, str):
        return f"the text '{escape(value[:60])}{'…' if len(value) > 60 else ''}'"
    return "a list" if isinstance(value, list) else "a mapping"


def shown(number: float) -> str:
    if isinstance(number, int):
        return str(number) if abs(number) < 10**20 else f"of {len(str(abs(number)))} digits"
    return f"{number:.15g}"


def number(value: Any, key: Key, units: Units) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        advice = number_advice(value) if isinstance(value, str) else ""
        if value is None:
            advice = "give a number or leave the key out"
        raise Wrong(f"expected a number, got {found(value)}", advice)
    return in_range(value, key)


def in_range(value: float, key: Key) -> float:
    """The value as a float if finite and within the key's bounds."""
    if not -LARGEST <= value <= LARGEST:  # false for NaN too
        if isinstance(value, int) or isfinite(value):
            raise Wrong(f"is {shown(value)}; numbers go up to {LARGEST:g}")
        raise Wrong(f"is {shown(value)} but must be finite")
    if 0 < abs(value) < SMALLEST and key.unit != "probability":  # those of a far tail are small
        raise Wrong(f"is {shown(value)}; numbers other than 0 go down to {SMALLEST:g}", "is its unit right?")
    least, most = (0.0, 1.0) if key.kind == "fraction" else (None, None)
    least = key.least if key.least is not None else (None if key.above is not None else least)
    most = key.most if key.most is not None else (None if key.below is not None else most)
    bad = (
        (least is not None and value < least)
        or (key.above is not None and value <= key.above)
        or (most is not None and value > most)
        or (key.below is not None and value >= key.below)
    )
    if bad:
        cure = f"did you mean {value / 100:g}?" if key.kind == "fraction" and 2 <= value <= 100 else ""
        raise Wrong(f"is {shown(value)} but must be {_range(key, least, most)}", cure)
    return float(value)


def _range(key: Key, least: float | None, most: float | None) -> str:
    if least is not None and least == most:
        return f"{least:g}"
    if least is not None and most is not None:
        return f"between {least:g} and {most:g}"
    parts = [
        f"{word} {bound:g}"
        for word, bound in (("at least", least), ("above", key.above), ("at most", most), ("below", key.below))
        if bound is not None
    ]
    return " and ".join(parts)


def count(value: Any, key: Key, units: Units) -> int:
    taken = number(value, key, units)
    if taken != int(taken):
        raise Wrong(f"is {shown(taken)} but must be a whole number")
    return int(taken)


def seed(value: Any, key: Key, units: Units) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Wrong(f"expected a whole number from 0, got {found(value)}")
    return value


def duration(value: Any, key: Key, units: Units) -> float:
    if isinstance(value, str):
        try:
            value = units.length(value)
        except ValueError as error:
            if str(error).startswith("not a"):
                advice = number_advice(value)
                cure = "" if advice == "write the number alone, without a unit" else advice
                raise Wrong(f"expected a length of time such as 3 or '2 weeks', got {found(value)}", cure) from None
            raise Wrong(str(error)) from None
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(f"expected a length of time such as 3 or '2 weeks', got {found(value)}")
    taken = in_range(value, key)
    if taken > units.longest:
        message = f"is {taken:g} {units.unit}s, longer than the clock can count ({units.longest:.3g})"
        raise Wrong(message, "shorten it", budget=True)
    return taken


def shift(value: Any, key: Key, units: Units) -> float:
    """A length of time, forwards or back."""
    back = isinstance(value, str) and value.startswith("-")
    taken = duration(value[1:] if back else value, key, units)
    return -taken if back else taken


def rate(value: Any, key: Key, units: Units) -> float:
    if isinstance(value, str):
        amount, per = _rate(value, units, "5 or '50 per day'")
        value = amount / per
    return number(value, key, units)


def capacity(value: Any, key: Key, units: Units) -> tuple[float, float]:
    """(units, length of the period)."""
    if isinstance(value, str):
        amount, per = _rate(value, units, "500 or '500 per day'")
    else:
        amount, per = number(value, key, units), 1.0
    in_range(amount, Key(key.kind, "", None, above=0))
    return amount, per


def carrying_rate(value: Any, key: Key, units: Units) -> float:
    if isinstance(value, str):
        amount, per = _rate(value, units, "'25% per year'")
        return in_range(amount / per, Key(key.kind, "", None, least=0))
    if units.unit != "period":
        taken = number(value, key, units)
        raise Wrong(
            f"is {taken:g} but must say per which time", f"write '{taken * 100 if taken <= 1 else taken:g}% per year'"
        )
    return in_range(number(value, key, units), Key(key.kind, "", None, least=0))


def money_rate(value: Any, key: Key, units: Units) -> float:
    return rate(value, Key(key.kind, "", None, least=0), units)


def _rate(text: str, units: Units, example: str) -> tuple[float, float]:
    try:
        return units.rate(text)
    except ValueError as error:
        if str(error).startswith("not a rate"):
            cure = "say per which time, as in '25% per year'" if text.strip().endswith("%") else ""
            near = re.sub(r" +[A-Za-z/]{1,5} +", " per ", f" {text} ", count=1).strip()
            if not cure and RATE.fullmatch(near):
                cure = f"did you mean '{near}'?"
            cure = cure or number_advice(text)
            raise Wrong(f"expected a rate such as {example}, got {found(text)}", cure) from None
        raise Wrong(str(error)) from None


def bucket(value: Any, key: Key, units: Units) -> float:
    if isinstance(value, str) and value.isascii() and value.isalpha():
        value = f"1 {value}"
    return duration(value, Key("duration", "", None, above=0), units)


def offset(value: Any, key: Key, units: Units) -> float | str:
    return "random" if value == "random" else duration(value, key, units)


def flag(value: Any, key: Key, units: Units) -> bool:
    if not isinstance(value, bool):
        from chainsim.registry import did_you_mean

        hint = did_you_mean(value, ["true", "false"]) if isinstance(value, str) else ""
        raise Wrong(f"expected true or false, got {found(value)}{hint}", "" if hint else "write true or false")
    return value


def text(value: Any, key: Key, units: Units) -> str:
    if not isinstance(value, str):
        cure = f"quote it: '{value}'" if isinstance(value, int | float) else ""
        raise Wrong(f"expected a text, got {found(value)}", cure)
    return value


def name(value: Any, key: Key, units: Units) -> str:
    taken = text(value, key, units)
    if not taken.strip() and key.default != "":
        raise Wrong("is empty")
    return taken


def names(value: Any, key: Key, units: Units) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        raise Wrong(f"expected a list of names, got {found(value)}")
    return tuple(name(item, key, units) for item in value)


def choice(value: Any, key: Key, units: Units) -> str:
    from chainsim.registry import did_you_mean

    if isinstance(value, str) and value in key.choices:
        return value
    hint = did_you_mean(value, list(key.choices)) if isinstance(value, str) else ""
    raise Wrong(f"expected one of {', '.join(key.choices)}, got {found(value)}{hint}")


def money_or_margin(value: Any, key: Key, units: Units) -> float | str:
    if value == "margin":
        return "margin"
    if isinstance(value, str):
        from chainsim.registry import did_you_mean

        hint = did_you_mean(value, ["margin"])
        raise Wrong(f"expected an amount of money or 'margin', got {found(value)}{hint}", number_advice(value))
    return number(value, Key("money", "", None, least=0), units)


def sites(value: Any, key: Key, units: Units) -> Any:
    """A selector of sites: kept as written, since names are looked up later, all together."""
    if isinstance(value, dict):
        from chainsim.registry import did_you_mean

        known = ("kind", "group")
        if len(value) != 1 or next(iter(value)) not in known:
            hint = did_you_mean(str(next(iter(value))), list(known)) if len(value) == 1 else ""
            raise Wrong(f"expected a site, a list of sites, {{kind: …}} or {{group: …}}{hint}")
        return {k: name(v, key, units) for k, v in value.items()}
    return products(value, key, units)


def products(value: Any, key: Key, units: Units) -> Any:
    """A name or a list of names: kept as written."""
    if isinstance(value, list):
        if not value:
            raise Wrong("is an empty list", "name one, or leave the key out")
        return [name(item, key, units) for item in value]
    return name(value, key, units)


def numbers(value: Any, key: Key, units: Units) -> tuple[float, ...]:
    return _several(number, value, key, units)


def durations(value: Any, key: Key, units: Units) -> tuple[float, ...]:
    return _several(duration, value, key, units)


def _several(one: Callable[[Any, Key, Units], float], value: Any, key: Key, units: Units) -> tuple[float, ...]:
    if not isinstance(value, list):
        raise Wrong(f"expected a list of numbers, got {found(value)}")
    taken = []
    for i, item in enumerate(value):
        try:
            taken.append(one(item, key, units))
        except Wrong as error:
            raise Wrong(f"item {i + 1}: {error.message}", error.cure) from None
    return tuple(taken)


def share(value: Any, key: Key, units: Units) -> float:
    """A share as a number, or in per cent or points: as many digits as were written, so that 97 % is 0.97."""
    if isinstance(value, str):
        written, value = value, share_in(value)
        if value is None:
            raise Wrong(f"expected a share such as 0.97 or '97 %', got {found(written)}", share_advice(written))
    return number(value, replace(key, kind="fraction"), units)


def shares(value: Any, key: Key, units: Units) -> tuple[float, ...]:
    return _several(share, value, key, units)


def money_or_share(value: Any, key: Key, units: Units) -> float | str:
    """An amount, or a share of another one, which is kept as it is written."""
    if isinstance(value, str) and value.strip().endswith("%"):
        return f"{100.0 * share(value, Key('share', '', None), units):.12g} %"
    return number(value, Key("money", "", None, least=0), units)


def choice_of_policies(value: Any, key: Key, units: Units) -> str | dict[str, str]:
    if isinstance(value, dict):
        return {policy: choice(one, key, units) for policy, one in value.items()}
    return choice(value, key, units)


def choices(value: Any, key: Key, units: Units) -> tuple[str, ...]:
    return tuple(choice(item, key, units) for item in names(value, key, units))


def changes(value: Any, key: Key, units: Units) -> dict[str, Any]:
    """Names, each with paths and their values, kept as they are written."""
    cure = "such as {dear: {costs.carrying_rate: 60% per year}}"
    for one in (value, *value.values()) if isinstance(value, dict) else (value,):
        if not isinstance(one, dict) or not one:
            raise Wrong(f"expected names, each with paths and their values, got {found(one)}", cure)
    return value  # type: ignore[no-any-return]


def dimensioned(key: Key) -> Key:
    """A distribution's key when times are drawn: what carries the unit of the variate becomes a duration or a rate."""
    kind = {("number", "value"): "duration", ("numbers", "value"): "durations", ("number", "1/value"): "rate"}
    return replace(key, kind=kind.get((key.kind, key.dimension), key.kind))


def precision(value: Any, key: Key, units: Units) -> tuple[Amount, ...]:
    """Half-widths; in per cent without a measure: of total cost and of the fill rate, the two that a choice hangs on."""
    return _amounts(value, ("total_cost", "fill_rate"))


def material(value: Any, key: Key, units: Units) -> tuple[Amount, ...]:
    """Differences that begin to matter; in per cent without a measure: of total cost."""
    return _amounts(value, ("total_cost",))


def _amounts(value: Any, percent: tuple[str, ...]) -> tuple[Amount, ...]:
    texts = value if isinstance(value, list) else [value]
    wrong = next((text for text in texts if not isinstance(text, str)), None)
    if wrong is not None or not texts:
        shown_as = found(wrong) if texts else "an empty list"
        cure = "say of what, as in '1% of total_cost'" if isinstance(wrong, int | float) else ""
        raise Wrong(f"expected an amount such as {WRITTEN}, or a list of such, got {shown_as}", cure)
    try:
        return amounts(texts, percent, ("fill_rate",))
    except ValueError as error:
        raise Wrong(str(error), points_advice(" ".join(texts))) from None


def scalar(value: Any, key: Key, units: Units) -> float | str | bool:
    """A number, a text, true or false: kept as written, since what it means depends on where it goes."""
    if value is None or isinstance(value, dict | list):
        raise Wrong(f"expected a number or a text, got {found(value)}")
    return value  # type: ignore[no-any-return]


def scalars(value: Any, key: Key, units: Units) -> tuple[float | str | bool, ...]:
    if not isinstance(value, list) or not value:
        raise Wrong(f"expected a list of values, got {found(value) if value != [] else 'an empty list'}")
    return tuple(scalar(item, key, units) for item in value)


def lever(value: Any, key: Key, units: Units) -> str:
    """A lever by its name."""
    return choice(value, replace(key, choices=tuple(USUAL)), units)


def no(value: Any, key: Key, units: Units) -> tuple[str, ...]:
    """`no`, whichever way YAML takes it: nothing."""
    if value is False or value == "no":
        return ()
    raise Wrong(f"expected a list of levers, or no, got {found(value)}")


Reader = Callable[[Any, Key, Units], Any]

FREE = {"text", "name", "names", "file", "sites", "products", "choice_of_policies", "changes"}
"""Kinds whose texts are the author's own, and as long as he likes."""
MOST_LETTERS = 200
"""Of a text that stands for a number, a length of time or one of a few words: patterns may take the square of its length."""
READERS: dict[str, Reader] = {
    "number": number, "units": number, "money": number, "fraction": number, "count": count, "seed": seed,
    "duration": duration, "shift": shift, "rate": rate, "capacity": capacity, "carrying_rate": carrying_rate,
    "money_rate": money_rate, "bucket": bucket, "offset": offset, "flag": flag, "text": text, "name": name,
    "names": names, "choice": choice, "file": name, "money_or_margin": money_or_margin, "sites": sites,
    "products": products, "numbers": numbers, "durations": durations, "precision": precision, "material": material, "share": share,
    "shares": shares, "money_or_share": money_or_share, "choice_of_policies": choice_of_policies, "choices": choices, "changes": changes,
    "scalar": scalar, "scalars": scalars, "lever": lever, "no": no,
}  # fmt: skip
