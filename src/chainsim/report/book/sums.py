"""What is made of rates and quantities: every cost line, total, differences, ranking; each as a formula and as the value it has as run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chainsim.report.book.grid import Grid
from chainsim.report.numbers import percent

Told = float | int | str | None


@dataclass(frozen=True)
class Sum:
    """A row: its name in the Grid, label, kind of number, value by policy as run; formula by policy, None where it stays as run; live_label: a formula of
    the label."""

    name: str
    label: str
    kind: str
    values: Sequence[Told]
    formula: Callable[[int], str] | None = None
    strong: bool = False
    live_label: str = ""


def sums(grid: Grid) -> list[Sum]:
    """From the cost lines down to the ranking, in the order of the sheet."""
    money = "money" if max(map(abs, grid.tally.total), default=0.0) >= 1000.0 else "cents"
    made = [*_costs(grid, money), *_differences(grid, money), *_service(grid)]
    return [row for row in made if row.name in grid.sums]


def _costs(grid: Grid, money: str) -> list[Sum]:
    tally, facts = grid.tally, grid.tally.facts
    first, final = next(iter(tally.lines)), next(reversed(tally.lines))

    def line(own: range) -> Callable[[int], str]:
        return lambda p: f"=SUMPRODUCT({grid.rates_now(own)},{grid.amounts(own, p)})"

    lines = [Sum(id, facts.title_of(id), money, tally.line(id), line(own)) for id, own in tally.lines.items()]
    return [
        *lines,
        Sum("total", "Total cost", money, tally.total, lambda p: f"=SUM({grid.at(first, p)}:{grid.at(final, p)})", strong=True),
        Sum("as_run", "As run", money, [facts.mean(p, "total_cost") for p in facts.policies]),
        Sum("change", "Change since the run", money, [0.0] * grid.policies, lambda p: f"={grid.at('total', p)}-{grid.at('as_run', p)}"),
        Sum("half", f"± ({percent(facts.level)} interval)", money, tally.half_widths(), lambda p: _half(grid, p, grid.total_column)),
    ]  # fmt: skip


def _differences(grid: Grid, money: str) -> list[Sum]:
    tally = grid.tally
    gaps, halves = [t - tally.total[0] for t in tally.total], tally.half_widths(against=0)

    def gap(p: int) -> str:
        return f"={grid.at('total', p)}-INDEX({grid.across('total')},{grid.base})"

    def sure(p: int) -> str:
        d, h = grid.at("gap", p), grid.at("gap_half", p)
        told = f'IF(ABS({d})<={h},"cannot be told apart",IF({d}<0,"surely less","surely more"))'
        return f'=IF(AND({d}=0,{h}=0),"the same",{told})'

    return [
        Sum(
            "gap", f"Against {tally.facts.baseline.label}", money, gaps, gap, live_label=f'="Against "&{grid.compared}'
        ),
        Sum("gap_half", "± (paired)", money, halves, lambda p: _half(grid, p, grid.total_column + 1)),
        Sum("sure", "How sure", "", [_sure(d, h) for d, h in zip(gaps, halves, strict=True)], sure),
    ]


def _half(grid: Grid, p: int, column: int) -> str:
    """Half-width of Student's interval of a column of Years."""
    own, n = grid.over_years(p, column), grid.replications
    return f"=TINV({1.0 - grid.tally.facts.level:.10g},{n - 1})*STDEV({own})/SQRT({n})"


def _sure(gap: float, half: float | None) -> str:
    if gap == 0 and not half:
        return "the same"
    if half is None or abs(gap) <= half:
        return "cannot be told apart"
    return "surely less" if gap < 0 else "surely more"


def _service(grid: Grid) -> list[Sum]:
    tally, facts = grid.tally, grid.tally.facts
    goal = "No target is set: may be chosen" if facts.target is None else f"Meets the target of {percent(facts.target)}"

    def rank(p: int) -> str:
        cheaper = f'SUMPRODUCT(({grid.across("meets")}="yes")*({grid.across("total")}<{grid.at("total", p)}))'
        return f'=IF({grid.at("meets", p)}="yes",1+{cheaper},"–")'

    return [
        Sum("fill", "Fill rate, as run", "percent", [facts.mean(p, "fill_rate") for p in facts.policies]),
        Sum("meets", goal, "", ["yes" if ok else "no" for ok in tally.eligible]),
        Sum(
            "rank", "Rank by cost of these", "count", [rank if rank else "–" for rank in tally.ranks], rank, strong=True
        ),
    ]


def winner(grid: Grid) -> tuple[str, str]:
    """The cheapest of those that meet the target, as part of a formula of another sheet and as it is as run."""
    ranks, names = (f"Rates!{grid.across(name)}" for name in ("rank", ""))
    formula = f'IF(COUNTIF({ranks},1)=0,"none meets the target",INDEX({names},MATCH(1,{ranks},0)))'
    best = [p.label for p, rank in zip(grid.tally.facts.policies, grid.tally.ranks, strict=True) if rank == 1]
    return formula, best[0] if best else "none meets the target"
