"""The look of all charts: one palette and one order of policies, readable in print and for the colour-blind.

Colours are those of Okabe and Ito (Color Universal Design, 2008) without the yellow that white paper swallows, and five darker
ones (after Tol) for studies of many policies; the second channel is the marker and the dash of a policy and the hatch of a cost
line. Words in a policy's colour are written in a darker shade of it (`ink`). No global state is changed: settings hold inside
`settings()` only, and whatever a user's own matplotlib configuration says does not matter.
"""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, ScalarFormatter

from chainsim.report.names import words
from chainsim.report.numbers import grouped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import RendererAgg

BLUE, VERMILION, GREEN, ORANGE, SKY, PURPLE, BLACK = (
    "#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#CC79A7", "#333333",
)  # fmt: skip
INDIGO, OLIVE, WINE, BROWN, GREY = "#332288", "#8a8a00", "#882255", "#8c564b", "#7f7f7f"
INK, MUTED, GRID = "#222222", "#5c5c5c", "#d9d9d9"
_COLOURS = (VERMILION, ORANGE, BLUE, GREEN, PURPLE, SKY, BLACK, WINE, OLIVE, INDIGO, BROWN, GREY)
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p", "<", ">", "h")
CONTRAST = 4.5
"""Of text against the white behind it (WCAG 2 AA)."""
_DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))
WIDTH, HEIGHT = 4.6, 3.5
FONT = 9.5
"""No text of a chart is smaller: on a phone, 390 px wide, it is 11 px high."""
FEW = 6
"""Up to so many policies a chart has room for names on two lines."""


class Look(NamedTuple):
    """How a policy looks in every chart."""

    colour: str
    marker: str
    dash: Any


_FILLS = (
    (SKY, ""),
    (BLUE, "///"),
    ("#bdbdbd", ""),
    ("#f2d98b", "\\\\\\"),
    (VERMILION, "|||"),
    ("#e6b0a4", "xxx"),
    ("#9fd3c1", "///"),
    ("#8c8c8c", "---"),
)
_HATCHES = ("", "+++", "xx--", "//||")  # lines: dots are ten times as many bytes in an SVG


def fill(index: int) -> tuple[str, str]:
    """Colour and hatch of the cost line at this place in the order of cost lines; 32 differ in colour or hatch.

    >>> len({fill(i) for i in range(32)})
    32
    """
    colour, hatch = _FILLS[index % len(_FILLS)]
    again = index // len(_FILLS) % len(_HATCHES)
    return colour, _HATCHES[again] or hatch


def look(index: int) -> Look:
    """The look of the policy at this place in the order of policies; the first twelve have colours of their own, the first
    132 differ in colour or marker."""
    return Look(_COLOURS[index % len(_COLOURS)], _MARKERS[index % len(_MARKERS)], _DASHES[index % len(_DASHES)])


def ink(colour: str) -> str:
    """The colour, darkened until words in it can be read on white.

    >>> ink("#E69F00"), ink("#333333")
    ('#9c6c00', '#333333')
    """
    red, green, blue = to_rgb(colour)
    shade = 1.0
    while contrast(to_rgb(to_hex((shade * red, shade * green, shade * blue)))) < CONTRAST:
        shade -= 0.01
    return to_hex((shade * red, shade * green, shade * blue)) if shade < 1.0 else colour


def contrast(rgb: tuple[float, float, float]) -> float:
    """Contrast of a colour with white: (L₁ + 0.05) ÷ (L₂ + 0.05) of the relative luminances (WCAG 2.2, 1.4.3).

    >>> round(contrast((0.0, 0.0, 0.0)), 6)
    21.0
    """
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


@contextmanager
def settings() -> Iterator[None]:
    """Everything drawn inside has our look; outside nothing changes."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        # the SVG leaves such characters to the reader's own fonts
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "font.family": ["DejaVu Sans"],
                "font.size": FONT,
                "axes.titlesize": FONT,
                "axes.labelsize": FONT,
                "axes.edgecolor": MUTED,
                "axes.labelcolor": INK,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "axes.axisbelow": True,
                "axes.unicode_minus": True,
                "xtick.color": MUTED,
                "ytick.color": MUTED,
                "xtick.labelcolor": INK,
                "ytick.labelcolor": INK,
                "text.color": INK,
                # a name with dollar signs is a name, not a formula
                "text.parse_math": False,
                "text.usetex": False,
                "grid.color": GRID,
                "grid.linewidth": 0.6,
                "hatch.linewidth": 0.7,
                "legend.frameon": False,
                "legend.fontsize": FONT,
                # text stays text: it can be selected, searched and read aloud, is a tenth of the size, and a script that
                # DejaVu lacks is drawn by the reader's own fonts. Widths are measured in DejaVu Sans, and `svg` says how wide
                # each text may be in whatever font, so labels that do not collide here collide nowhere
                "svg.fonttype": "none",
                "svg.hashsalt": "chainsim",
            }
        )
        yield


def first_height(policies: int) -> float:
    """One height for all charts of the first screen, so that none leaves a hole beside another: room for a bar a policy."""
    return max(HEIGHT, 1.7 + (0.36 if policies <= FEW else 0.235) * policies)


def axis_words(low: float) -> str:
    """What to add to the words of an axis that does not start at 0: differences look larger than they are."""
    return "" if low <= 0 else ", axis not from 0"


def new_figure(height: float = HEIGHT) -> tuple[Figure, Axes]:
    """An empty figure with one pair of axes."""
    figure = Figure(figsize=(WIDTH, height), dpi=72, layout=ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.05))
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def finish(figure: Figure, title: str) -> None:
    """Put the title above, wrapped to the width, and settle the layout: nothing moves afterwards."""
    figure.suptitle(wrapped(figure, title, FONT + 1.0), x=0.012, ha="left", fontsize=FONT + 1.0, fontweight="bold")
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if (
                isinstance(axis.get_major_formatter(), ScalarFormatter)
                and max(map(abs, axis.get_view_interval())) >= 1000.0
            ):
                axis.set_major_formatter(
                    FuncFormatter(lambda v, _: grouped(v, 0))
                )  # thousands as everywhere on the page
    figure.draw_without_rendering()
    for axes in figure.axes:
        label = axes.yaxis.label
        if label.get_window_extent().height > axes.get_window_extent().height and ", " in label.get_text():
            # a label longer than its axis would run into the title
            room = axes.get_window_extent().height
            lines = label.get_text().rsplit(", ", 1)
            lines = [wrapped(figure, line, FONT, "normal", room) for line in (f"{lines[0]},", lines[1])]
            label.set_text("\n".join(lines))
            figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        hidden = max((_unmeasured(t.get_text(), FONT) for t in (*axes.get_yticklabels(), *axes.texts)), default=0.0)
        if hidden:
            box, room = axes.get_position(), hidden / (figure.get_figwidth() * 72)
            axes.set_position((box.x0 + room, box.y0, box.width - room, box.height))


def renderer_of(figure: Figure) -> RendererAgg:
    """What measures text."""
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    renderer: RendererAgg = canvas.get_renderer()  # type: ignore[no-untyped-call]
    return renderer


def text_size(figure: Figure, text: str, size: float = FONT, weight: str = "normal") -> tuple[float, float]:
    """Width and height of a line of text, points."""
    probe = figure.text(0, 0, text, fontsize=size, fontweight=weight)
    box = probe.get_window_extent(renderer_of(figure))
    probe.remove()
    return box.width + _unmeasured(text, size), box.height


def _unmeasured(text: str, size: float) -> float:
    """What East Asian characters and emoji, a full em in the reader's fonts, take beyond DejaVu's box for the unknown."""
    return 0.45 * size * sum(unicodedata.east_asian_width(c) in "WF" for c in text)


def wrapped(figure: Figure, text: str, size: float, weight: str = "bold", room: float | None = None) -> str:
    """The text broken into lines that fit the figure's width, or so many points."""
    room = figure.get_figwidth() * 72 * 0.965 if room is None else room
    lines: list[str] = []
    for word in words(text):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_size(figure, longer, size, weight)[0] <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def columns_that_fit(figure: Figure, texts: Sequence[str], handle: float = 28.0) -> int:
    """In how many columns a legend of these texts fits the figure's width; a handle takes so many points."""
    widest = max(text_size(figure, text)[0] for text in texts) + handle
    return max(1, min(len(texts), int(figure.get_figwidth() * 72 * 0.96 / widest)))


def grid(axes: Axes, axis: str = "both") -> None:
    axes.grid(visible=True, axis=axis)  # type: ignore[arg-type]
    axes.tick_params(length=2.5)
