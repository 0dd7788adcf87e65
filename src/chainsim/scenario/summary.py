"""A scenario in a few lines: how much there is of everything, and which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from chainsim.scenario.days import days_in_words
from chainsim.scenario.render import escape
from chainsim.showing import as_html, counted, some

if TYPE_CHECKING:
    import pandas as pd


class Line(NamedTuple):
    """How many there are of something (None: it is not counted), and which."""

    what: str
    n: int | None
    which: str


class Summarised:
    """What a Scenario shows of itself."""

    def summary(self) -> pd.DataFrame:
        """How much there is of everything, and which: what, count (missing where nothing is counted), which."""
        import pandas as pd  # slow to import, and for people only

        table = pd.DataFrame(lines_of(self), columns=["what", "count", "which"])
        return table.astype({"count": "Int64"})

    def __repr__(self) -> str:
        scenario: Any = self
        return f"<Scenario {scenario.title!r}: {in_short(scenario)}>"

    def _repr_html_(self) -> str:
        rows = [(line.what, "" if line.n is None else str(line.n), line.which) for line in lines_of(self)]
        return as_html([sentence_of(self)], ("", "count", "which"), rows)


def lanes_of(ends: Iterable[tuple[str, str]]) -> int:
    """How many lanes a network has, as everybody counts them: one from a site to another, whatever goes over it.

    >>> lanes_of([("dc", "store-1"), ("dc", "store-1"), ("dc", "store-2")])
    2
    """
    return len({(origin, target) for origin, target in ends if origin != target})


def lines_of(scenario: Any) -> list[Line]:
    """The lines of a Scenario (its `summary`), without those about what it has none of."""
    kind_of = {site.name: site.kind for site in scenario.sites}
    ends = dict.fromkeys((lane.origin, lane.target) for lane in scenario.lanes if lane.origin != lane.target)
    made = [
        f"{product} at {site.name}"
        for site in scenario.sites
        for centre in site.production
        for product in centre.products
    ]
    bills = [
        f"{product} of {' + '.join(f'{per:g} {component}' for component, per in bill)}"
        for product, bill in dict.fromkeys(bill for site in scenario.sites for c in site.production for bill in c.bills)
    ]
    outages = [outage.label for outage in scenario.outages]
    surges = dict.fromkeys(surge for demand in scenario.demands for surge in demand.surges)
    days = days_in_words(scenario.document)
    policies = [alternative.name for alternative in scenario.alternatives]
    lines = [
        Line("time", None, _clock(scenario.time)),
        Line("replications", scenario.replications, f"{_stages(scenario)}seed {scenario.seed}, intervals of {100 * scenario.confidence:.6g} %"),
        Line("products", len(scenario.products), some([p.name for p in scenario.products])),
        Line("sites", len(scenario.sites), _tally(kind_of.values())),
        Line("lanes", lanes_of(ends), _tally(f"{kind_of[a]} → {kind_of[b]}" for a, b in ends)),
        Line("production", len(made), some(made)),
        Line("bills of materials", len(bills), some(bills)),
        Line("stock points", len(scenario.points), _tally(kind_of[point.site] for point in scenario.points)),
        Line("demand streams", len(scenario.demands), f"unmet demand: {_tally(d.unmet for d in scenario.demands)}"),
        Line("outages", len(outages), some(outages)),
        Line("surges", len(surges), some([f"× {s.factor:g} from {_from(scenario.time, s.start)} for {s.duration:g}" for s in surges])),
        Line("calendars", len(days), some([told.rstrip(".") for told in days])),
        Line("policies", len(policies), some([f"{policies[0]} (baseline)", *policies[1:]] if policies else [])),
        Line("targets", len(scenario.targets), some([f"{name} {x:.6g}" for name, x in scenario.targets.items()])),
        Line("warnings", len(scenario.warnings), some(list(dict.fromkeys(w.path for w in scenario.warnings)), 3)),
    ]  # fmt: skip
    return [line._replace(which=escape(line.which)) for line in lines if line.n != 0]


def in_short(scenario: Any) -> str:
    """'13 sites, 2 products, 24 lanes, 4 policies' of a Scenario."""
    lanes = lanes_of((lane.origin, lane.target) for lane in scenario.lanes)
    counts = ((len(scenario.sites), "site"), (len(scenario.products), "product"), (lanes, "lane"))
    return ", ".join(counted(n, noun) for n, noun in (*counts, (len(scenario.alternatives), "policy")))


def sentence_of(scenario: Any) -> str:
    """What is compared, over how long and how often."""
    title = escape(scenario.title or scenario.name or "A supply chain")
    time = scenario.time
    return (
        f"{title}: {in_short(scenario)}, over {_length(time.horizon, time.unit)} in "
        f"{counted(scenario.replications, 'replication')}"
    )


def _stages(scenario: Any) -> str:
    """How many more there may be, and until when."""
    asked = scenario.precision
    return "" if asked is None else f"at first, up to {asked.most} for ± {', '.join(map(str, asked.asked))}; "


def _clock(time: Any) -> str:
    first = f"{_length(time.warm_up, time.unit)} of warm-up, then " if time.warm_up else ""
    days = f"; from {time.told(0.0)}, counted from {time.told(time.warm_up)}" if time.start else ""
    return f"{first}{_length(time.horizon, time.unit)} measured, in buckets of {_length(time.bucket, time.unit)}{days}"


def _from(time: Any, start: float) -> str:
    return str(time.told(start)) if time.start else f"{start:g}"


def _length(n: float, unit: str) -> str:
    return f"{n:g} {unit}{'' if n == 1 else 's'}"


def _tally(words: Iterable[str]) -> str:
    """How many there are of each, in their order.

    >>> _tally(["dc", "store", "store"])
    'dc (1), store (2)'
    """
    return some([f"{word} ({n})" for word, n in Counter(words).items()])
