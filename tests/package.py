"""The package as others get it: wheel and source archive built, installed into empty environments, run without the repository.

    python -m tests.package                               this Python
    python -m tests.package --python python3.11 python3.12 python3.13
    python -m tests.package --quick                       the wheel alone

Each environment gets the wheel and the versions of constraints.txt (the first Python also the archive, and the oldest versions
that are allowed), has an empty home, and runs in a folder of its own: `doctor`, `new`, `validate`, a run with page and workbook, `compare`. Where numba can be installed, both
engines. Prints what was tried, and whether the tables are the same bytes under every Python. Exit code 1 when something failed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN = ("run", "given.yaml", "--replications", "3", "--jobs", "2", "-q")
SCENARIO = ROOT / "tests" / "reliability" / "golden" / "shops.yaml"
"""Its levels are given: nothing is derived by what else is installed."""
KEPT = (
    "PATH",
    "LANG",
    "PIP_INDEX_URL",
    "PIP_CONFIG_FILE",
    "PIP_CERT",
    "PIP_TRUSTED_HOST",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
)
"""Of the caller's environment, what is passed on: the way to programs, and to the index of packages."""
NOT_THERE = ("tests/", "benchmarks/", ".ci/", "docs/")
"""What no wheel carries."""


def run(*command: str | Path, cwd: Path, home: Path) -> str:
    """What a command says, in an environment of almost nothing. Raises CalledProcessError."""
    kept = {name: os.environ[name] for name in os.environ if name in KEPT or name.lower().endswith("_proxy")}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        env={**kept, "HOME": str(home), "CI": "true", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout[-3000:]}")
    return done.stdout


def build(place: Path) -> tuple[Path, Path]:
    """Wheel and source archive, the wheel from the archive, as an index's users get them."""
    tools = place / "build"
    run(sys.executable, "-m", "venv", tools, cwd=place, home=place)
    run(tools / "bin/pip", "install", "-q", "-c", ROOT / "constraints.txt", "hatchling", cwd=place, home=place)
    out = place / "dist"
    program = "import sys, hatchling.build as b; print(b.build_sdist(sys.argv[1]))"
    run(tools / "bin/python", "-c", program, out, cwd=ROOT, home=place)
    (archive,) = out.glob("*.tar.gz")
    shutil.unpack_archive(archive, place / "unpacked")
    (unpacked,) = (place / "unpacked").iterdir()
    run(tools / "bin/python", "-c", program.replace("sdist", "wheel"), out, cwd=unpacked, home=place)
    (wheel,) = out.glob("*.whl")
    return wheel, archive


def check_wheel(wheel: Path) -> Iterator[str]:
    """What is wrong with the files of a wheel."""
    names = zipfile.ZipFile(wheel).namelist()
    for needed in ("chainsim/py.typed", "chainsim/data/scenarios/grocer.yaml", "chainsim/live/engine.wasm"):
        if needed not in names:
            yield f"{needed} is not in the wheel"
    if not any(name.endswith("licenses/LICENSE") for name in names):
        yield "the licence is not in the wheel"
    yield from (f"{name} does not belong into a wheel" for name in names if name.startswith(NOT_THERE))


def oldest(place: Path) -> Path:
    """Constraints with the oldest version that pyproject.toml allows of everything chainsim needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    least = [re.match(r"([A-Za-z0-9_.-]+)>=([0-9.]+)", text) for text in project["dependencies"]]
    file = place / "oldest.txt"
    file.write_text("".join(f"{found[1]}=={found[2]}\n" for found in least if found), "utf-8")
    return file


def try_out(python: str, package: Path, extra: str, constraints: Path, place: Path) -> str:
    """Install, run; sha256 over the tables of the run."""
    place.mkdir()
    home, work = place / "home", place / "work"
    for folder in (home, work):
        folder.mkdir()
    run(python, "-m", "venv", place / "venv", cwd=place, home=home)
    programs = place / "venv" / "bin"
    run(programs / "pip", "install", "-q", "--no-compile", "-c", constraints, f"{package}{extra}", cwd=work, home=home)
    run(programs / "pip", "check", cwd=work, home=home)
    chainsim = programs / "chainsim"
    shutil.copyfile(SCENARIO, work / "given.yaml")
    for command in (
        ("--version",),
        ("doctor",),
        ("new", "shop.yaml"),
        ("validate", "shop.yaml"),
        RUN,
        ("compare", "results/given", "results/given"),
    ):
        run(chainsim, *command, cwd=work, home=home)
    for name in ("report.html", "workbook.xlsx"):
        assert (work / "results/given" / name).is_file(), name
    tables = sorted((work / "results/given").glob("*.csv"))
    return hashlib.sha256(b"".join(table.read_bytes() for table in tables)).hexdigest()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.package", description="The package as others get it.")
    parser.add_argument("--python", nargs="+", default=[sys.executable], help="interpreters to try it with")
    parser.add_argument("--quick", action="store_true", help="the wheel alone, once under each Python")
    options = parser.parse_args(arguments)
    failed = False
    hashes = set()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        wheel, archive = build(place)
        print(
            f"built {wheel.name} ({wheel.stat().st_size / 1e6:.1f} MB) and {archive.name} ({archive.stat().st_size / 1e6:.1f} MB)",
            flush=True,
        )
        for wrong in check_wheel(wheel):
            failed = True
            print(wrong)
        pinned, first = ROOT / "constraints.txt", options.python[0]
        tries = [(python, wheel, "", pinned) for python in options.python]
        if not options.quick:
            tries += [(python, wheel, "[excel,fast]", pinned) for python in options.python]
            tries += [(first, archive, "", pinned), (first, wheel, "", oldest(place))]
        for number, (python, package, extra, constraints) in enumerate(tries):
            version = run(python, "--version", cwd=place, home=place).strip()
            what = f"{version}, {'archive' if package is archive else 'wheel'}{extra}, {constraints.stem}"
            try:
                told = try_out(python, package, extra, constraints, place / str(number))
            except (RuntimeError, AssertionError) as error:
                failed = True
                print(f"{what}: FAILED: {error}", flush=True)
                continue
            if constraints == pinned:  # other versions of numpy add up in another order
                hashes.add(told)
            print(f"{what}: installed, ran; tables {told[:16]}", flush=True)
            shutil.rmtree(place / str(number))
    print(
        "the tables are the same bytes wherever the pinned versions are"
        if len(hashes) == 1
        else f"{len(hashes)} different sets of tables"
    )
    return int(failed or len(hashes) != 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
