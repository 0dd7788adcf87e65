"""What chainsim says of one broken file, in this process, and whether that is what was promised."""

from __future__ import annotations

import math
import resource
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import chainsim
from chainsim.errors import BudgetError, ChainsimError, ConservationError, MissingPartError, ScenarioError
from tests.fuzz.cases import Case

SHOP, MAKER, TRADER = (Path(__file__).parent / "shop" / f"{name}.yaml" for name in ("shop", "maker", "trader"))
SECONDS = 5.0
"""Most processor time of `validate`."""
MEGABYTES = 1000
"""Most memory one file may take on top of what was in use."""
EVENTS = 300_000
"""Most events of the short run of a file that was accepted."""


class Hang(BaseException):
    """So long takes no file that is read as it should be."""


class Verdict(NamedTuple):
    """outcome: accepted, refused, budget, traceback, hang, memory. placed: with file and line. right: after a slip, the word that was
    meant is named. ran: what the short run of an accepted file ended with."""

    outcome: str
    seconds: float
    megabytes: float
    placed: bool = False
    right: bool = False
    said: str = ""
    ran: str = ""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises Hang after so many seconds of this process's own time."""

    def over(*_: Any) -> None:
        raise Hang

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


def put_down(case: Case, folder: Path) -> Path:
    """The case and the other files of its scenario in an empty folder; the scenario's path."""
    folder.mkdir(parents=True, exist_ok=True)
    names = tables_of(case.scenario)
    for name in names:
        shutil.copyfile(case.scenario.parent / name, folder / name)
    file = folder / case.scenario.name
    shutil.copyfile(case.scenario, file)
    (folder / case.file).write_bytes(case.data)
    return file


def tables_of(scenario: Path) -> list[str]:
    """The tables and workbooks a shipped scenario names."""
    text = scenario.read_text("utf-8")
    there = (path for pattern in ("*.csv", "*.xlsx") for path in scenario.parent.glob(pattern))
    return sorted(path.name for path in there if f"file: {path.name}" in text)


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def judge(case: Case, folder: Path, *, run: bool = False) -> Verdict:
    """What `validate` says, and with `run` whether a file it accepts runs."""
    file = put_down(case, folder)
    before, begun = peak(), time.process_time()
    placed, said, study = False, "", None
    try:
        with limited(SECONDS):
            study = chainsim.load(file)
            study.explain_policies()
        outcome = "accepted"
    except ScenarioError as error:
        outcome, said = "refused" if error.exit_code == 2 else "budget", str(error)
        # a book that cannot be unfolded has no lines: its name is the place
        book = case.file.endswith(".xlsx")
        placed = any(
            f.where.file and (f.where.line or (book and str(f.where.file).startswith(case.file)))
            for f in error.findings
        )
    except BudgetError as error:
        outcome, said = "budget", str(error)
        placed = str(file) in said
    except ChainsimError as error:
        outcome, said = ("refused" if error.exit_code == 2 else "traceback"), repr(error)
    except Hang:
        outcome = "hang"
    except MemoryError:
        outcome = "memory"
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        outcome, said = "traceback", repr(error)
    seconds, more = time.process_time() - begun, peak() - before
    if more > MEGABYTES:
        outcome = "memory"
    ran = how_it_runs(study) if run and outcome == "accepted" and study is not None else ""
    right = bool(case.word) and meant(case.word, said)
    return Verdict(outcome, seconds, more, placed, right, said[:600], ran)


def meant(word: str, said: str) -> bool:
    """Whether a whole phrase with the word in it is offered ('25% per year'), or one of what there were several of ('day')."""
    offered = [word for text in said.split("did you mean ")[1:] for word in text.split("?")[0].split("'")[1::2]]
    head = word.lower().replace(" ", "_")  # of a column
    return any(word in text or word == f"{text}s" or head == text for text in offered)


@cache
def warm() -> None:
    """The compiled engine, where it is installed, is there: to load or compile it is no file's doing, and in no limit."""
    with suppress(MissingPartError):
        chainsim.load(SHOP).run(replications=1, policies=["by_hand"], jobs=1, engine="compiled")


def how_it_runs(study: Any) -> str:
    """One replication of the first policy, within a few hundred thousand events: 'ran', 'budget', or what went wrong.

    On the engine that is chosen for whoever names none: its replication is simulated by simpy, it is so short, and the thousand short
    simulations that correct its levels by the compiled engine where that is installed."""
    warm()
    try:
        with limited(4 * SECONDS):
            results = study.run(replications=1, policies=study.policies[:1], jobs=1, max_events=EVENTS)
            numbers = results.summary.select_dtypes("number").to_numpy()
            return "not finite" if np.isinf(numbers).any() else "ran"
    except BudgetError:
        return "budget"
    except ConservationError as error:
        return f"conservation: {error}"[:300]
    except ChainsimError as error:
        return "budget" if error.exit_code == 3 else f"refused: {error}"[:300]
    except Hang:
        return "hang"
    except Exception as error:
        return repr(error)[:300]


def fails(case: Case, verdict: Verdict) -> str:
    """Why this breaks the contract, '' when it does not."""
    if verdict.outcome in ("traceback", "hang", "memory"):
        return verdict.outcome
    if verdict.outcome == "accepted" and case.must:
        return "accepted in silence"
    if verdict.ran not in ("", "ran", "budget"):
        return f"accepted, but: {verdict.ran}"
    return "" if math.isfinite(verdict.seconds) else "no time"
