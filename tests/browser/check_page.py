"""Opens a report in a real browser: no errors, no request, nothing wider than the window; on a phone, a desk, a wall and paper, by
day and by night, by pointer and by keyboard; with axe-core where it is given, no violation of its rules.

    python tests/browser/check_page.py results/demo/report.html [--chromium /usr/bin/chromium] [--pictures DIR] [--axe axe.min.js]

Exit code 1 when something is wrong, with the list. Pictures of what was seen go to DIR.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from chainsim.ordering import natural

WINDOWS = {"phone": (390, 844), "desktop": (1280, 900), "wall": (1920, 1080)}
FIRST_SCREEN = 860
"""Pixels below which the first screen ends on a desk."""
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


LEVERS, SETTLED = (
    "() => !!document.getElementById('live-levers')",
    "() => document.documentElement.dataset.live !== 'static'",
)


SMALL_TEXT = """() => [...document.querySelectorAll("figure.chart svg text, .plot svg text, svg.bar text")].map(t => {
    const to = t.getScreenCTM(); return [parseFloat(getComputedStyle(t).fontSize) * Math.hypot(to.a, to.b), t.textContent]; })
  .filter(([px]) => px < 11).map(([px, text]) => `${text} (${px.toFixed(1)} px)`).slice(0, 5)"""


CUT_TABLES = """() => [...document.querySelectorAll("table")].filter(t => t.scrollWidth > document.documentElement.clientWidth)
  .map(t => `${t.closest("[id]").id}, ${t.scrollWidth} px wide`)"""


CUT_ORDERS = """() => [...document.querySelectorAll("table.do, table.rk")].map(t => [t, t.closest(".scroll")])
  .filter(([, room]) => room.scrollWidth > room.clientWidth + 1).map(([t, room]) => `${t.closest("[id]").id}, ${room.scrollWidth} px in ${room.clientWidth}`)"""
"""What to do and what to fear are read without scrolling sideways."""


NAMELESS = """() => { const names = [...document.querySelectorAll('[data-plot="scatter"] text.l[data-policy]')];
  return names.length > 5 ? [] : names.filter(t => t.classList.contains("crowded")).map(t => t.textContent); }"""
"""Of so few policies each has its name in the picture of cost against service."""


LAST_ROW = """() => { const rows = [...document.querySelectorAll(".row")];
  return rows.length ? rows[rows.length - 1].getBoundingClientRect().bottom + scrollY : 0; }"""


def check(report: Path, chromium: str | None, pictures: Path | None, axe: Path | None = None) -> list[str]:
    """Everything that is wrong with the page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        found = []
        for name, size in WINDOWS.items():
            found += [f"{name}: {problem}" for problem in _window(browser, report, name, size, pictures)]
        found += [f"dark: {problem}" for problem in _dark(browser, report, pictures)]
        found += [f"interactions: {problem}" for problem in _interactions(browser, report)]
        found += [f"by keyboard: {problem}" for problem in _keyboard(browser, report)]
        if axe is not None:
            found += [f"axe: {problem}" for problem in _axe(browser, report, axe)]
        found += [f"without scripts: {problem}" for problem in _without_scripts(browser, report)]
        found += [f"print: {problem}" for problem in _print(browser, report, pictures)]
        browser.close()
    return found


def _open(
    browser: Browser,
    report: Path,
    size: tuple[int, int],
    problems: list[str],
    *,
    scripts: bool = True,
    dark: bool = False,
) -> Page:
    """The page, with every console message and request other than the page itself noted as a problem."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        offline=True,
        java_script_enabled=scripts,
        color_scheme="dark" if dark else "light",
    )
    page = context.new_page()
    address = report.resolve().as_uri()
    page.on("console", lambda m: problems.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: problems.append(f"script error: {e}"))
    page.on(
        "request",
        lambda r: (
            problems.append(f"request: {r.url[:120]}")
            if r.url.partition("#")[0] != address and not r.url.startswith(("data:", "blob:"))
            else None
        ),
    )
    page.goto(address)
    if scripts:
        _ready(page)
    return page


def _ready(page: Page) -> None:
    """Levers that come take room; the page's policy forbids `wait_for_function`."""
    if page.evaluate(LEVERS):
        for _ in range(600):
            if page.evaluate(SETTLED):
                break
            page.wait_for_timeout(100)


def _window(browser: Browser, report: Path, name: str, size: tuple[int, int], pictures: Path | None) -> list[str]:
    problems: list[str] = []
    page = _open(browser, report, size, problems)
    if wide := page.evaluate(TOO_WIDE):
        problems.append(wide)
    problems += [f"picture does not show: {alt}" for alt in page.evaluate(BROKEN_PICTURES)]
    problems += [f"picture without alternative text: {text}" for text in page.evaluate(WITHOUT_ALT)]
    problems += [f"text of a chart is too small: {text}" for text in page.evaluate(SMALL_TEXT)]
    problems += [f"a table of the first screen is cut: {told}" for told in page.evaluate(CUT_ORDERS)]
    problems += [f"a mark has no name: {told}" for told in page.evaluate(NAMELESS)]
    if name == "desktop" and (end := page.evaluate(LAST_ROW)) > FIRST_SCREEN:
        problems.append(f"the first screen ends at {end:.0f} px")
    if len(page.inner_text("body")) < 500:
        problems.append("there is hardly any text on the page")
    if pictures:
        page.screenshot(path=pictures / f"{name}.png", full_page=True)
        page.screenshot(path=pictures / f"{name}-first-screen.png")
    page.context.close()
    return problems


def _dark(browser: Browser, report: Path, pictures: Path | None) -> list[str]:
    """By night the page is dark, and its words are light."""
    problems: list[str] = []
    page = _open(browser, report, WINDOWS["desktop"], problems, dark=True)
    paper, ink = (
        page.evaluate(f"() => getComputedStyle(document.body).{of}.match(/[0-9]+/g).slice(0, 3).map(Number)")
        for of in ("backgroundColor", "color")
    )
    if sum(paper) > 200 or sum(ink) < 500:
        problems.append(f"words of {ink} on {paper}")
    if pictures:
        page.screenshot(path=pictures / "dark-first-screen.png")
    page.context.close()
    return problems


def _interactions(browser: Browser, report: Path) -> list[str]:
    """Sort, hide, look up, read by keyboard, and redraw on the event: what the page's script promises."""
    problems: list[str] = []
    page = _open(browser, report, WINDOWS["desktop"], problems)
    page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
    table = page.locator("#policies figure.table").first
    rows = table.locator("tbody tr")
    if rows.count() > 1:
        names = rows.locator("th").all_inner_texts()
        table.locator("thead button").first.click()
        if rows.locator("th").all_inner_texts() != sorted(names, key=lambda name: natural(name.lower())):
            problems.append("a click on a head does not sort its table")
        box = page.locator("#tools input[type=checkbox]").first
        box.uncheck()
        if page.locator("[data-policy='0']:visible").count():
            problems.append("a hidden policy is still seen")
        box.check()
    problems += [f"step by step: {p}" for p in page.evaluate(STEPS)]
    plot = page.locator(".plot.scatter").first
    if plot.count():
        plot.focus()
        page.keyboard.press("ArrowRight")
        if not page.locator(".tip").inner_text().strip():
            problems.append("the arrow keys read no value")
        page.keyboard.press("Escape")
        problems += [f"event: {p}" for p in page.evaluate(EVENT)]
        problems += [f"labels: {p}" for p in page.evaluate(LABELS)]
    page.context.close()
    return problems


def _keyboard(browser: Browser, report: Path) -> list[str]:
    """Without a mouse: from the contents list to a folded part, which opens and is in sight; a table sorted; views chosen by arrows."""
    problems: list[str] = []
    page = _open(browser, report, WINDOWS["desktop"], problems)
    page.keyboard.press("Tab")
    if page.evaluate("() => !document.activeElement.matches('.skip')"):
        problems.append("the first Tab does not lead to what skips to the tables")
    link = page.locator("nav a[href='#policies']")
    if link.count():
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        if not page.locator("#policies figure.table").first.is_visible():
            problems.append("Enter in the contents list does not open its part")
        elif not page.evaluate("() => document.getElementById('policies').getBoundingClientRect().top < innerHeight"):
            problems.append("Enter in the contents list leads to what is not in sight")
        rows, head = (
            page.locator("#policies tbody").first.locator("tr th"),
            page.locator("#policies thead button").first,
        )
        head.focus()
        page.keyboard.press("Enter")
        if (names := rows.all_inner_texts()) != sorted(names, key=lambda name: natural(name.lower())):
            problems.append("Enter on a head does not sort its table")
    page.locator("#view-everyone").focus()
    page.keyboard.press("ArrowRight")
    if not page.locator(".v-finance").is_visible() or page.locator(".v-everyone").is_visible():
        problems.append("an arrow key does not choose the next view")
    page.context.close()
    return problems


EVENT = """() => { const data = JSON.parse(document.getElementById("page-data").textContent), svg = document.querySelector('[data-plot="scatter"]');
  const [kpi] = svg.dataset.x.split(" "), at = () => svg.querySelector(".mk:not(.ghost) svg").getAttribute("x"), was = svg.innerHTML, found = [], before = at();
  const bars = [...document.querySelectorAll('[data-plot="bar"]')], parts = [...new Set(bars.flatMap(bar => [...bar.querySelectorAll("g[data-kpi]")].map(g => g.dataset.kpi)))];
  const ends = () => Math.max(...bars.map(bar => parseFloat(bar.querySelector("text.b").getAttribute("x")))), end = ends();
  const of = () => ({ ...Object.fromEntries(parts.map(part => [part, { mean: 1e9 }])), [kpi]: { mean: 1, low: 1, high: 1 }, fill_rate: { mean: 0.5, low: 0.5, high: 0.5 } });
  const estimates = Object.fromEntries(data.policies.map(p => [p.name, of()]));
  document.dispatchEvent(new CustomEvent("chainsim:now", { detail: { estimates } }));
  if (at() === before) found.push("marks do not move");
  if (!svg.querySelector(".ghost")) found.push("what was mailed leaves no ghost");
  for (const mark of svg.querySelectorAll(".mk svg")) for (const along of ["x", "y"]) {
    const p = parseFloat(mark.getAttribute(along));
    if (!(p >= 0 && p <= 100)) found.push(`a mark leaves the picture: ${along} ${p} %`);
  }
  const ticks = [...svg.querySelectorAll("text.t.e:not(.l)")].map(t => Number(t.textContent));
  if (Math.min(...ticks) > 60) found.push(`the axis of service ends at ${Math.min(...ticks)} % where marks are at 50 %`);
  if (ends() > end + 0.01) found.push(`bars are longer than their room: ${ends()} %, mailed ${end} %`);
  document.dispatchEvent(new CustomEvent("chainsim:now", { detail: null }));
  if (svg.innerHTML !== was) found.push("reset does not bring back what was mailed");
  return found; }"""


LABELS = """() => { const data = JSON.parse(document.getElementById("page-data").textContent), svg = document.querySelector('[data-plot="scatter"]');
  const [kpi, low, high] = svg.dataset.x.split(" "), found = [], names = data.policies.map(p => p.name), wide = high - low, same = x => ({ mean: x, low: x, high: x });
  const settings = {
    "at one place": i => [Number(low) + wide / 2, 0.9], "far out to the right": i => [Number(high) + (i === 0 ? 40 : 0.02 * i) * wide, 0.95 + 0.001 * i],
    "far below": i => [Number(low) + 0.1 * i * wide, i === 0 ? 0.1 : 0.98], "in a row": i => [Number(low) + i * wide / 40, 0.97],
  };
  for (const [what, at] of Object.entries(settings)) {
    const estimates = Object.fromEntries(names.map((name, i) => { const [x, y] = at(i); return [name, { [kpi]: same(x), fill_rate: same(y) }]; }));
    document.dispatchEvent(new CustomEvent("chainsim:now", { detail: { estimates } }));
    const frame = svg.closest(".card").getBoundingClientRect();
    const shown = [...svg.querySelectorAll("text.l")].map(t => [t.textContent, t.getBoundingClientRect(), t]).filter(([, box]) => box.width > 0);
    if (!shown.some(([, , t]) => t.classList.contains("b"))) found.push(`${what}: the choice has no name`);
    shown.forEach(([a, p, text], i) => {
      if (p.left < frame.left || p.right > frame.right) found.push(`${what}: ${a} leaves its card`);
      for (const [b, q] of shown.slice(i + 1)) if (Math.min(p.right, q.right) - Math.max(p.left, q.left) > 2 && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 3) found.push(`${what}: ${a} on ${b}`);
      const mark = text.dataset.policy && svg.querySelector(`.mk:not(.ghost)[data-policy="${text.dataset.policy}"] > svg`);
      if (mark && (mark.getAttribute("x") !== text.getAttribute("x") || mark.getAttribute("y") !== text.getAttribute("y"))) found.push(`${what}: ${a} is not at its mark`);
    });
  }
  document.dispatchEvent(new CustomEvent("chainsim:now", { detail: null }));
  return found; }"""


STEPS = """async () => { const part = document.getElementById("steps"), found = [], $ = q => part.querySelector(q);
  if (!part || !document.getElementById("steps-data")) return found;
  part.open = true;
  for (let i = 0; i < 100 && !$("#stepper button"); i++) await new Promise(next => setTimeout(next, 50));
  const press = key => document.getElementById("stepper").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const state = () => [$(".step-now").textContent, [...part.querySelectorAll("tbody tr")].findIndex(tr => tr.classList.contains("now"))], options = [...part.querySelectorAll("option")];
  for (const option of options) {
    const select = $("select");
    select.value = option.value;
    select.dispatchEvent(new Event("change"));
    if ($("figcaption").textContent !== option.textContent) found.push(`${option.textContent}: another is shown`);
    const seen = [state()], last = part.querySelectorAll("tbody tr").length - 1, [, , next] = part.querySelectorAll("button");
    while (!next.disabled && seen.length < 1000) { next.click(); seen.push(state()); }
    if (state()[1] !== last) found.push(`${option.textContent}: stepping forward ends in row ${state()[1]} of ${last}`);
    for (let i = seen.length - 2; i >= 0; i--) { press("ArrowLeft"); if (state().join() !== seen[i].join()) { found.push(`${option.textContent}: a step back from ${seen[i + 1]} leads to ${state()}`); break; } }
    press("End"); if (state().join() !== seen.at(-1).join()) found.push(`${option.textContent}: End leads to ${state()}`);
    press("Home"); press("ArrowDown"); if (last > 0 && state()[1] !== 1) found.push(`${option.textContent}: a row down leads to ${state()}`);
    const heads = [...part.querySelectorAll("thead th")].map(th => th.textContent), at = name => heads.indexOf(name);
    for (const tr of part.querySelectorAll("tbody tr")) {
      const of = name => at(name) < 0 ? 0 : Number(tr.cells[at(name)].textContent.replace(/[\u202f\u2009\\s,]/g, "").replace("−", "-"));
      const off = of("opening") + of("received") - of("sold") - of("outdated") - of("lent") - of("shrunk") - of("decayed") - of("destroyed") - of("closing"), position = of("closing") + of("books") + of("on order") - of("owed") - of("position");
      if (Math.abs(off) > 0.11 || Math.abs(position) > 0.11) found.push(`${option.textContent}: the row of ${tr.cells[0].textContent} does not add up: ${off}, ${position}`);
    }
  }
  if (!options.length) found.push("nothing to follow");
  return found; }"""


def _axe(browser: Browser, report: Path, axe: Path) -> list[str]:
    """Violations of axe-core's rules, at two widths, by day and by night, folded as it opens and unfolded."""
    found = []
    for name, dark, unfolded in (
        ("phone", False, False),
        ("phone", True, True),
        ("desktop", False, True),
        ("desktop", True, False),
    ):
        width, height = WINDOWS[name]
        context = browser.new_context(
            viewport={"width": width, "height": height}, offline=True, bypass_csp=True, color_scheme="dark" if dark else "light"
        )  # fmt: skip
        page = context.new_page()
        page.goto(report.resolve().as_uri())
        _ready(page)
        if unfolded:
            page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
            page.wait_for_timeout(300)  # what is unpacked when it opens
        page.add_script_tag(path=axe)
        told = page.evaluate(
            "async () => (await axe.run()).violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 120))])"
        )
        found += [
            f"{name}{', dark' if dark else ''}{', unfolded' if unfolded else ''}: {id}, {len(nodes)} times, such as {nodes[0]}"
            for id, nodes in told
        ]
        context.close()
    return found


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
    parser.add_argument("--axe", type=Path, help="axe.min.js of axe-core, to check accessibility as well")
    arguments = parser.parse_args()
    if arguments.pictures:
        arguments.pictures.mkdir(parents=True, exist_ok=True)
    problems = check(arguments.report, arguments.chromium, arguments.pictures, arguments.axe)
    for problem in problems:
        print(problem, file=sys.stderr)
    told = f"{len(problems)} problems" if problems else "no problem"
    print(f"{arguments.report.name}: {told} at {len(WINDOWS)} widths, without scripts and in print")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
