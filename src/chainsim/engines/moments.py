"""What happens once, and of which there is nothing to tell between now and then: a shipment under way, an order in the post, a
unit on a machine, a flow on its way to a bend, a customer's patience. (What goes on and on: `engines.processes`.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainsim.rules.customer import lose_patience
from chainsim.rules.make import finish_unit
from chainsim.rules.move import receive
from chainsim.rules.order import join
from chainsim.rules.phases import FLOW_DUE, ORDER_DUE, PATIENCE_ENDS, SHIPMENT_DUE, UNIT_DONE
from chainsim.rules.reach import reach


def shipment(w: Any, s: int) -> None:
    """A shipment has travelled, and arrives."""
    receive(w, s)


def order(w: Any, k: int) -> None:
    """An order has travelled as information, and joins the supplier's queue."""
    join(w, k, 0)


def machine(w: Any, s: int) -> None:
    """A machine has worked on a unit, finishes it, and takes the next."""
    finish_unit(w, s)


def flow(w: Any, p: int) -> None:
    """A flow has come to a bend: it runs dry, falls to the reorder point, or ends a lot."""
    reach(w, p)


MOMENTS = {SHIPMENT_DUE: shipment, ORDER_DUE: order, UNIT_DONE: machine, FLOW_DUE: flow}


def happening(w: Any, kind: int, index: int) -> Callable[[object], None]:
    """What a simpy event of this kind calls when its moment has come."""
    if kind == PATIENCE_ENDS:
        return patience(w, index, w.claims[index].number)
    moment = MOMENTS[kind]
    return lambda _: moment(w, index)


def patience(w: Any, k: int, number: int) -> Callable[[object], None]:
    """The patience of the customer with claim k: it ends if the customer still waits then, and not another in its row."""

    def ends(_: object) -> None:
        if w.claims[k].number == number:
            lose_patience(w, k)

    return ends
