"""Plays whole beer games in a real browser: four phones and the teacher's desk, against `chainsim serve` on this computer; and alone, in
the page with the engine inside, every role once.

    python tests/browser/check_game.py [--periods 36] [--chromium /usr/bin/chromium] [--pictures DIR]

Each phone joins by the address with the code; one is closed and comes back, one types a word, one seat stays empty until the game
is half over. Exit code 1 when something is wrong, with the list: errors in the console, a request elsewhere, anything wider than
the window, a touch target that is too small, a state that does not come.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))  # a script, and tests are a package

from chainsim.data import scenario_path
from chainsim.game.alone import alone
from chainsim.game.board import Board
from chainsim.game.diary import events
from chainsim.game.robot import Robot
from chainsim.game.room import room_of
from chainsim.game.setting import setting_of
from tests.game.crowd import Server

PHONE = {"width": 360, "height": 740}
TOO_WIDE = """() => { const wide = document.documentElement.scrollWidth, room = document.documentElement.clientWidth;
  return wide > room ? `${wide} px wide in a window of ${room} px` : ""; }"""
SMALL = """() => [...document.querySelectorAll("main:not([hidden]) button, main:not([hidden]) input, main:not([hidden]) select")]
  .filter(e => e.offsetParent && !e.closest(".seat") && e.type !== "checkbox" && e.getBoundingClientRect().height < 40)
  .map(e => e.id || e.textContent)"""


class Watched:
    """A page whose complaints are kept."""

    def __init__(self, page: Page, who: str, wrong: list[str], place: str) -> None:
        self.page, self.who, self.wrong = page, who, wrong
        page.on("console", lambda m: wrong.append(f"{who}: console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: wrong.append(f"{who}: {e}"))
        page.on("request", lambda r: None if place in r.url else wrong.append(f"{who}: asks {r.url}"))

    def look(self, pictures: Path | None, name: str) -> None:
        wide = self.page.evaluate(TOO_WIDE)
        small = self.page.evaluate(SMALL)
        self.wrong += [f"{self.who}, {name}: {wide}"] if wide else []
        self.wrong += [f"{self.who}, {name}: small targets {small}"] if small else []
        if pictures is not None:
            self.page.screenshot(path=str(pictures / f"game-{name}.png"), full_page=True)


def join(browser: Browser, server: Server, name: str, seat: str, wrong: list[str], **options: Any) -> Watched:
    """A phone that sits down."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True, **options)
    phone = Watched(context.new_page(), name, wrong, f"127.0.0.1:{server.port}")
    phone.page.goto(f"http://127.0.0.1:{server.port}/?code={server.code}")
    phone.page.fill("#name", name)
    phone.page.select_option("#seat", label=f"Team 1, {seat}")
    return phone


def order(phone: Watched, period: int, quantity: int) -> None:
    expect(phone.page.locator("#where")).to_contain_text(f"week {period} of")
    phone.page.fill("#quantity", str(quantity))
    phone.page.tap("#send")
    told = re.compile(f"^(Ordered {quantity};.*|Order)$")  # it waits for the others, or the next week has come
    expect(phone.page.locator("#send")).to_have_text(told)


def play(browser: Browser, server: Server, periods: int, pictures: Path | None) -> list[str]:
    """Everything that is wrong."""
    wrong: list[str] = []
    desk = Watched(
        browser.new_context(viewport={"width": 1280, "height": 800}).new_page(), "teacher", wrong, f":{server.port}"
    )
    desk.page.goto(f"http://127.0.0.1:{server.port}/#teacher={server.teacher}")
    phones = {}
    for name, seat in (("Ada", "retailer"), ("Björn", "wholesaler"), ("Chloé", "factory")):
        phones[seat] = join(browser, server, name, seat, wrong, color_scheme="dark" if seat == "factory" else "light")
        if seat == "retailer":
            phones[seat].look(pictures, "1-lobby")
        phones[seat].page.tap("#join button")
        phones[seat].page.wait_for_selector("#player:not([hidden])")
    expect(desk.page.locator("#teams")).to_contain_text("Chloé")
    desk.look(pictures, "2-desk-before")
    desk.page.click("#start")
    orders = {seat: [] for seat in (*phones, "distributor")}
    for period in range(1, periods + 1):
        if period == 3:  # a browser is closed, and opened again
            context = phones["retailer"].page.context
            phones["retailer"].page.close()
            again = Watched(context.new_page(), "Ada again", wrong, f":{server.port}")
            again.page.goto(f"http://127.0.0.1:{server.port}/?code={server.code}")
            again.page.wait_for_selector("#player:not([hidden])")
            phones["retailer"] = again
        if period == 4:
            expect(phones["factory"].page.locator("#where")).to_contain_text("week 4 of")
            phones["factory"].page.fill("#quantity", "2.5")
            phones["factory"].page.tap("#send")
            expect(phones["factory"].page.locator("#said")).to_contain_text("cannot be ordered")
            phones["factory"].look(pictures, "4-refused")
        if period == 5:
            desk.page.check("#sharing")
            desk.page.fill("#tell", "Now you see the whole chain")
            desk.page.click("#say")
        if period == periods // 2:
            phones["distributor"] = join(browser, server, "Dede", "distributor", wrong)
            phones["distributor"].page.tap("#join button")
            phones["distributor"].page.wait_for_selector("#player:not([hidden])")
        for seat, phone in phones.items():
            quantity = 4 + (period * 7 + len(seat)) % 6
            order(phone, period, quantity)
            orders[seat].append(quantity)
            if period in (2, periods // 2, periods - 1) and seat == "retailer":
                phone.look(pictures, f"3-phone-week-{period}")
            if period == periods - 1 and seat == "factory":
                phone.look(pictures, "5-phone-dark")
        if period == periods - 1:
            desk.look(pictures, "6-desk")
    for seat, phone in phones.items():
        expect(phone.page.locator("#where")).to_contain_text("the end")
        phone.look(pictures, f"7-end-{seat}")
    desk.page.click("#standing")
    expect(desk.page.locator("#board")).to_contain_text("Team 1")
    desk.page.click("#debrief")
    desk.page.wait_for_selector("#pages a", timeout=120_000)
    desk.look(pictures, "8-desk-end")
    for link, name in (("Slides for the class", "9-slides"), ("Team 1: the page", "9-debrief")):
        shown = browser.new_page()
        answer = shown.goto(f"http://127.0.0.1:{server.port}{desk.page.get_by_text(link).get_attribute('href')}")
        if answer is None or answer.status != 200 or "Team 1" not in shown.content():
            wrong.append(f"'{link}' is not there")
        if pictures is not None:
            shown.screenshot(path=str(pictures / f"game-{name}.png"))
    played = room_of(events(server.folder)).teams["Team 1"].board
    for seat, given in orders.items():
        if played.orders(seat)[-len(given) :] != given:
            wrong.append(f"{seat}: ordered {given}, the record says {played.orders(seat)}")
    return wrong


def play_alone(browser: Browser, periods: int, place: Path, pictures: Path | None) -> list[str]:
    """The game in one file, from the disk: every role once, against the board of the reference engine."""
    wrong: list[str] = []
    setting = setting_of(scenario_path("beer_game"), periods=periods)
    file = place / "game.html"
    file.write_text(alone(setting, "human"), "utf-8")
    phone = Watched(
        browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True).new_page(), "alone", wrong, file.as_uri()
    )
    phone.page.goto(file.as_uri())
    phone.page.on("dialog", lambda dialog: dialog.accept())
    for role in setting.roles:
        phone.page.select_option("#seat", label=f"You, {role}")
        phone.page.tap("#join button")
        board = Board(setting, setting.board(), {r: Robot(*setting.sitting_in("human", r)) for r in setting.roles})
        for period in range(1, periods + 1):
            order(phone, period, 3 + (period * 5 + len(role)) % 8)
            board.turn({role: 3.0 + (period * 5 + len(role)) % 8})
        expect(phone.page.locator("#where")).to_contain_text("the end")
        phone.look(pictures, f"10-alone-{role}")
        told = phone.page.locator("#outcome h2").first.inner_text()
        cost = sum(board.cost(r) for r in setting.roles)
        if told != f"Your chain cost {int(cost + 0.5):,} USD":
            wrong.append(f"alone as {role}: '{told}', the reference engine {cost:,.2f}")
        phone.page.tap("#leave")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--periods", type=int, default=36)
    parser.add_argument("--chromium")
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    if given.pictures is not None:
        given.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as p:
        server = Server(Path(place) / "class", [])
        server.start("--teams", "1", "--periods", str(given.periods))
        browser = p.chromium.launch(executable_path=given.chromium)
        try:
            wrong = play(browser, server, given.periods, given.pictures)
            wrong += play_alone(browser, given.periods, Path(place), given.pictures)
        finally:
            browser.close()
            server.kill()
    print("\n".join(wrong) or f"A game of {given.periods} weeks on four phones: nothing wrong.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
