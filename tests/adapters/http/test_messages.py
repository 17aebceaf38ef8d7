"""The catalogue of messages has each code in each language, and a code for each hint."""

import re
from pathlib import Path
from string import Formatter

import pytest

from adapters.http.language import Language
from adapters.http.problems.messages import CATALOGUE, Message, hint_text, message_of
from adapters.http.problems.sizes import size_text
from adapters.javascript.source_lint import SYNTAX
from domain.advice import MISSING_NAMES
from domain.hint import hint

_CODE = re.compile(r'"((?:script|run|result|dataset)-[a-z-]+)"')


def _placeholders(message: Message) -> set[str | None]:
    texts = (message.detail or "", message.hint or "")
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", CATALOGUE)
def test_both_languages_say_as_much(code: str) -> None:
    english, portuguese = (CATALOGUE[code].message(one) for one in Language)
    assert _placeholders(english) == _placeholders(portuguese)
    assert [text is None for text in (english.detail, english.hint)] == [
        text is None for text in (portuguese.detail, portuguese.hint)
    ]
    assert english != portuguese


def test_the_codes_of_scripts_are_those_of_the_catalogue(repository: Path) -> None:
    modules = ("domain/advice.py", "adapters/javascript/conclusion.py")
    used = {code for module in modules for code in _CODE.findall((repository / module).read_text())}
    used |= {f"script-{kind}" for kind in SYNTAX} - {"script-syntax"}
    used |= {f"dataset-{kind}" for kind in ("object", "array", "string", "number", "boolean", "null")}
    assert {code for code in CATALOGUE if _CODE.fullmatch(f'"{code}"')} == used | set(MISSING_NAMES.values())


def test_parameters_fill_a_message_and_are_bounded() -> None:
    shown = hint_text(hint("script-undefined-name", name="x" * 1_000 + "\0"), Language.PORTUGUESE)
    assert shown == f"Defina `{'x' * 200}` antes de usá-lo ou corrija a grafia."
    assert hint_text(None, Language.ENGLISH) is None
    assert message_of("a-code-of-a-later-release", {}, Language.ENGLISH) == Message()


@pytest.mark.parametrize(
    ("size_bytes", "shown"),
    [
        (12, "12 bytes"),
        (1024, "1 KiB (1,024 bytes)"),
        (76_965_478, "73.4 MiB (76,965,478 bytes)"),
        (64 << 20, "64 MiB (67,108,864 bytes)"),
        (3 << 29, "1.5 GiB (1,610,612,736 bytes)"),
    ],
)
def test_sizes_are_shown_in_the_largest_unit_that_fits(size_bytes: int, shown: str) -> None:
    assert size_text(size_bytes) == shown
