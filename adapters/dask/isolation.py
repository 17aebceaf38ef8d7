"""The import of Dask without the settings that users and administrators may have for other programs of theirs.

Dask reads `DASK_…` and YAML files, in the home folder among others, as it is imported, and again in each worker. They
could turn encryption off, load modules, and log arguments. So this runs before any import of `distributed`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_PREFIX: Final = "DASK_"
_NO_FOLDER: Final = "/dev/null"


def isolate() -> None:
    """Import Dask's settings as they come with it, and forget where others would be found."""
    for name in [one for one in os.environ if one.startswith(_PREFIX)]:
        del os.environ[name]  # so that worker processes do not have them either
    with _homeless():
        import dask.config
    dask.config.paths.clear()  # the very list that each later refresh looks into
    dask.config.refresh()


@contextmanager
def _homeless() -> Iterator[None]:
    """Hide the home folder: a damaged file in it would end the import."""
    home = os.environ.get("HOME")
    os.environ["HOME"] = os.environ[f"{_PREFIX}ROOT_CONFIG"] = _NO_FOLDER
    try:
        yield
    finally:
        del os.environ[f"{_PREFIX}ROOT_CONFIG"]
        if home is None:
            del os.environ["HOME"]
        else:
            os.environ["HOME"] = home
