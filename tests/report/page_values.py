"""Is every number of a page the one of its table? Reads report.html as a stranger would, cell by cell: the heads say which measure,
policy and place it is, summary.csv says what it must be, and the digits shown may not say more or less than that.

    python -m tests.report.page_values results/grocer

Exit code 1 when something is wrong, with the list.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from chainsim.kpis import KPIS
from chainsim.report.facts import LONGEST_LABEL
from chainsim.report.names import shown

PLACES = {"Echelon", "Product", "Site"}
_NUMBER = re.compile(r"−?\d[\d\u202f]*(?:\.\d+)?")
_SCALE = {"%": 0.01, "k": 1e3, "M": 1e6}


@dataclass
class Table:
    caption: str = ""
    heads: list[str] = field(default_factory=list)
    rows: list[list[tuple[str, float | None]]] = field(default_factory=list)


class Page(HTMLParser):
    """Tables of a page; those of the first screen, which tell no interval, are not among them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[Table] = []
        self.loose: list[float] = []  # figures that stand in no such table
        self._into: str = ""
        self._text: str = ""
        self._value: float | None = None
        self._svg, self._inside = 0, False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if tag == "svg":
            self._svg += 1
        if self._svg:
            return
        if tag == "figure":
            self._inside = given.get("class") == "table"
            if self._inside:
                self.tables.append(Table())
        if not self._inside:
            if tag == "data":
                self.loose.append(float(given["value"]))
            return
        if tag == "div" and given.get("role") == "region" and not self.tables[-1].caption:
            self.tables[-1].caption = given["aria-label"].removeprefix("Table: ")
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        if tag in ("th", "td", "figcaption"):
            self._into, self._text, self._value = tag, "", None
        if tag == "data":
            self._value = float(given["value"])

    def handle_data(self, data: str) -> None:
        if not self._svg:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self._svg -= 1
        if tag == "figure":
            self._inside = False
        if self._svg or not self._inside or tag != self._into:
            return
        text = " ".join(self._text.replace("\u00a0", " ").split(" ")).strip()
        if tag in ("th", "td"):
            table = self.tables[-1]
            (table.rows[-1]).append((text, self._value))
        elif tag == "figcaption" and self.tables and not self.tables[-1].rows:
            self.tables[-1].caption = text
        self._into = ""


def misprints(
    page: str,
    summary: str,
    manifest: Mapping[str, object],
    comparison: str = "",
    pairs: str = "",
    risk: str = "",
    lanes: str = "",
) -> list[str]:
    """Everything that a number of the page says and its table does not."""
    rows_of = [r for r in csv.DictReader(io.StringIO(summary)) if r["mean"]]
    places = [(r["policy"], r["site"], r["product"], r["kpi"]) for r in rows_of]
    known = {k: (float(r["mean"]), float(r["half_width"] or 0)) for k, r in zip(places, rows_of, strict=True)}
    ends = {k: (float(r["low"]), float(r["high"])) for k, r in zip(places, rows_of, strict=True) if r.get("low")}
    gaps = {
        (r["policy"], r["kpi"]): (float(r["difference"] or "nan"), float(r["half_width"] or 0))
        for r in csv.DictReader(io.StringIO(comparison))
    }
    policies = {shown(str(p["label"]), LONGEST_LABEL): str(p["name"]) for p in manifest["policies"]}  # type: ignore[attr-defined]
    titles = {kpi.title: id for id, kpi in KPIS.items()}
    titles |= {title.replace("per year", "per period"): id for title, id in titles.items()}
    found: list[str] = _of_pairs(page, pairs, policies, titles) + _of_risk(page, risk, policies)
    found += of_lanes(page, lanes, policies)
    seen = 0
    for table in Page(page).tables:
        heads, *rows = table.rows
        names = [h for h, _ in heads]
        for row in rows:
            for head, (text, value) in zip(names, row, strict=True):
                if value is None:
                    continue
                unit = head.rpartition(", ")[2]
                if names[0] == "Measure":
                    key = (policies.get(head, ""), "", "", titles.get(row[0][0], ""))
                    unit = row[1][0]
                elif names[0] == "Policy" and table.caption.endswith("All policies"):
                    key = (policies.get(row[0][0], ""), "", "", _measure(head, titles))
                    if head.startswith("Bullwhip at "):
                        key = (key[0], _top(known, key[0], value), "", "bullwhip_cumulative")
                elif table.caption.endswith(("All pairs", "Risk")) or table.caption.startswith(
                    "Stock points with several"
                ):
                    continue  # they have tables of their own
                elif names[0] in PLACES:
                    here = row[0][0]
                    label = row[1][0] if names[1] == "Policy" else table.caption.partition(", ")[2]
                    site = {"Echelon": f"kind:{_kind(here, known)}", "Product": "", "Site": here}[names[0]]
                    key = (policies.get(label, ""), site, here if names[0] == "Product" else "", _measure(head, titles))
                else:
                    continue
                seen += 1
                where = f"{table.caption}: {row[0][0]}, {head}: {text}"
                allowed = known.get(key, (value, 0.0))[1]
                if head.startswith("Cost against"):
                    difference, allowed = gaps[key[0], "total_cost"]
                    if difference != value:
                        found.append(f"{where} is not the difference of comparison.csv")
                elif key not in known:
                    found.append(f"{where} belongs to no row of summary.csv {key}")
                elif known[key][0] != value:
                    found.append(f"{where} carries {value}, summary.csv says {known[key][0]}")
                found += [f"{where}: {wrong}" for wrong in _digits(text, value, unit, allowed)]
                if key in ends and unit == "%":
                    found += [f"{where}: {wrong}" for wrong in _interval(text, value, *ends[key])]
    differences = [r["difference"] for text in (comparison, pairs) for r in csv.DictReader(io.StringIO(text))]
    told = {abs(mean) for mean, _ in known.values()} | {abs(float(d)) for d in differences if d}
    found += [
        f"the first screen says {value}, which no table does" for value in Page(page).loose if abs(value) not in told
    ]
    if seen < 10:
        found.append("hardly any number was found on the page")
    return found


def _of_pairs(page: str, pairs: str, policies: Mapping[str, str], titles: Mapping[str, str]) -> list[str]:
    """What is wrong with the table of all pairs: numbers, verdicts, or that some are missing."""
    rows = {(r["kpi"], r["first"], r["second"]): r for r in csv.DictReader(io.StringIO(pairs))}
    found, seen = [], set()
    for table in Page(page).tables:
        if not table.caption.endswith("All pairs"):
            continue
        heads, *cells = table.rows
        for row in cells:
            first, second = (policies[text] for text, _ in row[:2])
            for place, (head, _) in enumerate(heads):
                text, value = row[place]
                kpi = _measure(head, titles)
                if value is None or not kpi:
                    continue
                known = rows[kpi, first, second]
                where = f"All pairs: {first}, {second}, {head}: {text}"
                seen.add((kpi, first, second))
                if float(known["difference"]) != value:
                    found.append(f"{where} is not the difference of pairs.csv")
                if row[place + 1][0] != known["verdict"]:
                    found.append(f"{where}: {row[place + 1][0]}, and pairs.csv says {known['verdict']}")
                unit = head.rpartition(", ")[2].replace("percentage points", "%")
                found += [f"{where}: {wrong}" for wrong in _digits(text, value, unit, float(known["half_width"] or 0))]
    told = {kpi for kpi, _, _ in seen}
    missing = [key for key in rows if key[0] in told and key not in seen]
    return found + [
        f"the pair {key} is not on the page" for key in missing if len(missing) < len(rows) and len(seen) < 56
    ]


RISKS = (
    ("that miss the target", "fill_rate", "misses_target"),
    ("Fill rate, worst", "fill_rate", "worst_in_20"),
    ("Fill rate, P10", "fill_rate", "p10"),
    ("Fill rate, P90", "fill_rate", "p90"),
    ("of a typical", "fill_rate_worst_month", "p50"),
    ("of the worst", "fill_rate_worst_month", "worst_in_20"),
    ("Total cost, P10", "total_cost", "p10"),
    ("Total cost, P90", "total_cost", "p90"),
    ("Total cost, worst", "total_cost", "worst_in_20"),
)
"""What a head of the table of risk has in it, and which rows of risk.csv its column shows."""


def _of_risk(page: str, risk: str, policies: Mapping[str, str]) -> list[str]:
    """What is wrong with the table of risk."""
    rows = {(r["policy"], r["kpi"], r["statistic"]): r["value"] for r in csv.DictReader(io.StringIO(risk))}
    found = []
    for table in Page(page).tables:
        if not table.caption.endswith("Risk"):
            continue
        heads, *cells = table.rows
        for row in cells:
            for (head, _), (text, value) in zip(heads[1:], row[1:], strict=True):
                (of,) = [key for key in RISKS if key[0] in head]
                where = f"Risk: {row[0][0]}, {head}: {text}"
                told = rows[policies[row[0][0]], of[1], of[2]]
                if value is None or float(told) != value:
                    found.append(f"{where} carries {value}, risk.csv says {told}")
                    continue
                # a share of years is a count
                slack = 0.005 if of[2] == "misses_target" else 0.0
                found += [
                    f"{where}: {wrong}" for wrong in _digits(text, value, head.rpartition(", ")[2], slack) if value
                ]
    return found


LANE_HEADS = {"Share of inflow": "lane_share", "Units": "lane_units", "Orders": "lane_orders", "Cost": "lane_cost"}


def of_lanes(page: str, lanes: str, policies: Mapping[str, str]) -> list[str]:
    """What is wrong with the table of stock points with several sources."""
    rows = {
        (r["policy"], r["from"], r["to"], r["product"], r["lane"], r["kpi"]): r
        for r in csv.DictReader(io.StringIO(lanes))
    }
    found, seen = [], 0
    for table in Page(page).tables:
        if not table.caption.startswith("Stock points with several sources"):
            continue
        policy = policies[table.caption.partition(", ")[2]]
        heads, *cells = table.rows
        for row in cells:
            to, product = row[0][0].split(" / ")
            source, _, lane = row[1][0].removesuffix(")").partition(" (")
            source = to if source == "production" else source
            for (head, _), (text, value) in zip(heads[2:], row[2:], strict=True):
                known = rows[policy, source, to, product, lane, LANE_HEADS[head.partition(", ")[0]]]
                where = f"{table.caption}: {row[0][0]}, {row[1][0]}, {head}: {text}"
                seen += 1
                if value is None or float(known["mean"]) != value:
                    found.append(f"{where} carries {value}, lanes.csv says {known['mean']}")
                    continue
                unit = head.rpartition(", ")[2]
                found += [f"{where}: {wrong}" for wrong in _digits(text, value, unit, float(known["half_width"] or 0))]
    return found if seen or not found else ["no lane was found on the page"]


def _digits(text: str, value: float, unit: str, half_width: float) -> list[str]:
    """What is wrong with a number as it is shown: it must be its value, rounded, and not to nothing."""
    number = _NUMBER.search(text)
    if number is None:
        return ["no number is shown"]
    shown_as = number[0].replace("\u202f", "").replace("−", "-")
    unit = unit.replace("thousand money units", " k").replace("million money units", " M")
    scale = (
        0.01
        if unit == "%"
        else _SCALE.get(money[1], 1.0)
        if (money := re.search(r"[€$£¥₹ ]([kM])(/|$)", unit))
        else 1.0
    )
    told = float(shown_as) * scale
    decimals = len(shown_as.partition(".")[2])
    # a whole number may be rounded to tens or hundreds, as far as its interval allows, or to three digits among uncertain ones
    three = 10.0 ** (math.floor(math.log10(abs(value))) - 2) if value else 0.0
    step = scale * 10.0**-decimals if decimals else max(scale, half_width, three)
    wrong = []
    if abs(told - value) > 0.5000001 * step:
        wrong.append(f"is not {value} rounded")
    # what its interval does not tell from nothing may be nothing to the digits that the interval allows
    if told == 0 and abs(value) > max(1e-12 * scale, half_width):
        wrong.append(f"says 0 for {value}")
    if abs(value) > 1e-12 and half_width < 0.05 * abs(value) and abs(told - value) > 0.05 * abs(value):
        wrong.append(f"is rounded past its own digits: {value}")
    return wrong


def _interval(text: str, mean: float, low: float, high: float) -> list[str]:
    """What is wrong with the interval of a share: its ends must be those of the table, to the digits shown."""
    numbers = [float(n.replace("\u202f", "").replace("−", "-")) / 100 for n in _NUMBER.findall(text)]
    digits = [10.0 ** -len(n.partition(".")[2]) / 100 for n in _NUMBER.findall(text)]
    if "(" in text:
        off = [
            abs(told - end) - 0.51 * step for told, end, step in zip(numbers[1:], (low, high), digits[1:], strict=True)
        ]
    elif "±" in text:
        near = max(1.51 * digits[1], 0.2 * numbers[1])
        off = [abs(mean - numbers[1] - low) - near, abs(mean + numbers[1] - high) - near]
    else:
        return []
    return [f"the interval is {low} to {high}"] if max(off) > 0 else []


def _measure(head: str, titles: Mapping[str, str]) -> str:
    return titles.get(head, titles.get(head.rpartition(", ")[0], ""))


def _kind(words: str, known: Mapping[tuple[str, str, str, str], object]) -> str:
    kinds = {site.removeprefix("kind:") for _, site, _, _ in known if site.startswith("kind:")}
    return next((k for k in kinds if k.replace("_", " ").lower() == words.lower()), words)


def _top(known: Mapping[tuple[str, str, str, str], tuple[float, float]], policy: str, value: float) -> str:
    """The echelon whose bullwhip that is; the network when none."""
    echelons = [s for p, s, _, k in known if p == policy and k == "bullwhip_cumulative" and s.startswith("kind:")]
    return next((s for s in echelons if known[policy, s, "", "bullwhip_cumulative"][0] == value), "")


def main() -> int:
    folder = Path(sys.argv[1])
    names = ("report.html", "summary.csv", "manifest.json", "comparison.csv", "pairs.csv", "risk.csv", "lanes.csv")
    page, summary, manifest, *others = ((folder / n).read_text(encoding="utf-8") for n in names)
    found = misprints(page, summary, json.loads(manifest), *others)
    for line in found:
        print(line, file=sys.stderr)
    print(f"{folder.name}: {len(found)} numbers are not those of the tables")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
