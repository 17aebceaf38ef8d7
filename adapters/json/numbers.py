"""Detection of numbers in valid JSON text that change in JavaScript, which reads each as a 64-bit float.

A step of the text is examined closely only if it may contain a number of sixteen digits or an exponent of three. Those
that msgspec prints as they were are dropped in bulk; few remain to be judged one by one.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec
from attrs import define, frozen

from adapters.json import STEP_BYTES
from adapters.json.floats import is_kept
from adapters.json.pointers import pointer_to
from adapters.json.strings import Piece, Pieces
from domain.warnings import NumberWarning, NumberWarningKind, number_warning

_CHARACTERS: Final = b"0123456789+-.eE"
"""The characters of numbers."""

_SIGNS: Final = b"+-"
_SHAPE: Final = bytes(
    ord("0")
    if one in b"0123456789."
    else ord("e")
    if one in b"eE"
    else ord(",")
    if one in b"[]{},: \t\r\n"
    else ord("x")
    for one in range(256)
)
"""Digits and points become 0, every character that may precede or follow a number a comma."""
_MANY_DIGITS: Final = b"0" * 16
_MANY_DIGITS_ALONE: Final = b"," + _MANY_DIGITS
_LONG_EXPONENT: Final = re.compile(rb"e000++(?:,|\Z)")

_NUMBERS_ALONE: Final = bytes(
    ord("e") if one == ord("E") else one if one in _CHARACTERS else ord(" ") for one in range(256)
)
_NUMBER: Final = re.compile(rb"[0-9+\-.e]+")
_EXACT_CHARACTERS: Final = 15
"""A number that is no longer than this, and has no exponent, is read as it is written."""
_SHORTEST_LOST_EXPONENT: Final = len("1e309")

_FEW: Final = 16
"""The number of numbers that are judged one by one where they cannot be cleared together."""
MOST_JUDGED: Final = 200_000
"""Decimals whose floats are written otherwise, be it that they are lost or only spelt so. To judge one is slow, and the
scan ends with the step in which they have become more."""

_LARGEST_EXACT: Final = str(2**53).encode()
_FLOATS: Final = msgspec.json.Decoder(list[float])


@define
class _Lost:
    """The numbers of one kind that were found."""

    count: int = 0
    first_offset: int = 0


@frozen
class _Words:
    one: str
    many: str


_WORDS: Final = {
    NumberWarningKind.INTEGER_PRECISION: _Words(
        "1 integer is beyond 2^53 and was rounded", "{} integers are beyond 2^53 and were rounded"
    ),
    NumberWarningKind.DECIMAL_PRECISION: _Words(
        "1 decimal is more than a 64-bit float can hold and was rounded",
        "{} decimals are more than a 64-bit float can hold and were rounded",
    ),
}


def number_warnings(
    text: bytes, step_bytes: int = STEP_BYTES, most_judged: int = MOST_JUDGED
) -> tuple[NumberWarning, ...]:
    """Warn of the numbers that lose precision: at most one warning for integers and one for decimals."""
    if len(text) <= step_bytes and not _is_suspect(text):
        return ()
    lost = {kind: _Lost() for kind in _WORDS}
    pieces, judged, end = Pieces(text, step_bytes), 0, 0
    for start, end in _steps(text, step_bytes):
        if _is_suspect(text[max(start - 1, 0) : end]):  # the byte before tells a number from a string
            judged += _count(lost, pieces.piece(start, end))
            if judged > most_judged:
                break
    at_least = "at least " if end < len(text) else ""
    return tuple(
        number_warning(kind, at_least + _detail(kind, found.count), pointer_to(text, found.first_offset, step_bytes))
        for kind, found in lost.items()
        if found.count
    )


def _detail(kind: NumberWarningKind, count: int) -> str:
    return _WORDS[kind].one if count == 1 else _WORDS[kind].many.format(count)


def _steps(text: bytes, step_bytes: int) -> Iterator[tuple[int, int]]:
    """Cut the text into pieces that no number reaches across. A number longer than a step is a piece by itself."""
    start = 0
    while start < len(text):
        end = min(start + step_bytes, len(text))
        if end < len(text):
            end -= step_bytes - len(text[start:end].rstrip(_CHARACTERS))
        if end == start:
            end = _end_of_run(text, start, step_bytes)
        yield start, end
        start = end


def _end_of_run(text: bytes, end: int, step_bytes: int) -> int:
    while piece := text[end : end + step_bytes]:
        rest = piece.lstrip(_CHARACTERS)
        end += len(piece) - len(rest)
        if rest:
            break
    return end


def _is_suspect(text: bytes) -> bool:
    shape = text.translate(_SHAPE, _SIGNS)
    return (
        shape.rfind(_MANY_DIGITS_ALONE) >= 0  # from the right, the rare comma is searched for first
        or shape.startswith(_MANY_DIGITS)
        or _LONG_EXPONENT.search(shape) is not None
    )


def _count(lost: dict[NumberWarningKind, _Lost], piece: Piece) -> int:
    """Count the piece's lost numbers, and return how many of its decimals had to be judged."""
    numbers = [
        one
        for one in piece.bare().translate(_NUMBERS_ALONE).split()
        if len(one) > _EXACT_CHARACTERS or (len(one) >= _SHORTEST_LOST_EXPONENT and b"e" in one)
    ]
    changed = _changed(numbers)
    found = {
        NumberWarningKind.INTEGER_PRECISION: [one for one, _ in changed if _is_lost_integer(one)],
        NumberWarningKind.DECIMAL_PRECISION: [one for one, printed in changed if _is_lost_decimal(one, printed)],
    }
    for kind, those in found.items():
        if those and not lost[kind].count:
            lost[kind].first_offset = piece.start + _place(those[0], piece.blanked())
        lost[kind].count += len(those)
    return sum(not _is_integer(one) for one, _ in changed)


def _place(number: bytes, blanked: bytes) -> int:
    return next(found.start() for found in _NUMBER.finditer(blanked.replace(b"E", b"e")) if found[0] == number)


def _changed(numbers: list[bytes]) -> list[tuple[bytes, bytes]]:
    """Select the numbers whose floats have another shortest text, with that text, or an empty one if it is unknown."""
    text = b"[" + b",".join(numbers).replace(b"e-0", b"e-").replace(b"e+", b"e") + b"]"
    try:
        printed = msgspec.json.encode(_FLOATS.decode(text))
    except msgspec.DecodeError:  # one of them is beyond every float, or has an exponent of zeros
        if len(numbers) <= _FEW:
            return [(one, b"") for one in numbers]
        middle = len(numbers) // 2
        return _changed(numbers[:middle]) + _changed(numbers[middle:])
    if printed == text:
        return []
    both = zip(numbers, printed[1:-1].split(b","), strict=True)
    return [(one, after) for one, after in both if one != after]


def _is_integer(number: bytes) -> bool:
    return number.removeprefix(b"-").isdigit()


def _is_lost_integer(number: bytes) -> bool:
    digits = number.removeprefix(b"-")
    return digits.isdigit() and (len(digits), digits) > (len(_LARGEST_EXACT), _LARGEST_EXACT)


def _is_lost_decimal(number: bytes, printed: bytes) -> bool:
    if _is_integer(number):
        return False
    if b"e" in number or b"e" in printed or not printed:
        return not is_kept(number)
    return number.rstrip(b"0") != printed.rstrip(b"0")
