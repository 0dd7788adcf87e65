"""Random plants that make things of things, by number: the same number is the same plant.

    python -m tests.engines.random_bills 2000

tries so many on both engines, with an event log and without, and tells where they part.
"""

from __future__ import annotations

import random
import sys
from typing import Any

Document = dict[str, Any]

WHOLE_DAYS = (0, 1, 1, 2, 3)
ANY_TIMES = (
    0.5,
    1.25,
    {"dist": "gamma", "mean": 2, "cv": 0.8},
    {"dist": "exponential", "mean": 1.5},
    {"dist": "discrete", "values": [0, 1, 4], "probabilities": [0.3, 0.4, 0.3]},
)
QUANTITIES = (
    {"dist": "poisson", "mean": 2},
    {"dist": "discrete_uniform", "low": 0, "high": 4},
    {"dist": "constant", "value": 1},
    {"dist": "negative_binomial", "mean": 2, "sd": 3},
)
FRACTIONS = ({"dist": "gamma", "mean": 2, "cv": 0.7}, {"dist": "constant", "value": 0.3})
CONTENTS = (0.1, 0.25, 0.333, 3.3)


class Plant:
    """One drawn document: 1–3 products of 2–5 components, some of which are made of others."""

    def __init__(self, number: int) -> None:
        self.r = random.Random(number)
        self.whole_days = self.chance(0.5)
        self.divisible = self.chance(0.25)
        self.parts = [f"c{i}" for i in range(1, self.r.randint(2, 5) + 1)]
        self.made = [f"p{i}" for i in range(1, self.r.randint(1, 3) + 1)]
        self.bought = self._bills()
        self.document = self._document()

    def chance(self, odds: float) -> bool:
        return self.r.random() < odds

    def time(self) -> Any:
        return self.r.choice(WHOLE_DAYS if self.whole_days else WHOLE_DAYS + ANY_TIMES)

    def per(self) -> float:
        return self.r.choice(CONTENTS) if self.divisible and self.chance(0.7) else self.r.randint(1, 3)

    def _bills(self) -> list[str]:
        """Bills of products, and of some components of those behind them; returns what is bought."""
        self.products: Document = {}
        for name in self.made:
            some = self.r.sample(self.parts, self.r.randint(1, min(3, len(self.parts))))
            self.products[name] = {"unit_price": 9, "made_of": {part: self.per() for part in some}}
        for i, name in enumerate(self.parts):
            behind = self.parts[i + 1 :]
            self.products[name] = {"unit_cost": self.r.choice([1, 2.5])}
            if behind and self.chance(0.3):
                self.products[name] = {"made_of": {self.r.choice(behind): self.per()}}
        for keys in self.products.values():
            keys["divisible"] = self.divisible
        return [name for name in self.parts if "made_of" not in self.products[name]]

    def _document(self) -> Document:
        sites: Document = {
            "supplier": {"kind": "supplier"},
            "plant": {"kind": "plant", "production": self._production()},
        }
        lanes = [self._lane("supplier", "plant", part) for part in self.bought]
        stock: list[Document] = [{"holding_cost": 0.1}]
        for part in self.bought:
            if self.chance(0.2):
                lanes.append({**self._lane("supplier", "plant", part), "name": "second", "priority": 2})
                rule = self.r.choice(["first", "priority", "split"])
                if rule == "split":
                    lanes[-1]["share"] = 0.25
                    first = next(lane for lane in lanes if lane["products"] == part)
                    first["share"] = 0.75
                stock.append({"site": "plant", "product": part, "sourcing": rule})
        demand = self._customers(sites, lanes, stock)
        for part in (*self.parts, *self.made):
            if self.chance(0.2):
                stock.append({"site": "plant", "product": part, "lifetime": self.r.choice([3, 6.5])})
        disruptions = []
        if self.chance(0.4):
            random_ones = {"time_between": {"dist": "exponential", "mean": 6}, "duration": self.r.choice([1, 2.5])}
            disruptions.append({"type": "outage", "site": "plant", **random_ones})
        return {
            "chainsim": 1,
            "title": "Random plant",
            "time": {"unit": "day", "warm_up": self.r.choice([0, 5]), "horizon": 40, "bucket": "1 day"},
            "seed": self.r.randint(0, 999),
            "products": self.products,
            "sites": sites,
            "lanes": lanes,
            "stock": stock,
            "demand": demand,
            "disruptions": disruptions,
            "costs": {"backorder": 0.5},
            "policies": {"only": self._policies(sites)},
        }

    def _production(self) -> Any:
        made = [name for name in self.products if "made_of" in self.products[name]]
        if len(made) > 1 and self.chance(0.4):
            cut = self.r.randint(1, len(made) - 1)
            return [self._centre(made[:cut]), self._centre(made[cut:])]
        return self._centre(made)

    def _centre(self, made: list[str]) -> Document:
        keys: Document = {"lead_time": self.time(), "products": made}
        kind = self.r.choice(["machines", "capacity", "none", "none"])
        if kind == "machines":
            keys |= {
                "machines": self.r.randint(1, 3),
                "unit_time": self.r.choice([0.1, 0.25, {"dist": "exponential", "mean": 0.2}]),
            }
            if self.chance(0.4):
                keys |= {
                    "setup_time": self.r.choice([0, 0.3, {"dist": "exponential", "mean": 0.2}]),
                    "setup_for": self.r.choice(["order", "product"]),
                }
        elif kind == "capacity":
            keys |= {"capacity": self.r.randint(3, 9)}
        if self.chance(0.3):
            keys["fill"] = "all_or_nothing"
        if self.chance(0.25):
            keys["yield"] = {"fraction": {"dist": "uniform", "low": 0.7, "high": 1}}
        return keys

    def _lane(self, origin: str, target: str, product: str) -> Document:
        lane: Document = {"from": origin, "to": target, "products": product, "lead_time": self.time()}
        if self.chance(0.25):
            lane["order_lag"] = self.r.choice([0, 1, 0.5])
        return lane

    def _customers(self, sites: Document, lanes: list[Document], stock: list[Document]) -> list[Document]:
        """Customers of products, at the plant or at a depot; of spare parts; sites that take components; a product bought as well."""
        demand = []
        for name in self.made:
            where = "plant"
            if self.chance(0.4):
                where = "depot"
                sites.setdefault("depot", {"kind": "dc"})
                lanes.append(self._lane("plant", "depot", name))
            demand.append(self._demand(where, name))
            if where == "plant" and self.chance(0.15):
                lanes.append({**self._lane("supplier", "plant", name), "priority": self.r.choice([1, 2])})
                stock.append({"site": "plant", "product": name, "sourcing": self.r.choice(["first", "priority"])})
        for part in self.parts:
            used = any(part in keys.get("made_of", {}) for keys in self.products.values())
            if self.chance(0.3) or not used:
                demand.append(self._demand("plant", part))
            if self.chance(0.15):
                sites.setdefault("workshop", {"kind": "store"})
                lanes.append(self._lane("plant", "workshop", part))
                demand.append(self._demand("workshop", part))
        return demand

    def _demand(self, site: str, product: str) -> Document:
        quantity = self.r.choice(FRACTIONS if self.divisible else QUANTITIES)
        entry: Document = {"site": site, "product": product}
        if self.chance(0.5):
            entry |= {"quantity": quantity}
        else:
            entry |= {
                "type": "arrivals",
                "gap": self.r.choice([0.5, {"dist": "exponential", "mean": 0.7}]),
                "size": quantity,
            }
        unmet = self.r.choice(["backorder", "backorder", "lost", "patience"])
        entry["unmet"] = unmet
        if unmet == "patience":
            entry["patience"] = self.r.choice([1, 1.5])
        return entry

    def _policies(self, sites: Document) -> Document:
        rules = []
        places = [(site, product) for site in sites if site != "supplier" for product in self.products]
        for site, product in places:
            rules.append({"site": site, "product": product, **self._rule()})
        return {"type": "base_stock", "order_up_to_level": 5, "rules": rules}

    def _rule(self) -> Document:
        level, gap = self.r.randint(0, 15), self.r.randint(1, 8)
        periodic: Document = {"review_interval": self.r.choice([1, 2])}
        if self.chance(0.4):
            periodic["review"] = "before_demand"
        either = self.r.choice([{}, {}, periodic])
        return self.r.choice(
            [
                {"type": "base_stock", "order_up_to_level": level, **either},
                {"type": "base_stock", "order_up_to_level": 3 * level, "watch": "echelon", **either},
                {"type": "s_Q", "reorder_point": level, "order_quantity": gap, **either},
                {"type": "s_S", "reorder_point": level, "order_up_to_level": level + gap, **either},
                {"type": "R_S", "order_up_to_level": level, **{"review_interval": 1, **periodic}},
                {"type": "kanban", "cards": self.r.randint(1, 4), "container": self.r.randint(1, 3)},
            ]
        )


def plant(number: int) -> Document:
    """The document of a plant."""
    return Plant(number).document


def main(count: int) -> None:
    """Try plants 0 … count − 1; ends with 1 if any parts the engines."""
    from chainsim.errors import ChainsimError
    from chainsim.plan.compile import compile_plan
    from tests.engines.pair import difference
    from tests.properties.networks import scenario_of

    parted = waited = worked = refused = 0
    for number in range(count):
        try:
            plan = compile_plan(scenario_of(plant(number)), "only")
        except ChainsimError as error:
            refused += 1
            print(f"{number}: refused: {error}")
            continue
        found = difference(plan)
        if found is not None:
            parted += 1
            print(f"{number}: {found}")
        from chainsim.engines import compiled_engine
        from chainsim.record.audit import audit

        record = compiled_engine.simulate(plan, 0)
        audit(record, plan)
        waited += bool(record.closing["assemblies"]["waiting_time"].sum() > 0)
        worked += bool(record.closing["assemblies"]["at_plant_time"].sum() > 0)
    print(f"{count} plants, {refused} refused, {parted} told apart; jobs waited in {waited}, for the plant in {worked}")
    sys.exit(1 if parted else 0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
