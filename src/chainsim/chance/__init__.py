"""Chance: named streams of random numbers, and the distributions they are turned into.

Importing this package registers every distribution of ours. Workers load it, so nothing here imports scipy before
a table is built.
"""

from chainsim.chance import families
from chainsim.chance.base import DISTRIBUTIONS, Distribution

__all__ = ["DISTRIBUTIONS", "Distribution", "families"]
