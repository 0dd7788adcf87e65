"""The JavaScript of a living page as one text: a script of the page, a worker made of it, and node run the same."""

from __future__ import annotations

from functools import cache
from pathlib import Path

ENGINE = Path(__file__).parent / "engine"
FILES = ("words.js", "machine.js", "measures.js", "estimates.js", "study.js", "desk.js", "crew.js")
"""In the order in which they build on each other."""
OFFERED = (
    "Machine",
    "Measures",
    "Estimates",
    "Study",
    "Desk",
    "Crew",
    "shares",
    "unpacked",
    "wordsOf",
    "fsum",
    "exponential",
    "quantileOf",
    "verdict",
)
"""What the one global name `chainsim` gives; all else stays inside."""


@cache
def engine_script() -> str:
    """The engine of a page, one after the other in one scope, with LF line ends: a content-security policy knows a script by the hash of
    its text."""
    inside = "".join(text_of(name) for name in FILES)
    return f"'use strict';\nconst chainsim = (() => {{\n{inside}return {{{', '.join(OFFERED)}}};\n}})();\n"


@cache
def worker_script() -> str:
    """What a worker needs after the text of `engine_script`."""
    return text_of("worker.js")


def text_of(name: str) -> str:
    """One file, without the directive that `engine_script` gives once."""
    return (ENGINE / name).read_text("utf-8").removeprefix("'use strict';\n")
