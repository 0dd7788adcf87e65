"""From an experiment's YAML (or plain data) to an Experiment, or to everything that is wrong with it, each at its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from chainsim.chance.streams import RNG_SCHEME
from chainsim.data import experiment_names, experiment_path, scenario_names, scenario_path
from chainsim.errors import ScenarioError
from chainsim.experiments.design import DESIGNS, MOST_POINTS, Design
from chainsim.experiments.document import Document, Wrong
from chainsim.experiments.factor_reading import read_factors
from chainsim.experiments.factors import Factor, number_of
from chainsim.experiments.model import LEVELS, Constraint, Curve, Experiment, Response
from chainsim.experiments.theory_curves import CURVES
from chainsim.kpis import KPIS
from chainsim.registry import did_you_mean
from chainsim.scenario.files import Refused, read_regular
from chainsim.scenario.language_tune import FREE
from chainsim.scenario.nodes import Node, Source, in_order
from chainsim.scenario.nodes import Path as At
from chainsim.scenario.plain import node_of
from chainsim.scenario.read import MAX_BYTES, decode, read_yaml, refused
from chainsim.study.loading import Study, load, load_dict
from chainsim.tune.aim import MEASURES as TUNED

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
    "tuned": "fill_rate, cycle_service_level or ready_rate: the service every policy is brought to at every point",
    "choice": "the policy whose futures are looked at",
    "theory": "curves of theory to be drawn",
}
DEFAULT_RESPONSES = ("total_cost", "fill_rate")
DEFAULT_POINTS = 64


def read_experiment(given: str | Path | Mapping[str, Any], *, name: str = "experiment") -> Experiment:
    """The Experiment of a file, a name of a shipped one, or plain data. Raises ScenarioError with every finding."""
    if isinstance(given, Mapping):
        return _Reader(Source(name, [], node_of(given, name)), None, name).experiment()
    file = file_of(given)
    try:
        text = decode(read_regular(file, str(file), MAX_BYTES), str(file))
    except Refused as error:
        raise refused(str(file), error.message) from None
    return _Reader(read_yaml(text, str(file)), file.parent, file.stem).experiment()


def file_of(given: str | Path) -> Path:
    """The file of an experiment: a path, else the shipped one of that name."""
    if isinstance(given, str) and given in experiment_names() and not Path(given).exists():
        return experiment_path(given)
    return Path(given)


def _scenario_file(name: str, folder: Path | None) -> Path:
    """One beside the experiment, else the shipped scenario of that name."""
    beside = Path(name) if folder is None else folder / name
    return scenario_path(name) if not beside.exists() and name in scenario_names() else beside


class _Reader(Document):
    """Reads one document; what is wrong is collected in `findings`."""

    def __init__(self, source: Source, folder: Path | None, name: str) -> None:
        super().__init__(source)
        self.folder, self.name = folder, name

    def experiment(self) -> Experiment:
        self._keys()
        base = self._base()
        factors = read_factors(self)
        design = self.tried(self._design, factors)
        responses = self._responses()
        objective = self._response(("objective",), "total_cost")
        constraint = self.tried(self._constraint)
        levels = self._levels()
        tuned = self.tried(self._tuned)
        policies = self._policies(base)
        curves = self._curves(factors)
        title = self.text("title") or (base.scenario.title if base else "")
        story, choice = self.text("story"), self.text("choice")
        if self.findings or base is None or design is None:
            raise ScenarioError(in_order(self.findings))
        made = Experiment(
            self.name, title, story, base, factors, design, responses, objective, constraint, policies, levels, tuned,
            curves, choice, self._document(base),
        )  # fmt: skip
        if choice and choice not in made.alternatives:
            self.wrong(("choice",), f"unknown policy '{choice}'{did_you_mean(choice, made.alternatives)}",
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
                self.wrong(
                    (key,), f"unknown key '{key}'{did_you_mean(key, list(KEYS))}", f"known: {_known(KEYS)}", key=True
                )
        if self.plain("experiment") != 1:
            self.wrong(("experiment",), "the format of an experiment is 'experiment: 1'", "write it on the first line")

    def _base(self) -> Study | None:
        written = self.node("scenario")
        try:
            if written is None or written.value in (None, ""):
                self.wrong(("scenario",), "no scenario is named", KEYS["scenario"])
                return None
            study = self._study(written)
            changes = self.plain("set") or {}
            if not isinstance(changes, Mapping):
                self.wrong(("set",), "expected path: value", "as in {costs.carrying_rate: 30% per year}")
                return study
            more = {key: self.plain(key) for key in ("replications", "seed") if self.plain(key) is not None}
            return study.with_({**changes, **more}) if changes or more else study
        except ScenarioError as error:
            self.findings += error.findings
            return None

    def _study(self, written: Node) -> Study:
        if isinstance(written.value, dict):
            return load_dict(written.plain(), folder=self.folder, name=self.name)
        return load(_scenario_file(str(written.value), self.folder))

    def _design(self, factors: Sequence[Factor]) -> Design:
        node = self.node("design")
        given = {"type": DESIGNS[0]} if node is None else node.plain()
        given = {"type": given} if isinstance(given, str) else given
        if not isinstance(given, dict) or set(given) - {"type", "points", "seed"}:
            raise self.wrong(
                ("design",), "expected a name or {type: …, points: …, seed: …}", f"types: {_known(DESIGNS)}"
            )
        kind = given.get("type", DESIGNS[0])
        if kind not in DESIGNS:
            raise self.wrong(
                ("design",),
                f"unknown design '{kind}'{did_you_mean(str(kind), list(DESIGNS))}",
                f"known: {_known(DESIGNS)}",
            )
        points, seed = given.get("points", DEFAULT_POINTS), given.get("seed", 1)
        if not _whole(points, 2) or not _whole(seed, 0):
            raise self.wrong(("design",), "points are a whole number of at least 2, seed one of at least 0")
        if kind == "full_factorial" and "points" in given:
            self.wrong(
                ("design", "points"),
                "a full factorial has as many points as there are combinations",
                "leave points out",
            )
        for factor in factors:
            if kind == "full_factorial" and not factor.values:
                self.wrong(("factors", factor.name, "values"), "a full factorial needs to know how many values",
                            "write a:b:n with n values, a list, or another design")  # fmt: skip
        design = Design(kind, 0 if kind == "full_factorial" else points, seed)
        if not self.findings and design.size(factors) > MOST_POINTS:
            self.wrong(
                ("design",),
                f"{design.size(factors):,} points; at most {MOST_POINTS:,}",
                "fewer values, or a design that draws",
            )
        return design

    def _responses(self) -> tuple[Response, ...]:
        node = self.node("responses")
        if node is None:
            return tuple(Response(kpi) for kpi in DEFAULT_RESPONSES)
        if not isinstance(node.value, list) or not node.value:
            self.wrong(
                ("responses",), "expected a list of measures", "as in [total_cost, {kpi: fill_rate, site: store-1}]"
            )
            return ()
        return tuple(self._response(("responses", i)) for i in range(len(node.value)))

    def _response(self, at: At, default: str = "") -> Response:
        node = self.at(at)
        given = default if node is None else node.plain()
        given = {"kpi": given} if isinstance(given, str) else given
        if (
            not isinstance(given, dict)
            or not isinstance(given.get("kpi"), str)
            or set(given) - {"kpi", "site", "product"}
        ):
            self.wrong(at, "expected a measure, or {kpi: …, site: …, product: …}", "chainsim list kpis names them")
            return Response("total_cost")
        if given["kpi"] not in KPIS.names():
            self.wrong(
                at,
                f"unknown measure '{given['kpi']}'{did_you_mean(given['kpi'], KPIS.names())}",
                "chainsim list kpis names them",
            )
            return Response("total_cost")
        return Response(given["kpi"], str(given.get("site", "")), str(given.get("product", "")))

    def _constraint(self) -> Constraint | None:
        node = self.node("constraint")
        if node is None:
            return None
        given = node.plain()
        example = "as in {kpi: fill_rate, at_least: 95 %}"
        if not isinstance(given, dict) or set(given) - {"kpi", "site", "product", "at_least", "at_most"}:
            raise self.wrong(("constraint",), "expected a measure with at_least or at_most", example)
        sides = [key for key in ("at_least", "at_most") if key in given]
        if len(sides) != 1:
            raise self.wrong(("constraint",), "expected either at_least or at_most", example)
        bound = share_of(given[sides[0]])
        if bound is None:
            raise self.wrong(("constraint", sides[0]), "expected a number or a percentage", example)
        kpi = given.get("kpi")
        if kpi not in KPIS.names():
            raise self.wrong(
                ("constraint", "kpi"), f"unknown measure '{kpi}'{did_you_mean(str(kpi), KPIS.names())}", example
            )
        if KPIS.get(kpi).unit == "share" and not 0.0 <= bound <= 1.0:
            raise self.wrong(
                ("constraint", sides[0]), f"{kpi} is a share, from 0 to 100 %, not {given[sides[0]]}", example
            )
        return Constraint(
            Response(kpi, str(given.get("site", "")), str(given.get("product", ""))), bound, sides[0] == "at_least"
        )

    def _levels(self) -> tuple[Any, ...]:
        given = self.plain("levels")
        wanted = ["rederived"] if given is None else [given] if isinstance(given, str) else given
        if (
            not isinstance(wanted, list)
            or not wanted
            or any(w not in LEVELS for w in wanted)
            or len(set(wanted)) < len(wanted)
        ):
            self.wrong(("levels",), "expected rederived, kept, or [rederived, kept]")
            return ("rederived",)
        return tuple(wanted)

    def _tuned(self) -> Mapping[str, Any] | None:
        given = self.plain("tuned")
        if given is None or given is False:
            return None
        example = "as in {fill_rate: 97 %, within: 0.2 %, free: service}"
        if isinstance(given, dict) and isinstance(given.get("to"), dict):  # as under `tune:` of a scenario
            given = {**given["to"], **{name: value for name, value in given.items() if name != "to"}}
        if not isinstance(given, dict) or len(set(given) & set(TUNED)) != 1 or set(given) - {*TUNED, "within", "free"}:
            raise self.wrong(("tuned",), f"expected the service to reach, one of {', '.join(TUNED)}", example)
        terms: dict[str, Any] = {"free": given.get("free", "service")}
        if terms["free"] not in FREE:
            raise self.wrong(("tuned", "free"), f"expected one of {', '.join(FREE)}", example)
        for name in (*TUNED, "within"):
            share = share_of(given[name]) if name in given else None
            if name in given and (share is None or not 0.0 < share < 1.0):
                raise self.wrong(("tuned", name), "expected a share between 0 and 1", example)
            if share is not None:
                terms[name] = float(share)
        return terms

    def _policies(self, base: Study | None) -> tuple[str, ...]:
        known = base.policies if base is not None else []
        given = self.plain("policies")
        if given is None:
            return tuple(known)
        names = [given] if isinstance(given, str) else given
        if not isinstance(names, list) or not names or len(set(map(str, names))) < len(names):
            self.wrong(("policies",), "expected a list of names, each once")
            return tuple(known)
        for name in names if base is not None else ():
            if name not in known:
                self.wrong(
                    ("policies",), f"unknown policy '{name}'{did_you_mean(str(name), known)}", f"known: {_known(known)}"
                )
        return tuple(map(str, names))

    def _curves(self, factors: Sequence[Factor]) -> tuple[Curve, ...]:
        node = self.node("theory")
        if node is None:
            return ()
        if not isinstance(node.value, list):
            self.wrong(("theory",), "expected a list of curves", f"known: {_known(CURVES)}")
            return ()
        found = [self.tried(self._curve, ("theory", i), inner.plain(), factors) for i, inner in enumerate(node.value)]
        return tuple(curve for curve in found if curve is not None)

    def _curve(self, at: At, given: Any, factors: Sequence[Factor]) -> Curve | None:
        name = given.get("curve") if isinstance(given, dict) else None
        if name not in CURVES:
            raise self.wrong(
                at, f"unknown curve '{name}'{did_you_mean(str(name), list(CURVES))}", f"known: {_known(CURVES)}"
            )
        numeric = [factor.name for factor in factors if factor.numeric]
        factor = given.get("factor", numeric[0] if len(numeric) == 1 else None)
        if not numeric and self.findings:
            raise Wrong()  # the factor is wrong, and was told
        if factor not in numeric:
            raise self.wrong(at, f"'{factor}' is no factor of numbers", f"known: {_known(numeric)}")
        response = self._response((*at, "of"), CURVES[name].of)
        numbers = {k: v for k, v in given.items() if k not in ("curve", "factor", "of")}
        wanted = CURVES[name].numbers
        if set(numbers) != set(wanted):
            raise self.wrong(at, f"the curve '{name}' takes {_known(wanted)}", f"here: {_known(numbers) or 'none'}")
        try:
            CURVES[name].value(number_of(_first(factors, factor))[0] or 1.0, **numbers)
        except (TypeError, ValueError) as error:
            raise self.wrong(at, f"the curve '{name}' cannot be computed: {error}") from None
        return Curve(name, response, factor, numbers)

    def _document(self, base: Study) -> dict[str, Any]:
        """Everything that results depend on."""
        plain = self.source.root.plain()
        return {**plain, "identity": {"scenario": base.scenario.sha256, "rng_scheme": RNG_SCHEME}}


def share_of(value: Any) -> float | None:
    """A number, or a percentage as a share.

    >>> share_of("95 %"), share_of(0.95), share_of("1 point"), share_of("much")
    (0.95, 0.95, 0.01, None)
    """
    number, unit = number_of(value)
    return None if number is None or unit not in ("", "%", "point", "points") else number / 100.0 if unit else number


def _first(factors: Sequence[Factor], name: str) -> Any:
    factor = next(f for f in factors if f.name == name)
    return factor.at(0.0)


def _whole(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _known(names: Any) -> str:
    return ", ".join(map(str, names))
