"""The levers of a page as HTML, scripts and data: what `report` puts into the page of a run."""

from __future__ import annotations

import base64
import gzip
import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any, NamedTuple

from jinja2 import DictLoader, Environment, StrictUndefined

from chainsim.engines.base import simulate
from chainsim.errors import ChainsimError
from chainsim.kpis import KPIS, Scopes, View, cost_lines, measure_block
from chainsim.live import limits
from chainsim.live.lever import WORLDS, Lever, World
from chainsim.live.levers import BUDGET, IN_SIGHT, Levers, levers_of, reason
from chainsim.live.levers_plans import Workshop
from chainsim.live.pack import Lever as PackedLever
from chainsim.live.pack import Packed, pack
from chainsim.live.scripts import engine_script, worker_script
from chainsim.plan.plan import Plan
from chainsim.record.stack import Records
from chainsim.scenario.change import edits_of
from chainsim.showing import SIGNS, counted, some
from chainsim.study.loading import Study, load_text
from chainsim.study.manifest import command_of, told
from chainsim.study.results import Results

TOO_DEAR = "each position of a lever would take too long to compile; chainsim run --set answers one at a time"
LARGEST_DOCUMENT = 60_000
"""Characters of the document that a page can edit."""
SERIES = ("on_hand", "backorders")
LABELS = {"held": "policies keep their numbers", "known": "planners know"}


@dataclass(frozen=True)
class Panel:
    """html: of a card, escaped already. scripts, styles: texts. early: scripts that run right after the data, before the rest of the page is
    read. data: (id, type, text) of blocks that no browser runs. engine: whether WebAssembly and a worker are needed."""

    html: str
    early: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    data: tuple[tuple[str, str, str], ...] = ()
    engine: bool = False


@dataclass(frozen=True)
class _Part:
    """Some levers, folded under a title or not."""

    title: str
    levers: tuple[Lever, ...]
    folded: bool


class _Note(NamedTuple):
    """What a page has not, and a command that gives it."""

    words: str
    command: str = ""


@dataclass(frozen=True)
class _Shown:
    """What the template fills in."""

    waiting: str
    parts: tuple[_Part, ...] = ()
    worlds: tuple[dict[str, str], ...] = ()
    folder: bool = False
    file: str = ""
    held: str = ""
    left_out: tuple[_Note, ...] = field(default=())


def panel_of(results: Results, *, chosen: str = "", budget: float = BUDGET) -> Panel | None:
    """The levers of the page of these results; None where its scenario wants none, and a panel that says why where none can be.

    chosen: the policy that the page is about. budget: what may be spent on levels that planners derive anew (`levers_of`).
    """
    manifest = results.manifest
    hold = "held" in manifest["identity"]
    try:
        study = _study_of(results, hold)
        if study.scenario.levers == ():
            return None
        if why := limits.of_groups(study.scenario):
            return _off(why)
        workshop = Workshop(
            study,
            seed=manifest["seed"],
            policies=[policy["name"] for policy in manifest["policies"]],
            calibration=results.calibration,
            known=manifest.get("calibration", ()),
            hold=hold,
        )
        replications, fewer = limits.replications_for(workshop.mailed.values(), manifest["replications"])
        why = limits.too_large(next(iter(workshop.mailed.values()))) or (fewer if not replications else "")
        if why:
            return _off(why)
        levers = levers_of(workshop, budget=budget)
        if not levers.levers:
            return _off(TOO_DEAR if levers.deciding else "nothing that goes with this scenario can be moved")
        packed, levers = _packed(workshop, levers, replications, manifest["confidence"], results.warm_engine)
    except (ChainsimError, ValueError) as error:
        return _off(reason(error))
    why = limits.too_heavy(packed, gzip.compress(_page_data(packed), 9, mtime=0))
    return _off(why) if why else _panel(results, workshop, levers, packed, chosen, fewer)


def _study_of(results: Results, hold: bool) -> Study:
    """What the results are of, in the form in which a command line names it: the scenario that was run, where it was not changed
    before, or levels were held; else the resolved one beside the results. Raises ValueError with a reason, ScenarioError."""
    origin: Study | None = results.origin
    if origin is not None and origin.written is not None and (hold or not origin.written.changes):
        return origin
    if hold:
        raise ValueError(
            "levels were held, and only the command in manifest.json tells against what; run it again for a page with levers"
        )
    return load_text(results.files["scenario.yaml"].decode(), "scenario.yaml", results.folder)


def _off(why: str) -> Panel:
    return Panel(
        _rendered(_Shown(f"No levers on this page: {why.removeprefix('the levers are off: ').rstrip('.')}.")),
        styles=(text_of("panel.css"),),
    )


def _packed(workshop: Workshop, levers: Levers, replications: int, level: float, engine: str) -> tuple[Packed, Levers]:
    """What the page embeds; levers that make it too long to be mailed are left out, the last first."""
    mailed = {name: _first_replication(plan, engine) for name, plan in workshop.mailed.items()}
    kept = list(levers.levers)
    while True:
        packed = pack(
            workshop.mailed,
            [PackedLever(lever.packed_as(w), *_there(lever, w)) for lever in kept for w in lever.worlds],
            replications=replications,
            level=level,
            detail="network",
            mailed=mailed,
            memory_of=workshop.memory,
        )
        if not kept or not limits.too_heavy(packed, gzip.compress(_page_data(packed), 9, mtime=0)):
            break
        gone = kept.pop()
        levers = replace(
            levers, left_out=(*levers.left_out, f"{gone.label}: its numbers would make the page too long to be mailed.")
        )
    return packed, replace(levers, levers=tuple(kept))


def _there(lever: Lever, world: World) -> tuple[list[Mapping[str, Plan]], int]:
    """The positions of a lever in a world that are there, and which of them is the mailed one."""
    places = _places(lever, world)
    return [lever.plans[world][k] or {} for k in places], places.index(lever.base)


def _places(lever: Lever, world: World) -> list[int]:
    return [k for k, plans in enumerate(lever.plans[world]) if plans is not None]


def _first_replication(plan: Plan, engine: str) -> dict[str, tuple[float, float]]:
    """Every measure of replication 0 over the whole network, for the page to compare itself with."""
    view = View(Records.of([simulate(plan, 0, engine=engine)]), plan, Scopes.of(plan.layout, "network"))
    parts = measure_block(view)
    return {
        id: (float(parts.numerators[0, 0, k]), float(parts.denominators[0, 0, k])) for k, id in enumerate(KPIS.names())
    }


def _panel(results: Results, workshop: Workshop, levers: Levers, packed: Packed, chosen: str, fewer: str) -> Panel:
    manifest, scenario = results.manifest, workshop.scenario
    written = workshop.study.written
    assert written is not None
    worlds = [
        world for world in WORLDS if any(world in lever.plans and lever.group != "policies" for lever in levers.levers)
    ]
    worlds = worlds or ["held"]
    ids = [m["id"] for m in packed.page["program"]["measures"]]
    document = _document(written.source.root.plain())
    names = [policy["name"] for policy in manifest["policies"]]
    of_results = workshop.study is not results.origin
    modules = [f"live-module-{k}" for k in range(len(packed.modules))]
    data = {
        "title": manifest["scenario"]["title"],
        "currency": _sign(manifest["currency"]),
        "replications": packed.page["replications"],
        "chosen": names.index(chosen) if chosen in names else 0,
        "policies": [
            {**policy, "runs": policy["name"] not in packed.off, "events": round(workshop.mailed[policy["name"]].expected_events)}
            for policy in manifest["policies"]
        ],
        "measures": [_measure(id) for id in _measures(ids)],
        "series": [name for name in SERIES if name in packed.page["program"]["series"]],
        "worlds": [{"id": world, "label": LABELS[world]} for world in worlds],
        "levers": [_lever(lever, workshop, document is not None) for lever in levers.levers],
        "exclusive": {world: sorted(map(list, levers.exclusive[world])) for world in WORLDS},
        "command": _command(results, workshop, packed.page["replications"]),
        "held": workshop.hold,
        "document": document,
        "modules": modules,
        "unknown": "levels for this world were not derived: chainsim run --decide does",
        "ready": (
            (f"{fewer[:1].upper()}{fewer[1:]}" if fewer else f"Each position is {counted(packed.page['replications'], 'replication')} of every policy")
            + ", simulated here with the same customers; {compared} numbers were checked against the mailed ones."
        ),
    }  # fmt: skip
    parts: tuple[_Part, ...] = (
        _Part("", tuple(lever for lever in levers.levers if lever.id in IN_SIGHT), folded=False),
        _Part("More levers", tuple(lever for lever in levers.levers if lever.id not in IN_SIGHT), folded=True),
    )
    if not parts[0].levers:
        parts = (replace(parts[1], folded=False),)
    shown = _Shown(
        "Levers that simulate every policy again, here on the page, need a browser that runs its scripts.",
        tuple(part for part in parts if part.levers),
        tuple({"id": world, "label": LABELS[world]} for world in worlds),
        of_results,
        f"{scenario.name or 'scenario'}-edited.yaml",
        f"Whatever is moved, {LABELS['held']}." if _in_one_world(levers) else "",
        _left_out(levers, workshop, packed, manifest, _command(results, workshop, manifest["replications"])),
    )
    blocks = [("live-levers", "application/json", _json(data))]
    blocks += [
        (
            "live-page",
            "text/plain",
            _packed_text(_page_data(packed)),
        )
    ]
    blocks += [("live-words", "text/plain", base64.b64encode(packed.words).decode())]
    blocks += [(name, "text/plain", _packed_text(module)) for name, module in zip(modules, packed.modules, strict=True)]
    blocks += [("live-worker", "text/plain", worker_script())]
    return Panel(
        _rendered(shown),
        (engine_script(), text_of("start.js")),
        (text_of("ui_edited.js") + text_of("ui.js"),),
        (text_of("panel.css"),),
        tuple(blocks),
        engine=True,
    )


def _command(results: Results, workshop: Workshop, replications: int) -> str:
    """The command that gives the results as mailed, to which a setting is added."""
    manifest, scenario = results.manifest, workshop.study.scenario
    names = [policy["name"] for policy in manifest["policies"]]
    given: dict[str, Any] = {}
    if scenario.precision is not None or scenario.replications != replications:
        given["replications"] = replications
    if scenario.seed != manifest["seed"]:
        given["seed"] = manifest["seed"]
    if names != [alternative.name for alternative in scenario.alternatives]:
        given["policies"] = ",".join(names)
    return command_of("run", scenario, {**given, "hold": workshop.hold or None})


def _lever(lever: Lever, workshop: Workshop, editable: bool) -> dict[str, Any]:
    written = workshop.study.written
    assert written is not None
    worlds = {}
    for world in lever.worlds:
        at, places = [-1] * len(lever.spots), _places(lever, world)
        for k, place in enumerate(places):
            at[place] = k
        worlds[world] = {"id": lever.packed_as(world), "at": at}
    return {
        "id": lever.id,
        "label": lever.label,
        "group": lever.group,
        "base": lever.base,
        "worlds": worlds,
        "spots": [
            {
                "text": spot.text,
                "detail": spot.detail,
                "set": [f"--set {shlex.quote(f'{path}={told(value)}')}" for path, value in spot.changes.items()],
                "edits": edits_of(written.source, spot.changes) if editable else [],
            }
            for spot in lever.spots
        ],
    }


def _in_one_world(levers: Levers) -> bool:
    """Whether no lever has the world that planners know, though some could."""
    return bool(levers.one_world) and any(lever.group != "policies" for lever in levers.levers)


def _given(workshop: Workshop) -> list[str]:
    """Labels of the policies all whose numbers are given: tuned ones are."""
    numbers = {
        name: [d for s in found.levels.values() for d in s.derived] for name, found in workshop.derivations.items()
    }
    return [
        a.label for a in workshop.scenario.alternatives if numbers[a.name] and all(d.given for d in numbers[a.name])
    ]


def _left_out(
    levers: Levers, workshop: Workshop, packed: Packed, manifest: Mapping[str, Any], command: str
) -> tuple[_Note, ...]:
    labels = {policy["name"]: policy["label"] for policy in manifest["policies"]}
    words = [f"{labels[name]} stays as mailed: {why}." for name, why in packed.off.items()]
    words += _once(levers.left_out)
    if _in_one_world(levers):
        words.append(f"{LABELS['known'].capitalize()}: {levers.one_world}.")
    elif any("known" in lever.worlds for lever in levers.levers) and (given := _given(workshop)):
        words.append(f"{some(given)}: numbers are given, and stay what they are whatever planners know.")
    notes = [_Note(said) for said in words]
    if levers.deciding and not manifest["command"].endswith(" --decide"):
        notes.append(_Note("Levels that planners derive anew take time; more positions:", f"{command} --decide"))
    return tuple(notes)


def _once(said: Sequence[str]) -> list[str]:
    """What is said of several levers, once.

    >>> _once(["Demand: too heavy", "Lots: no such key.", "Lead times: too heavy"])
    ['Demand, Lead times: too heavy.', 'Lots: no such key.']
    """
    named: dict[str, list[str]] = {}
    for one in said:
        label, _, why = one.rstrip(".").partition(": ")
        named.setdefault(why, []).append(label)
    return [f"{', '.join(labels)}: {why}." for why, labels in named.items()]


def _measures(ids: Sequence[str]) -> list[str]:
    """Total cost and fill rate first, then what costs consist of, and what operations look at."""
    wanted = [
        "total_cost",
        "fill_rate",
        *(line.id for line in cost_lines()),
        "on_hand_mean",
        "in_transit_mean",
        "bullwhip",
    ]
    return [id for id in dict.fromkeys(wanted) if id in ids]


def _measure(id: str) -> dict[str, Any]:
    kpi = KPIS.get(id)
    kind = "share" if kpi.unit == "share" else "money" if "{currency}" in kpi.unit else "other"
    return {"id": id, "title": kpi.title, "kind": kind, "unit": ""}


def _sign(currency: str) -> str:
    """What stands before an amount."""
    return SIGNS.get(currency, f"{currency} " if currency else "")


def _document(plain: Any) -> Any:
    """What was written, where a page can hold it."""
    return plain if len(json.dumps(plain)) <= LARGEST_DOCUMENT else None


def _json(value: Any) -> str:
    """JSON that may stand in a `<script>`: nothing in it can end the element or begin a comment."""
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return compact.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _page_data(packed: Packed) -> bytes:
    return json.dumps(packed.page, separators=(",", ":"), allow_nan=False).encode()


def _packed_text(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def text_of(name: str) -> str:
    """A file of this package as it is put into a page: a policy knows it by the hash of its text."""
    return (files("chainsim.live") / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _rendered(shown: _Shown) -> str:
    environment = Environment(
        loader=DictLoader({"panel": text_of("panel.html.j2")}),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("panel").render(panel=shown)
