"""The first screen of the page as data: what it says, before anyone decides how it looks.

| noun | where | what it is |
|---|---|---|
| phrase | `phrase` | words with figures among them; a figure keeps its exact number |
| spoken | `spoken` | numbers as a manager says them: €30k, one year in ten |
| headline | `headline` | the verdict in one line |
| view | `views`, `bullets` | three bullets for everyone, for finance, for operations, for purchasing |
| orders | `orders` | *Do this*: parameters of the baseline and of the choice, stock points with the same numbers together |
| cash | `cash` | what is tied up on the shelf, on the road, in the machine |
| years | `years` | *Risk*: bad years and months, the worst of each |
| what if | `what_if` | how the choice stands shocks, where a stress test was made |
| curves | `curves` | cost against service at other aims, where the policies were tuned |
| trust | `trust` | checks behind the numbers |
| loss | `loss` | which stock points the money is lost at |

Everything is a pure function of `Facts` and the recommendation. The page, the workbook and the terminal show the same.
"""

from __future__ import annotations

from chainsim.report.decision.decision import Decision, decide

__all__ = ["Decision", "decide"]
