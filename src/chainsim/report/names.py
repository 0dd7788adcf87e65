"""Names from the scenario, made fit to be shown: nothing invisible, nothing endless. Escaping is the business of
whoever writes markup."""

from __future__ import annotations

import textwrap
import unicodedata
from functools import lru_cache

REPLACED = "\ufffd"


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


def two_lines(name: str, width: int = 18) -> str:
    """The name on at most two lines, for the edge of a chart.

    >>> two_lines("Multi-echelon base stock")
    'Multi-echelon base\\nstock'
    """
    lines = textwrap.wrap(name, width, max_lines=2, placeholder=" …") or [""]
    return "\n".join(lines)


def _visible(c: str) -> str:
    category = unicodedata.category(c)
    if category == "Cf":
        return f"⟨U+{ord(c):04X}⟩"
    # lone surrogates, unassigned and private characters break writers of XML
    return REPLACED if category in ("Cc", "Cs", "Cn", "Co") else c
