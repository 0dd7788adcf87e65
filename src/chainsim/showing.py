"""How things show themselves in a notebook: a sentence and a small table. The HTML loads nothing, and no name in it is markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CNY": "¥", "INR": "₹"}
"""What people write before an amount, by ISO 4217's code of the currency."""
MOST_NAMES = 8
"""So many names of a kind are told."""


def as_html(sentences: Iterable[str], columns: Sequence[str] = (), rows: Iterable[Sequence[str]] = ()) -> str:
    """Sentences, the first of them strong, and a table of texts. What is empty is left out.

    >>> as_html(["A <b>", ""], ["n"], [["1"]])
    '<div><p><strong>A &lt;b&gt;</strong></p><table><thead><tr><th>n</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table></div>'
    """
    told = [escape(sentence) for sentence in sentences if sentence]
    paragraphs = [f"<p><strong>{told[0]}</strong></p>", *(f"<p>{text}</p>" for text in told[1:])] if told else []
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if body else ""
    return f"<div>{''.join(paragraphs)}{table}</div>"


def counted(n: int, noun: str, nouns: str = "") -> str:
    """A count with its noun; nouns: of more than one, where that is not the usual plural.

    >>> counted(1, "site"), counted(12, "lane"), counted(2, "policy"), counted(2, "row is", "rows are")
    ('1 site', '12 lanes', '2 policies', '2 rows are')
    """
    return f"{n} {noun if n == 1 else nouns or plural(noun)}"


def quantity(x: float) -> str:
    """An amount in a sentence: three digits, whole numbers from a hundred on.

    >>> quantity(8.1667), quantity(1_669.2), quantity(0.0301), quantity(12.0)
    ('8.17', '1669', '0.0301', '12')
    """
    return f"{x:.3g}" if abs(x) < 99.95 else f"{x:.0f}"


def clauses(text: str) -> list[str]:
    """A long message at its semicolons, but for those in brackets.

    >>> clauses("too low (12; 13); too late")
    ['too low (12; 13)', 'too late']
    """
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and text.startswith("; ", place):
            parts.append(text[start:place])
            start = place + 2
    return [*parts, text[start:]]


def plural(noun: str) -> str:
    """More than one of it.

    >>> plural("store"), plural("factory"), plural("run of 90 days")
    ('stores', 'factories', 'runs of 90 days')
    """
    first, of, rest = noun.partition(" of ")
    many = f"{first[:-1]}ies" if first.endswith("y") and first[-2:-1] not in tuple("aeiou") else f"{first}s"
    return f"{many}{of}{rest}"


def some(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """Names, the first of them where there are many.

    >>> some(["a", "b"]), some(["a", "b", "c", "d"], 2)
    ('a, b', 'a, b and 2 more')
    """
    more = len(names) - most
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:most])} and {more} more"
