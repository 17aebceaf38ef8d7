"""The file of signing keys: whole or not there, changed one at a time, and read again when it has changed."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from returns.pipeline import is_successful

from adapters.signing.key_file import change_key_file, create_key_file, read_key_file
from adapters.signing.signer import FileSigner
from adapters.signing.signing_keys import SigningKeys, new_signing_key, rotated
from tests.support.signing import SIGNING_KEYS

AT = SIGNING_KEYS.current.created_at


def other_keys(number: int) -> SigningKeys:
    return SigningKeys((new_signing_key(bytes([number]) * 32, AT),))


def rotate(path: Path, number: int) -> SigningKeys:
    return change_key_file(path, lambda keys: rotated(keys, new_signing_key(bytes([number]) * 32, AT))).unwrap()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    create_key_file(tmp_path / "keys", SIGNING_KEYS)
    return tmp_path / "keys"


def test_a_new_file_is_its_owner_s_alone_and_takes_no_other_s_place(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        create_key_file(path, other_keys(1))
    assert read_key_file(path).unwrap() == SIGNING_KEYS
    assert [one.name for one in path.parent.iterdir()] == ["keys"]


def test_of_all_who_create_the_file_at_once_one_does(tmp_path: Path) -> None:
    def create(number: int) -> bool:
        try:
            create_key_file(tmp_path / "keys", other_keys(number))
        except FileExistsError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(create, range(8)))
    assert made.count(True) == 1
    assert read_key_file(tmp_path / "keys").unwrap() == other_keys(made.index(True))


def test_changes_at_once_are_made_one_after_another(path: Path) -> None:
    numbers = range(1, 33)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: rotate(path, number), numbers))
    found = read_key_file(path).unwrap()
    made = {other_keys(number).current.public for number in numbers}
    assert {one.public for one in found.keys} == {SIGNING_KEYS.current.public} | made
    assert [one.seed is None for one in found.keys] == [False, *[True] * len(made)]
    assert [one.name for one in path.parent.iterdir()] == ["keys"]


def test_a_change_keeps_owner_mode_and_link(path: Path) -> None:
    path.chmod(0o640)
    os.chown(path, 12345, 12345)
    link = path.with_name("link")
    link.symlink_to(path)
    rotate(link, 1)
    found = path.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (12345, 12345, 0o640)
    assert link.is_symlink()


def test_unusable_keys_are_not_changed(path: Path) -> None:
    path.write_text("nonsense")
    assert not is_successful(change_key_file(path, lambda keys: keys))
    assert path.read_text() == "nonsense"


def killed_at(step: str, work: Callable[[], object]) -> None:
    """Do the work in a process that is killed when it calls that function of `os`, if it does."""
    child = os.fork()
    if child == 0:
        setattr(os, step, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (-signal.SIGKILL, 0)


@pytest.mark.parametrize("step", ["fdopen", "fchown", "fsync", "link", "rename", "unlink"])
def test_a_process_that_is_killed_leaves_a_whole_file_or_none(path: Path, step: str) -> None:
    new = path.with_name("new")
    killed_at(step, lambda: create_key_file(new, other_keys(1)))
    killed_at(step, lambda: rotate(path, 2))
    assert read_key_file(path).unwrap() in (SIGNING_KEYS, rotated(SIGNING_KEYS, other_keys(2).current))
    assert not new.exists() or read_key_file(new).unwrap() == other_keys(1)


def test_a_signer_uses_a_changed_file_at_once(path: Path) -> None:
    signer = FileSigner(path, SIGNING_KEYS)
    for number in range(1, 5):
        keyid = rotate(path, number).current.keyid
        assert signer.sign(b"").keyid == keyid
        assert len(signer.public_keys()) == number + 1


def test_an_unusable_file_leaves_the_former_keys_and_is_logged_once(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    signer, keyid, text = FileSigner(path, SIGNING_KEYS), SIGNING_KEYS.current.keyid, path.read_text()
    assert signer.trouble == ""
    path.write_text(f"{text}{text}")
    for _ in range(3):
        assert signer.sign(b"").keyid == keyid
        assert "former keys stay in use: line 4 repeats the id of another line" in signer.trouble
    path.unlink()
    for _ in range(3):
        assert signer.sign(b"").keyid == keyid
        assert "it cannot be read (FileNotFoundError)" in signer.trouble
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert text.split()[-2] not in caplog.text
    path.write_text(text)
    assert signer.trouble == ""
