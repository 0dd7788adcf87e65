"""Words on a terminal."""

from __future__ import annotations

import pytest

from chainsim.cli.console import warn


def test_a_long_warning_is_a_line_a_clause(capsys: pytest.CaptureFixture[str]) -> None:
    warn("s_Q: 83.2 % where 95 % was asked; 58 of 60 short (12 %: late; or never); 5.4 % of orders waited")
    assert capsys.readouterr().err.splitlines() == [
        "warning: s_Q: 83.2 % where 95 % was asked",
        "  - 58 of 60 short (12 %: late; or never)",
        "  - 5.4 % of orders waited",
    ]
