"""What the report knows: the tables of a results folder, looked up by name, and one order and look of policies.

Everything shown comes from here, so that a number is the same in every chart, table and sentence.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from chainsim.dated import date_at, told
from chainsim.kpis import KPIS, Kpi, cost_lines
from chainsim.places import ECHELON, GROUP, kind_in_words
from chainsim.report.folder import Tables
from chainsim.report.names import shown
from chainsim.report.numbers import Units, grouped, is_exact, length, stretch, yearly
from chainsim.rules.grid import to_ticks
from chainsim.scenario.model import TICKS, TimeUnit
from chainsim.statistics import Comparison, Estimate, Sample, compare
from chainsim.statistics.amounts import Amount, amount_for, amounts
from chainsim.study.alike import groups_of

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]


LONGEST_LABEL = 48
"""Letters of a policy's label; more are left out in its middle. One of 40 has room for ', tuned'."""


@dataclass(frozen=True)
class Policy:
    """One alternative: its name in the tables, its label for people, its place in the one order of policies."""

    name: str
    label: str
    index: int


class Facts:
    """A results folder, as charts, tables and sentences ask for it."""

    def __init__(self, tables: Tables) -> None:
        self.tables, self.manifest = tables, tables.manifest
        self.level = float(self.manifest["confidence"])
        self.n = int(self.manifest["replications"])
        target = self.manifest["targets"].get("fill_rate")
        self.target: float | None = None if target is None else float(target)
        self.time_unit = str(self.manifest["time"]["unit"])
        self.warm_up = float(self.manifest["time"]["warm_up"])
        # what amounts are counted over; the reader of 'per year' cannot know how many abstract periods that is
        units_per_year = float(self.manifest["time"]["units_per_year"])
        self.over = yearly(self.time_unit, units_per_year)
        self.year = length(units_per_year, "period") if self.time_unit == "period" and self.over == "year" else ""
        self.units = Units(str(self.manifest["currency"] or ""), self.over)

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """In the order of the scenario, the baseline first. Labels are told apart when two are equal."""
        given = self.manifest["policies"]
        labels = [shown(str(p["label"]), LONGEST_LABEL) for p in given]
        return tuple(
            Policy(p["name"], f"{label} ({shown(p['name'], 40)})" if labels.count(label) > 1 else label, i)
            for i, (p, label) in enumerate(zip(given, labels, strict=True))
        )

    @property
    def baseline(self) -> Policy:
        return self.policies[0]

    @property
    def dated(self) -> bool:
        """Does the run begin on a day of the calendar?"""
        return "start" in self.manifest["time"]

    def date_at(self, time: float) -> datetime:
        """The date of an instant, time units since the end of the warm-up; of dated runs only."""
        return date_at(self.manifest["time"]["start"], self._tick(time))

    def told(self, time: float) -> str:
        """The same instant in words: its date, or 'day 12' since the end of the warm-up."""
        if self.dated:
            return told(self.manifest["time"]["start"], self._tick(time))
        return f"{self.time_unit} {round(time, 6):g}"

    def _tick(self, time: float) -> int:
        return to_ticks(time + self.warm_up, TICKS[cast(TimeUnit, self.time_unit)])

    @property
    def clock_words(self) -> str:
        """What an axis of time counts: 'days since the end of the warm-up', 'weeks since the start'."""
        return f"{self.time_unit}s since the {'end of the warm-up' if self.warm_up else 'start'}"

    @property
    def title(self) -> str:
        scenario = self.manifest["scenario"]
        return shown(str(scenario["title"] or scenario["name"] or "A supply chain"), 120)

    # measures

    @cached_property
    def _estimates(self) -> dict[tuple[str, str, str], dict[str, Estimate]]:
        table = self.tables.summary
        found: dict[tuple[str, str, str], dict[str, Estimate]] = {}
        names = ("policy", "site", "product", "kpi", "mean", "half_width", "low", "high", "n", "method")
        columns = (table[c].tolist() for c in names)
        for policy, site, product, kpi, mean, half_width, low, high, n, method in zip(*columns, strict=True):
            ends = None if _or_none(low) is None or _or_none(high) is None else (float(low), float(high))
            e = Estimate(_or_none(mean), _or_none(half_width), self.level, int(n), method, self.n - int(n), ends)
            found.setdefault((policy, site, product), {})[kpi] = e
        return found

    def estimate(self, policy: Policy, kpi: str, site: str = "", product: str = "") -> Estimate:
        """A measure of a policy; undefined when the tables do not have it."""
        missing = Estimate(None, None, self.level, 0, "not in the tables of this run")
        return self._estimates.get((policy.name, site, product), {}).get(kpi, missing)

    def mean(self, policy: Policy, kpi: str, site: str = "", product: str = "") -> float | None:
        """The mean alone."""
        return self.estimate(policy, kpi, site, product).mean

    @cached_property
    def kpis(self) -> dict[str, Kpi | None]:
        """Every measure in the tables, in their order, with its definition where this installation knows it."""
        known = dict(KPIS.items())
        return {id: known.get(id) for id in dict.fromkeys(self.tables.summary["kpi"])}

    @cached_property
    def cost_lines(self) -> tuple[str, ...]:
        """The measures that `total_cost` is the sum of, as the run had them: a page made elsewhere leaves none out."""
        lines = self.manifest.get("cost_lines", [line.id for line in cost_lines()])
        return tuple(id for id in lines if id in self.kpis)

    @cached_property
    def kpi_units(self) -> dict[str, str]:
        """The unit of every measure, as in the tables."""
        table = self.tables.summary.drop_duplicates("kpi")
        return {kpi: self.counted_over(unit) for kpi, unit in zip(table["kpi"], table["unit"], strict=True)}

    @cached_property
    def random(self) -> bool:
        """Whether any measure of the whole network differs from one replication to another."""
        told = [e for p in self.policies for e in self._estimates.get((p.name, "", ""), {}).values()]
        return any(e.mean is not None and not is_exact(e.mean, e.half_width) for e in told)

    def title_of(self, kpi: str) -> str:
        """A measure's name for people."""
        known = self.kpis.get(kpi)
        return self.counted_over(known.title) if known else kpi

    def counted_over(self, words: str) -> str:
        """Words about amounts per year, with what this run calls a year."""
        return re.sub(r"(\b(?:per|a) |/)year\b", rf"\1{self.over}", words) if self.over != "year" else words

    @cached_property
    def _samples(self) -> dict[tuple[str, str], tuple[Array, Sample]]:
        """Of the whole network, by policy and measure: the values, and what is estimated from."""
        table = self.tables.replications
        whole = table[(table["site"] == "") & (table["product"] == "")].sort_values("replication", kind="stable")
        grouped: Iterator[Any] = iter(whole.groupby(["policy", "kpi"], sort=False))
        found = {}
        for key, group in grouped:
            values, below = group["value"], group["denominator"]
            above = values if below.isna().all() else group["numerator"]
            sample = Sample.of(above.tolist(), below.tolist(), self.kpi_units.get(key[1], ""))
            found[key] = values.to_numpy(float), sample
        return found

    def samples(self, policy: Policy, kpi: str) -> Array:
        """A measure of the whole network, one value per replication, NaN where undefined."""
        return self._samples[policy.name, kpi][0] if (policy.name, kpi) in self._samples else np.full(self.n, np.nan)

    def sample(self, policy: Policy, kpi: str) -> Sample:
        """The same to estimate from: of a ratio numerators and denominators."""
        missing = Sample([math.nan] * self.n)
        return self._samples[policy.name, kpi][1] if (policy.name, kpi) in self._samples else missing

    def paired(self, policy: Policy, against: Policy, kpi: str, level: float | None = None) -> Comparison:
        """Policy minus another, replication by replication. level: of the interval; None for the usual one."""
        known = self.kpis.get(kpi)
        direction = known.direction if known else "none"
        return compare(self.sample(policy, kpi), self.sample(against, kpi), level or self.level, direction)

    @property
    def has_delivered(self) -> bool:
        """Whether these results compare what was asked with what was delivered; folders of before do not."""
        return self.has("delivered.csv")

    def has(self, table: str) -> bool:
        """Whether these results have that table; folders of before have not all of them."""
        return table in self.tables.files

    @cached_property
    def rules(self) -> list[list[int]]:
        """Places of the policies, those of one rule together: equal in every measure of every replication, and every mean of every
        scope, NaN equal to NaN. Each group is in the order of the page."""
        values, means = self.tables.replications, self.tables.summary
        return groups_of(
            [
                tuple(
                    table[table["policy"] == policy.name][column].to_numpy(float).tobytes()
                    for table, column in ((values, "value"), (means, "mean"))
                )
                for policy in self.policies
            ]
        )

    # what is worth calling a difference

    @cached_property
    def materials(self) -> tuple[Amount, ...]:
        """Differences that begin to matter."""
        given = self.manifest.get("material", [])
        return amounts(given, ()) if given else ()

    def material(self, kpi: str) -> float | None:
        """The difference of a measure that begins to matter, in its unit; None where every sure one does."""
        amount = amount_for(kpi, self.materials)
        return None if amount is None else amount.of(self.mean(self.baseline, kpi))

    @cached_property
    def replication(self) -> str:
        """What a replication is, in a sentence of risk: 'year', or 'run of 90 days'."""
        time = self.manifest["time"]
        horizon, year = float(time["horizon"]), float(time["units_per_year"])
        # 52 weeks, or 12 months of 30 days, are a year to everybody
        return "year" if abs(horizon / year - 1.0) <= 0.02 else f"run of {length(horizon, self.time_unit)}"

    @property
    def bucket(self) -> str:
        """What a bucket is to a person: 'week', or 'block of 3 days'."""
        return stretch(float(self.manifest["time"]["bucket"]), self.time_unit)

    # places

    @cached_property
    def site_groups(self) -> tuple[str, ...]:
        """Groups of sites that have measures in the tables, in their order."""
        told = dict.fromkeys(site for _, site, product in self._estimates if site.startswith(GROUP) and not product)
        return tuple(site.removeprefix(GROUP) for site in told)

    @cached_property
    def product_groups(self) -> tuple[str, ...]:
        """Groups of products that have measures in the tables, in their order."""
        told = dict.fromkeys(product for _, site, product in self._estimates if product.startswith(GROUP) and not site)
        return tuple(product.removeprefix(GROUP) for product in told)

    @cached_property
    def top(self) -> str | None:
        """The most upstream echelon, whose bullwhip is the one told in a number."""
        return self.echelons[-1] if self.echelons else None

    def bullwhip_at_top(self, policy: Policy) -> Estimate:
        """Cumulative bullwhip of the most upstream echelon: one number for the card, the chart's title and the table. Products
        that are kept nowhere so far up are not in it; the network's own measure is among all measures."""
        site = echelon(self.top) if self.top else ""
        return self.estimate(policy, "bullwhip_cumulative", site if self.known(policy, site) else "")

    def known(self, policy: Policy, site: str) -> bool:
        """Whether the tables have measures of that place under that policy."""
        return (policy.name, site, "") in self._estimates

    @cached_property
    def unlimited(self) -> frozenset[str]:
        """Sites that are suppliers of unlimited stock: they hold nothing and have no measures."""
        points = self.tables.network["stock_points"]
        limited = {p["site"] for p in points if not p["unlimited"]}
        return frozenset(p["site"] for p in points if p["unlimited"] and p["site"] not in limited)

    @cached_property
    def echelons(self) -> tuple[str, ...]:
        """Kinds of sites that have measures, downstream first."""
        kinds = {s["kind"] for s in self.tables.network["sites"] if s["name"] not in self.unlimited}
        return tuple(k for k in self.tables.network["echelons"] if k in kinds)

    @cached_property
    def kinds_of_one(self) -> frozenset[str]:
        """Echelons ('kind:plant') that are a single stock point."""
        of = {s["name"]: s["kind"] for s in self.tables.network["sites"]}
        points = Counter(of[p["site"]] for p in self.tables.network["stock_points"] if not p["unlimited"])
        return frozenset(echelon(kind) for kind, n in points.items() if n == 1)

    def echelon_of(self, site: str) -> str:
        """The echelon of a site ('kind:plant')."""
        return echelon(self.kind_of(site)) if self.kind_of(site) else ""

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return {s["name"]: s["kind"] for s in self.tables.network["sites"]}

    def kind_of(self, site: str) -> str:
        """The kind of a site ('plant'), '' where the network has no such site."""
        return self._kinds.get(site, "")

    def sites_of(self, kind: str) -> int:
        """How many sites of that kind hold stock of their own."""
        return sum(k == kind and name not in self.unlimited for name, k in self._kinds.items())

    def class_of(self, product: str) -> str:
        """The groups of a product in words; without any, or in folders of before, the product itself."""
        return ", ".join(self.tables.network.get("product_groups", {}).get(product, ())) or product

    def place(self, kind: str) -> str:
        """An echelon in a sentence: 'the plant', 'stage 4', 'the 10 store sites'."""
        n = self.sites_of(kind)
        name = kind_words(kind, 24)
        if n > 1:
            return f"the {grouped(n, 0)} {name} sites"
        return name if name[-1:].isdigit() else f"the {name}"

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """Sites that have measures in the tables, echelon by echelon, downstream first."""
        order = {k: i for i, k in enumerate(self.tables.network["echelons"])}
        told = {site for _, site, product in self._estimates if site and not product}
        sites = [s for s in self.tables.network["sites"] if s["name"] in told]
        return tuple(s["name"] for s in sorted(sites, key=lambda s: order.get(s["kind"], 0)))

    def keeps_everything(self, kind: str) -> bool:
        """Whether every product is kept at some site of this kind."""
        of = {s["name"]: s["kind"] for s in self.tables.network["sites"]}
        kept = {
            p["product"] for p in self.tables.network["stock_points"] if of[p["site"]] == kind and not p["unlimited"]
        }
        return kept >= set(self.products)

    @cached_property
    def selling(self) -> frozenset[str]:
        """Kinds of sites where end customers buy."""
        sites = {p["site"] for p in self.tables.network["stock_points"] if p["customers"]}
        return frozenset(s["kind"] for s in self.tables.network["sites"] if s["name"] in sites)

    @cached_property
    def customer_sites(self) -> tuple[str, ...]:
        """Sites with measures where end customers buy."""
        selling = {p["site"] for p in self.tables.network["stock_points"] if p["customers"]}
        return tuple(s for s in self.sites if s in selling)

    @cached_property
    def products(self) -> tuple[str, ...]:
        return tuple(self.tables.network["products"])

    @cached_property
    def _series(self) -> dict[tuple[str, str, str], pd.DataFrame]:
        table = self.tables.series
        grouped: Iterator[Any] = iter(table.groupby(["policy", "site", "product"], sort=False))
        return dict(grouped)

    def series(self, policy: Policy, site: str, name: str) -> tuple[Array, dict[str, Array]] | None:
        """A bucket series of all products of a site, in the window: starts of buckets, and values by statistic.
        None when the tables do not go that far."""
        table = self._series.get((policy.name, site, ""))
        if table is None or name not in table:
            return None
        wide = table[table["start"] >= 0].pivot(index="start", columns="statistic", values=name)
        return wide.index.to_numpy(float), {str(s): wide[s].to_numpy(float) for s in wide.columns}

    def flow(self, policy: Policy, site: str, name: str) -> tuple[Array, dict[str, Array]] | None:
        """The same of what happens within buckets, such as orders: without a last one that the horizon cuts short."""
        found = self.series(policy, site, name)
        if found is None:
            return None
        time = self.manifest["time"]
        whole = found[0] + float(time["bucket"]) <= float(time["horizon"]) * (1.0 + 1e-9)
        return found[0][whole], {statistic: line[whole] for statistic, line in found[1].items()}


def kind_words(kind: str, limit: int = 40) -> str:
    """A kind of site as people write it, not longer than the limit."""
    return shown(kind_in_words(kind), limit)


def echelon(kind: str) -> str:
    """An echelon's name in the `site` column."""
    return ECHELON + kind


def _or_none(value: float) -> float | None:
    return None if value != value else float(value)
