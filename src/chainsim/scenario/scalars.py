"""Plain scalars by the rules of YAML 1.2 (core schema), and what to say about texts that only look like numbers.

YAML 1.1 readers take `NO` for false, `12:30` for 750, `010` for 8 and `1e5` for a text. Here `NO` and `12:30` are
texts, `1e5` is a number, and a number with leading zeros or underscores is left a text, so that a key that wants a
number refuses it with advice.
"""

from __future__ import annotations

import re

from chainsim.registry import did_you_mean

_NULL = {"", "~", "null", "Null", "NULL"}
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = {
    **{sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
SHARE_PATTERN = r"^([0-9]*\.?[0-9]+) *(%|points?)$"
LONGEST_INTEGER = 400

Scalar = str | int | float | bool | None


def resolve(text: str) -> Scalar:
    """The value of a plain (unquoted) scalar. Raises ValueError for an integer too long to read.

    >>> [resolve(x) for x in ("NO", "12:30", "010", "1e5", "true", "3", "~")]
    ['NO', '12:30', '010', 100000.0, True, 3, None]
    """
    if text in _NULL:
        return None
    if text in _FLAGS:
        return _FLAGS[text]
    if _INT.fullmatch(text) or _BASED.fullmatch(text):
        if len(text) > LONGEST_INTEGER:
            raise ValueError(f"a whole number of {len(text)} digits is too long (at most {LONGEST_INTEGER})")
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return _SPECIAL.get(text, text)


def number_advice(text: str) -> str:
    """What to write instead of a text that was probably meant as a number; '' when there is nothing to say.

    >>> number_advice("1_000"), number_advice("95%"), number_advice("1,5")
    ('write 1000', 'write 0.95', 'write 1.5')
    """
    text = text.strip()[:100]
    if _INT.fullmatch(text) or _FLOAT.fullmatch(text):
        return f"write {text} without quotes"
    if re.fullmatch(r"[0-9]+(?:_[0-9]+)+", text, re.ASCII):
        return f"write {text.replace('_', '')}"
    if re.fullmatch(r"[0-9]+:[0-5]?[0-9]", text, re.ASCII):
        large, small = text.split(":")
        return f"write {int(large) * 60 + int(small)} if {large} sixties and {small} were meant"
    if re.fullmatch(r"0[0-7]+", text, re.ASCII):
        return f"write {int(text, 8)} (octal) or {int(text)} (decimal)"
    if re.fullmatch(r"0[0-9]+(?:\.[0-9]*)?", text, re.ASCII):
        return f"write {text.lstrip('0') or '0'}"
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)? ?%", text, re.ASCII):
        return f"write {float(text.rstrip('% ')) / 100:g}"
    if re.fullmatch(r"[0-9]+,[0-9]+", text, re.ASCII):
        return f"write {text.replace(',', '.')}"
    if re.fullmatch(r"[0-9.]+ *[a-z]+", text, re.ASCII):
        return "write the number alone, without a unit"
    if re.fullmatch(r"[-+*/().0-9 ]+", text, re.ASCII):
        return "formulas are not read; write the result"
    return ""


def share_in(text: str) -> float | None:
    """The share that a text in per cent or points says, with as many digits as were written; None for another text.

    >>> share_in("97 %"), share_in("0.2 points"), share_in("97")
    (0.97, 0.002, None)
    """
    told = re.fullmatch(SHARE_PATTERN, text.strip())
    return float(f"{float(told[1]) / 100.0:.12g}") if told else None


def points_advice(text: str) -> str:
    """The cure for points of a share that are misspelt; '' for another text.

    >>> points_advice("0.5 pionts of fill_rate"), points_advice("0.5 points of fill_rate")
    ("did you mean 'points'?", '')
    """
    words = [word for word in re.findall(r"[0-9.] *([A-Za-z]+)", text) if word not in ("point", "points")]
    return next(filter(None, (did_you_mean(word, ["points"]).strip(" ()") for word in words)), "")


def share_advice(text: str) -> str:
    """What to write instead of a text that was probably meant as a share.

    >>> share_advice("0.5 pionts"), share_advice("1,5")
    ("did you mean 'points'?", 'write 1.5')
    """
    return points_advice(text) or number_advice(text)
