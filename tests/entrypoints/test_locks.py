"""Locks exclude processes of one service from one another, and other users cannot interfere."""

import fcntl
import multiprocessing
import os
from contextlib import ExitStack
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from entrypoints.embedded_postgres.locks import Busy, hold
from tests.support.folders import let_others_through
from tests.support.strangers import a_stranger, hold_lock, needs_root

CONTENDERS = 6


def nobody_works() -> bool:
    return False


def somebody_works() -> bool:
    return True


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    let_others_through(tmp_path)
    return tmp_path / "lock"


def exposed(lock: Path) -> int:
    """Create a lock file as earlier releases left it, and return its inode."""
    lock.touch()
    lock.chmod(0o644)
    return lock.stat().st_ino


def test_a_held_lock_is_busy_and_a_released_one_is_free(lock: Path) -> None:
    for _ in range(2):
        with ExitStack() as first, ExitStack() as second:
            descriptor = hold(first, lock, 0, nobody_works)
            assert os.get_inheritable(descriptor) is False
            assert lock.stat().st_mode & 0o777 == 0o600
            with pytest.raises(Busy):
                hold(second, lock, 0.1, nobody_works)


def test_a_lock_of_an_earlier_release_is_replaced_when_it_is_free(lock: Path) -> None:
    before = exposed(lock)
    with ExitStack() as stack:
        descriptor = hold(stack, lock, 0, nobody_works)
        after = lock.stat()
        assert (after.st_ino != before, after.st_mode & 0o777) == (True, 0o600)
        assert os.fstat(descriptor).st_ino == after.st_ino


def test_an_earlier_release_that_runs_keeps_its_lock(lock: Path) -> None:
    before = exposed(lock)
    with lock.open() as of_the_release, ExitStack() as stack:
        fcntl.flock(of_the_release, fcntl.LOCK_EX)
        with pytest.raises(Busy):
            hold(stack, lock, 0.1, nobody_works)
        assert lock.stat().st_ino == before


def test_an_earlier_release_cannot_take_a_held_lock(lock: Path) -> None:
    exposed(lock)
    with ExitStack() as stack:
        hold(stack, lock, 0, nobody_works)
        with lock.open() as again, pytest.raises(BlockingIOError):
            fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)


@needs_root
def test_another_user_s_hold_on_a_lock_of_an_earlier_release_is_void(lock: Path) -> None:
    exposed(lock)
    with a_stranger(hold_lock, str(lock)) as stranger:
        assert stranger.recv() == "held"
        with ExitStack() as stack, pytest.raises(Busy):
            hold(stack, lock, 0.1, somebody_works)  # a process of ours may have inherited the lock
        for _ in range(2):
            with ExitStack() as stack:
                hold(stack, lock, 0, nobody_works)


@needs_root
def test_of_many_concurrent_processes_one_replaces_a_lock_held_by_another_user(lock: Path) -> None:
    exposed(lock)
    context = multiprocessing.get_context("fork")
    with a_stranger(hold_lock, str(lock)) as stranger:
        assert stranger.recv() == "held"
        for _ in range(5):
            start, end, won = context.Barrier(CONTENDERS), context.Barrier(CONTENDERS), context.Value("i", 0)

            def contend(start: Barrier, end: Barrier, won: object) -> None:
                with ExitStack() as stack:
                    start.wait(30)
                    try:
                        hold(stack, lock, 0, nobody_works)
                    except Busy:
                        pass
                    else:
                        with won.get_lock():  # type: ignore[attr-defined]
                            won.value += 1  # type: ignore[attr-defined]
                    end.wait(30)

            contenders = [
                context.Process(target=contend, args=(start, end, won), daemon=True) for _ in range(CONTENDERS)
            ]
            for one in contenders:
                one.start()
            for one in contenders:
                one.join(60)
            assert [one.exitcode for one in contenders] == [0] * CONTENDERS
            assert won.value == 1
