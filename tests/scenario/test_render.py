"""How findings look to a person."""

from __future__ import annotations

from chainsim.errors import Finding, Place
from chainsim.scenario.render import escape, render_finding, render_findings

from .samples import changed, errors


def test_an_error_shows_the_line_and_a_caret_under_the_key() -> None:
    text = changed(
        "up_to: {type: base_stock, order_up_to_level: 20}", "s_Q: {type: s_Q, reorder_point: 120, quanttiy: 300}"
    )
    text = text.replace("to: store", "to: stroe")
    assert render_findings(errors(text), "case.yaml").splitlines() == [
        "case.yaml:10:22: error: lanes[0].to: unknown site 'stroe' (did you mean 'store'?)",
        "   10 |   - {from: farm, to: stroe, lead_time: 2}",
        "      |                      ^",
        "case.yaml:14:40: error: policies.s_Q.quanttiy: unknown key 'quanttiy' (did you mean 'order_quantity'?)",
        "   14 |   s_Q: {type: s_Q, reorder_point: 120, quanttiy: 300}",
        "      |                                        ^",
        "2 errors in case.yaml; nothing was run.",
    ]


def test_control_characters_cannot_act() -> None:
    hostile = "\x1b[31m\x07\u202e\u200b"
    finding = Finding("error", Place("f.yaml", 1, 3), "a." + hostile, "found " + hostile, hostile, "x: " + hostile)
    shown = render_finding(finding)
    assert not any(c in shown for c in "\x1b\x07\u202e\u200b")
    assert "\\u001b[31m\\u0007\\u202e\\u200b" in shown


def test_a_finding_about_no_key_has_no_gap_for_it() -> None:
    """A workbook, or a table as a whole: in the exception as on the terminal."""
    finding = Finding("error", Place("book.xlsx"), "", "has no sheet 'Itms'", "its sheets: 'Items'")
    assert str(finding) == "book.xlsx: error: has no sheet 'Itms'; its sheets: 'Items'"
    assert render_finding(finding) == "book.xlsx: error: has no sheet 'Itms' — its sheets: 'Items'"


def test_letters_of_any_language_are_shown() -> None:
    assert escape("café 倉庫 مخزن 🙂") == "café 倉庫 مخزن 🙂"


def test_a_long_line_is_cut_around_the_caret() -> None:
    line = "a" * 5000 + "!" + "b" * 5000
    shown = render_finding(Finding("error", Place("f", 7, 5001), "", "x", "", line)).splitlines()
    assert len(shown[1]) < 200
    assert shown[1][shown[2].index("^")] == "!"


def test_warnings_are_counted_apart() -> None:
    where = Place("f.yaml", 1, 1)
    both = [Finding("error", where, "a", "x"), Finding("warning", where, "b", "y")]
    assert render_findings(both, "f.yaml").splitlines()[-1] == "1 error and 1 warning in f.yaml; nothing was run."
    assert render_findings(both[1:], "f.yaml").splitlines()[-1] == "1 warning in f.yaml."
    assert render_findings([], "f.yaml") == ""
