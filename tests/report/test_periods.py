"""A clock that counts in periods and names no year: what is counted per year is counted by the period, and said so."""

from __future__ import annotations

import re

from chainsim.report.decision import decide
from chainsim.report.decision.phrase import plain
from chainsim.report.facts import Facts
from chainsim.report.html import page_html
from chainsim.report.narrative import narrate
from chainsim.report.numbers import HARD
from chainsim.report.plots.over_time import over_time
from chainsim.report.screen import Screen
from chainsim.study.results import Results

from .synthetic import Shape, make_results

STRESS = """policy,shock,what,levels,kpi,unit,mean,meets_target,standing
a,demand_up,demand +20 %,unchanged,fill_rate,share,0.9,,cheapest
a,demand_up,demand +20 %,unchanged,total_cost,/year,17.64,,cheapest
b,demand_up,demand +20 %,unchanged,fill_rate,share,0.8,,dearer
b,demand_up,demand +20 %,unchanged,total_cost,/year,39.0,,dearer
"""


def of_periods(units_per_year: float) -> Results:
    policies = {"a": ("Echelon base stock, tuned", 0.85, 12.7), "b": ("Each stage for itself", 0.95, 16.3)}
    results = make_results(Shape(policies, target=None, currency=""))
    results.manifest["time"] |= {"unit": "period", "units_per_year": units_per_year, "horizon": 250.0}
    results.files["stress/stress.csv"] = STRESS.encode()
    return results


def page_of(results: Results) -> str:
    facts = Facts(results)
    return page_html(facts, decide(facts, narrate(facts)))


def test_no_word_of_the_page_speaks_of_a_year_where_a_period_is_meant() -> None:
    page = page_of(of_periods(1.0))
    text = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    assert not re.findall(r"[^<>]*(?:a|per) year[^<>]*|[^<>]*/year[^<>]*", text)
    assert "13 money units a period" in re.sub("<[^>]*>", "", text).replace(HARD, " ")
    assert "Orders per period" in text
    assert "a year is 1" not in text


def test_a_year_of_so_many_periods_is_a_year() -> None:
    page = page_of(of_periods(52.0))
    assert f"a year is 52{HARD}periods" in page
    assert "Orders per year" in page


def test_without_a_currency_the_unit_stands_once_above_the_shocks() -> None:
    facts = Facts(of_periods(1.0))
    decision = decide(facts, narrate(facts))
    assert decision.what_if is not None
    stood = Screen(decision, None).stood(decision.what_if.shocks[0].stood[0])
    assert "17.6" in stood
    assert "money units" not in stood


def test_a_long_name_stays_whole_where_the_verdict_has_room() -> None:
    facts = Facts(of_periods(1.0))
    line = plain(decide(facts, narrate(facts)).headline).replace(HARD, " ")
    assert line == "Cheapest: Echelon base stock, tuned, 13 money units a period; no target"


def test_a_panel_over_time_has_two_ticks_at_least() -> None:
    facts = Facts(make_results())
    strips = over_time(decide(facts, narrate(facts)).situation)
    assert strips is not None
    assert all(panel.svg.count('class="t e"') > 1 for strip in strips.strips for panel in strip.panels)
