"""QuickJS-NG inside a zygote: dukpy's extension module, one context with the prelude in it, and its limits.

dukpy's own Python layer is absent on purpose: it hands the environment to scripts and its loader reads files. Of the
module loader's hooks the bridge has none, so every `import()` fails. Only the standard library is imported here.
"""

import ctypes
import resource
from collections.abc import Callable
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Final

from adapters.javascript import wire

_CAPSULE: Final = b"DUKPY_CONTEXT_CAPSULE"
_PRELUDE: Final = Path(__file__).with_name(wire.PRELUDE_NAME)

_MIB: Final = 1024 * 1024
_STACK_RLIMIT_BYTES: Final = 64 * _MIB
_STACK_BYTES: Final = 3 * _MIB
"""For JavaScript: some 1,900 frames, where dukpy's own 1 MiB is spent after 600. With more of it a check for cycles,
whose time grows with the square of the depth, could outlast a run."""


class Engine:
    """One warm context. Whoever forks hands a copy to the child, which sets `listener` and evaluates."""

    def __init__(self, extension: str) -> None:
        self._module = _load(extension)
        self._ctx: Any = self._module.create_context()
        self._functions = ctypes.PyDLL(extension)
        self._runtime = _runtime(self._ctx)
        self._functions.JS_SetMemoryLimit.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
        self._functions.JS_SetMemoryLimit.restype = None
        self.listener: Callable[[bytes], bytes | None] = lambda said: None
        self.error: type[Exception] = self._module.JSRuntimeError
        self._limit_stack()
        self._module.eval_string(self, _PRELUDE.read_bytes(), b"null", True, wire.PRELUDE_NAME)

    @property
    def version(self) -> str:
        """The engine's own version number."""
        self._functions.JS_GetVersion.restype = ctypes.c_char_p
        return bytes(self._functions.JS_GetVersion()).decode("ascii")

    def limit_heap(self, size_bytes: int) -> None:
        """Let the heap grow to `size_bytes`, which count what it holds already."""
        self._functions.JS_SetMemoryLimit(self._runtime, size_bytes)

    def evaluate(self, source: bytes, dataset: bytes) -> bytes | None:
        """JSON of the completion value, None for undefined; `dataset` is what the prelude receives first."""
        value: bytes | None = self._module.eval_string(self, source, dataset)
        return value

    def _limit_stack(self) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
        if soft != resource.RLIM_INFINITY and soft < _STACK_RLIMIT_BYTES:
            soft = _STACK_RLIMIT_BYTES if hard == resource.RLIM_INFINITY else min(hard, _STACK_RLIMIT_BYTES)
            resource.setrlimit(resource.RLIMIT_STACK, (soft, hard))
        room = _STACK_RLIMIT_BYTES if soft == resource.RLIM_INFINITY else soft
        self._functions.JS_SetMaxStackSize.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
        self._functions.JS_SetMaxStackSize.restype = None
        self._functions.JS_SetMaxStackSize(self._runtime, min(_STACK_BYTES, room // 2))

    # The names below are dukpy's: its extension calls them on whatever it is given as the interpreter.

    def _check_exported_function_exists(self, name: bytes) -> bool:
        return True

    def _call_python(self, name: bytes, arguments: bytes) -> bytes | None:
        return self.listener(name)


def _load(extension: str) -> Any:
    spec = spec_from_file_location("_dukpy", extension, loader=ExtensionFileLoader("_dukpy", extension))
    if spec is None or spec.loader is None:
        raise ImportError(f"{extension} is no extension module")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _runtime(context: object) -> int:
    """The address of the JSRuntime: the first member of the struct that dukpy's capsule holds."""
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.argtypes, pointer.restype = (ctypes.py_object, ctypes.c_char_p), ctypes.c_void_p
    runtime = ctypes.c_void_p.from_address(pointer(context, _CAPSULE)).value
    if runtime is None:
        raise RuntimeError("dukpy made a context without a runtime")
    return runtime
