"""Cross-field checks of bills of materials and of work centres."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chainsim.demand.flow import Flow
from chainsim.ordering import natural
from chainsim.scenario.checks_network import cycle_of
from chainsim.scenario.draft import Draft
from chainsim.scenario.expand_production import Bill, all_bills, bills_of, components_value
from chainsim.scenario.nodes import Path
from chainsim.scenario.render import escape


def written_bills(draft: Draft) -> Iterator[tuple[str, Bill, Path]]:
    """(product, components, path) of every bill and recipe in the file, used or not."""
    for name, item in draft.products.items():
        if item.made_of:
            yield name, item.made_of, ("products", name, "made_of")
    for path, keys in draft.every_centre():
        for product, bill in bills_of(draft, keys).items():
            yield product, bill, (*path, "recipes", product)


def bills_nest(draft: Draft) -> None:
    """Nothing is made of itself, directly or in turn."""
    parts: dict[str, list[str]] = {}
    for product, bill, _ in written_bills(draft):
        parts.setdefault(product, []).extend(component for component, _ in bill)
    ring = cycle_of(parts)
    if ring:
        path = next(p for product, bill, p in written_bills(draft) if product == ring[0] and ring[1] in dict(bill))
        how = "itself" if len(ring) == 2 else " → ".join(ring)
        draft.error((*path, ring[1]), f"'{escape(ring[0])}' is made of {how}", "leave one of these components out")


def whole_components(draft: Draft) -> None:
    """Whole products of whole components take whole numbers of them; fractions need divisible components."""
    for product, bill, path in written_bills(draft):
        if product not in draft.products:
            continue
        for component, per in bill:
            part = draft.products[component]
            place = (*path, component)
            if part.divisible:
                continue
            if draft.products[product].divisible:
                message = f"'{product}' is divisible and '{component}' comes in whole units"
                draft.error(place, message, f"say divisible: true for '{component}'")
            elif per != int(per):
                message = f"{per:g} units of '{component}', which comes in whole units"
                draft.error(place, message, f"round it, or say divisible: true for '{component}'")


def centres_told_apart(draft: Draft) -> None:
    """Several work centres of a site say what they make, each something else; recipes are of what is made there."""
    for base in draft.data["sites"]:
        centres = list(draft.centres(base))
        made: dict[str, Path] = {}
        for path, keys in centres:
            if not keys["products"] and len(centres) > 1:
                draft.error(path, "several work centres must each say what they make", "add products: [bike]")
                continue
            chosen = draft.products_of(keys["products"])
            for product in sorted(chosen, key=natural) if keys["products"] else ():
                first = made.setdefault(product, path)
                if first != path:
                    message = f"'{product}' is made at two work centres of '{base}'"
                    draft.error((*path, "products"), message, "name it once")
            for product in bills_of(draft, keys):
                if product not in chosen:
                    message = f"'{product}' has a recipe here and is not made here"
                    draft.error((*path, "recipes", product), message, "add it to `products`, or remove the recipe")


def rates_have_no_bill(draft: Draft) -> None:
    """What flows out at a rate is made of nothing that is kept here, and no job takes its components from a flow."""
    flows = {(d.site, d.product): path for d, path in draft.demands if isinstance(d.process, Flow)}
    told: set[Path] = set()
    for site in draft.sites.values():
        for centre in site.production:
            for product, bill in centre.bills:
                if centre.rate is not None and centre.path not in told:
                    told.add(centre.path)
                    message = f"'{product}' has a bill of materials, and production at a rate takes no components"
                    draft.error((*centre.path, "rate"), message, "use capacity, or machines")
                for component, _ in bill:
                    path = flows.get((site.name, component))
                    if path is not None and path not in told:
                        told.add(path)
                        message = f"the demand of {site.name} / {component} flows, and '{product}' is made of it there"
                        draft.error(path, message, "give the flow a site of its own, supplied by a lane")


def bills_are_used(draft: Draft) -> None:
    """Warns of a bill of a product that is made nowhere, and of a value below that of its components."""
    made = {product for site in draft.sites.values() for centre in site.production for product in centre.products}
    for name, item in draft.products.items():
        path: Path = ("products", name)
        if item.made_of and name not in made:
            draft.warn((*path, "made_of"), f"no site makes '{name}': its bill says nothing", "give a site `production`")
        bill = item.made_of or next((b for _, p, b in all_bills(draft) if p == name), ())
        value = components_value(draft, bill)
        if draft.data["products"][name]["unit_cost"] is not None and item.unit_cost < value:
            message = f"is {item.unit_cost:g}, less than the components of one unit are worth ({value:g})"
            draft.warn(
                (*path, "unit_cost"), message, "leave it out, and it is what they are worth and what making it costs"
            )


def one_content(draft: Draft) -> None:
    """Who follows the echelon of a component needs to know how much of it is in a unit: one number, wherever that was made."""
    unsure = _unsure(draft)
    for alternative in draft.alternatives if unsure else ():
        told = set[int]()
        for (site, product), rule in alternative.rules.items():
            watch = getattr(rule.policy, "watch", None) or type(rule.policy).watches
            if watch == "echelon" and product in unsure and id(rule.policy) not in told:
                told.add(id(rule.policy))
                message = f"the echelon of {site} / {product} cannot be counted: recipes put different amounts of it into '{unsure[product]}'"
                draft.error(rule.path, message, "use a policy that watches the position, or give one recipe")


def _unsure(draft: Draft) -> dict[str, str]:
    """Components of which recipes of one product, at different sites, contain different amounts: component -> that product."""
    recipes: dict[str, dict[Bill, None]] = {}
    for _, product, bill in all_bills(draft):
        recipes.setdefault(product, {})[bill] = None
    several = {product: list(bills) for product, bills in recipes.items() if len(bills) > 1}
    found: dict[str, str] = {}
    for product, bills in several.items():
        contents = [_contents(bill, recipes) for bill in bills]
        for component in sorted({c for content in contents for c in content}, key=natural):
            if len({content.get(component, 0.0) for content in contents}) > 1:
                found.setdefault(component, product)
    return found


def _contents(bill: Bill, recipes: Mapping[str, Mapping[Bill, None]]) -> dict[str, float]:
    """Units of every component in a unit, through all levels."""
    found: dict[str, float] = {}
    for component, per in bill:
        found[component] = found.get(component, 0.0) + per
        for inner, of_it in _contents(next(iter(recipes.get(component, ())), ()), recipes).items():
            found[inner] = found.get(inner, 0.0) + per * of_it
    return found


def plans_know_no_bills(draft: Draft) -> None:
    """A plan for the whole network has no levels for a product and its components together."""
    from chainsim.policies.multi_echelon import MultiEchelon

    for alternative in draft.alternatives:
        told = set[int]()
        for site, product, bill in all_bills(draft):
            rule = alternative.rules.get((site, product))
            for component, _ in bill:
                other = alternative.rules.get((site, component))
                if rule is None or other is None or rule.policy is not other.policy or id(rule.policy) in told:
                    continue
                if isinstance(rule.policy, MultiEchelon):
                    told.add(id(rule.policy))
                    message = f"multi_echelon has no levels for '{product}' and '{component}', which it is made of at '{site}'"
                    cure = f"give {site} another policy under `rules`, such as base_stock"
                    draft.error(rule.path, message, cure)


ALWAYS = (bills_nest, whole_components, centres_told_apart)
WHEN_NAMES_ARE_RIGHT = (rates_have_no_bill, bills_are_used)
CHECKS = (one_content, plans_know_no_bills)
