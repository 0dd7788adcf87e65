"""The peers' tests run only when asked for (`pytest -m peers tests/peers`): they need the peers' own environments."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SCRIPTS = ("stockpyl_answers.py", "supplynetpy_models.py")  # run by the peers' interpreters, never imported here


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "peers: a second opinion from other packages; needs their environments")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    wanted = "peers" in (config.option.markexpr or "").replace("not peers", "")
    return True if collection_path.name in SCRIPTS or not wanted else None


def ask(peer: str, script: str) -> dict[str, Any]:
    """What a script prints when the peer's own interpreter runs it, read as JSON."""
    folder = os.environ.get("CHAINSIM_PEERS")
    if not folder:
        pytest.fail("set CHAINSIM_PEERS to the folder with the peers' environments; tests/peers/README.md says how")
    python = Path(folder) / peer / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    run = subprocess.run([str(python), str(HERE / script)], capture_output=True, text=True, env=clean, timeout=300)
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.fixture(scope="session")
def stockpyl() -> dict[str, Any]:
    return ask("stockpyl", "stockpyl_answers.py")


@pytest.fixture(scope="session")
def supplynetpy() -> dict[str, Any]:
    return ask("supplynetpy", "supplynetpy_models.py")
