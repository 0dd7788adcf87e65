"""Small scenarios of things made of things: scarce components, own claimants, machines and capacity, echelons, fractions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .cases import Document, scenario

POISSON: Document = {"dist": "poisson", "mean": 2}


def workshop(production: Document | list[Document], **changes: Document) -> Document:
    """p of two a and one b, q of an a, at one plant that makes a as well; a spare-part customer of b who takes all or nothing."""
    centres = [production] if isinstance(production, dict) else production
    parts = [{"products": "a", "lead_time": 0, "capacity": 7}]
    sites: Document = {"supplier": {"kind": "supplier"}, "plant": {"kind": "plant", "production": [*centres, *parts]}}
    lanes = [{"from": "supplier", "to": "plant", "products": "b", "lead_time": {"dist": "gamma", "mean": 2, "cv": 0.8}}]
    customers = [
        {"site": "plant", "product": "p", "quantity": POISSON},
        {"site": "plant", "product": "q", "type": "arrivals", "gap": {"dist": "exponential", "mean": 0.7}, "size": 1},
        {
            "site": "plant",
            "product": "b",
            "quantity": {"dist": "discrete_uniform", "low": 0, "high": 4},
            "fill": "all_or_nothing",
        },
    ]
    rules = [
        {"product": "a", "type": "s_Q", "watch": "echelon", "reorder_point": 34, "order_quantity": 9},
        {"product": "b", "type": "s_Q", "reorder_point": 7, "order_quantity": 6},
        {"product": "q", "type": "R_S", "review_interval": 2, "order_up_to_level": 6, "review": "before_demand"},
    ]
    document = scenario(sites, lanes, customers, {"type": "base_stock", "order_up_to_level": 5, "rules": rules})
    document["products"] = {"a": {"unit_cost": 1}, "b": {"unit_cost": 2}}
    document["products"] |= {"p": {"made_of": {"a": 2, "b": 1}}, "q": {"made_of": {"a": 1}}}
    return document | changes


def bills() -> Iterator[tuple[str, Document]]:
    machines: Document = {
        "products": ["p", "q"],
        "lead_time": 1,
        "machines": 1,
        "unit_time": {"dist": "exponential", "mean": 0.2},
    }
    yield "bills of materials", workshop(machines)
    centres = [
        {"products": "p", "lead_time": 0, "capacity": 3},
        {"products": "q", "lead_time": 0.5, "fill": "all_or_nothing"},
    ]
    out = [{"type": "outage", "site": "plant", "start": 6, "duration": 3, "every": 9}]
    document = workshop(centres, disruptions=out)
    document["policies"]["only"]["rules"][1] = {"product": "b", "type": "kanban", "cards": 3, "container": 4}
    yield "bills, two work centres and outages", document
    document = workshop(
        {
            "products": ["p", "q"],
            "lead_time": 1,
            "capacity": 4,
            "yield": {"fraction": {"dist": "uniform", "low": 0.5, "high": 1}},
        }
    )
    document["products"] = {name: {**keys, "divisible": True} for name, keys in document["products"].items()}
    document["products"]["p"]["made_of"] = {"a": 3.3, "b": 0.333}
    document["stock"] = [{"product": "b", "lifetime": 3}]
    yield "bills with fractions", document


PARTS: tuple[Callable[[], Iterator[tuple[str, Document]]], ...] = (bills,)
