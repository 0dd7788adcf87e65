"""*Do this*: the numbers to order by, under the baseline and under the choice, stock points with the same numbers in one row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from chainsim.report.decision.situation import Situation
from chainsim.report.facts import Facts, Policy, kind_words
from chainsim.report.names import shown
from chainsim.report.numbers import exactly, grouped, several

FILE = "order-parameters.csv"
COLUMNS = (
    "site",
    "product",
    "policy",
    "parameter",
    "symbol",
    "unit",
    "baseline_policy",
    "baseline_parameters",
    "value",
)
"""Of order-parameters.csv: a row for each number of each stock point under the choice."""
WORDS = {
    "reorder_point": "order at or below", "order_quantity": "lot to order", "order_up_to_level": "order up to",
    "desired_stock": "stock to aim at", "cards": "cards", "container": "units a card",
}  # fmt: skip
MOST_KINDS = 3
"""Sets of numbers of one echelon and class of products that have rows of their own; more are told as a range."""
MOST_NAMED = 2
"""Products named in a row."""
MOST_ROWS = 8
"""Rows of the first screen; with more, all classes of products of an echelon share a row."""
Place = tuple[str, str]
Pair = tuple[tuple[float | None, ...], tuple[float | None, ...]]
"""The numbers of a stock point under the baseline, and under the choice."""
Numbers = Callable[[Place], Pair]


@dataclass(frozen=True)
class Span:
    """A number of several stock points: the lowest and the highest. None: this rule does not have it."""

    low: float | None
    high: float | None

    @property
    def text(self) -> str:
        """As a person writes it; the file has every digit.

        >>> Span(93.0, 93.0).text, Span(80.0, 95.5).text, Span(None, None).text
        ('93', '80 to 95.5', '–')
        >>> Span(30.769, 30.769).text, Span(30.769, 30.771).text, Span(0.04267, 1_243.37).text.replace("\u202f", " ")
        ('30.8', '30.8', '0.0427 to 1 243')
        """
        if self.low is None or self.high is None:
            return "–"
        low, high = _written(self.low), _written(self.high)
        return low if low == high else f"{low} to {high}"


def _written(x: float) -> str:
    """A whole number in full, another with three digits."""
    return exactly(float(f"{x:.3g}") if abs(x) < 1_000.0 else round(x))


@dataclass(frozen=True)
class OrderRow:
    """where: 'each of 10 stores'; points: how many stock points; before, after: by parameter, in the order of the table's."""

    where: str
    points: int
    before: tuple[Span, ...]
    after: tuple[Span, ...]


@dataclass(frozen=True)
class Orders:
    """before, after: what the numbers are ('order up to'), under the baseline and under the choice; before is empty where the choice
    is the baseline. changed: stock points of which a number changes, of `points`. file: where every number stands."""

    title: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    rows: tuple[OrderRow, ...]
    changed: int
    points: int
    file: str = FILE

    def first(self, most: int) -> Orders:
        """The first rows, without the numbers that none of them has."""
        rows = self.rows[:most]

        def told(side: Callable[[OrderRow], tuple[Span, ...]], names: tuple[str, ...]) -> list[int]:
            return [i for i in range(len(names)) if any(side(row)[i].low is not None for row in rows)]

        old, new = told(lambda row: row.before, self.before), told(lambda row: row.after, self.after)
        return replace(
            self,
            before=tuple(self.before[i] for i in old),
            after=tuple(self.after[i] for i in new),
            rows=tuple(
                replace(row, before=tuple(row.before[i] for i in old), after=tuple(row.after[i] for i in new))
                for row in rows
            ),
        )


def orders(s: Situation) -> Orders | None:
    """None where the rules have no numbers."""
    facts = s.facts
    after, before = numbers_of(facts, s.chosen), numbers_of(facts, s.baseline) if s.changes else {}
    if not after:
        return None
    new, old = _names(after.values()), _names(before.values())

    def both(at: Place) -> Pair:
        return _of(before.get(at, {}), old), _of(after[at], new)

    rows = _rows(facts, [*after], both, by_class=True)
    if len(rows) > MOST_ROWS:
        rows = _rows(facts, [*after], both, by_class=False)
    changed = sum(before.get(at) != numbers for at, numbers in after.items()) if s.changes else 0
    return Orders(
        _title(s, changed, len(after)), tuple(map(said, old)), tuple(map(said, new)), rows, changed, len(after)
    )


def said(parameter: str) -> str:
    """What a parameter is, in an order to a planner.

    >>> said("reorder_point"), said("share_of_demand")
    ('order at or below', 'share of demand')
    """
    return WORDS.get(parameter, parameter.replace("_", " "))


def file_rows(s: Situation) -> list[tuple[str | float, ...]]:
    """Rows of order-parameters.csv: what to load into the system that orders."""
    before = numbers_of(s.facts, s.baseline)
    table = s.facts.tables.derived
    own = table[table["policy"] == s.chosen.name]
    names = ("site", "product", "name", "symbol", "unit", "value")
    return [
        (
            str(site), str(product), s.chosen.name, str(name).replace(" ", "_"), str(symbol), str(unit), s.baseline.name,
            "; ".join(f"{k} {v:.17g}" for k, v in before.get((site, product), {}).items()), float(value),
        )
        for site, product, name, symbol, unit, value in zip(*(own[c].tolist() for c in names), strict=True)
    ]  # fmt: skip


OPEN = ("no clear winner", "none meets", "undefined")
"""Forms of a recommendation that name a policy without telling anybody to use it."""


def _title(s: Situation, changed: int, points: int) -> str:
    if s.choice.kind in OPEN:
        return f"Not settled: the order rules of {shown(s.chosen.label, 30)}"
    if not s.changes:
        return f"Do this: keep the rules of {several(points, 'stock point')}"
    if not changed:
        return "Do this: nothing; the numbers stay as they are"
    if changed < points:
        new = "a new order rule" if changed == 1 else "new order rules"
        return f"Do this: {new} at {grouped(changed, 0)} of {several(points, 'stock point')}"
    return f"Do this: {'a new order rule' if points == 1 else 'new order rules'} at {several(points, 'stock point')}"


def numbers_of(facts: Facts, policy: Policy) -> dict[Place, dict[str, float]]:
    """By stock point, every number its rule has, in the order of derived.csv."""
    table = facts.tables.derived
    own = table[table["policy"] == policy.name]
    found: dict[Place, dict[str, float]] = {}
    for site, product, name, value in zip(
        *(own[c].tolist() for c in ("site", "product", "name", "value")), strict=True
    ):
        found.setdefault((site, product), {})[str(name).replace(" ", "_")] = float(value)
    return found


def _names(numbers: Iterable[Mapping[str, float]]) -> list[str]:
    return list(dict.fromkeys(name for one in numbers for name in one))


def _of(numbers: Mapping[str, float], names: Sequence[str]) -> tuple[float | None, ...]:
    return tuple(numbers.get(name) for name in names)


def _rows(facts: Facts, places: Sequence[Place], numbers: Numbers, *, by_class: bool) -> tuple[OrderRow, ...]:
    """Echelon by echelon, downstream first; classes of products apart where their numbers differ."""
    rows: list[OrderRow] = []
    for kind in facts.echelons:
        here = [at for at in places if facts.kind_of(at[0]) == kind]
        classes: dict[str, list[Place]] = {}
        for at in here:
            classes.setdefault(facts.class_of(at[1]) if by_class else "", []).append(at)
        if len(classes) == 1:
            classes = {"": here}
        kinds = {name: _alike(own, numbers) for name, own in classes.items()}
        if len({tuple(alike) for alike in kinds.values()}) == 1 and all(len(alike) == 1 for alike in kinds.values()):
            kinds = {"": _alike(here, numbers)}  # every class has the same numbers
        for name, alike in kinds.items():
            if len(alike) > MOST_KINDS:
                alike = {None: [at for own in alike.values() for at in own]}
            for own in alike.values():
                both = [numbers(at) for at in own]
                before, after = (
                    tuple(_span(column) for column in zip(*(pair[side] for pair in both), strict=True))
                    for side in (0, 1)
                )
                whole = {product for _, product in classes.get(name, here)} == {product for _, product in own}
                rows.append(OrderRow(_where(facts, kind, name if whole else "", own), len(own), before, after))
    return tuple(rows)


def _alike(places: Sequence[Place], numbers: Numbers) -> dict[Pair | None, list[Place]]:
    groups: dict[Pair | None, list[Place]] = {}
    for at in places:
        groups.setdefault(numbers(at), []).append(at)
    return groups


def _span(values: Sequence[float | None]) -> Span:
    known = [v for v in values if v is not None]
    return Span(min(known), max(known)) if known else Span(None, None)


def _where(facts: Facts, kind: str, name: str, places: Sequence[Place]) -> str:
    """'Each of 10 stores', 'DC, fast', '3 stores: north and others'."""
    sites, everywhere = list(dict.fromkeys(site for site, _ in places)), facts.sites_of(kind)
    what = kind_words(kind, 24)
    if everywhere == 1:
        where = f"{what[0].upper()}{what[1:]}"
    elif len(sites) == everywhere:
        where = f"Each of {several(everywhere, what)}"
    elif len(sites) == 1:
        where = shown(sites[0], 24)
    else:
        where = f"{several(len(sites), what)}: {shown(sites[0], 18)} and others"
    products = list(dict.fromkeys(product for _, product in places))
    if not name and len(products) < len(facts.products):
        few = [shown(product, 18) for product in products[:MOST_NAMED]]
        name = " and ".join(few) if len(products) <= MOST_NAMED else f"{several(len(products), 'product')}"
    return f"{where}, {shown(name, 40)}" if name else where
