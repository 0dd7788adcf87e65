"""The scenario while it is being expanded: what is known so far, where each part was written, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chainsim.errors import Finding
from chainsim.scenario.model import (
    Alternative,
    Demand,
    HistoryTable,
    Lane,
    Site,
    StockPoint,
    TimeSpec,
)
from chainsim.scenario.model_calendars import Calendar
from chainsim.scenario.model_outages import Outage
from chainsim.scenario.model_product import Product
from chainsim.scenario.names import ALL, Names, Unknown
from chainsim.scenario.nodes import Path, Source

PointName = tuple[str, str]


@dataclass
class Draft:
    """Grows from step to step of the expansion (`expand`), and is what the cross-field checks look at."""

    source: Source
    data: Mapping[str, Any]
    names: Names
    time: TimeSpec
    products: dict[str, Product] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    lanes: list[tuple[Lane, Path]] = field(default_factory=list)
    idle_lanes: list[tuple[str, str, Path]] = field(default_factory=list)  # (origin, target): they carry nothing
    points: dict[PointName, StockPoint] = field(default_factory=dict)
    demands: list[tuple[Demand, Path]] = field(default_factory=list)
    outages: list[tuple[Outage, Path]] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)
    tables: dict[str, HistoryTable] = field(default_factory=dict)
    steps: dict[str, float] = field(default_factory=dict)  # distance between rows of a dated table, time units
    stock_paths: dict[tuple[PointName, str], Path] = field(default_factory=dict)  # which rule gave which key
    calendars: dict[Path, Calendar | None] = field(default_factory=dict)  # by where they are written, once looked up
    findings: list[Finding] = field(default_factory=list)

    def error(self, path: Path, message: str, cure: str = "", *, budget: bool = False) -> None:
        self.findings.append(self.source.finding(path, message, cure, budget=budget))

    def warn(self, path: Path, message: str, cure: str = "") -> None:
        self.findings.append(self.source.finding(path, message, cure, severity="warning"))

    def sites_of(self, selector: Any) -> dict[str, int]:
        """Sites meant, with how specifically; nothing for an unknown name, which was reported before."""
        try:
            return {site: level for site, level in self.names.find_sites(selector).items() if site in self.sites}
        except Unknown:
            return {}

    def products_of(self, selector: Any) -> dict[str, int]:
        """Products meant, with how specifically; nothing for an unknown name."""
        try:
            return {p: level for p, level in self.names.find_products(selector).items() if p in self.products}
        except Unknown:
            return {}

    def chosen_sites(self, keys: Mapping[str, Any], path: Path) -> dict[str, int]:
        """Sites of a rule's `site`, `kind` or `group`; every site when it has none of them."""
        given = [key for key in ("site", "kind", "group") if keys.get(key) is not None]
        if len(given) > 1:
            self.error((*path, given[1]), f"a rule has one of site, kind and group, not {' and '.join(given)}")
            return {}
        if not given:
            return dict.fromkeys(self.sites, ALL)
        value = keys[given[0]]
        return self.sites_of(value if given[0] == "site" else {given[0]: value})

    def sources_of(self) -> dict[PointName, list[Lane | None]]:
        """Ways each stock point is replenished: its lanes, and None for production."""
        ways: dict[PointName, list[Lane | None]] = {}
        for lane, _ in self.lanes:
            ways.setdefault((lane.target, lane.product), []).append(lane)
        for site in self.sites.values():
            for centre in site.production:
                for product in centre.products:
                    ways.setdefault((site.name, product), []).append(None)
        return ways

    def centres(self, base: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """(path, keys) of the work centres of a site as it is called in the file."""
        path: Path = ("sites", base, "production")
        given = self.data["sites"][base]["production"]
        if isinstance(given, Mapping):
            yield path, given
        else:
            for k, keys in enumerate(given or ()):
                yield (*path, k), keys

    def every_centre(self) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """(path, keys) of every work centre in the file."""
        for base in self.data["sites"]:
            yield from self.centres(base)

    def unlimited(self, site: str) -> bool:
        return self.sites[site].unlimited
