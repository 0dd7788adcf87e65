"""Scenario texts for tests: a small valid one, and a way to change a line of it."""

from __future__ import annotations

from chainsim.errors import Finding, ScenarioError
from chainsim.scenario.load import load_text
from chainsim.scenario.model import Scenario

MINIMAL = """\
chainsim: 1
title: One store
time: {unit: day, warm_up: 10, horizon: 100}
products:
  soup: {unit_cost: 2, unit_price: 5}
sites:
  farm: {kind: supplier}
  store: {kind: store}
lanes:
  - {from: farm, to: store, lead_time: 2}
demand:
  - {site: store, product: soup, quantity: {dist: poisson, mean: 5}}
policies:
  up_to: {type: base_stock, order_up_to_level: 20}
"""

GROCER = """\
chainsim: 1
title: Regional grocer
time: {unit: day, warm_up: 90, horizon: 365, bucket: week}
replications: 5
seed: 7
products:
  soup: {unit_cost: 2, unit_price: 3.5, groups: [dry]}
  tea: {unit_cost: 4, unit_price: 7, groups: [dry]}
sites:
  plant: {kind: plant, production: {lead_time: {dist: gamma, mean: 3, cv: 0.3}, capacity: 500 per day, order_cost: 200}}
  dc: {kind: dc}
  store: {kind: store, copies: 12, groups: [north]}
lanes:
  - {from: plant, to: dc, lead_time: {dist: gamma, mean: 7 days, cv: 0.3}, order_cost: 120, unit_cost: 0.05}
  - {from: dc, to: store, lead_time: {dist: uniform, low: 1, high: 3}, order_lag: 12 hours, order_cost: 8}
stock:
  - {carrying_rate: 25% per year}
  - {kind: store, initial: {on_hand: 100}}
  - {site: store-3, product: soup, initial: {on_hand: 60, shipments: [{from: dc, quantity: 20, due: 1}]}}
demand:
  - {site: store, product: soup, quantity: {dist: poisson, mean: 20}, unmet: lost}
  - {site: {kind: store}, product: tea, type: arrivals, gap: {dist: exponential, mean: 0.1}, size: 2, unmet: patience,
     patience: 36 hours, season: {weekly: [1, 1, 1, 1, 1, 2, 0]}}
disruptions:
  - {type: outage, site: dc, start: 200, duration: 10 days}
  - {type: outage, lane: {from: plant, to: dc}, time_between: {dist: exponential, mean: 180}, duration: 5}
  - {type: surge, site: store-1, product: soup, start: 250, duration: 2 weeks, factor: 2}
costs: {currency: EUR, carrying_rate: 20% per year, backorder: 0.4, lost_sale: margin}
targets: {fill_rate: 0.97}
policies:
  s_Q: {type: s_Q, label: Reorder point, service_level: 0.95}
  mixed:
    type: base_stock
    rules:
      - {kind: store, type: R_S, review_interval: 1 week, offset: random}
      - {site: dc, product: soup, type: s_S, reorder_point: 100, order_up_to_level: 300}
"""


def changed(old: str, new: str, text: str = MINIMAL) -> str:
    """The text with a part replaced, which must be there."""
    assert old in text, old
    return text.replace(old, new)


def errors(text: str, folder: object = None) -> list[Finding]:
    """What is wrong with a scenario text; [] when it loads."""
    try:
        load_text(text, "case.yaml", folder)  # type: ignore[arg-type]
    except ScenarioError as refused:
        if not refused.findings:
            raise AssertionError("refused without a finding") from refused
        return refused.findings
    return []


def error(text: str, folder: object = None) -> Finding:
    """The only thing wrong with a scenario text."""
    found = errors(text, folder)
    assert len(found) == 1, found
    return found[0]


def load(text: str = MINIMAL, folder: object = None) -> Scenario:
    return load_text(text, "case.yaml", folder)  # type: ignore[arg-type]


def warnings(text: str, folder: object = None) -> list[str]:
    """'path: message' of every warning of a scenario that loads."""
    return [f"{f.path}: {f.message}" for f in load(text, folder).warnings]
