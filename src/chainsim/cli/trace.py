"""`chainsim trace`: one replication at one stock point, event by event in words, and as a table to check by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from chainsim.cli import options
from chainsim.cli.console import note, say, table
from chainsim.errors import OutputError, UsageError

Text = Optional[str]  # noqa: UP045 (typer reads the annotation at run time)


def trace(
    file: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A YAML file, or the name of a shipped one.", show_default=False)
    ],
    policy: Annotated[
        Text, typer.Option("--policy", metavar="NAME", help="[default: the first]", show_default=False)
    ] = None,
    site: Annotated[Text, typer.Option("--site", metavar="NAME", help="Where to look.", show_default=False)] = None,
    product: Annotated[
        Text, typer.Option("--product", metavar="NAME", help="Where a site has several.", show_default=False)
    ] = None,
    until: Annotated[
        Text,
        typer.Option("--until", metavar="TIME", help="30d, '4 weeks'.  [default: 30 time units]", show_default=False),
    ] = None,
    every: Annotated[
        str, typer.Option("--every", metavar="TIME", help="Length of a row of the table, in time units.")
    ] = "1",
    replication: Annotated[int, typer.Option("--replication", metavar="K", help="Which one, from 0.")] = 0,
    csv: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--csv", metavar="FILE", help="Also write the table there, with all its columns.", show_default=False
        ),
    ] = None,
    only_table: Annotated[bool, typer.Option("--table", help="The table only, without the sentences.")] = False,
    changes: options.Set = None,
    seed: options.Seed = None,
    engine: options.Engine = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    overwrite: options.Overwrite = False,
    allow_plugins: options.Plugins = False,
    files_anywhere: options.FilesAnywhere = False,
) -> None:
    """One replication event by event in words, and as a table to check by hand.

    In every row: closing = opening + received − sold, and position = closing + on order − owed.

    \b
    Example:
      chainsim trace grocer --policy s_Q --site store-1 --until 30d
      chainsim trace beer_game --policy human --site retailer --until 52 --csv retailer.csv
    """
    from chainsim.cli.failure import escaped
    from chainsim.cli.study import load
    from chainsim.data import scenario_names, scenario_path
    from chainsim.showing import some

    place = Path(file) if Path(file).exists() or file not in scenario_names() else scenario_path(file)
    given = options.changes_of(changes) | ({} if seed is None else {"seed": seed})
    study = load(place, allow_plugins=allow_plugins, files_anywhere=files_anywhere, changes=given)
    if site is None:
        sites = dict.fromkeys(point.site for point in study.scenario.points)
        raise UsageError(f"--site says where to look; known: {some(list(sites))}")
    found = study.trace(
        policy or study.policies[0], site, product=product, until=until, every=every, replication=replication,
        engine=engine or "auto",
    )  # fmt: skip
    if csv is not None:
        _write(csv, found.csv(), overwrite=overwrite)
    if json:
        import json as writer
        from dataclasses import asdict

        told = {"events": [asdict(e) for e in found.events], "periods": [asdict(row) for row in found.periods]}
        say(writer.dumps(told, indent=2, ensure_ascii=False))
        return
    if not only_table:
        for words in found.sentences():
            say(escaped(words))
        say()
    say(escaped(table(*found.shown())))
    if csv is not None and not quiet:
        note(f"Wrote {csv}.")


def _write(file: Path, data: bytes, *, overwrite: bool) -> None:
    try:
        with file.open("wb" if overwrite else "xb") as stream:
            stream.write(data)
    except FileExistsError:
        raise OutputError(f"{file} exists already. Choose another name, or pass --overwrite.") from None
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror or error}.") from error
