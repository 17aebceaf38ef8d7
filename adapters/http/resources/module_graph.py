"""The JavaScript modules that have to be there before one of them runs: its static imports, and theirs."""

import re
from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath
from typing import Final

_IMPORTED: Final = re.compile(rb'^(?:import|export)\b(?:[^;"(]*\bfrom)?\s*"(\.[^"]+)"', re.MULTILINE)
"""The import of a statement. An `import()` loads its module later, and a comment begins with another word."""


def needed_modules(files: Mapping[str, bytes], name: str) -> tuple[str, ...]:
    """List the modules that the module of that name needs, without itself, the nearest first.

    `files` are their texts by path. A module that is not among them is a KeyError.
    """
    found = {name: None}
    waiting = [name]
    while waiting:
        new = [one for importing in waiting for one in _imports(files, importing) if one not in found]
        waiting = list(dict.fromkeys(new))
        found.update(dict.fromkeys(waiting))
    return tuple(found)[1:]


def _imports(files: Mapping[str, bytes], name: str) -> Iterator[str]:
    return (normpath(join(dirname(name), path.decode())) for path in _IMPORTED.findall(files[name]))
