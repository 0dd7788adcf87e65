"""The first screen as data: its forms, worked by hand, and that every figure is one of the tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chainsim.report.decision import Decision, decide
from chainsim.report.decision.bullets import Bullet
from chainsim.report.decision.headline import LONGEST
from chainsim.report.decision.orders import OrderRow, Orders, Span, file_rows
from chainsim.report.decision.phrase import Figure, plain
from chainsim.report.decision.situation import Situation
from chainsim.report.decision.spoken import count, money, share
from chainsim.report.decision.views import busy
from chainsim.report.facts import Facts
from chainsim.report.findings import cost_service
from chainsim.report.narrative import narrate
from chainsim.report.numbers import HARD, NARROW
from chainsim.report.screen import Screen
from chainsim.statistics.amounts import Amount
from chainsim.study.results import Results

from .synthetic import Shape, make_results

pytestmark = pytest.mark.usefixtures("without_charts")

TWO = {"jit": ("Just in time", 0.96, 400e3), "eoq": ("Order quantity", 0.97, 300e3)}


def decided(results: Results) -> Decision:
    facts = Facts(results)
    return decide(facts, narrate(facts))


def words(shape: Shape) -> str:
    return tidy(plain(decided(make_results(shape)).headline))


def tidy(text: str) -> str:
    return text.replace(HARD, " ").replace(NARROW, " ")


def bullets(decision: Decision, view: str = "everyone") -> dict[str, tuple[str, str]]:
    found: tuple[Bullet, ...] = next(v.bullets for v in decision.views if v.id == view)
    return {b.topic: (tidy(plain(b.strong)), tidy(plain(b.text))) for b in found}


def exactly(results: Results, policy: str, kpi: str, values: list[float], site: str = "") -> None:
    """Put numbers of a measure into the tables by hand."""
    own = results.summary
    here = (own["policy"] == policy) & (own["kpi"] == kpi) & (own["site"] == site) & (own["product"] == "")
    own.loc[here, "mean"] = sum(values) / len(values)
    if not site:  # of places only the means are kept
        own = results.replications
        here = (own["policy"] == policy) & (own["kpi"] == kpi)
        own.loc[here, "value"] = values
        own.loc[here, ["numerator", "denominator"]] = float("nan")


def by_hand(costs: dict[str, list[float]], fills: dict[str, list[float]], target: float | None = 0.95) -> Results:
    """Three replications of two policies."""
    results = make_results(replace(Shape(policies=TWO, target=target, n=3)))
    for policy in TWO:
        exactly(results, policy, "total_cost", costs[policy])
        exactly(results, policy, "fill_rate", fills[policy])
    return results


COSTS = {"jit": [40_000.0, 41_000.0, 42_000.0], "eoq": [30_000.0, 30_900.0, 32_100.0]}
FILLS = {"jit": [0.96, 0.97, 0.98], "eoq": [0.94, 0.97, 0.97]}


def test_what_is_recommended_and_what_it_saves() -> None:
    """Means 41 000 and 31 000: 10 000 less, cheaper in each of three years; one year of three is below 95 %."""
    decision = decided(by_hand(COSTS, FILLS))
    assert tidy(plain(decision.headline)) == "Use Order quantity: €10k a year less than Just in time"
    assert tidy(plain(decision.joint)) == "€31k a year · 96.0 % served at once"
    told = bullets(decision)
    assert told["Money"] == ("€31k a year, not €41k", "24 % less than Just in time, the baseline.")
    assert told["Service"][0] == "96.0 % served at once, target 95 %"
    assert told["Service"][1].startswith("One year in 3 misses the target")
    assert told["Certainty"][0] == "Cheaper in 3 of 3 years"
    assert [(row.bad, row.n, row.worst) for row in decision.risk.rows] == [(0, 3, 0.96), (1, 3, 0.94)]
    assert [row.dearest for row in decision.risk.rows] == [42_000.0, 32_100.0]


def test_who_subtracts_two_sums_gets_what_is_said_of_them() -> None:
    """81 480 and 93 770 differ by 12 290: '€81k, not €94k' would be 13k, and the line above says 12k."""
    costs = {"jit": [93_670.0, 93_770.0, 93_870.0], "eoq": [81_380.0, 81_480.0, 81_580.0]}
    decision = decided(by_hand(costs, FILLS))
    assert tidy(plain(decision.headline)) == "Use Order quantity: €12k a year less than Just in time"
    assert bullets(decision)["Money"][0] == "€81.5k a year, not €93.8k"
    assert bullets(decision, "finance")["Cost"][0] == "€81.5k a year, not €93.8k"


def test_two_sums_that_are_told_alike_are_told_once() -> None:
    """'€31k a year, not €31k' says nothing."""
    costs = {"jit": [31_000.0] * 3, "eoq": [31_000.0 - 1e-3] * 3}
    assert "not" not in bullets(decided(by_hand(costs, FILLS)), "finance")["Cost"][0]


def test_a_baseline_that_wins_is_kept() -> None:
    swapped = {"jit": COSTS["eoq"], "eoq": COSTS["jit"]}
    decision = decided(by_hand(swapped, {"jit": FILLS["jit"], "eoq": FILLS["jit"]}))
    assert tidy(plain(decision.headline)) == "Keep Just in time: €10k a year less than Order quantity"
    assert decision.orders is None or decision.orders.before == ()
    alone = decided(by_hand(swapped, {"jit": FILLS["jit"], "eoq": [0.9, 0.9, 0.9]}))
    assert tidy(plain(alone.headline)) == "Keep Just in time: no other policy reaches 95 %"


@pytest.mark.parametrize(
    ("shape", "line"),
    [
        (Shape(policies={"a": ("Alpha", 0.97, 1e5), "b": ("Beta", 0.97, 1e5)}, n=5), "No clear winner: Beta or Alpha"),
        (
            Shape(policies={k: (k.upper(), 0.97, 1e5) for k in "abcd"}, n=5),
            "No clear winner: C or one of 3 others",
        ),
        (
            Shape(policies=TWO, material=(Amount(50.0, "%", "total_cost"),)),
            "Use Order quantity or Just in time: equal for practical purposes",
        ),
        (Shape(policies=TWO, target=None), "Cheapest: Order quantity, €300k a year; no service target is set"),
        (Shape(policies=TWO, costs=False), "Most service: Order quantity, 97.0 % served at once"),
        (Shape(policies={"a": ("Alpha", 0.97, 1e5)}), "Alpha: €100k a year, 97.0 % served at once"),
        (Shape(policies={"a": ("Alpha", 0.90, 1e5)}), "Alpha does not reach 95 %: 90.0 % served at once"),
        (Shape(policies=TWO, target=0.99), "No policy reaches 99 %; Order quantity comes closest, 97.0 %"),
    ],
)  # fmt: skip
def test_each_form_of_the_verdict(shape: Shape, line: str) -> None:
    told = words(shape)
    # synthetic numbers lie near their means, not at them
    shown, wanted = (_without_digits(text) for text in (told, line))
    assert shown == wanted


def _without_digits(text: str) -> str:
    return "".join("#" if c.isdigit() else c for c in text).replace("##", "#").replace("##", "#").replace("#.#", "#")


def test_the_same_rule_is_told_once() -> None:
    results = make_results(Shape(policies=TWO))
    for table in (results.replications, results.summary):
        one = table[table["policy"] == "jit"]
        for column in ("value", "numerator", "denominator", "mean", "half_width", "low", "high"):
            if column in table:
                table.loc[table["policy"] == "eoq", column] = one[column].to_numpy()
    decision = decided(results)
    assert plain(decision.headline).startswith("Both policies are the same rule: ")
    assert bullets(decision)["Certainty"][0] == "Nothing to choose between"
    assert bullets(decision)["Money"][1] == "The other costs the same."
    s = decision.situation
    assert cost_service(s.facts, s.narrative, s.money, s.facts.policies) == "All policies shown are the same rule"


def test_who_cannot_be_told_from_the_baseline_saves_nothing_that_is_known() -> None:
    """Costs of two rules that cross: the mean is 33 lower, and the interval of the difference reaches far to both sides of 0."""
    results = by_hand(
        {"jit": [40_000.0, 41_000.0, 42_100.0], "eoq": [41_000.0, 40_000.0, 42_000.0]}, FILLS, target=None
    )
    decision = decided(results)
    strong, text = bullets(decision)["Money"]
    assert decision.situation.choice.kind == "no clear winner"
    assert strong == "€41k a year"
    assert text.startswith("The baseline, Just in time, costs €33 more (may be €")
    assert "saves" not in decision.cash.note if decision.cash else True


def test_who_alone_reaches_the_target_has_no_rival() -> None:
    alone = {"jit": ("Just in time", 0.98, 4e5), "eoq": ("Order quantity", 0.80, 3e5)}
    assert bullets(decided(make_results(Shape(policies=alone))))["Money"][1] == "No other policy reaches the target."


@pytest.mark.parametrize(("bucket", "noun"), [(1.0, "period"), (4.0, "block of 4 periods")])
def test_what_is_no_month_is_called_what_it_is(bucket: float, noun: str) -> None:
    results = make_results(Shape(policies=TWO))
    results.manifest["time"].update(unit="period", units_per_year=1.0, bucket=bucket)
    assert Situation(Facts(results), narrate(Facts(results))).month.replace(HARD, " ") == noun
    screen = Screen(decided(results), None)
    assert screen.part.replace(HARD, " ") == noun.removeprefix("block of ")  # 'Worst 4 periods', not 'Worst bucket'
    assert tidy(screen.often(3, 20)).removesuffix(" of 20") in ("1 in 7", "3")


def test_nothing_demanded_is_no_verdict() -> None:
    results = make_results(Shape(policies=TWO))
    for table, column in ((results.summary, "mean"), (results.replications, "value")):
        table.loc[table["kpi"] == "fill_rate", column] = float("nan")
    results.replications.loc[results.replications["kpi"] == "fill_rate", ["numerator", "denominator"]] = float("nan")
    decision = decided(results)
    assert plain(decision.headline) == "Nothing was demanded, so the target cannot be judged"
    assert bullets(decision)["Service"][0] == "Fill rate undefined"
    assert decision.risk.title == "Risk: nothing was demanded"
    assert all(row.bad is None for row in decision.risk.rows)


def test_one_replication_says_nothing_of_luck() -> None:
    decision = decided(make_results(Shape(policies=TWO, n=1)))
    assert bullets(decision)["Certainty"][0] == "One replication: not known"
    assert decision.risk.title == "Risk: one year says nothing of bad ones"
    assert decision.trust.checks[0].state == "unknown"


def test_what_is_not_random_is_exact() -> None:
    results = by_hand({"jit": [4e4] * 3, "eoq": [3e4] * 3}, {"jit": [0.97] * 3, "eoq": [0.96] * 3})
    results.summary["half_width"] = 0.0
    decision = decided(results)
    assert bullets(decision)["Certainty"][0] == "Nothing here is random"
    assert decision.risk.title == "Risk: every year is the same"
    assert decision.trust.checks[0].state == "yes"


def test_ties_and_misses_name_a_way_forward() -> None:
    tie = decided(make_results(Shape(policies={"a": ("Alpha", 0.97, 1e5), "b": ("Beta", 0.97, 1e5)}, n=5)))
    assert bullets(tie)["Certainty"][0] == "Not settled by 5 replications"
    assert tie.trust.checks[0].state == "no"
    missed = decided(make_results(Shape(policies=TWO, target=0.999)))
    assert "chainsim tune" in bullets(missed)["Certainty"][1]
    assert missed.next == "chainsim run grocer.yaml --decide"


def test_no_money_is_told_in_stock() -> None:
    decision = decided(make_results(Shape(policies=TWO, costs=False)))
    assert "Stock" in bullets(decision)
    assert "€" not in plain(decision.joint)
    assert "Finance" not in [v.title for v in decision.views] or "Cost" not in bullets(decision, "finance")


def test_months_are_counted_where_they_were_kept() -> None:
    """Of six months two are below 95 %; a month without demand is no month."""
    results = by_hand(COSTS, {"jit": FILLS["jit"], "eoq": [0.96, 0.97, 0.97]})
    rows = [("eoq", r, m, 28.0 * m, d, f) for r, m, d, f in ((0, 0, 100, 94), (0, 1, 100, 100), (1, 0, 100, 96), (1, 1, 0, 0), (2, 0, 100, 90), (2, 1, 100, 95), (2, 2, 100, 99))]  # fmt: skip
    results.files["months.csv"] = (
        "policy,replication,month,start,demanded,filled,fill_rate\n"
        + "".join(f"{p},{r},{m},{start},{d},{f},{f / d if d else ''}\n" for p, r, m, start, d, f in rows)
    ).encode()
    own = decided(results).risk.rows[1]
    assert (own.months, own.bad_months, own.worst_month) == (6, 2, 0.90)
    told = bullets(decided(results))["Service"][1]
    assert told.startswith("None of 3 years misses the target, but one month in 3 does.")


def test_cash_is_shelf_road_and_machine() -> None:
    """Charged 50, on the shelf 30; the plant, into which goods come by making them only, is charged 9 and holds 4: machine 5, road 15."""
    results = make_results(Shape(policies=TWO, supplier=None))
    network = results.network
    network["lanes"].append({"from": "plant", "to": "plant", "product": "soup", "production": True})
    for policy, k in (("jit", 1.0), ("eoq", 2.0)):
        exactly(results, policy, "charged_value_mean", [50.0 * k] * 30)
        exactly(results, policy, "inventory_value_mean", [30.0 * k] * 30)
        exactly(results, policy, "charged_value_mean", [9.0 * k] * 30, site="kind:plant")
        exactly(results, policy, "inventory_value_mean", [4.0 * k] * 30, site="kind:plant")
    tied = decided(results).cash
    assert tied is not None
    assert [(r.total, r.shelf, r.road, r.machine) for r in tied.rows] == [
        (50.0, 30.0, 15.0, 5.0),
        (100.0, 60.0, 30.0, 10.0),
    ]
    assert tied.title == "Cash: €100, €50 more than Just in time"
    # where goods come to the plant by road as well, the two cannot be told apart
    network["lanes"].append({"from": "dc", "to": "plant", "product": "soup", "production": False})
    tied = decided(results).cash
    assert tied is not None
    assert [(r.road, r.machine) for r in tied.rows] == [(20.0, None), (40.0, None)]


def derived(results: Results, rows: list[tuple[str, str, str, str, float]]) -> None:
    lines = ["policy,site,product,name,symbol,value,exact,unit,formula,inputs,given"]
    lines += [f"{p},{site},{product},{name},x,{v},{v},units,f,,false" for p, site, product, name, v in rows]
    results.files["derived.csv"] = "\n".join(lines).encode()


def test_orders_with_the_same_numbers_share_a_row() -> None:
    results = make_results(Shape(policies=TWO, kinds=(("store", 3), ("dc", 1))))
    rows = [("jit", f"store-{i}", "soup", "order_up_to_level", 80.0) for i in (1, 2, 3)]
    rows += [("eoq", f"store-{i}", "soup", "reorder_point", 50.0) for i in (1, 2, 3)]
    rows += [("eoq", f"store-{i}", "soup", "order_quantity", 85.0) for i in (1, 2, 3)]
    rows += [("jit", "dc", "soup", "order_up_to_level", 900.0), ("eoq", "dc", "soup", "order_up_to_level", 900.0)]
    derived(results, rows)
    todo = decided(results).orders
    assert todo is not None
    assert (todo.before, todo.after) == (("order up to",), ("order at or below", "lot to order", "order up to"))
    assert [(r.where, [x.text for x in r.before], [x.text for x in r.after]) for r in todo.rows] == [
        ("Each of 3 stores", ["80"], ["50", "85", "–"]),
        ("DC", ["900"], ["–", "–", "900"]),
    ]
    # the centre keeps its number
    assert (todo.changed, todo.points, todo.title) == (3, 4, "Do this: new order rules at 3 of 4 stock points")


def test_few_kinds_of_numbers_have_rows_and_many_a_range() -> None:
    results = make_results(Shape(policies=TWO, kinds=(("store", 4), ("dc", 1))))
    derived(
        results,
        [("eoq", f"store-{i}", "soup", "order_up_to_level", 10.0 * v) for i, v in ((1, 5), (2, 5), (3, 7), (4, 7))],
    )
    two = decided(results).orders
    assert two is not None
    assert [(r.where, r.after[0].text) for r in two.rows] == [
        ("2 stores: store-1 and others", "50"), ("2 stores: store-3 and others", "70"),
    ]  # fmt: skip
    derived(results, [("eoq", f"store-{i}", "soup", "order_up_to_level", 10.0 * i) for i in (1, 2, 3, 4)])
    del results.derived
    four = decided(results).orders
    assert four is not None
    assert [(r.where, r.after[0].text) for r in four.rows] == [("Each of 4 stores", "10 to 40")]


def test_numbers_that_no_row_in_sight_has_take_no_column() -> None:
    """Shops order lots at a point, the plant up to a level: of the first two rows nobody has a level."""
    none, ten = Span(None, None), Span(10.0, 10.0)
    rows = (
        OrderRow("Shops", 2, (ten,), (ten, ten, none)),
        OrderRow("DC", 1, (ten,), (ten, none, none)),
        OrderRow("Plant", 1, (ten,), (none, none, ten)),
    )
    told = Orders("Do this", ("order up to",), ("order at or below", "lot to order", "order up to"), rows, 4, 4)
    assert told.first(3) == told
    assert told.first(2).after == ("order at or below", "lot to order")
    assert [row.after for row in told.first(2).rows] == [(ten, ten), (ten, none)]


def test_the_file_to_load_has_every_number_of_the_choice() -> None:
    results = make_results(Shape(policies=TWO, kinds=(("store", 1),)))
    derived(
        results, [("jit", "store", "soup", "order_up_to_level", 80.0), ("eoq", "store", "soup", "reorder_point", 50.5)]
    )
    facts = Facts(results)
    assert file_rows(Situation(facts, narrate(facts))) == [
        ("store", "soup", "eoq", "reorder_point", "x", "units", "jit", "order_up_to_level 80", 50.5)
    ]


STRESS = """policy,shock,what,levels,kpi,unit,mean,meets_target,standing
jit,calm,as it is,unchanged,fill_rate,share,0.97,true,dearer
jit,demand_up,demand +20 %,unchanged,fill_rate,share,0.96,true,dearer
jit,demand_up,demand +20 %,unchanged,total_cost,EUR/year,50000,true,dearer
eoq,demand_up,demand +20 %,unchanged,fill_rate,share,0.955,true,cheapest
eoq,demand_up,demand +20 %,re-derived,fill_rate,share,0.99,true,cheapest
jit,out,plant out,unchanged,fill_rate,share,0.96,true,cheapest
eoq,out,plant out,unchanged,fill_rate,share,0.90,false,misses the target
"""


def test_a_shock_is_survived_by_who_meets_the_target_and_is_not_clearly_dearer() -> None:
    results = make_results(Shape(policies=TWO))
    results.files["stress/stress.csv"] = STRESS.encode()
    decision = decided(results)
    assert decision.what_if is not None
    assert decision.what_if.title == "What if? The choice survives 1 of 2"
    assert dict(decision.what_if.survived) == {0: 1, 1: 1}
    assert [x.words for x in decision.what_if.shocks] == ["demand +20 %", "plant out"]
    assert "It survives 1 of 2 shocks." in bullets(decision)["Certainty"][1]
    assert decision.next == ""


def test_the_badge_counts_what_was_checked() -> None:
    results = make_results(Shape(policies=TWO, n=1000))
    results.manifest["parity"] = {"jit": "identical", "eoq": "identical"}
    trust = decided(results).trust
    assert [(c.title, c.state) for c in trust.checks] == [
        ("Enough replications", "yes"), ("Asked = delivered", "unknown"), ("Units conserved", "yes"), ("Engines and theory", "yes"),
    ]  # fmt: skip
    assert trust.badge == "Trust: 3 of 4 checks"
    assert trust.checks[2].text == "Held under every policy: units conserved and Little’s law."
    results.audit.loc[0, "passed"] = False
    assert decided(results).trust.checks[2].state == "no"


def test_the_loss_is_where_the_money_is_lost() -> None:
    """100 of which 85 at one of three stores."""
    results = make_results(Shape(policies=TWO, kinds=(("store", 3), ("dc", 1))))
    for site, amount in (("store-1", 10.0), ("store-2", 85.0), ("store-3", 5.0)):
        exactly(results, "eoq", "shortage_cost", [amount] * 30, site=site)
    lost = decided(results).loss
    assert lost is not None
    assert tidy(lost.title) == "1 of 3 sites causes 85 % of what is lost, €100 a year"
    assert [(row.where, row.share) for row in lost.rows] == [("store-2", 0.85), ("store-1", 0.1), ("store-3", 0.05)]
    exactly(results, "eoq", "units_lost", [0.0] * 30)  # all of them wait
    exactly(results, "eoq", "shortage_cost", [30.0] * 30, site="store-1")
    both = decided(results).loss
    assert both is not None
    assert tidy(both.title) == "2 of 3 sites cause 95.8 % of what waiting costs, €120 a year"
    exactly(results, "eoq", "shortage_cost", [10.0] * 30, site="store-1")
    waits = decided(results).loss
    assert waits is not None
    assert tidy(waits.title) == "1 of 3 sites causes 85 % of what waiting costs, €100 a year"


ABSURD = ("<script>alert(1)</script>" * 9, "x" * 5000, "日本語 🚚 " * 40, "a\u202eb" * 50, "")


@pytest.mark.parametrize(
    "shape",
    [
        Shape(),
        Shape(target=None),
        Shape(costs=False),
        Shape(currency="", n=2),
        Shape(target=0.9999),
        Shape(policies={f"p{i}": (name or "p", 0.97, 1e5 * (1 + i)) for i, name in enumerate(ABSURD)}),
        Shape(policies={f"p{i}": (name or "p", 0.97, 1e5) for i, name in enumerate(ABSURD)}, n=3),
        Shape(policies={f"p{i}": (f"Policy {i}", 0.90 + i / 200, 1e5 + 1e4 * i) for i in range(12)}),
    ],
)
def test_every_figure_is_one_of_the_tables_and_every_line_is_short(shape: Shape) -> None:
    results = make_results(shape)
    facts = Facts(results)
    decision = decide(facts, narrate(facts))
    assert len(plain(decision.headline)) <= LONGEST
    known = {abs(float(v)) for v in results.summary["mean"].dropna()}
    known |= {
        abs(facts.paired(a, b, "total_cost").difference.mean or 0.0) for a in facts.policies for b in facts.policies
    }
    phrases = [
        decision.headline,
        decision.joint,
        *(p for v in decision.views for b in v.bullets for p in (b.strong, b.text)),
    ]
    figures = [part for p in phrases for part in p if isinstance(part, Figure)]
    assert figures
    for figure in figures:
        assert abs(figure.value) in known, figure
        size = abs(figure.value)
        texts = {*(money(facts.units, size, digits) for digits in (2, 3, 4)), share(size), count(size)}
        texts |= {money(facts.units, size, like=size * k) for k in (1.2, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0)}
        assert figure.text in texts, figure
    for said in phrases:
        assert "nan" not in plain(said).lower()


def test_products_of_one_class_with_other_numbers_are_named() -> None:
    """Soup and tea are both fast, and are ordered by other numbers: a row of each."""
    results = make_results(Shape(policies=TWO, products=("soup", "tea", "tin"), kinds=(("store", 3), ("dc", 1))))
    results.network["product_groups"] = {"soup": ["fast"], "tea": ["fast"]}
    for product, value in (("soup", 154.0), ("tea", 160.0), ("tin", 12.0)):
        results.derived.loc[results.derived["product"] == product, "value"] = value
    todo = decided(results).orders
    assert todo is not None
    assert [row.where for row in todo.rows[:3]] == [
        "Each of 3 stores, soup",
        "Each of 3 stores, tea",
        "Each of 3 stores, tin",
    ]


def test_buckets_that_are_no_week_in_the_plural() -> None:
    results = make_results(Shape(policies=TWO))
    results.manifest["time"]["bucket"] = 28.0
    table = Screen(decided(results), None).busy
    assert table is not None
    assert "Capacity that only busy blocks of 28 days need stands idle" in tidy(table.notes[0])


def test_a_busy_week_of_who_orders_once_a_month_is_a_week_with_an_order() -> None:
    """In three weeks of four nothing is ordered, in the fourth 400 units: one week in twenty asks no less."""
    results = make_results(Shape(policies=TWO))
    own = results.series
    here = (own["policy"] == "eoq") & (own["site"] == "kind:plant")
    first = here & (own["statistic"] == "first")
    own.loc[here, "orders"] = 0.0
    own.loc[first, "orders"] = [400.0 if i % 4 == 0 else 0.0 for i in range(int(first.sum()))]
    own.loc[here & (own["statistic"] == "mean"), "orders"] = 100.0
    s = decided(results).situation
    load = busy(s, s.chosen)
    assert load is not None
    assert (load.mean, load.high) == (100.0, 400.0)


def test_a_baseline_that_misses_the_target_is_no_rival() -> None:
    shape = Shape(policies={"low": ("Cheap", 0.80, 3e5), "a": ("Good", 0.97, 3.5e5), "b": ("Better", 0.98, 4e5)})
    told = bullets(decided(make_results(shape)))
    assert told["Certainty"] == ("Cheaper in 30 of 30 years", "than Better; the baseline misses the target.")
    assert "more than Cheap, the baseline, which serves 80 %." in told["Money"][1]
