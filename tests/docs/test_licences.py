"""The list of licences names every package that comes with chainsim, and none that would ask for more than ours."""

from __future__ import annotations

import re

from .test_documents import ROOT, made_by

ROWS = dict(re.findall(r"^\| ([a-z0-9-]+) \| (.+) \|$", (ROOT / "docs" / "licences.md").read_text("utf-8"), re.M))


def test_every_package_is_named() -> None:
    found: dict[str, str] = {}
    made_by("make_licences").needed("chainsim", found)
    here = {name for name, licence in found.items() if licence != "not installed where this list was made"} - {
        "chainsim"
    }
    assert here <= set(ROWS), "run: python docs/make_licences.py"


def test_every_licence_is_stated_and_permissive() -> None:
    assert not [name for name, licence in ROWS.items() if re.search(r"GPL|not stated|not installed", licence)]
