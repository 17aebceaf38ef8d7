"""What a source uses that works elsewhere and not here: a look at its text, line by line, that parses nothing. Pure.

It knows comments, strings and template literals, so that a word in them does not count. It can be fooled (by a quote in
a regular expression, for one), which costs a warning too many or too few: whether a source can run is not decided here.
"""

import re
from collections.abc import Iterator
from typing import Final

from adapters.javascript.hints import NO_MODULES
from domain.warnings import SourceWarning, SourceWarningKind, source_warning

MOST_WARNINGS: Final = 20

_TOKEN: Final = re.compile(
    rb"""
    //[^\n]* | /\*[\s\S]*?(?:\*/|\Z)
    | "(?:[^"\\\n]|\\[\s\S])*["\n]? | '(?:[^'\\\n]|\\[\s\S])*['\n]?
    | (?P<template>`(?:[^`\\]|\\[\s\S])*`?)
    | \.\s*(?P<method>toLocaleString|toLocaleDateString|toLocaleTimeString|localeCompare)\b
    | (?<![\w$.])(?P<intl>Intl)\b
    | (?<![\w$.])(?P<call>require|import)\s*\(
    | ^[ \t]*(?P<statement>import|export)\b(?=[\s{*"'])
    """,
    re.VERBOSE | re.MULTILINE,
)
_SUBSTITUTION: Final = re.compile(rb"\$\{([^}]*)")


def advise(source: bytes) -> tuple[SourceWarning, ...]:
    """At most `MOST_WARNINGS` warnings, in the order of their lines, one a line and word."""
    found: dict[tuple[int, str], SourceWarning] = {}
    line, counted = 1, 0
    for at, group, word in _uses(source, 0):
        line, counted = line + source.count(b"\n", counted, at), at
        found.setdefault((line, word), _warning(group, word, line))
        if len(found) == MOST_WARNINGS:
            break
    return tuple(found.values())


def _uses(text: bytes, start: int) -> Iterator[tuple[int, str, str]]:
    for token in _TOKEN.finditer(text):
        group = token.lastgroup
        if group == "template":
            for part in _SUBSTITUTION.finditer(token[0]):
                yield from _uses(part[1], start + token.start() + part.start(1))
        elif group is not None:
            yield start + token.start(group), group, token[group].decode("ascii")


def _warning(group: str, word: str, line: int) -> SourceWarning:
    match group:
        case "method":
            detail = f"`{word}` knows no languages and no options here, because the engine has no `Intl`"
            return source_warning(SourceWarningKind.MISSING_INTL, detail, line)
        case "intl":
            return source_warning(SourceWarningKind.MISSING_INTL, "`Intl` does not exist here", line)
        case _:
            return source_warning(SourceWarningKind.NO_MODULES, f"`{word}` does not work here: {NO_MODULES}", line)
