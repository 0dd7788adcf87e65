from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from chainsim.cli import execute

SHOP = """\
chainsim: 1
title: A corner shop
time: {unit: day, warm_up: 7, horizon: 56, bucket: week}
replications: 4
seed: 1
products: {tea: {unit_cost: 2, unit_price: 3}}
sites: {source: {kind: supplier}, shop: {kind: store}}
lanes: [{from: source, to: shop, lead_time: 2, order_cost: 5}]
demand: [{site: shop, product: tea, quantity: {dist: poisson, mean: 6}, unmet: lost}]
costs: {currency: EUR, carrying_rate: 25% per year, lost_sale: margin}
targets: {fill_rate: 0.9}
policies:
  daily: {type: base_stock, order_up_to_level: 24, review_interval: 1 day}
  batch: {type: s_Q, reorder_point: 15, order_quantity: 40}
"""


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small scenario file in a folder of its own, which is the current folder."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP, "utf-8")
    return file


@pytest.fixture
def chainsim(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Done]:
    """Run a command line in this process, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Done:
        words: Sequence[str] = list(map(str, arguments))
        capsys.readouterr()
        code = execute(words)
        told = capsys.readouterr()
        return Done(code, told.out, told.err)

    return run
