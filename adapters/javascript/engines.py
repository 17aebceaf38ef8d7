"""The engines' shared libraries, and the distributions that ship them.

Both are QuickJS-NG; the packages are pinned, and neither is imported in this process or in any other.
"""

from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from adapters.javascript.launch import ZygoteStartFailed
from domain.engine import EngineName

_PLACES: Final = {EngineName.DUKPY: ("dukpy", "_dukpy"), EngineName.QUICKJS_NG: ("quickjs", "../_quickjs")}
"""A package, which is found but not imported, and its extension module's file from there, without the suffix."""


_REMEDY: Final = (
    "run scripts/setup.sh, or install it in the version that requirements.lock pins, and restart the worker"
)


class EngineNotInstalled(ZygoteStartFailed):
    """The engine's distribution is not in this environment."""


def engine_named(name: str) -> EngineName:
    """Parse the name of an engine. Raises `EngineNotInstalled` for one that only other releases know."""
    try:
        return EngineName(name)
    except ValueError:
        raise EngineNotInstalled(
            f"this release has no engine {name!r}: install a release that has it, or upload the script again for "
            f"{' or '.join(EngineName)}"
        ) from None


def installed_engines() -> tuple[EngineName, ...]:
    """List the engines whose libraries are installed."""
    return tuple(filter(is_installed, EngineName))


def installed_release(name: str) -> str | None:
    """Return the installed release of an engine, as executions name it; None if the engine is not installed."""
    try:
        return distribution_of(engine_named(name))
    except EngineNotInstalled:
        return None


def is_installed(engine: EngineName) -> bool:
    """Tell whether the engine's library is there."""
    try:
        return bool(library_of(engine))
    except EngineNotInstalled:
        return False


def library_of(engine: EngineName) -> Path:
    """Find the file of the engine's shared library. Raises `EngineNotInstalled` if it or its metadata is absent."""
    distribution_of(engine)
    package, stem = _PLACES[engine]
    spec = find_spec(package)
    for folder in [] if spec is None else spec.submodule_search_locations or ():
        for suffix in EXTENSION_SUFFIXES:
            path = Path(folder, f"{stem}{suffix}").resolve()
            if path.exists():
                return path
    raise EngineNotInstalled(f"the engine {engine} is not installed: its distribution has no library; {_REMEDY}")


def distribution_of(engine: EngineName) -> str:
    """Name the engine's distribution and its version. Raises `EngineNotInstalled` if its metadata is absent."""
    try:
        return f"{engine} {version(engine)}"
    except PackageNotFoundError as error:
        raise EngineNotInstalled(f"the distribution {engine} is not installed: {_REMEDY}") from error
