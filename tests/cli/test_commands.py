"""Every command does what its help says, with results on stdout and everything else on stderr."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from chainsim.data import scenario_names, scenario_path

pytestmark = pytest.mark.usefixtures("without_charts")

Run = Callable[..., tuple[int, str, str]]
COMMANDS = [
    "demo",
    "new",
    "validate",
    "run",
    "stress",
    "sweep",
    "experiment",
    "trace",
    "report",
    "compare",
    "play",
    "serve",
    "debrief",
    "explain",
    "list",
    "schema",
    "verify",
    "bundle",
    "doctor",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(chainsim: Run, command: str) -> None:
    code, out, err = chainsim(command, "--help")
    assert (code, err) == (0, "")
    assert f"Example:\n    chainsim {command}" in out


def test_every_command_is_in_the_overview(chainsim: Run) -> None:
    out = chainsim("--help")[1]
    assert all(f"\n  {command} " in out for command in COMMANDS)
    assert "..." not in out.split("Commands:")[1]


def test_run_writes_the_folder_and_says_the_recommendation(chainsim: Run, shop: Path) -> None:
    code, out, err = chainsim("run", "shop.yaml", "--jobs", "1")
    assert code == 0, err
    assert "fill rate" in out
    assert "daily" in out
    assert "results/shop" in err.replace("\\", "/")
    folder = shop.parent / "results" / "shop"
    assert {"manifest.json", "report.html", "workbook.xlsx", "summary.csv", "scenario.yaml"} <= {
        p.name for p in folder.iterdir()
    }
    assert {p.name for p in shop.parent.iterdir()} == {"shop.yaml", "results"}


def test_a_year_of_abstract_periods_is_said(chainsim: Run, tmp_path: Path) -> None:
    chainsim("verify", "P-NV-1", "--scenarios", tmp_path)
    words = (
        "run",
        tmp_path / "P-NV-1.yaml",
        "--jobs",
        "1",
        "--replications",
        "2",
        "--out",
        tmp_path / "r",
        "--overwrite",
    )
    assert "money units/period" in chainsim(*words)[1]  # and of a year nothing is said
    assert "a year is" not in (tmp_path / "r" / "report.html").read_text("utf-8")


def test_json_is_all_there_is_on_stdout(chainsim: Run, shop: Path) -> None:
    code, out, err = chainsim(
        "run", "shop.yaml", "--jobs", "1", "--json", "--quiet", "--no-report", "--replications", "3"
    )
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["replications"] == 3
    assert {row["policy"] for row in told["summary"]} == {"daily", "batch"}
    assert told["comparison"]
    assert isinstance(told["delivered"], list)


def test_flags_change_the_run(chainsim: Run, shop: Path) -> None:
    code, out, err = chainsim(
        "run",
        shop,
        "--jobs",
        "1",
        "--no-report",
        "--out",
        "elsewhere",
        "--seed",
        "9",
        "--policies",
        "batch",
        "--json",
        "--quiet",
    )
    assert code == 0, err
    told = json.loads(out)
    assert (told["seed"], told["baseline"]) == (9, "batch")
    assert (shop.parent / "elsewhere" / "manifest.json").is_file()


def test_set_changes_the_scenario_by_path(chainsim: Run, shop: Path) -> None:
    words = ("run", shop, "--jobs", "1", "--no-report", "--json", "--quiet", "--replications", "2")
    code, out, err = chainsim(*words, "--set", "title=Another shop", "--set", "demand[shop].quantity.mean=3.5")
    assert code == 0, err
    assert json.loads(out)["scenario"]["title"] == "Another shop"
    resolved = yaml.safe_load((shop.parent / "results" / "shop" / "scenario.yaml").read_text("utf-8"))
    assert resolved["demand"][0]["quantity"] == {"dist": "poisson", "mean": 3.5}
    out = chainsim("validate", shop, "--parameters", "--set", "policies.new={type: s_Q, fill_rate: 0.9}")[1]
    assert "new: shop, tea: " in out


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("seed", "--set takes PATH=VALUE, such as policies.s_Q.fill_rate=0.99, not 'seed'"),
        (
            "policies.dayly.label=x",
            "shop.yaml: error: policies.dayly.label: nothing is called 'dayly' in 'policies' (did",
        ),
        ("seed={", "--set seed:2:1: error: not valid YAML"),
        ("seed=2.5", "shop.yaml: error: seed: "),
    ],
)
def test_what_cannot_be_set_is_told(chainsim: Run, shop: Path, given: str, words: str) -> None:
    code, out, err = chainsim("validate", "shop.yaml", "--set", given)
    assert (code, out) == (2, "")
    assert words in err


def test_a_folder_of_other_results_is_not_overwritten_unasked(chainsim: Run, shop: Path) -> None:
    arguments = ("run", shop, "--jobs", "1", "--no-report", "--quiet")
    assert chainsim(*arguments)[0] == 0
    code, _, err = chainsim(*arguments, "--seed", "2")
    assert code == 4
    assert "--overwrite" in err
    assert chainsim(*arguments, "--seed", "2", "--overwrite")[0] == 0


def test_report_draws_the_page_again(chainsim: Run, shop: Path) -> None:
    assert chainsim("run", shop, "--jobs", "1", "--no-report", "--quiet")[0] == 0
    code, out, err = chainsim("report", "results/shop")
    assert code == 0, err
    assert Path(out.strip()).is_file()


def test_compare_pairs_by_replication_when_it_can(chainsim: Run, shop: Path) -> None:
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        assert chainsim("run", shop, "--jobs", "1", "--no-report", "--quiet", "--out", name, "--seed", seed)[0] == 0
    code, out, err = chainsim("compare", "a", "b", "--kpis", "fill_rate,total_cost")
    assert code == 0
    assert "Paired" in err
    assert len(out.splitlines()) == 2 + 2 * 2
    code, out, err = chainsim("compare", "a", "c", "--json")
    assert code == 0
    assert {row["method"] for row in json.loads(out)} == {"independent"}


def test_compare_speaks_in_units_and_points(chainsim: Run, shop: Path) -> None:
    for name, seed in (("a", "1"), ("b", "1")):
        assert chainsim("run", shop, "--jobs", "1", "--no-report", "--quiet", "--out", name, "--seed", seed)[0] == 0
    code, out, err = chainsim("compare", "a", "b", "--policies", "daily,batch", "--kpis", "fill_rate,total_cost")
    assert code == 0, err
    fill, cost = out.splitlines()[2:]
    assert "daily → batch" in fill
    assert fill.count("%") == 2
    assert "points" in fill
    assert "/year" in cost
    assert not err.startswith("\n")
    code, same, err = chainsim("compare", "a:daily", "b:batch", "--kpis", "fill_rate,total_cost")
    assert (code, same) == (0, out)
    assert "the same customers" in err
    assert chainsim("compare", "a:daily", "b", "--policies", "daily,batch")[0] == 2
    code, out, err = chainsim("compare", "a:", "b:batch")
    assert (code, out) == (2, "")
    assert "no policy behind the colon of 'a:'" in err
    code, out, err = chainsim("compare", "a", "b", "--policies", "daily,bach")
    assert code == 2
    assert "did you mean 'batch'?" in err
    assert chainsim("compare", "a", "b", "--policies", "daily")[0] == 2


def test_compare_leaves_out_what_is_nothing_on_both_sides(chainsim: Run, shop: Path) -> None:
    for name, seed in (("a", "1"), ("b", "2")):
        assert chainsim("run", shop, "--jobs", "1", "--no-report", "--quiet", "--out", name, "--seed", seed)[0] == 0
    _, out, err = chainsim("compare", "a", "b")
    _, everything, silent = chainsim("compare", "a", "b", "--all")
    rows = {
        name: [line.split() for line in text.splitlines()[2:]] for name, text in (("few", out), ("all", everything))
    }
    few, whole = ({row[0] for row in rows[name]} for name in ("few", "all"))
    found = json.loads(chainsim("compare", "a", "b", "--json")[1])
    assert few == {row["kpi"] for row in found if row["first"] or row["second"]}
    assert whole == {row["kpi"] for row in found}
    assert len(few) < len(whole)
    assert f"{len(whole - few)} more measures are 0 or undefined on both sides: --all shows them." in err
    assert "--all" not in silent
    gone = sorted(whole - few)[0]
    assert chainsim("compare", "a", "b", "--kpis", gone)[1].splitlines()[2].startswith(gone)


def test_help_shows_no_types_of_python(chainsim: Run) -> None:
    for command in COMMANDS:
        out = chainsim(command, "--help")[1]
        assert "list[str]" not in out
        assert "<path>" not in out
        assert "[[" not in out
        assert "000.0" not in out


def test_no_line_is_blank_where_nobody_watches(chainsim: Run, shop: Path) -> None:
    code, _, err = chainsim("run", "shop.yaml", "--jobs", "1", "--replications", "2")
    assert code == 0
    assert "" not in err.splitlines()
    assert "drawing" not in err
    assert "drawing" not in chainsim("report", "results/shop")[2]


def test_one_of_a_thing_is_one(chainsim: Run, shop: Path) -> None:
    out = chainsim("validate", "shop.yaml")[1]
    assert "1 product, 1 lane, 2 policies" in out


def test_lanes_are_counted_alike(chainsim: Run, tmp_path: Path) -> None:
    out = chainsim("validate", str(scenario_path("serial_textbook")))[1]
    folder = tmp_path / "r"
    words = ("--replications", "1", "--jobs", "1", "--no-report", "--quiet", "--out", str(folder))
    assert chainsim("run", str(scenario_path("serial_textbook")), *words)[0] == 0
    counts = json.loads((folder / "manifest.json").read_text("utf-8"))["counts"]
    assert f"{counts['lanes']} lane" in out


def test_detail_that_was_cut_is_said_and_can_be_had(chainsim: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from chainsim.study import budget

    monkeypatch.setattr(budget, "REPLICATION_ROWS", 200)
    words = ("run", "shop.yaml", "--jobs", "1", "--replications", "2", "--no-report", "--overwrite")
    err = chainsim(*words)[2]
    assert "Left out: replications.csv goes down to the" in err
    assert "--detail stock_point" in err
    assert "Left out" not in chainsim(*words, "--detail", "stock_point")[2]
    monkeypatch.setattr("chainsim.study.running.derive_levels", None)  # refused before work is done
    assert "unknown detail 'sites' (did you mean 'site'?)" in chainsim(*words, "--detail", "sites")[2]
    help_text = " ".join(chainsim("run", "--help")[1].split())
    assert all(f"{level}," in help_text for level in budget.DETAILS)


def test_a_policy_that_is_not_run_gives_no_warning(chainsim: Run, shop: Path) -> None:
    shop.write_text(shop.read_text("utf-8") + "  jit: {type: jit}\n", "utf-8")
    words = ("run", "shop.yaml", "--jobs", "1", "--replications", "2", "--no-report", "--overwrite")
    assert "just in time" in chainsim(*words)[2]
    assert "just in time" not in chainsim(*words, "--policies", "batch")[2]
    manifest = json.loads(Path("results/shop/manifest.json").read_text("utf-8"))
    assert not [w for w in manifest["warnings"] if "just in time" in w["message"]]


def test_how_a_table_was_read_is_said_and_kept_with_the_results(chainsim: Run, shop: Path) -> None:
    text = shop.read_text("utf-8")
    entry = next(line for line in text.splitlines() if "quantity:" in line)
    replay = "  - {site: shop, product: tea, type: history, file: d.csv, gaps: zero, on_end: repeat}"
    shop.write_text(text.replace(entry, replay if entry.startswith("  -") else "demand: [" + replay[4:] + "]"), "utf-8")
    rows = "".join(f"2024-{m:02d};{m},5\n" for m in range(1, 13))
    (shop.parent / "d.csv").write_text("month;tea\n" + rows, "utf-8")
    told = "note: d.csv: semicolon-separated, decimal comma, monthly from 2024-01 to 2024-12 (12 rows)"
    assert told in chainsim("validate", "shop.yaml")[2]
    code, _, err = chainsim("run", "shop.yaml", "--jobs", "1", "--no-report", "--out", "r")
    assert code == 0, err
    assert told in err
    assert chainsim("run", "r/scenario.yaml", "--jobs", "1", "--no-report", "--out", "again")[0] == 0
    first, second = (Path(folder, "summary.csv").read_bytes() for folder in ("r", "again"))
    assert first == second


def test_a_table_of_the_users_is_never_touched(chainsim: Run, shop: Path) -> None:
    text = shop.read_text("utf-8")
    entry = next(line for line in text.splitlines() if "quantity:" in line)
    replay = "  - {site: shop, product: tea, type: history, file: d.csv, on_end: repeat}"
    shop.write_text(text.replace(entry, replay if entry.startswith("  -") else "demand: [" + replay[4:] + "]"), "utf-8")
    table = shop.parent / "d.csv"
    table.write_text("period,tea\n0,4\n1,5\n", "utf-8")
    words = ("run", "shop.yaml", "--jobs", "1", "--no-report", "--out", ".", "--overwrite")
    for rows in ("period,tea\n0,4\n1,5\n", "period,tea\n0,4\n1,6\n"):
        table.write_text(rows, "utf-8")
        code, _, err = chainsim(*words)
        assert code == 0, err
        assert table.read_text("utf-8") == rows
    assert json.loads(Path("manifest.json").read_text("utf-8"))["tables"] == {}


def test_validate_says_there_are_no_errors_and_runs_nothing(chainsim: Run, shop: Path) -> None:
    code, out, _ = chainsim("validate", "shop.yaml")
    assert code == 0
    assert "no errors" in out
    assert not (shop.parent / "results").exists()


def test_validate_shows_parameters(chainsim: Run, shop: Path) -> None:
    out = chainsim("validate", "shop.yaml", "--parameters")[1]
    assert "batch: shop, tea: " in out
    assert "= 15 units" in out


def test_new_writes_a_scenario_that_is_valid(chainsim: Run, tmp_path: Path) -> None:
    code, out, err = chainsim("new", "mine.yaml")
    assert (code, out) == (0, "")
    assert "chainsim validate mine.yaml" in err
    assert chainsim("validate", "mine.yaml", "--quiet") == (0, "", "")


def test_new_keeps_what_is_there(chainsim: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("precious", "utf-8")
    code, _, err = chainsim("new", "mine.yaml")
    assert code == 4
    assert "--overwrite" in err
    assert (tmp_path / "mine.yaml").read_text("utf-8") == "precious"
    assert chainsim("new", "mine.yaml", "--overwrite")[0] == 0


@pytest.mark.parametrize("name", scenario_names())
def test_new_from_a_shipped_scenario(chainsim: Run, name: str) -> None:
    code, out, _ = chainsim("new", "-", "--from", name)
    assert code == 0
    assert yaml.safe_load(out)["chainsim"] == 1


def test_new_from_a_misspelt_scenario(chainsim: Run) -> None:
    code, _, err = chainsim("new", "-", "--from", "grocr")
    assert code == 2
    assert "did you mean 'grocer'?" in err


@pytest.mark.parametrize("what", ["policies", "distributions", "demands", "kpis", "charts", "engines", "scenarios"])
def test_list(chainsim: Run, what: str) -> None:
    code, out, err = chainsim("list", what, "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told
    assert all(told.values()), "every name has a meaning"
    plain = chainsim("list", what)[1]
    assert [line.split()[0] for line in plain.splitlines() if not line.startswith(" ")] == list(told)


@pytest.mark.parametrize(
    "term", ["fill_rate", "Fill rate", "safety stock", "s_Q", "reorder_point", "gamma", "warm_up", "jit"]
)
def test_explain(chainsim: Run, term: str) -> None:
    code, out, err = chainsim("explain", term)
    assert code == 0, err
    assert len(out) > 40


def test_explain_takes_the_words_as_they_are_said(chainsim: Run) -> None:
    assert chainsim("explain", "safety", "stock") == chainsim("explain", "safety stock")


@pytest.mark.parametrize("term", ["s_S", "kanban"])
def test_explain_shows_no_python(chainsim: Run, term: str) -> None:
    _, out, _ = chainsim("explain", term)
    assert "Source: " in out
    assert "Keys:" in out
    assert ">>>" not in out


def test_list_of_nothing_says_what_there_is(chainsim: Run) -> None:
    code, out, err = chainsim("list")
    assert (code, out) == (2, "")
    assert "policies, distributions" in err


def test_explain_an_unknown_term(chainsim: Run) -> None:
    code, out, err = chainsim("explain", "safty stock")
    assert (code, out) == (2, "")
    assert "did you mean 'safety stock'?" in err


def test_schema_is_json(chainsim: Run) -> None:
    code, out, _ = chainsim("schema")
    assert code == 0
    assert "properties" in json.loads(out)


def test_doctor_finds_this_installation_in_order(chainsim: Run) -> None:
    code, out, _ = chainsim("doctor", "--json")
    assert json.loads(out)["self-test"] == "passed"
    assert code == 0


def test_version(chainsim: Run) -> None:
    import chainsim as package

    assert chainsim("--version")[1] == f"chainsim {package.__version__}\n"
