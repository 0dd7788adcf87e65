"""pydantic's errors as findings that teach, each at its place in the text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import ValidationError

from chainsim.chance.base import DISTRIBUTIONS
from chainsim.demand.base import DEMANDS
from chainsim.errors import Finding
from chainsim.policies.base import POLICIES
from chainsim.registry import did_you_mean
from chainsim.scenario import language
from chainsim.scenario.elsewhere import said_of_key
from chainsim.scenario.keys import Key
from chainsim.scenario.kinds import found
from chainsim.scenario.language_disruptions import DISRUPTIONS
from chainsim.scenario.nodes import Path, Source
from chainsim.scenario.render import escape, flow
from chainsim.scenario.schema import adapter, keys_of, policy_keys
from chainsim.scenario.units import Units

MOST_WRONG = 1000
"""So many mistakes are looked into; what is told is the first few of them in the order of the file."""
_TYPE = {"type": Key("name", "", "")}
_NOUNS = {
    "distribution": "distribution",
    "demands": "demand process",
    "disruptions": "disruption",
    "policies": "policy",
}


def validate(source: Source, data: Any, units: Units) -> tuple[dict[str, Any] | None, list[Finding]]:
    """The validated file (None when something is wrong) and what is wrong."""
    if not isinstance(data, dict) or not data:
        got = "an empty file" if data is None else found(data)
        return None, [source.finding((), f"expected a mapping with keys chainsim, title, time, …, got {got}")]
    try:
        return adapter().validate_python(data, context=units), []
    except ValidationError as error:
        items = error.errors(include_url=False)[:MOST_WRONG]
        missing = {item["loc"] for item in items if item["type"] == "missing"}
        return None, [f for item in items for f in _findings(source, item, missing)]


def _findings(source: Source, item: Any, missing: Collection[tuple[Any, ...]] = ()) -> list[Finding]:
    kind, context, value = item["type"], item.get("ctx", {}), item["input"]
    path, holder, known = locate(item["loc"])
    if kind == "problems":
        return [source.finding((*path, key) if key else path, *rest) for key, *rest in context["problems"]]
    if kind == "chainsim":
        return [source.finding(path, context["message"], context["cure"], budget=context.get("budget", False))]
    if kind == "extra_forbidden":
        key = str(path[-1])
        said = said_of_key(escape(key), known)
        if said is not None:
            return [source.finding(path, *said, at_key=True)]
        lacking = [name for name in known if (*item["loc"][:-1], name) in missing]  # what is missing is what was meant
        hint = did_you_mean(key, lacking) or did_you_mean(key, list(known))
        cure = "" if hint else f"known here: {', '.join(known)}"
        return [source.finding(path, f"unknown key '{escape(key)}'{hint}", cure, at_key=True)]
    if kind == "missing":
        about = known.get(str(path[-1]))
        cure = f"such as {path[-1]}: {flow(about.example)}" if about and about.example not in ("", None) else ""
        return [source.finding(path, f"the key '{path[-1]}' is missing", cure)]
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return [_untold(source, path, holder, value)]
    if kind in ("list_type", "dict_type", "model_type", "model_attributes_type"):
        want = "a list" if kind == "list_type" else "a mapping"
        return [source.finding(path, f"expected {want}, got {found(value)}")]
    if kind == "literal_error":
        return [source.finding(path, f"expected {context['expected']}, got {found(value)}")]
    return [source.finding(path, f"{item['msg']} (got {found(value)})")]


def _untold(source: Source, path: Path, holder: str, value: Any) -> Finding:
    """A union whose member cannot be told: no or an unknown `type` or `dist`."""
    by, known = ("dist", DISTRIBUTIONS.names()) if "distribution" in holder else ("type", _types(holder))
    if not isinstance(value, Mapping):
        want = "a number or a distribution such as {dist: poisson, mean: 20}" if by == "dist" else "a mapping"
        return source.finding(path, f"expected {want}, got {found(value)}")
    if by not in value:
        near = next((k for k in value if isinstance(k, str) and did_you_mean(k, [by])), None)
        if near is not None:
            message = f"unknown key '{escape(near)}' (did you mean '{by}'?)"
            return source.finding((*path, near), message, at_key=True)
        return source.finding((*path, by), f"the key '{by}' is missing", f"known: {', '.join(known)}")
    name = value[by]
    if not isinstance(name, str):
        return source.finding((*path, by), f"expected a name, got {found(name)}", f"known: {', '.join(known)}")
    noun = _NOUNS.get("distribution" if by == "dist" else holder, "policy")
    if name in known:  # one that holds others, inside such a one
        inside = [other for other in known if other != name]
        return source.finding(
            (*path, by), f"'{name}' cannot stand here, inside another {noun}", f"known: {', '.join(inside)}"
        )
    return source.finding(
        (*path, by), f"unknown {noun} '{escape(name)}'{did_you_mean(name, known)}", f"known: {', '.join(known)}"
    )


def _types(holder: str) -> list[str]:
    if holder == "demands":
        return DEMANDS.names()
    return list(DISRUPTIONS) if holder == "disruptions" else POLICIES.names()


def locate(loc: tuple[Any, ...]) -> tuple[Path, str, Mapping[str, Key]]:
    """A location of pydantic's, which holds the tags of unions, as (path in the file, kind of what is there, keys known
    where it ends)."""
    path: list[str | int] = []
    keys: Mapping[str, Key] = language.FILE
    kind, rest = "", list(loc)
    while rest:
        step = rest.pop(0)
        path.append(step)
        if step not in keys or (not rest and keys[step].kind not in _NESTED):
            return tuple(path), keys[step].kind if step in keys else "", keys
        kind = keys[step].kind
        if not rest:
            break
        if kind in ("section_or_sections", "count_or_section") and rest.pop(0) == "one":
            keys = language.SECTIONS[keys[step].of]
            continue
        if kind == "levers":
            rest.pop(0)  # whether there are some
            path += rest[:1]
            if rest[1:2] == ["own"]:
                keys = language.SECTIONS[keys[step].of]
            rest = rest[2:]
            continue
        if kind in _LISTED and rest:
            path.append(rest.pop(0))
        if kind in _TAGGED:
            if rest:
                keys = _tagged(kind, str(rest.pop(0)))
        elif kind in _NESTED and keys[step].of:
            keys = language.SECTIONS[keys[step].of]
    return tuple(path), kind, keys


_LISTED = {"mapping", "sections", "section_or_sections", "demands", "disruptions", "policies", "rules"}
_TAGGED = {"distribution", "duration_distribution", "demands", "disruptions", "policies", "rules"}
_NESTED = _LISTED | _TAGGED | {"section", "count_or_section", "levers"}


def _tagged(kind: str, tag: str) -> Mapping[str, Key]:
    """Keys of the member of a union with this tag."""
    if kind in ("distribution", "duration_distribution"):
        if tag not in DISTRIBUTIONS.names():
            return {}
        return {"dist": _TYPE["type"], **keys_of(DISTRIBUTIONS.get(tag), time=kind == "duration_distribution")}
    if kind == "demands":
        return {**_TYPE, **language.SERVING, **keys_of(DEMANDS.get(tag))}
    if kind == "disruptions":
        return {**_TYPE, **DISRUPTIONS.get(tag, {})}
    if kind == "rules":
        return {**_TYPE, **language.SELECTOR, **policy_keys(POLICIES.get(tag), rule=True)}
    return {**_TYPE, **policy_keys(POLICIES.get(tag)), "rules": Key("rules", "", [])}
