"""`chainsim run`: simulate the policies of a scenario and write its results folder."""

from __future__ import annotations

from typing import Any

from chainsim.cli import options


def run(
    file: options.ScenarioFile,
    changes: options.Set = None,
    hold: options.Hold = False,
    out: options.Out = None,
    replications: options.Replications = None,
    precision: options.Precision = None,
    max_replications: options.MaxReplications = None,
    material: options.Material = None,
    variance: options.Variance = None,
    jobs: options.Jobs = None,
    engine: options.Engine = None,
    seed: options.Seed = None,
    policies: options.Policies = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    open_page: options.Open = False,
    no_report: options.NoReport = False,
    decide: options.Decide = False,
    overwrite: options.Overwrite = False,
    resume: options.Resume = False,
    shard: options.Shard = None,
    executor: options.Where = "local",
    scheduler: options.Scheduler = None,
    detail: options.DetailLevel = "auto",
    lean: options.Lean = False,
    allow_plugins: options.Plugins = False,
    max_events: options.MaxEvents = options.MAX_EVENTS,
    files_anywhere: options.FilesAnywhere = False,
    max_scenario_mb: options.MaxMegabytes = options.MAX_MEGABYTES,
) -> None:
    """Simulate the policies of a scenario; write tables, page, workbook and charts.

    \b
    Example:
      chainsim run grocer.yaml --replications 100 --policies jit,s_Q --out results/trial --open
      chainsim run grocer.yaml --decide --open
      chainsim run grocer.yaml --precision "1% of total_cost, 0.5 points of fill_rate" --material 1%
      chainsim run grocer.yaml --set "costs.carrying_rate=30% per year" --out results/dearer
      chainsim run grocer.yaml --set "demand[*]=*1.2" --hold --out results/surprised
      chainsim run grocer.yaml --replications 10000 --shard 3/50 --out shared
    """
    asked: dict[str, Any] = {
        "changes": options.changes_of(changes), "hold": hold, "replications": replications, "precision": precision,
        "max_replications": max_replications, "material": material, "jobs": jobs, "engine": engine, "seed": seed,
        "policies": options.names_of(policies), "detail": detail, "lean": lean, "max_events": max_events, "quiet": quiet,
        "allow_plugins": allow_plugins, "files_anywhere": files_anywhere, "max_scenario_mb": max_scenario_mb,
        "executor": executor, "scheduler": scheduler,
    }  # fmt: skip
    if shard is not None:
        from chainsim.cli.shard import run_share

        run_share(
            file, shard, out, overwrite=overwrite, json=json, open_page=open_page, decide=decide, variance=variance, **asked,
        )  # fmt: skip
        return
    from chainsim.cli.study import run_study

    run_study(
        file, out=out, json=json, open_page=open_page, page=not no_report, decide=decide, variance=variance, overwrite=overwrite,
        resume=resume, **asked,
    )  # fmt: skip
