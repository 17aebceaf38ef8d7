"""Messages in both languages: the same ones, with the same values, in the language of the locale."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from bateia.command import run
from bateia.command.options import language
from bateia.portuguese import PORTUGUESE, WORDS
from bateia.texts import CATALOGUES, say, speaking

from tests.client.commanding import ROOT

SOURCES: Final = ROOT / "clients/python/src/bateia"


def texts_of(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression may be; none if it is computed."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=otherwise):
            yield from texts_of(body)
            yield from texts_of(otherwise)
        case ast.Subscript(value=ast.Dict(values=values)):
            for value in values:
                yield from texts_of(value)
        case _:
            pass


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                yield path, node


CALLS: Final = list(calls())


def names_in(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_every_message_is_in_the_catalogue_and_none_is_unused() -> None:
    said = {text for _, call in CALLS for text in texts_of(call.args[0])}
    assert said | WORDS.keys() == PORTUGUESE.keys()


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_message_has_the_same_values_in_each_language(language: str) -> None:
    for english, translated in CATALOGUES[language].items():
        assert names_in(english) == names_in(translated), english
        assert (english[:1].isspace(), english[-1:].isspace()) == (translated[:1].isspace(), translated[-1:].isspace())


def test_no_message_of_the_command_bypasses_the_catalogue() -> None:
    """A literal that only joins values, such as `{name}: {detail}`, has no word; levels of logs are not translated."""
    places = {"Unusable": 0, "note": 0, "line": 0, "work": 0, "upload": 0, "confirm": 1}
    found = []
    for path in (SOURCES / "command").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                not isinstance(node, ast.Call)
                or (place := places.get(ast.unparse(node.func).rpartition(".")[2])) is None
            ):
                continue
            argument = node.args[place] if len(node.args) > place else None
            parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
            literal = "".join(
                one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )
            if re.search("[a-z]{2}", literal.replace("warning: ", "")):
                found.append((path.name, node.lineno, literal))
    assert found == []


def test_each_call_gives_the_values_that_its_message_names() -> None:
    for path, call in CALLS:
        given = {one.arg for one in call.keywords}
        texts = list(texts_of(call.args[0]))
        named = set().union(*map(names_in, texts))
        assert None in given or named == given, (path.name, texts)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "en"),
        ({"LANG": "pt_BR.UTF-8"}, "pt"),
        ({"LANG": "pt_BR.UTF-8", "LC_MESSAGES": "C"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "C", "LC_ALL": "pt_PT"}, "pt"),
    ],
)
def test_the_locale_chooses_the_language(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANG", "LC_MESSAGES", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language() == expected


def test_values_are_not_read_as_templates_and_the_choice_ends_with_its_block() -> None:
    with speaking("pt"):
        assert say("saved {file}", file="{x}%s") == "{x}%s salvo"
    assert say("saved {file}", file="a") == "saved a"


def test_a_command_speaks_the_language_of_the_locale(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LC_MESSAGES", "pt_BR.UTF-8")
    assert run(["push", "nowhere"]) == 2
    assert capsys.readouterr().err == "bateia: nowhere não é uma pasta: indique a pasta com os scripts\n"
    assert run(["keys", "revoke", "a"]) == 2
    assert "sem confirmação, nada foi feito" in capsys.readouterr().err
    monkeypatch.setenv("LC_MESSAGES", "C")
    assert run(["push", "nowhere"]) == 2
    assert capsys.readouterr().err == "bateia: nowhere is not a folder: name the folder with the scripts\n"
