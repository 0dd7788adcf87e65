"""Bounded before work: what would take too long or too much memory is refused from arithmetic, at its line, with exit code 3;
what cannot mean anything, with exit code 2. Cases are those of the reliability list and slips of a unit."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainsim
from chainsim.cli import execute
from chainsim.errors import BudgetError, OutputError, ScenarioError, UsageError
from chainsim.scenario.load import load_text
from chainsim.study import budget
from chainsim.theory.lattice import step_for

SHOP = """\
chainsim: 1
title: A shop and its distribution centre
time: {unit: day, warm_up: 7, horizon: 63, bucket: 1 week}
replications: 2
seed: 1
products: {soup: {unit_cost: 10, unit_price: 16}}
sites: {plant: {kind: supplier}, dc: {kind: dc}, store: {kind: store}}
lanes:
  - {from: plant, to: dc, lead_time: 3 days, order_cost: 20}
  - {from: dc, to: store, lead_time: 1 day, order_cost: 2}
demand:
  - {site: store, product: soup, quantity: {dist: poisson, mean: 20}, every: 1 day}
costs: {currency: EUR, carrying_rate: 25% per year, backorder: 1 per day}
policies:
  s_Q: {type: s_Q}
  R_S: {type: R_S, review_interval: 1 day}
"""


def changed(*changes: str) -> str:
    """The shop with texts replaced: old, new, old, new …"""
    text = SHOP
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in text
        text = text.replace(old, new, 1)
    return text


VALIDATE_SECONDS = 5.0
"""Most processor time of `validate`, whatever the file."""


def refused(text: str) -> ScenarioError:
    begun = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        chainsim.Study(load_text(text, "shop.yaml")).explain_policies()
    assert time.process_time() - begun < VALIDATE_SECONDS
    return caught.value


TOO_MUCH = {
    "I01 periods": (("every: 1 day", "every: 1e-9"), "demand[0].every", 12, "70,000,000,000 demands"),
    "I01 horizon": (("horizon: 63, bucket: 1 week", "horizon: 5e7, bucket: 5e7"), "demand[0].every", 12, "50,000,007"),
    "I01 reviews": (("review_interval: 1 day", "review_interval: 1e-9"), "policies.R_S.review_interval", 16, "reviews"),
    "I01 levels": (
        ("every: 1 day}", "every: 2e-5, step: {at: 20, factor: 2}}"), "demand[0]", 12, "with a level of their own"),
    "I01 season": (
        ("every: 1 day}", "every: 1e6 days, season: {weekly: [1, 1, 1, 1, 1, 2, 0]}}",
         "horizon: 63, bucket: 1 week", "horizon: 9e6, bucket: 9e6"), "demand[0].season", 12, "changes 9,000,007 times"),
    "I02 step": (
        ("every: 1 day}", "every: 1 day, step: {at: 20, factor: 1e8}}"), "demand[0].quantity", 12, "spreads over"),
    "I02 surge": (
        ("costs:", "disruptions: [{type: surge, site: store, start: 20, duration: 5, factor: 1e7}]\ncosts:"),
        "demand[0].quantity", 12, "a season, step or surge makes it up to 1e+07 times as much"),
    "I02 surge beyond numbers": (
        ("every: 1 day}", "every: 1 day, step: {at: 20, factor: 1e15}, season: {weekly: [1e15, 1, 1, 1, 1, 1, 1]}}"),
        "demand[0].quantity", 12, "asked for in one run"),
    "I02 outages": (
        ("costs:", "disruptions: [{type: outage, site: dc, start: 0, duration: 1e-10, every: 1e-9}]\ncosts:"),
        "disruptions[0].every", 13, "70,000,000,000 outages"),
    "I02 random outages": (
        ("costs:", "disruptions: [{type: outage, site: dc, time_between: 1e-9, duration: 1e-9}]\ncosts:"),
        "disruptions[0].time_between", 13, "35,000,000,000 outages"),
    "I08 units": (("{dist: poisson, mean: 20}", "1e15"), "demand[0].quantity", 12, "2^53"),
}  # fmt: skip


@pytest.mark.parametrize("case", TOO_MUCH)
def test_what_is_too_much_is_refused_at_its_line_before_it_is_made(case: str) -> None:
    changes, path, line, words = TOO_MUCH[case]
    error = refused(changed(*changes))
    assert error.exit_code == 3
    first = error.findings[0]
    assert (first.path, first.where.line) == (path, line)
    assert words in first.message
    assert first.cure


def test_I01_periods_without_a_level_of_their_own_are_counted_not_made() -> None:
    text = changed("every: 1 day", "every: 1e-5", "{dist: poisson, mean: 20}", "1")
    study = chainsim.Study(load_text(text))
    assert study.explain_policies()
    with pytest.raises(BudgetError, match="at least"):
        study.run(replications=100)


def test_I02_as_many_periods_as_are_allowed_are_accepted() -> None:
    load_text(changed("every: 1 day", "every: 7e-6"))
    assert refused(changed("every: 1 day", "every: 6.99e-6")).exit_code == 3


def test_I02_tables_of_many_replications_are_refused_with_the_number_that_fits() -> None:
    study = chainsim.Study(load_text(SHOP))
    with pytest.raises(BudgetError, match=r"replications: 500,000 make .* rows .* at most [0-9,]+"):
        study.run(replications=500_000)
    with pytest.raises(BudgetError, match="rows"):
        chainsim.Study(load_text(changed("replications: 2", "replications: 500000"))).explain_policies()


def test_validate_and_run_ask_the_same_budget(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(changed("replications: 2", "replications: 500000"))
    told = []
    for command in (["validate", str(file)], ["run", str(file), "--out", str(tmp_path / "out")]):
        assert execute(command) == 3
        told.append(capsys.readouterr().err)
    assert told[0] == told[1]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("cost", ["1e3", "1e6", "1e9", "1e12"])
@pytest.mark.parametrize("method", ["metric", "guaranteed_service", "echelon_base_stock"])
def test_I01_a_lot_of_any_size_makes_no_lattice_without_end(
    cost: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However dear an order is, no lattice of the search has more points than a few times what is allowed."""
    from chainsim.theory.lattice import Lattice

    made = []
    before = Lattice.plus

    def counted(self: Lattice, other: Lattice) -> Lattice:
        made.append(len(self.mass) + len(other.mass))
        return before(self, other)

    monkeypatch.setattr(Lattice, "plus", counted)
    text = changed("order_cost: 20", f"order_cost: {cost}", "order_cost: 2}", f"order_cost: {cost}}}")
    text = text.replace("{type: s_Q}", f"{{type: multi_echelon, method: {method}}}")
    if method == "metric":
        text = text.replace("{kind: store}", "{kind: store, copies: 2}")
    begun = time.process_time()
    chainsim.Study(load_text(text)).explain_policies()
    assert time.process_time() - begun < VALIDATE_SECONDS
    assert max(made, default=0) <= 300_000


def test_lattice_steps_are_bounded_by_spread_skew_and_batch() -> None:
    assert step_for([40.0], [8.0], True) == 1.0
    assert step_for([40.0], [8.0], True, [4000.0]) == 1.0
    assert step_for([40.0], [8.0], True, [8000.0]) == 2.0
    assert step_for([100.0], [2000.0], True) > 20.0  # a skewed law reaches 30 × variance ÷ mean


def test_I11_memory_that_runs_out_is_a_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_memory(*_: Any, **__: Any) -> Any:
        raise MemoryError("Unable to allocate 432 GiB")

    file = tmp_path / "shop.yaml"
    file.write_text(SHOP)
    with monkeypatch.context() as patched:
        patched.setattr("chainsim.policies.s_Q.FixedQuantity.settings", no_memory)
        assert execute(["validate", str(file)]) == 3
        assert "shop.yaml:15:3: error: policies.s_Q: the levels need more memory" in capsys.readouterr().err
    with monkeypatch.context() as patched:
        patched.setattr("chainsim.plan.ground.compile_lanes", no_memory)
        assert execute(["validate", str(file)]) == 3
        assert "not enough memory (Unable to allocate 432 GiB)" in capsys.readouterr().err
    with monkeypatch.context() as patched:
        patched.setattr("chainsim.scenario.load.expand", no_memory)
        assert execute(["validate", str(file)]) == 3
        assert "not enough memory" in capsys.readouterr().err


LOTS = {
    "D02 below one unit": ("{type: s_Q, reorder_point: 10, order_quantity: 0.5}", "order_quantity", "write 1"),
    "D02 tiny": ("{type: s_Q, reorder_point: 10, order_quantity: 1e-12}", "order_quantity", "write 1"),
    "D02 not whole": ("{type: s_Q, reorder_point: 10, order_quantity: 2.5}", "order_quantity", "write 3"),
    "D02 container": ("{type: kanban, container: 0.4}", "container", "write 1"),
    "D02 in a rule": ("{type: R_S, review_interval: 1, rules: [{site: store, type: kanban, container: 2.5}]}",
                      "rules[0].container", "write 3"),
}  # fmt: skip


@pytest.mark.parametrize("case", LOTS)
def test_a_lot_of_whole_units_is_whole(case: str) -> None:
    policy, path, cure = LOTS[case]
    error = refused(changed("{type: s_Q}", policy))
    (finding,) = error.findings
    assert (error.exit_code, finding.path, finding.where.line) == (2, f"policies.s_Q.{path}", 15)
    assert "which comes in whole units" in finding.message
    assert finding.cure.startswith(cure)


def test_D02_a_lot_of_a_divisible_product_may_be_any() -> None:
    text = changed(
        "unit_price: 16", "unit_price: 16, divisible: true", "{type: s_Q}", "{type: s_Q, order_quantity: 0.5}"
    )
    assert load_text(text)


SMALLEST = {
    "B05 cv": ("{dist: poisson, mean: 20}", "{dist: gamma, mean: 20, cv: 5e-324}"),
    "B05 sd": ("{dist: poisson, mean: 20}", "{dist: gamma, mean: 20, sd: 5e-324}"),
    "B05 mean": ("{dist: poisson, mean: 20}", "{dist: negative_binomial, mean: 5e-324, sd: 1}"),
    "B05 bucket": ("bucket: 1 week", "bucket: 1e-300 days"),
    "B05 every": ("every: 1 day", "every: 1e-300 day"),
    "B05 horizon": ("warm_up: 7, horizon: 63, bucket: 1 week", "warm_up: 0, horizon: 1e-300"),
    "B05 below a tick": ("warm_up: 7, horizon: 63, bucket: 1 week", "warm_up: 0, horizon: 1e-12"),
}


@pytest.mark.parametrize("case", SMALLEST)
def test_the_smallest_numbers_there_are_are_refused(case: str) -> None:
    error = refused(changed(*SMALLEST[case]))
    assert error.exit_code == 2
    assert any(words in error.findings[0].message for words in ("go down to 1e-15", "shorter than the clock's tick"))


WORDS = {
    "B08 10": ("lead_time: 3 days", "lead_time: 010", "write 8 (octal) or 10 (decimal)"),
    "B08 time of day": ("lead_time: 3 days", "lead_time: 12:30", "write 750"),
    "B08 underscore": ("lead_time: 3 days", "lead_time: 1_000", "write 1000"),
    "B08 quotes": ("lead_time: 3 days", 'lead_time: "5"', "write 5 without quotes"),
    "B08 per": ("25% per year", "25% pre year", "did you mean '25% per year'?"),
    "B01 margin": ("backorder: 1 per day", "lost_sale: mrgin", "(did you mean 'margin'?)"),
    "B01 selector": ("store, product: soup,", "{kindd: store}, product: soup,", "(did you mean 'kind'?)"),
    "B01 week": ("bucket: 1 week", "bucket: wek", "(did you mean 'week'?)"),
    "B01 definition": ("products: {soup:", "products: {souup:", "'souup' is defined here and never named"),
}


@pytest.mark.parametrize("case", WORDS)
def test_a_slip_is_answered_with_what_was_meant(case: str) -> None:
    old, new, words = WORDS[case]
    first = refused(changed(old, new)).findings[0]
    assert words in f"{first.message} {first.cure}"
    assert first.where.line == next(i for i, line in enumerate(changed(old, new).splitlines(), 1) if new in line)


def test_B11_a_share_just_above_one_gets_no_absurd_advice() -> None:
    finding = refused(changed("{type: s_Q}", "{type: s_Q, service_level: 1.5}")).findings[0]
    assert "did you mean" not in finding.cure
    finding = refused(changed("{type: s_Q}", "{type: s_Q, service_level: 95}")).findings[0]
    assert finding.cure == "did you mean 0.95?"


def test_D07_what_cannot_be_derived_is_told_at_its_policy() -> None:
    error = refused(changed(", order_cost: 20}", "}", "{type: s_Q}", "{type: eoq}"))
    (finding,) = error.findings
    assert str(finding.where) == "shop.yaml:15:3"
    assert "needs an order cost K above 0" in finding.message


def test_D07_a_stock_point_that_cannot_be_derived_is_named() -> None:
    """Of two shops that share their facts with others, the first that has no order cost."""
    shops = changed("store: {kind: store}}", "store: {kind: store, copies: 2}}", "order_cost: 2}", "order_cost: 0}")
    (finding,) = refused(shops.replace("{type: s_Q}", "{type: s_Q, derivation: textbook, service_level: 0.9}")).findings
    assert finding.message.startswith("store-1 / soup: EOQ = √(2KD/h) needs an order cost K above 0")


def test_words_of_a_library_are_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chainsim.policies.s_Q.FixedQuantity.settings", lambda *_: np.ones(2**62))
    (finding,) = refused(SHOP).findings
    assert "cannot be derived from numbers this far apart" in finding.message
    assert finding.cure


OPTIONS = ["nan", "1e400", "inf", "0", "-1"]


@pytest.mark.parametrize("value", OPTIONS)
def test_options_that_are_no_size_are_refused(value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP)
    assert execute(["validate", str(file), f"--max-scenario-mb={value}"]) == 2
    assert "--max-scenario-mb" in capsys.readouterr().err
    assert execute(["run", str(file), "--out", str(tmp_path / "out"), f"--max-events={value}"]) == 2
    assert "max_events" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


ARGUMENTS: dict[str, dict[str, Any]] = {
    "jobs": {"text": "2", "fraction": 1.5, "flag": True},
    "engine": {"number": 5, "empty": ""},
    "detail": {"number": 5},
    "block_size": {"fraction": 1.5, "text": "x", "flag": True},
    "policies": {"one text": "s_Q", "numbers": [1], "number": 5},
    "max_events": {"text": "x", "nan": float("nan")},
    "out": {"empty": "", "number": 5},
    "replications": {"fraction": 2.0, "flag": True, "text": "2"},
    "seed": {"fraction": 1.5, "text": "1"},
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in ARGUMENTS.items() for value in values.values()]
)
def test_an_argument_of_another_type_is_named(name: str, value: Any) -> None:
    with pytest.raises(UsageError, match=f"^{name} must be"):
        chainsim.Study(load_text(SHOP)).run(**{name: value})


def test_arguments_of_the_package_are_named() -> None:
    calls: list[tuple[Any, tuple[Any, ...], str]] = [
        (chainsim.load, (5,), "path must be"),
        (chainsim.load_text, (None,), "text must be"),
        (chainsim.compare, ("a", "b"), "first must be Results"),
        (chainsim.run, (None,), "takes a Scenario, not None; chainsim.load reads one"),
    ]
    for function, given, words in calls:
        with pytest.raises(UsageError, match=words):
            function(*given)


def test_whole_numbers_of_numpy_are_whole_numbers() -> None:
    study = chainsim.Study(load_text(SHOP))
    results = study.run(replications=np.int64(2), seed=np.int32(3), jobs=np.int8(1), engine="simpy")
    assert (results.manifest["replications"], results.manifest["seed"]) == (2, 3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("results") / "shop"
    chainsim.Study(load_text(SHOP)).run(out=place, jobs=1, engine="simpy")
    return place


def rewritten(folder: Path, target: Path, change: Any) -> Path:
    """A copy of a results folder whose manifest says something else, its hashes right."""
    target.mkdir()
    manifest = json.loads((folder / "manifest.json").read_text())
    files = {name: (folder / name).read_bytes() for name in manifest["files"]}
    change(manifest, files)
    manifest["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    for name, data in files.items():
        (target / name).write_bytes(data)
    (target / "manifest.json").write_text(json.dumps(manifest))
    return target


KEYS = (
    "currency",
    "policies",
    "time",
    "targets",
    "warnings",
    "seed",
    "counts",
    "detail",
    "versions",
    "chainsim",
    "identity",
)


@pytest.mark.parametrize("key", KEYS)
def test_H03_a_manifest_without_a_key_is_told(key: str, folder: Path, tmp_path: Path) -> None:
    place = rewritten(folder, tmp_path / "changed", lambda manifest, files: manifest.pop(key))
    with pytest.raises(OutputError, match=f"the key '{key}' is missing"):
        chainsim.Results.load(place)


def test_H03_a_table_with_other_columns_is_told(folder: Path, tmp_path: Path) -> None:
    def change(manifest: Any, files: dict[str, bytes]) -> None:
        files["summary.csv"] = b"a,b\n1,2\n"
        files["series.csv"] = b'"a\n'
        files["network.json"] = b"[]"

    results = chainsim.Results.load(rewritten(folder, tmp_path / "changed", change))
    with pytest.raises(OutputError, match=r"summary.csv has no column 'policy'"):
        _ = results.summary
    with pytest.raises(OutputError, match=r"series.csv cannot be read|series.csv has no column"):
        _ = results.series
    assert execute(["report", str(tmp_path / "changed")]) == 4


def test_H03_another_version_is_named(folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    place = rewritten(folder, tmp_path / "old", lambda manifest, files: manifest.update(chainsim="0.0.9"))
    chainsim.Results.load(place)
    assert "was written by chainsim 0.0.9" in caplog.text


@pytest.mark.parametrize("name", ["summary.csv", "manifest.json"])
def test_H03_a_device_in_the_place_of_a_file_is_not_read(name: str, folder: Path, tmp_path: Path) -> None:
    place = rewritten(folder, tmp_path / "changed", lambda manifest, files: None)
    (place / name).unlink()
    (place / name).symlink_to("/dev/zero")
    with pytest.raises(OutputError, match="is not a regular file"):
        chainsim.Results.load(place)


def test_H03_a_device_in_the_place_of_a_block_is_computed_again(folder: Path, tmp_path: Path) -> None:
    study = chainsim.Study(load_text(SHOP))
    place = tmp_path / "shop"
    study.run(out=place, jobs=1, engine="simpy", block_size=1)
    blocks = sorted((place / ".blocks").glob("*.npz"))
    assert blocks
    blocks[0].unlink()
    blocks[0].symlink_to("/dev/zero")
    again = study.run(out=place, jobs=1, engine="simpy", resume=True)
    assert again.files["summary.csv"] == (folder / "summary.csv").read_bytes()


def test_budget_sentences_name_what_to_change() -> None:
    with pytest.raises(BudgetError, match="fewer replications"), budget.told_as_budget_error():
        raise MemoryError
