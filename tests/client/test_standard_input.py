"""Standard input as a file of the command: with pieces as they come, on a terminal, and closed."""

import hashlib
import io
import json
import os
import sys
from pathlib import Path

import pytest
from bateia.command.standard_input import input_pieces

from tests.client.commanding import BACEN, EXPECTED, Command, on_a_terminal


def pipe_in(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Let the command read these bytes."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_an_object_is_written_from_standard_input(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (os.urandom(700_000), b""):
        pipe_in(monkeypatch, content)
        written = run("put", "-", "files://piped/a.bin", "--json")
        assert (written.status, written.json["sha256"]) == (0, hashlib.sha256(content).hexdigest()), written.err
    unnamed = run("put", "-", "files://piped/")
    assert (unnamed.status, "as in files://piped/rows.ndjson" in unnamed.err) == (2, True)
    assert run("put", "-", "files://piped/a", "--restart").status == 2
    assert run("put", "-", "files://piped/a", BATEIA_URL="http://127.0.0.1:9").err.count("repeat the command with") == 1


def test_datasets_are_submitted_from_standard_input(run: Command, pushed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe_in(monkeypatch, (BACEN / "payload.json").read_bytes())
    ended = run("submit", pushed, "-", "--wait")
    assert (ended.status, json.loads(ended.out)) == (0, EXPECTED), ended.err
    pipe_in(monkeypatch, b'{"value": []}\n')
    submitted = run("submit", pushed, "-", "--lines").out.strip()
    assert run("executions", "input", submitted).out == '[{"value": []}]\n'
    pipe_in(monkeypatch, (BACEN / "payload.json").read_bytes().replace(b"\n", b" ") + b"\n")
    batch = run("batch", pushed, "-", "--plain", "--wait", "--json")
    assert (batch.status, batch.json["counts"]["succeeded"]) == (0, 1), batch.err
    pipe_in(monkeypatch, b"")
    for words in (("submit", pushed, "-"), ("batch", pushed, "-", "--plain")):
        empty = run(*words)
        assert (empty.status, "standard input is empty" in empty.err) == (2, True)
    wrong = run("submit", pushed, BACEN / "payload.json", "--lines")
    assert (wrong.status, ".ndjson" in wrong.err) == (2, True)


@pytest.mark.parametrize("words", [("submit", "a", "-"), ("batch", "a", "-", "--plain"), ("run", "{js}", "-")])
def test_a_terminal_is_not_waited_for(
    run: Command, tmp_path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe_in(monkeypatch, b"")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    (tmp_path / "a.js").write_text("const process = (data) => data;")
    ended = run(*(word.format(js=tmp_path / "a.js") for word in words))
    assert (ended.status, "standard input is a terminal" in ended.err) == (2, True), ended.err


def test_a_real_terminal_is_told_from_a_pipe(run: Command) -> None:
    status, shown = on_a_terminal(run, "put", "-", "files://a")
    assert (status, shown.startswith("\x1b[1;31mbateia: \x1b[0mstandard input is a terminal")) == (2, True), shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("put", "-", "files://a"), "standard input is closed"),
        (("login", "http://127.0.0.1:9", "--key-stdin"), "standard input is closed"),
        (("login", "http://127.0.0.1:9"), "there is no terminal"),
        (("keys", "revoke", "a"), "not confirmed"),
    ],
)
def test_closed_standard_input_is_named(
    run: Command, words: tuple[str, ...], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    ended = run(*words)
    assert (ended.status, message in ended.err) == (2, True), ended.err


@pytest.mark.parametrize("words", [("run", "{js}", "-"), ("login", "http://127.0.0.1:9", "--key-stdin")])
def test_nothing_from_a_program_that_failed_is_no_dataset_and_no_key(
    run: Command, tmp_path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe_in(monkeypatch, b"")
    (tmp_path / "a.js").write_text("const process = (data) => data;")
    ended = run(*(word.format(js=tmp_path / "a.js") for word in words))
    assert (ended.status, "standard input is empty" in ended.err) == (2, True), ended.err


@pytest.mark.parametrize("words", [("submit", "a", "-"), ("batch", "a", "-", "--plain"), ("put", "-", "files://a")])
def test_standard_input_that_cannot_be_read_is_named(
    run: Command, tmp_path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = os.open(tmp_path / "written", os.O_WRONLY | os.O_CREAT)
    with os.fdopen(number) as writable_only:
        monkeypatch.setattr("sys.stdin", writable_only)
        ended = run(*words)
    assert (ended.status, "cannot be read: Bad file descriptor" in ended.err) == (2, True), ended.err


def test_closed_outputs_are_no_failure(run: Command) -> None:
    """A shell closes them with `>&- 2>&-`."""
    with run.process("completion", "bash", preexec_fn=lambda: os.closerange(1, 3)) as closed:
        assert closed.wait(60) == 0


def test_a_piece_is_there_before_the_next_one_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.pipe()
    with os.fdopen(ours) as read, os.fdopen(theirs, "wb", 0) as written:
        monkeypatch.setattr("sys.stdin", read)
        pieces = input_pieces()
        for piece in (b"a", b"b"):
            written.write(piece)
            assert next(pieces) == piece
        written.close()
        assert list(pieces) == []
