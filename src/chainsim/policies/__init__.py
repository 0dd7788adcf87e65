"""Replenishment policies, one file each. Importing this package registers every policy of ours.

Workers load it for the rules, so nothing here imports scipy before a parameter is derived.
"""

from chainsim.policies import jit  # noqa: I001 (the order of registration is the order of lists and tables)
from chainsim.policies import kanban
from chainsim.policies import eoq
from chainsim.policies import s_Q
from chainsim.policies import s_S
from chainsim.policies import base_stock
from chainsim.policies import R_S
from chainsim.policies import R_s_S
from chainsim.policies import T_Q
from chainsim.policies import plan
from chainsim.policies import moving_average
from chainsim.policies import exponential_smoothing
from chainsim.policies import autoregressive
from chainsim.policies import pout
from chainsim.policies import sterman
from chainsim.policies import multi_echelon
from chainsim.policies.base import POLICIES, Policy

__all__ = [
    "POLICIES", "Policy", "R_S", "R_s_S", "T_Q", "autoregressive", "base_stock", "eoq", "exponential_smoothing", "jit", "kanban",
    "moving_average", "multi_echelon", "plan", "pout", "s_Q", "s_S", "sterman",
]  # fmt: skip
