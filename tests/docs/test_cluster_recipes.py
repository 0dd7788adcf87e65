"""The recipes of *Use many machines* run as they stand there: with a small scenario, and without the systems that we do not have."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.experiments.town import TOWN
from tests.study.test_shards import GIVEN, contents

from .test_documents import ROOT

PAGE = (ROOT / "docs/howto/cluster.md").read_text("utf-8")
pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="recipes for a POSIX shell")


def block(language: str, holding: str) -> str:
    """The block of the page in a language that holds some text."""
    [found] = [b for b in re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.S | re.M) if holding in b]
    return str(found)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with study.yaml, a `chainsim` on the path, and what one machine gives."""
    folder = tmp_path_factory.mktemp("recipes")
    document = {**TOWN, "policies": GIVEN, "replications": 2}
    (folder / "study.yaml").write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    command = folder / "bin/chainsim"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m chainsim "$@"\n', "utf-8")
    command.chmod(0o755)
    shell(folder, "chainsim run study.yaml --no-report -q --out one")
    return folder


def shell(folder: Path, text: str, more: Mapping[str, str] | None = None) -> None:
    environment = {"PATH": f"{folder / 'bin'}:/usr/bin:/bin", **(more or {})}
    done = subprocess.run(
        ["bash", "-ec", text], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def check(folder: Path, shared: str) -> None:
    """What is merged there is what one machine gives."""
    assert contents(folder / shared) == contents(folder / "one")
    shutil.rmtree(folder / shared)


def fewer(text: str, said: int, wanted: int) -> str:
    """The recipe with fewer shards."""
    return text.replace(f"/{said} ", f"/{wanted} ").replace(f"seq 0 {said - 1}", f"seq 0 {wanted - 1}")


@pytest.mark.slow
def test_a_loop_in_a_shell(place: Path) -> None:
    text = block("sh", "for k in").replace("chainsim merge", "chainsim merge --no-report")
    shell(place, fewer(text, 4, 2))
    check(place, "shared")


@pytest.mark.slow
def test_xargs(place: Path) -> None:
    text = block("sh", "xargs").replace("chainsim merge", "chainsim merge --no-report")
    shell(place, fewer(text, 8, 2))
    check(place, "shared")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("parallel") is None, reason="GNU parallel is not here")
def test_gnu_parallel(place: Path) -> None:
    [line] = re.findall(r"`(parallel [^`]*)`", PAGE)
    shell(place, f"{fewer(line, 8, 2).replace('/8 ', '/2 ')}; chainsim merge --no-report shared", {"HOME": str(place)})
    check(place, "shared")


def test_every_script_is_a_script() -> None:
    """bash reads them; Slurm's own lines come before the first command, and say what it understands."""
    for language in ("sh", "bash"):
        for text in re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.S | re.M):
            done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
    lines = block("bash", "#SBATCH").splitlines()
    first = next(i for i, line in enumerate(lines) if not line.startswith("#"))
    assert lines[0] == "#!/bin/bash"
    assert not [line for line in lines[first:] if line.startswith("#SBATCH")]
    for line in lines[1:first]:
        assert re.fullmatch(
            r"#SBATCH --(job-name=\w+|array=\d+-\d+|cpus-per-task=\d+|mem=\d+[KMGT]|time=\d\d:\d\d:\d\d|requeue)", line
        ), line


@pytest.mark.slow
def test_the_script_of_a_slurm_array(place: Path) -> None:
    text = block("bash", "#SBATCH")
    assert "--array=0-99" in text
    assert "/100 " in text
    for k in range(2):
        shell(place, fewer(text, 100, 2), {"SLURM_ARRAY_TASK_ID": str(k)})
    shell(place, "chainsim merge shared --no-report")
    check(place, "shared")


def manifest() -> dict[str, Any]:
    return dict(yaml.safe_load(block("yml", "kind: Job")))


def test_the_manifest_of_a_kubernetes_job() -> None:
    """Its form, by hand: as many shards as completions, and the claim mounted where the command writes."""
    job = manifest()
    assert (job["apiVersion"], job["kind"], job["spec"]["completionMode"]) == ("batch/v1", "Job", "Indexed")
    pod = job["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert f"/{job['spec']['completions']} " in container["command"][-1]
    assert pod["restartPolicy"] == "Never"
    [mount], [volume] = container["volumeMounts"], pod["volumes"]
    assert mount["name"] == volume["name"]
    assert f"--out {mount['mountPath']}/" in container["command"][-1]


@pytest.mark.slow
def test_the_command_of_a_kubernetes_job(place: Path) -> None:
    text = manifest()["spec"]["template"]["spec"]["containers"][0]["command"][-1]
    text = fewer(text, 100, 2).replace("/shared/study", "shared")
    for k in range(2):
        shell(place, text, {"JOB_COMPLETION_INDEX": str(k)})
    shell(place, "chainsim merge shared --no-report")
    check(place, "shared")
