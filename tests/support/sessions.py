"""A pytest session's folders and the order of its files.

Sessions at the same time share nothing. pytest closes the folder that its sessions share whenever one of them begins,
which would shut the servers of another session, whose user is not root, out of their data.
"""

import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import pytest

_FOLDER: Final = pytest.StashKey[Path]()
_FIRST: Final = ("tests/model", "tests/bounds", "tests/system", "tests/browser", "tests/entrypoints", "tests/adapters")
"""The slowest files. Files are handed to workers one by one, and a long one at the end would keep one of them alone."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give the session a folder for temporary files of its own, unless `--basetemp` names one (and a worker's does)."""
    if config.option.basetemp is None:
        config.stash[_FOLDER] = Path(mkdtemp(prefix="bateia-tests-"))
        config.option.basetemp = str(config.stash[_FOLDER])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort the slowest folders' tests to the front."""
    root = config.rootpath
    items.sort(key=lambda item: _rank(item.path.relative_to(root).as_posix()))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remove the folder, unless a failure may be looked for in it."""
    folder = session.config.stash.get(_FOLDER, None)
    if folder and exitstatus == pytest.ExitCode.OK:
        shutil.rmtree(folder, ignore_errors=True)


def _rank(path: str) -> int:
    return next((rank for rank, folder in enumerate(_FIRST) if path.startswith(f"{folder}/")), len(_FIRST))
