"""`chainsim demo`: a finished study with one command and no file."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from chainsim.cli import options


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Results folder.")] = Path("results/demo"),
    jobs: options.Jobs = None,
    lean: options.Lean = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    open_page: Annotated[
        bool | None,
        typer.Option("--open/--no-open", help="Open the page.  [default: when there is a screen]", show_default=False),
    ] = None,
) -> None:
    """Run the regional grocer that comes with chainsim and open its page.

    Running it again replaces the demo's own results.

    \b
    Example:
      chainsim demo
      chainsim demo --no-open --out /tmp/demo
    """
    from chainsim.cli.study import run_study
    from chainsim.data import scenario_path

    run_study(
        scenario_path("grocer"),
        out=out,
        json=json,
        quiet=quiet,
        open_page=has_screen() if open_page is None else open_page,
        jobs=jobs,
        lean=lean,
        overwrite=True,
    )


def has_screen() -> bool:
    """Whether opening a browser makes sense: a person at a desktop, not a build machine or a remote shell."""
    if os.environ.get("CI") or not sys.stderr.isatty():
        return False
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
