"""QuickJS-NG through its C API (quickjs.h), which the extension modules of dukpy and of quickjs-ng both export.

The packages' own Python layers stay unused: dukpy's fixes the heap at 128 MiB, publishes a bridge that reads files and
ends strings at the first NUL; quickjs-ng's cuts integers and cannot take a concatenated string. Here both are one
engine, and text passes as bytes with a length.

The holder of a `Value` owns it, and frees it where it would otherwise take memory from the script for a whole run;
small values are left to the end of the run, when the process ends or the heap returns to its snapshot.
"""

import ctypes
import mmap
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from adapters.javascript.confined.allocator import NotRestorable, allocator
from adapters.javascript.confined.quickjs_api import (
    EXCEPTION_TAG,
    UNDEFINED,
    Interrupt,
    Loader,
    Rejected,
    Told,
    Value,
    load,
)

_CFUNC_F_F: Final = 6
"""JS_CFUNC_f_f, a C function from double to double: the one kind whose result a ctypes callback can return."""

_COMPILE_ONLY: Final = 1 << 5
_BYTECODE: Final = 1
_BYTECODE_WITHOUT_SOURCE: Final = _BYTECODE | 1 << 4
"""Flags of JS_Eval, JS_ReadObject and JS_WriteObject."""

_mprotect: Final = ctypes.PyDLL(None, use_errno=True).mprotect
_mprotect.argtypes, _mprotect.restype = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int), ctypes.c_int

_READ_ONLY: Final = 0x100
_view: Final = ctypes.pythonapi.PyMemoryView_FromMemory
_view.argtypes, _view.restype = (ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_int), ctypes.py_object

_ARGUMENTS: Final = tuple(Value * count for count in range(3))
"""Array types, which ctypes would otherwise make anew for every call."""

Text: TypeAlias = memoryview
"""UTF-8 in the engine's memory, lone surrogates as if they were characters. Valid as long as the process."""


class Thrown(Exception):
    """JavaScript threw `value`."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class QuickJS:
    """One runtime with one context, and realms beside it. `OSError` or `AttributeError` if the library has none."""

    def __init__(self, library: str, counts: bool = True, arena_bytes: int = 0) -> None:
        """Create a runtime. Without `counts` it has no allocator but the engine's own heap limit, which throws.

        `arena_bytes` of address space make it restorable as long as it does with them.
        """
        self._api = load(library)
        self._allocator = allocator(arena_bytes=arena_bytes) if counts else None
        self._runtime = self._new_runtime()
        self._context = self._new_context()
        self._job_context = ctypes.byref(ctypes.c_void_p())  # that of the last job, which is not needed
        self._callbacks: list[Any] = []  # which ctypes would free while the engine still holds them

    def close(self) -> None:
        """Free the engine, which must hold nothing but its context any more."""
        self._api.JS_FreeContext(self._context)
        self._api.JS_FreeRuntime(self._runtime)

    @property
    def version(self) -> str:
        """The engine's version number."""
        return bytes(self._api.JS_GetVersion()).decode("ascii")

    def _new_runtime(self) -> int | None:
        if self._allocator is None:
            return self._api.JS_NewRuntime()  # type: ignore[no-any-return]
        return self._api.JS_NewRuntime2(*self._allocator.addresses)  # type: ignore[no-any-return]

    def new_realm(self) -> "QuickJS":
        """Create another global object with builtins of its own, on the same heap. Values can be passed to both."""
        realm = object.__new__(QuickJS)
        realm.__dict__.update(self.__dict__)
        realm._context = self._new_context()
        return realm

    def _new_context(self) -> int:
        context: int | None = self._api.JS_NewContext(self._runtime)
        if not context:
            raise MemoryError("the engine has no memory for a context")
        return context

    def limit_heap(self, size_bytes: int) -> None:
        """Let the heap grow to `size_bytes`, which count what it holds already; 0 for without end.

        Growing further ends the process, but on a machine that has no allocator of ours, where it throws.
        """
        if self._allocator is None:
            self._api.JS_SetMemoryLimit(self._runtime, size_bytes)
        else:
            self._allocator.limit(size_bytes)

    @property
    def held_bytes(self) -> int:
        """The bytes that the heap holds; 0 where there is no account of ours."""
        return 0 if self._allocator is None else self._allocator.used

    @property
    def is_restorable(self) -> bool:
        """Tell whether the whole heap is in its arena, without which `snapshot` and `restore` are impossible."""
        return self._allocator is not None and not self._allocator.is_spilled

    def snapshot(self) -> None:
        """Copy the heap, for `restore`. Raises `NotRestorable`."""
        if self._allocator is None:
            raise NotRestorable("there is no allocator for this machine")
        self._allocator.snapshot()

    def restore(self) -> None:
        """Return runtime, contexts and values to the snapshot. What was created since is gone, and must not be used.

        Raises `NotRestorable`.
        """
        if self._allocator is None:
            raise NotRestorable("there is no allocator for this machine")
        self._allocator.restore()

    def limit_stack(self, size_bytes: int) -> None:
        """Let calls take `size_bytes` of the process's stack."""
        self._api.JS_SetMaxStackSize(self._runtime, size_bytes)

    def collect_from(self, size_bytes: int) -> None:
        """Look for cycles once the heap has grown to `size_bytes`, and then each time by half of itself."""
        self._api.JS_SetGCThreshold(self._runtime, size_bytes)

    def evaluate(self, source: bytes, name: bytes) -> Value:
        """Evaluate a script, which stack traces call `name`, and return its completion value; `Thrown`."""
        self._api.JS_UpdateStackTop(self._runtime)
        return self._checked(self._api.JS_Eval(self._context, source, len(source), name, 0))

    def compile(self, source: bytes, name: bytes, keeps_source: bool) -> bytes:
        """Compile a script to bytecode, which takes a tenth of the time of its source to load; `Thrown`."""
        script = self._checked(self._api.JS_Eval(self._context, source, len(source), name, _COMPILE_ONLY))
        size, flags = ctypes.c_size_t(), _BYTECODE if keeps_source else _BYTECODE_WITHOUT_SOURCE
        written = self._api.JS_WriteObject(self._context, ctypes.byref(size), script, flags)
        self.free(script)
        return ctypes.string_at(written, size.value)

    def load(self, code: bytes) -> Value:
        """Run a compiled script and return its completion value; `Thrown`. A callback has the rest of the stack."""
        script = self._checked(self._api.JS_ReadObject(self._context, code, len(code), _BYTECODE))
        return self._checked(self._api.JS_EvalFunction(self._context, script))

    def call(self, function: Value, *arguments: Value) -> Value:
        """Call the function and return its value; `Thrown`."""
        self._api.JS_UpdateStackTop(self._runtime)
        values = _ARGUMENTS[len(arguments)](*arguments)
        return self._checked(self._api.JS_Call(self._context, function, UNDEFINED, len(arguments), values))

    def parse(self, text: bytes) -> Value:
        """Parse JSON text; `Thrown`."""
        return self._checked(self._api.JS_ParseJSON(self._context, text, len(text), b"dataset.json"))

    def string(self, text: bytes) -> Value:
        """Create a string; `Thrown`."""
        return self._checked(self._api.JS_NewStringLen(self._context, text, len(text)))

    def stringify(self, value: Value) -> Value:
        """Serialise a value as a string of JSON text, undefined if it has none; `Thrown`. Scripts' own code may run."""
        self._api.JS_UpdateStackTop(self._runtime)
        return self._checked(self._api.JS_JSONStringify(self._context, value, UNDEFINED, UNDEFINED))

    def member(self, holder: Value, name: bytes) -> Value:
        """Read a property; `Thrown`. A getter runs."""
        return self._checked(self._api.JS_GetPropertyStr(self._context, holder, name))

    def text(self, value: Value) -> Text:
        """Convert the value to a string; `Thrown`. An object's own `toString` runs."""
        size = ctypes.c_size_t()
        address = self._api.JS_ToCStringLen2(self._context, ctypes.byref(size), value, False)
        if not address:
            raise Thrown(self._api.JS_GetException(self._context))
        view: Text = _view(address, size.value, _READ_ONLY)
        return view

    def is_error(self, value: Value) -> bool:
        """Tell whether it was created as an Error."""
        return bool(self._api.JS_IsError(value))

    def class_of(self, value: Value) -> int:
        """Return the number of an object's class, which means the same as long as the process lives."""
        return int(self._api.JS_GetClassID(value))

    def proxy_target(self, proxy: Value) -> Value:
        """Return the object behind a proxy, null once it has been revoked."""
        target: Value = self._api.JS_GetProxyTarget(self._context, proxy)
        return target

    def promise_state(self, promise: Value) -> int:
        """Return a promise's state: 0 pending, 1 fulfilled, 2 rejected."""
        return int(self._api.JS_PromiseState(self._context, promise))

    def promise_result(self, promise: Value) -> Value:
        """Return the value or the reason that a promise is settled with."""
        result: Value = self._api.JS_PromiseResult(self._context, promise)
        return result

    def bytes_of(self, buffer: Value) -> memoryview:
        """View the bytes of an ArrayBuffer, valid as long as it is."""
        size = ctypes.c_size_t()
        address = self._api.JS_GetArrayBuffer(self._context, ctypes.byref(size), buffer)
        view: memoryview = _view(address, size.value, _READ_ONLY) if size.value else memoryview(b"")
        return view

    def buffer(self, content: bytes) -> Value:
        """Create an ArrayBuffer; `Thrown`."""
        return self._checked(self._api.JS_NewArrayBufferCopy(self._context, content, len(content)))

    def set_member(self, holder: Value, name: bytes, value: Value) -> None:
        """Set a property of the object, and give up the ownership of `value`."""
        self._api.JS_SetPropertyStr(self._context, holder, name, value)

    def free(self, value: Value) -> None:
        """Free the value."""
        self._api.JS_FreeValue(self._context, value)

    def run_jobs(self) -> None:
        """Run the jobs that promises have queued until none is left; `Thrown`."""
        self._api.JS_UpdateStackTop(self._runtime)
        while (done := self._api.JS_ExecutePendingJob(self._runtime, self._job_context)) > 0:
            pass
        if done < 0:
            raise Thrown(self._api.JS_GetException(self._context))

    def function(self, name: bytes, told: Callable[[float], float]) -> Value:
        """Create a function of one number, for JavaScript to call. It must not raise."""
        callback = self._kept(Told(told))
        pointer = ctypes.cast(callback, ctypes.c_void_p)
        return self._checked(self._api.JS_NewCFunction2(self._context, pointer, name, 1, _CFUNC_F_F, 0))

    def track_rejections(self, tracker: Callable[[Value, Value, bool], None]) -> None:
        """Call `tracker(promise, reason, is_handled)` when a promise is rejected, and when it is handled after all."""

        def tracked(_context: int, promise: Value, reason: Value, is_handled: bool, _opaque: int) -> None:
            tracker(promise, reason, is_handled)

        self._api.JS_SetHostPromiseRejectionTracker(self._runtime, self._kept(Rejected(tracked)), None)

    def kept(self, value: Value) -> Value:
        """Duplicate a reference, so that the value survives its present holder."""
        again: Value = self._api.JS_DupValue(self._context, value)
        return again

    def refuse_modules(self, reason: Callable[[bytes], Value]) -> None:
        """Have every import of a module throw `reason(its name)`."""

        def refuse(_context: int, name: bytes, _opaque: int) -> None:
            self._api.JS_Throw(self._context, reason(name))

        self._api.JS_SetModuleLoaderFunc(self._runtime, None, self._kept(Loader(refuse)), None)

    @staticmethod
    def interrupt(is_due: Callable[[], bool]) -> Any:
        """Create a callback for `interrupt_with`. Make it before memory is sealed, and seal it."""
        return Interrupt(lambda _runtime, _opaque: int(is_due()))

    def interrupt_with(self, interrupt: Any) -> None:
        """Have code end, uncatchably, once the interrupt is due: `Thrown`."""
        self._api.JS_SetInterruptHandler(self._runtime, interrupt, None)

    def enforce_w_xor_x(self) -> None:
        """Make the code behind the callbacks read-only, which ctypes may leave writable. Make none after that."""
        for callback in self._callbacks:
            seal_callback(callback)

    def _kept(self, callback: Any) -> Any:
        self._callbacks.append(callback)
        return callback

    def _checked(self, value: Value) -> Value:
        if value.tag == EXCEPTION_TAG:
            raise Thrown(self._api.JS_GetException(self._context))
        return value


def seal_callback(callback: Any) -> None:
    """Make the page with a callback's code executable and read-only."""
    address = ctypes.cast(callback, ctypes.c_void_p).value or 0
    page = address & -mmap.PAGESIZE
    if _mprotect(page, mmap.PAGESIZE, mmap.PROT_READ | mmap.PROT_EXEC) != 0:
        raise OSError(ctypes.get_errno(), "the callbacks' code cannot be made read-only")
