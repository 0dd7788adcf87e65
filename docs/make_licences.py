"""Writes docs/licences.md: every package that `pip install chainsim[excel,fast]` brings, with its licence as the package states it.

    python docs/make_licences.py

Reads the metadata of the packages that are installed; one that is not installed is left out, and that is said.
"""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

EXTRAS = ("excel", "fast")
PAGE = Path(__file__).with_name("licences.md")


def needed(name: str, found: dict[str, str]) -> None:
    """Gather name → licence of a package and all it needs."""
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in found:
        return
    try:
        here = distribution(name)
    except PackageNotFoundError:
        found[key] = "not installed where this list was made"
        return
    found[key] = licence(here.metadata)
    wanted = EXTRAS if key == "chainsim" else ()
    for text in here.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in (*wanted, "")):
            needed(requirement.name, found)


def licence(metadata: object) -> str:
    """What a package says of its licence: the SPDX expression, else its classifier, else the first line of its field."""
    get = metadata.get  # type: ignore[attr-defined]
    classifiers = [
        text.rpartition(" :: ")[2] for text in metadata.get_all("Classifier") or () if text.startswith("License :: OSI")
    ]  # type: ignore[attr-defined]
    said = get("License-Expression") or ", ".join(classifiers) or (get("License") or "").strip().partition("\n")[0]
    return said or "not stated"


def page() -> str:
    """The page as text."""
    found: dict[str, str] = {}
    needed("chainsim", found)
    found.pop("chainsim")
    rows = "".join(f"| {name} | {told} |\n" for name, told in sorted(found.items()))
    return (
        "# Licences\n\nchainsim is under the MIT licence. What it needs to run (with the extras `excel` and `fast`) and the licence each package states;\n"
        "made by `python docs/make_licences.py`, versions in `constraints.txt`.\n\n| package | licence |\n|---|---|\n" + rows +
        "\nThe page carries scripts and an engine of chainsim's own, under the same licence, and nothing of anybody else's.\n"
    )  # fmt: skip


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
