"""`chainsim --help` answers at once: nothing heavy is imported, and it takes no longer than two imports of numpy."""

from __future__ import annotations

import subprocess
import sys
import time

HEAVY = ["numpy", "pandas", "scipy", "matplotlib", "joblib", "numba", "pydantic", "simpy", "yaml", "rich", "jinja2"]


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from chainsim.cli import execute; code = execute(['--help']); "
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == "[]"


def test_help_is_as_quick_as_two_imports_of_numpy() -> None:
    # best of several: the machine may be busy with other things
    def best(*arguments: str) -> float:
        times = []
        for _ in range(7):
            start = time.perf_counter()
            subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
            times.append(time.perf_counter() - start)
        return min(times)

    assert best("-m", "chainsim", "--help") <= 2 * best("-c", "import numpy")
