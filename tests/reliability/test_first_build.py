"""The 'first build' of the reliability list, through the command line as a person meets it: exit code, message with its
place, no traceback, nothing written when refused. What one part can show alone is tested beside that part."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from chainsim.cli import execute
from chainsim.data import scenario_text

resource: Any = pytest.importorskip("resource", reason="signals, pipes and limits as POSIX has them")

SHOP = """\
chainsim: 1
title: A corner shop
time: {unit: day, warm_up: 7, horizon: 56, bucket: week}
replications: 4
seed: 1
products: {tea: {unit_cost: 2, unit_price: 3}}
sites:
  source: {kind: supplier}
  shop: {kind: store}
lanes:
  - {from: source, to: shop, lead_time: 2, order_cost: 5}
demand:
  - {site: shop, product: tea, quantity: {dist: poisson, mean: 6}, unmet: lost}
costs: {currency: EUR, carrying_rate: 25% per year, lost_sale: margin}
policies:
  batch: {type: s_S, reorder_point: 15, order_up_to_level: 40}
"""
QUANTITY = "quantity: {dist: poisson, mean: 6}"
AT_ONCE = "type: arrivals, gap: {dist: discrete, values: [0, 1], probabilities: [0.99999999, 0.00000001]}"


def changed(old: str, new: str) -> str:
    assert old in SHOP
    return SHOP.replace(old, new)


def bomb(inner: str) -> str:
    """Nine levels of nine aliases; `inner` is how one level holds the level below."""
    levels = [f"a{i}: &a{i} " + inner.replace("%", str(i - 1)) for i in range(1, 10)]
    return "\n".join(["a0: &a0 {k: x}", *levels, SHOP])


LIST = "[" + ", ".join(["*a%"] * 9) + "]"
MAPPING = "{" + ", ".join(f"k{j}: *a%" for j in range(9)) + "}"

REFUSED = {
    "A02": (bomb(LIST), r"s\.yaml:\d+:\d+: error: aliases expand to more than"),
    "A03": (bomb(MAPPING), r"s\.yaml:\d+:\d+: error: aliases expand to more than"),
    "A04": (bomb("{<<: " + LIST + "}"), r"s\.yaml:2:\d+: error: merge keys"),
    "A07": (changed("A corner shop", "!!python/object/apply:os.system ['touch canary']"), r"s\.yaml:2:8: .*tags"),
    "A09": (changed("seed: 1", "seed: 1\nseed: 2"), r"s\.yaml:6:1: .*given twice, first in line 5"),
    "A10": (SHOP + "x: " + "[" * 20_000, r"s\.yaml:17:\d+: .*64 levels"),
    "B01": (changed("order_cost", "ordre_cost"), r"s\.yaml:11:44: .*did you mean 'order_cost'"),
    "B04 demand": (changed("mean: 6", "mean: .nan"), r"s\.yaml:13:64: .*must be finite"),
    "B04 time": (changed("horizon: 56", "horizon: .inf"), r"s\.yaml:3:40: .*must be finite"),
    "B04 level": (changed("_level: 40", "_level: 1e999"), r"s\.yaml:16:60: .*must be finite"),
    "C01": (changed("lanes:", "lanes:\n  - {from: shop, to: shop, lead_time: 1}"), r"s\.yaml:11:5: .*shop → shop"),
    "C04": (changed("  shop:", "  source: {kind: dc}\n  shop:"), r"s\.yaml:9:3: .*given twice, first in line 8"),
    "D01": (changed("point: 15", "point: 41"), r"s\.yaml:16:60: .*at least `reorder_point` \(41\)"),
    "E02": (changed(QUANTITY, "type: history, file: d.csv"), r"s\.yaml:13:5: .*20 periods of demand, the run .* 63"),
    "E03": (changed(QUANTITY, "type: history, file: bad.csv"), r"bad\.csv:3: error: tea: .*'n/a'"),
    "E04": (changed(QUANTITY, "type: history, file: digits.csv"), r"digits\.csv:2: error: tea: .*'1_0'"),
    "F01": (changed(QUANTITY, "type: history, file: ../private.csv"), r"s\.yaml:13:53: .*under the scenario's folder"),
    "F02": (changed(QUANTITY, "type: history, file: link.csv"), r"s\.yaml:13:53: .*this link leads out"),
    "F03": (changed(QUANTITY, "type: history, file: pipe.csv"), r"s\.yaml:13:53: .*not a regular file"),
}
BUDGETS = {
    "I01": (changed(QUANTITY, "type: arrivals, rate: 1e9 per day"), r"events \(limit 2e\+08\).*--max-events"),
    "I02 horizon": (changed("horizon: 56", "horizon: 1e9"), r"s\.yaml:3:40: .*longer than the clock can count"),
    "I02 replications": (changed("tions: 4", "tions: 1000000000"), r"replications: 1,000,000,000 is over the limit"),
    "I02 buckets": (changed("horizon: 56, bucket: week", "horizon: 5e6, bucket: 1 hour"), r"time\.bucket: "),
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with tables and traps beside the scenario."""
    (tmp_path / "private.csv").write_text("date,tea\nPRIVATE,PRIVATE\n")
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "d.csv").write_text("period,tea\n" + "".join(f"{i},5\n" for i in range(20)))
    (folder / "bad.csv").write_text("period,tea\n0,5\n1,n/a\n")
    (folder / "digits.csv").write_text("period,tea\n0,1_0\n")
    (folder / "link.csv").symlink_to(tmp_path / "private.csv")
    os.mkfifo(folder / "pipe.csv")
    (folder / "s.yaml").write_text(SHOP, "utf-8")
    monkeypatch.chdir(folder)
    return folder


def refuses(place: Path, text: str, code: int, message: str, capsys: pytest.CaptureFixture[str], *more: str) -> None:
    (place / "s.yaml").write_text(text, "utf-8")
    before = sorted(place.rglob("*"))
    assert execute(["run", "s.yaml", "--no-report", *more]) == code
    told = capsys.readouterr()
    assert re.search(message, told.err), told.err
    assert told.out == ""
    assert "Traceback" not in told.err
    assert "PRIVATE" not in told.err
    assert sorted(place.rglob("*")) == before


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_scenario_is_refused_with_its_place(case: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refuses(place, REFUSED[case][0], 2, REFUSED[case][1], capsys)


@pytest.mark.parametrize("case", BUDGETS)
def test_a_run_without_end_is_a_budget(case: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refuses(place, BUDGETS[case][0], 3, BUDGETS[case][1], capsys)
    refuses(place, BUDGETS[case][0], 3, BUDGETS[case][1], capsys, "--out", "deep/down/here")


def test_a_mistake_and_a_budget_are_a_mistake(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refuses(place, changed("horizon: 56", "horizon: 1e9").replace("to: shop", "to: shp"), 2, "did you mean", capsys)


@pytest.mark.parametrize("wrong", ["--jobs=0", "--replications=0", "--seed=-1", "--policies=bach", "--engine=fast"])
def test_a_wrong_option_is_refused_before_anything_is_written(
    wrong: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refuses(place, SHOP, 2, "^chainsim: .*" + wrong.split("=")[1], capsys, wrong)


def test_customers_without_end_at_one_instant(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "s.yaml").write_text(changed(QUANTITY, AT_ONCE).replace("lead_time: 2", "lead_time: 0"), "utf-8")
    assert execute(["run", "s.yaml", "--max-events", "1e15", "--jobs", "2"]) == 3
    told = capsys.readouterr().err
    assert "events at day 0, the last at shop / tea" in told
    assert "Warning" not in told
    assert not (place / "results/s/manifest.json").exists()


# the same answer everywhere


def sums(folder: Path) -> dict[str, str]:
    """sha256 of every file but the manifest, which tells the moment of the run."""
    files = [p for p in folder.rglob("*") if p.is_file() and ".blocks" not in p.parts and p.name != "manifest.json"]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def without_its_file(page: Path) -> tuple[str, dict[str, Any]]:
    """A page but for the scenario in it, as its author wrote it and as levers change it: that is a copy of the file."""
    head, levers, rest = re.split(r'(?<=id="live-levers">)([^<]*)', page.read_text("utf-8"))
    told = json.loads(levers)
    assert told.pop("document")["chainsim"] == 1
    for lever in told["levers"]:
        for spot in lever["spots"]:
            del spot["edits"]
    return head + rest, told


def child(*arguments: str, cwd: Path, env: dict[str, str] | None = None, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "chainsim", *arguments],
        cwd=cwd, env={**os.environ, **(env or {})}, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
    )  # fmt: skip


def reversed_order(text: str) -> str:
    """The same scenario with products, sites, lanes, demand and sections the other way round; policies as they were."""
    document = yaml.safe_load(text)
    for key in ("sites", "products"):
        document[key] = dict(reversed(document[key].items()))
    for key in ("lanes", "demand"):
        document[key] = document[key][::-1]
    return yaml.safe_dump(dict(reversed(document.items())), sort_keys=False, allow_unicode=True)


@pytest.mark.slow
def test_the_same_answer_for_any_order_jobs_hash_seed_locale_and_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = scenario_text("serial_textbook")
    folders = [tmp_path / "here", tmp_path / "thère, tóo"]
    for folder, content in zip(folders, (text, reversed_order(text)), strict=True):
        folder.mkdir()
        (folder / "study.yaml").write_text(content, "utf-8")
    monkeypatch.chdir(folders[0])
    command = ["run", "study.yaml", "--replications", "1", "--engine", "simpy", "-q"]
    other = child(
        *command, "--jobs", "2", cwd=folders[1],
        env={"PYTHONHASHSEED": "5", "LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONOPTIMIZE": "1"},
    )  # fmt: skip
    assert execute([*command, "--jobs", "1"]) == 0
    _, err = other.communicate(timeout=120)
    assert other.returncode == 0, err
    pages = [without_its_file(folder / "results/study/report.html") for folder in folders]
    assert pages[0] == pages[1]
    results = [sums(folder / "results/study") for folder in folders]
    assert {"replications.csv", "report.html", "workbook.xlsx"} <= set(results[0])
    assert [result.pop("report.html") for result in results]
    assert results[0] == results[1]


# crashes, disks, resume


def workers_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in children.read_text().split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_for(what: Callable[[], Any], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks up workers in /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "Ctrl-C"])
def test_a_run_cut_short_leaves_no_worker_and_goes_on(place: Path, how: signal.Signals) -> None:
    text = SHOP.replace("horizon: 56", "horizon: 1820").replace("replications: 4", "replications: 60")
    (place / "s.yaml").write_text(text, "utf-8")
    process = child("run", "s.yaml", "--no-report", "--jobs", "2", "--engine", "simpy", cwd=place)
    wait_for(lambda: list((place / "results/s/.blocks").glob("*.npz")))
    workers = workers_of(process.pid)
    assert workers
    process.send_signal(how)
    process.communicate(timeout=30)
    assert process.returncode == (130 if how == signal.SIGINT else -signal.SIGKILL)
    assert not (place / "results/s/manifest.json").exists()
    wait_for(lambda: not any(map(alive, workers)), 15.0)
    assert execute(["run", "s.yaml", "--no-report", "--jobs", "1", "--resume", "-q"]) == 0
    assert execute(["run", "s.yaml", "--no-report", "--jobs", "1", "--out", "straight", "-q"]) == 0
    assert sums(place / "results/s") == sums(place / "straight")


def test_a_full_disk_keeps_old_results(place: Path) -> None:
    assert execute(["run", "s.yaml", "--no-report", "-q"]) == 0
    before = sums(place / "results/s")
    full = child(
        "run", "s.yaml", "--no-report", "--overwrite", "--seed", "2", "--jobs", "1", cwd=place,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)),
    )  # fmt: skip
    _, err = full.communicate(timeout=60)
    assert full.returncode == 4, err
    assert "the disk is full, writing" in err
    assert "Traceback" not in err
    assert sums(place / "results/s") == before
    assert not list(place.rglob(".tmp-*"))


def test_one_folder_one_run(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = place / "results/s"
    folder.mkdir(parents=True)
    owner = {"pid": os.getppid(), "host": socket.gethostname(), "started": "this morning"}
    (folder / ".lock").write_text(json.dumps(owner))
    assert execute(["run", "s.yaml"]) == 4
    assert f"in use by process {os.getppid()}" in capsys.readouterr().err
    assert [p.name for p in folder.iterdir()] == [".lock"]
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (folder / ".lock").write_text(json.dumps({**owner, "pid": gone.pid}))
    done = child("run", "s.yaml", "--no-report", cwd=place)
    _, err = done.communicate(timeout=60)
    assert done.returncode == 0
    assert f"was left locked by a run that is gone (process {gone.pid})" in err


def test_a_file_where_the_folder_should_be(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for out in ("d.csv", "d.csv/deeper"):
        refuses(place, SHOP, 4, "--out", capsys, "--out", out)


def test_output_closed_from_the_start(place: Path) -> None:
    done = child("run", "s.yaml", "--no-report", "--jobs", "2", cwd=place, preexec_fn=lambda: os.close(1))
    _, err = done.communicate(timeout=60)
    assert done.returncode == 0, err
    assert (place / "results/s/manifest.json").exists()


def test_ctrl_c_while_drawing_is_said(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import chainsim.report

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(chainsim.report, "write_report", interrupted)
    assert execute(["run", "s.yaml"]) == 130
    assert "chainsim: interrupted" in capsys.readouterr().err
    assert execute(["compare", "results/s", "results/s"]) == 0
