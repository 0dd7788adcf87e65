"""`chainsim import`: a planner's workbook becomes a scenario file, every guess written down."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from chainsim.cli import options
from chainsim.cli.console import note, say


def import_(
    books: Annotated[
        list[Path],
        typer.Argument(metavar="BOOK", help="A workbook (.xlsx), or several with a sheet each.", show_default=False),
    ],
    out: Annotated[
        Optional[Path],  # noqa: UP045 (typer reads the annotation at run time)
        typer.Option("--out", metavar="FILE", help="The scenario file.  [default: BOOK.yaml]", show_default=False),
    ] = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Make a scenario of a planner's workbook: items, locations, suppliers, stock, orders, in the words of frePPLe.

    \b
    Example:
      chainsim import book.xlsx
      chainsim import item.xlsx location.xlsx salesorder.xlsx --out plant.yaml
    """
    from chainsim.cli.new import write
    from chainsim.imports.importing import import_books

    file = out or Path(f"{books[0].stem}.yaml")
    made = import_books(books, file.stem)
    write(file.with_name(made.table), made.orders, overwrite=overwrite)
    write(file, made.text, overwrite=overwrite)
    for heading, lines in (("Guessed", made.guesses), ("Left out", made.left_out)):
        if lines:
            say(f"{heading}:")
            for line in lines:
                say(f"  - {line}")
    note(f"Wrote {file} and {made.table}; the guesses stand at its top.")
    note(f"Next: chainsim validate {file}, then chainsim run {file} --open")
