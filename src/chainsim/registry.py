"""Where named things are found: policies, distributions, demand processes, measures, charts.

A thing registers itself in the file that defines it; the YAML schema, both engines, the parametrised tests,
the report and the manual follow from the registry. Outside packages join through entry points, which are only
loaded when the user asks for it (`allow_plugins`), because loading one runs its code.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Generic, TypeVar

from chainsim.errors import UsageError

T = TypeVar("T")
_ALL: list[Registry[Any]] = []
SHOCKS = "chainsim.stress.shocks"
HOMES = ("chainsim.policies", "chainsim.chance", "chainsim.demand", "chainsim.kpis", "chainsim.report.charts", SHOCKS)
"""Packages with a registry that outside packages may join."""
LONGEST_WORD = 200
"""Letters of a word that others are likened to; comparing takes their square."""


def did_you_mean(name: str, known: list[str]) -> str:
    """' (did you mean 'x'?)' for a near miss, else ''. Of those that are like it, those with the fewest slips between; two that are
    equally near are both named.

    >>> did_you_mean("stroe", ["store", "plant"]), did_you_mean("s_", ["s_S", "s_Q", "jit"])
    (" (did you mean 'store'?)", " (did you mean 's_S' or 's_Q'?)")
    """
    if len(name) > LONGEST_WORD:
        return ""
    lower = {k.lower(): k for k in known if len(k) <= LONGEST_WORD}
    like = difflib.get_close_matches(name.lower(), list(lower), n=4, cutoff=0.6)
    if not like:
        return ""
    away = {word: slips_between(name.lower(), word) for word in like}
    near = [word for word in like if away[word] == min(away.values())]
    told = near[:2] if len(near) == 2 and away[near[0]] == 1 else near[:1]
    words = " or ".join(f"'{lower[word]}'" for word in told)
    return f" (did you mean {words}?)"


def slips_between(a: str, b: str) -> int:
    """How many slips lead from one word to the other: a letter too many, too few, another one, or two the wrong way round.

    >>> slips_between("stroe", "store"), slips_between("R_SS", "R_S"), slips_between("R_SS", "R_s_S")
    (1, 1, 2)
    """
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        before, last, row = row, before, [i]
        for j, other in enumerate(b, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1]


class Registry(Generic[T]):
    """Named things of one kind. `home` is the package whose import registers our own; `group` the entry points'."""

    def __init__(self, noun: str, home: str, group: str) -> None:
        self.noun, self.home, self.group = noun, home, group
        self._things: dict[str, T] = {}
        _ALL.append(self)

    def register(self, name: str) -> Callable[[T], T]:
        """Decorator: make the thing known under `name`. A name taken twice is an error."""

        def add(thing: T) -> T:
            if self._things.get(name, thing) is not thing:
                raise UsageError(f"the {self.noun} '{name}' is registered twice")
            self._things[name] = thing
            return thing

        return add

    def get(self, name: str) -> T:
        """The thing called `name`; raises UsageError listing the known names."""
        import_module(self.home)
        if name not in self._things:
            known = self.names()
            raise UsageError(f"unknown {self.noun} '{name}'{did_you_mean(name, known)}; known: {', '.join(known)}")
        return self._things[name]

    def names(self) -> list[str]:
        """All names, in order of registration (ours first)."""
        import_module(self.home)
        return list(self._things)

    def items(self) -> Iterator[tuple[str, T]]:
        for name in self.names():
            yield name, self._things[name]


def names_at(home: str) -> list[str]:
    """The names of the registry with this home, for a floor that lies below it.

    >>> names_at(SHOCKS)[:2]
    ['demand_up', 'lead_times_up']
    """
    import_module(home)
    return next(registry for registry in _ALL if registry.home == home).names()


def allow_plugins() -> list[str]:
    """Load every installed entry point of our groups; returns 'group: name' of those loaded.

    Entry points are Python code of other packages, so nothing calls this without the user's word
    (`--allow-plugins` on the command line, or this function).
    """
    for home in HOMES:  # a registry exists once its home is imported
        import_module(home)
    loaded = []
    for registry in list(_ALL):
        for point in entry_points(group=registry.group):
            thing = point.load()
            if point.name not in registry.names():  # else its own decorator has registered it
                registry.register(point.name)(thing)
            loaded.append(f"{registry.group}: {point.name}")
    return loaded
