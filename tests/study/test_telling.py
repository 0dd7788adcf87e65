"""Warnings of many stock points in one line."""

from __future__ import annotations

import pytest

from chainsim.study.telling import MOST_DETAILS, NAMED, told_once

SHOPS = [f"shop-{k} / tea" for k in range(9)]


def test_a_kind_of_warning_is_told_once_and_its_commonest_details_first() -> None:
    said = [f"shop-{i} / tea: a wait: dc-{i % 7}" for i in range(20)] + ["shop-1 / rice: a wait: dc-6"]
    (told,) = told_once([*said, "shop-1 / tea: a wait: dc-6"])
    assert told.startswith("21 stock points (shop-0 / tea, shop-1 / tea, shop-2 / tea, …): a wait: dc-6 (")
    assert "dc-6 (shop-6 / tea, shop-13 / tea, shop-1 / rice, shop-1 / tea); dc-0 (" in told
    assert told.endswith(f"; and {7 - MOST_DETAILS} more")


def test_numbers_that_differ_by_stock_point_become_a_range() -> None:
    said = [
        f"{shop}: the source waits: dc-1 plans for a service of {0.97 + k / 1000:g}" for k, shop in enumerate(SHOPS)
    ]
    (told,) = told_once(said, of=40, full="derived.csv")
    assert told == (
        "9 of 40 stock points (shop-0 / tea, shop-1 / tea, shop-2 / tea, …): the source waits: dc-1 plans for a service of "
        "0.97 to 0.978; one by one in derived.csv"
    )


def test_numbers_in_the_kind_and_in_the_detail_keep_their_places() -> None:
    said = [
        "a / x: no level reaches 0.95 here, because of yield: the best found is 0.91, at 12",
        "b / x: no level reaches 0.99 here, because of yield: the best found is 0.9, at 12",
    ]
    assert told_once(said) == [
        "2 stock points (a / x, b / x): no level reaches 0.95 to 0.99 here, because of yield: the best found is 0.9 to 0.91, at 12"
    ]


@pytest.mark.parametrize("name", ["dc 7", "7", "dc-7", "v1.2", "7/8"])
def test_digits_of_a_name_are_no_number(name: str) -> None:
    other = name.replace("7", "9").replace("1.2", "1.3")
    said = [f"{shop}: a wait: {name if k % 2 else other} plans for 0.9" for k, shop in enumerate(SHOPS)]
    (told,) = told_once(said, names=[name, other])
    assert f"{other} plans for 0.9 (5 stock points); {name} plans for 0.9 (" in told


def test_one_place_is_told_by_its_name_and_all_as_all() -> None:
    assert told_once(["a / x: lots"], of=3, full="derived.csv") == ["a / x: lots"]
    (told,) = told_once([f"{shop}: lots" for shop in SHOPS], of=len(SHOPS), full="derived.csv")
    assert told.startswith(f"all {len(SHOPS)} stock points (")
    few = SHOPS[:NAMED]
    assert told_once([f"{shop}: lots" for shop in few], full="x.csv") == [
        f"{NAMED} stock points ({', '.join(few)}): lots"
    ]


def test_the_same_said_at_several_points_counts_a_place_once() -> None:
    said = [f"a / x: served: {service}" for service in (0.9, 0.95, 0.8)]
    assert told_once(said, of=2) == ["a / x: served: 0.8 to 0.95"]
