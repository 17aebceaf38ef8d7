"""Titles and explanations of the problem types in each language, from `catalogue/types.toml`."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import cattrs
from attrs import field, frozen

from adapters.http.language import Language
from adapters.http.problems.types import ProblemType

_FILE: Final = Path(__file__).with_name("catalogue") / "types.toml"


@frozen
class Cause:
    """A usual cause of a problem, and its fix."""

    cause: str
    fix: str


@frozen
class TypeText:
    """The texts of a problem type: its title, and the contents of its page. Backticks mark code in them."""

    title: str
    meaning: str
    remedy: str
    causes: tuple[Cause, ...] = field(default=())


@frozen
class _Texts:
    en: TypeText
    pt: TypeText


def _load() -> Mapping[str, _Texts]:
    converter = cattrs.Converter(forbid_extra_keys=True)
    tables = tomllib.loads(_FILE.read_text("utf-8"))
    return {slug: converter.structure(texts, _Texts) for slug, texts in tables.items()}


_TEXTS: Final = _load()


def text_of(kind: ProblemType, language: Language) -> TypeText:
    """Return the texts of a problem type in a language."""
    texts = _TEXTS[kind.slug]
    return texts.pt if language is Language.PORTUGUESE else texts.en
