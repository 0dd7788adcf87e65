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
needs_node = pytest.mark.skipif(
    NODE is None, reason="node is not there: the page's engine runs in browsers and in node"
)

BEGINNING = """
const fs = require('fs'), folder = process.argv[2];
const {Study, Machine, Estimates, Desk, Crew, shares, unpacked, wordsOf, fsum, exponential, quantileOf} = chainsim;
const told = name => JSON.parse(fs.readFileSync(folder + '/' + name), (_, x) => x === 'nan' ? NaN : x);
const tell = value => console.log(JSON.stringify(value, (_, x) => typeof x === 'number' && !Number.isFinite(x) ? String(x) : x));
const parts = where => [
  told(where + '/modules.json').map(name => fs.readFileSync(folder + '/' + where + '/' + name)),
  told(where + '/page.json'), fs.readFileSync(folder + '/' + where + '/words.gz')];
const opened = async (where = '.', change = page => {}) => {
  const [modules, page, words] = parts(where);
  change(page);
  return new Study(modules.map(bytes => new WebAssembly.Module(bytes)), page, wordsOf(await unpacked(words)));
};
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
    """Node carries out the engine's text and then `body`, which knows what BEGINNING names. Returns what it printed."""
    for name, value in (files or {}).items():
        (folder / name).write_text(json.dumps(value))
    script = folder / "script.js"
    ending = "\n})().catch(error => { console.error(error); process.exit(1); });\n"
    script.write_text(engine_script() + BEGINNING + "\n(async () => {\n" + body + ending)
    done = subprocess.run([NODE or "node", str(script), str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def answer(folder: Path, body: str, files: Mapping[str, Any] | None = None) -> Any:
    """What `body` told with `tell`; all numbers are quantities, as they are there."""
    return json.loads(run(folder, body, files), parse_int=float)
