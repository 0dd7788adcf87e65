"""A WebAssembly object file as a module: what LLVM emits lacks only a list of exports.

Its provisional places are right as long as nothing is linked to it. Sections for linkers are left out.
https://webassembly.github.io/spec/core/binary/modules.html; https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md
"""

from __future__ import annotations

from collections.abc import Iterator

HEAD = 8  # bytes: magic number and version
CUSTOM, EXPORTS, GLOBAL = 0, 7, 6
SYMBOLS = 8  # kind of a part of the linking section
FUNCTION, DATA, SECTION = 0, 1, 3  # kinds of symbols
UNDEFINED, NAMED = 0x10, 0x40  # flags of a symbol


class Unavailable(Exception):
    """Why a loop cannot run in a page."""


def module_of(emitted: bytes, export: str) -> bytes:
    """The object file as a module that exports one function. Raises ValueError when it does not define it."""
    parts = list(_sections(emitted))
    linking = next(Reader(body) for kind, body in parts if kind == CUSTOM and body[1:8] == b"linking")
    entry = _number(1) + _text(export) + b"\0" + _number(_function(linking, export))
    kept = [(kind, body) for kind, body in parts if kind != CUSTOM]
    before = [part for part in kept if part[0] <= GLOBAL]
    after = [part for part in kept if part[0] > GLOBAL]
    return emitted[:HEAD] + b"".join(
        bytes([kind]) + _number(len(body)) + body for kind, body in (*before, (EXPORTS, entry), *after)
    )


def imports_of(module: bytes) -> list[str]:
    """Names of what a module asks its page for."""
    found = []
    for kind, body in _sections(module):
        if kind == 2:
            reader = Reader(body)
            for _ in range(reader.number()):
                reader.bytes()
                found.append(reader.bytes().decode())
                what = reader.number()
                if what == 0:  # a function: its type
                    reader.number()
                elif what == 2:  # a memory: flags, least, most
                    flags = reader.number()
                    reader.number()
                    if flags & 1:
                        reader.number()
                elif what == 3:  # a global: type, whether it changes
                    reader.number()
                    reader.number()
                else:  # a table: type, flags, least, most
                    reader.number()
                    flags = reader.number()
                    reader.number()
                    if flags & 1:
                        reader.number()
    return found


class Reader:
    """Reads numbers (LEB128) and runs of bytes."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    @property
    def ended(self) -> bool:
        return self._at >= len(self._data)

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def bytes(self) -> bytes:
        count = self.number()
        self._at += count
        return self._data[self._at - count : self._at]


def _sections(module: bytes) -> Iterator[tuple[int, bytes]]:
    reader = Reader(module[HEAD:])
    while not reader.ended:
        yield reader.number(), reader.bytes()


def _function(linking: Reader, name: str) -> int:
    """The number of a function that is defined here, from the table of symbols."""
    linking.bytes()  # the section's name
    linking.number()  # version
    while not linking.ended:
        kind, part = linking.number(), Reader(linking.bytes())
        if kind != SYMBOLS:
            continue
        for _ in range(part.number()):
            what, flags = part.number(), part.number()
            here = not flags & UNDEFINED
            if what == DATA:
                part.bytes()
                if here:
                    part.number(), part.number(), part.number()
            elif what == SECTION:
                part.number()
            else:
                number = part.number()
                found = part.bytes().decode() if here or flags & NAMED else ""
                if what == FUNCTION and here and found == name:
                    return number
    raise ValueError(f"the object file does not define {name}")


def _number(n: int) -> bytes:
    out = bytearray()
    while True:
        byte, n = n & 127, n >> 7
        out.append(byte | (128 if n else 0))
        if not n:
            return bytes(out)


def _text(text: str) -> bytes:
    return _number(len(text)) + text.encode()
