"""What all tests share: the same conditions wherever they run."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

# one profile for hypothesis: the same examples every time, so that a failure here is a failure everywhere
from hypothesis import Phase, settings
from hypothesis.internal.conjecture import providers

settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.register_profile(  # for tests/mutations.py, where any failure will do and need not be made small
    "first_failure", settings.get_profile("repeatable"), phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("repeatable")

# derandomize alone does not do it: numbers written in the modules that happen to be loaded so far are tried as well
assert providers.is_local_module_file
providers.is_local_module_file = lambda path: False

# the suite decides about colour and browsers, not the machine it runs on
os.environ.pop("NO_COLOR", None)
os.environ["CI"] = "true"

# a shell lets what it starts in the background ignore Ctrl-C, and so would every process the tests start
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# scripts for a browser and for an editor's language server, run by .ci/run; neither is needed for the tests
collect_ignore = ["browser", "editor"]


def pytest_itemcollected(item: pytest.Item) -> None:
    """`pytest -k J05` runs what tests case J05 of the reliability contract."""
    from tests.reliability.numbers import numbers_of

    item.extra_keyword_matches.update(numbers_of(item.nodeid))


def few(patch: pytest.MonkeyPatch) -> None:
    """Levels are corrected by a fortieth of the usual short simulations."""
    from chainsim.study import calibration

    for name in ("RUN_EVENTS", "NETWORK_EVENTS", "TOTAL_EVENTS"):
        patch.setattr(calibration, name, getattr(calibration, name) / 40.0)


@pytest.fixture
def few_short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that are about something else than levels."""
    few(monkeypatch)


@pytest.fixture(scope="module")
def without_charts() -> Iterator[None]:
    """Pages without the files charts/*.svg and *.png, which take most of the time of a report: for tests that look at none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chainsim.report.writing.in_order", lambda: [])
        yield
