"""The folder for a lab: what pip is asked for, and scripts that fit the machine. (That it installs without a network was tried by
hand; pip is not run here.)"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from chainsim.errors import OutputError, UsageError
from chainsim.lessons.bundle import PLATFORMS, checkout, make_bundle, needed, write_scripts


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_pip_is_asked_for_wheels_of_that_machine(platform: str, tmp_path: Path) -> None:
    asked: list[Sequence[str]] = []
    wheel = tmp_path / "chainsim-1-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    made = make_bundle(tmp_path / "lab", platform, "3.12", wheel=wheel, run=asked.append)
    (download,) = asked
    assert download[:3] == ["download", "--quiet", "--only-binary"]
    assert {download[i + 1] for i, word in enumerate(download) if word == "--platform"} == set(PLATFORMS[platform])
    assert download[download.index("--python-version") + 1] == "3.12"
    assert any(word.startswith("numpy") for word in download)
    assert any(word.startswith("starlette") for word in download)  # a class can play there
    assert not any(word.startswith(("numba", "pytest")) for word in download)
    assert ("colorama" in download) == (platform == "windows")
    assert (made.folder / "wheels" / wheel.name).read_bytes() == b"wheel"
    assert (made.folder / made.start).stat().st_mode & 0o100
    assert made.start in (made.folder / "README.txt").read_text("utf-8")


def test_from_a_checkout_its_own_wheel_is_built(tmp_path: Path) -> None:
    asked: list[Sequence[str]] = []
    make_bundle(tmp_path / "lab", "linux", "3.11", fast=True, constraints=tmp_path / "c.txt", run=asked.append)
    assert asked[0][0] == "wheel"
    assert asked[0][-1] == str(checkout())
    assert "--constraint" in asked[1]
    assert any(word.startswith("numba") for word in asked[1])


@pytest.mark.parametrize("platform", ["windows", "macos", "linux"])
@pytest.mark.parametrize(("fast", "package"), [(False, "chainsim[serve]"), (True, "chainsim[serve,fast]")])
def test_the_script_installs_all_that_was_fetched(platform: str, fast: bool, package: str, tmp_path: Path) -> None:
    """`--fast` once fetched the compiled engine and installed chainsim without it."""
    made = make_bundle(tmp_path / "lab", platform, "3.12", fast=fast, run=lambda _: None)
    assert f'--find-links wheels "{package}"' in (made.folder / made.start).read_text("utf-8")


def test_what_cannot_be_made_is_refused_before_anything_is_fetched(tmp_path: Path) -> None:
    def fail(_: Sequence[str]) -> None:
        raise AssertionError("pip was run")

    with pytest.raises(UsageError, match="did you mean 'windows'"):
        make_bundle(tmp_path / "lab", "window", "3.12", run=fail)
    with pytest.raises(UsageError, match=r"unknown Python '2\.7'"):
        make_bundle(tmp_path / "lab", "linux", "2.7", run=fail)
    (tmp_path / "lab" / "wheels").mkdir(parents=True)
    with pytest.raises(OutputError, match="Choose another --out"):
        make_bundle(tmp_path / "lab", "linux", "3.12", run=fail)


def test_scripts_of_windows_end_their_lines_as_windows_does(tmp_path: Path) -> None:
    assert write_scripts(tmp_path, "windows", "3.12") == "start.bat"
    data = (tmp_path / "start.bat").read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n")
    assert b"py -3.12 -m venv env" in data


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("sh") is None, reason="needs a Unix shell")
def test_the_script_is_a_script(tmp_path: Path) -> None:
    name = write_scripts(tmp_path, "linux", "3.12")
    (tmp_path / "env" / "bin").mkdir(parents=True)
    (tmp_path / "env" / "bin" / "chainsim").write_text("#!/bin/sh\necho here: $1\n")
    (tmp_path / "env" / "bin" / "chainsim").chmod(0o755)
    done = subprocess.run([str(tmp_path / name), "chainsim", "doctor"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "here: doctor\n"), done.stderr


def test_what_is_needed_is_what_the_package_says() -> None:
    assert {"numpy", "simpy", "typer"} <= {line.split(">")[0].split("<")[0] for line in needed(())}
    assert any(line.startswith("starlette") for line in needed(("serve",)))
    assert not any(line.startswith("starlette") for line in needed(("fast",)))


def test_wheels_for_old_systems_are_taken_and_the_note_says_which_system_they_need(tmp_path: Path) -> None:
    """pip takes the first tag that fits: with the newest first, a room of older Macs got wheels that it could not install."""
    for platform in ("macos", "macos-intel"):
        versions = [tuple(map(int, re.findall(r"_(\d+)", tag)[:2])) for tag in PLATFORMS[platform]]
        assert versions == sorted(versions)
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for name in (
        "numpy-2-cp312-cp312-macosx_12_0_arm64.whl",
        "pyyaml-6-cp312-cp312-macosx_10_9_universal2.macosx_11_0_arm64.whl",
    ):
        (wheels / name).write_bytes(b"")
    write_scripts(tmp_path, "macos", "3.12")
    assert "Needed on the machine: macOS 12.0 or later, and Python 3.12" in (tmp_path / "README.txt").read_text("utf-8")
