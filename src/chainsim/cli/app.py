"""The commands, gathered under one name."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any

import typer
from typer.core import TyperArgument, TyperCommand

from chainsim.cli import (
    bundle,
    compare,
    debrief,
    demo,
    doctor,
    experiment,
    explain,
    importing,
    lesson,
    listing,
    merge,
    new,
    play,
    report,
    run,
    schema,
    serve,
    stress,
    sweep,
    trace,
    tune,
    validate,
    verify,
)
from chainsim.cli.console import say
from chainsim.errors import UsageError
from chainsim.version import __version__

app = typer.Typer(
    name="chainsim",
    add_completion=False,
    no_args_is_help=True,
    # plain help: loading rich for it would double the time to the first word
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Command(TyperCommand):
    """A command whose help names its arguments without the types Python has for them (`TERM <list[str]>`)."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for parameter in self.params:
            if isinstance(parameter, TyperArgument):
                vars(parameter)["display_type_rich"] = lambda ctx: ""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As typer does; but an empty folder, such as that of a variable that is not set, is not the working folder."""
        if "--out=" in args or ("--out", "") in pairwise(args):
            raise UsageError("--out is empty: give a folder, '.' for this one. Was it $A_VARIABLE that is not set?")
        return super().parse_args(ctx, args)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"chainsim {__version__}")
        raise typer.Exit


@app.callback()
def chainsim(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the whole trace of an error.")] = False,
) -> None:
    """Compare replenishment policies in a supply chain, on the same random customers.

    \b
    Example:
      chainsim demo                   a finished study in your browser, no file needed
      chainsim new shop.yaml          a commented scenario to start from
      chainsim run shop.yaml --open   simulate its policies, open the page
    """


app.command("demo", cls=Command, short_help="A finished study in your browser, no file needed.")(demo.demo)
app.command("new", cls=Command, short_help="Write a commented scenario to start from.")(new.new)
app.command("import", cls=Command, short_help="Make a scenario of a planner's workbook.")(importing.import_)
app.command("validate", cls=Command, short_help="Check a scenario file; nothing is run.")(validate.validate)
app.command("run", cls=Command, short_help="Simulate the policies of a scenario.")(run.run)
app.command("stress", cls=Command, short_help="What if a site, a lane or the plan fails?")(stress.stress)
app.command("sweep", cls=Command, short_help="Simulate a scenario at many values.")(sweep.sweep)
app.command("experiment", cls=Command, short_help="Simulate a designed experiment.")(experiment.experiment)
app.command("tune", cls=Command, short_help="Bring policies to the same service at least cost.")(tune.tune)
app.command("merge", cls=Command, short_help="Put shards of many machines together.")(merge.merge)
app.command("trace", cls=Command, short_help="One replication, event by event in words.")(trace.trace)
for name, command, words in (
    ("list", lesson.list_lessons, "Every lesson."),
    ("show", lesson.show, "Worksheet, hints, solution, teacher's sheet."),
    ("start", lesson.start, "Write the papers of a lesson."),
    ("check", lesson.check, "Which answers are right, and why."),
    ("assign", lesson.assign, "Papers for a class, own numbers each."),
    ("mark", lesson.mark, "Mark a folder of hand-ins."),
):
    lesson.lessons.command(name, cls=Command, short_help=words)(command)
app.add_typer(lesson.lessons, name="lesson", short_help="Lessons that mark themselves.")
app.command("report", cls=Command, short_help="Draw page, workbook and charts again.")(report.report)
app.command("compare", cls=Command, short_help="Compare two results folders.")(compare.compare)
app.command("play", cls=Command, short_help="Play a supply chain from one seat.")(play.play)
app.command("serve", cls=Command, short_help="A class plays over its network.")(serve.serve)
app.command("debrief", cls=Command, short_help="Tables and pages of a game that was played.")(debrief.debrief)
app.command("explain", cls=Command, short_help="Explain a term, measure, policy or key.")(explain.explain)
app.command("list", cls=Command, short_help="List policies, measures, distributions and more.")(listing.list_names)
app.command("schema", cls=Command, short_help="Print the JSON Schema for your editor.")(schema.schema)
app.command("verify", cls=Command, short_help="Check the numbers against known answers.")(verify.verify)
app.command("bundle", cls=Command, short_help="A folder for a lab without internet.")(bundle.bundle)
app.command("doctor", cls=Command, short_help="Is this installation in order?")(doctor.doctor)
