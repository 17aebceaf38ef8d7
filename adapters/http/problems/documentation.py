"""The document about all problem types and codes, `docs/errors.md`, in each language."""

from collections.abc import Iterable
from typing import Final

from adapters.http.language import Language
from adapters.http.problems.labels import LABELS
from adapters.http.problems.messages import codes_of, error_codes, example_of, hint_codes
from adapters.http.problems.type_texts import text_of
from adapters.http.problems.types import PROBLEM_TYPES, ProblemType

_INTRODUCTIONS: Final = {
    Language.ENGLISH: """\
# Errors

*[Em português](erros.md). Generated: `python -m entrypoints.errors > docs/errors.md`.*

Every refused request is answered with problem details (RFC 9457), which [api.md](api.md#errors) describes. Match on
`type` (its last segment) or on `code`: both are stable. Texts are not, and depend on the language of the request.
Details and hints are shown here with example values; a name in braces stands for a value of the request.
""",
    Language.PORTUGUESE: """\
# Erros

*[In English](errors.md). Gerado: `python -m entrypoints.errors pt > docs/erros.md`.*

Toda requisição recusada é respondida com detalhes do problema (RFC 9457), descritos em [api.md](api.md#errors). Compare
o `type` (o último segmento) ou o `code`: os dois são estáveis. Os textos não são, e dependem do idioma da requisição.
Detalhes e dicas aparecem aqui com valores de exemplo; um nome entre chaves está no lugar de um valor da requisição.
""",
}


def errors_document(language: Language) -> str:
    """Write the document in a language."""
    labels = LABELS[language]
    return "\n".join(
        (
            _INTRODUCTIONS[language],
            f"## {labels.index}\n",
            *(_section(kind, language) for kind in PROBLEM_TYPES.values()),
            f"## {labels.errors}\n\n{_table(error_codes(), language)}",
            f"## {labels.hints}\n\n{_table(hint_codes(), language)}",
        )
    )


def _section(kind: ProblemType, language: Language) -> str:
    text = text_of(kind, language)
    causes = "".join(f"- {one.cause}: {one.fix}\n" for one in text.causes)
    listed = f"{causes}\n" if causes else ""
    return (
        f"### {kind.slug}\n\n**{kind.status} {text.title}.** {text.meaning} {text.remedy}\n\n{listed}"
        f"{_table(codes_of(kind.slug), language)}"
    )


def _table(codes: Iterable[str], language: Language) -> str:
    labels = LABELS[language]
    rows = "".join(_row(code, language) for code in codes)
    return f"| {labels.code} | {labels.detail} | {labels.hint} |\n| --- | --- | --- |\n{rows}"


def _row(code: str, language: Language) -> str:
    message = example_of(code, language)
    cells = (f"`{code}`", message.detail or "", message.hint or "")
    return f"| {' | '.join(one.replace('|', '&#124;') for one in cells)} |\n"
