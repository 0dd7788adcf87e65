"""Shards: any machine does a share, any of them dies or comes twice, and what is put together is one machine's, byte for byte."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from chainsim.cli import execute
from chainsim.errors import OutputError, UsageError
from chainsim.replicate.share import Share, several
from chainsim.study import Results
from chainsim.study.shards import gathered
from chainsim.study.store import sealed, unsealed
from tests.experiments.town import GRID, TOWN

GIVEN = {
    "s_Q": {"type": "s_Q", "reorder_point": 40, "order_quantity": 50},
    "weekly": {"type": "R_S", "review_interval": "1 week", "order_up_to_level": 150},
}
"""Levels that need no short simulations."""
RUN = ("run", "town.yaml", "-q", "--no-report", "--jobs", "1", "--engine", "simpy")


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The town, its customers from a table, so that there is a file to be copied."""
    monkeypatch.chdir(tmp_path)
    demand = {
        "site": "store",
        "type": "history",
        "file": "data/sold.csv",
        "product": "tea",
        "every": 1,
        "unmet": "lost",
    }
    rows = [f"{day},{4 + day % 5}" for day in range(70)]
    (tmp_path / "data").mkdir()
    (tmp_path / "data/sold.csv").write_text("period,tea\n" + "\n".join(rows) + "\n", "utf-8")
    document: dict[str, Any] = {**TOWN, "demand": [*TOWN["demand"], demand], "policies": GIVEN}
    (tmp_path / "town.yaml").write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but those that begin with a dot; of the manifest all but the moment."""
    found = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }
    if "manifest.json" in found:  # a tuning has none
        manifest = json.loads(found["manifest.json"])
        del manifest["finished"]
        found["manifest.json"] = json.dumps(manifest).encode()
    return found


def shard(number: int, of: int, out: str, *more: str) -> int:
    return execute([*RUN, "--shard", f"{number}/{of}", "--out", out, *more])


def test_k02_together_they_are_one_machine(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Eight replications by policy in three shares; the second dies on the way, the first comes twice."""
    assert execute([*RUN, "--out", "one"]) == 0
    assert [shard(k, 3, "shared") for k in (2, 0, 1, 0)] == [0] * 4
    assert "already" in capsys.readouterr().out
    blocks = town / "shared/.blocks"
    (blocks / "shard-1-of-3.json").unlink()  # as if it had been killed with a part of its blocks kept
    next(blocks.glob("*-1-1-*.npz")).unlink()
    assert execute(["merge", "shared", "-q", "--no-report"]) == 4
    said = capsys.readouterr().err
    assert "1 of 3 shard" in said
    assert ": 1 (" in said
    assert "--shard 1/3 --out shared" in said
    assert not (town / "shared/manifest.json").exists()
    assert shard(1, 3, "shared") == 0
    (town / "town.yaml").unlink()  # whoever merges needs the folder only
    shutil.rmtree(town / "data")
    assert execute(["merge", "shared", "-q", "--no-report"]) == 0
    assert contents(town / "shared") == contents(town / "one")
    assert Results.load(town / "shared").policies == ["s_Q", "weekly"]  # a results folder like any other


def test_folders_of_three_machines_are_merged_into_a_fourth(town: Path) -> None:
    assert execute([*RUN, "--out", "one", "--seed", "5", "--policies", "weekly", "--set", "costs.lost_sale=2"]) == 0
    more = ("--seed", "5", "--policies", "weekly", "--set", "costs.lost_sale=2")
    for k, folder in enumerate(("a", "b", "c")):
        assert shard(k, 3, folder, *more) == 0
    assert execute([*RUN, "--out", "all"]) == 0
    assert execute(["merge", "a", "b", "c", "--out", "all", "-q", "--no-report"]) == 4  # somebody else's results
    assert execute(["merge", "a", "b", "c", "--out", "all", "-q", "--no-report", "--overwrite"]) == 0
    assert contents(town / "all") == contents(town / "one")
    assert not (town / "a/manifest.json").exists()


def test_more_shards_than_there_is_work(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """8 replications of all policies together in 10: two have nothing to do, say so, and are not missing."""
    assert [shard(k, 10, "shared") for k in range(10)] == [0] * 10
    assert capsys.readouterr().out.count("has nothing to do: there are 8 replications in all") == 2
    assert execute([*RUN, "--out", "one"]) == 0
    assert execute(["merge", "shared", "-q", "--no-report"]) == 0
    assert contents(town / "shared") == contents(town / "one")


def test_j10_a_damaged_block_names_its_shard(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [shard(k, 4, "shared") for k in range(4)] == [0] * 4
    victim = next((town / "shared/.blocks").glob("*-3-1-*.npz"))  # the last replications are shard 3's
    victim.write_bytes(victim.read_bytes()[:-1])
    assert execute(["merge", "shared", "-q", "--no-report"]) == 4
    assert "shards is missing in shared: 3 (blocks of theirs are missing or damaged)" in capsys.readouterr().err
    assert shard(3, 4, "shared") == 0
    assert execute(["merge", "shared", "-q", "--no-report"]) == 0


def test_j10_a_renamed_block_is_not_believed(
    town: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Two blocks that took each other's names, of other replications or of another policy, are told, and simulated again."""
    assert execute([*RUN, "--out", "one"]) == 0
    assert [shard(k, 2, "shared") for k in range(2)] == [0] * 2
    blocks = sorted((town / "shared/.blocks").glob("*.npz"))
    names = {path: path.name.rsplit("-", 3) for path in blocks}
    one, other = (
        blocks[0],
        next(p for p in blocks if names[p][:3] != names[blocks[0]][:3] and names[p][2] == names[blocks[0]][2]),
    )
    for this, that in ((one, other), (other, one)):
        this.rename(this.with_name("-".join([*names[that][:3], names[this][3]]) + ".tmp"))
    for path in (town / "shared/.blocks").glob("*.tmp"):
        path.rename(path.with_suffix(""))
    capsys.readouterr()
    assert execute(["merge", "shared", "-q", "--no-report"]) == 4
    assert "blocks of theirs are missing or damaged" in capsys.readouterr().err
    assert caplog.text.count("holds something else than its name says (was it renamed?)") == 2
    assert [shard(k, 2, "shared") for k in range(2)] == [0] * 2
    assert execute(["merge", "shared", "-q", "--no-report"]) == 0
    assert contents(town / "shared") == contents(town / "one")


def test_the_engine_in_the_manifest_is_the_shards(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever merges need not say, or have, what simulated; several engines are all named."""
    assert execute([*RUN, "--out", "one"]) == 0
    assert [shard(k, 2, "shared") for k in range(2)] == [0] * 2
    assert execute(["merge", "shared", "-q", "--no-report", "--engine", "compiled"]) == 2
    assert "--engine compiled: these shards were simulated by simpy" in capsys.readouterr().err
    for more in ((), ("--engine", "simpy")):
        assert execute(["merge", "shared", "-q", "--no-report", "--overwrite", *more]) == 0
        assert contents(town / "shared") == contents(town / "one")
    assert [shard(k, 2, "mixed", "--engine", engine) for k, engine in enumerate(("compiled", "simpy"))] == [0, 0]
    assert execute(["merge", "mixed", "-q", "--no-report"]) == 0
    assert json.loads((town / "mixed/manifest.json").read_text("utf-8"))["engine"] == "compiled, simpy"
    assert Results.load(town / "mixed").policies == ["s_Q", "weekly"]
    for k in range(2):  # what a shard says of itself may be damaged
        (town / f"shared/.blocks/shard-{k}-of-2.json").write_text('{"engine": ["../x"]}', "utf-8")
    assert gathered([town / "shared"]).engine == ""


def test_j09_what_does_not_go_together_is_named_with_both(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shard(0, 2, "a") == 0
    assert shard(1, 2, "a", "--seed", "9") == 4
    assert "seed 3 in a, 9 in this command" in capsys.readouterr().err
    assert shard(1, 3, "a") == 4
    assert "cut in 2" in capsys.readouterr().err
    assert shard(1, 2, "a", "--replications", "6") == 4
    assert "--replications 6`" in capsys.readouterr().err
    assert shard(1, 2, "b", "--seed", "9") == 0
    assert execute(["merge", "a", "b"]) == 4
    assert "seed 3 in a, 9 in b" in capsys.readouterr().err
    for name in ("run.json", "shards.json"):
        path = town / "b/.blocks" / name
        path.write_text(path.read_text("utf-8").replace('"version": "', '"version": "9.'), "utf-8")
    assert execute(["merge", "b"]) == 4
    assert "made by chainsim 9." in capsys.readouterr().err
    assert shard(0, 2, "b", "--seed", "9") == 4  # a machine of another version does not join in either
    assert "version 9." in capsys.readouterr().err
    assert execute(["merge", "nowhere"]) == 4
    assert "holds no shards" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--shard", "3"), "takes K/N"),
        (("--shard", "3/3", "--out", "a"), "counted from 0 to 2"),
        (("--shard", "0/3"), "needs --out"),
        (("--shard", "0/3", "--out", "a", "--overwrite"), "throw away"),
        (("--shard", "0/3", "--out", "a", "--decide"), "cannot be shared"),
        (("--shard", "0/3", "--out", "a", "--json"), "give --json to `chainsim merge`"),
        (("--shard", "0/3", "--out", "a", "--variance", "control"), "all replications"),
        (("--shard", "0/3", "--out", "a", "--precision", "1% of total_cost"), "give a number"),
    ],
)
def test_what_cannot_be_shared(
    more: tuple[str, ...], told: str, town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute([*RUN, *more]) == 2
    assert told in capsys.readouterr().err
    assert not (town / "a").exists()


def test_j09_a_run_that_forgets_its_shard_throws_nothing_away(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One machine without --shard in the folder of all; --resume takes what is there."""
    assert shard(0, 3, "shared") == 0
    before = sorted((town / "shared/.blocks").rglob("*"))
    for more in ((), ("--seed", "9")):
        assert execute([*RUN, "--out", "shared", *more]) == 4
        assert "shared holds shards" in capsys.readouterr().err
    assert sorted((town / "shared/.blocks").rglob("*")) == before
    assert execute([*RUN, "--out", "shared", "--resume"]) == 0
    assert execute([*RUN, "--out", "one"]) == 0
    assert contents(town / "shared") == contents(town / "one")


@pytest.mark.parametrize(
    ("file", "found", "put", "told"),
    [
        ("run.json", '"scenario": "', '"scenario": "9', "9"),
        ("run.json", "{", "[", "run.json is missing or damaged"),
        ("shards.json", '"hold": false', '"hold": false, "replications": 3', "shards.json is missing or damaged"),
        ("given/data/sold.csv", "69,8", "69,9", "any shard that is run again puts right"),
        ("given/town.yaml", "", None, "has no copy of town.yaml. Run one of its shards again"),
    ],
)
def test_j10_what_lies_beside_the_blocks_is_put_right_by_any_shard(
    file: str, found: str, put: str | None, told: str, town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [shard(k, 2, "our shards") for k in range(2)] == [0] * 2
    path = town / "our shards/.blocks" / file
    whole = path.read_text("utf-8")
    path.unlink() if put is None else path.write_text(whole.replace(found, put, 1), "utf-8")
    assert execute(["merge", "our shards", "-q", "--no-report"]) == 4
    assert told in capsys.readouterr().err
    if told == "9":  # another's identity cannot be told from a flipped bit
        return
    assert shard(1, 2, "our shards") == 0
    assert "4 of them were there already" in capsys.readouterr().out
    assert (
        json.loads(path.read_text("utf-8")) == json.loads(whole)
        if file.endswith("json")
        else path.read_text("utf-8") == whole
    )
    assert execute(["merge", "our shards", "-q", "--no-report"]) == 0


def test_j10_a_flipped_correction_is_found_anew(town: Path) -> None:
    """Corrected levels that one shard left for the others: a wrong figure is no figure."""
    for name, put in (("shared", '"after": 9'), ("whole", '"after": ')):
        derived = (*("run", "derived.yaml", "-q", "--jobs", "1"), "--shard")
        (town / "derived.yaml").write_text(
            yaml.safe_dump({**TOWN, "replications": 2, "policies": {"s_Q": TOWN["policies"]["s_Q"]}}), "utf-8"
        )
        assert execute([*derived, "0/2", "--out", name]) == 0
        kept = town / name / ".blocks/calibration.json"
        kept.write_text(kept.read_text("utf-8").replace('"after": ', put, 1), "utf-8")
        assert execute([*derived, "1/2", "--out", name]) == 0
    assert sorted(p.name for p in (town / "shared/.blocks").iterdir()) == sorted(
        p.name for p in (town / "whole/.blocks").iterdir()
    )


def test_the_command_of_a_missing_shard_can_be_typed(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shard(0, 2, "our shards") == 0
    assert execute(["merge", "our shards"]) == 4
    assert "--shard 1/2 --out 'our shards'" in capsys.readouterr().err


def test_h03_a_hostile_folder_reads_nothing_else(town: Path) -> None:
    """H3: the names in a folder that somebody sent lead nowhere."""
    assert shard(0, 1, "a") == 0
    told = town / "a/.blocks/shards.json"
    for file in ("../../secret.yaml", "/etc/passwd"):
        told.write_bytes(sealed({**unsealed(told), "file": file}))
        with pytest.raises(OutputError, match="missing or damaged"):
            gathered([town / "a"])


def test_points_of_an_experiment(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Four points in three shares, one of which cannot be; the scenario lies in another folder than the experiment."""
    document = {**GRID, "scenario": "../town.yaml", "replications": 2}
    document["factors"] = {
        "cv": {"path": "lanes[source->dc].lead_time.cv", "values": [0.2, -1]},
        "rate": {"path": "costs.carrying_rate", "values": ["15% per year", "40% per year"]},
    }
    (town / "asked").mkdir()
    (town / "asked/futures.yaml").write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    command = ("experiment", "asked/futures.yaml", "-q", "--no-report", "--jobs", "1", "--engine", "simpy")
    assert execute([*command, "--out", "one"]) == 0
    assert execute([*command, "--shard", "0/3", "--out", "shared"]) == 0
    elsewhere = [
        str(town / word) if word.endswith(".yaml") else word for word in command
    ]  # the same file, as another machine types it
    assert execute([*elsewhere, "--shard", "1/3", "--out", "shared"]) == 0
    capsys.readouterr()
    assert execute(["merge", "shared", "-q", "--no-report"]) == 4
    assert "1 of 3 shards is missing in shared: 2 " in capsys.readouterr().err
    assert execute([*command, "--shard", "2/3", "--out", "shared"]) == 0
    copy = town / "shared/.blocks/given/asked/futures.yaml"
    whole, blocks = copy.read_bytes(), sorted((town / "shared/.blocks").glob("*.npz"))
    copy.write_bytes(whole.replace(b"0.2", b"0.3"))
    assert execute(["merge", "shared", "-q", "--no-report", "--overwrite"]) == 4  # and throws nothing away
    assert sorted((town / "shared/.blocks").glob("*.npz")) == blocks
    copy.write_bytes(whole)
    shutil.rmtree(town / "asked")
    assert execute(["merge", "shared", "-q", "--no-report"]) == 0
    assert contents(town / "shared") == contents(town / "one")


def test_shares_cover_everything_once() -> None:
    for total in (0, 1, 7, 120):
        for of in (1, 3, 10, 200):
            rows = [range(total)[Share(k, of).row(total)] for k in range(of)]
            assert [unit for row in rows for unit in row] == list(range(total))
            assert all(unit in rows[Share.owner(unit, total, of)] for unit in range(total))
    assert several([3]) == "3"
    for text in ("1", "a/b", "1/0", "-1/3", "1/3/5", ""):
        with pytest.raises(UsageError, match="takes K/N"):
            Share.read(text)


@pytest.mark.slow
def test_a_stress_test(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Places out with their buffers, shocks, own ones too, and the reverse test, dealt out to three."""
    (town / "shocks.yaml").write_text("dear: {costs.lost_sale: 9}\n", "utf-8")
    command = (
        "stress", "town.yaml", "-q", "--replications", "2", "--jobs", "1", "--engine", "simpy", "--days", "7",
        "--shocks", "shocks.yaml", "--policies", "weekly",
    )  # fmt: skip
    assert execute([*command, "--out", "one"]) == 0
    for k in (0, 2):
        assert execute([*command, "--shard", f"{k}/3", "--out", "shared"]) == 0
    assert execute(["merge", "shared", "-q"]) == 4
    assert "1 of 3 shards is missing in shared: 1 " in capsys.readouterr().err
    assert execute([*command, "--shard", "1/3", "--out", "shared"]) == 0
    (town / "shocks.yaml").unlink()
    before = sorted((town / "shared/.blocks").glob("*.npz"))
    assert execute(["merge", "shared", "-q"]) == 0
    assert contents(town / "shared") == contents(town / "one")
    assert sorted((town / "shared/.blocks").glob("*.npz")) == before


@pytest.mark.slow
def test_a_tuning(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The search kept by the first, the confirmation shared by three; whoever merges simulates next to nothing."""
    command = ("tune", "town.yaml", "-q", "--to", "fill_rate=95%", "--free", "levels", "--policies", "s_Q,weekly")
    assert execute([*command, "--out", "one"]) == 0
    for k in (0, 1):
        assert execute([*command, "--shard", f"{k}/3", "--out", "shared"]) == 0
    assert execute(["merge", "shared", "-q"]) == 4
    assert "1 of 3 shards is missing in shared: 2 " in capsys.readouterr().err
    assert execute([*command, "--shard", "2/3", "--out", "shared"]) == 0
    assert execute(["merge", "shared", "-q"]) == 0
    assert contents(town / "shared") == contents(town / "one")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_j04_killed_at_any_moment_and_come_twice(town: Path) -> None:
    """Two of the same shard at once, killed at moments nobody chose, twelve times; then all to their end."""
    document = yaml.safe_load((town / "town.yaml").read_text("utf-8"))
    document.update({"replications": 60, "time": {**document["time"], "horizon": 546}})
    (town / "town.yaml").write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    rows = [f"{day},{4 + day % 5}" for day in range(560)]
    (town / "data/sold.csv").write_text("period,tea\n" + "\n".join(rows) + "\n", "utf-8")
    assert execute([*RUN, "--out", "one"]) == 0
    moments, killed = random.Random(4), 0
    for turn in range(12):
        command = [sys.executable, "-m", "chainsim", *RUN, "--shard", f"{turn % 3}/3", "--out", "shared"]
        going = [subprocess.Popen(command, cwd=town, stdout=subprocess.DEVNULL) for _ in range(2)]
        time.sleep(moments.uniform(0.5, 6.0))
        for one in going:
            one.kill()
            killed += one.wait() == -signal.SIGKILL
    assert killed > 5
    assert [shard(k, 3, "shared") for k in range(3)] == [0] * 3
    assert execute(["merge", "shared", "-q", "--no-report"]) == 0
    assert contents(town / "shared") == contents(town / "one")
