"""The living part of a page: levers, and the engine behind them, as whoever makes them hands them over.

The agreement between the page and the living part, in the document:

| what | who |
|---|---|
| `<section id="try">`, a card of the first screen | the page has the card, the living part fills it with `html` |
| `<html data-live="static">` | the page says so (`off` where there are no levers, and the card says why); the living part changes it to `ready` or `off`, and sets `data-live-differences` |
| event `chainsim:now` on `document` | sent by the living part; `detail.estimates[policy][kpi] = {mean, low, high}`, policies by name; `detail` null: as mailed |
| marks with `data-policy`, `data-kpi` | the page redraws those of the first screen on that event, and leaves the mailed ones as ghosts |
| `<script type="application/json" id="page-data">` | the page's own data; `.policies` lists names and labels in the order of places |
"""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup


@dataclass(frozen=True)
class Block:
    """Data in the page that no browser runs: a `<script>` of a type of its own, read by its id."""

    id: str
    type: str
    text: str


@dataclass(frozen=True)
class Live:
    """html: of the card, escaped already. early: scripts that begin before the page is read, behind the data that they need. scripts: those that
    run behind the first screen, while the browser still reads what is below. scripts, styles: texts, each of which the page's policy names by its hash. data: blocks of data. engine: whether WebAssembly and workers are needed."""

    html: Markup
    early: tuple[str, ...] = field(default=())
    scripts: tuple[str, ...] = field(default=())
    styles: tuple[str, ...] = field(default=())
    data: tuple[Block, ...] = field(default=())
    engine: bool = False

    @property
    def state(self) -> str:
        """Of the page before any script runs: `off` where nothing can be moved."""
        return "static" if self.engine else "off"
