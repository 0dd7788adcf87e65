"""`chainsim import`: planners' workbooks become scenarios that run, with every guess told, or are refused with the cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chainsim.cli import execute
from chainsim.errors import ScenarioError
from chainsim.imports.importing import Imported, import_books
from chainsim.imports.operations import BILLS
from chainsim.imports.vocabulary import ALSO, LEFT_OUT, SHEETS
from chainsim.scenario.load import load
from chainsim.scenario.model import Scenario
from tests.scenario.books import Rows, write_book

BOOK: dict[str, list[list[Any]]] = {
    "item": [["Name", "Description", "Cost"], ["racket", "strings attached", 300], ["ball", None, 2]],
    "location": [["Name"], ["shop"], ["dc"]],
    "item supplier": [
        ["Item", "Location", "Supplier", "Lead Time", "Size Minimum", "Size Multiple"],
        ["racket", "dc", "maker", 15, 5, 5],
        ["ball", "dc", "maker", 7, 1, None],
    ],
    "item distribution": [["Item", "Location", "Origin", "Lead Time"], ["racket", "shop", "dc", 3], ["ball", "shop", "dc", "48:00:00"]],
    "buffer": [["Item", "Location", "Onhand"], ["racket", "shop", 12], ["ball", "dc", 0]],
    "sales order": [
        ["Name", "Item", "Location", "Due", "Status", "Quantity"],
        ["1", "racket", "shop", date(2024, 1, 1), "open", 4],
        ["2", "ball", "shop", date(2024, 1, 20), "open", 50],
        ["3", "racket", "shop", date(2024, 2, 9), "open", 6],
    ],
    "parameter": [["Name", "Value"], ["currentdate", "2024-01-01 00:00:00"], ["excel_duration_in_days", "true"], ["currency", "EUR"]],
}  # fmt: skip


def with_(**sheets: list[list[Any]] | None) -> dict[str, list[list[Any]]]:
    """The book with sheets replaced, or without those that are None; _ in a name stands for a space."""
    found = {**BOOK, **{name.replace("_", " "): rows for name, rows in sheets.items() if rows is not None}}
    return {
        name: rows
        for name, rows in found.items()
        if name not in {n.replace("_", " ") for n, r in sheets.items() if r is None}
    }


def made(folder: Path, book: Mapping[str, Rows] = BOOK) -> tuple[Imported, Scenario]:
    """What comes of a book, and the scenario of its text."""
    found = import_books([write_book(folder / "book.xlsx", book)])
    (folder / "book.yaml").write_text(found.text, "utf-8")
    (folder / found.table).write_text(found.orders, "utf-8")
    return found, load(folder / "book.yaml")


def refused(folder: Path, book: Mapping[str, Rows]) -> list[str]:
    with pytest.raises(ScenarioError) as stopped:
        made(folder, book)
    return [f"{one.where}: {one.message} — {one.cure}" for one in stopped.value.findings]


def test_a_book_becomes_a_scenario_that_runs(tmp_path: Path) -> None:
    _, scenario = made(tmp_path)
    assert {(p.name, p.unit_cost) for p in scenario.products} == {("racket", 300), ("ball", 2)}
    assert {(one.origin, one.target, one.product, one.lead_time.expectation()) for one in scenario.lanes} == {
        ("maker", "dc", "racket", 15), ("maker", "dc", "ball", 7), ("dc", "shop", "racket", 3), ("dc", "shop", "ball", 2),
    }  # fmt: skip
    points = {(p.site, p.product): p for p in scenario.points}
    assert points["shop", "racket"].on_hand == 12
    assert points["dc", "ball"].on_hand == 0
    assert (points["dc", "racket"].minimum_order, points["dc", "racket"].order_multiple) == (5, 5)
    assert scenario.currency == "EUR"
    from chainsim import load as study

    summary = study(tmp_path / "book.yaml").run(jobs=1, replications=2).summary
    assert (summary["kpi"] == "fill_rate").any()


def test_orders_are_replayed_day_by_day(tmp_path: Path) -> None:
    found, scenario = made(tmp_path)
    assert found.orders == (
        "date,site,product,quantity\n2024-01-01,shop,ball,0\n2024-01-01,shop,racket,4\n2024-01-20,shop,ball,50\n"
        "2024-02-09,shop,ball,0\n2024-02-09,shop,racket,6\n"
    )
    columns = scenario.tables["book-orders.csv"].columns
    assert sum(columns["shop / racket"]) == 10
    assert sum(columns["shop / ball"]) == 50
    assert len(columns["shop / racket"]) == 40  # 1 January to 9 February


def test_every_guess_stands_in_the_file_and_is_told(tmp_path: Path) -> None:
    found, _ = made(tmp_path)
    head = found.text.partition("chainsim: 1")[0]
    assert found.guesses
    for line in (*found.guesses, *found.left_out):
        assert f"#  - {line}\n" in head


def test_durations_are_days_or_seconds(tmp_path: Path) -> None:
    seconds = [
        [cell if not isinstance(cell, int) or k != 3 else cell * 86400 for k, cell in enumerate(row)]
        for row in BOOK["item supplier"]
    ]
    seconds_in = [
        ["Item", "Location", "Origin", "Lead Time"],
        ["racket", "shop", "dc", 259200],
        ["ball", "shop", "dc", "1 00:00:00"],
    ]
    found, scenario = made(tmp_path, with_(parameter=None, item_supplier=seconds, item_distribution=seconds_in))
    assert {one.lead_time.expectation() for one in scenario.lanes} == {15, 7, 3, 1}
    assert any(
        "durations are in seconds: 1,296,000 days would be 3,551 years (book.xlsx!item supplier!D2)" in g
        for g in found.guesses
    )
    found, scenario = made(tmp_path, with_(parameter=None))
    assert any(g.startswith("durations are in days") for g in found.guesses)
    assert {one.lead_time.expectation() for one in scenario.lanes} == {15, 7, 3, 2}


def test_closed_orders_are_the_past(tmp_path: Path) -> None:
    rows = [
        *BOOK["sales order"],
        ["4", "ball", "shop", date(2023, 1, 2), "closed", 5],
        ["5", "racket", "shop", date(2023, 9, 4), "closed", 1],
    ]
    found, scenario = made(tmp_path, with_(sales_order=rows))
    assert sum(sum(c) for c in scenario.tables["book-orders.csv"].columns.values()) == 6
    assert any(g.startswith("demand is that of the 2 closed orders; 3 others are left out") for g in found.guesses)


def test_owners_stand_for_what_they_own(tmp_path: Path) -> None:
    items = [["Name", "Owner", "Cost"], ["all", None, None], ["racket", "all", 300], ["ball", "all", 2]]
    found, scenario = made(
        tmp_path,
        with_(item=items, item_distribution=[["Item", "Location", "Origin", "Lead Time"], ["all", "shop", "dc", 3]]),
    )
    assert {one.product for one in scenario.lanes if one.target == "shop"} == {"racket", "ball"}
    assert not any("items that no order needs" in line for line in found.left_out)


def test_several_sources_are_tried_in_their_order(tmp_path: Path) -> None:
    rows = [["Item", "Location", "Supplier", "Lead Time", "Priority"], ["racket", "dc", "near", 2, 2], ["racket", "dc", "far", 30, 1],
            ["ball", None, "maker", 1, 1], ["ball", "dc", "never", 1, 0]]  # fmt: skip
    found, scenario = made(tmp_path, with_(item_supplier=rows))
    ways = {(one.origin, one.priority) for one in scenario.lanes if (one.target, one.product) == ("dc", "racket")}
    assert ways == {("far", 1), ("near", 2)}
    assert next(p for p in scenario.points if (p.site, p.product) == ("dc", "racket")).sourcing == "priority"
    assert any(line.startswith("sources of priority 0") for line in found.left_out)


MADE = {
    "operation": [
        ["Name", "Type", "Item", "Location", "Owner", "Priority", "Duration", "Duration Per Unit", "Size Minimum"],
        ["string", "time_per", "racket", "dc", None, 1, 1, 0.5, 4],
        ["mould", "routing", "ball", "dc", None, 1, None, None, None],
        ["press", "fixed_time", None, "dc", "mould", 1, 2, None, None],
        ["dry", "fixed_time", None, "dc", "mould", 2, 3, None, None],
        ["ship", "fixed_time", None, "shop", None, 1, 1, None, None],
    ],
    "operation material": [
        ["Operation", "Item", "Quantity"],
        ["string", "frame", -1],
        ["string", "racket", 1],
        ["ship", "ball", -1],
    ],
}


@pytest.mark.skipif(BILLS, reason="then what is made has parts")
def test_what_is_made_comes_after_the_time_of_its_operation(tmp_path: Path) -> None:
    found, scenario = made(tmp_path, with_(item_supplier=None, **MADE))  # type: ignore[arg-type]
    # stringing: 1 day and 4 rackets of half a day each; moulding: 2 days of pressing and 3 of drying
    assert {(one.origin, one.product, one.lead_time.expectation()) for one in scenario.lanes if one.target == "dc"} == {
        ("string", "racket", 3), ("mould", "ball", 5),
    }  # fmt: skip
    assert any("materials of operations: what is made needs no parts" in line for line in found.left_out)
    assert any("operations that make nothing" in line for line in found.left_out)
    assert any("takes that of its smallest lot" in g for g in found.guesses)


@pytest.mark.skipif(not BILLS, reason="what is made has no parts yet")
def test_what_is_made_is_made_of_its_materials(tmp_path: Path) -> None:
    frames = [*BOOK["item supplier"], ["frame", "dc", "smith", 4, None, None]]
    made_here = [list(row) for row in frames if row[0] not in ("racket", "ball")]
    _, scenario = made(tmp_path, with_(item_supplier=made_here, **{k.replace(" ", "_"): v for k, v in MADE.items()}))
    assert {(one.origin, one.target, one.product) for one in scenario.lanes if one.target == "dc"} == {
        ("smith", "dc", "frame")
    }
    entry = scenario.document["products"]["racket"]
    assert entry["made_of"] == {"frame": 1}
    centres = scenario.document["sites"]["dc"]["production"]
    assert {(centre["lead_time"], tuple(centre["products"])) for centre in centres} == {
        (3, ("racket",)),
        (5, ("ball",)),
    }


def test_the_first_of_alternate_materials_is_used(tmp_path: Path) -> None:
    material = [
        ["Operation", "Item", "Quantity", "Name", "Priority"],
        ["string", "frame", -1, "alt", 2],
        ["string", "steel", -1, "alt", 1],
    ]
    book = with_(
        operation=MADE["operation"][:2],
        operation_material=material,
        item_supplier=[*BOOK["item supplier"], ["steel", "dc", "smith", 4, 1, 1]],
    )
    found, _ = made(tmp_path, book)
    assert any(line.startswith("materials that may be used instead of others") for line in found.left_out)


@pytest.mark.skipif(BILLS, reason="two ways of making are one production")
def test_split_operations_share_the_orders(tmp_path: Path) -> None:
    rows = [MADE["operation"][0], ["two ways", "split", "racket", "dc", None, 1, None, None, None],
            ["by hand", "fixed_time", None, "dc", "two ways", 25, 4, None, None], ["machine", "fixed_time", None, "dc", "two ways", 75, 1, None, None]]  # fmt: skip
    supplier = [BOOK["item supplier"][0], BOOK["item supplier"][2]]
    _, scenario = made(tmp_path, with_(item_supplier=supplier, operation=rows))
    assert {(one.origin, one.share) for one in scenario.lanes if one.target == "dc" and one.product == "racket"} == {
        ("by hand", 0.25), ("machine", 0.75),
    }  # fmt: skip


def test_a_source_called_like_a_location_is_another_site(tmp_path: Path) -> None:
    rows = [[cell if cell != "maker" else "dc" for cell in row] for row in BOOK["item supplier"]]
    _, scenario = made(tmp_path, with_(item_supplier=rows))
    assert {one.origin for one in scenario.lanes} == {"dc (source)", "dc"}


ORDERS = BOOK["sales order"]
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no orders": ({"sales_order": None}, "book.xlsx: no sheet of orders ('sales order' or 'demand') with a row"),
    "from nowhere": ({"item_supplier": None}, "book.xlsx!item distribution!C2: nothing brings 'racket' to 'dc' — add a row to"),
    "no date": ({"sales_order": [ORDERS[0], ["1", "racket", "shop", "soon", "open", 4]]}, "book.xlsx!sales order!D2: expected a date such as 2024-01-31, got 'soon'"),
    "no number": ({"sales_order": [ORDERS[0], ["1", "racket", "shop", date(2024, 1, 1), "open", "four"]]}, "book.xlsx!sales order!F2: expected a number such as"),
    "negative": ({"sales_order": [ORDERS[0], ["1", "racket", "shop", date(2024, 1, 1), "open", -4]]}, "book.xlsx!sales order!F2: is -4 but must be at least 0"),
    "nothing ordered": ({"sales_order": [ORDERS[0], ["1", "racket", "shop", date(2024, 1, 1), "open", 0]]}, "no order with a quantity above 0"),
    "no item": ({"sales_order": [ORDERS[0], ["1", None, "shop", date(2024, 1, 1), "open", 4]]}, "book.xlsx!sales order!B2: the order names no item"),
    "no location": ({"sales_order": [ORDERS[0], ["1", "racket", None, date(2024, 1, 1), "open", 4]]}, "book.xlsx!sales order!C2: the order names no location"),
    "a duration": ({"item_distribution": [BOOK["item distribution"][0], ["racket", "shop", "dc", "3 sleeps"], ["ball", "shop", "dc", 1]]}, "book.xlsx!item distribution!D2: expected a duration such as 7 or 24:00:00"),
    "no supplier": ({"item_supplier": [BOOK["item supplier"][0], ["racket", "dc", None, 1, 1, 1], ["ball", "dc", "m", 1, 1, 1]]}, "book.xlsx!item supplier!C2: the row names no supplier"),
    "formula": ({"item_supplier": [BOOK["item supplier"][0], ["racket", "dc", "m", "=3*5", 1, 1]]}, "book.xlsx!item supplier, row 2: D2 holds a formula whose value was never worked out"),
    "columns": ({"location": [["Name", "name"], ["shop", "x"]]}, "book.xlsx!location!A1: two columns are called 'name'"),
    "owner": ({"operation": [MADE["operation"][0], ["a", "fixed_time", "ball", "dc", "b", 1, 1, None, None]]}, "book.xlsx!operation!E2: no operation is called 'b'"),
    "kind": ({"operation": [MADE["operation"][0], ["a", "magic", "ball", "dc", None, 1, 1, None, None]]}, "book.xlsx!operation!B2: operations of type 'magic' are not known"),
    "material": ({"operation_material": [["Operation", "Item", "Quantity"], ["z", "ball", -1]]}, "book.xlsx!operation material!A2: no operation is called 'z'"),
    "output": ({**{k.replace(" ", "_"): v for k, v in MADE.items()}, "operation_material": [["Operation", "Item", "Quantity"], ["string", "racket", 2]]}, "book.xlsx!operation material!C2: an operation makes 2 units at a time"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_sheet_and_cell(tmp_path: Path, case: str) -> None:
    sheets, message = REFUSED[case]
    assert any(message in one for one in refused(tmp_path, with_(**sheets)))


def test_sheets_may_lie_in_several_books(tmp_path: Path) -> None:
    files = [write_book(tmp_path / f"{name}.xlsx", {name: rows}) for name, rows in BOOK.items()]
    whole = import_books([write_book(tmp_path / "book.xlsx", BOOK)], "plan")
    assert import_books(files, "plan").text.partition("chainsim: 1")[2] == whole.text.partition("chainsim: 1")[2]


def test_the_command_writes_both_files_and_overwrites_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_book(tmp_path / "book.xlsx", {**BOOK, "my notes": [["x"], ["y"]]})
    assert execute(["import", "book.xlsx", "--out", "plan.yaml"]) == 0
    out = capsys.readouterr()
    assert "Guessed:" in out.out
    assert "sheet 'my notes': not known" in out.out
    assert "Next: chainsim validate plan.yaml" in out.err
    assert load(tmp_path / "plan.yaml").title == "plan"
    assert execute(["import", "book.xlsx", "--out", "plan.yaml"]) == 4
    assert "exists already" in capsys.readouterr().err
    write_book(tmp_path / "book.xlsx", with_(sales_order=None))
    assert execute(["import", "book.xlsx", "--out", "other.yaml"]) == 2
    assert not (tmp_path / "other.yaml").exists()


def test_each_sheet_is_read_or_left_out() -> None:
    assert not SHEETS.keys() & LEFT_OUT.keys()
    assert set(ALSO.values()) <= SHEETS.keys()
