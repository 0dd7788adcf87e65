"""What the report reads of a results folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd


class Tables(Protocol):
    """What is read of a results folder; `study.Results` has it."""

    @property
    def summary(self) -> pd.DataFrame: ...
    @property
    def comparison(self) -> pd.DataFrame: ...
    @property
    def replications(self) -> pd.DataFrame: ...
    @property
    def series(self) -> pd.DataFrame: ...
    @property
    def derived(self) -> pd.DataFrame: ...
    @property
    def delivered(self) -> pd.DataFrame: ...
    @property
    def pairs(self) -> pd.DataFrame: ...
    @property
    def risk(self) -> pd.DataFrame: ...
    @property
    def lanes(self) -> pd.DataFrame: ...
    @property
    def warm_up(self) -> pd.DataFrame: ...
    @property
    def audit(self) -> pd.DataFrame: ...
    @property
    def network(self) -> Mapping[str, Any]: ...

    manifest: dict[str, Any]
    files: dict[str, bytes]
