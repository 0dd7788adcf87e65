"""One broken file: what was done to it, and what has to be said about it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Case:
    """`data` in the place of `file`, one of the files of the scenario in `scenario`.

    kind: what was done. must: it has to be refused, whatever else. word: after a slip of one letter, the word that was meant.
    """

    scenario: Path
    file: str
    kind: str
    what: str
    data: bytes
    must: bool = False
    word: str = ""

    @property
    def key(self) -> str:
        """The same for the same case on any day."""
        parts = (self.scenario.stem, self.file, self.kind, self.what, hashlib.sha256(self.data).hexdigest())
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def shuffled(cases: Iterable[Case], seed: int = 13) -> list[Case]:
    """Cases once each, in an order of which every beginning is a fair sample."""
    once = {case.key: case for case in cases}
    order = sorted(once)
    random.Random(seed).shuffle(order)
    return [once[key] for key in order]


def slips(word: str) -> Iterator[str]:
    """A letter too few, one twice, another one, two the wrong way round: at places that the word itself decides."""
    chance = random.Random(word)
    i, j, k = (chance.randrange(len(word)) for _ in range(3))
    yield word[:i] + word[i + 1 :]
    yield word[:j] + word[j] + word[j:]
    yield word[:k] + ("x" if word[k] != "x" else "z") + word[k + 1 :]
    n = chance.randrange(len(word) - 1)
    if word[n] != word[n + 1]:
        yield word[:n] + word[n + 1] + word[n] + word[n + 2 :]


def accidents(text: bytes) -> Iterator[tuple[str, str, bytes]]:
    """(kind, what, data): cut off at every twenty-fifth, bits flipped, lines lost, doubled and swapped, indented otherwise."""
    for i in range(25):
        yield "cut off", f"{i}/25", text[: len(text) * i // 25]
    chance = random.Random(len(text))
    for _ in range(40):
        at, bit = chance.randrange(len(text)), chance.randrange(8)
        flipped = bytearray(text)
        flipped[at] ^= 1 << bit
        yield "bit flipped", f"{at}.{bit}", bytes(flipped)
    lines = text.splitlines(keepends=True)
    for i in chance.sample(range(len(lines)), min(40, len(lines))):
        before, line, after = lines[:i], lines[i], lines[i + 1 :]
        yield "line lost", str(i), b"".join([*before, *after])
        yield "line twice", str(i), b"".join([*before, line, line, *after])
        yield "indented", str(i), b"".join([*before, b" " + line, *after])
        if line.startswith(b" "):
            yield "outdented", str(i), b"".join([*before, line[1:], *after])
        if after:
            yield "lines swapped", str(i), b"".join([*before, after[0], line, *after[1:]])
