"""pydantic models of the scenario file, built from the language's tables and from the registries.

`validate` turns plain data into plain data again: checked, defaults filled in, times in the scenario's unit, and with
`Distribution`, `DemandProcess` and `Policy` objects in place of their mappings. What is wrong comes back as findings
(`schema_errors`). Adding a policy, a distribution or a demand process to its registry is enough to have it here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    TypeAdapter,
    WithJsonSchema,
    create_model,
)
from pydantic_core import PydanticCustomError

from chainsim.chance.base import DISTRIBUTIONS
from chainsim.demand.base import DEMANDS
from chainsim.fields import FieldInfo, info_of
from chainsim.policies.base import POLICIES
from chainsim.scenario import kinds, language
from chainsim.scenario.keys import REQUIRED, Key
from chainsim.scenario.kinds import FREE, MOST_LETTERS, Wrong, dimensioned
from chainsim.scenario.kinds_bills import BILLS
from chainsim.scenario.kinds_calendars import CALENDARS
from chainsim.scenario.kinds_dates import DATES
from chainsim.scenario.kinds_json import json_of
from chainsim.scenario.language_disruptions import DISRUPTIONS
from chainsim.scenario.units import Units

READERS = {**kinds.READERS, **BILLS, **DATES, **CALENDARS}
"""Every kind of value that is no section."""


@dataclass(frozen=True)
class Made:
    """A policy or a demand process made from its keys, and the keys around it (site, unmet, label …)."""

    thing: Any
    keys: Mapping[str, Any]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


def adapter() -> TypeAdapter[Any]:
    """The validator of a whole file, for what is registered now. Validate with `context=Units(…)`."""
    return _adapter(tuple(DISTRIBUTIONS.names()), tuple(DEMANDS.names()), tuple(POLICIES.names()))


@cache
def _adapter(distributions: tuple[str, ...], demands: tuple[str, ...], policies: tuple[str, ...]) -> TypeAdapter[Any]:
    return TypeAdapter(_Builder().section("file", language.FILE))


def distributions_of_times() -> Any:
    """The type that reads one distribution of times, as they are registered now."""
    return _Builder().distribution(time=True)


def keys_of(described: type, *, time: bool = False) -> dict[str, Key]:
    """The keys of a registered dataclass. `time`: a distribution of times rather than of quantities."""
    defaults = {f.name: f.default for f in dataclasses.fields(described)}
    keys = {}
    for name, info in info_of(described).items():
        default = REQUIRED if defaults[name] is dataclasses.MISSING else defaults[name]
        key = _key(info, default)
        keys[name] = dimensioned(key) if time else key
    return keys


def _key(info: FieldInfo, default: Any) -> Key:
    meaning = f"{info.meaning} Symbol {info.symbol}." if info.symbol else info.meaning
    return Key(
        info.kind, meaning, _example(info, default), default, info.least, info.above, info.most, info.below,
        info.choices, dimension=info.unit if info.unit in ("value", "1/value") else "", unit=info.unit,
    )  # fmt: skip


def _example(info: FieldInfo, default: Any) -> Any:
    """The field's example, else its default, else something that fits its kind and bounds."""
    if info.example is not None:
        return list(info.example) if isinstance(info.example, tuple) else info.example
    if isinstance(default, bool | int | float | str):
        return default
    by_kind: dict[str, Any] = {
        "flag": True,
        "choice": info.choices[0] if info.choices else "",
        "text": "text",
        "file": "daily.csv",
        "numbers": [1, 2, 3],
        "durations": [1, 2, 3],
        "fraction": 0.95,
        "duration": "1 week",
    }
    least = info.least if info.least is not None else info.above if info.above is not None else 0
    return by_kind.get(info.kind, max(1, least + 1) if info.most is None and info.below is None else least or 0.5)


class _Builder:
    """Makes each model once."""

    def __init__(self) -> None:
        self.sections: dict[str, Any] = {}
        self.chance: dict[bool, Any] = {}

    def section(self, name: str, keys: Mapping[str, Key]) -> Any:
        """A mapping with these keys; validates to a dict."""
        if name not in self.sections:
            model = self.model(name, keys)
            self.sections[name] = Annotated[model, AfterValidator(dict)]
        return self.sections[name]

    def model(
        self, name: str, keys: Mapping[str, Key], constant: Mapping[str, Any] | None = None, doc: str = ""
    ) -> Any:
        title = "".join(part.capitalize() for part in name.split("_"))
        fields: dict[str, Any] = dict(constant or {})
        fields.update({key: self.field(described) for key, described in keys.items()})
        return create_model(title, __base__=_Section, __doc__=doc or None, **fields)

    def field(self, key: Key) -> tuple[Any, Any]:
        extra: dict[str, Any] = {}
        arguments: dict[str, Any] = {"description": key.meaning, "examples": [key.example]}
        if key.default is not REQUIRED:
            made = key.kind == "section" and key.default == {}  # an empty section: all its keys at their defaults
            arguments["default_factory"] = (lambda: _defaults(key.of)) if made else (lambda: key.default)
            if isinstance(key.default, bool | int | float | str) and key.default != "":
                extra["default"] = key.default
        return self.annotation(key), Field(**arguments, json_schema_extra=extra or None)

    def annotation(self, key: Key) -> Any:
        if key.kind in READERS:
            return _scalar(key)
        if key.kind in ("distribution", "duration_distribution"):
            return self.distribution(key.kind == "duration_distribution")
        if key.kind in ("demands", "disruptions"):
            union = self.demand() if key.kind == "demands" else self.disruption()
            return list[union]  # type: ignore[valid-type]
        if key.kind == "policies":
            return Annotated[dict[str, self.policy()], AfterValidator(_some)]  # type: ignore[misc]
        section: Any = self.section(key.of, language.SECTIONS[key.of])
        if key.kind == "count_or_section":
            bare: Any = Annotated[_scalar(dataclasses.replace(key, kind="count")), Tag("bare")]
            keyed: Any = Annotated[section, Tag("one")]
            return Annotated[bare | keyed, Discriminator(lambda v: "one" if isinstance(v, Mapping) else "bare")]
        if key.kind == "levers":
            named: Any = Annotated[_scalar(dataclasses.replace(key, kind="lever")), Tag("named")]
            own: Any = Annotated[section, Tag("own")]
            item: Any = Annotated[named | own, Discriminator(lambda v: "own" if isinstance(v, Mapping) else "named")]
            none: Any = Annotated[_scalar(dataclasses.replace(key, kind="no")), Tag("none")]
            some: Any = Annotated[list[item], Tag("some")]
            return Annotated[none | some, Discriminator(lambda v: "some" if isinstance(v, list) else "none")]
        if key.kind == "mapping":
            return Annotated[dict[str, section], AfterValidator(_some)]
        if key.kind == "sections":
            return list[section]
        if key.kind == "section_or_sections":
            one = Annotated[section, Tag("one")]
            many = Annotated[list[section], Tag("many")]
            return Annotated[one | many, Discriminator(lambda v: "many" if isinstance(v, list) else "one")]
        return section

    def distribution(self, time: bool, nested: bool = False) -> Any:
        """A distribution of quantities or of times; a bare number (or length of time) is a constant."""
        if not nested and time in self.chance:
            return self.chance[time]
        bare = Key("duration", "A constant length of time.", 3) if time else Key("number", "A constant.", 3)
        members = [Annotated[_scalar(bare), AfterValidator(_constant), Tag("constant value")]]
        for name, cls in DISTRIBUTIONS.items():
            keys = keys_of(cls, time=time)
            inner = any(k.kind in ("distribution", "duration_distribution") for k in keys.values())
            if inner and nested:
                continue  # one distribution inside another is enough; two would never end
            members.append(self.member("dist", name, cls, keys, "time" if time else "quantity", time=time))
        union = _union(members, "dist", "constant value")
        if not nested:
            self.chance[time] = union
        return union

    def member(self, by: str, name: str, cls: type, keys: Mapping[str, Key], kind: str, *, time: bool = False) -> Any:
        """One registered distribution as a member of the union."""
        tag = f"{name} of {kind}"
        if tag not in self.sections:
            constant = {by: (Literal[name], Field(description=_first_line(cls), examples=[name]))}
            fields = dict(constant)
            for key, described in keys.items():
                nested = described.kind in ("distribution", "duration_distribution")
                annotation, field = self.field(dataclasses.replace(described, kind="number") if nested else described)
                fields[key] = (self.distribution(time, nested=True) if nested else annotation, field)
            model = create_model(f"{name}_{kind}", __base__=_Section, __doc__=_first_line(cls), **fields)  # type: ignore[call-overload]
            self.sections[tag] = Annotated[model, AfterValidator(_maker(cls)), Tag(name)]
        return self.sections[tag]

    def demand(self) -> Any:
        members = []
        for name, cls in DEMANDS.items():
            keys = {**language.SERVING, **keys_of(cls)}
            members.append(self.made("type", name, cls, keys, f"{name}_demand", optional=name == "per_period"))
        return _union(members, "type", default="per_period")

    def disruption(self) -> Any:
        members = []
        for name, keys in DISRUPTIONS.items():
            constant = {"type": (Literal[name], Field(description=f"{_article(name)} {name}.", examples=[name]))}
            members.append(Annotated[self.model(name, keys, constant), AfterValidator(dict), Tag(name)])
        return _union(members, "type")

    def policy(self) -> Any:
        rules = [
            self.made("type", name, cls, {**language.SELECTOR, **policy_keys(cls, rule=True)}, f"{name}_rule")
            for name, cls in POLICIES.items()
        ]
        rule = _union(rules, "type")
        members = []
        for name, cls in POLICIES.items():
            meaning = "Rules for parts of the network; the most specific wins."
            needed = {
                key: described.example for key, described in keys_of(cls).items() if described.default is REQUIRED
            }
            example = [{"kind": "store", "type": name, **needed}]
            field: Any = Field(default_factory=tuple, description=meaning, examples=[example])
            more = {"rules": (list[rule], field)}  # type: ignore[valid-type]
            members.append(self.made("type", name, cls, policy_keys(cls), f"{name}_policy", more=more))
        return _union(members, "type")

    def made(
        self,
        by: str,
        name: str,
        cls: type,
        keys: Mapping[str, Key],
        title: str,
        *,
        optional: bool = False,
        more: Mapping[str, Any] | None = None,
    ) -> Any:
        """A registered thing with the keys around it, as a member of a union."""
        about = Field(description=_first_line(cls), examples=[name])
        if optional:
            about = Field(name, description=_first_line(cls), examples=[name])
        model = self.model(title, keys, {by: (Literal[name], about), **(more or {})}, doc=_first_line(cls))
        return Annotated[model, AfterValidator(_maker(cls, together=True)), Tag(name)]


def policy_keys(cls: type, *, rule: bool = False) -> dict[str, Key]:
    """The keys of a policy: its own, the label, and how its reviews are timed where it may be reviewed periodically."""
    keys = {} if rule else dict(language.POLICY_COMMON)
    if getattr(cls, "review", "either") != "continuous":
        keys |= language.POLICY_REVIEW
    return keys | keys_of(cls)


def _scalar(key: Key) -> Any:
    read = READERS[key.kind]

    def take(value: Any, info: Any) -> Any:
        try:
            if key.kind not in FREE and isinstance(value, str) and len(value) > MOST_LETTERS:  # no pattern sees it
                raise Wrong(f"got a text of {len(value):,} letters, which is no {key.kind.replace('_', ' ')}")
            return read(value, key, info.context or Units())
        except Wrong as error:
            context = {"message": error.message, "cure": error.cure, "budget": error.budget}
            raise PydanticCustomError("chainsim", "{message}", context) from None

    return Annotated[Any, PlainValidator(take), WithJsonSchema(json_of(key))]


def _union(members: list[Any], by: str, bare: str = "", default: str = "") -> Any:
    """A union told apart by the key `by`; `bare` is the tag of what is not a mapping."""

    def tag(value: Any) -> str | None:
        if isinstance(value, Mapping):
            found = value.get(by, default or None)
            return found if isinstance(found, str) else None
        return bare or None if not isinstance(value, list) else None

    if len(members) == 1:  # typing has no union of one
        return members[0]
    return Annotated[reduce(or_, members), Discriminator(tag)]


def _maker(cls: type, together: bool = False) -> Callable[[BaseModel], Any]:
    """Validated model → the registered dataclass, with its own checks; `together`: as Made, with the other keys."""
    own = list(info_of(cls))

    def make(model: BaseModel) -> Any:
        values = dict(model)
        thing = _sound(cls(**{name: values[name] for name in own}))
        if not together:
            return thing
        keys = {k: v for k, v in values.items() if k not in own or k in ("offset", "review", "label")}
        return Made(thing, keys)

    return make


def _constant(value: float) -> Any:
    """A bare number (or length of time) where a distribution is expected."""
    return _sound(DISTRIBUTIONS.get("constant")(value=value), bare=True)  # type: ignore[call-arg]


def _sound(thing: Any, *, bare: bool = False) -> Any:
    """The thing, if its own checks find no problem; `bare`: it was written as a number, without keys."""
    problems = [("" if bare else key, message, cure) for key, message, cure in thing.problems()]
    if problems:
        raise PydanticCustomError("problems", "{message}", {"message": "", "problems": problems})
    return thing


def _some(value: dict[str, Any]) -> dict[str, Any]:
    if not value:
        raise PydanticCustomError("chainsim", "{message}", {"message": "is empty; at least one is needed", "cure": ""})
    return value


def _defaults(section: str) -> dict[str, Any]:
    return {name: key.default for name, key in language.SECTIONS[section].items()}


def _first_line(cls: type) -> str:
    text = getattr(cls, "summary", "") or (cls.__doc__ or cls.__name__).strip().splitlines()[0]
    return str(text)


def _article(name: str) -> str:
    """'An' before a vowel, else 'A'.

    >>> _article("outage"), _article("surge")
    ('An', 'A')
    """
    return "An" if name[0] in "aeiou" else "A"
