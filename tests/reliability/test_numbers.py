"""Every numbered case of the contract has a test that can be chosen by its number, or a line that says what is missing."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from .numbers import MISSING, TESTS, numbers_of, rows

MOST = {"A": 25, "B": 18, "C": 11, "D": 10, "E": 13, "F": 7, "G": 12, "H": 11, "I": 15, "J": 18, "K": 16}


def test_every_number_has_a_row() -> None:
    assert [row.number for row in rows()] == [
        f"{letter}{n:02}" for letter, most in MOST.items() for n in range(1, most + 1)
    ]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"row_{row.number}")
def test_a_row_names_tests_or_what_is_missing(row: object) -> None:
    number, about, tests = row  # type: ignore[misc]
    assert bool(tests) != about.startswith(MISSING), number
    for name in tests:
        file, _, test = name.partition("::")
        text = (TESTS / file).read_text("utf-8")
        function = re.split(r"[\[…]", test)[0]
        assert not function or f"def {function}" in text, name
        if "…" not in test.partition("[")[0] and test:
            assert f"def {test.partition('[')[0]}(" in text, name


def test_a_test_is_known_by_its_numbers() -> None:
    assert numbers_of("tests/reliability/test_first_build.py::test_a_bad_scenario_is_refused_with_its_place[A02]") == {
        "A02"
    }
    assert "K03" in numbers_of("tests/engines/test_parity.py::test_shipped_scenarios[beer_game]")
    assert numbers_of("tests/test_imports.py::test_files_stay_small") == set()


def collected(*arguments: str) -> list[str]:
    quiet = ("-n0", "-p", "no:cacheprovider", "-m", "slow or not slow")
    command = [sys.executable, "-m", "pytest", "--collect-only", *quiet]
    done = subprocess.run([*command, *arguments], cwd=TESTS.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return [line for line in done.stdout.splitlines() if "::" in line]


@pytest.mark.slow
def test_a_number_chooses_its_tests() -> None:
    found = collected("-k", "J05", "tests/reliability/test_crashes.py", "tests/study/test_store.py")
    assert {name.partition("::")[0] for name in found} == {
        "tests/reliability/test_crashes.py",
        "tests/study/test_store.py",
    }
    assert len(found) == 6


@pytest.mark.slow
def test_every_number_chooses_something() -> None:
    """Names and parametrised ids of the table are those pytest has."""
    files = sorted({f"tests/{name.partition('::')[0]}" for row in rows() for name in row.tests})
    nodes = collected(*files)
    for row in rows():
        for name in row.tests:
            single = {
                node
                for node in nodes
                if row.number in numbers_of(node) and node.startswith(f"tests/{name.partition('::')[0]}")
            }
            assert single, f"{row.number}: {name}"
