"""Headings and labels of the pages and documents about problem types and their codes, in each language."""

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from adapters.http.language import Language


@frozen
class Labels:
    """Headings and labels in a language."""

    index: str
    status: str
    type: str
    title: str
    meaning: str
    remedy: str
    causes: str
    cause: str
    fix: str
    codes: str
    code: str
    detail: str
    hint: str
    errors: str
    hints: str


LABELS: Final[Mapping[Language, Labels]] = {
    Language.ENGLISH: Labels(
        index="Problem types",
        status="Status",
        type="Type",
        title="Title",
        meaning="Meaning",
        remedy="What to do",
        causes="Usual causes",
        cause="Cause",
        fix="Fix",
        codes="Codes",
        code="Code",
        detail="Detail (example)",
        hint="Hint",
        errors="Codes of individual errors",
        hints="Codes of hints",
    ),
    Language.PORTUGUESE: Labels(
        index="Tipos de problema",
        status="Status",
        type="Tipo",
        title="Título",
        meaning="Significado",
        remedy="O que fazer",
        causes="Causas comuns",
        cause="Causa",
        fix="Solução",
        codes="Códigos",
        code="Código",
        detail="Detalhe (exemplo)",
        hint="Dica",
        errors="Códigos de erros individuais",
        hints="Códigos de dicas",
    ),
}
