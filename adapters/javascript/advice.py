"""The warnings about a source, in words. Pure; the uses are found in the confined child (`confined/source_lint.py`)."""

from typing import Final

from adapters.javascript import wire
from adapters.javascript.hints import NO_MODULES
from domain.warnings import SourceWarning, SourceWarningKind, source_warning

_MODULE_WORDS: Final = frozenset(("require", "import", "export"))


def advise(word: int, line: int) -> SourceWarning:
    """The warning about a use of `wire.SOURCE_WORDS[word]` on a line, counted from 1."""
    name = wire.SOURCE_WORDS[word]
    if name in _MODULE_WORDS:
        return source_warning(SourceWarningKind.NO_MODULES, f"`{name}` does not work here: {NO_MODULES}", line)
    if name == "Intl":
        return source_warning(SourceWarningKind.MISSING_INTL, "`Intl` does not exist here", line)
    detail = f"`{name}` knows no languages and no options here, because the engine has no `Intl`"
    return source_warning(SourceWarningKind.MISSING_INTL, detail, line)
