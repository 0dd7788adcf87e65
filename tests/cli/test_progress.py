"""Progress: lines now and then in a pipe, nothing when quiet."""

from __future__ import annotations

import pytest

from chainsim.cli import progress as module


def test_quiet_has_no_hook() -> None:
    with module.progress(quiet=True) as hook:
        assert hook is None


def test_a_pipe_gets_a_line_now_and_then(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    with module.progress(quiet=False) as hook:
        assert hook is not None
        for step in range(1, 26):
            now[0] = float(step)
            hook(step, 25, 25.0 - step)
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["10 of 25 replications about 16 s left", "20 of 25 replications about 6 s left"]
