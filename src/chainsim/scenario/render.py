"""Findings as people read them: place, message, cure, the line itself and a caret.

Text that came from a file is escaped, so that no name can move the cursor, ring the bell or write backwards.
"""

from __future__ import annotations

import unicodedata
from typing import Any

import yaml

from chainsim.errors import Finding

LONGEST_LINE = 160
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def escape(text: str) -> str:
    """Text with control, invisible and direction-changing characters written out as \\u escapes.

    >>> escape("sto\\u200bre")
    'sto\\\\u200bre'
    """
    return "".join(_visible(c) for c in text)


def _visible(c: str) -> str:
    if c == "\n":
        return "\\n"
    if c == " " or (unicodedata.category(c) not in _UNSAFE and unicodedata.category(c) != "Zs"):
        return c
    return f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}"


def flow(value: Any) -> str:
    """A value as the scenario file has it, on one line.

    >>> flow({"dist": "gamma", "mean": 2}), flow(True), flow("2 weeks")
    ('{dist: gamma, mean: 2}', 'true', '2 weeks')
    """
    text: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000, allow_unicode=True)
    return text.removesuffix("\n").removesuffix("\n...")


def render_finding(finding: Finding) -> str:
    """One finding in the form 'file:line:col: error: path: message', then the line and a caret when known."""
    text = f"{escape(str(finding.where))}: {finding.severity}: {escape(finding.said)}"
    if finding.cure:
        text += f" — {escape(finding.cure)}"
    if finding.source_line.strip() and finding.where.line:
        text += "\n" + _excerpt(finding)
    return text


def _excerpt(finding: Finding) -> str:
    """The offending line, shortened around the column, with the caret under it."""
    line, column = finding.source_line, max(finding.where.column, 1)
    start = max(0, column - LONGEST_LINE // 2) if len(line) > LONGEST_LINE else 0
    before, after = line[start : column - 1], line[column - 1 : start + LONGEST_LINE]
    gutter = f"{finding.where.line:>5} | "
    shown = "".join(" " if c == "\t" else _visible(c) for c in before)
    width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in shown)
    rest = "".join(" " if c == "\t" else _visible(c) for c in after)
    blank = " " * (len(gutter) - 2) + "| "
    return f"{gutter}{shown}{rest}\n{blank}{' ' * width}^"


def render_findings(findings: list[Finding], file: str, *, ran: bool = False) -> str:
    """All findings and a last line that counts them. `ran`: something was run in spite of them (warnings)."""
    lines = [render_finding(f) for f in findings]
    errors = sum(f.severity == "error" for f in findings)
    warnings = len(findings) - errors
    counts = [f"{n} {noun}{'s' * (n != 1)}" for n, noun in ((errors, "error"), (warnings, "warning")) if n]
    if counts:
        end = "." if ran or not errors else "; nothing was run."
        lines.append(f"{' and '.join(counts)} in {escape(file)}{end}")
    return "\n".join(lines)
