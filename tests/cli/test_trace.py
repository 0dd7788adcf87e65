"""`chainsim trace`, and the same table in a notebook."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import chainsim as package
from chainsim.errors import UsageError

Run = Callable[..., tuple[int, str, str]]


def test_sentences_and_a_table(chainsim: Run, shop: Path) -> None:
    code, out, err = chainsim("trace", "shop.yaml", "--policy", "batch", "--site", "shop", "--until", "10d")
    assert code == 0, err
    assert out.startswith("day 0: a customer of shop wants ")
    assert "— the warm-up is over: from here on everything counts —\nday 7: " in out
    table = out.split("\n\n")[1].splitlines()
    assert table[0].split()[:6] == ["day", "opening", "received", "demand", "sold", "closing"]
    assert len(table) == 2 + 10


def test_csv_json_and_a_notebook_agree(chainsim: Run, shop: Path) -> None:
    words = ("trace", "shop.yaml", "--site", "shop", "--until", "2 weeks", "--every", "1w")
    code, _, err = chainsim(*words, "--csv", "t.csv", "--table")
    assert code == 0, err
    assert "Wrote t.csv" in err
    rows = (shop.parent / "t.csv").read_text("utf-8").splitlines()
    told = json.loads(chainsim(*words, "--json")[1])["periods"]
    assert [row.split(",")[1] for row in rows[1:]] == ["false", "true"]
    results = package.load(shop).run(replications=2, jobs=1)
    frame = results.trace("daily", "shop", until="2 weeks", every="1w")
    assert frame.to_dict("records") == told
    assert (frame.closing == frame.opening + frame.received - frame.sold).all()
    assert chainsim(*words, "--csv", "t.csv")[0] == 4
    study = package.load(shop).trace("daily", "shop", until="2 weeks", every="1w")
    assert study.table().equals(frame)
    assert "<table>" in study._repr_html_()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "--site says where to look; known: shop, source"),
        (["--site", "shopp"], "unknown site 'shopp' (did you mean 'shop'?)"),
        (["--site", "source"], "'source' has unlimited stock"),
        (["--site", "shop", "--policy", "dayly"], "did you mean 'daily'?"),
        (["--site", "shop", "--product", "coffee"], "unknown product 'coffee'"),
        (["--site", "shop", "--until", "3 moons"], "until: '3 moons': unknown unit of time"),
        (["--site", "shop", "--every", "0"], "every must be a finite number above 0"),
        (["--site", "shop", "--replication", "-1"], "replication must be a whole number of at least 0"),
    ],
)
def test_what_cannot_be_traced_is_told(chainsim: Run, shop: Path, options: list[str], words: str) -> None:
    code, out, err = chainsim("trace", "shop.yaml", *options)
    assert (code, out) == (2, "")
    assert words in err


def test_a_replication_that_was_not_run_is_refused_in_a_notebook(shop: Path) -> None:
    results = package.load(shop).run(replications=2, jobs=1)
    with pytest.raises(UsageError, match="replication must be below 2"):
        results.trace("daily", "shop", replication=2)
