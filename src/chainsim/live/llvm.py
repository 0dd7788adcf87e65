"""The event loop as a WebAssembly object, from numba's LLVM: the same functions as the compiled engine, by llvmlite alone.

numba's text is taken before anything is optimised, so that nothing of this machine is in it; what the loop reaches is kept, under plain
names and in the order in which it is reached; then LLVM optimises it for wasm32. The same versions make the same bytes anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import llvmlite.binding as llvm
import numba

from chainsim.engines.compiled import building, loop
from chainsim.engines.compiled.linking import Linked, as_a_whole
from chainsim.live.wasm import Unavailable, imports_of

Rule = Callable[..., float]

EXPORT = "advance_time"
TRIPLE = "wasm32-unknown-unknown"
LAYOUT = "e-m:e-p:32:32-p10:8:8-p20:8:8-i64:64-i128:128-n32:64-S128-ni:1:10:20"
FEATURES = "+bulk-memory,+bulk-memory-opt,+sign-ext,+mutable-globals,-nontrapping-fptoint"
"""Copying and filling memory are instructions. A number too large for an integer becomes the smallest one, as on x86: without
nontrapping-fptoint LLVM looks first."""
OFFERED = ("__linear_memory", "__stack_pointer", "fmod")
"""What a page offers: memory, and functions that are exact by definition and so the same everywhere."""
INSTRUCTIONS = {"sqrt": "llvm.sqrt.f64", "floor": "llvm.floor.f64", "ceil": "llvm.ceil.f64", "trunc": "llvm.trunc.f64"}
"""Functions of the C library that are one instruction in a page."""


def object_of(rules: Sequence[Rule]) -> bytes:
    """The WebAssembly object of the event loop that knows these rules. Takes some ten seconds. Raises Unavailable when the rules need a
    function that a page has not, or this version of numba does not show its text."""
    text = _reached(*_numbas_text(rules))
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    machine = llvm.Target.from_triple(TRIPLE).create_target_machine(opt=3, features=FEATURES)
    module = llvm.parse_assembly(_for_wasm(text))
    for function in module.functions:
        if not function.is_declaration and function.name != EXPORT:
            function.linkage = "internal"
    _optimise(module, machine)
    module = llvm.parse_assembly(_narrowed(str(module)))
    module.verify()
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=0))
    inline = llvm.create_new_module_pass_manager()
    inline.add_always_inliner_pass()
    inline.run(module, builder)
    emitted: bytes = machine.emit_object(module)
    missing = sorted(set(imports_of(emitted)) - {*OFFERED})
    if missing:
        raise Unavailable(f"it calls {', '.join(missing)}, whose last digit is another in every browser")
    return emitted


def _numbas_text(rules: Sequence[Rule]) -> tuple[str, str]:
    """LLVM of the loop and all it calls, as numba wrote it; and the loop's name there."""
    oldest, newest = building.LINKED_AS_A_WHOLE
    if not oldest <= numba.version_info.short <= newest:
        raise Unavailable(f"numba {numba.__version__} is not one of the versions that are known to tell its text")
    world = building.world_of(tuple(rules))
    with as_a_whole(Linked), building.collecting_no_garbage():
        made = numba.njit(numba.void(world, numba.int64), **building.OPTIONS)(loop.advance_time)
        (compiled,) = made.overloads.values()
        return compiled.library.text(), compiled.fndesc.llvm_func_name


_ENTITY = re.compile(r"^(?:define [^\n]*\n(?:.*\n)*?\}\n|declare [^\n]*\n|@[^\n]*\n|%[^\n]* = type [^\n]*\n)", re.M)
_NAME = re.compile(r'@("[^"]+"|[-a-zA-Z$._0-9]+)')


def _reached(text: str, root: str) -> str:
    """What a function reaches, in the order in which it does, and under names that do not tell the order of compiling."""
    types, entities = [], {}
    for match in _ENTITY.finditer(text):
        entity = match.group(0)
        if entity.startswith("%"):
            types.append(entity)
        else:
            entities[_name(entity)] = entity
    order, waiting = [], [root]
    seen = {root}
    while waiting:
        name = waiting.pop()
        order.append(name)
        for other in _names(entities[name]):
            if other not in seen and other in entities:
                seen.add(other)
                waiting.append(other)
    plain = {name: f"f{i}" for i, name in enumerate(order) if not entities[name].startswith("declare")} | {root: EXPORT}
    kept = "".join(entities[name] for name in order)
    kept = re.sub(r" #\d+|, ![a-zA-Z._]+ !\d+", "", kept)  # attributes and metadata are told elsewhere in the text
    return "".join(types) + _NAME.sub(lambda m: f"@{plain.get(m.group(1).strip(chr(34)), m.group(1))}", kept)


def _name(entity: str) -> str:
    return next(_names(entity))


def _names(entity: str) -> Iterator[str]:
    return (name.strip('"') for name in _NAME.findall(entity))


def _for_wasm(text: str) -> str:
    """The text for the other machine, with its instructions in place of functions."""
    for name, instruction in INSTRUCTIONS.items():
        text, found = re.subn(rf"^declare double @{name}\(double\)\n", "", text, flags=re.M)
        if found:
            text = text.replace(f"@{name}(", f"@{instruction}(")
            if f"declare double @{instruction}(double)" not in text:
                text += f"declare double @{instruction}(double)\n"
    return f'target triple = "{TRIPLE}"\ntarget datalayout = "{LAYOUT}"\n{text}'


def _optimise(module: llvm.ModuleRef, machine: llvm.TargetMachine) -> None:
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = options.slp_vectorization = False  # there are no vectors in the page
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)


_WIDE = re.compile(r"= mul (?:nuw |nsw )*i128 ([^\s,]+), ([^\s,]+)")
WIDE_PRODUCT = """
define internal i128 @wide_product(i128 %a, i128 %b) alwaysinline {
  %x = trunc i128 %a to i64
  %x0 = and i64 %x, 4294967295
  %x1 = lshr i64 %x, 32
  %y = trunc i128 %b to i64
  %y0 = and i64 %y, 4294967295
  %y1 = lshr i64 %y, 32
  %p00 = mul i64 %x0, %y0
  %p10 = mul i64 %x1, %y0
  %p01 = mul i64 %x0, %y1
  %p11 = mul i64 %x1, %y1
  %carry = lshr i64 %p00, 32
  %m = add i64 %p10, %carry
  %m0 = and i64 %m, 4294967295
  %m1 = lshr i64 %m, 32
  %n = add i64 %p01, %m0
  %n1 = lshr i64 %n, 32
  %h = add i64 %p11, %m1
  %high = add i64 %h, %n1
  %low = mul i64 %x, %y
  %wide = zext i64 %high to i128
  %shifted = shl i128 %wide, 64
  %rest = zext i64 %low to i128
  %product = or i128 %shifted, %rest
  ret i128 %product
}
"""
"""64 × 64 → 128 bits from four products of 32 × 32 → 64. A page has no wider one, and LLVM's own help goes through memory. Written so before
optimising it would not last: LLVM sees through it and makes it one wide product again."""


def _narrowed(text: str) -> str:
    """The same text with every wide product made of narrow ones."""
    text, found = _WIDE.subn(r"= call i128 @wide_product(i128 \1, i128 \2)", text)
    if not found:
        raise AssertionError("the generator's wide product was not found: LLVM writes it in another way")
    return text + WIDE_PRODUCT
