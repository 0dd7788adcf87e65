"""The engine in the page beside the compiled engine: milliseconds a replication, and what the module and a page's data weigh.

    python benchmarks/living_page.py [SCENARIO.yaml …]     W1-C, W1-D and the grocer, when none is named

Prints only; needs numba and node. Processor time of one thread each, the best of many replications: what other work takes away is not in
it, but a busy neighbour on the same core still makes both slower.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import chainsim
from chainsim.engines.compiled.loops import loop_for
from chainsim.engines.compiled.state import State
from chainsim.engines.compiled_engine import run
from chainsim.live.module import shipped
from chainsim.live.pack import Packed, pack
from chainsim.live.scripts import engine_script, worker_script
from chainsim.plan.compile import compile_plans
from chainsim.plan.plan import Plan

HERE = Path(__file__).parent
SHOWN = [HERE / "scenarios" / "w1_c.yaml", HERE / "scenarios" / "w1_d.yaml", HERE.parent / "scenarios" / "grocer.yaml"]
TIMES = 150

IN_NODE = """
const fs = require('fs'), folder = process.argv[2], page = JSON.parse(fs.readFileSync(folder + '/page.json'));
chainsim.unpacked(fs.readFileSync(folder + '/words.gz')).then(planes => {
  const study = new chainsim.Study([new WebAssembly.Module(fs.readFileSync(folder + '/engine.wasm'))], page, chainsim.wordsOf(planes));
  const machine = study.machines[0], {measures} = study;
  const best = (times, work) => {
    let least = Infinity;
    for (let i = 0; i < times; i++) { const t = performance.now(); work(i); least = Math.min(least, performance.now() - t); }
    return least;
  };
  console.log(JSON.stringify(page.policies.map((_, k) => {
    machine.turn(study.image(k, []));
    best(TIMES, i => machine.run(i % 30)); // until the browser's compiler is done
    return [best(TIMES, i => machine.run(i % 30)), best(TIMES, () => { measures.happened(machine); measures.cost(machine); })];
  })));
});
"""


def native(plan: Plan) -> float:
    loop, rules = loop_for(plan.rules)
    state, best = State(plan, rules), float("inf")
    for i in range(TIMES):
        state.clear()
        begun = time.perf_counter()
        run(loop, state, i % 30)
        best = min(best, time.perf_counter() - begun)
    return 1000.0 * best


def in_page(packed: Packed) -> list[list[float]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page.json").write_text(json.dumps(packed.page))
        (folder / "words.gz").write_bytes(packed.words)
        (folder / "engine.wasm").write_bytes(shipped())
        script = folder / "script.js"
        script.write_text(engine_script() + f"const TIMES = {TIMES};\n" + IN_NODE)
        done = subprocess.run(["node", str(script), name], capture_output=True, text=True, check=True)
    found: list[list[float]] = json.loads(done.stdout)
    return found


def kilobytes(data: bytes) -> str:
    return f"{len(data) / 1000:.1f} kB, {len(gzip.compress(data, 9)) / 1000:.1f} kB gzipped"


def main(paths: list[Path]) -> None:
    print(f"module: {kilobytes(shipped())}; scripts: {kilobytes((engine_script() + worker_script()).encode())}")
    for path in paths:
        scenario = chainsim.load(path).scenario
        plans = {plan.policy: plan for plan in compile_plans(scenario)}
        packed = pack(plans, replications=scenario.replications)
        data = json.dumps(packed.page, separators=(",", ":")).encode()
        print(f"{path.stem}: data {kilobytes(data)}; words {len(packed.words) / 1000:.1f} kB gzipped")
        for (name, plan), (engine, measures) in zip(plans.items(), in_page(packed), strict=True):
            here = native(plan)
            print(
                f"  {name:16} native {here:7.3f} ms, page {engine:7.3f} ms: × {engine / here:.2f}; measures {measures:.3f} ms"
            )


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or SHOWN)
