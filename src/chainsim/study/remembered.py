"""What short simulations worked out before: of this scenario, or of another one that is much like it.

Nothing depends on what is remembered but the time it takes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from chainsim.plan.derivation import chosen_alternatives
from chainsim.plan.frame import Frame
from chainsim.plan.ground import ground_of, same_but_for_prices
from chainsim.plan.network import Network
from chainsim.scenario.model import Alternative, Scenario
from chainsim.study.isolation import SEED, Isolated, isolate
from chainsim.study.search import Found

MOST_FRAMES = 512
"""Stock points by themselves, and networks, whose customers, lanes and streams are held."""


class Frames:
    """Scenarios of short simulations, compiled but for their levels: by place, the last one of each."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[Any, ...], Frame] = OrderedDict()

    def of(self, scenario: Scenario, alternative: str, place: tuple[str, ...]) -> Frame:
        """The frame of an alternative, of which is new what was another one when this place was last asked for."""
        key = (*place, scenario.time.horizon)
        known = self._held.pop(key, None)
        [chosen] = chosen_alternatives(scenario, [alternative])
        frame = Frame(chosen, ground_of(scenario, SEED, None if known is None else known.ground), known)
        self._held[key] = frame
        if len(self._held) > MOST_FRAMES:
            self._held.popitem(last=False)
        return frame


class Alone:
    """Stock points by themselves (`isolation`): those of a scenario, which are the same at other prices."""

    def __init__(self) -> None:
        self._scenario: Scenario | None = None
        self._held: dict[str, tuple[Alternative, dict[int, Isolated | None]]] = {}

    def within(self, scenario: Scenario) -> None:
        """From now on those of this scenario are asked for."""
        if self._scenario is None or not same_but_for_prices(self._scenario, scenario):
            self._held.clear()
        self._scenario = scenario

    def forget(self, alternative: Alternative) -> None:
        """Those under an alternative are not asked for again."""
        self._held.pop(alternative.name, None)

    def under(self, alternative: Alternative, network: Network) -> Callable[[int], Isolated | None]:
        """What gives stock point i under an alternative of the scenario, whose network it is."""
        scenario = self._scenario
        assert scenario is not None
        held, known = self._held.get(alternative.name, (None, {}))
        if held != alternative:
            known = {}
            self._held[alternative.name] = alternative, known

        def of(i: int) -> Isolated | None:
            if i not in known:
                point = network.points[i]
                known[i] = isolate(scenario, network, i, alternative.rules[(point.site, point.product)])
            return known[i]

        return of


class Memo:
    """What calls of `calibrated` share. found: what searches found, and the calendar events they took, by what they depend on."""

    def __init__(self) -> None:
        self.found: dict[Hashable, tuple[Found | None, float]] = {}
        self.frames = Frames()
        self.alone = Alone()
