"""The documents keep their word: references in step, examples that run, links that lead somewhere."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from chainsim.verify import cases

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("experiments/*.md")])


def names(page: Path) -> str:
    return str(page.relative_to(ROOT))


def made_by(name: str) -> ModuleType:
    """A script of docs/ that writes a file."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reference_is_in_step() -> None:
    committed = (ROOT / "docs" / "reference.md").read_text("utf-8")
    in_step = committed == made_by("make_reference").reference()
    assert in_step, "run: python docs/make_reference.py"


def test_lessons_and_exercises_are_in_step() -> None:
    made = made_by("make_lessons").files()
    in_step = all((ROOT / "docs" / path).read_text("utf-8") == text for path, text in made.items())
    assert in_step, "run: python docs/make_lessons.py"


def test_row_types_are_in_step() -> None:
    script = made_by("make_rows")
    in_step = script.HOME.read_text("utf-8") == script.stub()
    of_terms = script.TERMS_HOME.read_text("utf-8") == script.stub_of_terms()
    assert in_step, "run: python docs/make_rows.py"
    assert of_terms, "run: python docs/make_rows.py"


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    missing = [t for t in targets if "://" not in t and not t.startswith("mailto:") and not (page.parent / t).exists()]
    assert missing == []


def test_what_the_features_are_proved_by_is_there() -> None:
    text = (ROOT / "docs" / "features.md").read_text("utf-8")
    files = set(re.findall(r"`(tests/[^`*]+)`", text))
    proofs = set(re.findall(r"P-[A-Z0-9]+-\d", text))
    assert {file for file in files if not (ROOT / file).is_file()} == set()
    assert {id for id in proofs if not cases()[id].scenarios} == set()
    assert min(len(files), len(proofs)) > 15


def write_tables(folder: Path) -> None:
    """The item master that the documents show."""
    page = (ROOT / "docs" / "howto" / "tables.md").read_text("utf-8")
    (folder / "items.csv").write_text(re.findall(r"```csv\n(.*?)```", page, re.S)[0], "utf-8")


def whole_scenarios() -> list[tuple[str, str]]:
    """Every complete scenario shown in the documents."""
    found = []
    for page in PAGES:
        for i, text in enumerate(re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.S)):
            if re.search(r"^chainsim: 1$", text, re.M):
                found.append((f"{names(page)}#{i}", text))
    return found


@pytest.mark.parametrize(("where", "text"), whole_scenarios(), ids=lambda v: v if len(v) < 60 else "")
def test_scenarios_in_the_documents_are_valid(where: str, text: str, tmp_path: Path) -> None:
    import chainsim

    write_tables(tmp_path)
    assert chainsim.load_text(text, name="example", folder=tmp_path).policies


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_python_in_the_documents_is_python(page: Path) -> None:
    for text in re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.S):
        compile(text, str(page), "exec")


def test_commands_in_the_documents_exist() -> None:
    from chainsim.cli.app import app

    known = {command.name for command in (*app.registered_commands, *app.registered_groups)}
    for page in PAGES:
        for command in re.findall(r"(?:^\$ |`|&& .venv/bin/)chainsim ([a-z]+)", page.read_text("utf-8"), re.M):
            assert command in known, f"{names(page)} speaks of `chainsim {command}`"


def test_readme_has_the_two_commands() -> None:
    from_readme = re.findall(r"^```sh\n(.*?)\n```", (ROOT / "README.md").read_text("utf-8"), re.S | re.M)
    assert len(from_readme) >= 2
    assert all("\n" not in command and "venv" in command for command in from_readme[:2])


def test_changelog_and_citation_name_this_version() -> None:
    import chainsim

    assert f"## {chainsim.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["version"] == chainsim.__version__


def test_constraints_name_no_index() -> None:
    text = (ROOT / "constraints.txt").read_text("utf-8")
    assert not re.search(r"--|://", text)
    assert all(
        re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.]+", line) for line in text.splitlines() if not line.startswith("#")
    )
