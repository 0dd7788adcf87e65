"""Names from the scenario, made fit to be shown: nothing invisible, nothing endless. Escaping is the business of
whoever writes markup."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

REPLACED = "\ufffd"
# a short bracket such as "(s, Q)" is read as one word
_WORD = re.compile(r"(?:\([^()]{0,12}\)|[^ ])+")


@lru_cache(maxsize=4096)
def shown(name: str, limit: int = 60) -> str:
    """The name on one line, with what cannot be seen made visible, cut in the middle when too long.

    Control, direction-changing and zero-width characters could make a name look like another one.

    >>> shown("a\\x1b[31mb"), shown("pay\\u202eexe"), shown("two\\nlines"), shown("abcdefghijkl", 7)
    ('a�[31mb', 'pay⟨U+202E⟩exe', 'two lines', 'abc…jkl')
    """
    text = " ".join(name.split())
    text = "".join(_visible(c) for c in text)
    if len(text) <= limit:
        return text
    head = limit // 2
    return f"{text[:head]}…{text[len(text) - (limit - 1 - head) :]}"


def words(text: str) -> list[str]:
    """Where a text may be broken: at spaces, but not inside a short bracket.

    >>> words("Reorder point (s, Q)")
    ['Reorder', 'point', '(s, Q)']
    """
    return _WORD.findall(text)


def two_lines(name: str, width: int = 18) -> str:
    """The name on one line, or when it is wider than that on two of like length, for the edge of a chart. Only a line
    that no space can shorten is cut.

    >>> two_lines("Order-up-to, exponential smoothing"), two_lines("Reorder point (s, Q)")
    ('Order-up-to,\\nexponential smoothing', 'Reorder\\npoint (s, Q)')
    """
    parts = words(name)
    lines = [name]
    if columns(name) > width and len(parts) > 1:
        breaks = [(" ".join(parts[:i]), " ".join(parts[i:])) for i in range(1, len(parts))]
        lines = list(min(breaks, key=lambda pair: max(map(columns, pair))))
    most = width * 3 // 2
    return "\n".join(shown(line, most * len(line) // max(columns(line), 1)) for line in lines)


def columns(text: str) -> int:
    """Width in Latin characters; East Asian ones and emoji count twice."""
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def _visible(c: str) -> str:
    category = unicodedata.category(c)
    if category == "Cf":
        return f"⟨U+{ord(c):04X}⟩"
    # lone surrogates, unassigned and private characters break writers of XML
    return REPLACED if category in ("Cc", "Cs", "Cn", "Co") else c


def check_in_words(check: str) -> str:
    """A check of the audit as people write it.

    >>> check_in_words("littles_law_for_stock"), check_in_words("units_conserved")
    ('Little’s law for stock', 'units conserved')
    """
    return check.replace("_", " ").replace("littles law", "Little’s law")
