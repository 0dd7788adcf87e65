"""Opens a report in a real browser: no errors, no request, nothing wider than the window; on a phone, a desk and paper.

    python tests/browser/check_page.py results/demo/report.html [--chromium /usr/bin/chromium] [--pictures DIR]

Exit code 1 when something is wrong, with the list. Pictures of what was seen go to DIR.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

WINDOWS = {"phone": (390, 844), "desktop": (1280, 900)}
TOO_WIDE = """() => {
  const wide = document.documentElement.scrollWidth, room = document.documentElement.clientWidth;
  return wide > room ? `the page is ${wide} px wide in a window of ${room} px` : "";
}"""
BROKEN_PICTURES = (
    "() => [...document.images].filter(i => !i.complete || i.naturalWidth === 0).map(i => i.alt || '(no alt text)')"
)
WITHOUT_ALT = """() => [...document.querySelectorAll("img:not([alt]), svg:not([aria-hidden='true'])")]
  .filter(e => e.tagName === "IMG" || !(e.getAttribute("aria-label") || e.querySelector("title")))
  .filter(e => !e.closest("svg svg")).map(e => e.outerHTML.slice(0, 80))"""


SMALL_TEXT = """() => [...document.querySelectorAll("figure.chart svg text")].map(t => {
    const to = t.getScreenCTM(); return [parseFloat(getComputedStyle(t).fontSize) * Math.hypot(to.a, to.b), t.textContent]; })
  .filter(([px]) => px < 11).map(([px, text]) => `${text} (${px.toFixed(1)} px)`).slice(0, 5)"""


CUT_TABLES = """() => [...document.querySelectorAll("table")].filter(t => t.scrollWidth > document.documentElement.clientWidth)
  .map(t => `${t.closest("section").id}, ${t.scrollWidth} px wide`)"""


def check(report: Path, chromium: str | None, pictures: Path | None) -> list[str]:
    """Everything that is wrong with the page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        found = []
        for name, size in WINDOWS.items():
            found += [f"{name}: {problem}" for problem in _window(browser, report, name, size, pictures)]
        found += [f"without scripts: {problem}" for problem in _without_scripts(browser, report)]
        found += [f"print: {problem}" for problem in _print(browser, report, pictures)]
        browser.close()
    return found


def _open(browser: Browser, report: Path, size: tuple[int, int], problems: list[str], *, scripts: bool = True) -> Page:
    """The page, with every console message and request other than the page itself noted as a problem."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, offline=True, java_script_enabled=scripts, color_scheme="light"
    )
    page = context.new_page()
    address = report.resolve().as_uri()
    page.on("console", lambda m: problems.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: problems.append(f"script error: {e}"))
    page.on(
        "request",
        lambda r: (
            problems.append(f"request: {r.url[:120]}") if r.url != address and not r.url.startswith("data:") else None
        ),
    )
    page.goto(address)
    return page


def _window(browser: Browser, report: Path, name: str, size: tuple[int, int], pictures: Path | None) -> list[str]:
    problems: list[str] = []
    page = _open(browser, report, size, problems)
    if wide := page.evaluate(TOO_WIDE):
        problems.append(wide)
    problems += [f"picture does not show: {alt}" for alt in page.evaluate(BROKEN_PICTURES)]
    problems += [f"picture without alternative text: {text}" for text in page.evaluate(WITHOUT_ALT)]
    problems += [f"text of a chart is too small: {text}" for text in page.evaluate(SMALL_TEXT)]
    if len(page.inner_text("body")) < 500:
        problems.append("there is hardly any text on the page")
    if pictures:
        page.screenshot(path=pictures / f"{name}.png", full_page=True)
        page.screenshot(path=pictures / f"{name}-first-screen.png")
    page.context.close()
    return problems


def _without_scripts(browser: Browser, report: Path) -> list[str]:
    problems: list[str] = []
    page = _open(browser, report, WINDOWS["desktop"], problems, scripts=False)
    tables = page.locator("table").count()
    page.context.close()
    return problems + ([] if tables else ["no table is shown"])


def _print(browser: Browser, report: Path, pictures: Path | None) -> list[str]:
    problems: list[str] = []
    page = _open(browser, report, (703, 1032), problems)  # A4 at 96 dpi, less margins of 12 mm
    page.emulate_media(media="print")
    problems += [f"a table is cut on paper: {told}" for told in page.evaluate(CUT_TABLES)]
    paper = page.pdf(format="A4", path=pictures / "page.pdf" if pictures else None)
    page.context.close()
    return problems + ([] if paper.startswith(b"%PDF") else ["printing gave no PDF"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("--chromium", help="the browser to use; default: playwright's own")
    parser.add_argument("--pictures", type=Path, help="folder for pictures of what was seen")
    arguments = parser.parse_args()
    if arguments.pictures:
        arguments.pictures.mkdir(parents=True, exist_ok=True)
    problems = check(arguments.report, arguments.chromium, arguments.pictures)
    for problem in problems:
        print(problem, file=sys.stderr)
    told = f"{len(problems)} problems" if problems else "no problem"
    print(f"{arguments.report.name}: {told} at {len(WINDOWS)} widths, without scripts and in print")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
