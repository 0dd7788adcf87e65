"""Files that come with chainsim: the shipped scenarios and experiments, the template of `chainsim new`, the glossary.

Scenarios and experiments exist once, in the folders of these names of the project; an installed chainsim carries copies here.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from chainsim.errors import UsageError
from chainsim.registry import did_you_mean

HERE = Path(__file__).parent


def scenario_path(name: str) -> Path:
    """The file of a shipped scenario; raises UsageError listing the known names."""
    return _shipped("scenario", name)


def scenario_names() -> list[str]:
    """Names of the shipped scenarios.

    >>> "grocer" in scenario_names()
    True
    """
    return _names("scenario")


def experiment_path(name: str) -> Path:
    """The file of a shipped experiment; raises UsageError listing the known names."""
    return _shipped("experiment", name)


def experiment_names() -> list[str]:
    """Names of the shipped experiments.

    >>> "eoq_curve" in experiment_names()
    True
    """
    return _names("experiment")


def scenario_text(name: str) -> str:
    """The text of a shipped scenario."""
    return scenario_path(name).read_text("utf-8")


def scenario_tables(name: str) -> list[Path]:
    """The tables that come with a shipped scenario, in the order it names them.

    >>> [path.name for path in scenario_tables("gift_wholesaler_replay")]
    ['gift_daily_sample.csv']
    """
    named = re.findall(r"\bfile: ([A-Za-z0-9_.-]+\.csv)", scenario_text(name))
    return [path for path in (_folder("scenario") / file for file in dict.fromkeys(named)) if path.is_file()]


def lesson_names(home: Path | None = None) -> list[str]:
    """Names of the shipped lessons, or of those in a folder of one's own. Raises UsageError for a folder without any."""
    found = sorted(path.parent.name for path in (home or _folder("lesson")).glob("*/lesson.yaml"))
    if home is not None and not found:
        raise UsageError(f"{home} holds no lesson; each is a folder of its own with a lesson.yaml")
    return found


def lesson_folder(name: str, home: Path | None = None) -> Path:
    """Where a lesson lies. Raises UsageError for a name that there is not."""
    known = lesson_names(home)
    if name not in known:
        raise UsageError(f"unknown lesson '{name}'{did_you_mean(name, known)}; known: {', '.join(known)}")
    return (home or _folder("lesson")) / name


def scenario_title(name: str) -> str:
    """The title of a shipped scenario, without reading the rest.

    >>> scenario_title("grocer")
    'Regional grocer'
    """
    return _title(scenario_path(name))


def experiment_title(name: str) -> str:
    """The title of a shipped experiment, without reading the rest."""
    return _title(experiment_path(name))


def _title(file: Path) -> str:
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("title:"):
            return line.removeprefix("title:").strip().strip("'\"")
    return ""


def template_text() -> str:
    """The commented scenario that `chainsim new` writes."""
    return (HERE / "template.yaml").read_text("utf-8")


@cache
def glossary() -> dict[str, dict[str, object]]:
    """Terms of the trade: name → text, also (other names), see (related terms)."""
    import yaml  # only `explain` and the manual need it

    terms: dict[str, dict[str, object]] = yaml.safe_load((HERE / "glossary.yaml").read_text("utf-8"))
    return terms


def _shipped(what: str, name: str) -> Path:
    known = _names(what)
    if name not in known:
        raise UsageError(f"unknown {what} '{name}'{did_you_mean(name, known)}; known: {', '.join(known)}")
    return _folder(what) / f"{name}.yaml"


def _names(what: str) -> list[str]:
    return sorted(path.stem for path in _folder(what).glob("*.yaml"))


def _folder(what: str) -> Path:
    installed = HERE / f"{what}s"
    # in a checkout they lie beside src/
    return installed if installed.is_dir() else HERE.parents[2] / f"{what}s"
