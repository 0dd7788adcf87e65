"""Charts: titles that say the finding, a second channel beside colour, nothing global touched."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from typing import Any
from xml.etree import ElementTree

import matplotlib
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from chainsim.report.charts import CHARTS, Drawing, in_order
from chainsim.report.charts.style import axis_words, contrast, ink, look, renderer_of, settings
from chainsim.report.charts.svg import png_bytes, svg_bytes
from chainsim.report.facts import Facts
from chainsim.report.narrative import narrate
from chainsim.study.results import Results

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
        ("cost-service", ("€k/year", "%")),
        ("stock-fan", ("days", "units")),
        ("bullwhip", ("7 days", "Var")),
    ):
        drawing = draw(id)
        assert drawing is not None
        axes = drawing.figure.axes[0]
        assert words[0] in axes.get_xlabel().replace("\u00a0", " ")
        assert words[1] in axes.get_ylabel()


def bands(results: Results, *statistics: str, site: str = "kind:store") -> list[Any]:
    table = results.series
    mine = table[(table["policy"] == "multi_echelon") & (table["site"] == site) & (table["start"] >= 0)]
    return [mine[mine["statistic"] == q]["on_hand"] for q in statistics]


def test_the_fan_s_title_is_about_a_typical_time() -> None:
    low, high = bands(make_results(Shape()), "q05", "q95")
    assert f"at a typical time {low.median():.0f} to {high.median():.0f} units in nine of ten replications" in title(
        "stock-fan"
    )
    drawing = draw("stock-fan")
    assert drawing is not None
    assert f"at least nine of ten replications hold {low.min():.0f} to {high.max():.0f} units" in drawing.alt


@pytest.mark.parametrize(("n", "shades"), [(30, 4), (10, 2), (3, 0)])
def test_few_replications_say_nothing_about_tenths(n: int, shades: int) -> None:
    drawing = draw("stock-fan", Shape(n=n))
    assert drawing is not None
    assert len(drawing.figure.axes[0].collections) == shades  # of what is on hand and of what is owed
    tenths = "nine of ten replications" in f"{drawing.title} {drawing.alt}"
    assert tenths == (n >= 20)
    assert ("do not say what nine of ten would hold" in drawing.caption) == (8 <= n < 20)
    assert ("as a fan" in drawing.caption) == (n >= 8)
    assert ("too few to say how far others may lie from it" in drawing.caption) == (n < 8)


def test_what_is_owed_is_drawn_below_zero() -> None:
    drawing = draw("stock-fan")
    assert drawing is not None
    axes = drawing.figure.axes[0]
    assert axes.get_ylim()[0] < 0
    assert "below 0: owed" in axes.get_ylabel()
    assert all(t == int(t) for t in axes.get_yticks())  # a tick at 2.5 is not called 2
    results = make_results(Shape())
    results.series["backorders"] = 0.0
    facts = Facts(results)
    with settings():
        drawing = CHARTS.get("stock-fan").draw(facts, narrate(facts))
    assert drawing is not None
    assert drawing.figure.axes[0].get_ylim()[0] == 0
    assert "owed" not in drawing.figure.axes[0].get_ylabel()


def test_without_chance_the_net_stock_is_told_from_what_is_owed_to_what_is_there() -> None:
    results = make_results(Shape())
    series = results.series
    series["on_hand"] = [0.0 if i % 2 else 7.0 for i in series["bucket"]]
    series["backorders"] = [5.0 if i % 2 else 0.0 for i in series["bucket"]]
    facts = Facts(results)
    with settings():
        drawing = CHARTS.get("stock-fan").draw(facts, narrate(facts))
    assert drawing is not None
    assert drawing.title.startswith("Net stock of the ")
    assert drawing.title.endswith("lies between 5 units owed and 7 on hand in every replication")
    series["on_hand"], series["backorders"] = 90.0, 0.0
    facts = Facts(results)
    with settings():
        drawing = CHARTS.get("stock-fan").draw(facts, narrate(facts))
    assert drawing is not None
    assert drawing.title.endswith("is 90 units throughout in every replication")


def test_stock_over_time_is_of_an_echelon_that_keeps_every_product() -> None:
    results = make_results(Shape(products=("soup", "tea", "rice")))
    results.network["stock_points"] = [
        p for p in results.network["stock_points"] if p["site"] != "plant" or p["product"] == "soup"
    ]
    series = results.series
    wild = (series["site"] == "kind:plant") & (series["statistic"] == "q95")
    series.loc[wild, "on_hand"] *= 100  # the plant would be the most telling by far
    facts = Facts(results)
    with settings():
        drawing = CHARTS.get("stock-fan").draw(facts, narrate(facts))
    assert drawing is not None
    assert "the plant" not in drawing.title
    assert "Units of 3 products are added up." in drawing.caption


def test_a_long_axis_label_does_not_run_into_a_long_title() -> None:
    shape = Shape(
        policies={
            "a": ("Smoothed ordering with a very long name of its own (POUT)", 0.97, 3e5),
            "b": ("Beta", 0.9, 3e5),
        },
        products=("a product of many words",),
    )
    drawing = draw("stock-fan", shape)
    assert drawing is not None
    axes = drawing.figure.axes[0]
    title = drawing.figure._suptitle  # type: ignore[attr-defined]
    assert title.get_text().count("\n") >= 2
    assert axes.yaxis.label.get_window_extent().y1 <= title.get_window_extent().y0


def test_an_axis_of_time_says_what_it_counts_from() -> None:
    results = make_results(Shape())
    facts = Facts(results)
    assert facts.clock_words == "days since the end of the warm-up"
    results.manifest["time"]["warm_up"] = 0.0
    assert Facts(results).clock_words == "days since the start"


def test_an_axis_that_does_not_start_at_0_says_so() -> None:
    drawing = draw("cost-service")
    assert drawing is not None
    axes = drawing.figure.axes[0]
    assert axes.get_xlabel().endswith("axis not from 0")
    assert axes.get_ylabel().endswith("axis not from 0")
    assert axis_words(0.0) == ""
    drawing = draw("site-service")
    assert drawing is not None
    assert drawing.figure.axes[0].get_xlabel().endswith("axis not from 0")
    drawing = draw("cost-stack")
    assert drawing is not None
    assert drawing.figure.axes[0].get_xlim()[0] == 0


MANY = Shape(
    policies={
        f"p{i}": (
            f"A rule with a long name {i}",
            0.93 + 0.005 * i if i != 9 else 0.25,
            3e5 + 4e3 * i if i != 9 else 3e6,
        )
        for i in range(12)
    }
)


def test_one_outlier_does_not_squeeze_the_others_into_a_blob() -> None:
    drawing = draw("cost-service", MANY)
    assert drawing is not None
    axes = drawing.figure.axes[0]
    assert axes.get_xlim()[1] < 500
    assert "Too far off for this picture: A rule with a long name 9" in drawing.caption
    assert drawing.alt.count("A rule with a long name 9") == 2  # the numbers of all are told
    usual = draw("cost-service")
    assert usual is not None
    assert "Too far off" not in usual.caption


def test_twelve_policies_fit_every_chart_of_the_first_screen() -> None:
    heights = set()
    for id in ("cost-service", "cost-stack", "bullwhip", "stock-fan"):
        drawing = draw(id, MANY)
        assert drawing is not None
        figure = drawing.figure
        figure.draw_without_rendering()
        heights.add(figure.get_figheight())
        page = figure.bbox
        texts = [t for t in figure.axes[0].texts if t.get_text()]
        own = Text.get_window_extent
        boxes = [own(t, renderer_of(figure)) for t in texts]
        assert all(b.x0 >= page.x0 and b.x1 <= page.x1 and b.y0 >= page.y0 and b.y1 <= page.y1 for b in boxes), id
        title = figure._suptitle  # type: ignore[attr-defined]
        assert not any(b.overlaps(title.get_window_extent()) for b in boxes), id
        if id != "cost-service":
            assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2)), id
    assert len(heights) == 1  # no chart leaves a hole beside a taller one


def test_twelve_policies_have_twelve_colours() -> None:
    looks = [look(i) for i in range(12)]
    assert len({x.colour for x in looks}) == 12
    assert len({(x.marker, x.dash) for x in looks}) == 12


def test_words_in_colour_can_be_read_on_white() -> None:
    for i in range(12):
        assert contrast(to_rgb(ink(look(i).colour))) >= 4.5
    svg = ElementTree.fromstring(report_svg("cost-service"))
    fills = re.findall(
        r"fill: (#[0-9a-f]{6})", " ".join(e.get("style", "") for e in svg.iter() if e.tag.endswith("}text"))
    )
    assert fills
    assert all(contrast(to_rgb(c)) >= 4.5 for c in fills)


def report_svg(id: str, shape: Shape = Shape()) -> bytes:  # noqa: B008
    facts = Facts(make_results(shape))
    with settings():
        drawing = CHARTS.get(id).draw(facts, narrate(facts))
        assert drawing is not None
        return svg_bytes(id, drawing)


def test_the_reader_s_fonts_do_not_change_the_width_of_a_text() -> None:
    for id in ("cost-service", "bullwhip", "network"):
        texts = [e for e in ElementTree.fromstring(report_svg(id)).iter() if e.tag.endswith("}text")]
        long = [e for e in texts if len(e.text or "") > 1]
        assert len(long) > 5
        for e in long:
            assert e.get("lengthAdjust") == "spacingAndGlyphs"
            size = float(re.search(r"([0-9.]+)px", e.get("style", ""))[1])  # type: ignore[index]
            assert 0.2 * size < float(e.get("textLength", "0")) / len(e.text or "") < 0.85 * size


def test_a_script_that_dejavu_lacks_keeps_its_own_width() -> None:
    shape = Shape(policies={"a": ("日本語", 0.97, 3e5), "b": ("Beta", 0.96, 3e5)})
    texts = {e.text: e for e in ElementTree.fromstring(report_svg("cost-service", shape)).iter() if e.text}
    assert texts["日本語"].get("textLength") is None
    assert texts["Beta"].get("textLength") is not None


def test_a_chain_that_passes_its_orders_on_needs_no_picture_of_it() -> None:
    facts = Facts(make_results(Shape()))
    for kpis in facts._estimates.values():
        e = kpis["bullwhip_cumulative"]
        kpis["bullwhip_cumulative"] = type(e)(1.0, 0.0, e.level, e.n, e.method)
    with settings():
        assert CHARTS.get("bullwhip").draw(facts, narrate(facts)) is None


def test_a_bullwhip_whose_interval_holds_everything_is_no_finding() -> None:
    facts = Facts(make_results(Shape(n=3)))
    for kpis in facts._estimates.values():
        e = kpis["bullwhip_cumulative"]
        kpis["bullwhip_cumulative"] = type(e)(3000.0, 4000.0, e.level, e.n, e.method)
    with settings():
        drawing = CHARTS.get("bullwhip").draw(facts, narrate(facts))
    assert drawing is not None
    assert drawing.title == "Bullwhip at the plant cannot be told with 3 replications under Multi-echelon base stock"


def test_kinds_of_sites_are_written_as_words() -> None:
    facts = Facts(make_results(Shape()))
    assert facts.place("dc") == "the DC"
    drawing = draw("network")
    assert drawing is not None
    assert "DC 1, store 10" in drawing.alt


def test_one_machine_needs_no_chart_of_utilisation() -> None:
    assert draw("utilisation") is None
    assert draw("utilisation", Shape(kinds=(("store", 2), ("plant", 3)))) is not None


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


@pytest.mark.parametrize("id", CHARTS.names())
def test_no_text_is_smaller_than_eleven_pixels_on_a_phone(id: str) -> None:
    """On a phone of 390 px a chart goes from edge to edge; its text grows and shrinks with it."""
    shape = Shape(
        policies={"a": ("Alpha", 0.97, 3e5), "b": ("Beta, a name of several words", 0.9, 3e5)},
        kinds=(("store", 3), ("dc", 2), ("plant", 2)),
    )
    root = ElementTree.fromstring(report_svg(id, shape))
    wide = float(root.get("viewBox", "").split()[2])
    sizes = [float(size) for e in root.iter() for size in re.findall(r"font[^;]*?([0-9.]+)px", e.get("style", ""))]
    assert len(sizes) > 3
    assert min(sizes) * 390 / wide >= 11


def test_all_sites_means_those_where_customers_buy() -> None:
    """A warehouse that runs short on purpose misses any target; the chart is not about it."""
    assert "10 store sites" in title("site-service", Shape(target=0.5))


def test_ends_of_a_lopsided_interval_are_drawn_where_they_are() -> None:
    results = make_results(Shape())
    rows = results.summary["kpi"] == "fill_rate"
    results.summary.loc[rows, ["mean", "half_width", "low", "high"]] = (0.97, 0.05, 0.84, 0.995)
    facts = Facts(results)
    with settings():
        drawing = CHARTS.get("site-service").draw(facts, narrate(facts))
    assert drawing is not None
    assert "All 10 store sites meet the 95 % target on average" in drawing.title.replace("\u00a0", " ")
    bars = [s for c in drawing.figure.axes[0].collections for s in c.get_segments()]  # type: ignore[attr-defined]
    assert bars
    assert all((round(s[0][0], 6), round(s[1][0], 6)) == (84.0, 99.5) for s in bars)


def test_thousands_are_written_alike_on_axes_and_beside_them() -> None:
    drawing = draw("cost-service", Shape(policies={"a": ("A", 0.97, 2_000.0), "b": ("B", 0.96, 9_000.0)}))
    assert drawing is not None
    drawing.figure.draw_without_rendering()
    ticks = [t.get_text() for t in drawing.figure.axes[0].get_xticklabels()]
    assert "4\u202f000" in ticks


def test_a_mean_in_a_title_has_the_digits_of_its_interval() -> None:
    assert " units on average at the ends of buckets" in title("stock-fan", Shape(n=3))
