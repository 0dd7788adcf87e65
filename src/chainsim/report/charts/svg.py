"""A figure as SVG or PNG: the same bytes every time, nothing in it but the picture.

The SVG is made fit to stand inside the page: no prolog, no metadata, no style sheet that would reach beyond it, ids
by counter with the chart's own prefix. It is built and read as XML, so a name stays text whatever it contains.
"""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.textpath import text_to_path

from chainsim.report.charts.base import Drawing

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
FONTS = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
NARROWER = {"normal": 0.88, "bold": 0.83}
"""Width of Arial and Helvetica ÷ width of DejaVu Sans, in which everything was measured; by weight. Texts are set to that width
in every font, so those of most readers are shown as they are and a wider one is narrowed: labels cannot collide."""
_REFERENCE = re.compile(r"url\(#([^)]*)\)")
_SIZE = re.compile(r"font(?:-size)?: [a-z0-9 ]*?([0-9.]+)px")
_FAMILY = re.compile(r"(font: [^;]*?px|font-family:) ?'DejaVu Sans'[^;]*")


def svg_bytes(id: str, drawing: Drawing) -> bytes:
    """The chart as a standalone SVG file that can also be put into HTML as it is. Call it inside `style.settings()`."""
    stream = io.BytesIO()
    drawing.figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    root = ElementTree.fromstring(stream.getvalue())
    _strip(root)
    _number_ids(root, id)
    root.attrib.pop("height", None)
    root.set("width", "100%")
    # what matplotlib says for `*`, for this picture alone
    root.set("style", "stroke-linejoin:round;stroke-linecap:butt")
    root.set("role", "img")
    root.set("aria-labelledby", f"{id}-title {id}-desc")
    for place, (tag, text) in enumerate((("title", drawing.title), ("desc", drawing.alt))):
        element = ElementTree.Element(f"{{{SVG}}}{tag}", {"id": f"{id}-{tag}"})
        element.text = text
        root.insert(place, element)
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    return bytes(ElementTree.tostring(root, encoding="utf-8"))


def png_bytes(drawing: Drawing) -> bytes:
    """The chart as a PNG for slides. Scripts that DejaVu Sans lacks show as boxes here, not in the SVG. Call it inside
    `style.settings()`."""
    stream = io.BytesIO()
    drawing.figure.savefig(stream, format="png", dpi=200, metadata={"Software": None})
    return stream.getvalue()


def _strip(root: ElementTree.Element) -> None:
    """Take out metadata and style sheets, and let every text use the reader's fonts."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(child)
    for element in root.iter():
        if element.tag == f"{{{SVG}}}text" and element.text:
            _set_width(element)
        if style := element.get("style"):
            element.set("style", _FAMILY.sub(lambda m: f"{m.group(1)} {FONTS}", style))


def _set_width(element: ElementTree.Element) -> None:
    """Say how wide a text is, whatever font shows it. A script that DejaVu lacks has the width its own font gives it."""
    style, text = element.get("style", ""), element.text or ""
    size = _SIZE.search(style)
    if not size or len(text) < 2:
        return
    weight = "bold" if re.search(r"\b(bold|700)\b", style) else "normal"
    font = FontProperties(family="DejaVu Sans", weight=weight, size=float(size[1]))
    shapes = get_font(findfont(font))
    if any(shapes.get_char_index(ord(c)) == 0 for c in text):
        return
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    element.set("textLength", f"{width * NARROWER[weight]:.2f}")
    element.set("lengthAdjust", "spacingAndGlyphs")


def _number_ids(root: ElementTree.Element, prefix: str) -> None:
    """Ids by counter; those nobody refers to go away."""
    href = f"{{{XLINK}}}href"
    used: dict[str, str] = {}
    for element in root.iter():
        targets = [m for value in element.attrib.values() for m in _REFERENCE.findall(value)]
        if element.get(href, "").startswith("#"):
            targets.append(element.get(href, "")[1:])
        for target in targets:
            used.setdefault(target, f"{prefix}-{len(used) + 1}")
    for element in root.iter():
        if (old := element.attrib.pop("id", None)) in used:
            element.set("id", used[old])
        for name, value in list(element.attrib.items()):
            if name == href and value.startswith("#"):
                element.set(name, f"#{used[value[1:]]}")
            elif "url(#" in value:
                element.set(name, _REFERENCE.sub(lambda m: f"url(#{used[m.group(1)]})", value))
