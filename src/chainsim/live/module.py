"""The engine of a page as a WebAssembly module: the shipped one, and another for policies of outside packages.

`python -m chainsim.live.module` builds the shipped one again after a rule has changed (it needs the versions of constraints.txt, which make the
same bytes anywhere); with `--check` it only says whether that would change it. Pages need neither numba nor a compiler.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

import chainsim
from chainsim.engines.compiled.cache import COMPILED_FILES, folder_to_use
from chainsim.engines.compiled.loops import known_rules, refusal
from chainsim.live.wasm import Unavailable

log = logging.getLogger(__name__)

Rule = Callable[..., float]
HERE = Path(__file__).parent
MODULE, TOLD = HERE / "engine.wasm", HERE / "engine.json"
SOURCES = (*COMPILED_FILES, "live/llvm.py", "live/wasm.py")
"""What the module is made of."""
MADE_BY = ("numba", "llvmlite")


class Engines:
    """The modules of a page: the shipped one first, then one for each set of policies of outside packages."""

    def __init__(self) -> None:
        self.modules = [shipped()]

    def number_of(self, rules: Sequence[Rule]) -> tuple[int, str]:
        """The number of a module that knows these rules, and '', or −1 and why there is none."""
        if all(_ours(rule) for rule in rules):
            return 0, ""
        try:
            module = module_for(rules)
        except Unavailable as error:
            return -1, str(error)
        if module not in self.modules:
            self.modules.append(module)
        return self.modules.index(module), ""


@cache
def shipped() -> bytes:
    """The module that knows all of chainsim's own policies."""
    return MODULE.read_bytes()


def module_for(rules: Sequence[Rule]) -> bytes:
    """A module that knows these rules as well; kept in the cache folder of the compiled loop. Raises Unavailable, in words for the page."""
    reason = refusal(rules)
    if reason:
        raise Unavailable(f"policies of outside packages are compiled for the page: {reason}")
    folder = folder_to_use(known_rules(rules))
    kept = folder / f"page-{sources()[:16]}.wasm" if folder else None
    if kept and kept.is_file():
        return kept.read_bytes()
    log.warning("compiling the engine of the page for %s: about 10 seconds …", _named(rules))
    made = build(rules)
    if kept:
        kept.write_bytes(made)
    return made


def build(rules: Sequence[Rule] = ()) -> bytes:
    """A module made anew, of chainsim's own policies and these. Raises Unavailable when there can be none."""
    from chainsim.live.llvm import EXPORT, object_of  # numba is loaded here
    from chainsim.live.wasm import module_of

    return module_of(object_of(known_rules(rules)), EXPORT)


def sources() -> str:
    """A hash of all files the shipped module is made of, whatever their line ends."""
    digest = hashlib.sha256()
    home = Path(chainsim.__file__).parent
    for pattern in SOURCES:
        for file in sorted(home.glob(pattern)):
            digest.update(file.name.encode())
            digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def told(module: bytes) -> dict[str, object]:
    """What is written beside a module: of which sources it is, by which versions it was made, and its hash."""
    return {
        "sources": sources(),
        "sha256": hashlib.sha256(module).hexdigest(),
        "bytes": len(module),
        "python": ".".join(map(str, sys.version_info[:2])),
        **{name: metadata.version(name) for name in MADE_BY},
    }


def stale() -> str:
    """Why the shipped module is not that of these sources; '' when it is. Nothing is built."""
    beside = json.loads(TOLD.read_text("utf-8"))
    if beside["sha256"] != hashlib.sha256(shipped()).hexdigest():
        return f"{MODULE.name} is not the one that {TOLD.name} tells of"
    if beside["sources"] != sources():
        return f"{MODULE.name} was made of other sources: python -m chainsim.live.module"
    return ""


def main(arguments: Sequence[str]) -> str:
    """Build the shipped module; with --check only compare. Returns what to say when it is another one, '' when all is well."""
    made = build()
    if "--check" in arguments:
        if made == shipped() and not stale():
            return ""
        return stale() or f"{MODULE.name} is another one when built by these versions: {told(made)}"
    MODULE.write_bytes(made)
    TOLD.write_text(json.dumps(told(made), indent=1) + "\n", encoding="utf-8")
    return ""


def _ours(rule: Rule) -> bool:
    return rule.__module__.startswith("chainsim.")


def _named(rules: Sequence[Rule]) -> str:
    return ", ".join(rule.__module__ for rule in rules if not _ours(rule))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) or 0)
