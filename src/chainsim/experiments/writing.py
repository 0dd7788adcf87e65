"""All files of an experiment's folder, and its manifest."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from chainsim.experiments.data import Data
from chainsim.experiments.findings import Findings, finding_tables
from chainsim.experiments.job import Found
from chainsim.experiments.kept import identity_of
from chainsim.experiments.model import Experiment, Point
from chainsim.experiments.tables import tables
from chainsim.study.results import file_hashes
from chainsim.study.store import FORMAT
from chainsim.version import __version__


def experiment_files(asked: Experiment, points: Sequence[Point], found: Sequence[Found]) -> dict[str, bytes]:
    """Tables and the experiment itself, by file name. The same experiment gives the same bytes."""
    import yaml

    data = Data(asked, points, found)
    document = {key: value for key, value in asked.document.items() if key != "identity"}
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)
    return {**tables(data), **finding_tables(Findings(data)), "experiment.yaml": text.encode()}


def manifest_of(
    asked: Experiment, points: Sequence[Point], found: Sequence[Found], files: Mapping[str, bytes]
) -> dict[str, Any]:
    """Provenance. The moment of the run stands here and nowhere else."""
    return {
        "chainsim": __version__,
        "format": FORMAT,
        "kind": "experiment",
        "experiment": {"name": asked.name, "title": asked.title},
        "identity": identity_of(asked),
        "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "seed": asked.base.scenario.seed,
        "replications": asked.replications,
        "policies": asked.alternatives,
        "points": len(points),
        "failed": [f.number for f in found if f.failure],
        "files": file_hashes(files),
    }
