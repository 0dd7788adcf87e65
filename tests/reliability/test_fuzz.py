"""P47: any bytes as a scenario or a table end with an exit code of the contract (0, 2, 3 or 4), at once and with a message,
never with a trace. In one process, through the command line as a person meets it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chainsim.cli import execute

from .test_first_build import QUANTITY, SHOP

pytest.importorskip("resource", reason="as the other tests of reliability")

SCENARIO = SHOP.replace(QUANTITY, "type: history, file: d.csv, on_end: repeat").encode()
TABLE = ("date,tea\n" + "".join(f"2026-01-{day:02},{day % 5}\n" for day in range(1, 21))).encode()
RUN = ["run", "s.yaml", "--no-report", "-q", "--jobs", "1", "--max-events", "20000", "--overwrite"]
quick = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def ends_well(folder: Path, capsys: pytest.CaptureFixture[str], command: list[str] = RUN) -> tuple[int, str]:
    """Run it; the exit code and what was said."""
    begun = time.monotonic()
    code = execute([*command, "--out", str(folder / "out")] if command is RUN else command)
    told = capsys.readouterr()
    assert code in (0, 2, 3, 4), told.err
    assert "Traceback" not in told.out + told.err
    assert code == 0 or told.err.strip()
    assert time.monotonic() - begun < 20
    return code, told.err


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.fixture(autouse=True)
def _here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (folder / "s.yaml").write_bytes(SCENARIO)
    (folder / "d.csv").write_bytes(TABLE)


@st.composite
def damaged(draw: st.DrawFn, text: bytes) -> bytes:
    """A good file after a few accidents: bits flipped, cut off, a stretch lost, doubled or moved, rubbish put in."""
    data = bytearray(text)
    for _ in range(draw(st.integers(1, 4))):
        a, b = sorted(draw(st.tuples(st.integers(0, len(data)), st.integers(0, len(data)))))
        b = min(b, a + 40)
        match draw(st.integers(0, 5)):
            case 0 if a < len(data):
                data[a] ^= 1 << draw(st.integers(0, 7))
            case 1:
                del data[max(a, 1) :]
            case 2:
                del data[a:b]
            case 3:
                data[a:a] = data[a:b]
            case 4:
                data[a:b] = draw(st.binary(max_size=8))
            case _:
                odd = [
                    b"\t",
                    b"nan",
                    b"1e999",
                    b"-1",
                    b"&a [*a]",
                    b"{",
                    b"999999999999",
                    b"\xff\xfe",
                    b"\x00",
                    b"'",
                    b": ",
                ]
                data[a:a] = draw(st.sampled_from(odd))
    return bytes(data)


def test_the_files_are_good_to_begin_with(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ends_well(folder, capsys)[0] == 0


@quick
@given(st.binary(max_size=400))
def test_any_bytes_as_a_scenario(folder: Path, capsys: pytest.CaptureFixture[str], data: bytes) -> None:
    (folder / "s.yaml").write_bytes(data)
    assert ends_well(folder, capsys)[0] == 2


@quick
@given(damaged(SCENARIO))
def test_a_damaged_scenario(folder: Path, capsys: pytest.CaptureFixture[str], data: bytes) -> None:
    """And `validate` says the same of it (P44): it accepts what `run` runs, and refuses with the same words."""
    (folder / "s.yaml").write_bytes(data)
    code, said = ends_well(folder, capsys)
    checked, told = ends_well(folder, capsys, ["validate", "s.yaml", "-q"])
    assert (checked == 2) == (code == 2)
    if code == 2:
        assert told == said


@quick
@given(st.one_of(st.binary(max_size=400), damaged(TABLE)))
def test_any_bytes_as_a_table(folder: Path, capsys: pytest.CaptureFixture[str], data: bytes) -> None:
    (folder / "d.csv").write_bytes(data)
    assert ends_well(folder, capsys)[0] in (0, 2, 3)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@settings(quick, max_examples=1200)
@given(damaged(SCENARIO), damaged(TABLE))
def test_much_damage(folder: Path, capsys: pytest.CaptureFixture[str], scenario: bytes, table: bytes) -> None:
    (folder / "s.yaml").write_bytes(scenario)
    (folder / "d.csv").write_bytes(table)
    ends_well(folder, capsys)
