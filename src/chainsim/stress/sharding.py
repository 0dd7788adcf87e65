"""A stress test in shards: places out, shocks and kinds of shock by policy are dealt out, one by one; what was seen is kept by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from chainsim.replicate.share import Share
from chainsim.stress.results import Stress
from chainsim.study.given import files_of, kept_as
from chainsim.study.kept import Merging, Sharing
from chainsim.study.loading import Study
from chainsim.study.manifest import command_of
from chainsim.study.running import termination_is_an_interrupt
from chainsim.study.sharding import UNLIMITED, Shard
from chainsim.study.shards import Gathered, Request

KEPT = ("policies", "days", "start", "only", "library", "levels", "buffers", "replications", "seed")
"""Options of a test that its results depend on."""


def run_share(
    study: Study,
    share: Share,
    out: Path,
    asked: Mapping[str, Any],
    own: Path | None,
    *,
    max_events: float,
    **how: Any,
) -> Shard:
    """Do one share of a stress test and keep what was seen in a folder, which others may share. asked: the options of
    `KEPT`. own: the file of own shocks. max_events: of this share. Raises as `stress` does."""
    files = list(files_of(study))
    (name, *others), given = kept_as([*files, *([own] if own is not None else [])])
    options = {**asked, "changes": dict(study.scenario.changes), "shocks": others[-1] if own is not None else None}
    told = {
        "policies": ",".join(asked["policies"]) if asked["policies"] else None, "days": asked["days"], "start": asked["start"],
        "only": ",".join(asked["only"]) if asked["only"] else None, **{name: True for name, flag in (("buffers", True), ("no-buffers", False)) if asked["buffers"] is flag},
        "library": ",".join(asked["library"]) if asked["library"] else None, "levels": asked["levels"],
        "replications": asked["replications"], "seed": asked["seed"], "shocks": own,
    }  # fmt: skip
    command = command_of("stress", study.scenario, told)
    sharing = Sharing(share, out, Request("stress", name, options, share.of, command), given)
    with termination_is_an_interrupt():
        found = study.stress(**asked, keeper=sharing, max_events=max_events * share.of, **how)
    sharing.finished(found.engine)
    return Shard(share, out, what="stress test")


def merged_test(study: Study, gathered: Gathered, shocks: Mapping[str, Any], engine: str | None) -> Stress:
    """What shards of a stress test give together; what is damaged is simulated again. Raises OutputError."""
    asked = {name: value for name, value in gathered.request.options.items() if name in KEPT}
    found = study.stress(**asked, shocks=shocks, engine=engine, keeper=Merging(gathered), max_events=UNLIMITED)
    return replace(found, engine=gathered.engine or found.engine)
