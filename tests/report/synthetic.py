"""Results folders that no simulation made: plausible numbers from a seeded generator, for tests of the report alone."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from chainsim.kpis import KPIS, SERIES_NAMES, Parts
from chainsim.statistics import compare, estimate
from chainsim.statistics.amounts import Amount
from chainsim.statistics.quantiles import fan
from chainsim.study.csvtext import csv_bytes
from chainsim.study.judging import PAIRS, pairs
from chainsim.study.rates import DRIVERS, RATES
from chainsim.study.results import Results, file_hashes
from chainsim.study.risk import RISK, risk
from chainsim.study.starting import WARM_UP

CHARGES: tuple[tuple[Any, ...], ...] = (
    ("carrying", "carrying_cost", "Carrying rate", "", "", "", 0.25, "of value a year", "EUR of stock"),
    ("order", "ordering_cost", "An order", "kind:dc", "kind:store", "", 20.0, "EUR an order", "orders"),
    ("transport", "transport_cost", "Moving a unit", "kind:dc", "kind:store", "", 0.05, "EUR a unit", "units shipped"),
    ("production", "production_cost", "Making a unit, all rates", "", "", "", 1.0, "× as run", "EUR as run"),
    ("lost_sale", "shortage_cost", "A lost sale", "", "", "", 4.0, "EUR a unit", "units lost"),
)
"""Rates of which each cost line has one."""
Values = Mapping[str, float]


@dataclass(frozen=True)
class Shape:
    """What to make. policies: name → (label, fill rate, total cost)."""

    policies: Mapping[str, tuple[str, float, float]] = field(
        default_factory=lambda: {
            "jit": ("Just in time", 0.862, 418e3),
            "eoq": ("Economic order quantity", 0.931, 402e3),
            "s_Q": ("Order point (s, Q)", 0.957, 371e3),
            "multi_echelon": ("Multi-echelon base stock", 0.968, 334e3),
        }
    )
    kinds: tuple[tuple[str, int], ...] = (("store", 10), ("dc", 1), ("plant", 1))
    products: tuple[str, ...] = ("soup",)
    supplier: str | None = "farm"
    title: str = "Regional grocer"
    name: str = "grocer"
    story: str = "A grocer with ten stores, one distribution centre and one plant. These numbers are synthetic."
    target: float | None = 0.95
    currency: str = "EUR"
    n: int = 30
    site_names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    costs: bool = True
    bullwhip: bool = True
    site_scopes: bool = True
    point_scopes: bool = False
    warnings: tuple[dict[str, str], ...] = ()
    material: tuple[Amount, ...] = ()


def make_results(shape: Shape = Shape(), seed: int = 1) -> Results:
    """In-memory results of this shape; the same seed gives the same bytes."""
    rng = np.random.default_rng(seed)
    sites = [(name, kind) for kind, n in shape.kinds for name in _names(shape, kind, n)]
    scopes = [("", "")] + [("", p) for p in shape.products] + [(f"kind:{kind}", "") for kind, _ in shape.kinds]
    if shape.site_scopes:
        scopes += [(name, "") for name, _ in sites]
    if shape.point_scopes:
        scopes += [(name, p) for name, _ in sites for p in shape.products]
    common = rng.normal(size=shape.n)
    ids = KPIS.names()
    values = {p: _policy_values(shape, p, i, scopes, dict(sites), common, rng) for i, p in enumerate(shape.policies)}
    files = {
        "replications.csv": csv_bytes(
            ("policy", "replication", "site", "product", "kpi", "value", "numerator", "denominator"),
            [
                (p, r, "", "", id, float(values[p][r, 0, k]), None, None)
                for p in shape.policies for r in range(shape.n) for k, id in enumerate(ids)
            ],
        ),
        "summary.csv": csv_bytes(
            ("policy", "site", "product", "kpi", "unit", "mean", "half_width", "low", "high", "level", "n", "method"),
            _summary(shape, scopes, values),
        ),
        "comparison.csv": csv_bytes(
            ("kpi", "policy", "baseline", "difference", "half_width", "verdict", "n"), _comparison(shape, values)
        ),
        "pairs.csv": csv_bytes(PAIRS, pairs(KPIS.names(), list(shape.policies), _parts(values), 0.95, shape.material)),
        "risk.csv": csv_bytes(
            RISK,
            risk(
                [SimpleNamespace(policy=p) for p in shape.policies],  # type: ignore[misc]
                _parts(values),
                [_months(shape, values[p]) for p in shape.policies],
                {} if shape.target is None else {"fill_rate": shape.target},
                0.95,
            ),
        ),
        "rates.csv": csv_bytes(RATES, CHARGES if shape.costs else [(*row[:6], 0.0, *row[7:]) for row in CHARGES]),
        "drivers.csv": csv_bytes(
            DRIVERS,
            [
                (p, r, row[0], float(values[p][r, 0, ids.index(row[1])]) / row[6] if shape.costs else 100.0 + r)
                for p in shape.policies for r in range(shape.n) for row in CHARGES
            ],
        ),
        "warm_up.csv": csv_bytes(
            WARM_UP, [(p, "cut", 84.0, 28.0, None, None, None, None, True, 64, None, None) for p in shape.policies]
        ),
        "series.csv": csv_bytes(
            ("policy", "site", "product", "bucket", "start", "statistic", *SERIES_NAMES), _series(shape, rng)
        ),
        "derived.csv": csv_bytes(
            ("policy", "site", "product", "name", "symbol", "value", "exact", "unit", "formula", "inputs", "given"),
            [
                (p, site, q, "reorder_point", "s", 154.0, 153.27, "units", "d·L + z·σ_L", "d = 20.0; L = 7.0; z = 1.6449", False)
                for p in shape.policies if p != "jit" for site, _ in sites[:200] for q in shape.products[:5]
            ],
        ),
        "audit.csv": csv_bytes(
            ("policy", "check", "value", "limit", "passed", "meaning"),
            [
                row
                for p in shape.policies
                for row in (
                    (p, "units_conserved", 0.0, 0.0, True, "largest imbalance over all balances, units"),
                    (p, "littles_law", 3.1e-16, 1e-9, True, "time integral of backorders against the sum of waits"),
                    (p, "events", 1234567, None, None, "events simulated"),
                )
            ],
        ),
        "network.json": json.dumps(_network(shape, sites)).encode(),
    }  # fmt: skip
    return Results(_manifest(shape, files, len(sites)), files)


def _parts(values: Mapping[str, Any]) -> list[Parts]:
    return [Parts(own, np.full_like(own, np.nan)) for own in values.values()]


def _months(shape: Shape, values: Any) -> Any:
    """Months around the fill rate of their year [replications, demanded and filled, months]."""
    fills = values[:, 0, KPIS.names().index("fill_rate")]
    wave = 1.0 + 0.02 * np.sin(np.arange(13) + np.arange(shape.n)[:, None])
    return np.stack([np.full((shape.n, 13), 5000.0), 5000.0 * np.minimum(fills[:, None] * wave, 1.0)], axis=1)


def _names(shape: Shape, kind: str, n: int) -> list[str]:
    if kind in shape.site_names:
        return list(shape.site_names[kind])
    return [kind] if n == 1 else [f"{kind}-{i + 1}" for i in range(n)]


def _policy_values(
    shape: Shape,
    policy: str,
    index: int,
    scopes: Sequence[tuple[str, str]],
    kinds: Mapping[str, str],
    common: Any,
    rng: Any,
) -> Any:
    ids = {id: k for k, id in enumerate(KPIS.names())}
    _, fill, cost = shape.policies[policy]
    out = np.full((shape.n, len(scopes), len(ids)), np.nan)
    depth = {f"kind:{kind}": i for i, (kind, _) in enumerate(shape.kinds)}
    for s, (site, product) in enumerate(scopes):
        share = 1.0 if not site and not product else 1.0 / (3 + s % 7)
        noise = 0.6 * common + 0.4 * rng.normal(size=shape.n)
        level = depth.get(site, depth.get(f"kind:{kinds.get(site, '')}", len(depth) - 1))
        here = np.clip(fill + 0.012 * noise + (0.0 if not site else rng.normal() * 0.015), 0, 1)
        row: dict[str, Any] = {
            "fill_rate": here, "cycle_service_level": here - 0.06, "period_service_level": here - 0.03, "ready_rate": here - 0.01,
            "order_fill_rate": here - 0.02, "on_time_rate": np.minimum(here + 0.01, 1), "wait_mean": 0.3 * (1.2 - here),
            "backorder_rate": (1 - here) * 0.4, "backorders_mean": 12 * (1 - here), "lost_sales_rate": (1 - here) * 0.6,
            "on_hand_mean": share * (1840 + 30 * noise + 200 * index), "in_transit_mean": share * (700 + 5 * noise),
            "inventory_value_mean": share * (36800 + 600 * noise), "charged_value_mean": share * (50800 + 600 * noise),
            "turns": 26 + noise, "days_of_supply": 11.2 + 0.3 * noise,
            "orders_per_year": share * (900 + 9 * noise), "revenue": share * (2.6e6 + 1e4 * noise), "margin": share * (0.9e6 + 1e4 * noise),
            "net_stock_amplification": 2.1 + 0.1 * noise,
        }  # fmt: skip
        if level == len(depth) - 1 or site == "":
            row["utilisation"] = np.clip(0.72 + 0.02 * noise + 0.02 * index, 0, 1)
        if shape.bullwhip:
            strength = [5.2, 4.4, 3.0, 1.8][index % 4]
            row["bullwhip_cumulative"] = 1.1 + (strength - 1.1) * (level + 0.2) / max(len(depth) - 0.8, 1) + 0.2 * noise
            row["bullwhip"] = 1.3 + 0.1 * noise
        split = [(0.35, 0.2, 0.15, 0.0), (0.28, 0.12, 0.14, 0.02), (0.38, 0.19, 0.18, 0.02), (0.35, 0.22, 0.21, 0.02)][
            index % 4
        ]
        total = share * (cost + 0.025 * cost * noise) if shape.costs else np.zeros(shape.n)
        names = ("carrying_cost", "ordering_cost", "transport_cost", "production_cost")
        for name, part in zip(names, split, strict=True):
            row[name] = part * total
        row["shortage_cost"] = total - sum(row[name] for name in names)
        row["total_cost"] = total
        row["carrying_cost_rate"] = 0.25 + 0.0 * noise
        for id, sample in row.items():
            out[:, s, ids[id]] = sample
    return out


def _summary(shape: Shape, scopes: Sequence[tuple[str, str]], values: Mapping[str, Any]) -> Any:
    for policy in shape.policies:
        for s, (site, product) in enumerate(scopes):
            for k, (id, kpi) in enumerate(KPIS.items()):
                e = estimate(values[policy][:, s, k].tolist())
                method = f"undefined: {kpi.undefined}" if e.mean is None else e.method
                unit = kpi.unit_text(shape.currency, "day")
                yield policy, site, product, id, unit, e.mean, e.half_width, e.low, e.high, 0.95, e.n, method


def _comparison(shape: Shape, values: Mapping[str, Any]) -> Any:
    baseline, *others = shape.policies
    for k, (id, kpi) in enumerate(KPIS.items()):
        for policy in others:
            c = compare(values[policy][:, 0, k].tolist(), values[baseline][:, 0, k].tolist(), 0.95, kpi.direction)
            yield id, policy, baseline, c.difference.mean, c.difference.half_width, c.verdict, c.difference.n


def _series(shape: Shape, rng: Any) -> Any:
    for i, policy in enumerate(shape.policies):
        for d, site in enumerate(["", *(f"kind:{kind}" for kind, _ in shape.kinds)]):
            weeks = np.arange(-12, 52)
            wave = 60 + 25 * d + 10 * i + 22 * np.sin(weeks / (5 + d)) * (1 + d)
            paths = np.maximum(wave + rng.normal(size=(shape.n, len(weeks))).cumsum(axis=1) * 2.0, 0)
            for statistic, line in fan(paths).items():
                for b, start in enumerate(weeks.tolist()):
                    yield (
                        policy,
                        site,
                        "",
                        b,
                        7.0 * start,
                        statistic,
                        *(float(line[b]) * (1 + k / 10) for k in range(len(SERIES_NAMES))),
                    )


def _network(shape: Shape, sites: Sequence[tuple[str, str]]) -> dict[str, Any]:
    kinds = [kind for kind, _ in shape.kinds]
    by_kind = {kind: [name for name, k in sites if k == kind] for kind in kinds}
    pairs = []
    for below, above in itertools.pairwise(kinds):
        pairs += [(by_kind[above][j % len(by_kind[above])], name) for j, name in enumerate(by_kind[below])]
    if shape.supplier:
        pairs += [(shape.supplier, name) for name in by_kind[kinds[-1]]]
    all_sites = [*sites, *([(shape.supplier, "supplier")] if shape.supplier else [])]
    return {
        "sites": [{"name": name, "kind": kind} for name, kind in all_sites],
        "echelons": [*kinds, *(["supplier"] if shape.supplier else [])],
        "products": list(shape.products),
        "lanes": [{"from": a, "to": b, "product": p, "production": False} for a, b in pairs for p in shape.products],
        "stock_points": [
            {"site": name, "product": p, "unlimited": kind == "supplier", "customers": kind == kinds[0]}
            for name, kind in all_sites
            for p in shape.products
        ],
    }


def _manifest(shape: Shape, files: Mapping[str, bytes], sites: int) -> dict[str, Any]:
    return {
        "chainsim": "0.1.0", "format": 2,
        "scenario": {"name": shape.name, "title": shape.title, "story": shape.story, "sha256": "0" * 64},
        "identity": {}, "command": f"chainsim run {shape.name}.yaml", "finished": "2020-01-01T00:00:00Z",
        "seed": 7, "rng_scheme": 1, "common_random_numbers": True, "engine": "simpy",
        "replications": shape.n, "confidence": 0.95,
        "policies": [{"name": name, "label": label} for name, (label, _, _) in shape.policies.items()],
        "baseline": next(iter(shape.policies)),
        "targets": {} if shape.target is None else {"fill_rate": shape.target},
        "currency": shape.currency,
        "time": {"unit": "day", "warm_up": 84.0, "horizon": 364.0, "bucket": 7.0, "review": "after_demand", "units_per_year": 365.0},
        "counts": {"sites": sites, "products": len(shape.products), "stock_points": sites * len(shape.products), "lanes": sites},
        "detail": {"summary": "site", "replications": "network", "series": "echelon", "left_out": []},
        "material": [str(a) for a in shape.material], "precision": None,
        "warnings": list(shape.warnings), "versions": {}, "files": file_hashes(files),
    }  # fmt: skip
