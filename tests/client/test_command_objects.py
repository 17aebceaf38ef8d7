"""Objects in stores with the command `bateia` against a real service, with an upload that is interrupted."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.client.commanding import Command, Ended


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Write a file that goes in parts."""
    (tmp_path / "large.bin").write_bytes(os.urandom(1024) * 9 * 1024)
    return tmp_path / "large.bin"


@contextmanager
def interrupting(_output: object, _what: str) -> Iterator[Callable[[int, int], None]]:
    """Act as a user who presses Ctrl-C in the middle of an upload."""

    def report(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    yield report


def counted(run: Command, monkeypatch: pytest.MonkeyPatch, *words: object) -> tuple[Ended, list[int]]:
    """Run a command, and note the numbers of bytes that its progress shows."""
    sent: list[int] = []

    @contextmanager
    def counting(_output: object, _what: str) -> Iterator[Callable[[int, int], None]]:
        yield lambda done, _total: sent.append(done)

    with monkeypatch.context() as patch:
        patch.setattr("bateia.command.output.Output.upload", counting)
        return run(*words), sent


def test_an_interrupted_upload_goes_on_with_the_same_command(
    run: Command, large: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run.env["XDG_STATE_HOME"] = str(tmp_path / "states")
    monkeypatch.setattr("bateia.uploads.PART_BYTES", 2 * 1024 * 1024)
    records = tmp_path / "states" / "bateia" / "uploads"
    with monkeypatch.context() as patch:
        patch.setattr("bateia.command.output.Output.upload", interrupting)
        ended = run("put", large, "files://large/")
        assert (ended.status, ended.err) == (130, "the same command goes on where this one ended\ninterrupted\n")
    assert len(list(records.iterdir())) == 1
    assert run("ls", "files://large/").out == "url\tsize_bytes\tmodified_at\n"
    ended, sent = counted(run, monkeypatch, "put", large, "files://large/", "--json")
    assert ended.json["size_bytes"] == large.stat().st_size
    assert sent[0] >= 4 * 1024 * 1024, "the parts that had come were not sent again"
    assert list(records.iterdir()) == []
    assert run("get", "files://large/large.bin", "-o", tmp_path / "copy.bin").status == 0
    assert (tmp_path / "copy.bin").read_bytes() == large.read_bytes()


def test_an_upload_is_begun_anew_if_that_is_wanted(
    run: Command, large: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run.env["XDG_STATE_HOME"] = str(tmp_path / "states")
    with monkeypatch.context() as patch:
        patch.setattr("bateia.command.output.Output.upload", interrupting)
        assert run("put", large, "files://anew/a").status == 130
    ended, sent = counted(run, monkeypatch, "put", large, "files://anew/a", "--restart")
    assert (ended.status, sent[0] < 1024 * 1024) == (0, True)


def test_objects_are_written_listed_read_and_deleted(run: Command, tmp_path: Path) -> None:
    (tmp_path / "rows ção.ndjson").write_bytes(b'{"a": 1}\n')
    (tmp_path / "empty").touch()
    for name in ("rows ção.ndjson", "empty"):
        assert run("put", tmp_path / name, "files://small/").status == 0
    assert "files://small/rows ção.ndjson\t9\t" in run("ls", "files://small/").out
    assert run("get", "files://small/rows ção.ndjson").out == '{"a": 1}\n'
    assert run("get", "files://small/empty", "-o", tmp_path / "got").status == 0
    assert (tmp_path / "got").read_bytes() == b""
    assert "files\tread, write\tyes\t" in run("stores").out
    assert run("rm", "files://small/empty", "files://small/rows ção.ndjson").status == 0
    gone = run("get", "files://small/empty", "-o", tmp_path / "nothing")
    assert (gone.status, (tmp_path / "nothing").exists()) == (3, False)
    for words in (("get", "small/empty"), ("put", tmp_path / "empty", "files:/a"), ("rm", "files://a/../b")):
        assert run(*words).status == 2
