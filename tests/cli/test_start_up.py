"""`chainsim --help` answers at once: nothing heavy is imported. (How long it takes is a row of the benchmarks.)"""

from __future__ import annotations

import subprocess
import sys

HEAVY = ["numpy", "pandas", "scipy", "matplotlib", "joblib", "numba", "pydantic", "simpy", "yaml", "rich", "jinja2"]


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from chainsim.cli import execute; code = execute(['--help']); "
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == "[]"
