"""Messages: the codes of hints about scripts and executions are those of the catalogue; parameters fill a text."""

import re
from pathlib import Path

from adapters.http.language import Language
from adapters.http.problems.messages import CATALOGUE, Message, hint_text, message_of
from adapters.javascript.source_lint import SYNTAX
from domain.advice import MISSING_NAMES
from domain.hint import hint

_CODE = re.compile(r'"((?:script|run|result|dataset)-[a-z-]+)"')


def test_the_codes_of_scripts_are_those_of_the_catalogue(repository: Path) -> None:
    modules = ("domain/advice.py", "adapters/javascript/conclusion.py")
    used = {code for module in modules for code in _CODE.findall((repository / module).read_text())}
    used |= {f"script-{kind}" for kind in SYNTAX} - {"script-syntax"}
    hints = {code for code, entry in CATALOGUE.items() if entry.type is None and entry.en.detail is None}
    assert {code for code in hints if _CODE.fullmatch(f'"{code}"')} == used | set(MISSING_NAMES.values())


def test_parameters_fill_a_message_and_are_bounded() -> None:
    shown = hint_text(hint("script-undefined-name", name="x" * 1_000 + "\0"), Language.PORTUGUESE)
    assert shown == f"Defina `{'x' * 399}…` antes de usá-lo ou corrija a grafia."
    assert hint_text(None, Language.ENGLISH) is None
    assert message_of("a-code-of-a-later-release", {}, Language.ENGLISH) == Message()
