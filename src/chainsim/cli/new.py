"""`chainsim new`: a commented scenario to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from chainsim.cli import options
from chainsim.cli.console import note, say


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it; '-' for stdout.")] = Path(
        "scenario.yaml"
    ),
    start: Annotated[
        Optional[str],  # noqa: UP045 (typer reads the annotation at run time)
        typer.Option(
            "--from", metavar="NAME", help="A shipped scenario (chainsim list scenarios).", show_default=False
        ),
    ] = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Write a commented scenario to start from.

    \b
    Example:
      chainsim new shop.yaml
      chainsim new game.yaml --from beer_game
    """
    from chainsim.data import scenario_tables, scenario_text, template_text

    text = template_text() if start is None else scenario_text(start)
    if str(file) == "-":
        say(text.rstrip("\n"))
        return
    tables = [] if start is None else scenario_tables(start)
    beside = {file.parent / table.name: table.read_text("utf-8") for table in tables}
    for path, content in {file: text, **beside}.items():
        write(path, content, overwrite=overwrite)
        note(f"Wrote {path}.")
    note(f"Next: chainsim validate {file}, then chainsim run {file} --open")
    note("Completion in your editor: chainsim schema > chainsim.schema.json, in the same folder.")


def write(file: Path, text: str, *, overwrite: bool) -> None:
    """Write a text file. Raises OutputError when it is there already, or cannot be written."""
    from chainsim.errors import OutputError

    try:
        with file.open("w" if overwrite else "x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise OutputError(f"{file} exists already. Choose another name, or pass --overwrite.") from None
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror or error}.") from error
