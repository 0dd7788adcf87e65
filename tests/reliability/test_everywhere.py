"""The same answer everywhere (case K of the reliability list): locales, threads of libraries, other versions of chainsim."""

from __future__ import annotations

import csv
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import chainsim
from chainsim.cli import execute

from .test_first_build import SHOP, child, sums

pytest.importorskip("resource", reason="locales and limits as POSIX has them")
GOLDEN = Path(__file__).parent / "golden"
RUN = ["run", "s.yaml", "--engine", "simpy", "--jobs", "2", "-q", "--replications", "2"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(SHOP, "utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with de_DE (a decimal comma) and tr_TR (an i without a dot), made here: few machines have them."""
    if shutil.which("localedef") is None:
        pytest.skip("localedef is not there to make the locales")
    folder = tmp_path_factory.mktemp("locales")
    for name in ("de_DE", "tr_TR"):
        made = subprocess.run(
            ["localedef", "-c", "-f", "UTF-8", "-i", name, str(folder / f"{name}.UTF-8")],
            capture_output=True,
            check=False,
        )
        if not (folder / f"{name}.UTF-8").is_dir():
            pytest.skip(f"{name} cannot be made: {made.stderr.decode()[:200]}")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", ["de_DE", "tr_TR"])
def test_K06_a_locale_changes_nothing(place: Path, locales: Path, name: str) -> None:
    """In a process that takes the locale over, as a notebook or a window does."""
    assert execute([*RUN, "--out", "straight"]) == 0
    program = (
        "import locale, sys; locale.setlocale(locale.LC_ALL, ''); "
        "assert locale.getlocale()[0] == sys.argv.pop(1), locale.getlocale(); "
        "from chainsim.cli import main; main()"
    )
    environment = {**os.environ, "LOCPATH": str(locales), "LC_ALL": f"{name}.UTF-8", "LANG": f"{name}.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", program, name, *RUN],
        env=environment,
        cwd=place,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sums(place / "results/s") == sums(place / "straight")


@pytest.mark.slow
def test_K05_threads_of_libraries_change_nothing(place: Path) -> None:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
    processes = [
        child(*RUN, "--out", f"with{n}", cwd=place, env=dict.fromkeys(names, str(n)))
        for n in (1, 2 if os.cpu_count() == 1 else 8)
    ]
    for process in processes:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    assert sums(place / "with1") == sums(place / "with8")


def test_K05_no_compiled_code_is_fast_and_loose() -> None:
    home = Path(chainsim.__file__).parent
    assert not [file for file in home.rglob("*.py") if re.search(r"fastmath\s*=\s*True", file.read_text("utf-8"))]


def golden(text: str) -> dict[tuple[str, ...], str]:
    """Scope and measure → the value as it was written."""
    columns = ("policy", "replication", "site", "product", "kpi")
    return {tuple(row[c] for c in columns): row["value"] for row in csv.DictReader(text.splitlines())}


CHANGED = {"wait_mean"}
"""Measures of which the changelog says **changes results** since: the mean wait is a time-average by Little's law."""


@pytest.mark.parametrize("engine", ["simpy", pytest.param("compiled", marks=pytest.mark.slow)])
def test_K16_results_of_version_0_1_are_those_of_today(engine: str) -> None:
    """`shops-0.1.0.csv` is what chainsim 0.1.0 wrote of `shops.yaml`, whose levels are all given. To ten digits: tables of continuous
    laws depended on the processor then (the changelog says **changes results**), by which a gamma lead time moves by a tick."""
    if engine == "compiled":
        pytest.importorskip("numba", reason="the compiled engine needs numba")
    results = chainsim.load(GOLDEN / "shops.yaml").run(jobs=1, engine=engine, replications=3)
    now = golden(results.files["replications.csv"].decode())
    then = golden((GOLDEN / "shops-0.1.0.csv").read_text("utf-8"))
    assert len(then) == 1392
    same = [key for key in then if key[-1] not in CHANGED]
    exact = sum(now[key] == then[key] for key in same)
    assert exact > 0.9 * len(same)
    for key in same:
        assert now[key] == then[key] or float(now[key]) == pytest.approx(float(then[key]), rel=1e-10, abs=1e-12), key
    assert results.manifest["rng_scheme"] == 1


def test_K12_the_order_and_the_names_of_others_change_nothing(place: Path) -> None:
    other = SHOP.replace("  shop: {kind: store}", "  idle: {kind: dc}\n  shop: {kind: store}")
    (place / "other.yaml").write_text(
        other.replace("lanes:", "lanes:\n  - {from: source, to: idle, lead_time: 9}"), "utf-8"
    )
    runs = {}
    for name in ("s.yaml", "other.yaml"):
        results = chainsim.load(place / name).run(jobs=1, engine="simpy")
        rows = golden(results.files["replications.csv"].decode())
        runs[name] = {key: value for key, value in rows.items() if key[2] == "shop" and key[3] == ""}
    assert runs["s.yaml"]
    assert runs["s.yaml"] == runs["other.yaml"]


def test_F06_L04_nothing_asks_the_network(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole run, its page and its workbook, where every socket is refused."""

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("something asked the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket.socket, "connect_ex", refused)
    monkeypatch.setattr(socket.socket, "bind", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setattr(socket, "create_connection", refused)
    assert execute(["run", "s.yaml", "--engine", "simpy", "--jobs", "1", "-q", "--replications", "2"]) == 0
    assert (place / "results/s/report.html").exists()


REFUSING = """
import sys
def refuse(event, args):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "urllib.Request"):
        print("network:", event, args, file=sys.stderr)
        raise RuntimeError("no network here")
sys.addaudithook(refuse)
from chainsim.cli import main
main()
"""


@pytest.mark.slow
def test_L04_a_process_without_a_network_runs_with_workers(place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", REFUSING, *RUN, "--no-report"], cwd=place, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "network:" not in done.stderr


@pytest.mark.slow
def test_L04_importing_writes_nothing_and_asks_nothing(tmp_path: Path) -> None:
    program = REFUSING.split("from chainsim")[0] + "import chainsim, chainsim.cli.app, chainsim.study, chainsim.report"
    done = subprocess.run(
        [sys.executable, "-B", "-c", program], cwd=tmp_path, text=True, capture_output=True, check=False,
        env={**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "MPLCONFIGDIR": str(tmp_path / "mpl")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not [path for path in tmp_path.rglob("*") if "mpl" not in path.parts and path.is_file()]


def test_H08_no_text_of_a_user_meets_a_shell() -> None:
    """The package starts its own workers, its own command (`serve`) and pip (a folder for offline use), each from a list of words;
    a browser is opened by the standard library."""
    home = Path(chainsim.__file__).parent
    for file in home.rglob("*.py"):
        text = file.read_text("utf-8")
        assert not re.search(r"\bos\.(system|popen|exec[lv]p?e?|spawn\w*)\(|shell\s*=\s*True", text), file
        assert "import subprocess" not in text or file.relative_to(home).as_posix() == "lessons/bundle.py", file
