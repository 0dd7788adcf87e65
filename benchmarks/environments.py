"""The virtual environment of each contender, made when first needed and kept for the next time."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent

PACKAGES = {
    "chainsim": ["--editable", f"{ROOT}[fast]"],
    "supplynetpy": ["supplynetpy==0.5.1", "simpy==4.1.2", "numpy==2.4.6"],
    "stockpyl": ["stockpyl==1.0.2", "numpy==1.26.4", "scipy==1.17.1"],  # stockpyl needs numpy < 2
}
"""What pip installs in each environment. The lean simpy model runs in chainsim's: the same simpy, the same NumPy."""


def python_of(name: str, folder: Path) -> Path:
    """The interpreter of an environment under `folder`, which is made when it is not there.

    chainsim runs in the environment of this very process when it is installed there. Raises CalledProcessError when pip
    fails.
    """
    if name == "chainsim" and importlib.util.find_spec("chainsim") is not None:
        return Path(sys.executable)
    home = folder / name
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = home / "benchmark-packages.txt"
    wanted = "\n".join(PACKAGES[name])
    if not stamp.is_file() or stamp.read_text() != wanted:
        print(f"making the environment of {name} …", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *PACKAGES[name]], check=True, env=clean_environment())
        stamp.write_text(wanted)
    return python


def clean_environment() -> dict[str, str]:
    """For a contender's process: one thread, no source trees of others on the path, the same hashes every time."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return kept | threads | {"PYTHONHASHSEED": "0"}
