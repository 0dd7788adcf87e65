"""What was tried, a line of JSON a case, and what it adds up to."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.fuzz.cases import Case
from tests.fuzz.judging import SECONDS, Verdict

SHARES = {"placed": 0.99, "right": 0.95}


@dataclass(frozen=True)
class Line:
    """A case and its verdict, without the file."""

    key: str
    scenario: str
    kind: str
    what: str
    outcome: str
    seconds: float = 0.0
    megabytes: float = 0.0
    placed: bool = False
    word: str = ""
    right: bool = False
    said: str = ""
    ran: str = ""
    fails: str = ""

    @staticmethod
    def of(case: Case, verdict: Verdict, why: str) -> Line:
        told = verdict._asdict()
        told["said"] = told["said"] if why or not verdict.placed or (case.word and not verdict.right) else ""
        return Line(case.key, case.scenario.stem, case.kind, case.what[:80], **told, word=case.word, fails=why)

    @staticmethod
    def died(case: Case, code: int) -> Line:
        why = f"the process died ({code})"
        return Line(case.key, case.scenario.stem, case.kind, case.what[:80], "traceback", fails=why)


class Tried:
    """The folder of a fuzz run: lines, and the files that found something."""

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.folder, self.file = folder, folder / "tried.jsonl"
        folder.mkdir(parents=True, exist_ok=True)
        if fresh:
            self.file.unlink(missing_ok=True)

    def write(self, line: Line) -> None:
        """One line in one write, so that several processes may add theirs."""
        descriptor = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            os.write(descriptor, (json.dumps(asdict(line)) + "\n").encode())
        finally:
            os.close(descriptor)

    def lines(self) -> list[Line]:
        """What was tried; a line cut short by a kill counts for nothing."""
        return list(self._lines())

    def _lines(self) -> Iterator[Line]:
        if self.file.exists():
            for text in self.file.read_text("utf-8").splitlines():
                try:
                    yield Line(**json.loads(text))
                except (ValueError, TypeError):
                    continue

    def forget_what_broke(self) -> None:
        """So that it is tried again."""
        kept = [line for line in self.lines() if not line.fails]
        self.file.write_text("".join(json.dumps(asdict(line)) + "\n" for line in kept), "utf-8")

    def keep(self, case: Case) -> None:
        place = self.folder / "found" / case.key
        place.mkdir(parents=True, exist_ok=True)
        (place / case.file).write_bytes(case.data)


def tally(lines: Sequence[Line], of: int) -> tuple[str, bool]:
    """The measures in words, and whether the contract held."""
    told = [f"\n{'':24}{'tried':>8}{'refused':>9}{'at a line':>11}{'accepted':>10}{'run':>6}{'ran':>6}{'broke':>7}"]
    for name in [*sorted({line.scenario for line in lines}), ""]:
        of_it = [line for line in lines if name in ("", line.scenario)]
        refused = [line for line in of_it if line.outcome in ("refused", "budget")]
        run = [line for line in of_it if line.ran]
        told.append(
            f"{name or 'all':24}{len(of_it):8,}{len(refused):9,}{share([line.placed for line in refused]):>11}"
            f"{sum(line.outcome == 'accepted' for line in of_it):10,}{len(run):6,}"
            f"{sum(line.ran in ('ran', 'budget') for line in run):6,}{sum(bool(line.fails) for line in of_it):7,}"
        )
    told.append("\nslips of one letter that were refused: answered with the word that was meant")
    slips = [line for line in lines if line.word and line.outcome == "refused"]
    for kind in [*sorted({line.kind for line in slips}), ""]:
        right = [line.right for line in slips if kind in ("", line.kind)]
        told.append(f"  {kind or 'all':28}{len(right):8,}{share(right):>11}")
    slowest = max(lines, key=lambda line: line.seconds, default=None)
    if slowest is not None:
        told.append(
            f"\nslowest {slowest.seconds:.2f} s of processor time (at most {SECONDS:g} allowed): {slowest.scenario}, {slowest.kind} "
            f"{slowest.what}; most memory {max(line.megabytes for line in lines):.0f} MB"
        )
    broke = Counter(line.fails[:100] for line in lines if line.fails)
    told += [f"  {n} × {why}" for why, n in broke.most_common(20)] or [
        "no traceback, hang, blow-up of memory or silent acceptance"
    ]
    told.append(f"{len(lines):,} of {of:,} cases tried")
    refused = [line.placed for line in lines if line.outcome in ("refused", "budget")]
    held = not broke and kept(refused, SHARES["placed"]) and kept([line.right for line in slips], SHARES["right"])
    return "\n".join(told), held


def share(truths: Sequence[bool]) -> str:
    return f"{100.0 * sum(truths) / len(truths):.1f} %" if truths else "–"


def kept(truths: Sequence[bool], least: float) -> bool:
    return sum(truths) >= least * len(truths)
