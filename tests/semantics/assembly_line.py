"""A plant that makes f of two a and one b, with given levels and demands: the hand-worked trace of `test_bills`."""

LINE = """\
chainsim: 1
title: Two components
time: {unit: period, horizon: 16, bucket: 1, periods_per_year: 1}
replications: 1
products:
  a: {unit_cost: 2}
  b: {unit_cost: 3}
  f: {unit_cost: 10, made_of: {a: 2, b: 1}}
sites:
  maker: {kind: supplier}
  plant: {kind: plant, production: {lead_time: 1}}
lanes:
  - {from: maker, to: plant, products: a, lead_time: 2}
  - {from: maker, to: plant, products: b, lead_time: 3}
demand:
  - {site: plant, product: f, type: history, file: demand.csv, every: 1}
costs: {carrying_rate: 100% per period, backorder: 0}
policies:
  base:
    type: base_stock
    order_up_to_level: 3
    rules:
      - {product: a, type: base_stock, order_up_to_level: 6}
      - {product: b, type: base_stock, order_up_to_level: 2}
"""
DEMANDED = (2, 0, 3, 1, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0)
