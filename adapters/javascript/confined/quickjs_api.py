"""The part of quickjs.h that is used here, for ctypes."""

import ctypes
from types import SimpleNamespace
from typing import Any, Final

_OBJECT_TAG: Final = -1
_INT_TAG: Final = 0
_BOOL_TAG: Final = 1
_UNDEFINED_TAG: Final = 3
EXCEPTION_TAG: Final = 6
_P: Final = ctypes.c_void_p
_Size: Final = ctypes.c_size_t


class _Union(ctypes.Union):
    _fields_ = (("int32", ctypes.c_int32), ("float64", ctypes.c_double), ("pointer", ctypes.c_void_p))


class Value(ctypes.Structure):
    """JSValue, as a machine of 64 bits has it."""

    _fields_ = (("u", _Union), ("tag", ctypes.c_int64))

    @property
    def is_undefined(self) -> bool:
        """Tell whether it is `undefined`."""
        return bool(self.tag == _UNDEFINED_TAG)

    @property
    def is_true(self) -> bool:
        """Tell whether it is `true`."""
        return bool(self.tag == _BOOL_TAG and self.u.int32)

    @property
    def is_object(self) -> bool:
        """Tell whether it is an object."""
        return bool(self.tag == _OBJECT_TAG)

    @property
    def as_count(self) -> int | None:
        """The integer from 0 on that it is, up to 2^31."""
        return int(self.u.int32) if self.tag == _INT_TAG and self.u.int32 >= 0 else None

    @property
    def identity(self) -> int:
        """A number that no other living object has."""
        return int(self.u.pointer or 0)


UNDEFINED: Final = Value(_Union(int32=0), _UNDEFINED_TAG)

Told: Final = ctypes.PYFUNCTYPE(ctypes.c_double, ctypes.c_double)
Rejected: Final = ctypes.PYFUNCTYPE(None, _P, Value, Value, ctypes.c_bool, _P)
Interrupt: Final = ctypes.PYFUNCTYPE(ctypes.c_int, _P, _P)
Loader: Final = ctypes.PYFUNCTYPE(_P, _P, ctypes.c_char_p, _P)

_SIGNATURES: Final[dict[str, tuple[Any, ...]]] = {
    "JS_GetVersion": (ctypes.c_char_p,),
    "JS_NewRuntime": (_P,),
    "JS_NewRuntime2": (_P, _P, _P),
    "JS_NewContext": (_P, _P),
    "JS_FreeContext": (None, _P),
    "JS_FreeRuntime": (None, _P),
    "JS_SetMemoryLimit": (None, _P, _Size),
    "JS_SetMaxStackSize": (None, _P, _Size),
    "JS_SetGCThreshold": (None, _P, _Size),
    "JS_UpdateStackTop": (None, _P),
    "JS_Eval": (Value, _P, ctypes.c_char_p, _Size, ctypes.c_char_p, ctypes.c_int),
    "JS_EvalFunction": (Value, _P, Value),
    "JS_WriteObject": (_P, _P, ctypes.POINTER(_Size), Value, ctypes.c_int),
    "JS_ReadObject": (Value, _P, ctypes.c_char_p, _Size, ctypes.c_int),
    "JS_Call": (Value, _P, Value, Value, ctypes.c_int, ctypes.POINTER(Value)),
    "JS_NewStringLen": (Value, _P, ctypes.c_char_p, _Size),
    "JS_ParseJSON": (Value, _P, ctypes.c_char_p, _Size, ctypes.c_char_p),
    "JS_JSONStringify": (Value, _P, Value, Value, Value),
    "JS_GetPropertyStr": (Value, _P, Value, ctypes.c_char_p),
    "JS_ToCStringLen2": (_P, _P, ctypes.POINTER(_Size), Value, ctypes.c_bool),
    "JS_NewCFunction2": (Value, _P, _P, ctypes.c_char_p, ctypes.c_int, ctypes.c_int, ctypes.c_int),
    "JS_ExecutePendingJob": (ctypes.c_int, _P, ctypes.POINTER(_P)),
    "JS_SetHostPromiseRejectionTracker": (None, _P, Rejected, _P),
    "JS_SetInterruptHandler": (None, _P, Interrupt, _P),
    "JS_SetModuleLoaderFunc": (None, _P, _P, Loader, _P),
    "JS_GetException": (Value, _P),
    "JS_Throw": (Value, _P, Value),
    "JS_IsError": (ctypes.c_bool, Value),
    "JS_GetClassID": (ctypes.c_uint32, Value),
    "JS_GetProxyTarget": (Value, _P, Value),
    "JS_PromiseState": (ctypes.c_int, _P, Value),
    "JS_PromiseResult": (Value, _P, Value),
    "JS_GetArrayBuffer": (_P, _P, ctypes.POINTER(_Size), Value),
    "JS_NewArrayBufferCopy": (Value, _P, ctypes.c_char_p, _Size),
    "JS_SetPropertyStr": (ctypes.c_int, _P, Value, ctypes.c_char_p, Value),
    "JS_DupValue": (Value, _P, Value),
    "JS_FreeValue": (None, _P, Value),
}


def load(library: str) -> SimpleNamespace:
    """Load the library and declare its functions. Raises `OSError` or `AttributeError` if the engine is not in it."""
    loaded = ctypes.PyDLL(library)
    functions = {name: getattr(loaded, name) for name in _SIGNATURES}
    for name, (result, *arguments) in _SIGNATURES.items():
        functions[name].restype, functions[name].argtypes = result, arguments
    return SimpleNamespace(**functions)
