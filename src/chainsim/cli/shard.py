"""What commands do with `--shard K/N`: one share of their work, kept in a folder for `chainsim merge`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chainsim.cli.cluster import executor_of
from chainsim.cli.console import note, say
from chainsim.cli.progress import progress
from chainsim.errors import UsageError
from chainsim.replicate.share import Share


def share_of(
    shard: str, out: Path | None, *, overwrite: bool = False, json: bool = False, open_page: bool = False
) -> tuple[Share, Path]:
    """The share, and the folder of all of them. Raises UsageError for what a shard cannot do."""
    share = Share.read(shard)
    if json or open_page:
        raise UsageError(
            f"--shard {shard} has a part of the results, and nothing to show: give {'--json' if json else '--open'} to `chainsim merge`"
        )
    if out is None:
        raise UsageError(
            f"--shard {shard} needs --out DIR: the folder that all shards are kept in, on a shared disk, or one of each machine "
            "that is copied later"
        )
    if overwrite:
        raise UsageError(
            f"--overwrite with --shard would throw away what other shards have done. Remove {out} by hand, or choose another folder"
        )
    return share, out


def run_share(
    file: Path,
    shard: str,
    out: Path | None,
    *,
    quiet: bool,
    overwrite: bool,
    json: bool,
    open_page: bool,
    decide: bool,
    variance: str | None,
    allow_plugins: bool,
    files_anywhere: bool,
    max_scenario_mb: float,
    changes: dict[str, Any],
    executor: str,
    scheduler: str | None,
    lean: bool = False,
    **options: Any,
) -> None:
    """One share of `chainsim run`."""
    share, folder = share_of(shard, out, overwrite=overwrite, json=json, open_page=open_page)
    if decide:
        raise UsageError(
            "--decide tunes, runs and stresses one after the other, which cannot be shared as one piece: share `chainsim tune`, run "
            "the tuned scenario in shards, then `chainsim stress`"
        )
    if lean:
        raise UsageError("--lean is of the folder with all replications: give it to `chainsim merge`")
    if variance is not None:
        raise UsageError(
            "--variance is told of all replications: a shard has a few; run with --variance on one machine"
        )
    from chainsim.cli.study import announce, load, tell
    from chainsim.study.sharding import run_shard

    study = load(
        file, allow_plugins=allow_plugins, files_anywhere=files_anywhere, max_scenario_mb=max_scenario_mb, changes=changes,
    )  # fmt: skip
    if not quiet:
        tell(study.scenario, options.get("policies"))
        announce(study)
    with executor_of(executor, scheduler, options.get("jobs"), quiet=quiet) as cluster, progress(quiet) as hook:
        done = run_shard(
            study, share, folder,
            changes=changes, progress=hook, tell=None if quiet else note, executor=cluster, **options,
        )  # fmt: skip
    say(str(done))
