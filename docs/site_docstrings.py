"""For the site: docstrings are plain text with code in backticks and examples. A griffe extension named in mkdocs.yml."""

from __future__ import annotations

import re
from typing import Any

import griffe

EXAMPLE = re.compile(r"(?m)^>>> .*(?:\n(?!\s*$).*)*")
"""From a prompt to the next empty line."""
CODE = re.compile(r"(```.*?```|`[^`]*`|(?:^|(?<=\n)) {4}[^\n]*)", re.DOTALL)
"""What Markdown takes as it is: fences, backticks, indented lines."""
SIGNS = re.compile(r"([\[\]*<])")
"""Signs of formulas that Markdown would take for links, emphasis, HTML."""


def as_markdown(text: str) -> str:
    """The docstring with its examples between fences and its formulas kept.

    >>> as_markdown("λE[L] of `x[0]`")
    'λE\\\\[L\\\\] of `x[0]`'
    """
    fenced = EXAMPLE.sub(lambda found: f"```pycon\n{found[0]}\n```", text)
    return "".join(part if k % 2 else SIGNS.sub(r"\\\1", part) for k, part in enumerate(CODE.split(fenced)))


class PlainDocstrings(griffe.Extension):
    """Hands docstrings to Markdown as what they are."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Called once for every documented object."""
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)
