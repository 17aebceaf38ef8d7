"""The texts of findings about a source: one table of refusals, one of warnings. Pure."""

from collections.abc import Iterable, Iterator
from typing import Final

from adapters.javascript.findings import Finding
from domain.advice import missing_name
from domain.hint import Hint, hint
from domain.warnings import SourceWarning, SourceWarningKind, source_warning

SYNTAX: Final = {
    "syntax": "SyntaxError: {0}",
    "typescript": "SyntaxError: {0}: this is TypeScript",
    "jsx": "SyntaxError: {0}: this is JSX",
    "import": "SyntaxError: `import` does not work here",
    "export": "SyntaxError: `export` does not work here",
    "await": "SyntaxError: `await` works in async functions only",
    "python": "SyntaxError: {0}: this looks like Python",
    "json": "this is JSON, not a script",
    "html": "SyntaxError: {0}: this is HTML",
    "regexp": "SyntaxError: the engine does not know this regular expression ({1}): {0}",
}
"""By the kind of finding, the reason why a source is refused where the engine refuses its syntax; the texts of the
finding stand for `{0}` and `{1}`. All but `syntax` have a hint."""

_INTL: Final = (
    "`{0}` uses FormatJS, with ICU data for English, Portuguese and Spanish, and for Swedish except collation; other "
    "locales fall back to `en-US`. docs/sandbox.md lists the differences from Node"
)
_LOCALE: Final = "the locale `{0}` is not available; `{1}` is used instead"
_INTL_MEMBER: Final = "`{0}` does not exist here"
_UNDEFINED: Final = "is always undefined here"
_LAST_MATCH: Final = f"`{{0}}` {_UNDEFINED}: use what `exec` or `match` returns"
_V_FLAG: Final = "this engine reads some expressions with the flag `v` differently from Node: use `u` if that suffices"
_V_ANY: Final = (
    "Node matches one character with a repeated `[^]` under the flag `v`, and this engine as many: use `[\\s\\S]`"
)
_CASE: Final = (
    "Node reads these sets or properties under the flag `i` differently from this engine: leave out `i` and name both "
    "cases"
)
_KEPT_GROUP: Final = (
    "this engine keeps the text of a group from an earlier repetition if the last one takes another alternative, where "
    "Node has undefined: repeat with `matchAll`, or choose the engine `quickjs-ng`"
)
_UNKNOWN_PATTERN: Final = "the engine does not know this regular expression"
_PATTERN: Final = f"{_UNKNOWN_PATTERN} ({{1}}): {{0}}"

_REASONS: Final = {
    "too many captures": "it has more than 254 groups; those whose text is not needed can be written `(?:…)`"
}
"""Those of the engine's reasons against a regular expression that do not explain the remedy."""

_WARNINGS: Final = {
    "intl": (SourceWarningKind.INTL_DIFFERENCES, _INTL),
    "locale": (SourceWarningKind.UNSUPPORTED_LOCALE, _LOCALE),
    "no-intl-member": (SourceWarningKind.MISSING_INTL, _INTL_MEMBER),
    "import-call": (SourceWarningKind.NO_MODULES, "`{0}` does not work here: scripts have no modules and no packages"),
    "last-match": (SourceWarningKind.UNSUPPORTED_REGEXP, _LAST_MATCH),
    "v-flag": (SourceWarningKind.UNSUPPORTED_REGEXP, _V_FLAG),
    "v-any": (SourceWarningKind.UNSUPPORTED_REGEXP, _V_ANY),
    "case": (SourceWarningKind.UNSUPPORTED_REGEXP, _CASE),
    "kept-group": (SourceWarningKind.UNSUPPORTED_REGEXP, _KEPT_GROUP),
    "pattern": (SourceWarningKind.UNSUPPORTED_REGEXP, _PATTERN),
}
NAMES: Final = frozenset(("absent", "undefined", "unsure"))
"""The kinds of findings about names: `absent` if the name is certain to be missing once it is needed, `unsure` if the
script may define it in a way that only a run shows."""
_OF_MODULES: Final = frozenset(("require", "module", "exports"))
_MOST_WARNINGS: Final = 20
_NOT_ANALYSED: Final = (
    "the source could not be analysed within the limits of a check: names that do not exist here are not reported"
)
NOT_ANALYSED: Final = source_warning(SourceWarningKind.NOT_ANALYSED, _NOT_ANALYSED)


def refusal(found: Finding) -> str | None:
    """Explain the refusal of a source that uses a name of another environment; None for any other finding."""
    if found.kind != "absent" or missing_name(found.subject) is None:
        return None
    return name_detail(found)


def hint_for(found: Finding) -> Hint | None:
    """Advise on a finding about the syntax or about a name."""
    if found.kind in NAMES:
        return missing_name(found.subject)
    return hint(f"script-{found.kind}") if found.kind in SYNTAX and found.kind != "syntax" else None


def syntax_detail(found: Finding, findings: Iterable[Finding]) -> str:
    """Explain why the syntax is refused, with the bracket that is left open."""
    said = _worded(SYNTAX[found.kind], found)
    if found.kind == "syntax" and found.suggestion:
        said += f"; did you mean `{found.suggestion}`?"
    for one in findings:
        if one.kind == "unclosed":
            said += f"; the `{one.subject}` of line {one.line}, column {one.column} is not closed"
    return said


def _worded(text: str, found: Finding) -> str:
    return text.format(found.subject, _REASONS.get(found.suggestion, found.suggestion))


def name_detail(found: Finding) -> str:
    """Describe a name that is not defined."""
    if missing_name(found.subject) is not None:
        return f"`{found.subject}` does not exist here"
    said = f"`{found.subject}` is not defined"
    return f"{said}; did you mean `{found.suggestion}`?" if found.suggestion else said


def warnings(findings: Iterable[Finding]) -> tuple[SourceWarning, ...]:
    """Collect the first warnings about a source that can run, in the order of their places."""
    return tuple(one for one, _ in zip(_warnings(findings), range(_MOST_WARNINGS), strict=False))


def _warnings(findings: Iterable[Finding]) -> Iterator[SourceWarning]:
    names = set[str]()
    for found in findings:
        if found.kind == "too-deep" or found.kind in SYNTAX:  # the engine accepts source that the parser does not
            yield NOT_ANALYSED
        elif found.kind in _WARNINGS:
            kind, text = _WARNINGS[found.kind]
            yield source_warning(kind, _worded(text, found), found.line, found.column)
        elif _is_missing(found) and found.subject not in names:
            names.add(found.subject)
            kind = _kind_of_name(found.subject)
            yield source_warning(kind, name_detail(found), found.line, found.column, missing_name(found.subject))


def is_read_differently(warning: SourceWarning) -> bool:
    """Check that a warning is about a regular expression that compiles here and matches other texts than in Node.

    A version keeps the words of the release that checked it, so these warnings are told from the others of their kind
    by what the others say: their features are reported by the run that uses them, or fail it.
    """
    is_regexp = warning.kind is SourceWarningKind.UNSUPPORTED_REGEXP
    return is_regexp and _UNDEFINED not in warning.detail and not warning.detail.startswith(_UNKNOWN_PATTERN)


def _is_missing(found: Finding) -> bool:
    return found.kind in NAMES and (found.kind != "unsure" or missing_name(found.subject) is not None)


def _kind_of_name(name: str) -> SourceWarningKind:
    if name in _OF_MODULES:
        return SourceWarningKind.NO_MODULES
    return SourceWarningKind.UNDEFINED_NAME if missing_name(name) is None else SourceWarningKind.MISSING_GLOBAL
