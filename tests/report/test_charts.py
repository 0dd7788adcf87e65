"""Charts: titles that say the finding, a second channel beside colour, nothing global touched."""

from __future__ import annotations

import itertools
import subprocess
import sys

import matplotlib
import pytest

from chainsim.report.charts import CHARTS, Drawing, in_order
from chainsim.report.charts.style import look, renderer_of, settings
from chainsim.report.charts.svg import png_bytes, svg_bytes
from chainsim.report.facts import Facts
from chainsim.report.narrative import narrate

from .synthetic import Shape, make_results


def draw(id: str, shape: Shape = Shape()) -> Drawing | None:  # noqa: B008
    facts = Facts(make_results(shape))
    with settings():
        return CHARTS.get(id).draw(facts, narrate(facts))


def title(id: str, shape: Shape = Shape()) -> str:  # noqa: B008
    drawing = draw(id, shape)
    assert drawing is not None
    return drawing.title.replace("\u00a0", " ").replace("\u202f", " ")


def test_titles_say_the_finding() -> None:
    assert title("cost-service") == "Multi-echelon base stock meets the 95 % target at the lowest cost"
    assert (
        title("cost-service", Shape(target=0.99))
        == "No policy reaches the 99 % target; Multi-echelon base stock comes closest"
    )
    assert title("cost-stack").startswith("Multi-echelon base stock saves most against Just in time on shortage cost: ")
    assert title("bullwhip").startswith("Bullwhip at the plant: 1.79× under Multi-echelon base stock, 5.1")
    assert title("network") == "13 sites, 12 lanes, 1 product"


def test_the_first_screen_has_its_four_charts_first() -> None:
    assert [c.id for c in in_order()][:4] == ["cost-service", "cost-stack", "bullwhip", "stock-fan"]


@pytest.mark.parametrize(
    ("id", "shape"),
    [
        ("cost-stack", Shape(costs=False)),
        ("bullwhip", Shape(bullwhip=False)),
        ("site-service", Shape(site_scopes=False)),
        ("utilisation", Shape(site_scopes=False)),
        ("network", Shape(kinds=(("store", 1),), supplier=None)),
    ],
)
def test_a_chart_with_nothing_to_show_is_left_out(id: str, shape: Shape) -> None:
    assert draw(id, shape) is None


def test_without_costs_service_is_drawn_against_stock() -> None:
    drawing = draw("cost-service", Shape(costs=False))
    assert drawing is not None
    assert "average stock" in drawing.caption


def test_policies_differ_in_more_than_colour() -> None:
    looks = [look(i) for i in range(56)]
    assert len({(x.colour, x.marker) for x in looks}) == 56
    assert len({x.marker for x in looks[:8]}) == 8


def test_axes_carry_units() -> None:
    for id, words in (
        ("cost-service", ("k€/year", "%")),
        ("stock-fan", ("days", "units")),
        ("bullwhip", ("7 days", "Var")),
    ):
        drawing = draw(id)
        assert drawing is not None
        axes = drawing.figure.axes[0]
        assert words[0] in axes.get_xlabel().replace("\u00a0", " ")
        assert words[1] in axes.get_ylabel()


def test_the_fan_holds_what_its_title_says() -> None:
    results = make_results(Shape())
    table = results.series
    mine = table[(table["policy"] == "multi_echelon") & (table["site"] == "kind:store") & (table["start"] >= 0)]
    low, high = (mine[mine["statistic"] == q]["on_hand"] for q in ("q05", "q95"))
    assert f"between {low.min():.0f} and {high.max():.0f} units" in title("stock-fan")


@pytest.mark.parametrize("kinds", [3, 4, 7])
def test_names_of_echelons_do_not_touch(kinds: int) -> None:
    drawing = draw("bullwhip", Shape(kinds=tuple((f"distribution {i}", 1) for i in range(kinds))))
    assert drawing is not None
    figure = drawing.figure
    boxes = [t.get_window_extent(renderer_of(figure)) for t in figure.axes[0].get_xticklabels()]
    assert len(boxes) == kinds
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


def test_a_bar_s_name_is_flush_right_line_by_line() -> None:
    drawing = draw("cost-stack")
    assert drawing is not None
    names = [t for t in drawing.figure.axes[0].texts if t.get_horizontalalignment() == "right"]
    assert {"Multi-echelon", "base stock", "Just in time"} <= {t.get_text() for t in names}
    assert len({round(t.get_window_extent(renderer_of(drawing.figure)).x1, 6) for t in names}) == 1


def test_a_wide_bullwhip_is_drawn_on_a_log_scale() -> None:
    facts = Facts(make_results(Shape()))
    for kpis in facts._estimates.values():
        e = kpis["bullwhip_cumulative"]
        kpis["bullwhip_cumulative"] = type(e)((e.mean or 0.0) ** 3, e.half_width, e.level, e.n, e.method)
    with settings():
        drawing = CHARTS.get("bullwhip").draw(facts, narrate(facts))
        assert drawing is not None
        assert drawing.figure.axes[0].get_yscale() == "log"


def test_drawing_leaves_settings_alone() -> None:
    before = dict(matplotlib.rcParams)
    drawing = draw("network")
    assert drawing is not None
    assert dict(matplotlib.rcParams) == before


def test_a_user_s_own_settings_do_not_show() -> None:
    def make() -> tuple[bytes, bytes]:
        facts = Facts(make_results(Shape()))
        with settings():
            drawing = CHARTS.get("bullwhip").draw(facts, narrate(facts))
            assert drawing is not None
            return svg_bytes("bullwhip", drawing), png_bytes(drawing)

    usual = make()
    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9, "svg.fonttype": "path"}):
        assert make() == usual


def test_pyplot_is_never_imported() -> None:
    code = "import sys, chainsim.report; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_recommended_policy_that_amplifies_most_is_set_against_the_calmest() -> None:
    shape = Shape(policies={"a": ("Alpha", 0.97, 3.0e5), "b": ("Beta", 0.97, 3.5e5)})
    assert title("bullwhip", shape) == "Bullwhip at the plant: 5.19× under Alpha, 4.36× under Beta"
