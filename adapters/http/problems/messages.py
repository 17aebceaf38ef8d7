"""Messages of errors in each language, from the catalogue: a detail and a hint for each code.

The files in `catalogue/` are tables of codes:

    [json-trailing-comma]
    type = "malformed-json"
    en = { detail = "…", hint = "…" }
    pt = { detail = "…", hint = "…" }

Placeholders such as `{limit_bytes}` are filled from the parameters of an error; a parameter whose name ends with
`_bytes` is shown as a size. `{root}` is the path prefix under which the service is published, for paths of the API. A
code without a `type` belongs to an error inside of another problem or of an execution; one without a `detail` is a hint
for errors of other codes. `example` has parameters for the pages and the documentation. `types.toml`, of another form,
belongs to `type_texts`.
"""

import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Any, Final

import cattrs
from attrs import field, frozen

from adapters.http.language import Language
from adapters.http.problems.quoting import shortened
from adapters.http.problems.sizes import size_text
from domain.hint import Hint, Parameter
from domain.text_limits import sanitize

_FOLDER: Final = Path(__file__).with_name("catalogue")
_OTHER_FORM: Final = "types.toml"
_MAX_PARAMETER_CHARACTERS: Final = 400


@frozen
class Message:
    """A text about an error, and the advice on how to mend it. Both are templates."""

    detail: str | None = None
    hint: str | None = None


@frozen
class Entry:
    """A code's entry: the slug of its problem type, its messages, and parameters for an example."""

    en: Message
    pt: Message
    type: str | None = field(default=None)
    example: Mapping[str, Any] = field(factory=dict)

    def message(self, language: Language) -> Message:
        """Return the message in a language."""
        return self.pt if language is Language.PORTUGUESE else self.en


def _load() -> Mapping[str, Entry]:
    converter = cattrs.Converter(forbid_extra_keys=True)
    tables = [tomllib.loads(file.read_text("utf-8")) for file in _files()]
    entries = [(code, converter.structure(entry, Entry)) for table in tables for code, entry in table.items()]
    twice = [code for code, count in Counter(code for code, _ in entries).items() if count > 1]
    if twice:
        raise ValueError(f"codes with more than one entry: {', '.join(sorted(twice))}")
    return dict(entries)


def _files() -> list[Path]:
    return sorted(file for file in _FOLDER.glob("*.toml") if file.name != _OTHER_FORM)


CATALOGUE: Final = _load()
"""All entries by their codes."""


def message_of(code: str, parameters: Mapping[str, Parameter], language: Language) -> Message:
    """Fill the message of a code in a language. An unknown code, such as one of a later release, has an empty one."""
    entry = CATALOGUE.get(code)
    if entry is None:
        return Message()
    message = entry.message(language)
    shown = {name: _shown(name, value, language) for name, value in parameters.items()}
    return Message(_filled(message.detail, shown), _filled(message.hint, shown))


def hint_text(hint: Hint | None, language: Language) -> str | None:
    """Return the text of a hint in a language; None if there is none."""
    return None if hint is None else message_of(hint.code, dict(hint.parameters), language).hint


def _filled(template: str | None, shown: Mapping[str, str]) -> str | None:
    return None if template is None else template.format_map(shown)


def _shown(name: str, value: Parameter, language: Language) -> str:
    if isinstance(value, int):
        return size_text(value, language) if name.endswith("_bytes") else str(value)
    return sanitize(shortened(value, _MAX_PARAMETER_CHARACTERS))


def example_of(code: str, language: Language) -> Message:
    """Fill the message of a code with the parameters of its example; placeholders without one stay as they are."""
    entry = CATALOGUE[code]
    texts = entry.message(language)
    names = {name for text in (texts.detail, texts.hint) if text for _, name, _, _ in Formatter().parse(text) if name}
    return message_of(code, {name: f"{{{name}}}" for name in names} | {"root": ""} | dict(entry.example), language)


def error_codes() -> tuple[str, ...]:
    """List the codes of individual errors, in the order of the catalogue."""
    return tuple(code for code, entry in CATALOGUE.items() if entry.type is None and entry.en.detail is not None)


def hint_codes() -> tuple[str, ...]:
    """List the codes that have a hint only, for errors of other codes, of sources and of executions."""
    return tuple(code for code, entry in CATALOGUE.items() if entry.type is None and entry.en.detail is None)


def codes_of(slug: str) -> tuple[str, ...]:
    """List the codes of a problem type, in the order of the catalogue."""
    return tuple(code for code, entry in CATALOGUE.items() if entry.type == slug)
