"""The game in one file. What it plays is checked in a browser (`tests/browser/check_game.py`); here, what it is made of."""

from __future__ import annotations

import json
import re

import pytest

from chainsim.data import scenario_path
from chainsim.errors import UsageError
from chainsim.game.alone import alone
from chainsim.game.serve.page import part
from chainsim.game.setting import setting_of

from .boards import beer


def test_it_loads_nothing_and_runs_only_what_it_came_with() -> None:
    text = alone(beer(), "human")
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
    assert "unsafe-inline" not in policy
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "src=" not in re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert len(text) < 250_000
    told = json.loads(re.findall(r'<script id="game" type="application/json">(.*?)</script>', text)[0])
    assert [each["role"] for each in told["roles"]] == ["retailer", "wholesaler", "distributor", "factory"]
    assert told["others"][0]["who"] == "benchmark"


def test_what_the_page_hides_is_hidden_whatever_its_style() -> None:
    """Alone there is no code of a room to type; its label has a style of its own."""
    assert "[hidden] { display: none !important; }" in part("page.css")
    assert 'getElementById("coded").hidden = true' in part("alone.js")


def test_what_a_period_s_end_does_not_show_is_refused() -> None:
    setting = setting_of(scenario_path("serial_textbook"), periods=10, changes={"time.bucket": 1})
    with pytest.raises(UsageError, match="chainsim serve can"):
        alone(setting, setting.sitters[0])
