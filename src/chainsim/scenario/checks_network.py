"""Cross-field checks of the network: cycles, supply, sources, customers. Each function returns nothing and notes what
it finds in the draft; `ALWAYS` run on any expanded file, `WHEN_NAMES_ARE_RIGHT` only when no name or key was wrong,
since they speak of what is missing."""

from __future__ import annotations

from dataclasses import replace
from math import isclose

from chainsim.ordering import natural
from chainsim.registry import did_you_mean
from chainsim.rules.order import SOURCING
from chainsim.scenario.draft import Draft, PointName
from chainsim.scenario.expand_production import all_bills
from chainsim.scenario.model import Lane
from chainsim.scenario.nodes import Path


def no_cycles(draft: Draft) -> None:
    """Goods of one product never come back: lanes A → B → A are refused, with the cycle as a path."""
    lanes: dict[str, list[tuple[str, str, Path]]] = {f" of '{product}'": [] for product in draft.products}
    for lane, path in draft.lanes:
        lanes[f" of '{lane.product}'"].append((lane.origin, lane.target, path))
    lanes[""] = draft.idle_lanes  # a ring that no source reaches carries nothing
    seen: set[tuple[str, ...]] = set()
    for product, ends in lanes.items():
        below: dict[str, list[str]] = {}
        for origin, target, _ in ends:
            below.setdefault(origin, []).append(target)
        cycle = cycle_of(below)
        if cycle and tuple(cycle) not in seen:
            seen.add(tuple(cycle))
            path = next(path for origin, target, path in ends if [origin, target] == cycle[:2])
            ring = " → ".join(cycle)
            draft.error(path, f"the lanes{product} run in a cycle: {ring}", "remove one of these lanes")


def cycle_of(below: dict[str, list[str]]) -> list[str]:
    """A cycle as a list of sites, first = last, beginning with the first name; [] when there is none."""
    done: set[str] = set()
    for start in below:
        if start in done:
            continue
        trail, on_trail = [start], {start}
        waiting = [iter(below[start])]
        while trail:
            following = next((site for site in waiting[-1] if site not in done), None)
            if following is None:
                done.add(trail[-1])
                on_trail.discard(trail.pop())
                waiting.pop()
            elif following in on_trail:
                ring = trail[trail.index(following) :]
                first = ring.index(min(ring, key=natural))
                return [*ring[first:], *ring[:first], ring[first]]
            else:
                trail.append(following)
                on_trail.add(following)
                waiting.append(iter(below.get(following, ())))
    return []


def suppliers_only_supply(draft: Draft) -> None:
    """A supplier has unlimited stock: no lane leads to it, no customer buys there, it produces nothing."""
    refused: set[Path] = set()

    def refuse(path: Path, message: str, cure: str) -> None:
        if path not in refused:
            refused.add(path)
            draft.error(path, message, cure)

    cure = "give the site another kind, such as plant"
    for lane, path in draft.lanes:
        if draft.unlimited(lane.target) and lane.origin != lane.target:
            refuse((*path, "to"), f"'{lane.target}' is a supplier: its stock is unlimited", cure)
    for demand, path in draft.demands:
        if draft.unlimited(demand.site):
            refuse((*path, "site"), f"'{demand.site}' is a supplier: customers cannot buy there", cure)
    for site in draft.sites.values():
        if site.unlimited and site.production:
            refuse(("sites", site.base, "production"), f"'{site.name}' is a supplier: it need not produce", cure)


def lanes_told_apart(draft: Draft) -> None:
    """Two lanes of one product between the same ends need different names."""
    seen: dict[tuple[str, str, str, str], Path] = {}
    told: set[tuple[Path, Path]] = set()
    for lane, path in draft.lanes:
        ends = (lane.origin, lane.target, lane.product, lane.name)
        first = seen.setdefault(ends, path)
        if first is not path and first != path and (first, path) not in told:
            told.add((first, path))
            both = f"{lane.origin} → {lane.target} of '{lane.product}'"
            draft.error(path, f"a second lane {both}; the first is lanes[{first[1]}]", "give each a name")


def demands_told_apart(draft: Draft) -> None:
    """Two streams of customers at one stock point need different names (names make their random numbers)."""
    seen: dict[tuple[str, str, str], Path] = {}
    told: set[Path] = set()
    for demand, path in draft.demands:
        first = seen.setdefault((demand.site, demand.product, demand.label), path)
        if first != path and path not in told:
            told.add(path)
            message = f"{demand.site} / {demand.product} has another demand '{demand.label}', demand[{first[1]}]"
            draft.error(path, message, "give each a name")


def complete_orders_need_a_queue(draft: Draft) -> None:
    """`all_or_nothing` has no meaning where short stock is divided among those who wait."""
    told: set[Path] = set()
    wanted = [(lane.origin, lane.product, path) for lane, path in draft.lanes if lane.all_or_nothing]
    wanted += [(d.site, d.product, path) for d, path in draft.demands if d.all_or_nothing]
    for site, product, path in wanted:
        rule = draft.points[(site, product)].allocation
        if rule in ("proportional", "linear", "uniform") and path not in told:
            told.add(path)
            message = f"all_or_nothing cannot be kept where '{site}' shares its stock by allocation: {rule}"
            draft.error((*path, "fill"), message, "use fill: partial, or allocation: first_come or priority")


def supply(draft: Draft) -> None:
    """Whoever sells, ships or makes something of it must be supplied, by a lane or by production."""
    ways = draft.sources_of()
    told: set[Path] = set()
    sellers: list[tuple[PointName, Path]] = [((d.site, d.product), path) for d, path in draft.demands]
    sellers += [((lane.origin, lane.product), path) for lane, path in draft.lanes]
    for plant in draft.sites.values():
        for centre in plant.production:
            sellers += [((plant.name, part), (*centre.path, part)) for _, bill in centre.bills for part, _ in bill]
    for name, path in sellers:
        site, product = name
        if draft.unlimited(site) or name in ways or (path in told):
            continue
        told.add(path)
        hint = did_you_mean(draft.sites[site].kind, ["supplier"])
        cure = "add a lane to it, production at it, or make it a supplier"
        if draft.products[product].made_of:
            cure = "it has a bill of materials: give a site production, or name it under `products` of a lane from a supplier"
        draft.error(
            path,
            f"nothing supplies '{product}' at '{site}'",
            f"kind '{draft.sites[site].kind}'{hint}" if hint else cure,
        )


def one_source_or_a_rule(draft: Draft) -> None:
    """With several sources `sourcing` must be said; shares belong to `split` and add up to 1."""
    ways = draft.sources_of()
    paths = {id(lane): path for lane, path in draft.lanes}
    changed: dict[int, Lane] = {}
    told: set[Path] = set()
    for name, sources in ways.items():
        site, product = name
        lanes = [lane for lane in sources if lane is not None]
        said = (name, "sourcing") in draft.stock_paths
        path = paths[id(lanes[-1])] if lanes else ("sites", draft.sites[site].base)
        split = draft.points[name].sourcing == "split"
        if path in told:
            continue
        if len(sources) > 1 and not said:
            told.add(path)
            origins = ", ".join(lane.origin if lane else "production" for lane in sources)
            draft.error(
                path,
                f"'{product}' at '{site}' has several sources ({origins}): say how they are used",
                f"add a stock rule {{site: {site}, sourcing: {' | '.join(SOURCING)}}}",
            )
            continue
        if not split and any(lane.share != 1.0 for lane in lanes):
            told.add(path)
            draft.error(
                (*path, "share"),
                f"shares at '{site}' have no effect without `sourcing: split`",
                "say sourcing: split for this stock point, or remove the share",
            )
            continue
        if not split or len(sources) < 2:
            continue
        total = sum(lane.share for lane in lanes)
        produced = len(lanes) < len(sources)
        if isclose(total, 1.0, rel_tol=1e-9) or (produced and total < 1.0):
            if not produced and total != 1.0:
                changed.update({id(lane): replace(lane, share=lane.share / total) for lane in lanes})
            continue
        told.add(path)
        draft.error(
            (*path, "share"), f"the shares of '{product}' at '{site}' add up to {total:.12g} but must add up to 1"
        )
    draft.lanes = [(changed.get(id(lane), lane), path) for lane, path in draft.lanes]


def expediting(draft: Draft) -> None:
    """`expedite` takes a quick lane (first priority), a regular source behind it, and the level to expedite up to."""
    ways = draft.sources_of()
    told: set[Path] = set()

    def refuse(path: Path, message: str, cure: str) -> None:
        if path not in told:
            told.add(path)
            draft.error(path, message, cure)

    for name, point in draft.points.items():
        given = draft.stock_paths.get((name, "expedite_up_to"))
        if point.sourcing != "expedite":
            if given is not None:
                message = f"{name[0]} / {name[1]} has sourcing: {point.sourcing}: nothing is expedited"
                refuse((*given, "expedite_up_to"), message, "say sourcing: expedite, or remove it")
            continue
        path = (*draft.stock_paths[(name, "sourcing")], "sourcing")
        if point.expedite_up_to is None:
            refuse(path, "expedite needs the level to expedite up to", "add expedite_up_to: 4")
        ranks = [lane.priority if lane else 1 for lane in ways.get(name, ())]
        if len(ranks) != 2 or ranks[0] == ranks[1]:
            message = f"expedite takes two sources of different priority, '{name[1]}' at '{name[0]}' has {len(ranks)}"
            refuse(path, message, "give the quick lane priority: 1 and the other priority: 2")


def partners_have_stock(draft: Draft) -> None:
    """Partners are replenished stock points of the product; a complete order comes from one shelf."""
    told: set[Path] = set()
    for demand, path in draft.demands:
        place = (*path, "transship_from")
        if place in told:
            continue
        for other in demand.transship_from:
            if (other, demand.product) not in draft.points or draft.unlimited(other):
                told.add(place)
                what = "is a supplier" if draft.unlimited(other) else f"has no stock of '{demand.product}'"
                draft.error(place, f"'{other}' {what}: it cannot hand anything over", "name sites that stock it")
                break
        if demand.transship_from and demand.all_or_nothing and place not in told:
            told.add(place)
            draft.error(place, "customers who take all or nothing are not served from two shelves", "use fill: partial")


def arrivals_have_a_lane(draft: Draft) -> None:
    """Initial shipments and orders come from where a lane (or production) leads to the stock point."""
    ways = draft.sources_of()
    told: set[tuple[Path, str]] = set()
    for name, point in draft.points.items():
        origins = {lane.origin if lane else name[0] for lane in ways.get(name, ())}
        for what, arriving in (("shipments", point.shipments), ("orders", point.orders)):
            for item in arriving:
                path = draft.stock_paths.get((name, "initial"), ("stock",))
                if item.origin not in origins:
                    message = f"no lane of '{name[1]}' from '{item.origin}' to '{name[0]}'"
                    cure = f"it is supplied from {', '.join(sorted(origins, key=natural)) or 'nowhere'}"
                elif what == "orders" and item.origin == name[0]:
                    message = f"'{name[0]}' makes '{name[1]}' itself, and an order to oneself is not on its way"
                    cure = "write it under initial.shipments, with its due time"
                else:
                    continue
                if (path, item.origin) not in told:
                    told.add((path, item.origin))
                    draft.error((*path, "initial", what), message, cure)


def somebody_buys(draft: Draft) -> None:
    if not draft.demands:
        draft.error(("demand",), "no demand: nobody buys anything", "add an entry to `demand`")


def idle_parts(draft: Draft) -> None:
    """Warns of stock points nobody asks for, and of sites without any."""
    needed: set[PointName] = {(d.site, d.product) for d, _ in draft.demands}
    waiting = list(needed)
    above: dict[PointName, list[PointName]] = {}
    for lane, _ in draft.lanes:
        above.setdefault((lane.target, lane.product), []).append((lane.origin, lane.product))
    for site, product, bill in all_bills(draft):
        above.setdefault((site, product), []).extend((site, component) for component, _ in bill)
    while waiting:
        for name in above.get(waiting.pop(), ()):
            if name not in needed:
                needed.add(name)
                waiting.append(name)
    held: dict[str, list[str]] = {}
    for site, product in draft.points:
        held.setdefault(site, []).append(product)
    told: set[str] = set()
    for at, place in draft.sites.items():
        idle = [product for product in held.get(at, ()) if (at, product) not in needed]
        if place.base not in told and (idle or at not in held):
            told.add(place.base)
            what = f"of {', '.join(idle[:5])} " if idle else ""
            draft.warn(("sites", place.base), f"nobody asks for stock {what}at '{at}': it stays idle")


ALWAYS = (no_cycles, suppliers_only_supply, lanes_told_apart, demands_told_apart, complete_orders_need_a_queue)
WHEN_NAMES_ARE_RIGHT = (
    somebody_buys,
    supply,
    one_source_or_a_rule,
    expediting,
    partners_have_stock,
    arrivals_have_a_lane,
    idle_parts,
)
