"""What does an unreliable supplier cost, and what does it cost not to know?

    python experiments/lead_time_variability.py [--replications N] [--out DIR]

The regional grocer, with the coefficient of variation of the plant's transport time to the DC going from 0 to 1 while its
mean stays a week. Two planners use the same rule, (s, Q) for a 97 % fill rate. One knows how variable the lead time is.
The other plans with the mean alone. Both meet the same customers and the same lorries.
Writes a figure and the findings to results/experiments/lead_time_variability/.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import yaml

import chainsim
from chainsim.data import scenario_text

LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
KPIS = ("fill_rate", "total_cost", "inventory_value_mean", "bullwhip_cumulative")
LABELS = {"knows": "plans with the variability", "ignores": "plans with the mean alone"}


def grocer(cv: float, policies: dict[str, Any]) -> chainsim.Study:
    """The grocer with this coefficient of variation of the lead time to the DC, and these policies."""
    document = yaml.safe_load(scenario_text("grocer"))
    document["lanes"][0]["lead_time"] = {"dist": "gamma", "mean": 7, "cv": cv} if cv else 7
    document["policies"] = policies
    return chainsim.load_text(yaml.safe_dump(document, sort_keys=False), name="lead_time_variability")


def planned_without_variability() -> dict[str, Any]:
    """(s, Q) with the numbers that a lead time of exactly a week would call for, site by site."""
    study = grocer(0.0, {"plan": {"type": "s_Q", "fill_rate": 0.97}})
    rules = []
    for (site, product), derived in study.explain_policies()["plan"].items():
        numbers = {d.name: d.value for d in derived if d.name in ("reorder_point", "order_quantity")}
        rules.append({"site": site, "product": product, "type": "s_Q", **numbers})
    return {"type": "s_Q", "fill_rate": 0.97, "rules": rules}


def run(replications: int) -> dict[tuple[float, str], dict[str, chainsim.Estimate]]:
    """Every measure of every level and planner."""
    policies = {"knows": {"type": "s_Q", "fill_rate": 0.97}, "ignores": planned_without_variability()}
    found = {}
    for cv in LEVELS:
        results = grocer(cv, policies).run(replications=replications)
        for name in policies:
            found[cv, name] = {kpi: results.estimate(name, kpi) for kpi in KPIS}
    return found


def table(found: dict[tuple[float, str], dict[str, chainsim.Estimate]]) -> str:
    """The numbers as a Markdown table, mean ± half-width."""
    lines = [
        "| cv of lead time | planner | fill rate, % | total cost, EUR/year | stock, EUR | bullwhip at the plant |",
        "|---|---|---|---|---|---|",
    ]
    for (cv, name), estimates in found.items():
        cells = [_interval(estimates[kpi], *form) for kpi, form in zip(KPIS, FORMS, strict=True)]
        lines.append(f"| {cv:g} | {LABELS[name]} | {' | '.join(cells)} |")
    return "\n".join(lines)


FORMS = ((100.0, 1), (1.0, 0), (1.0, 0), (1.0, 1))  # factor and decimals of each measure


def _interval(e: chainsim.Estimate, factor: float, decimals: int) -> str:
    if e.mean is None:
        return "–"
    width = "" if e.half_width is None else f" ± {e.half_width * factor:,.{decimals}f}"
    return f"{e.mean * factor:,.{decimals}f}{width}"


def lesson(found: dict[tuple[float, str], dict[str, chainsim.Estimate]]) -> str:
    """What was learned, in numbers of this run."""
    low, high = LEVELS[0], LEVELS[-1]

    def mean(cv: float, name: str, kpi: str) -> float:
        value = found[cv, name][kpi].mean
        assert value is not None
        return value

    price = mean(high, "knows", "total_cost") - mean(low, "knows", "total_cost")
    ignorance = mean(high, "ignores", "total_cost") - mean(high, "knows", "total_cost")
    served = 100 * mean(high, "ignores", "fill_rate")
    return (
        f"Between a punctual carrier and one with a coefficient of variation of {high:g}, the planner who knows pays "
        f"{price:,.0f} EUR a year more and still serves {100 * mean(high, 'knows', 'fill_rate'):.1f} % at once. The one who plans "
        f"with the mean serves {served:.1f} % and pays {abs(ignorance):,.0f} EUR a year {'more' if ignorance > 0 else 'less'} "
        "than the one who knows."
    )


def figure(found: dict[tuple[float, str], dict[str, chainsim.Estimate]], file: Path) -> None:
    """Fill rate and cost against variability."""
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(9, 3.8), layout="constrained")
    panels = drawing.subplots(1, 2)
    for panel, kpi, factor, label in (
        (panels[0], "fill_rate", 100.0, "fill rate, %"),
        (panels[1], "total_cost", 0.001, "total cost, thousand EUR per year"),
    ):
        for name, style in (("knows", "o-"), ("ignores", "s--")):
            estimates = [found[cv, name][kpi] for cv in LEVELS]
            means = [(e.mean or 0.0) * factor for e in estimates]
            widths = [(e.half_width or 0.0) * factor for e in estimates]
            panel.errorbar(LEVELS, means, yerr=widths, fmt=style, capsize=3, label=LABELS[name])
        panel.set_xlabel("coefficient of variation of the lead time")
        panel.set_ylabel(label)
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].axhline(97, color="0.5", linewidth=1)
    panels[0].legend(frameon=False)
    drawing.savefig(file, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=20)
    parser.add_argument("--out", type=Path, default=Path("results/experiments/lead_time_variability"))
    arguments = parser.parse_args()
    found = run(arguments.replications)
    arguments.out.mkdir(parents=True, exist_ok=True)
    figure(found, arguments.out / "figure.svg")
    text = (
        "# What an unreliable supplier costs\n\n"
        f"{lesson(found)}\n\n![Fill rate and cost against lead-time variability](figure.svg)\n\n{table(found)}\n\n"
        f"Mean ± half-width of the 95 % interval over {arguments.replications} replications on common random numbers.\n"
    )
    (arguments.out / "findings.md").write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
