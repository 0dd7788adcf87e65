"""The command line: thin commands over the Python API, one file each.

`main` is the one place where an error becomes a message and an exit code: 0 done, 1 our own bug, 2 scenario or usage,
3 a budget was hit or an optional part is missing, 4 output or disk, 130 interrupted (resumable).
`chainsim --help` must answer at once, so commands import what they need when they run.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

INTERRUPTED = 130


def main() -> None:
    """Entry point of the command `chainsim`. After an interruption a second Ctrl-C ends it at once."""
    code = execute(sys.argv[1:])
    if code == INTERRUPTED:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(code)


def execute(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code. Never raises; a traceback is shown only with --debug.

    >>> execute(["--version"])
    chainsim 0.1.0
    0
    """
    from chainsim.cli import console
    from chainsim.cli.app import app
    from chainsim.cli.failure import report_failure

    console.prepare()
    try:
        app(args=list(arguments), prog_name="chainsim")
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        if code == INTERRUPTED:  # Ctrl-C outside a simulation, which typer turned into this
            console.note("chainsim: interrupted")
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BaseException as error:
        code = report_failure(error, debug="--debug" in arguments)
    else:
        code = 0
    return console.close(code)
