"""The levers of a page: what they tell is what `chainsim run` of the command they tell gives, in either world, to the last bit."""

from __future__ import annotations

import base64
import gzip
import json
import random
import re
import shlex
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import chainsim
from chainsim.data import scenario_names, scenario_path
from chainsim.errors import ScenarioError
from chainsim.live import limits
from chainsim.live.levers import Levers, levers_of, reason
from chainsim.live.levers_pairs import exclusive
from chainsim.live.levers_plans import Workshop
from chainsim.live.memory import Memory
from chainsim.live.panel import Panel, panel_of, text_of
from chainsim.scenario.load import load_text, read

from .levers_town import GIVEN, TOWN, block, settings, told
from .node import answer, needs_node, run
from .taken_home import run_of

pytestmark = pytest.mark.usefixtures("without_charts")

BRIEF = 2.6
"""Enough for some levels to be derived anew."""

pytest.importorskip("numba", reason="a run with levers is simulated by the compiled engine")


@cache
def town() -> chainsim.Study:
    return chainsim.load_text(TOWN, "town.yaml")


@cache
def panel() -> Panel:
    made = panel_of(town().run(jobs=1, engine="compiled"), budget=BRIEF)
    assert made is not None
    assert made.engine
    return made


def write(made: Panel, folder: Path) -> None:
    """What the page carries, as node reads it."""

    def data(id: str) -> bytes:
        return gzip.decompress(base64.b64decode(block(made, id)))

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "page.json").write_bytes(data("live-page"))
    (folder / "words.gz").write_bytes(base64.b64decode(block(made, "live-words")))
    (folder / "modules.json").write_text(json.dumps(names := told(made)["modules"]))
    for name in names:
        (folder / name).write_bytes(data(name))


ESTIMATES = """
const study = await opened(), all = told('positions.json');
tell(all.map(positions => study.policies().map(k => study.estimates(k, positions))));
"""


def assert_same(made: Panel, folder: Path, file: Path | None, study: chainsim.Study, worlds: Mapping[str, int]) -> int:
    """Estimates of random settings in the page against those of their commands; how many numbers."""
    data = told(made)
    wanted = [one for world, count in worlds.items() for one in settings(data, world, count, study.scenario.title)]
    write(made, folder)
    compared = 0
    found = answer(folder, ESTIMATES, {"positions.json": [positions for positions, _ in wanted]})
    for (_, parts), policies in zip(wanted, found, strict=True):
        table = run_of(shlex.split(" ".join(parts)), file, study).summary
        rows = table[(table.site == "") & (table["product"] == "")]
        there = dict(
            zip(zip(rows.policy, rows.kpi, strict=True), zip(rows["mean"], rows.half_width, strict=True), strict=True)
        )
        running = [policy["name"] for policy in data["policies"] if policy["runs"]]
        for name, estimates in zip(running, policies, strict=True):
            for measure, here in estimates.items():
                for one, other in zip((here["mean"], here["half"]), there[name, measure], strict=True):
                    compared += 1
                    assert one == other or (one is None and other != other), (
                        " ".join(parts),
                        name,
                        measure,
                        one,
                        other,
                    )
    return compared


@needs_node
def test_the_page_tells_what_the_command_gives(tmp_path: Path) -> None:
    assert assert_same(panel(), tmp_path, None, town(), {"held": 4, "known": 4}) > 1000


@pytest.mark.slow
@pytest.mark.timeout(1800)
@needs_node
@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_scenario_tells_what_its_commands_give(name: str, tmp_path: Path) -> None:
    study = chainsim.load(scenario_path(name))
    made = panel_of(study.run(replications=2, engine="compiled"))
    assert made is not None
    assert made.engine, made.html
    worlds = {world["id"]: 10 for world in told(made)["worlds"]}
    compared = assert_same(made, tmp_path, scenario_path(name), study, worlds)
    print(f"{name}: {compared:,} numbers of {10 * len(worlds)} settings, 0 different")


@cache
def levers() -> Levers:
    return levers_of(Workshop(town(), seed=5, policies=town().policies), budget=BRIEF)


def test_plans_are_those_that_a_run_compiles() -> None:
    """Each position in each world, against the Plans that the run of its changes was simulated with."""
    spots = [
        (lever.id, spot, world, plans)
        for lever in levers().levers
        for world, positions in lever.plans.items()
        for spot, plans in zip(lever.spots, positions, strict=True)
        if plans
    ]
    assert {world for _, _, world, _ in spots} == {"held", "known"}
    for id, spot, world, plans in random.Random(1).sample(spots, 8):
        results = town().with_(spot.changes).run(jobs=1, engine="compiled", replications=1, hold=world == "held")
        for name, plan in plans.items():
            assert not Memory.of(results.plan_of(name)).patch_to(Memory.of(plan)).changes, (id, spot.text, world, name)


def test_what_is_offered() -> None:
    by_id = {lever["id"]: lever for lever in told(panel())["levers"]}
    assert list(by_id) == [
        "service", "cover-store", "cover-dc", "lots-store", "lots-dc", "demand", "lead-times", "carrying-rate", "lost-sale", "order-cost",
    ]  # fmt: skip
    assert [spot["text"] for spot in by_id["service"]["spots"]][:3] == ["93 / 86 %", "95 / 90 %", "96.5 / 93 %"]
    assert by_id["demand"]["spots"][5]["set"] == ["--set 'demand[*]=*1.1'"]
    assert by_id["carrying-rate"]["spots"][2] == {"text": "30 % per year", "detail": "", "set": [], "edits": []}
    assert by_id["lost-sale"]["spots"][3]["text"] == "€6.25"
    assert by_id["cover-store"]["label"] == "Stock at stores"
    assert by_id["cover-dc"]["label"] == "Stock at DC"
    assert set(by_id["demand"]["worlds"]) == {"held", "known"}
    assert set(by_id["cover-store"]["worlds"]) == {"held"}


def test_levers_whose_numbers_depend_on_each_other_exclude_each_other() -> None:
    data = told(panel())
    known = {frozenset(pair) for pair in data["exclusive"]["known"]}
    held = {frozenset(pair) for pair in data["exclusive"]["held"]}
    assert frozenset(("service", "demand")) in known  # levels are derived from both
    assert frozenset(("service", "demand")) not in held  # customers and levels: different words
    assert frozenset(("cover-store", "lots-store")) not in held  # initial stock is of both, and a sum


def offered(text: str) -> dict[str, Any]:
    made = panel_of(
        chainsim.load_text(TOWN + text, "town.yaml").run(jobs=1, engine="compiled", replications=2), budget=1.0
    )
    assert made is not None
    return {lever["id"]: lever for lever in told(made)["levers"]}


def test_a_scenario_chooses_its_levers() -> None:
    found = offered(
        "levers:\n  - lost_sale\n"
        "  - {path: costs.carrying_rate, from: 10% per year, to: 50% per year, steps: 5, label: Capital}\n"
        "  - {path: policies.lots.service_level, values: [0.8, 0.9, 0.99]}\n"
        "  - {path: 'demand[*]', from: '*0.5', to: '*1.5', steps: 3}\n"
        "  - {path: 'lanes[dc->shop].lead_time', values: [2, 3]}\n"
        "  - {path: time.horizon, values: [100, 140]}\n"
    )
    assert list(found) == ["lost-sale", "own-2", "own-3", "own-4", "own-5"]
    assert [spot["text"] for spot in found["own-2"]["spots"]][:3] == ["10 % per year", "20 % per year", "30 % per year"]
    assert (found["own-2"]["base"], found["own-2"]["label"]) == (2, "Capital")
    assert [spot["text"] for spot in found["own-3"]["spots"]] == ["0.8", "0.9", "0.99"]
    assert (found["own-3"]["base"], found["own-3"]["group"]) == (1, "policies")
    assert [spot["text"] for spot in found["own-4"]["spots"]] == ["× 0.5", "× 1", "× 1.5"]
    assert [spot["text"] for spot in found["own-5"]["spots"]] == ["1", "2", "3"]


def test_what_a_page_cannot_move_is_said() -> None:
    made = panel_of(
        chainsim.load_text(GIVEN + "levers: [demand, {path: time.horizon, values: [100, 140]}]\n", "town.yaml").run(
            jobs=1, engine="compiled", replications=2
        ),
        budget=0.0,
    )
    assert made is not None
    assert "time.horizon: moves the clock, which the measures in a page take for given" in made.html


SECONDS = r"(?!0 s)\d[\d.]* s"


def test_a_lever_that_would_take_too_long_is_named() -> None:
    made = panel_of(town().run(jobs=1, engine="compiled", replications=2), budget=0.0)
    assert made is not None
    assert "service" not in {lever["id"] for lever in told(made)["levers"]}
    lines = re.findall(
        rf">([^<]*): to derive the levels at the 2 nearest positions takes about {SECONDS} of a processor, and the page of such "
        r"a run may spend 0 s on all levers\.<",
        made.html,
    )
    assert lines == ["Service planned for", "Planners know"]  # each once
    assert "more positions: <code>chainsim run town.yaml" in made.html


@pytest.mark.parametrize(("budget", "worlds"), [(0.0, 1), (BRIEF, 2)])
def test_why_planners_do_not_know_is_said(budget: float, worlds: int) -> None:
    made = panel() if worlds == 2 else panel_of(town().run(jobs=1, engine="compiled", replications=2), budget=budget)
    assert made is not None
    assert len(told(made)["worlds"]) == worlds
    words = (
        r"Whatever is moved, policies keep their numbers\.",
        rf"Planners know: to derive the levels at the 2 nearest positions takes about {SECONDS} of a processor, and the page of such a run "
        r"may spend 0 s on all levers\.",
    )
    assert [bool(re.search(said, made.html)) for said in words] == [worlds == 1] * 2


def test_of_given_numbers_it_is_said_that_planners_change_nothing() -> None:
    """As after `--decide`, whose tuned numbers are given: both worlds would show the same of it without a word."""
    assert ">chain: numbers are given, and stay what they are whatever planners know.<" in panel().html


def test_a_service_that_would_be_none_is_no_position() -> None:
    half = TOWN.replace("service_level: 0.9}", "service_level: 0.5}").replace(
        "fill_rate: 0.95, rev", "fill_rate: 0.8, rev"
    )
    study = chainsim.load_text(half, "town.yaml")
    found = levers_of(Workshop(study, seed=5, policies=study.policies), budget=BRIEF)
    (service,) = (lever for lever in found.levers if lever.id == "service")
    assert [spot.text for spot in service.spots][:2] == ["72 / 30 %", "80 / 50 %"]
    assert service.base == 1


def test_a_reason_names_no_place_of_a_file() -> None:
    with pytest.raises(ScenarioError) as refused:
        town().with_({"policies.lots.service_level": 0})
    assert str(refused.value).startswith("town.yaml")
    assert reason(refused.value) == "is 0 but must be above 0 and below 1"


def test_pairs_that_are_too_dear_to_try_exclude_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chainsim.live.levers_pairs.TRYING", 0.0)
    found = exclusive(Workshop(town(), seed=5, policies=town().policies), levers().levers)
    assert ("cover-store", "lots-store") in found["held"]


def test_no_levers_where_none_are_wanted_or_none_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    assert panel_of(chainsim.load_text(GIVEN + "levers: no\n", "town.yaml").run(jobs=1, replications=1)) is None
    monkeypatch.setattr(limits, "MOST_EVENTS", 100)
    made = panel_of(chainsim.load_text(GIVEN, "town.yaml").run(jobs=1, engine="compiled", replications=2))
    assert made is not None
    assert not made.engine
    assert "No levers on this page: one replication of all policies is about" in made.html


def test_results_of_a_folder_and_of_a_changed_study_name_the_resolved_scenario(tmp_path: Path) -> None:
    study = chainsim.load_text(GIVEN, "town.yaml").with_({"demand[*].quantity.mean": 9})
    study.run(jobs=1, engine="compiled", replications=2, out=tmp_path)
    from chainsim.study.results import Results

    for results in (Results.load(tmp_path), study.run(jobs=1, engine="compiled", replications=2)):
        made = panel_of(results, budget=0.0)
        assert made is not None
        assert told(made)["command"] == "chainsim run scenario.yaml"
        (capital,) = (lever for lever in told(made)["levers"] if lever["id"] == "carrying-rate")
        assert capital["spots"][2]["text"] == "30 % per year"  # the resolved scenario has it per day
        assert "run it in the folder of these results" in made.html


def test_a_run_with_levels_held_has_one_world() -> None:
    made = panel_of(
        chainsim.load_text(GIVEN, "town.yaml")
        .with_({"demand[*]": "*1.2"})
        .run(jobs=1, engine="compiled", replications=2, hold=True),
        budget=0.0,
    )
    assert made is not None
    data = told(made)
    assert data["held"]
    assert [world["id"] for world in data["worlds"]] == ["held"]
    assert data["command"] == "chainsim run town.yaml --set 'demand[*]=*1.2' --replications 2 --hold"


@needs_node
def test_the_edited_scenario_is_the_changed_one(tmp_path: Path) -> None:
    data = told(panel())
    edits = [
        edit
        for lever in data["levers"]
        for edit in lever["spots"][-1]["edits"]
        if lever["id"] in ("service", "demand", "order-cost")
    ]
    (tmp_path / "edits.json").write_text(json.dumps([data["document"], edits]))
    body = text_of("ui_edited.js") + "process.stdout.write(editedScenario(...told('edits.json')));"
    text = run(tmp_path, body)
    changes = {
        path: value for lever in levers().levers if lever.id in ("service", "demand", "order-cost")
        for path, value in lever.spots[-1].changes.items()
    }  # fmt: skip
    written = town().written
    assert written is not None
    assert load_text(text).document == read(written.with_(changes)).document


def test_a_panel_goes_with_a_strict_policy() -> None:
    """No styles or handlers in elements; nothing in a script that ends it."""
    elements = re.findall(r"<[a-z][^>]*>", panel().html)
    assert not [e for e in elements if re.search(r"\s(style|on\w+)=", e)]
    assert not [
        s for s in (*panel().early, *panel().scripts, *(text for _, _, text in panel().data)) if "</script" in s
    ]


def test_cover_and_a_demand_that_planners_know_exclude_each_other() -> None:
    """Cover is counted in days of the demand that planners know: 0.025 days of 120 a day are 3, of 156 they are 4. Levels are given, so the
    lever of demand writes none of the words that cover writes."""
    study = chainsim.load(scenario_path("fresh_chain"))
    workshop = Workshop(study, seed=4, policies=study.policies)
    found = exclusive(workshop, levers_of(workshop, budget=BRIEF).levers)
    known, held = ({frozenset(pair) for pair in found[world]} for world in ("known", "held"))
    assert {frozenset({"demand", "cover-dc"}), frozenset({"demand", "cover-store"})} <= known
    assert frozenset({"carrying-rate", "cover-dc"}) not in known
    assert frozenset({"demand", "cover-dc"}) not in held
