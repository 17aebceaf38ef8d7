"""Uses in a source of names that exist elsewhere and not here: a scan of its text that parses nothing.

It distinguishes comments, strings and template literals from code, so that a word in them does not count. It can be
fooled (by a quote in a regular expression, for one), which costs a warning too many or too few: the engine decides
whether a source can run. It is the only code that reads a source as text, and it runs in the confined child.

The scan goes forward only. Every pattern is a class of characters or a choice of fixed texts, which keeps no state to
go back to, and templates within templates are counted on a stack of bounded depth: the time is proportional to the
source, the memory is constant.
"""

import re
from collections.abc import Iterator
from typing import Final

from adapters.javascript import wire

_MAX_DEPTH: Final = 1_000
"""Substitutions within templates within substitutions; the engine's own parser refuses fewer."""
_LOOK_BACK_BYTES: Final = 64
"""How far before a word its dot, or the start of its line, is searched for."""

_WORDS: Final = "|".join(wire.SOURCE_WORDS).encode()
_CODE: Final = re.compile(rb"[\"'`/]|" + _WORDS)
_SUBSTITUTION: Final = re.compile(rb"[\"'`/{}]|" + _WORDS)
_TEMPLATE: Final = re.compile(rb"[\\`$]")
_QUOTED: Final = {quote: re.compile(rb"[\\\n" + quote + rb"]") for quote in (b'"', b"'")}
_NOT_BLANK: Final = re.compile(rb"[^ \t\r\n\f\v]")
_WORD_BYTE: Final = re.compile(rb"[A-Za-z0-9_$\x80-\xff]")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"

_NUMBERS: Final = {word.encode(): number for number, word in enumerate(wire.SOURCE_WORDS)}
_METHODS: Final = frozenset((b"toLocaleString", b"toLocaleDateString", b"toLocaleTimeString", b"localeCompare"))
_CALLS: Final = frozenset((b"require", b"import"))
_STATEMENTS: Final = frozenset((b"import", b"export"))
_AFTER_STATEMENT: Final = frozenset(b" \t\r\n{*\"'")


def lint(source: bytes) -> Iterator[tuple[int, int]]:
    """Each use once a line: the index of its word in `wire.SOURCE_WORDS`, and its line, counted from 1."""
    return _Scan(source).uses()


class _Scan:
    """The position in the source, and the templates around it."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._at = self._first = len(_BYTE_ORDER_MARK) if source.startswith(_BYTE_ORDER_MARK) else 0
        self._line, self._counted = 1, 0
        self._words_of_line: set[bytes] = set()
        self._braces: list[int] = []
        """One for each template around the position: the braces that are open in its substitution."""

    def uses(self) -> Iterator[tuple[int, int]]:
        """What `lint` gives."""
        while token := (_SUBSTITUTION if self._braces else _CODE).search(self._source, self._at):
            last, self._at = self._at, token.end()
            if token[0] not in _NUMBERS:
                self._skip(token[0])
            elif self._is_use(token[0], token.start(), last) and self._is_new_on_its_line(token[0], token.start()):
                yield _NUMBERS[token[0]], self._line

    def _is_use(self, word: bytes, start: int, last: int) -> bool:
        """Whether a text between other tokens, the last of which ended at `last`, is a whole word and in use."""
        if _WORD_BYTE.match(self._source, self._at) or (
            start > self._first and _WORD_BYTE.match(self._source, start - 1)
        ):
            return False
        before = self._source[max(last, start - _LOOK_BACK_BYTES) : start].rstrip(b" \t")
        if before.rstrip().endswith(b"."):
            return word in _METHODS
        starts_line = before.endswith(b"\n") or (not before and last == self._first)
        return word == b"Intl" or (starts_line and self._is_statement(word)) or self._is_call(word)

    def _is_statement(self, word: bytes) -> bool:
        return word in _STATEMENTS and self._at < len(self._source) and self._source[self._at] in _AFTER_STATEMENT

    def _is_call(self, word: bytes) -> bool:
        follower = _NOT_BLANK.search(self._source, self._at) if word in _CALLS else None
        return follower is not None and follower[0] == b"("

    def _is_new_on_its_line(self, word: bytes, start: int) -> bool:
        passed = self._source.count(b"\n", self._counted, start)
        self._line, self._counted = self._line + passed, start
        if passed:
            self._words_of_line.clear()
        is_new = word not in self._words_of_line
        self._words_of_line.add(word)
        return is_new

    def _skip(self, mark: bytes) -> None:
        match mark:
            case b"`":
                self._skip_template()
            case b"/":
                self._skip_comment()
            case b"{":
                self._braces[-1] += 1
            case b"}":
                self._close_brace()
            case _:
                self._skip_string(mark)

    def _skip_string(self, quote: bytes) -> None:
        """Go to its end; a line's end is one as well, unless there is a backslash before it."""
        while self._find(_QUOTED[quote]) == b"\\":
            self._at += 1

    def _skip_template(self) -> None:
        """Go to its end or into its next substitution."""
        while mark := self._find(_TEMPLATE):
            if mark == b"`":
                return
            if mark == b"\\":
                self._at += 1
            elif self._source.startswith(b"{", self._at) and len(self._braces) < _MAX_DEPTH:
                self._at += 1
                self._braces.append(0)
                return

    def _skip_comment(self) -> None:
        if self._source.startswith((b"/", b"*"), self._at):
            end = b"\n" if self._source.startswith(b"/", self._at) else b"*/"
            found = self._source.find(end, self._at + 1)
            self._at = len(self._source) if found < 0 else found + len(end.strip())

    def _close_brace(self) -> None:
        if self._braces[-1]:
            self._braces[-1] -= 1
        else:
            self._braces.pop()
            self._skip_template()

    def _find(self, marks: re.Pattern[bytes]) -> bytes:
        """Go past the next of these marks, and return it; past the end and nothing if there is none."""
        found = marks.search(self._source, self._at)
        self._at = len(self._source) if found is None else found.end()
        return b"" if found is None else found[0]
