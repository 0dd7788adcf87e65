"""Levels held: the policies keep the numbers of the scenario before its changes, and only the world is another."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

import chainsim
from chainsim.errors import OutputError, UsageError
from chainsim.study.calibration import calibrated
from tests.cli.conftest import SHOP

CHANGES = {"demand[*]": "*1.5", "lanes[*].lead_time": "*2"}
POLICIES: dict[str, Any] = {
    "derived": {"type": "s_Q", "fill_rate": 0.95},
    "given": {"type": "base_stock", "order_up_to_level": 40},
}


def shop() -> chainsim.Study:
    document = {**yaml.safe_load(SHOP), "policies": POLICIES, "replications": 3}
    return chainsim.load_dict(document, name="shop")


def parameters(results: chainsim.Results) -> list[Any]:
    return results.derived[["policy", "site", "symbol", "value"]].to_numpy().tolist()


def test_policies_keep_their_numbers_and_meet_another_world() -> None:
    study = shop()
    plain, held, told = study.run(jobs=1), *(study.with_(CHANGES).run(jobs=1, hold=hold) for hold in (True, False))
    assert parameters(held) == parameters(plain)
    assert parameters(told) != parameters(plain)
    assert held.files["replications.csv"] not in (plain.files["replications.csv"], told.files["replications.csv"])
    # customers and luck are those of the changed world, whoever knows of it
    assert held.manifest["customers"] == told.manifest["customers"] != plain.manifest["customers"]


def test_it_is_the_changed_scenario_with_the_numbers_written_out() -> None:
    """Done by hand: the numbers as derived, given in the changed file."""
    study = shop()
    settings = calibrated(study.scenario).levels["derived"]["shop", "tea"]
    written = {"type": "s_Q", "reorder_point": settings.p[0], "order_quantity": settings.p[1]}
    by_hand = study.with_({**CHANGES, "policies": {**POLICIES, "derived": written}}).run(jobs=1)
    held = study.with_(CHANGES).run(jobs=1, hold=True)
    assert held.files["replications.csv"] == by_hand.files["replications.csv"]


def test_changes_of_policies_are_known_to_them() -> None:
    study = shop()
    own = {"policies.derived.fill_rate": 0.99}
    held = study.with_({**own, **CHANGES}).run(jobs=1, hold=True)
    assert parameters(held) == parameters(study.with_(own).run(jobs=1))
    alone = study.with_(own)
    assert alone.run(jobs=1, hold=True).files["replications.csv"] == alone.run(jobs=1).files["replications.csv"]


def test_it_is_told_in_the_manifest_and_in_the_scenario_files() -> None:
    held = shop().with_(CHANGES).run(jobs=1, hold=True)
    assert "held" in held.manifest["identity"]
    assert any("--hold" in warning["message"] for warning in held.manifest["warnings"])
    assert "derives its own" in held.files["scenario.yaml"].decode().splitlines()[1]
    assert yaml.safe_load(held.files["planned.yaml"]) == shop().scenario.document
    assert "held" not in shop().run(jobs=1).manifest["identity"]


def test_what_falls_short_in_another_world_is_not_put_down_to_anything_else() -> None:
    """Half as much again is demanded, at twice the lead time: the level cannot deliver, because it was not made for that."""
    held = shop().with_(CHANGES).run(jobs=1, hold=True).delivered
    row = held[(held["policy"] == "derived") & (held["site"] == "shop") & (held["product"] == "tea")].iloc[0]
    assert row["verdict"] == "short"
    assert row["why"].startswith("levels are held: they were derived before the scenario was changed")
    assert row[["expected", "one_less"]].isna().all()  # what was expected of it in the world it was made for
    usual = shop().run(jobs=1).delivered
    assert not usual["why"].fillna("").str.contains("held").any()
    assert usual["expected"].notna().any()


def test_the_command_makes_the_same_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from chainsim.cli import execute

    monkeypatch.chdir(tmp_path)
    document = {**yaml.safe_load(SHOP), "policies": POLICIES, "replications": 3}
    (tmp_path / "shop.yaml").write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    made = chainsim.load("shop.yaml").with_(CHANGES).run(jobs=1, hold=True)
    command = shlex.split(made.manifest["command"])
    assert command == [
        "chainsim", "run", "shop.yaml", "--set", "demand[*]=*1.5", "--set", "lanes[*].lead_time=*2", "--hold",
    ]  # fmt: skip
    assert execute([*command[1:], "--jobs", "1", "--quiet", "--no-report", "--out", "again"]) == 0
    for name, data in made.files.items():
        assert (tmp_path / "again" / name).read_bytes() == data, name


def test_a_held_run_is_not_resumed_as_another_one(tmp_path: Path) -> None:
    study = shop().with_(CHANGES)
    study.run(jobs=1, out=tmp_path)
    with pytest.raises(OutputError, match="held"):
        study.run(jobs=1, out=tmp_path, hold=True, resume=True)
    study.run(jobs=1, out=tmp_path, hold=True, overwrite=True)
    with pytest.raises(OutputError, match="held"):
        study.run(jobs=1, out=tmp_path, resume=True)
    longer = study.run(jobs=1, out=tmp_path, hold=True, resume=True, replications=5)
    assert longer.files["replications.csv"] == study.run(jobs=1, hold=True, replications=5).files["replications.csv"]


def test_a_replication_is_simulated_again_with_the_numbers_that_were_held(tmp_path: Path) -> None:
    shop().with_(CHANGES).run(jobs=1, out=tmp_path, hold=True)
    from chainsim.study.results import Results

    assert len(Results.load(tmp_path).log("derived", 2)) > 0  # compares its measures with the tables


def test_nothing_to_hold_and_other_stock_points_are_refused() -> None:
    with pytest.raises(UsageError, match="nothing to hold levels against"):
        shop().run(hold=True)
    with pytest.raises(UsageError, match="the same stock points"):
        shop().with_({"sites.shop.copies": 2}).run(hold=True)
    with pytest.raises(UsageError, match="nothing to hold"):
        shop().explain_policies(hold=True)


def test_validate_tells_the_numbers_that_are_held() -> None:
    study = shop().with_(CHANGES)
    assert study.explain_policies(hold=True) == shop().explain_policies()
    assert study.explain_policies() != shop().explain_policies()


def test_of_an_interrupted_run_the_whole_command_is_told(tmp_path: Path) -> None:
    from chainsim.study.running import Interrupted

    def stop(done: int, total: int, left: float | None) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as told:
        shop().with_(CHANGES).run(jobs=1, hold=True, seed=5, out=tmp_path, progress=stop, engine="simpy")
    assert (
        f"chainsim run shop.yaml --set 'demand[*]=*1.5' --set 'lanes[*].lead_time=*2' --seed 5 --hold --out {tmp_path} --resume"
        in str(told.value)
    )
