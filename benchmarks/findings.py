"""What was measured, kept in results.json, from which README.md is written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median
from typing import Any

from models.workload import WORKLOADS
from probes import Probe, Run

ENOUGH = 5  # runs of a probe that is not limited to fewer


@dataclass(frozen=True)
class Contest:
    """All runs of one contender on one workload."""

    workload: str
    runs: list[Run]

    def middle(self, name: str) -> float:
        """Median over the runs."""
        return float(median(r[name] for r in self.runs))

    def measure(self, name: str) -> float | None:
        """Mean over the runs, None where the contender does not offer it."""
        values = [r["measures"][name] for r in self.runs]
        return None if None in values else fmean(values)

    @property
    def rate(self) -> float:
        """Store-days per CPU second of simulation."""
        return WORKLOADS[self.workload].store_days / self.middle("run")

    @property
    def orders(self) -> float:
        """Orders placed by stores and DCs: the measure of the work done."""
        return (self.measure("store_orders") or 0.0) + (self.measure("dc_orders") or 0.0)


@dataclass
class Findings:
    """Runs by part and probe, and the machine each part was measured on."""

    runs: dict[str, dict[str, list[Run]]] = field(default_factory=dict)
    machines: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Findings:
        """Those of an earlier run; empty when there are none."""
        if not path.is_file():
            return cls()
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(kept["runs"], kept["machines"])

    def write(self, path: Path) -> None:
        text = json.dumps({"machines": self.machines, "runs": self.runs}, indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")

    def begin(self, part: str, machine: str) -> None:
        """Forget what was known of a part."""
        self.runs[part] = {}
        self.machines[part] = machine

    def add(self, probe: Probe, run: Run) -> None:
        self.runs[probe.part].setdefault(probe.name, []).append(run)

    def of(self, part: str, name: str) -> list[Run]:
        return self.runs.get(part, {}).get(name, [])

    def middle(self, part: str, name: str, key: str, place: int | None = None) -> float | None:
        """Median over the runs; `place` where the process told a list. None when it was not measured."""
        runs = self.of(part, name)
        if not runs:
            return None
        return float(median(run[key] if place is None else run[key][place] for run in runs))

    def contest(self, workload: str, contender: str) -> Contest | None:
        runs = self.of(workload, contender)
        return Contest(workload, runs) if runs else None

    def missing(self, probes: Iterable[Probe]) -> list[Probe]:
        """The probes that ran too rarely for the README."""
        return [p for p in probes if len(self.of(p.part, p.name)) < min(p.times or ENOUGH, ENOUGH)]
