"""A planner's workbook becomes a scenario that runs, or is refused with sheet and cell."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chainsim.errors import ScenarioError
from chainsim.imports.book import read_books
from chainsim.imports.network import network_of
from chainsim.imports.orders import orders_of
from chainsim.imports.told import lines_of
from chainsim.imports.writing import GUESSED, scenario_text
from chainsim.scenario.load import load
from chainsim.scenario.nodes import in_order


@dataclass(frozen=True)
class Imported:
    """What was made of workbooks: the scenario, its table of orders by name, and what is to be said of them."""

    text: str
    table: str
    orders: str
    guesses: tuple[str, ...]
    left_out: tuple[str, ...]


def import_books(paths: Sequence[Path], name: str = "") -> Imported:
    """The scenario of one planner's workbook, or of several that hold a sheet each.

    name: of the scenario file without its ending; default that of the first book. Raises ScenarioError with sheet and cell
    of all that is in the way, MissingPartError without the extra `excel`, BudgetError for a book that is too large.
    """
    books = read_books(paths)
    name = name or paths[0].stem
    orders = orders_of(books)
    network = network_of(books, orders)
    if books.told.refused:
        raise ScenarioError(in_order(books.told.refused))
    table = f"{name}-orders.csv"
    text = scenario_text(books, orders, network, name.replace("_", " "), table)
    if books.told.refused:  # met while it was written
        raise ScenarioError(in_order(books.told.refused))
    made = Imported(
        text, table, orders.table(), (*lines_of(books.told.guesses), *GUESSED), (*lines_of(books.told.left_out),)
    )
    _try(made, name)
    return made


def _try(made: Imported, name: str) -> None:
    """What the scenario language says of it. Raises ScenarioError."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.yaml"
        file.write_text(made.text, "utf-8")
        (Path(folder) / made.table).write_text(made.orders, "utf-8")
        try:
            load(file)
        except ScenarioError as error:
            found = [replace(one, where=replace(one.where, file=Path(one.where.file).name)) for one in error.findings]
            raise ScenarioError(found) from None
