"""The engine of a page run by node: the same text as in a browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chainsim.live.pack import Packed
from chainsim.live.scripts import engine_script

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not there: the page's engine runs in browsers and in node")

LOADED = """
const {Study, Machine, Estimates, Desk, unpacked, wordsOf, fsum, exponential, quantileOf} = chainsim;
const fs = require('fs'), folder = process.argv[2];
const told = name => JSON.parse(fs.readFileSync(folder + '/' + name));
const tell = (name, value) => fs.writeFileSync(folder + '/' + name, JSON.stringify(value, (_, x) => Number.isNaN(x) ? 'nan' : Object.is(x, -0) ? 0 : x));
const open = async () => new Study(
  told('modules.json').map(name => new WebAssembly.Module(fs.readFileSync(folder + '/' + name))),
  told('page.json'), wordsOf(await unpacked(fs.readFileSync(folder + '/words.gz'))));
"""


def write(packed: Packed, folder: Path) -> None:
    """What a page embeds, as files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "page.json").write_text(json.dumps(packed.page, allow_nan=False))
    (folder / "words.gz").write_bytes(packed.words)
    names = [f"{i}.wasm" for i in range(len(packed.modules))]
    for name, module in zip(names, packed.modules, strict=True):
        (folder / name).write_bytes(module)
    (folder / "modules.json").write_text(json.dumps(names))


def run(folder: Path, body: str, files: Mapping[str, Any] | None = None) -> str:
    """Node carries out the engine's text and then `body`, in which `folder`, `told`, `tell` and `open` are known. Returns what it printed."""
    for name, value in (files or {}).items():
        (folder / name).write_text(json.dumps(value))
    script = folder / "script.js"
    script.write_text(engine_script() + LOADED + "\n(async () => {\n" + body + "\n})().catch(e => { console.error(e); process.exit(1); });\n")
    done = subprocess.run([NODE or "node", str(script), str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


VALUES = """
const study = await open(), n = study.page.replications, at = told('positions.json'), grown = told('pools.json');
if (grown) for (const group of study.page.pools) for (const pool of group) pool[1] = Math.min(pool[1], grown);
if (grown) study.machines = told('modules.json').map(name => new Machine(new WebAssembly.Module(fs.readFileSync(folder + '/' + name)), study.page));
const out = [];
for (const positions of at) for (const k of study.policies()) {
  const values = study.values(k, positions, n);
  for (const result of values.results) for (const part of [...result, ...result.months]) out.push(...part);
}
fs.writeFileSync(folder + '/values.bin', Buffer.from(Float64Array.from(out).buffer));
console.log(study.machines.reduce((sum, machine) => sum + machine.grown, 0));
"""
