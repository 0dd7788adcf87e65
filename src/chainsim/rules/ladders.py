"""Functions written from a table: their text is Python both engines read, one branch for each row.

Compiled code cannot look a function up in a table, so that the choice is written out. The text is kept where tracebacks and
debuggers look for it.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def written(home: str, lines: Sequence[str], names: Mapping[str, Any]) -> Callable[..., Any]:
    """The function that these lines define, as if they stood in module `home`; names: what they speak of.

    >>> written("tea", ["def cups(w, pots):", "    return CUPS * pots"], {"CUPS": 6})(None, 2)
    12
    """
    name = lines[0].removeprefix("def ").partition("(")[0]
    text, file = "\n".join(lines) + "\n", f"<{home}.{name}>"
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    known: dict[str, Any] = {**names, "__name__": home}
    exec(compile(text, file, "exec"), known)
    function: Callable[..., Any] = known[name]
    return function
