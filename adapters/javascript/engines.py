"""The engines that can be chosen: where the shared library of each is, and what it is called.

Both are QuickJS-NG; the packages are pinned, and neither is imported in this process or in any other.
"""

from enum import StrEnum
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from adapters.javascript.launch import CannotConfine


class EngineName(StrEnum):
    """The distributions that bring an engine, as PyPI knows them."""

    DUKPY = "dukpy"
    QUICKJS_NG = "quickjs-ng"


_PLACES: Final = {EngineName.DUKPY: ("dukpy", "_dukpy"), EngineName.QUICKJS_NG: ("quickjs", "../_quickjs")}
"""A package, which is found but not imported, and its extension module's file from there, without the suffix."""


def library_of(engine: EngineName) -> Path:
    """The file of the engine's shared library; `CannotConfine` if it is not installed."""
    package, stem = _PLACES[engine]
    spec = find_spec(package)
    for folder in [] if spec is None else spec.submodule_search_locations or ():
        for suffix in EXTENSION_SUFFIXES:
            path = Path(folder, f"{stem}{suffix}").resolve()
            if path.exists():
                return path
    raise CannotConfine(f"the engine {engine} is not installed")


def label_of(engine: EngineName, engine_version: str) -> str:
    """How executions name the engine: package, its version, and the version that the engine itself tells."""
    return f"{engine} {version(engine)} (QuickJS-NG {engine_version})"
