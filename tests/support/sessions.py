"""A pytest session's folders and the order of its files.

Sessions at the same time share nothing. pytest closes the folder that its sessions share whenever one of them begins,
which would shut the servers of another session, whose user is not root, out of their data.

A session removes its folder at its end, unless it failed or was killed. What is left behind then is removed by a later
session: each folder has a lock that its session holds, which the kernel releases however that session ends.
"""

import fcntl
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import IO, Final

import pytest

_FOLDER: Final = pytest.StashKey[Path]()
_HELD: Final = pytest.StashKey[IO[str]]()
_PREFIX: Final = "bateia-tests-"
_SUFFIX: Final = ".lock"
KEPT_SECONDS: Final = 3_600
"""The age up to which the folder of a session that has ended is kept, so that a failure can be looked for in it."""
_FIRST: Final = ("tests/model", "tests/bounds", "tests/system", "tests/browser", "tests/entrypoints", "tests/adapters")
"""The slowest files. Files are handed to workers one by one, and a long one at the end would keep one of them alone."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give the session a folder for temporary files of its own, unless `--basetemp` names one (and a worker's does).

    Processes that tests start get these signals, and must not inherit that they are ignored, as below `nohup … &`.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if config.option.basetemp is None:
        remove_remains(Path(gettempdir()))
        config.stash[_FOLDER], config.stash[_HELD] = locked_folder(Path(gettempdir()))
        config.option.basetemp = str(config.stash[_FOLDER])


def locked_folder(parent: Path) -> tuple[Path, IO[str]]:
    """Create a session's folder, and hold its lock until the file is closed or the process ends.

    The lock is beside the folder, for pytest creates the folder anew.
    """
    folder = Path(mkdtemp(prefix=_PREFIX, dir=parent))
    lock = _lock_of(folder).open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


def remove_remains(parent: Path) -> None:
    """Remove the folders of sessions that have ended and began more than `KEPT_SECONDS` ago."""
    for lock in parent.glob(f"{_PREFIX}*{_SUFFIX}"):
        with suppress(OSError), lock.open() as held:  # its session goes on, is another user's, or has just removed it
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if time.time() - lock.stat().st_mtime > KEPT_SECONDS:
                _remove(lock.with_suffix(""))


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + _SUFFIX)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _lock_of(folder).unlink(missing_ok=True)


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
        _remove(folder)


def _rank(path: str) -> int:
    return next((rank for rank, folder in enumerate(_FIRST) if path.startswith(f"{folder}/")), len(_FIRST))
