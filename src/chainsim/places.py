"""How tables name parts of a network that are neither a site nor a product: an echelon is the site `kind:store`, a group of sites the
site `group:north`, a group of products the product `group:A`. No site and no product may be called so."""

from __future__ import annotations

ECHELON = "kind:"
"""Prefix of an echelon's name in the `site` column of tables."""
GROUP = "group:"
"""Prefix of a group's name in the `site` column (a group of sites) or the `product` column (a group of products)."""
PREFIXES = (ECHELON, GROUP)
_ABBREVIATIONS = frozenset({"dc", "rdc", "cdc", "ndc", "fc", "3pl", "oem", "cm"})
"""Kinds of sites that people write in capitals."""


def is_part(name: str) -> bool:
    """Whether tables would take the name of a site or product for that of a part of the network.

    >>> is_part("group:A"), is_part("Group: A"), is_part("groupage")
    (True, False, False)
    """
    return name.startswith(PREFIXES)


def kind_in_words(kind: str) -> str:
    """A kind of site as people write it.

    >>> kind_in_words("dc"), kind_in_words("store"), kind_in_words("central_warehouse")
    ('DC', 'store', 'central warehouse')
    """
    name = kind.replace("_", " ")
    return name.upper() if name.lower() in _ABBREVIATIONS else name
