"""The page: safe, complete, the same every time, and true to the tables."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from markupsafe import Markup as HTML

from chainsim.report import write_report
from chainsim.report.adviser import run_adviser
from chainsim.report.appendix import audit_table, definitions_table, derived_tables
from chainsim.report.charts import CHARTS
from chainsim.report.decision import decide
from chainsim.report.facts import Facts
from chainsim.report.html import data_text, page_html
from chainsim.report.live import Block, Live
from chainsim.report.narrative import narrate
from chainsim.report.precision import replications
from chainsim.report.screen import MOST, Screen
from chainsim.report.tables import measures_table, policies_table

from .synthetic import Shape, make_results

pytestmark = pytest.mark.usefixtures("without_charts")

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</script><svg onload=alert(1)>", "{{7*7}}", "javascript:alert(1)",
    "a&b;&lt;", "url(#evil)", "$\\frac{1}{0}$", "_private", "=1+1", "\x1b[31mred\u202e", "日本語 🚚", "x" * 5000,
)  # fmt: skip
EVIL = Shape(
    policies={HOSTILE[0]: (HOSTILE[1], 0.90, 3.0e5), HOSTILE[8]: (HOSTILE[7], 0.96, 2.9e5), HOSTILE[9]: (HOSTILE[10], 0.97, 3.3e5)},
    kinds=(("store", len(HOSTILE)), ("</title><b>", 1), ("]]>", 1)), site_names={"store": HOSTILE}, products=(HOSTILE[0], HOSTILE[3]),
    supplier=HOSTILE[6], title=HOSTILE[0] + HOSTILE[3], story=HOSTILE[2], name='../"><b>', currency="<b>",
    warnings=({"policy": HOSTILE[8], "where": HOSTILE[0], "message": HOSTILE[1], "cure": ""},),
)  # fmt: skip
LARGE = Shape(kinds=(("store", 120), ("dc", 8), ("plant", 1)), products=("a", "b"), n=2)


@cache
def report(which: str = "usual") -> dict[str, bytes]:
    return write_report(make_results({"usual": Shape(), "evil": EVIL, "large": LARGE}[which]))


def page(which: str = "usual") -> str:
    return report(which)["report.html"].decode()


class Markup(HTMLParser):
    """Tags, attributes, numbers with their text, of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.data: list[tuple[float, str]] = []
        self._value: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))
        if tag == "data":
            self._value = dict(attrs)["value"]

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        if self._value is not None:
            self.data.append((float(self._value), data))
            self._value = None


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_security_policy_names_every_script_and_style_by_its_hash() -> None:
    text = page()
    metas = [a for tag, a in Markup(text).tags if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy"]
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert (len(scripts), len(styles)) == (1, 1)
    assert metas[0]["content"] == (
        f"default-src 'none'; script-src {hashed(scripts[0])}; style-src {hashed(styles[0])}; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def test_what_the_living_part_brings_is_in_the_page_and_in_its_policy() -> None:
    facts = Facts(make_results(Shape()))
    live = Live(
        HTML('<p id="levers">Levers</p>'), ("let engine = 2;",), ("let lever = 1;",), (".lever{color:red}",), (Block("engine", "application/wasm;base64", "AGFzbQ=="),), True
    )  # fmt: skip
    text = page_html(facts, decide(facts, narrate(facts)), live)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    for part in (
        hashed("let engine = 2;"),
        hashed("let lever = 1;"),
        hashed(".lever{color:red}"),
        "'wasm-unsafe-eval'",
        "worker-src blob:",
    ):
        assert part in policy[1]
    assert '<section class="card" id="try"><p id="levers">Levers</p></section>' in text
    assert '<script type="application/wasm;base64" id="engine">AGFzbQ==</script>' in text
    assert (
        text.index("<script>let engine = 2;</script>")
        < text.index("<main>")
        < text.index("<script>let lever = 1;</script>")
        < text.index('<nav aria-label="Contents">')  # before what is below the first screen is read
    )
    assert '<html lang="en" data-live="static">' in text
    off = page_html(facts, decide(facts, narrate(facts)), Live(HTML("<p>No levers on this page: too many events.</p>")))
    assert '<html lang="en" data-live="off">' in off


@pytest.mark.parametrize("which", ["usual", "evil", "large"])
def test_nothing_is_loaded_and_only_ours_runs(which: str) -> None:
    parsed = Markup(page(which))
    allowed = re.compile(
        r"#[a-z0-9-]+|data:,|data:text/csv;base64,[A-Za-z0-9+/=]*|order-parameters\.csv|scenario\.yaml|workbook\.xlsx"
    )
    for tag, attributes in parsed.tags:
        assert tag not in ("iframe", "object", "embed", "img", "form", "base")
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name != "style"
            if name in ("href", "xlink:href", "src", "srcset", "action"):
                assert allowed.fullmatch(value), value[:80]
    scripts = [a for tag, a in parsed.tags if tag == "script"]
    assert scripts == [{"type": "application/json", "id": "page-data"}, {}]
    assert "@import" not in page(which)
    assert "@font-face" not in page(which)


def test_data_in_the_page_cannot_end_its_element() -> None:
    assert data_text({"a": "</script><!--"}) == '{"a":"\\u003c/script>\\u003c!--"}'
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', page("evil"), re.DOTALL)
    assert found is not None
    assert json.loads(found[1])["policies"][0]["label"].startswith('"><img src=x')


def test_names_are_text_wherever_they_stand() -> None:
    text = page("evil")
    for start in ("<script>alert", "<img", "<svg onload"):
        assert start not in text
    assert text.count("<script") == text.count("</script") == 2
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "⟨U+202E⟩" in text


def test_ids_are_ours_and_unique() -> None:
    ids = [a["id"] for _, a in Markup(page("evil")).tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", i) for i in ids)


@pytest.mark.parametrize("which", ["usual", "evil", "large"])
def test_every_svg_is_wellformed_and_has_a_text_alternative(which: str) -> None:
    svgs = {n: b for n, b in report(which).items() if n.endswith(".svg")}
    assert {n.removeprefix("charts/").removesuffix(".svg") for n in svgs} <= set(CHARTS.names())
    for name, data in svgs.items():
        root = ElementTree.fromstring(data)
        assert [e.tag.rpartition("}")[2] for e in root[:2]] == ["title", "desc"], name
        assert all(e.text for e in root[:2]), name
        assert not root.findall(".//{http://www.w3.org/2000/svg}style")
        assert not root.findall(".//{http://www.w3.org/2000/svg}metadata")
        values = [value for e in root.iter() for value in e.attrib.values()]
        refs = {r for value in values for r in re.findall(r"(?:url\(|^)#([a-z-]+-\d+)", value)}
        assert refs
        assert refs <= {e.get("id") for e in root.iter()}


def test_the_same_results_give_the_same_bytes() -> None:
    assert write_report(make_results(Shape())) == report()


def test_the_page_does_not_say_when_or_where_it_was_made() -> None:
    results = make_results(Shape())
    results.manifest["finished"] = "2031-05-06T07:08:09Z"
    assert write_report(results)["report.html"] == report()["report.html"]


def test_every_number_on_the_page_is_one_of_the_tables() -> None:
    results = make_results(Shape())
    known = set()
    for table, columns in (
        (results.summary, ["mean"]), (results.comparison, ["difference"]), (results.derived, ["value", "exact"]), (results.audit, ["value"]),
        (results.pairs, ["difference"]), (results.risk, ["value"]),
    ):  # fmt: skip
        for column in columns:
            known.update(float(v) for v in table[column].dropna())
    shown = Markup(page()).data
    assert len(shown) > 200
    assert [(v, t) for v, t in shown if v not in known] == []


def test_the_text_of_a_number_is_its_value_rounded() -> None:
    facts = Facts(make_results(Shape()))
    texts = dict(Markup(page()).data)
    chosen = facts.policies[3]
    fill, cost = facts.mean(chosen, "fill_rate"), facts.mean(chosen, "total_cost")
    assert fill is not None
    assert cost is not None
    number = re.compile(r"[\d.]+")
    assert float(number.match(texts[fill]).group()) == pytest.approx(100 * fill, abs=0.05)  # type: ignore[union-attr]
    assert float(number.match(texts[cost]).group()) == pytest.approx(cost / 1000, abs=0.05)  # type: ignore[union-attr]


def test_sections_come_in_the_promised_order() -> None:
    text = page()
    marks = [
        "<b>Regional grocer</b>", "seed 7", 'class="badge"', 'id="verdict"', 'id="do"', 'id="cash"', 'id="risk-first"', "chart-cost-service",
        'id="what-if"', '<nav aria-label="Contents">', 'id="trust"', 'id="bullwhip"', 'id="over-time"', 'id="story"', 'id="policies"', 'id="risk"',
        'id="delivered"', 'id="network"', 'id="measures"', 'id="parameters"', 'id="advice"', 'id="audit"', 'id="definitions"',
    ]  # fmt: skip
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)


def test_undefined_is_a_dash_with_its_reason() -> None:
    text = write_report(make_results(Shape(bullwhip=False)))["report.html"].decode()
    assert (
        "– Bullwhip ratio, cumulative: the incoming variance is 0, fewer than two full buckets, or a component of different things."
        in text
    )
    assert ">nan<" not in text.lower()
    assert 'value="nan"' not in text


def test_service_measures_stand_together() -> None:
    head = page()[page().index("<figcaption>All policies") :]
    order = [head.index(title) for title in ("Fill rate", "Cycle service level", "Ready rate")]
    assert order == sorted(order)


def test_warnings_are_linked_from_the_top() -> None:
    assert '<a href="#warnings">1 warning</a>' in page("evil")
    assert 'id="warnings"' not in page()


def test_a_large_network_is_told_in_a_small_page() -> None:
    text = page("large")
    assert len(text) < 1_000_000
    assert "89 sites with a higher fill rate left out here" in text.replace("\u202f", "")


def test_a_run_of_one_policy_without_costs_target_or_echelons() -> None:
    shape = Shape(
        policies={"a": ("Alpha", 0.97, 1.0)}, kinds=(("store", 1),), supplier=None, target=None, n=1, costs=False, bullwhip=False,
        currency="", site_scopes=False,
    )  # fmt: skip
    files = write_report(make_results(shape))
    text = files["report.html"].decode()
    assert "Alpha, the only policy of this run." in text
    assert "The scenario names no costs, so stock stands for money." in text
    assert "charts/cost-stack.svg" not in files


def test_the_audit_judges_only_what_has_a_limit() -> None:
    results = make_results(Shape())
    rows = {row[0].text: row for row in audit_table(Facts(results)).rows}
    assert [rows[check][4].text for check in ("units conserved", "Little’s law", "events")] == ["passed", "passed", ""]
    results.audit.loc[results.audit["check"] == "littles_law", "passed"] = False
    assert {row[4].text for row in audit_table(Facts(results)).rows if row[0].text == "Little’s law"} == {"failed"}


def test_the_audit_has_one_row_a_check_and_its_worst_value() -> None:
    results = make_results(Shape())
    audit = results.audit
    audit.loc[(audit["policy"] == "eoq") & (audit["check"] == "littles_law"), "value"] = 4.4e-16
    audit.loc[(audit["policy"] == "eoq") & (audit["check"] == "events"), "value"] = 1000.0
    audit.loc[audit["check"] == "units_conserved", "meaning"] = [f"in {n} balances" for n in (5100, 4080, 5100, 999)]
    rows = {row[0].text: [cell.text for cell in row] for row in audit_table(Facts(results)).rows}
    assert len(rows) == 3
    assert rows["Little’s law"][1:4] == ["all", "4\u00a0×\u00a010⁻¹⁶", "10⁻⁹"]
    assert rows["events"][2].replace("\u202f", "") == "1000 to 1234567"
    assert rows["units conserved"][5].replace("\u202f", "") == "in 999 to 5100 balances"
    assert "e-" not in "".join(text for row in rows.values() for text in row)
    # one policy of which something else is to be said has a row of its own
    audit.loc[(audit["policy"] == "jit") & (audit["check"] == "littles_law"), "passed"] = False
    split = [row for row in audit_table(Facts(results)).rows if row[0].text == "Little’s law"]
    assert [(row[1].text, row[4].text) for row in split] == [
        ("Just in time", "failed"),
        ("Economic order quantity, Order point (s, Q), Multi-echelon base stock", "passed"),
    ]


def test_zeros_are_named_and_not_shown() -> None:
    text = page()
    measures = text[text.index('id="measures"') : text.index('id="parameters"')]
    assert "Cost against" not in measures
    results = make_results(Shape())
    summary = results.summary
    summary.loc[summary["kpi"] == "outdating_cost", "mean"] = 0.0
    table = measures_table(Facts(results))
    assert "Outdating cost" not in {row[0].text for row in table.rows}
    assert table.notes[0] == "0 under every policy, and not shown: outdating cost."
    summary.loc[(summary["kpi"] == "outdating_cost") & (summary["policy"] == "eoq"), "mean"] = 3.0
    assert "Outdating cost" in {row[0].text for row in measures_table(Facts(results)).rows}


def test_definitions_do_not_repeat_the_window() -> None:
    table = definitions_table(Facts(make_results(Shape())))
    assert sum("the statistics window" in row[4].text for row in table.rows) == 0
    assert "the statistics window, after the warm-up" in table.notes[0]


def test_what_is_nothing_here_is_named_and_not_defined() -> None:
    results = make_results(Shape())
    shown = len(definitions_table(Facts(results)).rows)
    results.summary.loc[results.summary["kpi"] == "turns", "mean"] = float("nan")
    table = definitions_table(Facts(results))
    assert len(table.rows) == shown - 1
    assert "`outdating_cost`" in table.notes[1]
    assert "`turns`" in table.notes[1]


def test_one_reason_is_told_once() -> None:
    results = make_results(Shape())
    for kpi in ("utilisation", "turns"):
        results.summary.loc[results.summary["kpi"] == kpi, ["mean", "half_width"]] = float("nan")
    (note,) = (n for n in measures_table(Facts(results)).notes if "tilisation" in n)
    assert note.startswith("– Utilisation, inventory turns: ")


def test_a_bullwhip_that_the_top_echelon_has_not_is_the_network_s() -> None:
    results = make_results(Shape())
    summary = results.summary
    at_top = (summary["kpi"] == "bullwhip_cumulative") & (summary["site"] == f"kind:{Facts(results).top}")
    assert at_top.any()
    assert any(
        head.startswith("Bullwhip at") for head, _ in policies_table(Facts(results), narrate(Facts(results))).columns
    )
    summary.loc[at_top, ["mean", "half_width"]] = float("nan")
    table = policies_table(Facts(results), narrate(Facts(results)))
    at = [head for head, _ in table.columns].index("Bullwhip ratio, cumulative")
    assert all(row[at].value is not None for row in table.rows)
    facts = Facts(results)
    busy = Screen(decide(facts, narrate(facts)), None).busy
    assert busy is not None
    assert not any("Bullwhip" in head for head, _ in busy.columns)
    assert {len(row) for row in busy.rows} == {4}


def test_backticks_are_code_and_nothing_else_is() -> None:
    text = page()
    assert "`" not in text[text.index('id="definitions"') : text.index("<script")]
    assert "<code>in_transit_owner</code>" in text


def test_one_name_is_one_number() -> None:
    results = make_results(Shape())
    summary = results.summary
    wide = (summary["kpi"] == "bullwhip_cumulative") & (summary["site"] == "")
    summary.loc[wide, "mean"] = 99.0  # of each product's most upstream echelon: another measure
    facts = Facts(results)
    narrative = narrate(facts)
    chosen = facts.policies[narrative.chosen]
    plant = facts.mean(chosen, "bullwhip_cumulative", "kind:plant")
    table = policies_table(facts, narrative)
    column = [head for head, _ in table.columns].index("Bullwhip at the plant")
    assert table.rows[chosen.index][column].value == plant
    busy = Screen(decide(facts, narrative), None).busy
    assert busy is not None
    assert busy.rows[chosen.index][-1].value == plant


def test_the_verdict_is_seen_without_scrolling() -> None:
    facts = Facts(make_results(Shape()))
    assert [head for head, _ in policies_table(facts, narrate(facts)).columns][:2] == ["Policy", "Verdict"]


def test_a_figure_whose_interval_holds_everything_is_no_figure() -> None:
    results = make_results(Shape())
    summary = results.summary
    summary.loc[summary["kpi"] == "bullwhip_cumulative", ["mean", "half_width"]] = [3000.0, 4000.0]
    facts = Facts(results)
    busy = Screen(decide(facts, narrate(facts)), None).busy
    assert busy is not None
    assert {(row[-1].text, row[-1].value) for row in busy.rows} == {("cannot be told", None)}


def test_of_many_policies_the_first_screen_shows_those_that_matter() -> None:
    many = {f"p{i}": (f"Policy {i}", 0.96, 3e5 + 1e4 * abs(i - 9)) for i in range(12)}
    facts = Facts(make_results(Shape(policies=many)))
    screen = Screen(decide(facts, narrate(facts)), None)
    assert {p.index for p in screen.rows} >= {0, 9}
    assert len(screen.rows) == MOST
    assert {p.index for p in screen.cost_rows} >= {0, 9}
    assert len(screen.cost_rows) == MOST - 1
    assert screen.left_out == "6 more policies in the tables below."


def test_of_many_ties_the_choice_and_the_baseline_stay_on_the_first_screen() -> None:
    many = {f"p{i}": (f"Policy {i}", 0.97, 3e5 + i * (i < 11)) for i in range(12)}
    facts = Facts(make_results(Shape(policies=many, n=5)))
    screen = Screen(decide(facts, narrate(facts)), None)
    assert len(screen.s.choice.ties) > MOST
    for rows in (screen.rows, screen.cost_rows):
        assert {p.index for p in rows} >= {0, screen.s.choice.best}


def test_landmarks_have_names_of_their_own() -> None:
    labels = [
        a["aria-label"]
        for tag, a in Markup(page()).tags
        if "aria-label" in a and (tag in ("section", "nav") or a.get("role") == "region")
    ]
    assert len(labels) == len(set(labels))


def test_the_adviser_says_what_is_not_counted_and_what_was_found() -> None:
    results = make_results(Shape())
    told = run_adviser(Facts(results))[-2:]
    assert told[0] == "The first 84\u00a0days (warm-up) are not counted."
    assert told[1].endswith("no sign that a longer warm-up is needed.")
    results.manifest["time"]["warm_up"] = 0.0
    assert run_adviser(Facts(results))[-2].startswith("The scenario has no warm-up")
    del results.files["warm_up.csv"]
    assert "run them again" in run_adviser(Facts(results))[-1]


def test_every_symbol_of_the_formulas_is_explained_once() -> None:
    text = page()
    parameters = text[text.index('id="parameters"') : text.index('id="advice"')]
    assert "<dt>σ_L</dt><dd>standard deviation of the lead time</dd>" in parameters
    terms = re.findall(r"<dt>(.*?)</dt>", parameters)
    assert len(terms) == len(set(terms))
    assert {"d", "L", "s", "z"} <= set(terms)


def test_what_is_said_of_rounding_is_what_was_done() -> None:
    results = make_results(Shape())
    assert derived_tables(Facts(results))[0].notes == ["The reorder point was rounded up to a whole unit."]
    results.derived["exact"] = 154.2
    assert derived_tables(Facts(results))[0].notes == ["The reorder point was rounded down to a whole unit."]
    results.derived["exact"] = 154.0
    assert derived_tables(Facts(results))[0].notes == []
    assert "rounded up to whole units" not in page()


def test_parameters_that_are_the_same_share_a_row() -> None:
    tables = derived_tables(Facts(make_results(Shape())))
    assert [len(t.rows) for t in tables] == [1, 1, 1]
    assert tables[0].rows[0][0].text == "store-1 / soup and 11 more"
    assert [c.text for c in tables[0].rows[0][2:4]] == ["154", "153.27"]


def test_the_run_adviser_asks_for_what_the_precision_needs() -> None:
    facts = Facts(make_results(Shape(n=5)))
    needed = []
    for policy in facts.policies:
        e = facts.estimate(policy, "total_cost")
        assert e.mean is not None
        assert e.half_width is not None
        needed.append(math.ceil(5 * (e.half_width / (0.01 * e.mean)) ** 2))
    told = run_adviser(facts)
    assert any(f"±1\u00a0% of total cost {replications(max(needed))} are needed" in sentence for sentence in told)
    assert any("52 full buckets of 7\u00a0days" in sentence for sentence in told)


def test_where_nothing_is_random_nothing_is_said_of_precision() -> None:
    """The beer game was told how well the variance of its buckets is known."""
    results = make_results(Shape())
    results.summary["half_width"] = 0.0
    told = run_adviser(Facts(results))
    assert told[0] == "Nothing here is random: one replication tells all there is to know."
    assert not any("normal buckets" in sentence for sentence in told)
    assert "Nothing here is random: all replications are the same" in write_report(results)["report.html"].decode()


def test_what_is_enough_is_not_told_with_who_needs_most() -> None:
    facts = Facts(make_results(Shape(n=1000)))
    assert any("replications of this run are enough." in sentence for sentence in run_adviser(facts))
    assert not any("the most)" in sentence and "enough" in sentence for sentence in run_adviser(facts))


def test_a_level_that_follows_a_season_is_told_with_its_ends() -> None:
    """Base 154, from half the mean demand to twice."""
    results = make_results(Shape())
    results.derived["inputs"] = (
        "d = 20.0; lowest factor = 0.5; rise at lowest = -60.0; highest factor = 2.0; rise at highest = 130.0"
    )
    table = derived_tables(Facts(results))[0]
    at = [head for head, _ in table.columns].index("Over the season")
    assert table.rows[0][at].text == "94 (demand × 0.5) to 284 (demand × 2)"
    assert table.rows[0][-1].text == "d = 20"
    assert "Over the season" not in [head for head, _ in derived_tables(Facts(make_results(Shape())))[0].columns]


def test_what_is_not_kept_is_said_once() -> None:
    results = make_results(Shape())
    results.manifest["detail"]["left_out"] = [
        f"{name} goes down to the site (9 of 90 parts of the network)"
        for name in ("summary.csv", "replications.csv", "series.csv")
    ]
    text = write_report(results)["report.html"].decode()
    assert text.count("Not everything is kept") == 1
    assert "keeps all of summary.csv and replications.csv." in text


def test_a_measure_that_is_undefined_everywhere_has_its_reason_and_no_row() -> None:
    results = make_results(Shape())
    results.summary.loc[results.summary["kpi"] == "utilisation", ["mean", "half_width"]] = float("nan")
    table = measures_table(Facts(results))
    assert not any(row[0].text == "Utilisation" for row in table.rows)
    assert any("Utilisation" in note for note in table.notes)
