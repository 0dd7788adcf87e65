"""`chainsim schema`: the JSON Schema of the scenario language, for editors."""

from __future__ import annotations

from chainsim.cli import options
from chainsim.cli.console import say


def schema(allow_plugins: options.Plugins = False) -> None:
    """Print the JSON Schema of scenario files: completion and hover text in an editor.

    \b
    Example:
      chainsim schema > chainsim.schema.json
    """
    import chainsim
    from chainsim.scenario.schema_json import schema_text

    if allow_plugins:
        chainsim.allow_plugins()
    say(schema_text().rstrip("\n"))
