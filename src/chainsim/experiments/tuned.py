"""The one seam to tuning: a point's study with every policy brought to the same service, where this chainsim can tune."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

from chainsim.errors import MissingPartError
from chainsim.study.loading import Study


def why_not_tuned() -> str:
    """Why nothing can be tuned here; '' where it can."""
    if find_spec("chainsim.tune") is not None and hasattr(Study, "tune"):
        return ""
    return "this chainsim cannot tune policies to a service"


def tuned_study(study: Study, terms: Mapping[str, float]) -> Study:
    """The study with policies tuned: `study.tune(fill_rate=…, within=…).study`. Raises MissingPartError without tuning."""
    reason = why_not_tuned()
    if reason:
        raise MissingPartError(f"{reason}: leave 'tuned' out of the experiment")
    found: Study = study.tune(**terms).study  # type: ignore[attr-defined]
    return found
