"""A page with nothing but a panel, under the policy of a report's page: for browsers, where the report's own parts would only be in the
way."""

from __future__ import annotations

import base64
import hashlib

from chainsim.live.panel import Panel


def page(panel: Panel) -> str:
    """The page as a text with LF line ends."""
    scripts, styles = " ".join(map(_hash, (*panel.early, *panel.scripts))), " ".join(map(_hash, panel.styles))
    policy = (
        f"default-src 'none'; script-src {scripts} 'wasm-unsafe-eval'; style-src {styles}; img-src data: blob:; worker-src blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    blocks = "".join(f'<script type="{kind}" id="{id}">{text}</script>\n' for id, kind, text in panel.data)
    return (
        f'<!doctype html>\n<html lang="en" data-live="static">\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Levers</title>\n{''.join(f'<style>{style}</style>' for style in panel.styles)}\n"
        f"{blocks}{''.join(f'<script>{script}</script>' for script in panel.early)}\n"
        f'<main><section class="card" id="try">{panel.html}</section></main>\n'
        f"{''.join(f'<script>{script}</script>' for script in panel.scripts)}\n</html>\n"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
