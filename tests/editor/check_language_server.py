"""The exported JSON Schema in a real yaml-language-server: what an editor marks, offers and explains.

    python tests/editor/check_language_server.py --server node_modules/.bin/yaml-language-server

Exit code 1 when something is wrong, with the list.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from language_server import LanguageServer

from chainsim.chance.base import DISTRIBUTIONS
from chainsim.policies.base import POLICIES
from chainsim.policies.jit import JustInTime
from chainsim.rules.customer import UNMET
from chainsim.scenario.language import FILE

SCENARIOS = Path(__file__).parents[2] / "scenarios"

# what is changed in grocer.yaml, into what, and what must be said at that line: nothing more and nothing else
MISTAKES = [
    ("replications: 30", "replicatons: 30", ["Property replicatons is not allowed."]),
    (
        "soup, quantity: {dist: neg",
        "soup, quanttiy: {dist: neg",
        ['Missing property "quantity".', "Property quanttiy is not allowed."],
    ),
    ("buffer_time: 2 days", "bufer_time: 2 days", ["Property bufer_time is not allowed."]),
    ("{dist: uniform, low: 1,", "{dist: uniform, lwo: 1,", ["Property lwo is not allowed."]),
    ("unit: day,", "unit: dya,", ['Value is not accepted. Valid values: "hour", "day", "week", "period".']),
    (
        "unmet: lost",
        "unmet: losst",
        ["Value is not accepted. Valid values: " + ", ".join(f'"{word}"' for word in UNMET) + "."],
    ),
    ("type: jit ", "type: jitt ", ['Value is not accepted. Valid values: "base_stock", "jit", ']),
    ("dist: gamma, mean: 7", "dist: gama, mean: 7", ['Value is not accepted. Valid values: "normal", "gamma", ']),
    ("{site: plant, type: eoq,", "{site: plant, type: eok,", ["Value is not accepted. Valid values: "]),
    ("replications: 30", "replications: many", ['Incorrect type. Expected "integer | Replications".']),
    ("unit_cost: 12.00", "unit_cost: cheap", ['Incorrect type. Expected "number".']),
    ("review_interval: 1 day", "review_interval: soon", ["Expected a number, or a length of time like '2 days'."]),
    ("25% per year", "25%", ["Expected a number, or a rate like '600 per day'."]),
    ("fill_rate: 0.985", "fill_rate: 98.5", ["Value is above the exclusive maximum of 1."]),
    ("horizon: 365, ", "", ['Missing property "horizon".']),
    ("{from: dc, to: store", "{to: store", ['Missing property "from".']),
    ("quantity: {dist: negative_binomial, ", "quantity: {", ['Missing property "dist".']),
]

# what stands at | in the place of a section of grocer.yaml, and what must be offered there
POLICY_KEYS = {"rules", "label", "review_interval", "service_level", "fill_rate", "reorder_point", "order_quantity"}
COMPLETIONS = [
    ("policies:\n  mine:\n    type: |\n", set(POLICIES.names())),
    ("policies:\n  mine:\n    |\n", {"type"}),
    ("policies:\n  mine:\n    type: s_Q\n    |\n", POLICY_KEYS),
    ("policies:\n  mine: {type: jit, b|}\n", {"buffer", "buffer_time", "review_interval"}),
    ("policies:\n  mine:\n    type: jit\n    rules:\n      - type: |\n", set(POLICIES.names())),
    ("lanes:\n  - {from: plant, to: dc, lead_time: {dist: |}}\n", set(DISTRIBUTIONS.names())),
    ("lanes:\n  - {from: plant, to: dc, lead_time: {dist: uniform, l|}}\n", {"low", "high"}),
    ("demand:\n  - {site: store, product: soup, unmet: |}\n", {"backorder", "lost", "patience"}),
    ("demand:\n  - site: store\n    |\n", {"product", "quantity", "every", "unmet", "type"}),
]

# what the pointer is on, and what must be shown
HOVERS = [
    ("replications: 30", [FILE["replications"].meaning, "Example:", "30"]),
    ("buffer_time:", ["Extra stock as so much time of mean demand", "1 day"]),
    ("horizon:", ["Time that is measured, after the warm-up.", "365"]),
    ("carrying_rate:", ["Carrying cost as a share of value per time.", "25% per year"]),
    ("unmet: lost", ["What happens to demand that cannot be met at once.", "backorder"]),
    ("type: jit ", [JustInTime.summary, "multi_echelon"]),
]


def check(server: Path) -> list[str]:
    """Everything that is wrong with the schema in the editor."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for file in [*SCENARIOS.glob("*.yaml"), SCENARIOS / "chainsim.schema.json"]:
            shutil.copy(file, folder)
        with LanguageServer(server, folder) as editor:
            return [*_clean(editor, folder), *_mistakes(editor), *_completions(editor), *_hovers(editor)]


def _clean(editor: LanguageServer, folder: Path) -> list[str]:
    """The scenarios themselves have nothing wrong."""
    return [
        f"{file.name}:{found['range']['start']['line'] + 1}: {found['message']}"
        for file in sorted(folder.glob("*.yaml"))
        for found in editor.diagnostics(file.read_text(encoding="utf-8"))
    ]


def _mistakes(editor: LanguageServer) -> list[str]:
    problems = []
    for old, new, expected in MISTAKES:
        before, after = _around(old)
        found = editor.diagnostics(before + new + after)
        line = before.count("\n") + 1
        said = [(one["range"]["start"]["line"] + 1, one["message"]) for one in found]
        if len(said) != len(expected) or not all(
            at == line and message.startswith(start) for (at, message), start in zip(said, expected, strict=True)
        ):
            problems.append(f"{old!r} changed to {new!r}: expected at line {line} {expected}, found {said}")
    return problems


def _completions(editor: LanguageServer) -> list[str]:
    problems = []
    for section, expected in COMPLETIONS:
        text = _around(section.partition("\n")[0] + "  ")[0] + section
        before, _, after = text.partition("|")
        offered = editor.completion(before + after, *_position(before))
        labels = {item["label"] for item in offered}
        if missing := expected - labels:
            problems.append(f"completion in {section!r}: {sorted(missing)} missing in {sorted(labels)}")
        problems += [f"completion in {section!r}: {i}" for i in offered if "[object" in str(i.get("insertText"))]
    return problems


def _hovers(editor: LanguageServer) -> list[str]:
    problems = []
    for place, expected in HOVERS:
        before, after = _around(place)
        shown = editor.hover(before + place + after, *_position(before + place[0]))
        problems += [f"hover on {place!r}: {text!r} is not in {shown!r}" for text in expected if text not in shown]
    return problems


def _around(part: str) -> tuple[str, str]:
    """What is before and after the part of grocer.yaml."""
    before, found, after = (SCENARIOS / "grocer.yaml").read_text(encoding="utf-8").partition(part)
    if not found:
        raise ValueError(f"{part!r} is not in grocer.yaml")
    return before, after


def _position(before: str) -> tuple[int, int]:
    return before.count("\n"), len(before) - (before.rfind("\n") + 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", type=Path, required=True, help="the yaml-language-server to start")
    problems = check(parser.parse_args().server)
    print("\n".join(problems) or "the scenarios are clean; mistakes, completion and hover are as they should be")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
