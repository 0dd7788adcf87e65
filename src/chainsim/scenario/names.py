"""Who is meant: sites, copies, kinds, groups and products by the names of the file.

The index is made from whatever the file holds, also when parts of it are wrong, so that all unknown names can be
reported together with everything else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from chainsim.ordering import natural

SITE, COPIES, GROUP, KIND, ALL = 5, 4, 3, 2, 1
"""How specific a selector is."""


def folded(name: str) -> str:
    """What two names must not have in common: Unicode form, case and surrounding space set aside."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()


class Unknown(LookupError):
    """A name nobody bears: what it was looked for as, the name, and the names there are."""

    def __init__(self, noun: str, name: str, known: Iterable[str]) -> None:
        self.noun, self.name, self.known = noun, name, sorted(known, key=natural)
        super().__init__(name)


class Names:
    """Index of the sites and products of a file, from plain data."""

    def __init__(self, data: Any) -> None:
        self.sites: dict[str, str] = {}  # expanded name -> name in the file
        self.copies: dict[str, list[str]] = {}
        self.clashes: list[tuple[str, str, str]] = []  # (expanded name, the two names in the file that give it)
        self.kinds: dict[str, list[str]] = {}
        self.groups: dict[str, list[str]] = {}
        self.products: list[str] = []
        self._known: set[str] = set()
        """The same, to be looked up."""
        self.product_groups: dict[str, list[str]] = {}
        for name, site in sorted(_entries(data, "sites"), key=lambda item: natural(item[0])):
            for copy in self._copies(name, site):
                first = self.sites.setdefault(copy, name)
                if first != name:
                    self.clashes.append((copy, first, name))
                if isinstance(site.get("kind"), str):
                    self.kinds.setdefault(site["kind"], []).append(copy)
                for group in _texts(site.get("groups")):
                    self.groups.setdefault(group, []).append(copy)
        for name, product in sorted(_entries(data, "products"), key=lambda item: natural(item[0])):
            self.products.append(name)
            self._known.add(name)
            for group in _texts(product.get("groups")):
                self.product_groups.setdefault(group, []).append(name)

    def _copies(self, name: str, site: dict[str, Any]) -> list[str]:
        count = site.get("copies")
        if isinstance(count, bool) or not isinstance(count, int | float) or not 1 <= count <= 100_000:
            return [name]
        self.copies[name] = [f"{name}-{k}" for k in range(1, int(count) + 1)]
        return self.copies[name]

    def find_sites(self, selector: Any) -> dict[str, int]:
        """Sites a selector means, with how specifically: a name, a list, {kind: …}, {group: …}, or None for all.

        Raises Unknown.
        """
        if selector is None:
            return dict.fromkeys(self.sites, ALL)
        if isinstance(selector, list):
            found: dict[str, int] = {}
            for item in selector:
                for site, level in self.find_sites(item).items():
                    found[site] = max(level, found.get(site, 0))
            return found
        if isinstance(selector, dict):
            what, name = next(iter(selector.items()))
            table, level = (self.kinds, KIND) if what == "kind" else (self.groups, GROUP)
            if name not in table:
                raise Unknown(what, name, table)
            return dict.fromkeys(table[name], level)
        if selector in self.copies:
            return dict.fromkeys(self.copies[selector], COPIES)
        if selector in self.sites:
            return {selector: SITE}
        if selector in self.groups:
            return dict.fromkeys(self.groups[selector], GROUP)
        raise Unknown("site", selector, [*self.copies, *self.sites, *self.groups])

    def find_products(self, selector: Any) -> dict[str, int]:
        """Products a selector means, with how specifically. Raises Unknown."""
        if selector is None:
            return dict.fromkeys(self.products, ALL)
        if isinstance(selector, list):
            found: dict[str, int] = {}
            for item in selector:
                for product, level in self.find_products(item).items():
                    found[product] = max(level, found.get(product, 0))
            return found
        if selector in self._known:
            return {selector: SITE}
        if selector in self.product_groups:
            return dict.fromkeys(self.product_groups[selector], GROUP)
        raise Unknown("product", selector, [*self.products, *self.product_groups])


def _entries(data: Any, section: str) -> list[tuple[str, dict[str, Any]]]:
    held = data.get(section) if isinstance(data, dict) else None
    if not isinstance(held, dict):
        return []
    return [(k, v if isinstance(v, dict) else {}) for k, v in held.items() if isinstance(k, str)]


def _texts(value: Any) -> list[str]:
    items = value if isinstance(value, list | tuple) else [value]
    return [item for item in items if isinstance(item, str)]
