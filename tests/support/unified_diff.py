"""A reader of unified diffs, strict about what it reads: each hunk counts its lines, and its context is in the text."""

import re

_HUNK = re.compile(rb"@@ -(\d+),(\d+) \+(\d+),(\d+) @@\n")
_NO_NEWLINE = b"\\ No newline at end of file\n"


def lines_of(data: bytes) -> list[bytes]:
    """Split after each LF, and nowhere else."""
    return re.findall(rb"[^\n]*\n|[^\n]+\Z", data)


def apply_diff(before: bytes, patch: bytes) -> bytes:
    """Apply a patch to a text."""
    if not patch:
        return before
    old, (first, second, *rest) = lines_of(before), lines_of(patch)
    assert first.startswith(b"--- ")
    assert second.startswith(b"+++ ")
    made: list[bytes] = []
    taken = 0
    while rest:
        taken, rest = _hunk(old, made, taken, rest)
    return b"".join([*made, *old[taken:]])


def _hunk(old: list[bytes], made: list[bytes], taken: int, rest: list[bytes]) -> tuple[int, list[bytes]]:
    """Apply the hunk at the beginning, and return the lines that are taken from the text, and the rest of the patch."""
    heading = _HUNK.fullmatch(rest.pop(0))
    assert heading is not None
    start, removed, other_start, added = map(int, heading.groups())
    begin = start - 1 if removed else start
    made += old[taken:begin]
    assert len(made) == (other_start - 1 if added else other_start)
    taken, end = begin, len(made) + added
    while taken < begin + removed or len(made) < end:
        line = rest.pop(0)
        mark, text = line[:1], line[1:]
        if rest and rest[0] == _NO_NEWLINE:
            rest.pop(0)
            text = text[:-1]
        if mark in b" -":
            assert old[taken] == text
            taken += 1
        if mark in b" +":
            made.append(text)
    return taken, rest
