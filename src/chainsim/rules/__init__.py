"""The business rules, written once for every engine.

Pure functions on rows (see `chainsim.rows`) and on the world `w`, in the subset of Python that numba compiles: numbers,
comparisons, `if`, `while`, rows, flat lists. A world offers the tables (`points`, `lanes`, `claims`, `shipments`,
`customers`, `resources`, `outages`, `sources`, `ancestors`, `partners`, …), the clock (`now`, `warm_up`, `end`) and a few hooks that
each engine provides in its own way (`rules.world` is all of it for the type checker, `rules.rows` the rows):

- `w.expect(kind, at, index)`: put a happening on the calendar;
- `w.draw(stream)`: the next value of a stream;
- `w.order_quantity(p)`: ask the policy of stock point p;
- `w.new_claim()`, `w.free_claim(k)`, `w.new_shipment()`, `w.free_shipment(k)`: rows of the two pools;
- `w.new_lot()`, `w.free_lot(k)`: the same for lots of goods that do not last;
- `w.log(kind, p, lane, quantity, claim, shipment)`: a line of the event log (`log`), called by `stock.tell` while `w.logging`.

Letters: `w` the world; `sp` the row of a stock point and `p` its number (`q` another's, `a` an ancestor's). Numbers of rows: `k` a
claim (in `shelf`: a lot), `s` a shipment, `j` a lane, `c` a customer stream, `r` a resource, `u` an outage. In policies `p` is the
sequence of their parameters.

Nothing here imports anything of ours outside this package, and nothing here knows what simpy is.
"""
