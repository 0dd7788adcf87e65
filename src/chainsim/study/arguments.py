"""What may be handed to the functions of the package: each argument checked once, and named when it is of another kind.

A wrong type that Python would only stumble over somewhere inside (or take for something else: True for 1, a text for its
letters) is refused here with the argument's name, what it was and what it may be. Whole numbers of NumPy are whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from chainsim.errors import UsageError


def whole(name: str, value: Any, least: int | None = None) -> int:
    """A whole number, of Python's or NumPy's; not True or False, and not 3.0.

    >>> whole("replications", 5, 1)
    5
    """
    bound = "" if least is None else f" of at least {least}"
    if isinstance(value, bool) or not isinstance(value, Integral) or (least is not None and value < least):
        raise UsageError(f"{name} must be a whole number{bound}, not {told(value)}")
    return int(value)


def above_zero(name: str, value: Any) -> float:
    """A finite number above 0.

    >>> above_zero("max_events", 2e8)
    200000000.0
    """
    if isinstance(value, bool) or not isinstance(value, Real) or not isfinite(float(value)) or float(value) <= 0.0:
        raise UsageError(f"{name} must be a finite number above 0, not {told(value)}")
    return float(value)


def text(name: str, value: Any, example: str = "") -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{name} must be a text{f' such as {example!r}' if example else ''}, not {told(value)}")
    return value


def flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{name} must be True or False, not {told(value)}")
    return value


def place(name: str, value: Any) -> Path:
    """A path, as a text or a Path; an empty text is none (`Path("")` is the folder one happens to be in)."""
    if not isinstance(value, str | Path) or not str(value).strip() or value == "":
        raise UsageError(f"{name} must be a path (text or pathlib.Path), not {told(value)}")
    return Path(value)


def names(name: str, value: Any) -> list[str]:
    """A list of texts; a single text is not read letter by letter.

    >>> names("policies", ["jit", "eoq"])
    ['jit', 'eoq']
    """
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        cure = f": write [{value!r}]" if isinstance(value, str) else ""
        raise UsageError(f"{name} must be a list of names, not {told(value)}{cure}")
    found = list(value)
    wrong = next((item for item in found if not isinstance(item, str)), None)
    if wrong is not None or (found and not all(found)):
        raise UsageError(f"{name} must be a list of names; {told(wrong if wrong is not None else '')} is none")
    return found


def told(value: Any) -> str:
    """A value in a message: what it is, and how it reads when that is short.

    >>> told(True), told("5"), told([1])
    ('True', "the text '5'", 'a list ([1])')
    """
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, str):
        return f"the text {value[:40]!r}" if value.strip() else "an empty text"
    if isinstance(value, Real):
        return f"{value}"
    shown = repr(value)
    article = "an" if type(value).__name__[0].lower() in "aeiou" else "a"
    return f"{article} {type(value).__name__}" + (f" ({shown})" if len(shown) <= 40 else "")
