"""Opens a page with levers in a real browser from the disk, moves them, and compares with `chainsim run` of the command it tells.

    python tests/browser/check_levers.py scenarios/grocer.yaml [--chromium /usr/bin/chromium] [--moves 4] [--pictures DIR]

Exit code 1 when something is wrong, with the list; times are printed. Runs in the folder of the scenario, as the commands do.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))  # a script, and tests are a package

import chainsim
from chainsim.live.panel import panel_of
from tests.browser.told import LISTEN, MOVE, different
from tests.live.live_page import page as page_of


def check(scenario: Path, chromium: str | None, moves: int, pictures: Path | None) -> list[str]:
    """Everything that is wrong."""
    study = chainsim.load(scenario)
    results = study.run()
    panel = panel_of(results)
    if panel is None or not panel.engine:
        return [f"no levers: {panel.html if panel else 'not wanted'}"]
    file = Path(tempfile.mkdtemp()) / "page.html"
    file.write_text(page_of(panel), encoding="utf-8", newline="\n")
    print(f"page {file.stat().st_size:,} bytes")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        found = _moved(browser, file, scenario, moves, pictures)
        found += _keyboard(browser, file)
        found += _without(
            browser, file, "workers", lambda text: text.replace(" worker-src blob:;", ""), "ready", "page"
        )
        found += _without(
            browser, file, "WebAssembly", lambda text: text.replace(" 'wasm-unsafe-eval'", ""), "off", None
        )
        found += _spoiled(browser, file)
        found += _without_scripts(browser, file)
        browser.close()
    return found


def _open(browser: Browser, file: Path, problems: list[str]) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page = context.new_page()
    page.on("console", lambda m: problems.append(f"console: {m.text}"))
    page.on("pageerror", lambda e: problems.append(f"script error: {e}"))
    page.on(
        "request",
        lambda r: None if r.url.startswith(("file:", "blob:", "data:")) else problems.append(f"request: {r.url}"),
    )
    page.goto(file.as_uri())
    return page


def _data(page: Page) -> dict[str, str]:
    data: dict[str, str] = page.evaluate("() => ({...document.documentElement.dataset})")
    return data


def _ready(page: Page) -> None:
    page.wait_for_selector("html[data-live='ready']", state="attached", timeout=30_000)


def _move(page: Page, lever: str, k: int) -> int:
    """Milliseconds until everything is there."""
    before = int(_data(page).get("liveDone", 0))
    page.evaluate(f"([id, k]) => {{ {MOVE} }}", [lever, k])
    page.wait_for_selector(f"html[data-live-done='{before + 1}']", state="attached", timeout=60_000)
    return int(_data(page)["liveMs"])


def _moved(browser: Browser, file: Path, scenario: Path, moves: int, pictures: Path | None) -> list[str]:
    problems: list[str] = []
    begun = time.perf_counter()
    page = _open(browser, file, problems)
    _ready(page)
    print(
        f"ready after {_data(page)['liveReady']} ms ({1000 * (time.perf_counter() - begun):.0f} ms outside), in a {_data(page)['liveIn']}"
    )
    if _data(page)["liveDifferences"] != "0":
        problems.append(f"differences on opening: {_data(page)['liveDifferences']}")
    page.evaluate(f"() => {{ {LISTEN} }}")
    told = json.loads(page.evaluate("() => document.getElementById('live-levers').textContent"))
    draw, times = random.Random(7), []
    for world in [w["id"] for w in told["worlds"]]:
        if len(told["worlds"]) > 1:
            page.check(f"[name='live-world'][value='{world}']")
        for _ in range(moves):
            page.click("#live-reset")
            for lever in draw.sample(told["levers"], 2):
                page.evaluate("() => document.querySelectorAll('#try details').forEach(d => { d.open = true; })")
                times.append((lever["id"], _move(page, lever["id"], draw.randrange(len(lever["spots"])))))
            problems += different(
                page.evaluate("() => window.heard.at(-1)"), page.inner_text("#live-command"), told, scenario
            )
        if pictures:
            pictures.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=pictures / f"levers-{world}.png", full_page=True)
    print("ms after each move:", ", ".join(f"{lever} {ms}" for lever, ms in times))
    page.click("#live-reset")
    if page.evaluate("() => window.heard.at(-1)") is not None:
        problems.append("as mailed is not told as null")
    lever, last = told["levers"][0]["id"], int(_data(page).get("liveDone", 0))
    spots, clock = len(told["levers"][0]["spots"]), time.perf_counter()
    for k in range(spots):
        page.evaluate(f"([id, k]) => {{ {MOVE} }}", [lever, k])
    page.wait_for_selector(f"html[data-live-done='{last + spots}']", state="attached", timeout=60_000)
    print(f"{spots} positions at once, the last answered after {1000 * (time.perf_counter() - clock):.0f} ms")
    page.emulate_media(media="print")
    if page.is_visible("#live-form") or not page.inner_text("#live-status"):
        problems.append("printed: levers are to be hidden, and the sentence is not")
    return [f"moved: {problem}" for problem in problems]


def _keyboard(browser: Browser, file: Path) -> list[str]:
    problems: list[str] = []
    page = _open(browser, file, problems)
    _ready(page)
    page.keyboard.press("Tab")
    focused = page.evaluate("() => document.activeElement.id")
    if not focused.startswith("live-"):
        problems.append(f"the first Tab leads to '{focused}'")
    before = page.input_value(f"#{focused}")
    page.keyboard.press("ArrowLeft" if before == page.get_attribute(f"#{focused}", "max") else "ArrowRight")
    page.wait_for_selector("html[data-live-done='1']", state="attached", timeout=60_000)
    if page.input_value(f"#{focused}") == before or "as mailed" not in page.get_attribute(
        f"#{focused}", "aria-valuetext"
    ):
        problems.append("an arrow key does not move the lever")
    if not page.inner_text("#live-status").startswith("Now, with"):
        problems.append("the status does not say what was moved")
    return [f"by keyboard: {problem}" for problem in problems]


def _without(browser: Browser, file: Path, what: str, change: Any, live: str, place: str | None) -> list[str]:
    """The page where a browser refuses something: the levers work, or a sentence says why not."""
    text = file.read_text("utf-8")
    changed = file.with_name(f"without-{what}.html")
    changed.write_text(change(text), encoding="utf-8", newline="\n")
    if changed.read_text("utf-8") == text:
        return [f"without {what}: nothing was changed"]
    page = _open(browser, changed, [])
    if live == "ready":
        _ready(page)
    else:
        page.wait_for_timeout(1500)
    data = _data(page)
    good = data["live"] == live and (place is None or data["liveIn"] == place) and bool(page.inner_text("#live-state"))
    return [] if good else [f"without {what}: {data}, {page.inner_text('#live-state')}"]


def _spoiled(browser: Browser, file: Path) -> list[str]:
    """A page whose mailed numbers are not those that it simulates turns its levers off."""
    import base64
    import gzip

    text = file.read_text("utf-8")
    block = text.split('id="live-page">')[1].split("<")[0]
    page_data = json.loads(gzip.decompress(base64.b64decode(block)))
    page_data["policies"][0]["mailed"] = page_data["policies"][-1]["mailed"]
    spoiled = base64.b64encode(gzip.compress(json.dumps(page_data).encode())).decode()
    changed = file.with_name("spoiled.html")
    changed.write_text(text.replace(block, spoiled), encoding="utf-8", newline="\n")
    page = _open(browser, changed, [])
    page.wait_for_selector("html[data-live-differences]", state="attached", timeout=30_000)
    data = _data(page)
    if data["live"] != "off" or data["liveDifferences"] == "0" or page.is_visible("#live-form"):
        return [f"a spoiled page keeps its levers: {data}"]
    print("a spoiled page:", page.inner_text("#live-state"))
    return []


def _without_scripts(browser: Browser, file: Path) -> list[str]:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    visible = page.is_visible("#live-form")
    return ["without scripts: levers are shown that do nothing"] if visible else []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", type=Path)
    parser.add_argument("--chromium")
    parser.add_argument("--moves", type=int, default=4)
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    scenario, pictures = given.scenario.resolve(), given.pictures and given.pictures.resolve()
    os.chdir(scenario.parent)
    found = check(scenario, given.chromium, given.moves, pictures)
    print("\n".join(found) or "nothing wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
