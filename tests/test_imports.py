"""Imports point one way: a module imports only from its own floor or from lower ones."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from chainsim import _HOMES as PUBLIC

SRC = Path(__file__).parents[1] / "src" / "chainsim"
FLOORS = [
    {"dated", "errors", "fields", "ordering", "places", "rows", "rules", "showing", "theory", "statistics", "version"},
    {"data", "registry"},
    {"policies", "chance"},
    {"demand"},
    {"scenario"},
    {"plan", "imports"},
    {"record"},
    {"engines", "kpis"},
    {"replicate"},
    {"study"},
    {"tune", "stress"},
    {"experiments", "verify", "live"},
    {"report"},
    {"game", "lessons"},
    {"cli", "__main__"},
]
FLOOR = {name: level for level, names in enumerate(FLOORS) for name in names}
# the results ask for their page, what it says and its charts, when these are wanted; a study for its sweep
ALLOWED = {
    ("study/results.py", "chainsim.report.write_report"),
    ("study/results.py", "chainsim.report.glance.glance"),
    ("study/results.py", "chainsim.report.inline.chart_of"),
    ("study/results.py", "chainsim.report.inline.InlineChart"),
    # a study offers what is done with it, a stress test its page
    ("study/loading.py", "chainsim.stress.asking.asked_of"),
    ("study/loading.py", "chainsim.stress.stressing.stress"),
    ("study/loading.py", "chainsim.stress.results.Stress"),
    ("stress/results.py", "chainsim.report.stress.page"),
    ("stress/results.py", "chainsim.report.stress.glance"),
    ("experiments/results.py", "chainsim.report.experiment.glance.glance"),
    ("experiments/results.py", "chainsim.report.experiment.page.write_experiment"),
    ("experiments/results.py", "chainsim.report.experiment.inline.chart_of"),
    ("experiments/results.py", "chainsim.report.inline.InlineChart"),
    ("experiments/results.py", "chainsim.report.glance.Glance"),
    ("study/loading.py", "chainsim.experiments.sweeping.sweep"),
    ("study/loading.py", "chainsim.experiments.results.ExperimentResults"),
    # a study can be tuned, and what came of it asks for its page
    ("study/loading.py", "chainsim.tune.asking.aim_of"),
    ("study/loading.py", "chainsim.tune.tuning.tune"),
    ("study/loading.py", "chainsim.tune.results.Tuned"),
    ("tune/results.py", "chainsim.report.tuning.page_of"),
}

WORKERS_LOAD = {
    "__init__",
    "version",
    "dated",
    "rows",
    "fields",
    "places",
    "registry",
    "rules",
    "policies",
    "chance",
    "demand",
    "plan",
    "record",
    "engines",
    "kpis",
    "replicate",
}
HEAVY = {"scipy", "pandas", "pydantic", "matplotlib", "joblib", "yaml", "numba"}


def modules() -> list[Path]:
    return sorted(SRC.rglob("*.py"))


def part_of(path: Path) -> str:
    """The floor's name of a file: its top folder or its own name."""
    return path.relative_to(SRC).parts[0].removesuffix(".py")


def imports(tree: ast.AST, *, everywhere: bool) -> Iterator[tuple[int, str]]:
    """(line, full name) of every import; without `everywhere` only those run when the module is imported."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not everywhere:
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not everywhere:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        yield from imports(node, everywhere=everywhere)


def through_the_root(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, name) of what is used of the front door: `chainsim.run`, or `c.run` after `import chainsim as c`."""
    doors = {
        alias.asname or "chainsim"
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "chainsim" or (alias.name.startswith("chainsim.") and alias.asname is None)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in doors:
            yield node.lineno, f"chainsim.{node.attr}"


def home_of(name: str) -> str:
    """Where a public name of the front door lives: `chainsim.run` is `chainsim.study.running.run`."""
    _, first, *rest = name.split(".")
    if first == "__version__":
        return "chainsim.version.__version__"
    return ".".join((PUBLIC[first], first, *rest)) if first in PUBLIC and not rest else name


def upward(text: str, part: str, file: str = "") -> list[str]:
    """Imports of a higher floor."""
    wrong = []
    tree = ast.parse(text)
    for line, name in [*imports(tree, everywhere=True), *through_the_root(tree)]:
        if not name.startswith("chainsim.") or (file, name) in ALLOWED:
            continue
        target = home_of(name).split(".")[1]
        if target in FLOOR and FLOOR[target] > FLOOR[part]:
            wrong.append(f"line {line}: {part} imports {name}, which is on a higher floor")
    return wrong


def arrows(texts: dict[str, str]) -> dict[str, set[str]]:
    """Which module names which, when imported or later; text by full module name."""
    found: dict[str, set[str]] = {}
    for module, text in texts.items():
        tree = ast.parse(text)
        names = {home_of(name) for _, name in [*imports(tree, everywhere=True), *through_the_root(tree)] if "." in name}
        found[module] = {module_of(name, texts) for name in names} - {module, ""}
    return found


def module_of(name: str, texts: dict[str, str]) -> str:
    """The module a full name belongs to; '' for one of another package."""
    while name and name not in texts:
        name = name.rpartition(".")[0]
    return name


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Some modules that import each other in a ring; none when there is no circle."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


BEHIND_NUMBA = [
    SRC / "engines/compiled" / f"{name}.py" for name in ("building", "drawing", "hooks", "linking", "loop", "memory")
]
"""What only the compiled engine loads, when it runs: `loops` and `cache` import it inside a function."""


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SRC)))
def test_imports_point_down(path: Path) -> None:
    part = part_of(path)
    if part == "__init__":  # the public front door names everything, and loads nothing
        return
    assert part in FLOOR, f"{part} has no floor yet: give it one in this test and in docs/architecture.md"
    assert upward(path.read_text("utf-8"), part, path.relative_to(SRC).as_posix()) == []


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SRC)))
def test_what_workers_load_imports_nothing_heavy(path: Path) -> None:
    if part_of(path) not in WORKERS_LOAD or path in BEHIND_NUMBA:
        return
    found = [(line, name) for line, name in imports(ast.parse(path.read_text("utf-8")), everywhere=False)]
    assert [f"line {line}: {name}" for line, name in found if name.split(".")[0] in HEAVY] == []


@pytest.mark.parametrize("part", ["engines", "kpis", "record"])
def test_engines_and_measures_never_see_a_scenario(part: str) -> None:
    for path in (SRC / part).rglob("*.py"):
        names = [name for _, name in imports(ast.parse(path.read_text("utf-8")), everywhere=True)]
        assert not [n for n in names if n.startswith("chainsim.scenario")], path


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Within a room too, and counting what is imported inside functions and for types only."""
    texts = {}
    for path in modules():
        name = ".".join(path.relative_to(SRC.parent).with_suffix("").parts).removesuffix(".__init__")
        if name != "chainsim":  # the front door names everything
            texts[name] = path.read_text("utf-8")
    graph = arrows(texts)
    for file, name in ALLOWED:
        graph["chainsim." + file.removesuffix(".py").replace("/", ".")].discard(module_of(name, texts))
    assert circle(graph) == []


def test_the_check_notices_a_circle() -> None:
    ring = {"chainsim.a": "from chainsim.b import x", "chainsim.b": "def f():\n    import chainsim.a"}
    assert circle(arrows(ring)) != []
    assert circle(arrows(ring | {"chainsim.b": "import numpy"})) == []
    home = {"chainsim.study.running": "from chainsim.kpis import KPIS", "chainsim.kpis": "from chainsim import run"}
    assert circle(arrows(home)) != []


def test_the_check_notices_an_upward_import() -> None:
    assert upward("from chainsim.study import run", "engines") != []
    assert upward("def f():\n    from chainsim.report import write_report\n", "kpis") != []
    assert upward("from chainsim.rules.stock import receive", "engines") == []
    assert upward("from chainsim import run, load", "kpis") != []
    assert upward("import chainsim\nchainsim.run", "kpis") != []
    assert upward("import chainsim as c\nc.load", "kpis") != []
    assert upward("from chainsim import __version__, errors", "kpis") == []


WRITTEN = "rules/rows.py"
"""Nobody writes or reads it by hand: a line for each column of every table."""


def test_files_stay_small() -> None:
    lines = {p.relative_to(SRC).as_posix(): len(p.read_text("utf-8").splitlines()) for p in modules()}
    assert {name: n for name, n in lines.items() if n > 400 and name != WRITTEN} == {}
