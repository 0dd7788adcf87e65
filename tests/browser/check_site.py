"""The documentation, built, in a real browser from the disk: nothing is fetched, and the search finds.

    python tests/browser/check_site.py SITE --chromium $(which chromium)

Exit code 1 when something is wrong, with the list.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ASKED = {"echelon": "multi", "newsvendor": "theory", "Bench": "replicate"}
"""Words that a reader may search for, and what must be in the address of a result."""


def check(site: Path, chromium: str) -> list[str]:
    """Everything that is wrong."""
    problems: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("pageerror", lambda error: problems.append(f"script: {error}"))
        page.on("request", lambda r: problems.append(f"asked for {r.url}") if r.url.startswith("http") else None)
        for name in ("index.html", "api/statistics.html"):
            page.goto((site / name).absolute().as_uri())
            for word, expected in ASKED.items():
                page.click(".md-search__input")
                page.fill(".md-search__input", "")
                page.keyboard.type(word)
                try:
                    page.wait_for_selector(
                        f".md-search-result__link[href*='{expected}']", state="attached", timeout=10_000
                    )
                except Exception:
                    problems.append(f"{name}: the search for '{word}' finds nothing at '{expected}'")
        browser.close()
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description="The documentation in a real browser, from the disk.")
    parser.add_argument("site", type=Path)
    parser.add_argument("--chromium", required=True)
    asked = parser.parse_args()
    problems = check(asked.site, asked.chromium)
    print(
        "\n".join(problems) if problems else "the documentation opens from a disk; its search finds; nothing is fetched"
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
