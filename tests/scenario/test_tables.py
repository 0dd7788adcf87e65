"""CSV tables and the files a scenario may name (RELIABILITY E and F)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chainsim.errors import BudgetError
from chainsim.scenario.load import load

from .samples import MINIMAL, changed, error, errors
from .samples import load as load_sample

HISTORY = changed("quantity: {dist: poisson, mean: 5}", "type: history, file: d.csv, on_end: repeat")
ROWS = "date,soup\n2024-01-01,4\n2024-01-02,0\n2024-01-03,7\n"


def replay(folder: Path, table: str | bytes, text: str = HISTORY) -> tuple[float, ...]:
    """What the scenario reads from a table called d.csv."""
    (folder / "d.csv").write_bytes(table.encode() if isinstance(table, str) else table)
    scenario = load_sample(text, folder)
    return tuple(next(iter(scenario.tables["d.csv"].columns.values())))


@pytest.mark.parametrize(
    "table",
    [
        ROWS,
        "\ufeff" + ROWS,
        ROWS.replace("\n", "\r\n"),
        ROWS.rstrip("\n"),
        ROWS.replace(",4", ",4.0").replace(",7", ",+7e0"),
        "period,soup\n0,4\n1,0\n2,7\n",
        "period,soup\n5,4\n6,0\n7,7\n",
        "date,soup\n2024-01-01,4\n2024-01-08,0\n2024-01-15,7\n",
        "date,site,product,quantity\n2024-01-01,store,soup,4\n2024-01-02,store,soup,0\n2024-01-03,store,soup,7\n",
        "period,product,quantity\n0,soup,4\n1,soup,0\n2,soup,7\n",
        "period,quantity\n0,4\n1,0\n2,7\n",
        "period,store\n0,4\n1,0\n2,7\n",
        "Period,soup\n0,4\n1,0\n2,7\n",
        "soup,period\n4,0\n0,1\n7,2\n",
        ROWS.replace(",", ";"),
        ROWS.replace(",", "\t"),
        "sep=;\n" + ROWS.replace(",", ";"),
        ROWS.replace(",", ";").replace(";4", ";4,0"),
        ROWS + ",\n,\n",
        ROWS.replace("\n", ",\n"),
        "date,soup\n31/01/2024,4\n01/02/2024,0\n02/02/2024,7\n",
        "date,soup\n1/31/2024,4\n2/1/2024,0\n2/2/2024,7\n",
        "date;soup\n30.1.2024;4\n31.1.2024;0\n1.2.2024;7\n",
        "date,soup\n20240131,4\n20240201,0\n20240202,7\n",
        "date,soup\n2024/01/31,4\n2024/02/01,0\n2024/02/02,7\n",
        "month,soup\n2024-01,4\n2024-02,0\n2024-03,7\n",
        "date,soup\nJan 2024,4\nFebruary 2024,0\nMar-2024,7\n",
        "date,soup\n31 Jan 2024,4\n1 Feb 2024,0\n2 Feb 2024,7\n",
    ],
)
def test_tables_that_say_the_same(tmp_path: Path, table: str) -> None:
    assert replay(tmp_path, table) == (4, 0, 7)


def test_gaps_may_be_zero(tmp_path: Path) -> None:
    table = ROWS.replace("2024-01-02,0\n", "") + "2024-01-04,1\n"
    assert replay(tmp_path, table, HISTORY.replace("on_end", "gaps: zero, on_end")) == (4, 0, 7, 1)


REFUSED = {
    "gap": ("period,soup\n0,4\n2,7\n", "d.csv:3", "period 1 is missing"),
    "gap of a day": (ROWS.replace("2024-01-02,0\n", "") + "2024-01-04,1\n", "d.csv:3", "date 2024-01-02 is missing"),
    "twice": ("period,soup\n0,4\n0,7\n", "d.csv:3", "0 is given twice"),
    "twice in a long table": ("period,product,quantity\n0,soup,4\n0,soup,7\n", "d.csv:3", "given twice"),
    "order": ("period,soup\n1,4\n0,7\n", "d.csv:3", "comes after a later period"),
    "blank": ("period,soup\n0,\n", "d.csv:2", "got nothing"),
    **{
        value: (f"period,soup\n0,{value}\n", "d.csv:2", "expected a number")
        for value in ("n/a", "nan", "inf", "5 kg", '"1,000"', "0x10", "1_0", "٣", "=cmd", "1.", ".5", "--1")
    },
    "negative": ("period,soup\n0,-4\n", "d.csv:2", "at least 0"),
    "huge": ("period,soup\n0,1e300\n", "d.csv:2", "numbers go up to 1e15"),
    "two separators": ("period;soup\tx\n0;4\t1\n", "d.csv:1", "separated by semicolons or by tabs"),
    "commas or semicolons": ("period;soup, red\n0;4,5\n", "d.csv:1", "separated by commas or by semicolons"),
    "one or a thousand": ("period;soup\n0;1,000\n", "d.csv:2", "'1,000' may be 1000 or 1.000"),
    "comma and point": ("period;soup\n0;1,5\n1;1.234\n", "d.csv:3", "'1.234' has a point where other numbers"),
    "no header": ("0,4\n1,5\n", "d.csv:1", "the first column must be 'date' or 'period'; found columns '0', '4'"),
    "other name": ("Periode,soup\n0,4\n", "d.csv:1", "did you mean 'period'"),
    "two columns of time": ("date,period,soup\n2024-01-31,0,4\n", "d.csv:1", "only one column may be 'date' or"),
    "column twice": ("period,soup,soup\n0,4,5\n", "d.csv:1", "two columns are called 'soup'"),
    "unknown column": ("period,soop\n0,4\n", "d.csv:1", "unknown column 'soop' (did you mean 'soup'?)"),
    "ragged": ("period,soup\n0,4,5\n", "d.csv:2", "the row has 3 cells, the header 2"),
    "header only": ("period,soup\n", "d.csv", "no row"),
    "empty": ("", "d.csv", "the file is empty"),
    "bad date": ("date,soup\n2024-02-30,4\n", "d.csv:2", "or a month such as 2024-01, got '2024-02-30'"),
    "either date": ("date,soup\n01/02/2024,4\n02/02/2024,4\n", "d.csv:2", "may be 2024-02-01 or 2024-01-02, and no"),
    "two forms of date": ("date,soup\n2024-01-31,4\n01/02/2024,4\n", "d.csv:3", "expected a date"),
    "month without a century": ("date,soup\nJan-24,4\n", "d.csv:2", "expected a date"),
    "date and time": ("date,soup\n2024-01-31T00:00,4\n", "d.csv:2", "expected a date"),
    "utf-16": (ROWS.encode("utf-16"), "d.csv:1", "not UTF-8"),
    "latin-1": ("period,café\n0,1\n".encode("latin-1"), "d.csv:1", "not UTF-8"),
    "NUL": ("period,soup\n0,\x004\n", "d.csv:2", "NUL"),
    "open quote": ('period,soup\n0,"4\n', "d.csv:", "not valid CSV"),
    "long field": (f"period,soup\n0,{'4' * 200_000}\n", "d.csv:2", ""),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_file_row_and_column(tmp_path: Path, case: str) -> None:
    table, place, message = REFUSED[case]
    (tmp_path / "d.csv").write_bytes(table.encode() if isinstance(table, str) else table)
    found = errors(HISTORY, tmp_path)[0]
    assert str(found.where).startswith(place)
    assert message in found.message


def test_rows_of_another_table_are_refused_in_one_sentence(tmp_path: Path) -> None:
    rows = "".join(f"{k},{k},{k}\n" for k in range(60))
    (tmp_path / "d.csv").write_text("period,soup\n" + rows)
    found = error(HISTORY, tmp_path)
    assert found.message == "the row has 3 cells, the header 2; 59 more rows are not as long as the header either"
    assert found.cure


def understood(folder: Path, table: str, text: str = HISTORY) -> str:
    """What is said of the table d.csv."""
    (folder / "d.csv").write_text(table)
    (note,) = load_sample(text, folder).notes
    return note


def test_what_was_understood_is_said(tmp_path: Path) -> None:
    assert understood(tmp_path, ROWS) == "d.csv: daily from 2024-01-01 to 2024-01-03 (3 rows)"
    table = "date;soup\n01.01.2024;4,5\n01.02.2024;0\n01.03.2024;1.000,5\n31.03.2024;7,0\n"
    text = HISTORY.replace("on_end", "gaps: zero, on_end")
    assert understood(tmp_path, table, text) == (
        "d.csv: semicolon-separated, decimal comma, dates as day/month/year, daily from 2024-01-01 to "
        "2024-03-31 (4 rows), 87 without a row taken as 0"
    )
    named = HISTORY.replace("file: d.csv", "file: d.csv, column: sold")
    assert understood(tmp_path, "week\tsold\n1\t4\n2\t5\n", named) == (
        "d.csv: tab-separated, no column 'date' or 'period': one row a period, in their order, 1 other column not "
        "used, periods from 0 to 1 (2 rows)"
    )


MONTHS = "date,soup\n2019-01-01,1000\n2019-03-01,1000\n2019-05-01,1000\n2019-06-01,0\n2019-12-01,0\n"


@pytest.mark.parametrize("form", ["first", "last", "month"])
def test_a_year_by_months_steps_by_months(tmp_path: Path, form: str) -> None:
    """1,000 in January, March and May: 250 a month on average, and no lumps in a table of days."""
    table = MONTHS
    if form == "month":
        table = MONTHS.replace("-01,", ",")
    if form == "last":
        for month, day in (("01", 31), ("03", 31), ("05", 31), ("06", 30), ("12", 31)):
            table = table.replace(f"2019-{month}-01,", f"2019-{month}-{day},")
    text = HISTORY.replace("on_end", "gaps: zero, on_end")
    quantities = replay(tmp_path, table, text)
    assert quantities == (1000, 0, 1000, 0, 1000, 0, 0, 0, 0, 0, 0, 0)
    (demand,) = load_sample(text, tmp_path).demands
    assert demand.process.every == 365 / 12
    assert load_sample(text, tmp_path).notes[0].startswith("d.csv: monthly from 2019-01 to 2019-12 (5 rows), 7 without")
    thirty = load_sample(text.replace("file: d.csv", "file: d.csv, every: 30 days"), tmp_path)
    assert thirty.demands[0].process.every == 30
    assert not thirty.warnings
    assert "month 2019-02 is missing" in error(HISTORY, tmp_path).message


def test_rows_a_week_apart_are_replayed_weekly(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("date,soup\n2024-01-01,4\n2024-01-08,0\n2024-01-15,7\n")
    scenario = load_sample(HISTORY, tmp_path)
    assert scenario.demands[0].process.every == 7
    assert scenario.document["demand"][0]["every"] == 7


def test_blanks_are_what_the_gaps_rule_says(tmp_path: Path) -> None:
    table = ROWS.replace(",0", ",").replace(",7", ",") + "2024-01-04,1\n"
    assert understood(tmp_path, table, HISTORY.replace("on_end", "gaps: zero, on_end")).endswith(
        "(4 rows), 2 blank cells taken as 0"
    )
    assert replay(tmp_path, table, HISTORY.replace("on_end", "gaps: zero, on_end")) == (4, 0, 0, 1)
    refused = error(HISTORY, tmp_path)
    assert refused.message.endswith("got nothing; 1 more cell is blank")
    assert "gaps: zero" in refused.cure


def test_a_short_history_needs_a_rule(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(ROWS)
    assert "3 periods" in error(HISTORY.replace(", on_end: repeat", ""), tmp_path).message


def test_the_column_is_named_or_found(tmp_path: Path) -> None:
    named = HISTORY.replace("file: d.csv", "file: d.csv, column: sold")
    assert replay(tmp_path, "period,sold\n0,3\n", named) == (3,)
    (tmp_path / "d.csv").write_text("period,site,product,quantity\n0,stroe,soup,3\n")
    assert "no column for store / soup (did you mean 'stroe / soup'?)" in error(HISTORY, tmp_path).message


@pytest.mark.parametrize(
    "name",
    ["../d.csv", "/etc/passwd", "~/d.csv", "$HOME/d.csv", "C:/d.csv", "//host/d.csv", "'\\\\\\\\host\\\\d.csv'",
     "file:///etc/passwd", "http://example.org/d.csv", "sub/../../d.csv", "link.csv", "linked/d.csv"],
)  # fmt: skip
def test_files_outside_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (inside / "sub").mkdir()
    (outside / "d.csv").write_text("period,secret\n0,hush\n")
    (tmp_path / "d.csv").write_text("period,secret\n0,hush\n")
    (inside / "link.csv").symlink_to(outside / "d.csv")
    (inside / "linked").symlink_to(outside)
    name = name if name.endswith((".csv", "'")) else name + ".csv"
    found = error(HISTORY.replace("d.csv", name), inside)
    assert "must lie under the scenario's folder" in found.message
    assert "hush" not in found.message + found.cure
    assert "secret" not in found.message + found.cure


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name in ("pipe.csv", "folder.csv"):
        assert "not a regular file" in error(HISTORY.replace("d.csv", name), tmp_path).message
    assert "no file of this name" in error(HISTORY.replace("d.csv", "none.csv"), tmp_path).message
    assert "only .csv" in error(HISTORY.replace("d.csv", "d.pkl"), tmp_path).message


def test_names_are_exact(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(ROWS)
    found = error(HISTORY.replace("d.csv", "D.csv"), tmp_path)
    assert "no file of this name" in found.message
    assert "did you mean 'd.csv'" in found.cure


def test_links_inside_and_the_word_of_the_caller(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text(ROWS)
    (tmp_path / "d.csv").symlink_to(tmp_path / "real.csv")
    assert load_sample(HISTORY, tmp_path).tables["d.csv"].columns["soup"] == (4, 0, 7)
    inner = tmp_path / "inner"
    inner.mkdir()
    file = inner / "s.yaml"
    file.write_text(HISTORY.replace("d.csv", "../d.csv"))
    assert "../d.csv" in load(file, files_anywhere=True).tables


def test_a_table_over_the_limit_is_a_budget(tmp_path: Path) -> None:
    with (tmp_path / "d.csv").open("wb") as file:
        file.truncate(10**12)  # sparse: takes no room
    with pytest.raises(BudgetError, match="at most"):
        load_sample(HISTORY, tmp_path)


ITEMS = changed("products:\n  soup: {unit_cost: 2, unit_price: 5}", "products: {file: items.csv}")


def test_an_item_master_is_a_table(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text(
        "product,unit_cost,unit_price,groups,divisible\nsoup,2,5,a;b,\ntea,1.5,,,true\n"
    )
    soup, tea = load_sample(ITEMS, tmp_path).products
    assert (soup.unit_cost, soup.unit_price, soup.groups, soup.divisible) == (2, 5, ("a", "b"), False)
    assert (tea.unit_cost, tea.unit_price, tea.groups, tea.divisible) == (1.5, 0, (), True)


@pytest.mark.parametrize(
    ("table", "place", "message"),
    [
        ("product,unit_cots\nsoup,2\n", "items.csv:1", "unknown column 'unit_cots' (did you mean 'unit_cost'?)"),
        ("unit_cost\n2\n", "items.csv:1", "no column 'product'"),
        ("product,unit_cost\nsoup,2\nsoup,3\n", "items.csv:3", "given twice"),
        ("product,unit_cost\nsoup,two\n", "items.csv:2", "expected a number such as 12 or 3.5, got 'two'"),
        ("product,unit_cost\nsoup,-2\n", "items.csv:2", "at least 0"),
    ],
)
def test_mistakes_in_an_item_master(tmp_path: Path, table: str, place: str, message: str) -> None:
    (tmp_path / "items.csv").write_text(table)
    found = errors(ITEMS, tmp_path)[0]
    assert str(found.where) == place
    assert message in found.message


@pytest.mark.parametrize("lanes", ["lanes: {file: lanes.csv}", "lanes:\n  - {file: lanes.csv}"])
def test_lanes_in_a_table(tmp_path: Path, lanes: str) -> None:
    text = changed("lanes:\n  - {from: farm, to: store, lead_time: 2}", lanes)
    (tmp_path / "lanes.csv").write_text("from,to,product,lead_time,order_cost\nfarm,store,soup,2 days,8\n")
    lane = load_sample(text, tmp_path).lanes[0]
    assert (lane.origin, lane.target, lane.lead_time.expectation(), lane.order_cost) == ("farm", "store", 2, 8)
    (tmp_path / "lanes.csv").write_text("from,to,product,lead_time\nfarm,stroe,soup,2 dyas\n")
    assert {str(f.where) for f in errors(text, tmp_path)} == {"lanes.csv:2"}


def test_an_item_master_of_a_spreadsheet(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text("product;unit_cost;unit_price;groups\nsoup;2,5;5;a\n;;;\n")
    scenario = load_sample(ITEMS, tmp_path)
    assert (scenario.products[0].unit_cost, scenario.products[0].groups) == (2.5, ("a",))
    assert scenario.notes == ("items.csv: semicolon-separated, decimal comma, 1 blank row left out",)


def test_tables_mean_what_the_file_would_mean(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text("product,unit_cost,unit_price\nsoup,2,5\n")
    assert load_sample(ITEMS, tmp_path).sha256 == load_sample(MINIMAL).sha256
