"""The pictures of the page, drawn by data: small SVG made here, that looks the same in any font and scales no word.

An SVG without a viewBox is as wide as its card; everything stands at percentages, words and marks keep their size in pixels, and
only curves lie in a stretched inner SVG. Colours are classes (`p3` for the policy at place 3), so that dark mode and print change
them; no style attribute is needed. Marks carry `data-policy` and `data-kpi`, which `page.js` redraws on the event `chainsim:now`, and
`data-tip`, which it shows on hovering and by keyboard.
"""

from __future__ import annotations

from chainsim.report.plots.plot import Plot

__all__ = ["Plot"]
