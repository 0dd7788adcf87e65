"""What is to be said of a workbook: guesses and what is left out, each once with its cells, and refusals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from chainsim.errors import Finding, Place
from chainsim.scenario.render import escape
from chainsim.showing import counted

MOST_REFUSED = 20


@dataclass
class Told:
    """Gathers what is said; the same words about several cells are said once."""

    guesses: dict[str, list[Place]] = field(default_factory=dict)
    left_out: dict[str, list[Place]] = field(default_factory=dict)
    refused: list[Finding] = field(default_factory=list)

    def guess(self, words: str, at: Place | None = None) -> None:
        """Something the book does not say, and what was taken for it."""
        self.guesses.setdefault(words, []).extend([at] if at else [])

    def leave_out(self, words: str, at: Place | None = None) -> None:
        """Something the book says that the scenario does not."""
        self.left_out.setdefault(words, []).extend([at] if at else [])

    def refuse(self, at: Place, message: str, cure: str = "") -> None:
        """Something without which there is no scenario."""
        if len(self.refused) < MOST_REFUSED:
            self.refused.append(Finding("error", at, "", message, cure))


def lines_of(said: dict[str, list[Place]]) -> Iterator[str]:
    """Each thing said, with how many cells it is about and the first of them.

    >>> list(lines_of({"cost is 0": [Place("b.xlsx!item", 2, 3), Place("b.xlsx!item", 3, 3)], "a year": []}))
    ['cost is 0 (2 cells, first b.xlsx!item!C2)', 'a year']
    """
    for words, places in said.items():
        if len(places) > 1:
            first = min(places, key=lambda place: (place.file, place.line, place.column))
            yield f"{words} ({counted(len(places), 'cell')}, first {escape(str(first))})"
        else:
            yield f"{words} ({escape(str(places[0]))})" if places else words
