"""What numba must know to see the block of memory of `state` as the world `w` that the rules speak of.

Three small types, each an address: the world (its attributes are fields of the control row), a table (`w.points[i]` is a
record, by reference) and a list of numbers. Nothing is counted, copied or made: that is what makes compiled rules quick.
`CHECKED` builds look at every index and raise IndexError; the others trust the Plan.
"""

from __future__ import annotations

import operator
import os
from typing import Any

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.extending import (
    NativeValue,
    intrinsic,
    lower_builtin,
    lower_getattr_generic,
    lower_setattr_generic,
    models,
    register_model,
    unbox,
)

from chainsim.engines.compiled.layout import LISTS, PLACE, SCALARS, TABLES

CHECKED = bool(os.environ.get("CHAINSIM_CHECKED"))
WORD = 8


class RowsType(types.Type):
    """A table: the address of its first row and how many there are."""

    def __init__(self, name: str, record: Any) -> None:
        self.record = record
        super().__init__(name=f"Rows({name})")


class NumbersType(types.Type):
    """A flat list of numbers of one type."""

    def __init__(self, dtype: Any) -> None:
        self.dtype = dtype
        super().__init__(name=f"Numbers({dtype})")


class WorldType(types.Type):
    """The address of a control row. Worlds that know other policies have another name."""

    def __init__(self, name: str) -> None:
        super().__init__(name=f"World({name})")


NUMBERS = {"i8": NumbersType(types.int64), "f8": NumbersType(types.float64)}
ROWS = {name: RowsType(table.name, numba.from_dtype(table.dtype)) for name, table in TABLES.items()}
MEMBERS: dict[str, Any] = {
    **dict.fromkeys(SCALARS, types.int64),
    **ROWS,
    **{name: NUMBERS[kind] for name, kind in LISTS.items()},
}


@register_model(WorldType)
class _WorldModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, ir.IntType(64))


@register_model(RowsType)
@register_model(NumbersType)
class _ListModel(models.StructModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, [("data", types.int64), ("length", types.int64)])


@unbox(WorldType)
def _from_python(kind: Any, address: Any, c: Any) -> Any:
    return NativeValue(
        c.pyapi.long_as_longlong(address), is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred())
    )


# attributes of the world


@infer_getattr
class _WorldAttributes(AttributeTemplate):
    key = WorldType

    def generic_resolve(self, world: Any, name: str) -> Any:
        return MEMBERS.get(name)


def _field(builder: Any, world: Any, name: str) -> Any:
    address = builder.add(world, world.type(PLACE[name] * WORD))
    return builder.inttoptr(address, ir.IntType(64).as_pointer())


@lower_getattr_generic(WorldType)
def _get_attribute(context: Any, builder: Any, kind: Any, world: Any, name: str) -> Any:
    value = builder.load(_field(builder, world, name))
    member = MEMBERS[name]
    if member is types.int64:
        return value
    handle = cgutils.create_struct_proxy(member)(context, builder)
    handle.data = value
    handle.length = builder.load(_field(builder, world, f"{name}_length"))
    return handle._getvalue()


@lower_setattr_generic(WorldType)
def _set_attribute(context: Any, builder: Any, sig: Any, args: Any, name: str) -> None:
    builder.store(args[1], _field(builder, args[0], name))


# tables and lists


@infer_global(operator.getitem)
class _GetItem(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        whole, index = args
        if isinstance(whole, RowsType) and isinstance(index, types.Integer):
            return signature(whole.record, whole, types.int64)
        if isinstance(whole, NumbersType) and isinstance(index, types.Integer):
            return signature(whole.dtype, whole, types.int64)
        return None


@infer_global(operator.setitem)
class _SetItem(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        whole, index, _ = args
        if isinstance(whole, NumbersType) and isinstance(index, types.Integer):
            return signature(types.none, whole, types.int64, whole.dtype)
        return None


@infer_global(len)
class _Length(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        if isinstance(args[0], RowsType | NumbersType):
            return signature(types.int64, args[0])
        return None


def _place(context: Any, builder: Any, kind: Any, whole: Any, index: Any, size: int) -> Any:
    """Address of an element."""
    handle = cgutils.create_struct_proxy(kind)(context, builder, value=whole)
    if CHECKED:
        outside = builder.icmp_unsigned(">=", index, handle.length)
        with builder.if_then(outside, likely=False):
            context.call_conv.return_user_exc(builder, IndexError, (f"{kind.name}: no such row",))
    return builder.add(handle.data, builder.mul(index, index.type(size)))


@lower_builtin(operator.getitem, RowsType, types.Integer)
def _get_row(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    address = _place(context, builder, sig.args[0], args[0], args[1], sig.return_type.size)
    return builder.inttoptr(address, context.get_value_type(sig.return_type))


@lower_builtin(operator.getitem, NumbersType, types.Integer)
def _get_number(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    address = _place(context, builder, sig.args[0], args[0], args[1], WORD)
    return builder.load(builder.inttoptr(address, context.get_value_type(sig.return_type).as_pointer()))


@lower_builtin(operator.setitem, NumbersType, types.Integer, types.Any)
def _set_number(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    whole, index, value = args
    address = _place(context, builder, sig.args[0], whole, index, WORD)
    builder.store(value, builder.inttoptr(address, value.type.as_pointer()))
    return context.get_dummy_value()


@lower_builtin(len, RowsType)
@lower_builtin(len, NumbersType)
def _get_length(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return cgutils.create_struct_proxy(sig.args[0])(context, builder, value=args[0]).length


# what the hooks need beside


@intrinsic
def part(typing: Any, whole: Any, first: Any, last: Any) -> Any:
    """whole[first:last] of a list of numbers, without copying."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        handle = cgutils.create_struct_proxy(sig.args[0])(context, builder, value=args[0])
        word = args[1].type(WORD)
        handle.data = builder.add(handle.data, builder.mul(args[1], word))
        handle.length = builder.sub(args[2], args[1])
        return handle._getvalue()

    return whole(whole, types.int64, types.int64), lower


@intrinsic
def copy_rows(typing: Any, target: Any, rows: Any) -> Any:
    """Copy all rows of a table to an address."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        handle = cgutils.create_struct_proxy(sig.args[1])(context, builder, value=args[1])
        byte = ir.IntType(8).as_pointer()
        cgutils.raw_memcpy(
            builder,
            builder.inttoptr(args[0], byte),
            builder.inttoptr(handle.data, byte),
            handle.length,
            sig.args[1].record.size,
        )
        return context.get_dummy_value()

    return types.none(types.int64, rows), lower


@intrinsic
def mantissa(typing: Any, x: Any) -> Any:
    """The fraction of `math.frexp` for a positive, normal number: its bits with another exponent."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        word = ir.IntType(64)
        bits = builder.and_(builder.bitcast(args[0], word), word(0x000FFFFFFFFFFFFF))
        return builder.bitcast(builder.or_(bits, word(0x3FE0000000000000)), ir.DoubleType())

    return types.float64(types.float64), lower


@intrinsic
def exponent(typing: Any, x: Any) -> Any:
    """The exponent of `math.frexp` for a positive, normal number."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        word = ir.IntType(64)
        return builder.sub(builder.lshr(builder.bitcast(args[0], word), word(52)), word(1022))

    return types.int64(types.float64), lower


@intrinsic
def high_product(typing: Any, a: Any, b: Any) -> Any:
    """The upper 64 of the 128 bits of a × b, unsigned."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(builder.zext(args[0], wide), builder.zext(args[1], wide))
        return builder.trunc(builder.lshr(product, wide(64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), lower
