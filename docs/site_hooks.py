"""For the site: nothing is fetched from elsewhere. A hook named in mkdocs.yml."""

from __future__ import annotations

from typing import Any

FETCHED = "https://unpkg.com/iframe-worker/shim"
"""What the theme would load for its search where pages are opened from a disk."""


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Every page, before it is written: our own script in the place of the fetched one."""
    return output.replace(FETCHED, "../" * page.url.count("/") + "search-frame.js")


def on_post_template(output_content: str, template_name: str, **_: Any) -> str:
    """The page of a wrong address, which belongs to no folder."""
    return output_content.replace(FETCHED, "search-frame.js")
