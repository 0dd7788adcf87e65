"""Compiling each function once, where numba would compile it again in every function that calls it.

numba optimises a function, makes machine code of it, then links it into each of its callers and begins again there, all
the way up to the event loop. Here a function waits until its address is asked for: only the event loop's is, so the
program is linked, optimised and turned into machine code as a whole and once. Half of the time of compiling was for code
that nobody calls. Nobody else calls what was linked in, so the compiler may do with it as it likes, and short functions
become part of those that call them: the loop is 15 % quicker for it.

This extends two classes that numba does not document, as they are in the versions `building.LINKED_AS_A_WHOLE`. Other
versions compile in their own way, to the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numba.core.codegen import JITCodeLibrary, JITCPUCodegen
from numba.core.compiler_lock import global_compiler_lock
from numba.core.environment import lookup_environment
from numba.core.registry import cpu_target

SHORT = 90
"""Instructions, before anything is optimised, of the longest function that is always put into its callers. Longer ones make
the loop a little quicker still and take much longer to compile."""


class Library(JITCodeLibrary):  # type: ignore[misc]
    """The code of a function and the libraries it calls, not compiled before its address is asked for."""

    _whole = False  # linked with all it calls, and machine code made of it

    def finalize(self) -> None:
        """Nothing can be added from now on."""
        self._raise_if_finalized()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """The address of a function; 0 when this library has none of that name."""
        self._ensure_finalized()
        if not self._whole and not _defines(self._final_module, name):
            return 0
        self._compile()
        return int(super().get_pointer_to_function(name))

    def _get_module_for_linking(self) -> Any:
        """The whole of it, for numba's own libraries, which look no further than those they call."""
        self._compile()
        return super()._get_module_for_linking()

    def _own_module(self) -> Any:
        """What a whole made of several libraries is linked from."""
        return super()._get_module_for_linking()

    def _compile(self) -> None:
        if self._whole:
            return
        asked_for = {function.name for function in self._final_module.functions}
        self._link()
        for function in self._final_module.functions:
            if not function.is_declaration and function.name not in asked_for:
                _nobody_else_calls(function)
        self._optimize_final_module()
        self._final_module.verify()
        self._shared_module = None  # what was linked so far was not the whole
        self._finalize_final_module()

    def _link(self) -> None:
        self._ensure_finalized()
        for library in _all_called(self, {}):
            module = library._own_module() if isinstance(library, Library) else library._get_module_for_linking()
            self._final_module.link_in(module, preserve=True)
            self._reload_init.update(library._reload_init)

    def _finalize_final_module(self) -> None:
        super()._finalize_final_module()
        for variable in self._final_module.global_variables:  # also of those linked in, which had no machine code yet
            if (env := lookup_environment(variable.name)) is not None:
                self._codegen.set_env(variable.name, env)
        self._whole = True  # here and not above: libraries from the cache come this way, too


class Linked(Library):
    """Linked with all it calls, for another machine than this: neither optimised nor made machine code of."""

    def get_pointer_to_function(self, name: str) -> int:
        """None: nobody can call it here."""
        return 0

    def _optimize_functions(self, module: Any) -> None:
        """Not yet: this machine's strengths are not the other one's."""

    def text(self) -> str:
        """LLVM of all of it, as numba wrote it."""
        self._link()
        return str(self._final_module)


class Codegen(JITCPUCodegen):  # type: ignore[misc]
    """Makes such libraries among numba's own: a name has one address for both, as users may call the same functions."""

    def __init__(self, own: JITCPUCodegen, library: type[Library]) -> None:
        self.__dict__.update(vars(own))
        self._library_class = library

    def set_env(self, name: str, env: Any) -> None:
        """Tell a function where its constants are, if it has machine code."""
        if self._engine.is_symbol_defined(name):
            super().set_env(name, env)


def _all_called(library: Any, seen: dict[Any, None]) -> dict[Any, None]:
    """The libraries this one needs, directly or through others, in the order found. What numba's own need is in them."""
    for called in library._linking_libraries:
        if called not in seen:
            seen[called] = None
            if isinstance(called, Library) and not called._whole:
                _all_called(called, seen)
    return seen


def _nobody_else_calls(function: Any) -> None:
    """Tell the compiler that a function is called from this program only, and that a short one is not worth a call."""
    function.linkage = "internal"
    short = sum(1 for block in function.blocks for _ in block.instructions) <= SHORT
    if short and not any(b"noinline" in attributes for attributes in function.attributes):
        function.add_function_attribute("alwaysinline")


def _defines(module: Any, name: str) -> bool:
    try:
        return not module.get_function(name).is_declaration
    except NameError:
        return False


@contextmanager
def as_a_whole(library: type[Library] = Library) -> Iterator[None]:
    """What numba compiles meanwhile is compiled as a whole, into libraries of this kind. Other threads wait with compiling."""
    context: Any = cpu_target.target_context
    with global_compiler_lock:
        context.refresh()  # compiles numba's runtime, in numba's own way: it is asked for in the middle of linking
        before = context._internal_codegen
        context._internal_codegen = Codegen(before, library)
        try:
            yield
        finally:
            context._internal_codegen = before
