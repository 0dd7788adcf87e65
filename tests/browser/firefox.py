"""Firefox, driven by Mozilla's own `marionette_driver`: the browser of the system, without a window, a network or a driver of its own."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from marionette_driver.marionette import Marionette

WAIT = 60.0
"""Seconds."""
DARK = "layout.css.prefers-color-scheme.content-override"
NOTED = """return Services.console.getMessageArray().filter(m => /^(file|blob):/.test(m.sourceName ?? ''))
  .map(m => `${m.sourceName.slice(0, 60)}:${m.lineNumber}: ${m.errorMessage}`);"""


class Firefox:
    """One tab. Numbers that a page puts on its root are read by `data`."""

    def __init__(self, browser: Marionette) -> None:
        self._browser = browser

    @property
    def version(self) -> str:
        return str(self._browser.session_capabilities["browserVersion"])

    def open(
        self,
        file: Path,
        *,
        size: tuple[int, int] = (1280, 900),
        scripts: bool = True,
        dark: bool = False,
        medium: str = "",
    ) -> None:
        """A file from the disk, in a view of so many pixels, on the screen or in another medium; what was noted before is forgotten."""
        self._chrome(
            "const [[width, height], scripts, dark, pref, medium] = arguments, {style, browsingContext} = gBrowser.selectedBrowser;"
            "Object.assign(style, {width: width + 'px', maxWidth: width + 'px', height: height + 'px'});"
            "browsingContext.allowJavascript = scripts; browsingContext.mediumOverride = medium; Services.prefs.setIntPref(pref, dark ? 0 : 1); Services.console.reset();",
            list(size), scripts, dark, DARK, medium,
        )  # fmt: skip
        self._browser.navigate(file.resolve().as_uri())

    def run(self, script: str, *arguments: Any) -> Any:
        """A script's value, as the page's own scripts see its window."""
        return self._browser.execute_script(script, script_args=arguments, sandbox=None)

    def data(self) -> dict[str, str]:
        return dict(self.run("return {...document.documentElement.dataset};"))

    def wait(self, name: str, *values: str) -> dict[str, str]:
        """The page's data as soon as one has one of these values."""
        ends = time.monotonic() + WAIT
        while (data := self.data()).get(name) not in values:
            if time.monotonic() > ends:
                raise TimeoutError(f"{name} is none of {values} after {WAIT:.0f} s: {data}")
            time.sleep(0.02)
        return data

    def seen(self, selector: str) -> bool:
        """Whether an element is displayed; works without scripts as well."""
        return bool(self._browser.find_element("css selector", selector).is_displayed())

    def text(self, selector: str) -> str:
        return str(self._browser.find_element("css selector", selector).text)

    def press(self, selector: str, keys: str) -> None:
        self._browser.find_element("css selector", selector).send_keys(keys)

    def noted(self) -> list[str]:
        """What the console says of the page and its workers: errors, warnings, what its policy refused."""
        return [str(line) for line in self._chrome(NOTED)]

    def picture(self, file: Path, *, full: bool = True) -> None:
        file.write_bytes(base64.b64decode(self._browser.screenshot(full=full)))

    def printed(self) -> bytes:
        """The page as a PDF on A4."""
        page = {"width": 21.0, "height": 29.7}
        return base64.b64decode(
            self._browser._send_message("WebDriver:Print", {"page": page, "background": True}, key="value")
        )

    def _chrome(self, script: str, *arguments: Any) -> Any:
        with self._browser.using_context("chrome"):
            return self._browser.execute_script(script, script_args=arguments)


@contextmanager
def firefox(binary: str) -> Iterator[Firefox]:
    browser = Marionette(bin=binary, headless=True, gecko_log=os.devnull)
    browser.start_session()
    try:
        with browser.using_context("chrome"):
            browser.execute_script("Services.io.offline = true;")
        browser.set_window_rect(width=2000, height=1300)
        yield Firefox(browser)
    finally:
        browser.quit()
        browser.cleanup()
