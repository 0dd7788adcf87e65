"""What `run` and `demo` share: load, simulate, draw the page, say what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainsim.cli.cluster import executor_of
from chainsim.cli.console import note, passing, say, warn
from chainsim.cli.failure import escaped, findings_text
from chainsim.cli.options import MAX_MEGABYTES, MOST_MEGABYTES
from chainsim.cli.progress import progress
from chainsim.cli.summary import as_json, as_text, plain
from chainsim.errors import UsageError
from chainsim.showing import counted

if TYPE_CHECKING:
    from chainsim.scenario.model import Scenario
    from chainsim.study.loading import Study
    from chainsim.study.results import Results

MANY_LEVELS = 500
"""Stock points times policies from which deriving levels is announced."""


def run_study(
    file: Path,
    *,
    out: Path | None,
    json: bool,
    quiet: bool,
    open_page: bool,
    page: bool = True,
    decide: bool = False,
    allow_plugins: bool = False,
    files_anywhere: bool = False,
    max_scenario_mb: float = MAX_MEGABYTES,
    changes: Mapping[str, Any] | None = None,
    variance: str | None = None,
    executor: str = "local",
    scheduler: str | None = None,
    **options: Any,
) -> Results:
    """Run a scenario file into its results folder; `options` are those of `chainsim.run`. executor, scheduler: where it
    is simulated. decide: tune its policies before, and
    stress them after."""
    check_variance(variance)
    study = load(
        file,
        allow_plugins=allow_plugins,
        files_anywhere=files_anywhere,
        max_scenario_mb=max_scenario_mb,
        changes=changes,
    )
    from chainsim.study.control import expected_demand

    if variance is not None:
        expected_demand(study.scenario)  # what cannot be is told before anything is simulated
    if not quiet:
        tell(study.scenario, options.get("policies"))
        announce(study)
    folder = out if out is not None else Path("results") / (study.scenario.name or "scenario")
    tuned: Mapping[str, bytes] = {}
    if decide:
        study, tuned = at_their_best(study, options, quiet=quiet)
        options = {**options, "policies": None}
    with executor_of(executor, scheduler, options.get("jobs"), quiet=quiet) as cluster, progress(quiet) as hook:
        results = study.run(out=folder, progress=hook, tell=None if quiet else note, executor=cluster, **options)
    if not quiet:
        labels = {p["name"]: p["label"] for p in results.manifest["policies"]}
        for warning in results.manifest["warnings"]:
            if warning["policy"]:
                warn(escaped(f"{labels[warning['policy']]}: {warning['message']}"))
    if decide:
        found = stressed(study, options, quiet=quiet)
        results.add({**tuned, **found}, command=f"{results.manifest['command']} --decide")
    steadier = None if variance is None else study.controlled(results)
    told(results, folder, page=page, json=json, quiet=quiet, open_page=open_page, steadier=steadier)
    return results


def told(
    results: Results, folder: Path, *, page: bool, json: bool, quiet: bool, open_page: bool, steadier: Any = None
) -> None:
    """Draw the page of results in a folder, and say what came of them."""
    from chainsim.report.shortfall import warnings_of_run  # slow to import

    html = None
    if page:
        if not quiet:
            passing("drawing the page …")
        html = results.report()
    say(as_json(results, steadier) if json else as_text(results, steadier))
    for warning in warnings_of_run(results):
        warn(plain(warning))
    for line in advice_of(results, quiet=quiet):
        note(plain(line))
    if not quiet:
        note(f"Results: {folder}{f'   Page: {html}' if html else ''}")
        tell_left_out(results.manifest["detail"]["left_out"])
    if open_page and html is not None:
        show(html)


def check_variance(method: str | None) -> None:
    """Raises UsageError for a method that there is not."""
    if method == "antithetic":
        raise UsageError(
            "--variance antithetic is not offered: where pairs with opposite random numbers were tried they seldom gained what control "
            "variates do, and sometimes harmed (docs/statistics.md); take --variance control"
        )
    if method not in (None, "control"):
        raise UsageError(f"--variance knows one method, control, not '{method}'")


def at_their_best(study: Study, options: Mapping[str, Any], *, quiet: bool) -> tuple[Study, Mapping[str, bytes]]:
    """The first policy as it is and all of them tuned, and the tables of the tuning."""
    from chainsim.tune.deciding import decided

    if not quiet:
        note("tuning every policy …")
    found = decided(
        study, policies=options.get("policies"), seed=options.get("seed"), engine=options.get("engine"), jobs=options.get("jobs"),
        tell=None if quiet else note,
    )  # fmt: skip
    if found.why_not:
        note(f"Nothing was tuned: {found.why_not}")
    return found.study, found.files


def stressed(study: Study, options: Mapping[str, Any], *, quiet: bool) -> dict[str, bytes]:
    """The tables of the library of shocks, on the policies that were run."""
    from chainsim.stress.tables import csv_of

    if not quiet:
        note("trying shocks …")
    with progress(quiet) as hook:
        found = study.stress(
            only="library", policies=study.policies, replications=options.get("replications") or study.scenario.replications, seed=options.get("seed"), engine=options.get("engine"),
            jobs=options.get("jobs"), progress=hook, tell=None if quiet else note,
        )  # fmt: skip
    return {f"stress/{name}": csv_of(rows) for name, rows in found.rows.items()}


def advice_of(results: Results, *, quiet: bool) -> list[str]:
    """What the run adviser says in a line; quiet: only that a precision was not reached."""
    from chainsim.report.adviser import lines
    from chainsim.report.facts import Facts

    asked = results.manifest.get("precision") or {"reached": True}
    missed = not asked["reached"]
    told = lines(Facts(results)) if missed or not quiet else []
    return told[:1] if quiet else told


def tell(scenario: Scenario, policies: Sequence[str] | None = None) -> None:
    """How its tables were read, and its warnings; of policies only those that are run."""
    from chainsim.study.asked import warnings_without

    for words in scenario.notes:
        note(f"note: {escaped(words)}")
    left_out = {a.name for a in scenario.alternatives} - set(policies) if policies else set()
    warnings = warnings_without(scenario.warnings, left_out)
    if warnings:
        note(findings_text(warnings, ran=True))


def tell_left_out(said: Sequence[str]) -> None:
    """Which tables were cut because the network is large or the folder lean, and how to have more."""
    from chainsim.study.manifest import AS_LEAN

    for words in said:
        note(f"Left out: {words}.")
    if any(words.endswith(AS_LEAN) for words in said):
        note("To have it: the same command without --lean; `run` with --resume simulates nothing again.")
    cut = ("summary.csv", "replications.csv", "lanes.csv")
    if any(words.startswith(cut) and not words.endswith(AS_LEAN) for words in said):
        note("To keep it: --detail stock_point (or --detail site), with larger files.")


def load(
    file: Path,
    *,
    allow_plugins: bool = False,
    files_anywhere: bool = False,
    max_scenario_mb: float = MAX_MEGABYTES,
    changes: Mapping[str, Any] | None = None,
) -> Study:
    """Read a scenario file as the command line was told to."""
    import chainsim

    if allow_plugins:
        for name in chainsim.allow_plugins():
            note(f"loaded {name}")
    if not 0.0 < max_scenario_mb <= MOST_MEGABYTES:  # false for nan too
        raise UsageError(f"--max-scenario-mb must be above 0 and at most {MOST_MEGABYTES:g}, not {max_scenario_mb:g}")
    study = chainsim.load(file, files_anywhere=files_anywhere, max_bytes=int(max_scenario_mb * 1e6))
    return study.with_(changes) if changes else study


def announce(study: Study) -> None:
    """Says that levels are derived, where there are so many that it takes seconds, and that bucket series are of groups."""
    from chainsim.plan.series import by_group

    suppliers = {site.name for site in study.scenario.sites if site.kind == "supplier"}
    points, policies = sum(point.site not in suppliers for point in study.scenario.points), len(study.policies)
    if points * policies > MANY_LEVELS:
        note(f"deriving the levels of {points:,} stock points under {counted(policies, 'policy')} …")
    if by_group(study.scenario):
        note(
            f"bucket series are kept of groups of the {len(study.scenario.points):,} stock points (a product at a kind of sites): bullwhip and "
            "net-stock amplification are told of these and not of single sites. A longer time.bucket lets every stock point have its own."
        )


def show(html: Path) -> None:
    """Open a page in the browser, if there is one."""
    import webbrowser

    if not webbrowser.open(html.resolve().as_uri()):
        note(f"No browser could be started; open {html} yourself.")
