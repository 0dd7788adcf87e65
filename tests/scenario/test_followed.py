"""Levers whose paths count entries lead to the same entries in a resolved scenario, whose order is its own."""

from __future__ import annotations

from pathlib import Path

import chainsim
from chainsim.live.levers_offered import _place
from chainsim.scenario.change import values_at

IMPORTER = Path(__file__).parents[2] / "scenarios" / "importer.yaml"


def test_a_lever_leads_to_the_same_lane_in_the_resolved_scenario() -> None:
    study = chainsim.load(IMPORTER)
    resolved = chainsim.load_dict(dict(study.scenario.document))
    (_, price, duty), (_, far, customs) = study.scenario.levers or (), resolved.scenario.levers or ()
    assert (price["path"], far["path"]) == ("lanes[0].price_breaks[0].price", "lanes[1].price_breaks[0].price")  # type: ignore[index]
    assert study.written is not None
    assert resolved.written is not None
    assert values_at(study.written.source, price["path"]) == values_at(resolved.written.source, far["path"]) == [15.2]  # type: ignore[index]
    assert values_at(study.written.source, duty["path"]) == ["12%"]  # type: ignore[index]
    assert values_at(resolved.written.source, customs["path"]) == [0.12]  # type: ignore[index]
    assert resolved.scenario.document["levers"] == study.scenario.document["levers"]  # once resolved, they stay


def test_a_path_of_names_stays_as_it_is() -> None:
    study = chainsim.load(IMPORTER).with_(
        {"levers": [{"path": "lanes[turkey->warehouse].unit_cost", "values": [0.25, 0.5]}]}
    )
    assert study.scenario.document["levers"][0]["path"] == "lanes[turkey->warehouse].unit_cost"


def test_a_share_that_is_a_number_in_the_resolved_scenario_is_among_shares() -> None:
    assert _place(["0%", "12%", "25%"], [0.12]) == (1, True)
    assert _place(["0%", "12%", "25%"], [0.2]) == (2, False)
