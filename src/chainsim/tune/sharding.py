"""A tuning in shards. The search goes from candidate to candidate, so every shard makes it; the fresh replications that confirm what
was found, and the curves, are shared. What a candidate gave is kept by its numbers: a shard that comes later searches without
simulating, and so does whoever merges."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chainsim.replicate.share import Share
from chainsim.study.given import files_of, kept_as
from chainsim.study.kept import Merging, Sharing
from chainsim.study.loading import Study
from chainsim.study.manifest import command_of
from chainsim.study.running import termination_is_an_interrupt
from chainsim.study.sharding import Shard
from chainsim.study.shards import Gathered, Request
from chainsim.tune.asking import aim_of
from chainsim.tune.results import Tuned
from chainsim.tune.tuning import tune, tune_share


def run_share(
    study: Study, share: Share, out: Path, asked: Mapping[str, Any], told: Mapping[str, Any], **how: Any
) -> Shard:
    """Do one share of a tuning and keep what every candidate gave in a folder, which others may share. asked: as
    `Study.tune` takes it. told: the same as options of the command line. Raises as `tune` does."""
    aim = aim_of(study.scenario, asked)
    (name, *_), given = kept_as(files_of(study))
    options = {"aim": dict(asked), "changes": dict(study.scenario.changes)}
    request = Request("tune", name, options, share.of, command_of("tune", study.scenario, told))
    sharing = Sharing(share, out, request, given)
    with termination_is_an_interrupt():
        tune_share(study, aim, sharing, **how)
    sharing.finished()
    return Shard(share, out, what="tuning")


def merged_tuning(study: Study, gathered: Gathered, asked: Mapping[str, Any], out: Path, **how: Any) -> Tuned:
    """What shards of a tuning give together: the tuning of one machine. Replications that no shard could foresee, of a second
    confirmation, are simulated here. asked: as it was of the shards. Raises as `tune` does."""
    aim = aim_of(study.scenario, asked)
    return tune(study, aim, out=out, keeper=Merging(gathered), **how)
