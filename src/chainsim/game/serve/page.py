"""The one page of the room: markup, style and script in one answer, each named by its hash in the page's policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:]{2,45}\](:[0-9]{1,5})?")


@cache
def page() -> str:
    """The page; it loads nothing."""
    return filled("", "", (part("page.js"),))


def filled(head: str, data: str, scripts: Sequence[str]) -> str:
    """The markup with its style, what comes before and after it, and its scripts."""
    code = "".join(f"<script>{script}</script>\n" for script in scripts)
    return (
        part("page.html")
        .replace("<!--head-->", head)
        .replace("/*style*/", part("page.css"))
        .replace("<!--code-->", data + code)
    )


def headers(host: str) -> dict[str, str]:
    """Headers of the page: it may run its own script, use its own style, and talk to its own server; nothing else.

    >>> "connect-src 'self' ws://school:8000;" in headers("school:8000")["Content-Security-Policy"]
    True
    """
    own = f" ws://{host}" if HOST.fullmatch(host) else ""  # older browsers do not take 'self' for a websocket
    policy = (
        f"default-src 'none'; script-src '{_hash('page.js')}'; style-src '{_hash('page.css')}'; connect-src 'self'{own}; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


@cache
def part(file: str) -> str:
    """The text of a file beside this one, as browsers read it: a policy knows it by its hash."""
    return (HERE / file).read_text("utf-8").replace("\r\n", "\n")


@cache
def _hash(file: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(part(file).encode()).digest()).decode()
