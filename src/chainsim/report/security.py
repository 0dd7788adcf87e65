"""The content-security policy of a page: nothing is loaded and nothing sent, and only what the page came with may run."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable


def content_policy(scripts: Iterable[str], styles: Iterable[str], *, engine: bool = False) -> str:
    """A policy that names each script and style sheet of the page by the hash of its text.

    Pictures may be made in the page (`data:`, `blob:`): a chart is copied as one. engine: whether it has an engine of its own:
    WebAssembly, and workers that run from the page itself.

    >>> content_policy([], [])
    "default-src 'none'; img-src data: blob:; base-uri 'none'; form-action 'none'"
    >>> "script-src 'sha256-" in content_policy(["let a = 1;"], []), "worker-src blob:" in content_policy([], [], engine=True)
    (True, True)
    """
    script = [*map(_hash, scripts), *(["'wasm-unsafe-eval'"] if engine else [])]
    style = [*map(_hash, styles)]
    parts = ["default-src 'none'"]
    parts += [f"script-src {' '.join(script)}"] if script else []
    parts += [f"style-src {' '.join(style)}"] if style else []
    parts += ["img-src data: blob:"]
    parts += ["worker-src blob:"] if engine else []
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    """As browsers make it: of the element's text, which HTML reads with line feeds only."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
