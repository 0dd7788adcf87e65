"""At least one instance of every registered distribution, ordinary and extreme."""

from __future__ import annotations

from chainsim.chance import families as f
from chainsim.chance.base import Distribution

SAMPLES: dict[str, list[Distribution]] = {
    "constant": [f.Constant(value=3.0), f.Constant(value=0.0)],
    "uniform": [f.Uniform(low=1.0, high=3.0), f.Uniform(mean=10.0, cv=0.3), f.Uniform(low=2.0, high=2.0)],
    "triangular": [
        f.Triangular(low=1.0, mode=2.0, high=6.0),
        f.Triangular(low=0.0, mode=0.0, high=5.0),
        f.Triangular(low=0.0, mode=5.0, high=5.0),
        f.Triangular(mean=10.0, sd=3.0),
    ],
    "normal": [f.Normal(mean=100.0, sd=20.0), f.Normal(mean=10.0, cv=0.2)],
    "gamma": [
        f.Gamma(shape=0.5, scale=2.0),
        f.Gamma(mean=7.0, cv=0.3),
        f.Gamma(mean=7.0, sd=14.0),
        f.Gamma(shape=0.05, scale=1.0),
        f.Gamma(shape=1e4, scale=1.0),
    ],
    "erlang": [f.Erlang(stages=3, mean=6.0)],
    "exponential": [f.Exponential(mean=4.0), f.Exponential(rate=0.25)],
    "lognormal": [f.Lognormal(mu=1.5, sigma=0.4), f.Lognormal(mean=10.0, cv=1.0), f.Lognormal(mean=10.0, sd=3.0)],
    "weibull": [f.Weibull(shape=1.5, scale=10.0), f.Weibull(mean=10.0, cv=0.7), f.Weibull(mean=10.0, sd=15.0)],
    "poisson": [f.Poisson(mean=0.0), f.Poisson(mean=0.3), f.Poisson(mean=20.0), f.Poisson(mean=1e5)],
    "negative_binomial": [
        f.NegativeBinomial(mean=3.0, sd=4.0),
        f.NegativeBinomial(mean=3.0, cv=0.8),
        f.NegativeBinomial(mean=20.0, dispersion=5.0),
        f.NegativeBinomial(dispersion=2.5, probability=0.2),
    ],
    "geometric": [
        f.Geometric(mean=3.0),
        f.Geometric(probability=0.25),
        f.Geometric(mean=4.0, start=1),
        f.Geometric(probability=0.3, start=1),
    ],
    "binomial": [
        f.Binomial(trials=10, probability=0.3),
        f.Binomial(trials=10, probability=0.0),
        f.Binomial(trials=10, probability=1.0),
    ],
    "discrete_uniform": [f.DiscreteUniform(low=1, high=4), f.DiscreteUniform(low=2, high=2)],
    "discrete": [
        f.Discrete(values=(0.0, 1.0, 9.0), probabilities=(0.5, 0.3, 0.2)),
        f.Discrete(values=(5.0, 1.0, 5.0), probabilities=(0.25, 0.5, 0.25)),
        f.Discrete(values=(1, 2, 3, 4, 5, 6), probabilities=(0.1, 0.2, 0.3, 0.1, 0.2, 0.1)),
        f.Discrete(values=(1.0, 2.0, 3.0), probabilities=(0.0, 1.0, 0.0)),
    ],
    "empirical": [f.Empirical(values=(12.0, 15.0, 9.0, 15.0, 20.0))],
    "intermittent": [
        f.Intermittent(probability=0.2, size=f.Geometric(mean=4.0)),
        f.Intermittent(probability=0.3, size=f.Gamma(mean=8.0, cv=0.5)),
        f.Intermittent(probability=0.3, size=f.Triangular(low=1.0, mode=2.0, high=6.0)),
        f.Intermittent(probability=1.0, size=f.Exponential(mean=2.0)),
        f.Intermittent(probability=0.2, size=f.Constant(value=5.0)),
    ],
}

ALL = [member for members in SAMPLES.values() for member in members]
