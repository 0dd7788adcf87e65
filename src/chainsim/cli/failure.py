"""From an error to a message and an exit code: the only place where the command line says what went wrong."""

from __future__ import annotations

import traceback
from collections.abc import Sequence

from chainsim.cli.console import ReaderGone, note
from chainsim.errors import BudgetError, ChainsimError, ConservationError, Finding, ScenarioError


def report_failure(error: BaseException, *, debug: bool) -> int:
    """Print what a person needs to know about `error`; return the exit code."""
    if isinstance(error, ReaderGone | BrokenPipeError):
        return 0
    if debug:
        note("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, ScenarioError):
        note(findings_text(error.findings))
        return error.exit_code
    if isinstance(error, ChainsimError) and error.exit_code != ConservationError.exit_code:
        note(f"chainsim: {escaped(str(error))}")
        return error.exit_code
    if isinstance(error, MemoryError):
        note(
            "chainsim: there is not enough memory for this. Ask for fewer replications, a longer time.bucket, or less."
        )
        return BudgetError.exit_code
    return _our_bug(error)


def findings_text(findings: Sequence[Finding], *, ran: bool = False) -> str:
    """Every finding with its place, the line and a caret; then how many there are. `ran`: mere warnings of a run."""
    # the renderer belongs to the scenario's reader, which is slow to import
    from chainsim.scenario.render import render_findings

    files = dict.fromkeys(f.where.file for f in findings if f.where.file)
    return render_findings(list(findings), ", ".join(files) or "the scenario", ran=ran)


def escaped(text: str) -> str:
    """Text that cannot steer a terminal, line by line."""
    from chainsim.scenario.render import escape

    return "\n".join(escape(line) for line in text.splitlines())


def _our_bug(error: BaseException) -> int:
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].name}, line {frames[-1].lineno} of {frames[-1].filename}" if frames else ""
    note(f"chainsim: {type(error).__name__}: {escaped(str(error))}")
    note(
        f"This is a bug in chainsim, not in your scenario{place}. Please report it with the scenario; "
        "`chainsim --debug …` shows the whole trace."
    )
    return 1
