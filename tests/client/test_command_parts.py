"""Parts of the command: the stored login, its output, its exit statuses, types for editors, and files of results."""

import io
import json
import re
import shlex
import stat
from pathlib import Path
from typing import Any

import pytest
from bateia import ExecutionFailed, InvalidDataset, TimedOut, Unreachable
from bateia.command import make_app
from bateia.command.differences import difference_rows
from bateia.command.exits import Exit, Unusable, exit_of
from bateia.command.files import _csv_pieces, format_of
from bateia.command.login import Login, current_login, login_file, store_login, stored_login
from bateia.command.output import Output, harmless, json_line, json_text, message_of
from bateia.command.typing_files import dataset_type
from bateia.documents import execution
from bateia.problems import QueueFull
from bateia.results import Result
from bateia.whole_files import write_whole
from hypothesis import given
from hypothesis import strategies as st

from tests.client.scripted import an_execution

STORED = Login("http://stored.test", "bateia_stored")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in ("BATEIA_URL", "BATEIA_KEY", "BATEIA_SERVICE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_a_login_is_stored_for_its_owner_alone() -> None:
    store_login(STORED, login_file())
    store_login(STORED, login_file())
    assert stored_login(login_file()) == STORED
    assert stat.S_IMODE(login_file().stat().st_mode) == 0o600
    assert [path.name for path in login_file().parent.iterdir()] == ["login.json"]
    assert "bateia_stored" not in repr(STORED)


@pytest.mark.parametrize(
    ("url", "variables", "expected"),
    [
        (None, {}, ("http://stored.test", "bateia_stored")),
        (None, {"BATEIA_URL": "http://other.test/"}, ("http://other.test", None)),
        (None, {"BATEIA_KEY": "k"}, ("http://stored.test", "k")),
        ("http://other.test", {}, ("http://other.test", None)),
        ("http://other.test", {"BATEIA_KEY": "k"}, ("http://other.test", "k")),
        ("http://other.test", {"BATEIA_KEY": "k", "BATEIA_URL": "http://b.test"}, ("http://other.test", None)),
        (
            "http://stored.test/",
            {"BATEIA_KEY": "k", "BATEIA_URL": "http://b.test"},
            ("http://stored.test", "bateia_stored"),
        ),
    ],
)
def test_a_key_goes_to_the_address_that_it_belongs_to(
    monkeypatch: pytest.MonkeyPatch, url: str | None, variables: dict[str, str], expected: tuple[str, str | None]
) -> None:
    store_login(STORED, login_file())
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    login = current_login(url)
    assert (login.url, login.key) == expected


def test_without_a_login_the_service_is_on_this_machine_and_a_damaged_one_is_named() -> None:
    assert current_login() == Login("http://127.0.0.1:8000")
    login_file().parent.mkdir()
    login_file().write_text("[]")
    with pytest.raises(Unusable, match="run `bateia login` again"):
        current_login()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (KeyboardInterrupt(), 130),
        (Unreachable("x"), 4),
        (TimedOut("x", "e"), 4),
        (QueueFull(503, {}), 3),
        (Unusable("x"), 2),
        (InvalidDataset("x"), 2),
        (FileNotFoundError("x"), 2),
        (ExecutionFailed(execution(an_execution(status="failed"))), 1),
    ],
)
def test_each_error_has_its_exit_status(error: BaseException, status: int) -> None:
    assert exit_of(error) == status == Exit(status)


@given(st.text())
def test_no_text_of_others_moves_the_cursor(text: str) -> None:
    for shown in (harmless(text), json_text({"a": text}), json_line({"a": text})):
        assert not set(shown) & {chr(code) for code in (*range(9), 0x0B, 0x0C, 0x0D, 0x1B, 0x7F, *range(0x80, 0xA0))}
    assert json.loads(json_text(text)) == text == json.loads(json_line(text))


def test_a_comparison_has_a_line_for_each_cell_row_and_value_that_differs() -> None:
    def difference(change: str, **members: Any) -> dict[str, Any]:
        absent = dict.fromkeys(("key", "position", "cells", "row", "pointer"))
        return absent | {"change": change, **members}

    cells = [{"column": "a", "before": 1, "after": "1"}, {"column": "b  c", "after": None}]
    differences = [
        difference("changed", key={"day": "x  y"}, cells=cells),
        difference("removed", position=0, row={"a": 2}),
        difference("added", key={"day": 3}, row={"day": 3}),
        difference("changed", pointer="/a/0", before=[1], after=2),
        difference("changed", pointer="", before=None, after=0),
    ]
    assert list(difference_rows({"differences": differences})) == [
        ("changed", 'day="x  y"', "a", "1", '"1"'),
        ("changed", 'day="x  y"', "b  c", "", "null"),
        ("removed", "position 0", "", '{"a": 2}', ""),
        ("added", "day=3", "", "", '{"day": 3}'),
        ("changed", "/a/0", "", "[1]", "2"),
        ("changed", "/", "", "null", "0"),
    ]


def test_an_error_has_its_reasons_and_its_address(capsys: pytest.CaptureFixture[str]) -> None:
    problem = {"title": "No", "detail": "\x1b[31mred", "hint": "try", "reasons": [{"code": "c", "detail": "d"}]}
    Output().error(QueueFull(503, problem, "r1"), 3, "http://a.test")
    assert capsys.readouterr().err == (
        "bateia: No: \\x1b[31mred\n  try\n  c: d\n  (HTTP 503 of http://a.test, request r1)\n"
    )
    Output(as_json=True).error(QueueFull(503, problem), 3, "http://a.test")
    shown = json.loads(capsys.readouterr().err)
    assert (shown["error"], shown["exit"], shown["problem"]["hint"]) == ("QueueFull", 3, "try")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (FileNotFoundError(2, "nothing", "a.json"), "No such file: a.json"),
        (IsADirectoryError(21, "folder", "a"), "a is a folder: name a file"),
        (PermissionError(13, "no", "a"), "a may not be read or written: look at its permissions"),
        (OSError(28, "No space left on device", "a"), "[Errno 28] No space left on device: 'a'"),
        (FileNotFoundError(), "FileNotFoundError"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(error: OSError, message: str) -> None:
    assert message_of(error) == message


def test_without_a_terminal_nothing_shows_progress_and_tables_have_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    with Output().upload("x") as report, Output().work("y") as work:
        assert report is None
        work(1, 2)
    Output().table(("a", "b"), [(1, "x\ty\n"), ("[red]", None)])
    assert capsys.readouterr() == ("a\tb\n1\tx y \n[red]\tNone\n", "")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, "number"),
        (None, "null"),
        ([], "any[]"),
        ({}, "any"),
        ([1, "a", None, 2.5, True], "(number | string | null | boolean)[]"),
        ([{"a": 1, "b c": []}, {"a": None}], '({ "a": number | null; "b c"?: any[] })[]'),
    ],
)
def test_the_type_of_a_dataset_is_that_of_its_sample(value: Any, expected: str) -> None:
    assert dataset_type(value) == expected


def result(text: bytes) -> Result:
    received = Result(execution(an_execution()))
    received.write(text)
    return received


def test_a_csv_has_the_columns_of_all_records_and_the_digits_as_written() -> None:
    lines = b'{"a": 1.50, "b": "x,\\"y"}\n{"a": null, "c": [1, {"d": true}]}\n{"b": false}\n'
    expected = 'a,b,c\r\n1.50,"x,""y",\r\n,,"[1,{""d"":true}]"\r\n,false,\r\n'
    assert b"".join(_csv_pieces(result(lines))).decode() == expected
    with pytest.raises(Unusable, match="has no columns"):
        list(_csv_pieces(result(b"1\n")))


def test_a_file_is_written_in_whole_or_not_at_all(tmp_path: Path) -> None:
    def broken() -> Any:
        yield b"new"
        raise KeyboardInterrupt

    path = tmp_path / "a.json"
    write_whole(path, [b"ol", b"d"])
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, broken())
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["a.json"]
    with pytest.raises(Unusable, match=r"must end in \.json"):
        format_of(tmp_path / "a.xlsx")


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_the_commands_of_an_example_for_ci_are_commands(repository: Path, name: str) -> None:
    text = (repository / f"clients/python/ci/{name}.yml").read_text("utf-8")
    lines = [shlex.split(words) for words in re.findall(r"(?:run:|-) bateia (.*)", text)]
    assert [words[0] for words in lines] == ["test", "push", "push"]
    for words in lines:
        function, bound, _ = make_app().parse_args(words, exit_on_error=False, print_error=False)
        assert bound.arguments["folder"] == Path("scripts")
        assert function.__name__ in {"push", "run_tests"}


@pytest.mark.parametrize(("typed", "expected"), [("y\n", True), ("Sim\n", True), ("n\n", False), ("", False)])
def test_what_is_gone_for_good_is_asked_for_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, expected: bool
) -> None:
    terminal = io.StringIO(typed)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    assert Output().ask("Delete?") is False, "the question cannot be seen"
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert Output().ask("Delete \x1b?") is expected
    assert capsys.readouterr() == ("", "Delete \\x1b? [y/N] ")


@pytest.mark.parametrize("page", ["docs/guide/en/clients.md", "docs/guide/pt/clients.md"])
def test_the_commands_of_the_guide_are_commands(repository: Path, page: str) -> None:
    lines = re.findall(r"^bateia (.*)", (repository / page).read_text("utf-8"), re.MULTILINE)
    assert len(lines) == 4
    for line in lines:
        make_app().parse_args(shlex.split(line), exit_on_error=False, print_error=False)
