"""What a user may choose between, written once: the names beside the rule that tells them apart.

The scenario's keys and model take the names, the Plan their codes, the manual both. A new choice is one more name in the
`Literal` and one more code below it.
"""

from __future__ import annotations

from typing import Any, get_args


class Choices(tuple[str, ...]):
    """The names of a `Literal`, in its order. The code of a name, which rules compare, is its place.

    >>> from typing import Literal
    >>> drinks = Choices(Literal["tea", "coffee"])
    >>> drinks, drinks.code("coffee"), drinks.told
    (('tea', 'coffee'), 1, '0 tea, 1 coffee')
    """

    def __new__(cls, literal: Any) -> Choices:
        return super().__new__(cls, get_args(literal))

    def code(self, name: str) -> int:
        """The number of a name in a table; ValueError when there is no such name."""
        return self.index(name)

    @property
    def told(self) -> str:
        """Codes and names, for the meaning of a column."""
        return ", ".join(f"{code} {name}" for code, name in enumerate(self))
