"""An experiment at a glance, for the terminal and a notebook: the answer, and a line per point and policy."""

from __future__ import annotations

from chainsim.experiments.findings import Findings
from chainsim.report.experiment.view import View
from chainsim.report.experiment.words import answer
from chainsim.report.glance import Glance


def glance(found: Findings) -> Glance:
    """What an experiment says in a few lines."""
    view, asked = View(found), found.data.asked
    told = answer(view)
    several = len(asked.alternatives) > 1
    rows = []
    for i in found.data.good:
        for stand in found.choices.stands[i]:
            place = "" if stand.standing is None else stand.standing.place
            verdict = place if stand.standing is not None else "may not be chosen"
            rows.append(
                (
                    *(f.label(v) for f, v in zip(asked.factors, found.data.points[i].values, strict=True)),
                    view.labels[stand.policy],
                    *(view.told(i, stand.policy, response) for response in asked.responses),
                    *([verdict] if several or asked.constraint else []),
                )
            )
    columns = (*(f.name for f in asked.factors), "policy", *(r.title.lower() for r in asked.responses))
    return Glance(
        (asked.title, told.headline, *told.more),
        (*columns, *(["verdict"] if several or asked.constraint else [])),
        tuple(rows),
        "",
    )
