"""The Plan: one policy of a scenario, compiled into read-only arrays."""

from __future__ import annotations
