"""From an experiment's YAML (or plain data) to an Experiment, or to everything that is wrong with it, each at its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from chainsim.chance.streams import RNG_SCHEME
from chainsim.data import experiment_names, experiment_path, scenario_names, scenario_path
from chainsim.errors import Finding, ScenarioError
from chainsim.experiments.design import DESIGNS, MOST_POINTS, Design
from chainsim.experiments.factors import EXAMPLES, MOST_LEVELS, Factor, number_of, range_of
from chainsim.experiments.model import LEVELS, Constraint, Curve, Experiment, Response
from chainsim.experiments.theory_curves import CURVES
from chainsim.experiments.tuned import why_not_tuned
from chainsim.kpis import KPIS
from chainsim.registry import did_you_mean
from chainsim.scenario.files import Refused, read_regular
from chainsim.scenario.nodes import Node, Source, in_order
from chainsim.scenario.nodes import Path as At
from chainsim.scenario.plain import node_of
from chainsim.scenario.read import MAX_BYTES, decode, read_yaml, refused
from chainsim.study.loading import Study, load, load_dict

KEYS = {
    "experiment": "1, the version of this format",
    "title": "a line that says what is asked",
    "story": "why",
    "scenario": "a shipped scenario by its name, a file beside this one, or a whole scenario",
    "set": "path → value that hold at all points",
    "policies": "names of policies of the scenario; all, if left out",
    "replications": "at every point, instead of the scenario's number",
    "seed": "instead of the scenario's",
    "factors": "name → path and values, or named levels",
    "design": f"one of {', '.join(DESIGNS)}, with points and seed where these are drawn",
    "responses": "measures, each at a scope",
    "objective": "the measure by which the best policy is chosen; total_cost, if left out",
    "constraint": "a measure with at_least or at_most",
    "levels": "rederived, kept, or both as a list",
    "tuned": "fill_rate: the service every policy is brought to at every point",
    "choice": "the policy whose futures are looked at",
    "theory": "curves of theory to be drawn",
}
T = TypeVar("T")
FACTOR = ("path", "values", "levels", "scale")
DEFAULT_RESPONSES = ("total_cost", "fill_rate")
DEFAULT_POINTS = 64
RESERVED = frozenset(
    ["point", "policy", "replication", "site", "product", "kpi", "unit", "value", "half_width", "low", "high", "level", "n",
     "numerator", "denominator", "baseline", "difference", "verdict", "status", "events", "message"]
)  # fmt: skip
"""Columns of the tables, which no factor may be called."""


def read_experiment(given: str | Path | Mapping[str, Any], *, name: str = "experiment") -> Experiment:
    """The Experiment of a file, a name of a shipped one, or plain data. Raises ScenarioError with every finding."""
    if isinstance(given, Mapping):
        return _Reader(Source(name, [], node_of(given, name)), None, name).experiment()
    file = _file_of(given)
    try:
        text = decode(read_regular(file, str(file), MAX_BYTES), str(file))
    except Refused as error:
        raise refused(str(file), error.message) from None
    return _Reader(read_yaml(text, str(file)), file.parent, file.stem).experiment()


def _file_of(given: str | Path) -> Path:
    if isinstance(given, str) and given in experiment_names() and not Path(given).exists():
        return experiment_path(given)
    return Path(given)


def _scenario_file(name: str, folder: Path | None) -> Path:
    """One beside the experiment, else the shipped scenario of that name."""
    beside = Path(name) if folder is None else folder / name
    return scenario_path(name) if not beside.exists() and name in scenario_names() else beside


class _Wrong(Exception):
    """Raised by a part of which nothing can be made; what is wrong was kept."""


class _Reader:
    """Reads one document; what is wrong is collected in `findings`."""

    def __init__(self, source: Source, folder: Path | None, name: str) -> None:
        self.source, self.folder, self.name = source, folder, name
        self.findings: list[Finding] = []

    def experiment(self) -> Experiment:
        self._keys()
        base = self._base()
        factors = self._factors()
        design = self._tried(self._design, factors)
        responses = self._responses()
        objective = self._response(("objective",), "total_cost")
        constraint = self._tried(self._constraint)
        levels = self._levels()
        tuned = self._tried(self._tuned)
        policies = self._policies(base)
        curves = self._curves(factors)
        title = self._text("title") or (base.scenario.title if base else "")
        story, choice = self._text("story"), self._text("choice")
        if self.findings or base is None or design is None:
            raise ScenarioError(in_order(self.findings))
        made = Experiment(
            self.name, title, story, base, factors, design, responses, objective, constraint, policies, levels, tuned,
            curves, choice, self._document(base),
        )  # fmt: skip
        if choice and choice not in made.alternatives:
            self._wrong(("choice",), f"unknown policy '{choice}'{did_you_mean(choice, made.alternatives)}",
                        f"known: {', '.join(made.alternatives)}")  # fmt: skip
            raise ScenarioError(self.findings)
        return made

    # parts

    def _keys(self) -> None:
        root = self.source.root.value
        if not isinstance(root, dict):
            raise ScenarioError([self.source.finding((), "an experiment is a mapping", f"known keys: {_known(KEYS)}")])
        for key in root:
            if key not in KEYS:
                self._wrong(
                    (key,), f"unknown key '{key}'{did_you_mean(key, list(KEYS))}", f"known: {_known(KEYS)}", key=True
                )
        if self._plain("experiment") != 1:
            self._wrong(("experiment",), "the format of an experiment is 'experiment: 1'", "write it on the first line")

    def _base(self) -> Study | None:
        written = self._node("scenario")
        try:
            if written is None or written.value in (None, ""):
                self._wrong(("scenario",), "no scenario is named", KEYS["scenario"])
                return None
            study = self._study(written)
            changes = self._plain("set") or {}
            if not isinstance(changes, Mapping):
                self._wrong(("set",), "expected path: value", "as in {costs.carrying_rate: 30% per year}")
                return study
            more = {key: self._plain(key) for key in ("replications", "seed") if self._plain(key) is not None}
            return study.with_({**changes, **more}) if changes or more else study
        except ScenarioError as error:
            self.findings += error.findings
            return None

    def _study(self, written: Node) -> Study:
        if isinstance(written.value, dict):
            return load_dict(written.plain(), folder=self.folder, name=self.name)
        return load(_scenario_file(str(written.value), self.folder))

    def _factors(self) -> tuple[Factor, ...]:
        node = self._node("factors")
        if node is None or not isinstance(node.value, dict) or not node.value:
            self._wrong(("factors",), "no factor is named", "as in {cv: {path: lanes[0].lead_time.cv, values: 0:1:5}}")
            return ()
        found = [self._tried(self._factor, name, inner) for name, inner in node.value.items()]
        return tuple(factor for factor in found if factor is not None)

    def _factor(self, name: str, node: Node) -> Factor:
        at: At = ("factors", name)
        if name in RESERVED:
            raise self._wrong(
                at, f"'{name}' is a column of the tables already", "call the factor something else", key=True
            )
        keys = node.value if isinstance(node.value, dict) else None
        if keys is None:
            raise self._wrong(at, "expected a mapping with path and values", f"values: {EXAMPLES}")
        for key in keys:
            if key not in FACTOR:
                self._wrong(
                    (*at, key),
                    f"unknown key '{key}'{did_you_mean(key, list(FACTOR))}",
                    f"known: {_known(FACTOR)}",
                    key=True,
                )
        if "levels" in keys:
            levels = keys["levels"].plain()
            if (
                not isinstance(levels, dict)
                or not levels
                or not all(isinstance(v, dict) and v for v in levels.values())
            ):
                raise self._wrong((*at, "levels"), "expected name: {path: value}", "each level has its own changes")
            return Factor(name, values=tuple(levels), levels=levels)
        path = keys["path"].plain() if "path" in keys else None
        if not isinstance(path, str) or not path:
            raise self._wrong(at, "no path is named", "a path as in --set, such as costs.carrying_rate")
        return self._values(name, path, keys, at)

    def _values(self, name: str, path: str, keys: Mapping[str, Node], at: At) -> Factor:
        values = keys["values"].plain() if "values" in keys else None
        log = "scale" in keys and keys["scale"].plain() == "log"
        if "scale" in keys and keys["scale"].plain() not in ("log", "linear"):
            self._wrong((*at, "scale"), "expected linear or log")
        if isinstance(values, list) and values:
            if len(values) > MOST_LEVELS:
                raise self._wrong((*at, "values"), f"{len(values)} values; at most {MOST_LEVELS}")
            return Factor(name, path, tuple(values))
        if isinstance(values, str):
            try:
                span = range_of(values)
            except ValueError as error:
                raise self._wrong((*at, "values"), str(error), EXAMPLES) from None
            if span is not None:
                if log and span.low <= 0:
                    raise self._wrong((*at, "values"), "a range on a log scale lies above 0")
                span = replace(span, log=log)
                return Factor(name, path, span.values(span.count) if span.count else (), span)
        raise self._wrong((*at, "values"), f"expected values: {EXAMPLES}")

    def _design(self, factors: Sequence[Factor]) -> Design:
        node = self._node("design")
        given = {"type": DESIGNS[0]} if node is None else node.plain()
        given = {"type": given} if isinstance(given, str) else given
        if not isinstance(given, dict) or set(given) - {"type", "points", "seed"}:
            raise self._wrong(
                ("design",), "expected a name or {type: …, points: …, seed: …}", f"types: {_known(DESIGNS)}"
            )
        kind = given.get("type", DESIGNS[0])
        if kind not in DESIGNS:
            raise self._wrong(
                ("design",),
                f"unknown design '{kind}'{did_you_mean(str(kind), list(DESIGNS))}",
                f"known: {_known(DESIGNS)}",
            )
        points, seed = given.get("points", DEFAULT_POINTS), given.get("seed", 1)
        if not _whole(points, 2) or not _whole(seed, 0):
            raise self._wrong(("design",), "points are a whole number of at least 2, seed one of at least 0")
        if kind == "full_factorial" and "points" in given:
            self._wrong(
                ("design", "points"),
                "a full factorial has as many points as there are combinations",
                "leave points out",
            )
        for factor in factors:
            if kind == "full_factorial" and not factor.values:
                self._wrong(("factors", factor.name, "values"), "a full factorial needs to know how many values",
                            "write a:b:n with n values, a list, or another design")  # fmt: skip
        design = Design(kind, 0 if kind == "full_factorial" else points, seed)
        if not self.findings and design.size(factors) > MOST_POINTS:
            self._wrong(
                ("design",),
                f"{design.size(factors):,} points; at most {MOST_POINTS:,}",
                "fewer values, or a design that draws",
            )
        return design

    def _responses(self) -> tuple[Response, ...]:
        node = self._node("responses")
        if node is None:
            return tuple(Response(kpi) for kpi in DEFAULT_RESPONSES)
        if not isinstance(node.value, list) or not node.value:
            self._wrong(
                ("responses",), "expected a list of measures", "as in [total_cost, {kpi: fill_rate, site: store-1}]"
            )
            return ()
        return tuple(self._response(("responses", i)) for i in range(len(node.value)))

    def _response(self, at: At, default: str = "") -> Response:
        node = self._at(at)
        given = default if node is None else node.plain()
        given = {"kpi": given} if isinstance(given, str) else given
        if (
            not isinstance(given, dict)
            or not isinstance(given.get("kpi"), str)
            or set(given) - {"kpi", "site", "product"}
        ):
            self._wrong(at, "expected a measure, or {kpi: …, site: …, product: …}", "chainsim list kpis names them")
            return Response("total_cost")
        if given["kpi"] not in KPIS.names():
            self._wrong(
                at,
                f"unknown measure '{given['kpi']}'{did_you_mean(given['kpi'], KPIS.names())}",
                "chainsim list kpis names them",
            )
            return Response("total_cost")
        return Response(given["kpi"], str(given.get("site", "")), str(given.get("product", "")))

    def _constraint(self) -> Constraint | None:
        node = self._node("constraint")
        if node is None:
            return None
        given = node.plain()
        example = "as in {kpi: fill_rate, at_least: 95 %}"
        if not isinstance(given, dict) or set(given) - {"kpi", "site", "product", "at_least", "at_most"}:
            raise self._wrong(("constraint",), "expected a measure with at_least or at_most", example)
        sides = [key for key in ("at_least", "at_most") if key in given]
        if len(sides) != 1:
            raise self._wrong(("constraint",), "expected either at_least or at_most", example)
        bound = share_of(given[sides[0]])
        if bound is None:
            raise self._wrong(("constraint", sides[0]), "expected a number or a percentage", example)
        kpi = given.get("kpi")
        if kpi not in KPIS.names():
            raise self._wrong(
                ("constraint", "kpi"), f"unknown measure '{kpi}'{did_you_mean(str(kpi), KPIS.names())}", example
            )
        return Constraint(
            Response(kpi, str(given.get("site", "")), str(given.get("product", ""))), bound, sides[0] == "at_least"
        )

    def _levels(self) -> tuple[Any, ...]:
        given = self._plain("levels")
        wanted = ["rederived"] if given is None else [given] if isinstance(given, str) else given
        if (
            not isinstance(wanted, list)
            or not wanted
            or any(w not in LEVELS for w in wanted)
            or len(set(wanted)) < len(wanted)
        ):
            self._wrong(("levels",), "expected rederived, kept, or [rederived, kept]")
            return ("rederived",)
        return tuple(wanted)

    def _tuned(self) -> Mapping[str, float] | None:
        given = self._plain("tuned")
        if given is None or given is False:
            return None
        terms = {k: share_of(v) for k, v in given.items()} if isinstance(given, dict) else {}
        if not terms or any(value is None for value in terms.values()):
            raise self._wrong(("tuned",), "expected the service to reach", "as in {fill_rate: 97 %, within: 0.2 %}")
        reason = why_not_tuned()
        if reason:
            raise self._wrong(("tuned",), reason, "leave 'tuned' out")
        return {k: float(v) for k, v in terms.items() if v is not None}

    def _policies(self, base: Study | None) -> tuple[str, ...]:
        known = base.policies if base is not None else []
        given = self._plain("policies")
        if given is None:
            return tuple(known)
        names = [given] if isinstance(given, str) else given
        if not isinstance(names, list) or not names or len(set(map(str, names))) < len(names):
            self._wrong(("policies",), "expected a list of names, each once")
            return tuple(known)
        for name in names if base is not None else ():
            if name not in known:
                self._wrong(
                    ("policies",), f"unknown policy '{name}'{did_you_mean(str(name), known)}", f"known: {_known(known)}"
                )
        return tuple(map(str, names))

    def _curves(self, factors: Sequence[Factor]) -> tuple[Curve, ...]:
        node = self._node("theory")
        if node is None:
            return ()
        if not isinstance(node.value, list):
            self._wrong(("theory",), "expected a list of curves", f"known: {_known(CURVES)}")
            return ()
        found = [self._tried(self._curve, ("theory", i), inner.plain(), factors) for i, inner in enumerate(node.value)]
        return tuple(curve for curve in found if curve is not None)

    def _curve(self, at: At, given: Any, factors: Sequence[Factor]) -> Curve | None:
        name = given.get("curve") if isinstance(given, dict) else None
        if name not in CURVES:
            raise self._wrong(
                at, f"unknown curve '{name}'{did_you_mean(str(name), list(CURVES))}", f"known: {_known(CURVES)}"
            )
        numeric = [factor.name for factor in factors if factor.numeric]
        factor = given.get("factor", numeric[0] if len(numeric) == 1 else None)
        if not numeric and self.findings:
            raise _Wrong()  # the factor is wrong, and was told
        if factor not in numeric:
            raise self._wrong(at, f"'{factor}' is no factor of numbers", f"known: {_known(numeric)}")
        response = self._response((*at, "of"), CURVES[name].of)
        numbers = {k: v for k, v in given.items() if k not in ("curve", "factor", "of")}
        wanted = CURVES[name].numbers
        if set(numbers) != set(wanted):
            raise self._wrong(at, f"the curve '{name}' takes {_known(wanted)}", f"here: {_known(numbers) or 'none'}")
        try:
            CURVES[name].value(number_of(_first(factors, factor))[0] or 1.0, **numbers)
        except (TypeError, ValueError) as error:
            raise self._wrong(at, f"the curve '{name}' cannot be computed: {error}") from None
        return Curve(name, response, factor, numbers)

    def _document(self, base: Study) -> dict[str, Any]:
        """Everything that results depend on."""
        plain = self.source.root.plain()
        return {**plain, "identity": {"scenario": base.scenario.sha256, "rng_scheme": RNG_SCHEME}}

    # tools

    def _tried(self, part: Callable[..., T], *given: Any) -> T | None:
        try:
            return part(*given)
        except _Wrong:
            return None

    def _at(self, at: At) -> Node | None:
        node: Node | None = self.source.root
        for step in at:
            node = node.step(step) if node is not None else None
        return node

    def _node(self, key: str) -> Node | None:
        return self._at((key,))

    def _plain(self, key: str) -> Any:
        node = self._node(key)
        return None if node is None else node.plain()

    def _text(self, key: str) -> str:
        value = self._plain(key)
        if value is not None and not isinstance(value, str):
            self._wrong((key,), "expected a text")
            return ""
        return " ".join((value or "").split())

    def _wrong(self, at: At, message: str, cure: str = "", *, key: bool = False) -> _Wrong:
        """Keep a finding; to be raised where nothing can be made of what is wrong."""
        self.findings.append(self.source.finding(at, message, cure, at_key=key))
        return _Wrong()


def share_of(value: Any) -> float | None:
    """A number, or a percentage as a share.

    >>> share_of("95 %"), share_of(0.95), share_of("much")
    (0.95, 0.95, None)
    """
    number, unit = number_of(value)
    return None if number is None or unit not in ("", "%", "points") else number / 100.0 if unit else number


def _first(factors: Sequence[Factor], name: str) -> Any:
    factor = next(f for f in factors if f.name == name)
    return factor.at(0.0)


def _whole(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _known(names: Any) -> str:
    return ", ".join(map(str, names))
