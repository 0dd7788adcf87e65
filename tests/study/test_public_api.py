"""The public names, pinned: adding one is a decision, losing one a break."""

from __future__ import annotations

import subprocess
import sys

import pytest

import chainsim


def test_public_names() -> None:
    assert chainsim.__all__ == [
        "ChainsimError",
        "Estimate",
        "ExperimentResults",
        "Results",
        "Scenario",
        "ScenarioError",
        "Study",
        "__version__",
        "allow_plugins",
        "compare",
        "errors",
        "experiment",
        "load",
        "load_dict",
        "load_text",
        "run",
    ]


@pytest.mark.parametrize("name", chainsim.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(chainsim, name)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        chainsim.lode


def test_importing_chainsim_loads_nothing_heavy() -> None:
    code = (
        "import sys, chainsim; print([m for m in ('numpy', 'scipy', 'pandas', 'pydantic', 'yaml') if m in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
