"""`chainsim bundle`: a folder that installs chainsim in a room without a network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from chainsim.cli import options
from chainsim.cli.console import note, passing

Place = Optional[Path]  # noqa: UP045 (typer reads the annotation at run time)
HERE = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")


def bundle(
    platform: Annotated[
        str,
        typer.Option("--platform", metavar="NAME", help="windows, macos, macos-intel or linux.", show_default=False),
    ] = HERE,
    python: Annotated[
        str,
        typer.Option("--python", metavar="VERSION", help="Of the room’s machines, such as 3.12.", show_default=False),
    ] = f"{sys.version_info.major}.{sys.version_info.minor}",
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new folder.")] = Path("chainsim-lab"),
    fast: Annotated[bool, typer.Option("--fast", help="With the compiled engine (numba): about 65 MB more.")] = False,
    wheel: Annotated[
        Place,
        typer.Option(
            "--wheel",
            metavar="FILE",
            help="chainsim’s own wheel, where it is not run from a checkout.",
            show_default=False,
        ),
    ] = None,
    constraints: Annotated[
        Place,
        typer.Option("--constraints", metavar="FILE", help="Versions to take, as pip reads them.", show_default=False),
    ] = None,
    quiet: options.Quiet = False,
) -> None:
    """A folder for a lab without internet: wheels and a script to double-click.

    Needs a network itself, and pip. For this platform and Python unless told otherwise.

    \b
    Example:
      chainsim bundle --platform windows --python 3.12 --out usb/chainsim
    """
    from chainsim.lessons.bundle import MEGA, make_bundle

    if not quiet:
        passing("downloading …")
    made = make_bundle(out, platform, python, wheel=wheel, fast=fast, constraints=constraints)
    note(f"Wrote {made.folder}: {made.size / MEGA:.0f} MB. Copy it to each machine and double-click {made.start}.")
