"""`chainsim explain`: what a word means — a term of the trade, a measure, a policy, a distribution, a YAML key."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from chainsim.cli import options
from chainsim.cli.console import say
from chainsim.errors import UsageError


def explain(
    words: Annotated[
        list[str],
        typer.Argument(metavar="TERM", help="Any term, measure, policy, distribution or YAML key.", show_default=False),
    ],
    allow_plugins: options.Plugins = False,
) -> None:
    """Explain a term of the trade, a measure, a policy, a distribution or a key of the scenario language.

    \b
    Example:
      chainsim explain fill_rate
      chainsim explain safety stock
      chainsim explain MOQ
    """
    if allow_plugins:
        import chainsim

        chainsim.allow_plugins()
    term = " ".join(words)
    known: dict[str, list[str]] = {}
    for name, text in entries():
        known.setdefault(_key(name), []).append(text)
    if _key(term) not in known:
        raise UsageError(
            f"nothing is known about '{term}'{_near(_key(term), list(known))}. "
            "See `chainsim list policies`, `list kpis`, `list distributions`, `list demands`."
        )
    say(unmarked("\n\n".join(dict.fromkeys(known[_key(term)]))))


def entries() -> Iterator[tuple[str, str]]:
    """Every name that can be explained, with its text; a name may come more than once, each text about another thing."""
    yield from _terms()
    yield from _measures()
    yield from _described()
    yield from _keys()
    yield from _columns()


def unmarked(text: str) -> str:
    """Text without the marks that a manual sets in another type.

    >>> unmarked("With `unit: period` only.")
    'With unit: period only.'
    """
    return text.replace("`", "")


def _key(term: str) -> str:
    return " ".join(term.replace("_", " ").replace("-", " ").lower().split())


def _near(term: str, known: list[str]) -> str:
    """' (did you mean 'x'?)': of short words only the nearest, since any two have most letters in common."""
    near = difflib.get_close_matches(term, known, n=1, cutoff=0.85 if len(term) < 5 else 0.7)
    return f" (did you mean '{near[0]}'?)" if near else ""


def _terms() -> Iterator[tuple[str, str]]:
    from chainsim.data import glossary

    for name, entry in glossary().items():
        also = [str(a) for a in _list(entry.get("also"))]
        see = ", ".join(str(s) for s in _list(entry.get("see")))
        text = f"{name}: {entry['text']}" + (f"\nAlso called: {', '.join(also)}." if also else "")
        text += f"\nSee: {see}." if see else ""
        if example := str(entry.get("example", "")).rstrip():
            text += "\nExample:\n" + "\n".join(f"  {line}" for line in example.splitlines())
        for known in (name, *also):
            yield known, text


def _measures() -> Iterator[tuple[str, str]]:
    from chainsim.kpis import KPIS, LANE_KPIS

    better = {"higher": "higher is better", "lower": "lower is better", "none": "which way is better depends"}
    for id, kpi in (*KPIS.items(), *LANE_KPIS.items()):
        unit = kpi.unit_text("currency", "time unit")
        parts = [f"{id} (measure, {unit}; {better[kpi.direction]}): {kpi.title}. {kpi.definition}"]
        parts += [f"Denominator: {kpi.denominator}"] if kpi.denominator else []
        parts += [f"Window: {kpi.window}"] if kpi.window else []
        parts += [f"Bucket: {kpi.bucket}"] if kpi.bucket else []
        parts += [f"Undefined when: {kpi.undefined}"] if kpi.undefined else []
        text = "\n".join(parts)
        yield id, text
        yield kpi.title, text


def _columns() -> Iterator[tuple[str, str]]:
    """What columns of tables may be called."""
    from chainsim.scenario.trade import FIELDS

    for field in FIELDS:
        where = f"{field.section} of the scenario" if field.section else "every section that reads the table"
        per = f" per {field.per.removeprefix('1 ')}" if field.per else ""
        words = ", ".join(field.words)
        text = f"As a column of a table: {field.key}{per}, for {where}. Columns so called: {words}."
        for word in field.words:
            if word.replace(" ", "_") != field.key:  # the key itself is told above
                yield word, text


def _described() -> Iterator[tuple[str, str]]:
    """Policies, distributions and demand processes, with their fields; a field that several have is told once."""
    import inspect

    from chainsim.chance.base import DISTRIBUTIONS
    from chainsim.demand.base import DEMANDS
    from chainsim.fields import info_of
    from chainsim.policies.base import POLICIES

    for registry, plural in ((POLICIES, "policies"), (DISTRIBUTIONS, "distributions"), (DEMANDS, "demand processes")):
        holders: dict[tuple[str, str, str], list[str]] = {}  # (key, unit, meaning) -> who has it
        for name, thing in registry.items():
            fields = info_of(thing)
            lines = [f"{name} ({registry.noun}): {_prose(inspect.cleandoc(thing.__doc__ or ''))}"]
            lines += ["", "Keys:"] if fields else []
            lines += [f"  {key}: {info.meaning}" for key, info in fields.items()]
            yield name, "\n".join(lines)
            for key, info in fields.items():
                holders.setdefault((key, info.unit, info.meaning), []).append(name)
        for (key, unit, meaning), names in holders.items():
            of = f"{registry.noun} {names[0]}" if len(names) == 1 else f"the {plural} {_listed(names)}"
            yield key, f"{key} (key of {of}){f' [{unit}]' if unit else ''}: {meaning}"


def _keys() -> Iterator[tuple[str, str]]:
    """Every key of the scenario file; where sections give it the same meaning, together."""
    from chainsim.scenario import language
    from chainsim.scenario.keys import REQUIRED
    from chainsim.scenario.render import flow

    sections = {
        "the file": language.FILE,
        **{f"'{name}'": keys for name, keys in language.SECTIONS.items()},
        "'demand'": language.SERVING,
        "every policy": {**language.POLICY_COMMON, **language.POLICY_REVIEW},
    }
    holders: dict[tuple[str, str], list[str]] = {}
    for section, keys in sections.items():
        for name, key in keys.items():
            words = [key.meaning]
            words += [f"One of: {', '.join(key.choices)}."] if key.choices else []
            words += [f"Default: {flow(key.default)}."] if key.default not in (None, REQUIRED, (), "") else []
            words += [f"Example: {name}: {flow(key.example)}"]
            holders.setdefault((name, " ".join(words)), []).append(section)
    for (name, text), of in holders.items():
        yield name, f"{name} (key of {_listed(of)}): {text}"


def _listed(names: Iterable[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    *head, last = names
    return f"{', '.join(head)} and {last}" if head else last


def _prose(text: str) -> str:
    """A docstring without its examples in Python and the paragraph that leads to them.

    >>> _prose("Always the same.\\n\\nSource: none.\\n\\nTwo and two:\\n\\n>>> 2 + 2\\n4")
    'Always the same.\\n\\nSource: none.'
    """
    kept: list[str] = []
    for paragraph in text.split("\n\n"):
        if not paragraph.startswith(">>>"):
            kept.append(paragraph)
        elif kept and kept[-1].endswith(":"):
            kept.pop()
    return "\n\n".join(kept)


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []
