"""Opens the page of a run in Firefox from the disk, moves its levers, and compares with `chainsim run` of the command it tells; at three
widths, by night, by keyboard, without scripts and in print.

    python tests/browser/check_firefox.py scenarios/grocer.yaml [--firefox /usr/bin/firefox-esr] [--moves 2] [--pictures DIR]

Exit code 1 when something is wrong, with the list; times are printed. Runs in the folder of the scenario, as the commands do.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # a script, and tests are a package

import chainsim
from tests.browser.check_page import BROKEN_PICTURES, CUT_TABLES, EVENT, SMALL_TEXT, TOO_WIDE, WINDOWS, WITHOUT_ALT
from tests.browser.firefox import Firefox, firefox
from tests.browser.told import LISTEN, MOVE, different, movable

TOLD = "return JSON.parse(document.getElementById('live-levers').textContent);"
LAST = "return window.heard.at(-1) ?? null;"


def check(scenario: Path, binary: str, moves: int, pictures: Path | None) -> list[str]:
    """Everything that is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        results = chainsim.load(scenario).run(out=folder)
        page = results.report(folder)
        print(f"page {page.stat().st_size:,} bytes")
        with firefox(binary) as browser:
            print(f"Firefox {browser.version}")
            found = _moved(browser, page, scenario, moves)
            found += _keyboard(browser, page)
            for name, size in WINDOWS.items():
                found += [f"{name}: {problem}" for problem in _window(browser, page, name, size, pictures)]
            found += [f"dark: {problem}" for problem in _dark(browser, page, pictures)]
            found += _without_workers(browser, page)
            found += _without_scripts(browser, page)
            found += _print(browser, page, pictures)
    return found


def _moved(browser: Firefox, page: Path, scenario: Path, moves: int) -> list[str]:
    """Random settings in either world, each against its command."""
    browser.open(page)
    data = browser.wait("live", "ready", "off")
    print(f"ready after {data.get('liveReady')} ms, in {data.get('liveIn')}")
    if data["live"] != "ready" or data["liveDifferences"] != "0":
        return [f"not ready: {data}, {browser.text('#live-state')}"]
    browser.run(LISTEN)
    told, draw, times, problems = browser.run(TOLD), random.Random(11), [], []
    for world in [world["id"] for world in told["worlds"]]:
        if len(told["worlds"]) > 1:
            browser.run("document.querySelector(`[name=live-world][value=${arguments[0]}]`).click();", world)
        for _ in range(moves):
            browser.run("document.getElementById('live-reset').click();")
            for lever, places in draw.sample(movable(told, world), 2):
                after = str(int(browser.data().get("liveDone", 0)) + 1)
                browser.run(f"const [id, k] = arguments; {MOVE}", lever, draw.choice(places))
                times.append((lever, browser.wait("liveDone", after)["liveMs"]))
            command = browser.run("return document.getElementById('live-command').textContent;")
            problems += different(browser.run(LAST), command, told, scenario)
    print("ms after each move:", ", ".join(f"{lever} {ms}" for lever, ms in times))
    return [f"moved: {problem}" for problem in problems + browser.noted()]


def _keyboard(browser: Firefox, page: Path) -> list[str]:
    browser.open(page)
    browser.wait("live", "ready")
    lever = "#try input[type=range]"
    before = browser.run("return document.querySelector(arguments[0]).value;", lever)
    browser.press(lever, "\ue014")  # the arrow to the right
    browser.wait("liveDone", "1")
    moved = browser.run("return document.querySelector(arguments[0]).value;", lever) != before
    said = browser.text("#live-status").startswith("Now, with")
    return [] if moved and said else [f"an arrow key: lever moved {moved}, status told {said}"]


def _window(browser: Firefox, page: Path, name: str, size: tuple[int, int], pictures: Path | None) -> list[str]:
    browser.open(page, size=size)
    browser.wait("live", "ready")
    problems = [wide] if (wide := browser.run(f"return ({TOO_WIDE})();")) else []
    for what, look in (("picture", BROKEN_PICTURES), ("no alternative text", WITHOUT_ALT), ("small text", SMALL_TEXT)):
        problems += [f"{what}: {one}" for one in browser.run(f"return ({look})();")]
    if name == "desktop":
        problems += [f"event: {one}" for one in browser.run(f"return ({EVENT})();")]
    if pictures:
        browser.picture(pictures / f"firefox-{name}.png")
        browser.picture(pictures / f"firefox-{name}-first-screen.png", full=False)
    return problems + browser.noted()


def _dark(browser: Firefox, page: Path, pictures: Path | None) -> list[str]:
    browser.open(page, dark=True)
    browser.wait("live", "ready")
    paper = browser.run(
        "return getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number);"
    )
    if pictures:
        browser.picture(pictures / "firefox-dark-first-screen.png", full=False)
    return [f"paper of {paper}"] if sum(paper) > 200 else []


def _without_workers(browser: Firefox, page: Path) -> list[str]:
    """Where a browser refuses workers, the page itself simulates."""
    changed = page.with_name("without-workers.html")
    text = page.read_text("utf-8")
    changed.write_text(text.replace(" worker-src blob:;", ""), encoding="utf-8", newline="\n")
    browser.open(changed)
    data = browser.wait("live", "ready", "off")
    return [] if (data["live"], data["liveIn"]) == ("ready", "page") else [f"without workers: {data}"]


def _without_scripts(browser: Firefox, page: Path) -> list[str]:
    """All sections are there, as mailed; no lever that does nothing."""
    browser.open(page, scripts=False)
    problems = ["levers are shown that do nothing"] if browser.seen("#live-form") else []
    if browser.data()["live"] != "static" or len(browser.text("body")) < 500 or not browser.seen("#try"):
        problems.append("there is hardly any page")
    return [f"without scripts: {problem}" for problem in problems]


def _print(browser: Firefox, page: Path, pictures: Path | None) -> list[str]:
    browser.open(page, size=(703, 1032), medium="print")  # A4 at 96 dpi, less margins of 12 mm
    browser.wait("live", "ready")
    problems = [f"a table is cut on paper: {told}" for told in browser.run(f"return ({CUT_TABLES})();")]
    paper = browser.printed()
    if pictures:
        (pictures / "firefox.pdf").write_bytes(paper)
    return problems + ([] if paper.startswith(b"%PDF") else ["printing gave no PDF"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", type=Path)
    parser.add_argument("--firefox", default="firefox-esr")
    parser.add_argument("--moves", type=int, default=2)
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    scenario, pictures = given.scenario.resolve(), given.pictures and given.pictures.resolve()
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    os.chdir(scenario.parent)
    found = check(scenario, given.firefox, given.moves, pictures)
    print("\n".join(found) or "nothing wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
