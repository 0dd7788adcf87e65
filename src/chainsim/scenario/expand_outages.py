"""Outages, one for each site or group of lanes, and what sets which off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from chainsim.chance.base import Distribution
from chainsim.ordering import natural
from chainsim.registry import did_you_mean
from chainsim.scenario.draft import Draft
from chainsim.scenario.model_outages import After, Outage
from chainsim.scenario.nodes import Path

LaneEnds = tuple[str, str, str]


def expand_outages(draft: Draft) -> None:
    """Fill `draft.outages`: each site has its own; lanes named together fail together."""
    called: dict[str, list[str]] = {}
    for i, event in enumerate(draft.data["disruptions"]):
        if event["type"] == "outage":
            path: Path = ("disruptions", i)
            if _is_clear(draft, path, event):
                made = list(_outages(draft, path, event))
                draft.outages.extend((outage, path) for outage in made)
                called.setdefault(event["name"] or "", []).extend(outage.label for outage in made)
    _link(draft, called)
    draft.outages.sort(key=lambda traced: natural(traced[0].label))
    seen: dict[str, Path] = {}
    for outage, path in draft.outages:
        if outage.label in seen:
            draft.error(path, f"a second outage of {outage.label}", "give it a name")
        seen[outage.label] = path


def _is_clear(draft: Draft, path: Path, event: Any) -> bool:
    """Notes what an outage leaves open: one of site and lane, one of start, time_between and after."""
    before = len(draft.findings)
    if (event["site"] is None) == (event["lane"] is None):
        draft.error(path, "an outage has either a site or a lane")
    if sum(event[key] is not None for key in ("start", "time_between", "after")) != 1:
        message = "an outage has a start (scheduled), a time_between (random) or an after (set off by another)"
        draft.error(path, message, "give one of them")
    elif event["every"] is not None and event["start"] is None:
        draft.error((*path, "every"), "`every` goes with a scheduled outage", "remove it")
    elif event["start"] is not None and event["duration"].standard_deviation() > 0:
        draft.error((*path, "duration"), "a scheduled outage has a fixed duration", "give a number, or time_between")
    elif event["every"] is not None and event["duration"].expectation() >= event["every"]:
        message = f"lasts {event['duration'].expectation():g} but comes back every {event['every']:g}"
        draft.error((*path, "every"), message, "make `every` longer than the duration")
    if event["stops"] == "orders" and event["site"] is None:
        draft.error((*path, "stops"), "a lane places no orders", "give the site that does")
    if event["destroys"] > 0.0 and event["site"] is None:
        draft.error((*path, "destroys"), "a lane has no stock on hand", "give the site that has")
    idle = event["destroys"] == 0.0 and event["stretches"] == 1.0 and not event["holds"]
    if event["stops"] == "nothing" and idle:
        message = "it stops nothing and destroys nothing, stretches no lead time and holds no goods"
        draft.error((*path, "stops"), message, "say what it does, or remove it")
    ends = event["lane"]
    if ends is not None and ends["from"] is None and ends["to"] is None:
        draft.error((*path, "lane"), "neither where the lanes come from nor where they lead", "give `from` or `to`")
    return len(draft.findings) == before


def _outages(draft: Draft, path: Path, event: Any) -> Iterator[Outage]:
    """The outages of an event. `after` still has the name in the file."""
    duration: float | Distribution = event["duration"] if event["start"] is None else event["duration"].expectation()
    start, after = event["start"] or 0.0, event["after"]
    suffix = f" ({event['name']})" if event["name"] else ""
    if not suffix and event["start"] is not None:
        suffix = f" at {start:.15g}"
    elif not suffix and after is not None:
        suffix = f" after {after['name']}"
    rest: dict[str, Any] = {
        "duration": duration,
        "after": After(after["name"], after["when"], after["probability"], after["lag"]) if after else None,
        **{key: event[key] for key in ("every", "time_between", "known", "stops", "destroys", "stretches", "holds")},
    }
    if event["site"] is not None:
        _moves_something(draft, path, event)
        for site in sorted(draft.sites_of(event["site"]), key=natural):
            what = f"orders of {site}" if event["stops"] == "orders" else site
            _can_be_held(draft, path, event, {(x.origin, x.target, x.name) for x, _ in draft.lanes if x.origin == site})
            yield Outage(f"{what}{suffix}", site, (), start, **rest)
        return
    ends = event["lane"]
    origins, targets = draft.sites_of(ends["from"]), draft.sites_of(ends["to"])
    found = {
        (lane.origin, lane.target, lane.name)
        for lane, _ in draft.lanes
        if lane.origin in origins and lane.target in targets and ends["name"] in (None, lane.name)
    }
    if not found:
        if origins and targets:
            draft.error((*path, "lane"), "no such lane")
        return
    _can_be_held(draft, path, event, found)
    lanes = tuple(sorted(found, key=lambda lane: tuple(natural(part) for part in lane)))
    first = " → ".join(lanes[0][:2]) + (f" and {len(lanes) - 1} more" if len(lanes) > 1 else "")
    yield Outage(f"{first}{suffix}", None, lanes, start, **rest)


def _moves_something(draft: Draft, path: Path, event: Any) -> None:
    """Warns of an outage that changes what moves on the lanes from its sites, where none leads from there."""
    sites = draft.sites_of(event["site"])
    if not sites or any(lane.origin in sites for lane, _ in draft.lanes):
        return
    makes = any(draft.sites[site].production for site in sites if site in draft.sites)
    for key, idle in (("holds", event["holds"]), ("stretches", event["stretches"] != 1.0 and not makes)):
        if idle:
            message = f"no lane leads from {', '.join(sorted(sites, key=natural)[:3])}, so it changes nothing"
            draft.warn((*path, key), message, "for the lanes that lead there, write `lane: {to: …}`")


def _can_be_held(draft: Draft, path: Path, event: Any, lanes: set[LaneEnds]) -> None:
    """Goods that leave, travel or are received by a calendar have no rest of a lead time that could be added later."""
    for lane, _ in draft.lanes if event["holds"] else ():
        timed = lane.departures is not None or lane.timetable is not None
        if timed and (lane.origin, lane.target, lane.name) in lanes:
            message = (
                f"goods on {lane.origin} → {lane.target} go by departures or calendars, and cannot be held on their way"
            )
            draft.error(
                (*path, "holds"), message, "remove it, and let the lane be out of service or its lead times longer"
            )
            return


def _link(draft: Draft, called: Mapping[str, list[str]]) -> None:
    """Give each outage that another sets off the label of that one, and see that something starts it, and is known if it is."""
    whole = True
    known = {outage.label: outage for outage, _ in draft.outages}
    written = {event["name"] for event in draft.data["disruptions"] if event["type"] == "outage"}
    for i, (outage, path) in enumerate(draft.outages):
        if outage.after is None:
            continue
        name, here = outage.after.label, (*path, "after", "name")
        labels = called.get(name, [])
        whole = whole and len(labels) == 1
        if not labels and name in written and draft.findings:
            continue  # what is wrong with that one has been said
        if not labels:
            names = sorted(filter(None, called))
            draft.error(
                here,
                f"no outage is called '{name}'{did_you_mean(name, names)}",
                "known: " + (", ".join(names) or "none"),
            )
        elif len(labels) > 1:
            message = f"'{name}' is the name of {len(labels)} outages: {', '.join(labels[:3])}"
            draft.error(here, message, "give the one that sets it off a name of its own, and one place")
        else:
            known[outage.label] = linked = replace(outage, after=replace(outage.after, label=labels[0]))
            draft.outages[i] = (linked, path)
    if not whole:
        return
    for outage, path in draft.outages:
        passed: set[str] = set()
        at = outage
        while at.after is not None and at.label not in passed:
            passed.add(at.label)
            at = known[at.after.label]
        if at.after is not None:
            draft.error(
                (*path, "after"),
                "nothing starts it: what sets it off is set off by it, or in a circle",
                "give one of them a `start` or `time_between`",
            )
        elif outage.after is not None and outage.known and not known[outage.after.label].known:
            draft.error(
                (*path, "known"),
                "what sets it off is a surprise, so planners cannot know of it",
                "mark both `known: true`, or neither",
            )
