"""Running: the same results however it is cut, kept as it goes, resumed, refused before it costs anything."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from chainsim.errors import BudgetError, ConservationError, OutputError, UsageError
from chainsim.plan.derivation import Levels
from chainsim.plan.plan import Plan
from chainsim.record import stack
from chainsim.record.record import SERIES, Record
from chainsim.replicate.executors.here import Here
from chainsim.replicate.task import ReplicationError
from chainsim.study import Results, collection, run
from chainsim.study.running import Interrupted
from tests.study import toy


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> None:
    toy.install(monkeypatch)


class Stopping:
    """A simulation that raises when it is asked for the n-th time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, n: int, error: BaseException) -> None:
        self.n, self.error, self.asked = n, error, 0
        toy.play(monkeypatch, self)

    def __call__(self, plan: Plan, replication: int, *, engine: str) -> Record:
        self.asked += 1
        if self.asked == self.n:
            raise self.error
        return toy.simulate(plan, replication, engine=engine)


def test_results_in_memory_and_on_disk_are_the_same(tmp_path: Path) -> None:
    in_memory = run(toy.scenario())
    on_disk = run(toy.scenario(), out=tmp_path / "out")
    loaded = Results.load(tmp_path / "out")
    assert in_memory.files == on_disk.files == loaded.files
    assert loaded.manifest == on_disk.manifest
    assert run(toy.scenario()).save(tmp_path / "saved").files == Results.load(tmp_path / "saved").files


@pytest.mark.parametrize("block_size", [1, 2, 4, 100])
def test_block_size_changes_nothing(block_size: int) -> None:
    assert run(toy.scenario(), block_size=block_size).files == run(toy.scenario()).files


def test_the_first_replications_of_a_longer_run_are_those_of_a_shorter_one() -> None:
    short = run(toy.scenario(), replications=3).replications
    long = run(toy.scenario()).replications
    pd.testing.assert_frame_equal(short, long[long.replication < 3].reset_index(drop=True))


def test_tables_agree_with_each_other() -> None:
    results = run(toy.scenario())
    values = results.replications.query("kpi == 'fill_rate' and site == '' and product == ''")
    sums = values.groupby("policy")[["numerator", "denominator"]].sum()
    ratios = sums["numerator"] / sums["denominator"]
    for policy in ("less", "more"):
        assert results.estimate(policy, "fill_rate").mean == pytest.approx(ratios[policy])
    stock = results.replications.query("kpi == 'on_hand_mean' and site == '' and product == ''")
    assert stock[["numerator", "denominator"]].isna().all(axis=None)
    assert results.estimate("less", "on_hand_mean").mean == pytest.approx(
        stock.query("policy == 'less'")["value"].mean()
    )
    row = results.comparison.query("kpi == 'fill_rate'").iloc[0]
    assert (row.policy, row.baseline, row.verdict, row.n) == ("more", "less", "better", 6)
    assert row.difference == pytest.approx(ratios["more"] - ratios["less"])
    assert set(results.audit.query("check == 'units_conserved'")["value"]) == {0.0}
    last = results.series.query("policy == 'less' and site == '' and product == '' and bucket == 4").set_index(
        "statistic"
    )
    assert last.loc["q05", "on_hand"] <= last.loc["mean", "on_hand"] <= last.loc["q95", "on_hand"]
    assert list(results.series["start"].unique()) == [-10.0, 0.0, 10.0, 20.0, 30.0]


def test_an_undefined_measure_is_empty_and_says_why() -> None:
    results = run(toy.scenario())
    e = results.estimate("less", "bullwhip")
    assert e.mean is None
    assert e.n == 0
    assert e.method == "undefined: the incoming variance is 0, or fewer than two full buckets"
    assert b"bullwhip,,0.0,0.0\r\n" in results.files["replications.csv"]
    assert b"nan" not in results.files["replications.csv"] + results.files["summary.csv"]


def test_one_replication_has_no_interval() -> None:
    e = run(toy.scenario(), replications=1).estimate("less", "fill_rate")
    assert e.mean is not None
    assert e.half_width is None


def test_manifest_says_where_it_came_from() -> None:
    manifest = run(toy.scenario(), seed=9, replications=2, policies=["more"]).manifest
    assert manifest["seed"] == 9
    assert manifest["replications"] == 2
    assert manifest["rng_scheme"] == 1
    assert manifest["policies"] == [{"name": "more", "label": "more"}]
    assert manifest["command"] == "chainsim run toy.yaml --replications 2 --seed 9 --policies more"
    assert manifest["warnings"] == [{"policy": "more", "where": "", "message": "a warning", "cure": ""}]
    assert manifest["targets"] == {"fill_rate": 0.9}
    assert manifest["currency"] == "EUR"
    assert str(Path.home()) not in json.dumps(manifest)


def test_the_resolved_scenario_says_what_was_run() -> None:
    text = run(toy.scenario(), seed=9, replications=2, policies=["more"]).files["scenario.yaml"].decode()
    assert "seed: 9" in text
    assert "replications: 2" in text
    assert "less" not in text


@pytest.mark.parametrize("n", [1, 2, 5, 11, 12])
def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    straight = run(toy.scenario()).files
    Stopping(monkeypatch, n, KeyboardInterrupt())
    with pytest.raises(Interrupted, match=rf"{n - 1} of 12 .*--resume") as stopped:
        run(toy.scenario(), out=tmp_path, block_size=1)
    assert stopped.value.exit_code == 130
    counted = Stopping(monkeypatch, 0, KeyboardInterrupt())
    assert run(toy.scenario(), out=tmp_path, resume=True, block_size=3).files == straight
    assert counted.asked == 12 - (n - 1)
    assert not (tmp_path / ".lock").exists()


def test_damaged_missing_and_foreign_blocks_are_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    straight = run(toy.scenario(), out=tmp_path, block_size=2).files
    blocks = sorted((tmp_path / ".blocks").glob("*.npz"))
    assert len(blocks) == 6
    blocks[0].unlink()
    data = bytearray(blocks[1].read_bytes())
    data[len(data) // 2] ^= 1
    blocks[1].write_bytes(bytes(data))
    blocks[2].write_bytes(blocks[2].read_bytes()[:100])
    blocks[3].rename(blocks[3].with_name("0" * 16 + blocks[3].name[16:]))
    (tmp_path / ".blocks" / "planted.npz").write_bytes(b"\x80\x04cos\nsystem\n.")
    counted = Stopping(monkeypatch, 0, KeyboardInterrupt())
    assert run(toy.scenario(), out=tmp_path, resume=True).files == straight
    assert counted.asked == 8


def test_a_block_that_holds_objects_is_never_unpickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    straight = run(toy.scenario(), out=tmp_path, block_size=6).files
    from chainsim.study.store import sha256

    block = sorted((tmp_path / ".blocks").glob("*.npz"))[0]
    np.savez(
        tmp_path / "evil.npz", **{name: np.array([print], object) for name in ("values", "series", "audit", "events")}
    )
    data = (tmp_path / "evil.npz").read_bytes()
    block.with_name(block.name[:-68] + sha256(data) + ".npz").write_bytes(data)
    block.unlink()
    assert run(toy.scenario(), out=tmp_path, resume=True).files == straight


def test_a_block_that_unfolds_into_more_than_it_may_hold_is_never_unfolded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight = run(toy.scenario(), out=tmp_path, block_size=6).files
    from chainsim.study.store import sha256

    block = sorted((tmp_path / ".blocks").glob("*.npz"))[0]
    with np.load(block) as file:
        arrays = {name: file[name] for name in file.files}
    arrays["series"] = np.zeros(4_000_000)  # 32 MB, in 31 kB
    np.savez_compressed(tmp_path / "bomb.npz", **arrays)
    data = (tmp_path / "bomb.npz").read_bytes()
    block.with_name(block.name[:-68] + sha256(data) + ".npz").write_bytes(data)
    block.unlink()
    unfolded, load = [], np.load

    def watched(file: Any, **options: Any) -> Any:
        unfolded.append(len(file.getvalue()))
        return load(file, **options)

    monkeypatch.setattr(np, "load", watched)
    assert run(toy.scenario(), out=tmp_path, resume=True).files == straight
    assert len(data) not in unfolded
    assert unfolded


def test_a_run_is_extended_by_replications(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(toy.scenario(), out=tmp_path, replications=4)
    counted = Stopping(monkeypatch, 0, KeyboardInterrupt())
    extended = run(toy.scenario(), out=tmp_path, resume=True)
    assert counted.asked == 4
    toy.play(monkeypatch, toy.simulate)
    assert extended.files == run(toy.scenario()).files


@pytest.mark.parametrize("change", [{"seed": 8}, {"sha256": "0ther"}])
def test_another_scenario_or_seed_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    run(toy.scenario(), out=tmp_path)
    other = replace(toy.scenario(), **change)  # type: ignore[arg-type]
    for resume in (False, True):
        with pytest.raises(OutputError, match="another run"):
            run(other, out=tmp_path, resume=resume)
    assert run(other, out=tmp_path, overwrite=True).manifest["seed"] == other.seed


def test_the_same_run_again_gives_the_same_files(tmp_path: Path) -> None:
    assert run(toy.scenario(), out=tmp_path).files == run(toy.scenario(), out=tmp_path).files


def test_a_failing_replication_is_named_and_the_others_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Stopping(monkeypatch, 4, ZeroDivisionError("oops"))
    with pytest.raises(
        ReplicationError, match=r"policy 'more', replication 1, seed 7: ZeroDivisionError: oops"
    ) as failed:
        run(toy.scenario(), out=tmp_path, block_size=1)
    assert failed.value.exit_code == 1
    assert "policies=['more'], seed=7, replications=2" in str(failed.value)
    assert "in __call__" in failed.value.__notes__[0]
    assert len(list((tmp_path / ".blocks").glob("*.npz"))) == 3


@pytest.mark.parametrize(("error", "code"), [(BudgetError("endless"), 3), (ConservationError("leak"), 1)])
def test_errors_of_ours_keep_their_kind(monkeypatch: pytest.MonkeyPatch, error: Exception, code: int) -> None:
    Stopping(monkeypatch, 1, error)
    with pytest.raises(type(error), match="policy 'less', replication 0, seed 7") as failed:
        run(toy.scenario())
    assert getattr(failed.value, "exit_code", None) == code


def test_a_number_that_overflowed_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def huge(plan: Plan, replication: int, *, engine: str) -> Record:
        made = toy.simulate(plan, replication, engine=engine)
        made.closing["points"]["on_hand_time"][0] = 1e308
        made.closing["points"]["on_hand_time"][1] = 1e308
        return made

    toy.play(monkeypatch, huge)
    with pytest.raises(BudgetError, match="not finite"):
        run(toy.scenario())


def test_budgets_are_checked_before_anything_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Stopping(monkeypatch, 0, KeyboardInterrupt())
    with pytest.raises(BudgetError, match="--max-events"):
        run(toy.scenario(), max_events=119, out=tmp_path)
    with pytest.raises(BudgetError, match="replications: 1,000,000,000"):
        run(toy.scenario(), replications=10**9, out=tmp_path)
    with pytest.raises(BudgetError, match="time.bucket"):
        run(replace(toy.scenario(), time=replace(toy.scenario().time, horizon=1e12), points=(None,) * 3), out=tmp_path)  # type: ignore[arg-type]
    assert counted.asked == 0
    assert run(toy.scenario(), max_events=120).manifest["counts"]["events"] == 2 * (60 + 15)


@pytest.mark.parametrize(
    "options",
    [
        {"replications": 0},
        {"replications": 2.5},
        {"replications": True},
        {"seed": -1},
        {"policies": ["mroe"]},
        {"policies": []},
        {"policies": ["more", "more"]},
        {"engine": "simpie"},
        {"detail": "store"},
        {"block_size": 0},
        {"jobs": 0},
        {"resume": True},
    ],
)
def test_a_call_that_means_nothing_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        run(toy.scenario(), **options)  # type: ignore[arg-type]


def test_an_unwritable_folder_is_refused_before_simulating(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    counted = Stopping(monkeypatch, 0, KeyboardInterrupt())
    with pytest.raises(OutputError):
        run(toy.scenario(), out=tmp_path / "file")
    assert counted.asked == 0


def test_progress_counts_replications(tmp_path: Path) -> None:
    told: list[tuple[int, int, float | None]] = []
    run(toy.scenario(), progress=lambda *now: told.append(now), block_size=4, out=tmp_path)
    assert [(done, total) for done, total, _ in told] == [(0, 12), (4, 12), (8, 12), (10, 12), (12, 12)]
    assert told[0][2] is None
    assert told[-1][2] == 0.0


def test_detail_decides_what_is_told() -> None:
    results = run(toy.scenario(), detail="echelon")
    assert set(results.summary["site"]) == {"", "kind:store", "kind:dc"}
    assert results.manifest["detail"]["summary"] == "echelon"
    assert (
        results.manifest["detail"]["left_out"][0]
        == "summary.csv goes down to the echelon (4 of 7 parts of the network)"
    )
    assert run(toy.scenario()).manifest["detail"]["left_out"] == []


def test_names_that_look_like_formulas_read_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def renamed(scenario: object, names: object = None, *, levels: Mapping[str, Levels], **_: object) -> list[Plan]:
        made = toy.compile_plans(toy.scenario(), levels=levels)
        sites = ("=cmd()", 'say "a, b"', "dc", "farm")
        return [replace(plan, layout=replace(plan.layout, sites=sites)) for plan in made]

    monkeypatch.setattr("chainsim.study.running.compile_plans", renamed)
    results = run(toy.scenario())
    assert {"=cmd()", 'say "a, b"'} <= set(results.summary["site"])
    assert b",'=cmd()," in results.files["summary.csv"]
    assert results.network["sites"][0] == {"name": "=cmd()", "kind": "store"}


def test_termination_stops_as_ctrl_c_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGTERM)

    def terminated(plan: Plan, replication: int, *, engine: str) -> Record:
        signal.raise_signal(signal.SIGTERM)
        return toy.simulate(plan, replication, engine=engine)

    toy.play(monkeypatch, terminated)
    with pytest.raises(Interrupted):
        run(toy.scenario(), out=tmp_path)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_run_in_another_thread_works() -> None:
    made: list[Results] = []
    thread = threading.Thread(target=lambda: made.append(run(toy.scenario())))
    thread.start()
    thread.join()
    assert made[0].files == run(toy.scenario()).files


def test_the_hosts_random_numbers_are_left_alone() -> None:
    np.random.seed(1)
    before = np.random.get_state()[1].copy()  # type: ignore[index,union-attr]
    run(toy.scenario())
    assert (np.random.get_state()[1] == before).all()  # type: ignore[index]


@pytest.mark.parametrize("part", [1, 3 * 2**13, 2**30])
def test_how_much_is_measured_at_once_changes_nothing(monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    expected = run(toy.scenario(), block_size=1).files
    monkeypatch.setattr(stack, "PART", part)
    assert run(toy.scenario(), block_size=6).files == expected


@pytest.mark.parametrize(("spoil", "kind"), [(1e308, BudgetError), (-5.0, ConservationError)])
def test_the_replication_that_cannot_be_measured_is_named_within_its_block(
    monkeypatch: pytest.MonkeyPatch, spoil: float, kind: type[Exception]
) -> None:
    def third_is_bad(plan: Plan, replication: int, *, engine: str) -> Record:
        made = toy.simulate(plan, replication, engine=engine)
        if replication == 5:
            raise ZeroDivisionError("later")
        if replication == 3:
            made.closing["points"]["on_hand_time" if spoil > 0 else "on_hand"][:2] = spoil
        return made

    toy.play(monkeypatch, third_is_bad)
    with pytest.raises(kind, match=r"policy .less., replication 3, seed 7: "):
        run(toy.scenario(), block_size=6)


def test_a_path_is_no_scenario() -> None:
    with pytest.raises(UsageError, match=r"for a file: chainsim\.load\('shop\.yaml'\)\.run"):
        run("shop.yaml")  # type: ignore[arg-type]


def test_i11_workers_together_hold_no_more_than_memory_should(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The toy's series are 10 × 3 × 5 numbers or so; as many replications at once as fit twice."""
    started: list[int] = []

    def counted(engine: str, workers: int) -> Here:
        started.append(workers)
        return Here()

    monkeypatch.setattr(collection, "executor_for", counted)
    run(toy.scenario(), jobs=4)
    plan, buckets = toy.compile_plans(toy.scenario(), levels={"less": {}})[0], 5
    one = len(SERIES) * len(plan.points["on_hand"]) * buckets
    monkeypatch.setattr(collection, "MOST_HELD", 2.0 * one)
    run(toy.scenario(), jobs=4)
    assert "2 workers instead of 4" in caplog.text
    monkeypatch.setattr(collection, "MOST_HELD", 0.5 * one)
    run(toy.scenario(), jobs=4)
    assert started == [4, 2, 1]
