"""The pages of the problem types as plain text."""

from adapters.http.language import Language
from adapters.http.problems.labels import LABELS
from adapters.http.problems.messages import codes_of, error_codes, example_of, hint_codes
from adapters.http.problems.type_texts import text_of
from adapters.http.problems.types import PROBLEM_TYPES, ProblemType


def type_page(kind: ProblemType, language: Language, root_path: str) -> str:
    """Write the page of a type."""
    labels, text = LABELS[language], text_of(kind, language)
    causes = "".join(f"- {one.cause}: {one.fix}\n" for one in text.causes)
    return (
        f"{text.title}\n\n{labels.type}: {root_path}{kind.href}\n{labels.status}: {kind.status}\n\n"
        f"{labels.meaning}: {text.meaning}\n\n{labels.remedy}: {text.remedy}\n{causes}\n{labels.codes}:\n\n"
        + "\n".join(_code(code, language) for code in codes_of(kind.slug))
    )


def index_page(language: Language, root_path: str) -> str:
    """Write the index: every type, its codes below it, and the codes of individual errors."""
    labels = LABELS[language]
    kinds = "".join(_entry(kind, language, root_path) for kind in PROBLEM_TYPES.values())
    errors = "\n".join(_code(code, language) for code in error_codes())
    hints = "\n".join(_code(code, language) for code in hint_codes())
    return f"{labels.index}\n\n{kinds}\n{labels.errors}\n\n{errors}\n{labels.hints}\n\n{hints}"


def _entry(kind: ProblemType, language: Language, root_path: str) -> str:
    codes = ", ".join(codes_of(kind.slug))
    return f"{kind.status} {root_path}{kind.href}: {text_of(kind, language).title} [{codes}]\n"


def _code(code: str, language: Language) -> str:
    message = example_of(code, language)
    return "".join(f"{line}\n" for line in (code, *(f"    {one}" for one in (message.detail, message.hint) if one)))
