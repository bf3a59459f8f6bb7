"""Parts of kernels: compiled only as far as the kernels that call them need.

numba makes machine code of every compiled function, and that code holds a copy of all that the function calls: in a chain
of calls the same lines are optimised and emitted again at every level, which took half of all compiling here. A part stops
before that. Its intermediate code is linked into the kernels that call it and optimised there, once for each kernel. A part
is written in loops: no array expressions, slices of arrays set at once, comprehensions or closures.

Made with numba's custom pipelines (its developer guide, "Customizing the compiler"). Called from Python a part is a plain
Python function.
"""

import inspect
from collections.abc import Callable
from typing import Any

from numba import njit, types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import InlineOverloads, NativeLowering, NopythonRewrites
from numba.core.untyped_passes import InlineClosureLikes, InlineInlinables, LiteralUnroll, WithLifting
from numba.extending import lower_builtin, type_callable


class _Library(JITCodeLibrary):
    """Code that is linked into other libraries and never emitted."""

    def finalize(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def _alone(self) -> Any:
        return super()._get_module_for_linking()

    def _get_module_for_linking(self) -> Any:
        """This library's code with that of all that it calls, each once."""
        whole, seen, todo = self._alone().clone(), {self}, list(self._linking_libraries)
        while todo:
            library = todo.pop()
            if library not in seen:
                seen.add(library)
                part = isinstance(library, _Library)
                todo += library._linking_libraries if part else []
                code = library._alone() if part else library._get_module_for_linking()
                whole.link_in(code, preserve=True)
        return whole


@register_pass(mutates_CFG=True, analysis_only=False)
class _Lowering(NativeLowering):
    """numba's lowering, into such a library."""

    _name = "part_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = _Library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        key: Any = [].append  # any built-in function of its own: stands for the machine code where callers look it up
        state.targetctx.insert_user_function(key, state["cr"].fndesc, [state.library])
        state["cr"] = state["cr"]._replace(cfunc=key)
        return True


# of closures, comprehensions, array expressions and inlined functions: parts have none
_NOT_NEEDED = (
    InlineClosureLikes,
    InlineInlinables,
    InlineOverloads,
    LiteralUnroll,
    NopythonRewrites,
    WithLifting,
)


class _Compiler(CompilerBase):
    """numba's pipeline with that lowering."""

    def define_pipelines(self) -> list[Any]:
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.passes = [
            (_Lowering if p is NativeLowering else p, text)
            for p, text in pipeline.passes
            if p not in _NOT_NEEDED
        ]
        pipeline.finalize()
        return [pipeline]


def declare(f: Callable[..., Any], code: Callable[..., Any]) -> None:
    """Let compiled functions call f: the code is compiled as a part, once for each set of argument types."""
    part = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=_Compiler)(code)

    @type_callable(f)
    def resolve(context: Any) -> Any:
        def result(*args: Any) -> Any:
            return types.Dispatcher(part).get_call_type(context, args, {})

        result.__signature__ = inspect.signature(code)  # type: ignore[attr-defined]
        return result

    @lower_builtin(f, types.VarArg(types.Any))
    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        call = context.get_function(types.Dispatcher(part), sig)
        context.add_linking_libs(call.libs)
        return call(builder, args)
