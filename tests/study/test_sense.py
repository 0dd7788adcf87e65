"""Warnings that teach: each odd run is told once, and a sound one is not."""

from __future__ import annotations

import pytest

import chainsim
from chainsim.cli import execute

HEAD = "chainsim: 1\ntitle: A shop\ntime: {unit: day, horizon: 100, bucket: 10REVIEW}\nreplications: 3\nseed: 1\n"
BODY = """
products: {tea: {unit_cost: 2, unit_price: 3}}
sites: {source: {kind: supplier}, shop: {kind: shop}}
lanes: [{from: source, to: shop, lead_time: LEAD}]
stock: [{site: shop, initial: {on_hand: START}EXTRA}]
demand: [{site: shop, product: tea, quantity: QUANTITY, unmet: lost}]
policies: {only: RULE}
"""
SOUND = {
    "REVIEW": "", "LEAD": "1", "START": "10", "EXTRA": "", "QUANTITY": "{dist: poisson, mean: 4}",
    "RULE": "{type: base_stock, order_up_to_level: 12, review_interval: 1}",
}  # fmt: skip


def warnings(**changed: str) -> list[str]:
    text = HEAD + BODY
    for word, value in (SOUND | changed).items():
        text = text.replace(word, value)
    return [w["message"] for w in chainsim.load_text(text).run(jobs=1, engine="simpy").manifest["warnings"]]


def test_a_sound_run_has_none() -> None:
    assert warnings() == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"EXTRA": ", lifetime: 1", "LEAD": "0", "START": "0"}, "shop / tea: every unit goes bad before a customer comes"),
        ({"EXTRA": ", lifetime: 1", "LEAD": "0"}, "shop / tea: nearly every unit goes bad before a customer comes: 0.9% of demand is met"),
        ({"START": "15", "RULE": "{type: s_Q, reorder_point: -5, order_quantity: 1}"}, "shop / tea: hardly a customer ever gets anything: 3.7% of demand is met"),
        ({"LEAD": "5", "START": "8", "RULE": "{type: base_stock, order_up_to_level: 1, review_interval: 1}", "QUANTITY": "{dist: poisson, mean: 4}"}, "shop / tea: the shelf is empty all the time"),
        ({"START": "0", "RULE": "{type: s_Q, reorder_point: -5, order_quantity: 1}"}, "shop / tea: no customer ever gets anything"),
        ({"LEAD": "5", "START": "0", "RULE": "{type: base_stock, order_up_to_level: 1, review_interval: 1}"}, "shop / tea: the shelf is empty all the time"),
        ({"QUANTITY": "4"}, "nothing here is random, and all 3 replications are the same"),
        ({"RULE": "{type: s_Q, reorder_point: 8, order_quantity: 2000}"}, "shop / tea: a lot lasts longer than a year"),
    ],
)  # fmt: skip
def test_what_is_odd_is_told_once(changed: dict[str, str], words: str) -> None:
    found = warnings(**changed)
    assert len(found) == 1, found
    assert found[0].startswith(words)


def test_the_newsvendor_that_reviews_in_time_is_sound() -> None:
    assert warnings(EXTRA=", lifetime: 1", LEAD="0", START="0", REVIEW=", review: before_demand") == []


def test_the_terminal_says_it(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(str(tmp_path))
    text = HEAD + BODY
    for word, value in (SOUND | {"RULE": "{type: s_Q, reorder_point: 8, order_quantity: 2000}"}).items():
        text = text.replace(word, value)
    with open("shop.yaml", "w", encoding="utf-8") as file:
        file.write(text)
    assert execute(["run", "shop.yaml", "--jobs", "1", "--no-report"]) == 0
    assert "a lot lasts longer than a year" in capsys.readouterr().err
