"""The report of a run: one page a manager can read, the charts, a workbook with the same numbers.

`write_report(results)` returns the files; the study's store writes them. Everything is read from the tables of the
results folder, so a page can be made again, later or elsewhere, from the folder alone.
"""

from __future__ import annotations

from chainsim.report.writing import write_report

__all__ = ["write_report"]
