"""`chainsim explain`: what a word means — a term of the trade, a measure, a policy, a distribution, a YAML key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from chainsim.cli import options
from chainsim.cli.console import say
from chainsim.errors import UsageError
from chainsim.registry import did_you_mean


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
      chainsim explain reorder_point
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
            f"nothing is known about '{term}'{did_you_mean(_key(term), list(known))}. "
            "See `chainsim list policies`, `list kpis`, `list distributions`, `list demands`."
        )
    say("\n\n".join(dict.fromkeys(known[_key(term)])))


def entries() -> Iterator[tuple[str, str]]:
    """Every name that can be explained, with its text; a name may come more than once."""
    yield from _terms()
    yield from _measures()
    yield from _described()
    yield from _keys()


def _key(term: str) -> str:
    return " ".join(term.replace("_", " ").replace("-", " ").lower().split())


def _terms() -> Iterator[tuple[str, str]]:
    from chainsim.data import glossary

    for name, entry in glossary().items():
        also = [str(a) for a in _list(entry.get("also"))]
        see = ", ".join(str(s) for s in _list(entry.get("see")))
        text = f"{name}: {entry['text']}" + (f"\nAlso called: {', '.join(also)}." if also else "")
        text += f"\nSee: {see}." if see else ""
        for known in (name, *also):
            yield known, text


def _measures() -> Iterator[tuple[str, str]]:
    from chainsim.kpis import KPIS

    better = {"higher": "higher is better", "lower": "lower is better", "none": "which way is better depends"}
    for id, kpi in KPIS.items():
        unit = kpi.unit_text("currency", "time unit")
        parts = [f"{id} (measure, {unit}; {better[kpi.direction]}): {kpi.title}. {kpi.definition}"]
        parts += [f"Denominator: {kpi.denominator}"] if kpi.denominator else []
        parts += [f"Window: {kpi.window}"] if kpi.window else []
        parts += [f"Bucket: {kpi.bucket}"] if kpi.bucket else []
        parts += [f"Undefined when: {kpi.undefined}"] if kpi.undefined else []
        text = "\n".join(parts)
        yield id, text
        yield kpi.title, text


def _described() -> Iterator[tuple[str, str]]:
    """Policies, distributions and demand processes, with their fields."""
    import inspect

    from chainsim.chance.base import DISTRIBUTIONS
    from chainsim.demand.base import DEMANDS
    from chainsim.fields import info_of
    from chainsim.policies.base import POLICIES

    for registry in (POLICIES, DISTRIBUTIONS, DEMANDS):
        for name, thing in registry.items():
            fields = info_of(thing)
            lines = [f"{name} ({registry.noun}): {_prose(inspect.cleandoc(thing.__doc__ or ''))}"]
            lines += ["", "Keys:"] if fields else []
            lines += [f"  {key}: {info.meaning}" for key, info in fields.items()]
            yield name, "\n".join(lines)
            for key, info in fields.items():
                unit = f" [{info.unit}]" if info.unit else ""
                yield key, f"{key} (key of {registry.noun} '{name}'){unit}: {info.meaning}"


def _keys() -> Iterator[tuple[str, str]]:
    """Every key of the scenario file, section by section."""
    from chainsim.scenario import language
    from chainsim.scenario.keys import REQUIRED

    sections = {
        "the file": language.FILE,
        **{f"'{name}'": keys for name, keys in language.SECTIONS.items()},
        "'demand'": language.SERVING,
        "every policy": {**language.POLICY_COMMON, **language.POLICY_REVIEW},
    }
    for section, keys in sections.items():
        for name, key in keys.items():
            words = [f"{name} (key of {section}): {key.meaning}"]
            words += [f"One of: {', '.join(key.choices)}."] if key.choices else []
            words += [f"Default: {key.default}."] if key.default not in (None, REQUIRED, ()) else []
            yield name, " ".join([*words, f"Example: {name}: {key.example}"])


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
