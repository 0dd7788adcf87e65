"""`chainsim report`: draw page, workbook and charts again from a results folder."""

from __future__ import annotations

from chainsim.cli import options
from chainsim.cli.console import passing, say


def report(folder: options.Folder, quiet: options.Quiet = False, open_page: options.Open = False) -> None:
    """Draw the page, workbook and charts of a results folder again.

    \b
    Example:
      chainsim report results/grocer --open
    """
    from chainsim.cli.study import show
    from chainsim.study.results import Results

    results = Results.load(folder)
    if not quiet:
        passing("drawing the page …")
    html = results.report()
    say(str(html))
    if open_page:
        show(html)
