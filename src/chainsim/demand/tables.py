"""One row for each stream of end customers: what the plan compiler sets, what the process sets, where it stands."""

from __future__ import annotations

from chainsim.rows import Column as C
from chainsim.rows import Table
from chainsim.rules.customer import UNMET

CUSTOMER = Table(
    "Customer",
    (
        # set by the plan compiler
        C("point", "i8", "stock point where they buy"),
        C("unmet", "i8", f"what they do when the shelf is short: {UNMET.told}"),
        C("patience", "i8", "ticks they wait at most"),
        C("wait_stream", "i8", "some wait: stream of 1 for who waits, 0 for who goes; -1: nobody decides so", -1),
        C("all_or_nothing", "i8", "1: takes the whole order or nothing"),
        C("priority", "i8", "1 is served first, where the allocation looks at it"),
        C("promise", "i8", "ticks after which an order is late"),
        C("rank", "i8", "order of the streams at one stock point"),
        C("first_partner", "i8", "first stock point in Plan.partners that lends when the shelf is short"),
        C("partners", "i8", "how many"),
        # set by the demand process
        C("kind", "i8", "0 per period, 1 arrivals, 2 AR(1), 3 replay, 4 flow (rules.flow; nobody arrives)"),
        C("start", "i8", "periodic: tick of the first period's demand"),
        C("every", "i8", "periodic: ticks of a period"),
        C("every_rest", "f8", "part of a tick that the interval is longer (rules.grid.tick_at)"),
        C("whole", "i8", "1: quantities are whole units"),
        C("size", "i8", "stream of quantities (AR(1): of standard normal shocks)", -1),
        C("gap", "i8", "arrivals: stream of times between customers, ticks at level 1", -1),
        C("mean", "f8", "AR(1): mean"),
        C("rho", "f8", "AR(1): autocorrelation"),
        C("sd", "f8", "AR(1): marginal standard deviation"),
        C("shock_sd", "f8", "AR(1): standard deviation of a shock"),
        C("values_first", "i8", "first number in Plan.values: quantities replayed, or levels by period; -1 none", -1),
        C("values_count", "i8", "how many"),
        C("warp_first", "i8", "arrivals: first number in Plan.warp; -1: level 1 throughout", -1),
    ),
    (
        C("count", "i8", "periods or customers so far"),
        C("clock", "i8", "arrivals: ticks on the customers' own clock, which runs faster when the level is higher"),
        C("cell", "i8", "arrivals: cell of Plan.warp the clock is in"),
        C("state", "f8", "AR(1): latent demand less its mean"),
        C("next_at", "i8", "tick of the next arrival; at or after the end of the run: none"),
        C("next_quantity", "f8", "units it will ask for"),
    ),
)
