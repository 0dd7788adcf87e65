"""The network: sites by echelon from upstream (left) to downstream, and the lanes between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from chainsim.report.charts.base import Drawing, chart
from chainsim.report.charts.style import BLUE, FONT, INK, MUTED, ORANGE, finish, new_figure
from chainsim.report.facts import Facts, kind_words
from chainsim.report.names import shown, two_lines
from chainsim.report.numbers import several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from chainsim.report.verdict import Narrative

MOST = 40
"""Above so many sites the picture shows echelons, not sites."""


class _Node(NamedTuple):
    column: int
    text: str
    supplier: bool


@chart("network", place="below", rank=1)
def draw(facts: Facts, narrative: Narrative) -> Drawing | None:
    """None with a single site."""
    network: dict[str, Any] = dict(facts.tables.network)
    kinds = list(reversed(network["echelons"]))
    used = {p["site"] for p in network["stock_points"]}  # a site that holds nothing belongs to no echelon
    kind_of = {s["name"]: s["kind"] for s in network["sites"] if s["name"] in used}
    per_kind = Counter(kind_of.values())
    # one from a site to another, whatever goes over it: as `validate` and the manifest count
    lanes = Counter(
        (lane["from"], lane["to"]) for lane in network["lanes"] if not lane["production"] and lane["from"] != lane["to"]
    )
    if len(kind_of) < 2:
        return None
    counts = ", ".join(f"{kind_words(k, 24)} {n}" for k in kinds if (n := per_kind[k]))
    if len(kind_of) > MOST:
        suppliers = {kind_of[s] for s in facts.unlimited}
        nodes = {
            k: _Node(i, f"{kind_words(k, 18)}\n{several(per_kind[k], 'site')}", k in suppliers)
            for i, k in enumerate(kinds)
        }
        arcs = Counter[tuple[str, str]]()
        for origin, target in lanes:
            arcs[kind_of[origin], kind_of[target]] += 1
        texts = {arc: several(n, "lane") for arc, n in arcs.items()}
        note = " Each circle stands for all sites of an echelon."
    else:
        place = {k: i for i, k in enumerate(kinds)}
        nodes = {s: _Node(place[k], shown(s, 16), s in facts.unlimited) for s, k in kind_of.items()}
        arcs, texts, note = Counter(lanes), {}, ""
    title = f"{several(len(kind_of), 'site')}, {several(len(lanes), 'lane')}, {several(len(facts.products), 'product')}"
    tallest = max(Counter(n.column for n in nodes.values()).values())
    figure, axes = new_figure(min(6.4, max(2.4, 1.3 + 0.27 * tallest)))
    _draw(axes, nodes, sorted(arcs), texts, [two_lines(kind_words(k), 14) for k in kinds])
    finish(figure, title)
    squares = "; squares are suppliers of unlimited stock" if facts.unlimited else ""
    return Drawing(
        figure,
        title,
        f"The network, upstream on the left{squares}.{note}",
        f"Sites: {counts}.",
    )


def _draw(
    axes: Axes,
    nodes: dict[str, _Node],
    arcs: Sequence[tuple[str, str]],
    texts: dict[tuple[str, str], str],
    heads: list[str],
) -> None:
    columns: dict[int, list[str]] = {}
    for name, node in nodes.items():
        columns.setdefault(node.column, []).append(name)
    at = {
        name: (column, 1 - (i + 0.5) / len(names)) for column, names in columns.items() for i, name in enumerate(names)
    }
    together = bool(texts)
    for origin, target in arcs:
        (x0, y0), (x1, y1) = at[origin], at[target]
        axes.annotate(
            "", (x1, y1), (x0, y0),
            arrowprops={
                "arrowstyle": "-|>", "color": MUTED, "linewidth": 0.8, "shrinkA": 5, "shrinkB": 5, "mutation_scale": 7,
                "connectionstyle": "arc3,rad=0.25" if abs(x1 - x0) > 1 or x1 == x0 else "arc3",
            },
        )  # fmt: skip
        if (origin, target) in texts:
            lift = 0.09 + (0.12 if abs(x1 - x0) > 1 else 0.0)
            axes.text(
                (x0 + x1) / 2,
                (y0 + y1) / 2 + lift,
                texts[origin, target],
                ha="center",
                va="bottom",
                color=MUTED,
                fontsize=FONT,
            )
    for supplier, marker, colour in ((True, "s", ORANGE), (False, "o", BLUE)):
        own = [at[n] for n, node in nodes.items() if node.supplier == supplier]
        axes.scatter(
            [x for x, _ in own], [y for _, y in own], s=60 if together else 34, marker=marker, color=colour, zorder=3
        )
    last = max(columns)
    for name, node in nodes.items():
        x, y = at[name]
        # the last column's names stand outside, all others below their circle, where no other name can reach
        beside = node.column == last and not together
        axes.annotate(
            node.text, (x, y), (7, 0) if beside else (0, -7), textcoords="offset points", ha="left" if beside else "center",
            va="center" if beside else "top", fontsize=FONT, color=INK, annotation_clip=False,
            bbox=None if beside else {"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
        )  # fmt: skip
    for column, head in enumerate(heads):
        axes.text(column, 1.04, head, ha="center", va="bottom", fontweight="bold", fontsize=FONT)
    axes.set_xlim(-0.45, len(heads) - 1 + 0.6)
    axes.set_ylim(-0.06, 1.1)
    axes.set_axis_off()
