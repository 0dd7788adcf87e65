"""Does the cheapest policy that `chainsim tune` names keep its promise? Asked of every shipped scenario, on another seed.

`python benchmarks/tuned_winners.py` tunes each scenario (to its own target, or to least cost where it sets none), writes the
tuned scenario, loads that file, and runs the winner alone over many replications of a seed that no tuning saw. It prints a table
and writes `benchmarks/tuned_winners.json`. `… gift_wholesaler grocer` asks these only, and keeps what is known of the others.
Minutes of one processor each. Ends with 1 when a promise was not kept.

*kept*: the long run does not speak against the sentence: its service plus its half-width is not below the target; null without a
target, where no service was promised. CPU seconds are those of the tuning.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import chainsim
from chainsim.replicate.bench import Bench
from chainsim.statistics import Sample, estimate

SCENARIOS = Path(__file__).parents[1] / "scenarios"
HOME = Path(__file__).with_name("tuned_winners.json")
REPLICATIONS, FEWER = 1000, {"large_network": 50}
FREE = "service"
ANOTHER = 1_000_003
"""Added to the seed of a scenario: other customers, lead times and outages."""
COST = "total_cost"


def asked(name: str) -> dict[str, Any]:
    """One scenario tuned, and its winner over a long run."""
    study = chainsim.load(SCENARIOS / f"{name}.yaml")
    started = time.process_time()
    tuned = study.tune(free=FREE, jobs=1)
    spent = time.process_time() - started
    winner = tuned.facts["winner"]
    found: dict[str, Any] = {
        "scenario": name, "free": FREE, "measure": tuned.facts["measure"], "target": tuned.facts["target"],
        "headline": tuned.headline, "statement": tuned.statement, "notes": list(tuned.notes),
        "converged": tuned.facts["converged"], "winner": winner, "cpu_seconds": round(spent, 1),
    }  # fmt: skip
    if winner is None:
        return {**found, "kept": None}
    with tempfile.TemporaryDirectory() as folder:
        tuned.write(folder)
        again = chainsim.load(Path(folder) / f"{name}.tuned.yaml")
        seed = again.scenario.seed + ANOTHER
        measures = (COST, found["measure"]) if found["measure"] else (COST,)
        count = FEWER.get(name, REPLICATIONS)
        seen = Bench(again.with_({"seed": seed}).scenario, winner, measures=measures).observe(count=count)
    cost = estimate(seen.of(COST)[0].tolist())
    found |= {"seed": seed, "replications": count, "cost": cost.mean, "cost_half_width": cost.half_width, "kept": None}
    found |= {"currency": tuned.currency}
    if found["measure"]:
        share = estimate(Sample(*(part.tolist() for part in seen.of(found["measure"]))))
        mean, half = share.mean or 0.0, share.half_width or 0.0
        found |= {"service": mean, "service_half_width": half, "kept": mean + half >= found["target"]}
    return found


def table(rows: list[dict[str, Any]]) -> str:
    """As Markdown."""
    lines = [
        "| scenario | target | winner | service, long run | cost a year | kept | CPU s |",
        "|---|---:|---|---:|---:|---|---:|",
    ]
    for row in rows:
        target = f"{100 * row['target']:.1f} %" if row["target"] else "least cost"
        service = f"{100 * row['service']:.2f} ± {100 * row['service_half_width']:.2f} %" if "service" in row else "–"
        digits = 2 if row.get("cost", 0.0) < 100.0 else 0
        cost = "–"
        if "cost" in row:
            cost = f"{row['cost']:,.{digits}f} ± {row['cost_half_width'] or 0.0:,.{digits}f} {row['currency']}".strip()
        kept = "nobody serves" if row["winner"] is None else {True: "yes", False: "**no**", None: "–"}[row["kept"]]
        lines.append(
            f"| `{row['scenario']}` | {target} | {row['winner'] or '–'} | {service} | {cost} | {kept} | {row['cpu_seconds']:.0f} |"
        )
    return "\n".join(lines)


def main(names: list[str]) -> int:
    known = {row["scenario"]: row for row in json.loads(HOME.read_text("utf-8"))} if HOME.exists() else {}
    for name in names or sorted(path.stem for path in SCENARIOS.glob("*.yaml")):
        known[name] = asked(name)
        print(f"{name}: {known[name]['headline'] or known[name]['statement']}", flush=True)
        HOME.write_text(json.dumps([known[key] for key in sorted(known)], indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(table([known[key] for key in sorted(known)]))
    return int(any(row["kept"] is False for row in known.values()))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
