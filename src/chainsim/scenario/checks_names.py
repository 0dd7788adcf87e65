"""Names that nobody bears, and names that two bear. Runs on whatever could be read of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from chainsim.errors import Finding
from chainsim.places import PREFIXES, is_part
from chainsim.registry import SHOCKS, did_you_mean, names_at
from chainsim.scenario.names import Names, Unknown, folded
from chainsim.scenario.nodes import Path, Source
from chainsim.scenario.render import escape

MOST_LISTED = 12


def check_names(source: Source, data: Any, names: Names) -> list[Finding]:
    """Every reference to an unknown site, kind, group or product, and every name given twice."""
    found = [*unknown_names(source, data, names), *equal_names(source, data, names), *unknown_policies(source, data)]
    return [*found, *unknown_shocks(source, data)]


def unknown_policies(source: Source, data: Any) -> Iterator[Finding]:
    """Policies that `tune` and `stress` name and that are not there."""
    keys = ("tune", "stress", "policies")
    tune, stress, policies = (data.get(key) if isinstance(data, dict) else None for key in keys)
    if not isinstance(policies, dict):
        return
    named: list[tuple[Path, Any]] = []
    if isinstance(tune, dict):
        named += [(("tune", "as_today"), tune.get("as_today"))]
        named += [(("tune", "policies", i), name) for i, name in _pairs(tune.get("policies"))]
        named += [(("tune", "free", name), name) for name, _ in _pairs(tune.get("free"))]
    if isinstance(stress, dict):
        named += [(("stress", "policies", i), name) for i, name in _pairs(stress.get("policies"))]
    for path, name in named:
        if isinstance(name, str) and name not in policies:
            hint = did_you_mean(name, list(policies))
            known = ", ".join(escape(n) for n in list(policies)[:MOST_LISTED])
            yield source.finding(path, f"unknown policy '{escape(name)}'{hint}", "" if hint else f"known: {known}")


def unknown_shocks(source: Source, data: Any) -> Iterator[Finding]:
    """Shocks that `stress.library` names and that are not there, or twice."""
    stress = data.get("stress") if isinstance(data, dict) else None
    given = stress.get("library") if isinstance(stress, dict) else None
    if not isinstance(given, str | list):
        return
    if given == []:
        yield source.finding(("stress", "library"), "names no shock", "leave it out for all")
    known = names_at(SHOCKS)
    asked: list[tuple[Path, Any]] = [(("stress", "library"), given)]
    if isinstance(given, list):
        asked = [(("stress", "library", i), name) for i, name in enumerate(given)]
    for k, (path, name) in enumerate(asked):
        if not isinstance(name, str):
            continue
        if name not in known:
            hint = did_you_mean(name, known)
            yield source.finding(path, f"unknown shock '{escape(name)}'{hint}", f"known: {', '.join(known)}")
        elif name in (before for _, before in asked[:k]):
            yield source.finding(path, f"the shock '{name}' is named twice", "name each once")


def unknown_names(source: Source, data: Any, names: Names) -> Iterator[Finding]:
    found = [one for path, value, what in references(data) for one in _look_up(source, names, path, value, what)]
    yield from found
    yield from misspelt_definitions(source, data, [one.message for one in found])


def misspelt_definitions(source: Source, data: Any, messages: list[str]) -> Iterator[Finding]:
    """A site or product nobody names, nearly called like one that is named and not there: the slip may be where it is
    defined."""
    if not isinstance(data, dict):
        return
    named = {item for _, value, _ in references(data) for item in (value if isinstance(value, list) else [value])
             if isinstance(item, str)}  # fmt: skip
    for section in ("sites", "products"):
        held = data.get(section)
        noun = section[:-1]
        unknown = [
            name for name in sorted(named) if any(m.startswith(f"unknown {noun} '{escape(name)}'") for m in messages)
        ]
        for name in held if isinstance(held, dict) else ():
            near = next((other for other in unknown if did_you_mean(other, [name])), None)
            if name not in named and near is not None:
                uses = sum(m.startswith(f"unknown {noun} '{escape(near)}'") for m in messages)
                message = f"'{escape(name)}' is defined here and never named; '{escape(near)}' is named {uses} times"
                yield source.finding((section, name), message, f"did you mean '{escape(near)}'?", at_key=True)


def references(data: Any) -> Iterator[tuple[Path, Any, str]]:
    """(path, selector, 'sites' | 'products' | 'product' | 'kind' | 'group') of every place that names something."""
    if not isinstance(data, dict):
        return
    ends = {"from": "sites", "to": "sites", "products": "products"}
    chosen = {"site": "sites", "kind": "kind", "group": "group", "product": "products"}
    for name, site in _pairs(data.get("sites")):
        production = site.get("production") if isinstance(site, dict) else None
        path: Path = ("sites", name, "production")
        centres = (
            [((*path, k), held) for k, held in _pairs(production)]
            if isinstance(production, list)
            else [(path, production)]
        )
        for here, centre in centres:
            yield from _keys(here, centre, {"products": "products"})
            recipes = centre.get("recipes") if isinstance(centre, dict) else None
            for made, parts in _pairs(recipes if isinstance(recipes, dict) else None):
                yield (*here, "recipes"), made, "product"
                yield from _components((*here, "recipes", made), parts)
    for name, item in _pairs(data.get("products")):
        yield from _components(("products", name, "made_of"), item.get("made_of") if isinstance(item, dict) else None)
    for i, lane in _pairs(data.get("lanes")):
        yield from _keys(("lanes", i), lane, ends)
    for i, rule in _pairs(data.get("stock")):
        yield from _keys(("stock", i), rule, chosen)
        initial = rule.get("initial") if isinstance(rule, dict) else None
        for what in ("shipments", "orders"):
            for k, arriving in _pairs(initial.get(what) if isinstance(initial, dict) else None):
                yield from _keys(("stock", i, "initial", what, k), arriving, {"from": "sites"})
    for i, demand in _pairs(data.get("demand")):
        wanted = {"site": "sites", "product": "products", "transship_from": "sites"}
        yield from _keys(("demand", i), demand, wanted)
    for i, event in _pairs(data.get("disruptions")):
        yield from _keys(("disruptions", i), event, {"site": "sites", "product": "products"})
        lane = event.get("lane") if isinstance(event, dict) else None
        yield from _keys(("disruptions", i, "lane"), lane, {"from": "sites", "to": "sites"})
    for name, policy in _pairs(data.get("policies")):
        for i, rule in _pairs(policy.get("rules") if isinstance(policy, dict) else None):
            yield from _keys(("policies", name, "rules", i), rule, chosen)


def _components(path: Path, parts: Any) -> Iterator[tuple[Path, Any, str]]:
    for component in parts if isinstance(parts, dict) else ():
        yield (*path, component), component, "product"


def _keys(path: Path, held: Any, wanted: dict[str, str]) -> Iterator[tuple[Path, Any, str]]:
    if isinstance(held, dict):
        for key, what in wanted.items():
            if held.get(key) is not None:
                yield (*path, key), held[key], what


def _pairs(held: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(held, dict):
        yield from held.items()
    elif isinstance(held, list):
        yield from enumerate(held)


def _look_up(source: Source, names: Names, path: Path, value: Any, what: str) -> Iterator[Finding]:
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from _look_up(source, names, (*path, i), item, what)
        return
    selector = {what: value} if what in ("kind", "group") else value
    finders: dict[str, Callable[[Any], Any]] = {
        "products": names.find_products,
        "product": names.find_product,
        "sites": names.find_sites,
    }
    find = finders.get(what, finders["sites"])
    try:
        if _is_selector(selector, what):
            find(selector)
    except Unknown as unknown:
        place = (*path, *selector) if isinstance(value, dict) else path
        known = ", ".join(escape(n) for n in unknown.known[:MOST_LISTED]) or "none"
        more = f", … ({len(unknown.known)} in all)" if len(unknown.known) > MOST_LISTED else ""
        hint = did_you_mean(unknown.name, unknown.known)
        message = f"unknown {unknown.noun} '{escape(unknown.name)}'{hint}"
        yield source.finding(place, message, "" if hint else f"known: {known}{more}")


def _is_selector(selector: Any, what: str) -> bool:
    """A shape that can be looked up; the models report the others."""
    if isinstance(selector, dict):
        return (
            what != "products"
            and len(selector) == 1
            and all(k in ("kind", "group") and isinstance(v, str) for k, v in selector.items())
        )
    return isinstance(selector, str)


def equal_names(source: Source, data: Any, names: Names) -> Iterator[Finding]:
    """Names that are equal but for case, spaces or Unicode form, and groups called like a site or product."""
    if not isinstance(data, dict):
        return
    for section in ("sites", "products", "policies"):
        held = data.get(section)
        seen: dict[str, str] = {}
        for name in held if isinstance(held, dict) else ():
            if name != name.strip() or not name:
                yield source.finding(
                    (section, name), f"the name '{escape(name)}' begins or ends with space", at_key=True
                )
            if section != "policies" and is_part(name):
                message = (
                    f"'{escape(name)}' is how tables name a group or a kind of sites; expected a name that begins with neither "
                    f"{' nor '.join(PREFIXES)}"
                )
                yield source.finding(
                    (section, name), message, f"call it '{escape(name.replace(':', '_'))}'", at_key=True
                )
            first = seen.setdefault(folded(name), name)
            if first != name:
                line = source.root.value[section].keys.get(first, (0, 0))[0]
                message = (
                    f"'{escape(name)}' and '{escape(first)}' (line {line}) differ only in case, space or Unicode form"
                )
                yield source.finding((section, name), message, "rename one", at_key=True)
    for copy, first, second in names.clashes[:MOST_LISTED]:
        message = f"'{escape(first)}' and '{escape(second)}' both give a site called '{escape(copy)}'"
        yield source.finding(("sites", second), message, "rename one", at_key=True)
    for group in sorted(set(names.groups) & ({*names.sites, *names.copies})):
        yield source.finding(
            ("sites", group), f"'{escape(group)}' is both a site and a group", "rename one", at_key=True
        )
    for group in sorted(set(names.product_groups) & set(names.products)):
        message = f"'{escape(group)}' is both a product and a group"
        yield source.finding(("products", group), message, "rename one", at_key=True)
