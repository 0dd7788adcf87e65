"""All distributions of ours, in one place to import them from."""

from chainsim.chance.continuous import Erlang, Exponential, Gamma, Lognormal, Normal, Weibull
from chainsim.chance.counts import Binomial, Geometric, NegativeBinomial, Poisson
from chainsim.chance.lists import Discrete, DiscreteUniform, Empirical, Intermittent
from chainsim.chance.simple import Constant, Triangular, Uniform

__all__ = [
    "Binomial",
    "Constant",
    "Discrete",
    "DiscreteUniform",
    "Empirical",
    "Erlang",
    "Exponential",
    "Gamma",
    "Geometric",
    "Intermittent",
    "Lognormal",
    "NegativeBinomial",
    "Normal",
    "Poisson",
    "Triangular",
    "Uniform",
    "Weibull",
]
