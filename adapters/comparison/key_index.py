"""The rows of a table in the order of their keys: an external merge sort of keys and row numbers.

Some of the keys are sorted in memory, the rest in runs in one temporary file.
"""

import heapq
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, Any, Final

import msgspec
from attrs import define, field

from adapters.comparison.row_texts import Items, parse_row
from domain.comparison.json_text import NumberOutOfRange, decimal_of, json_text
from domain.comparison.order import order_key
from domain.comparison.report import ComparisonRefused, KeyNotUnique, KeyNotUsable
from domain.comparison.rows import Key, key_values
from domain.comparison.values import ABSENT, Cell, is_scalar

RUN_BYTES: Final = 32 * 1024 * 1024
"""The memory of the keys that are sorted at once."""
_ENTRY_BYTES: Final = 50
"""The memory of a key beside its bytes."""
_NUMBER_BYTES: Final = 8
_LENGTH_BYTES: Final = 4
_READ_BYTES: Final = 64 * 1024


class Unusable(Exception):
    """The key cannot be used for these rows; `refusal` is the reason."""

    def __init__(self, refusal: ComparisonRefused) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@define
class _Sorter:
    """Takes entries, and returns them sorted. Its file is closed with the stack."""

    run_bytes: int
    _stack: ExitStack
    _entries: list[bytes] = field(factory=list)
    _held: int = 0
    _runs: list[tuple[int, int]] = field(factory=list)
    _file: "IO[bytes] | None" = None

    def add(self, entry: bytes) -> None:
        self._entries.append(entry)
        self._held += len(entry) + _ENTRY_BYTES
        if self._held > self.run_bytes:
            self._write_run()

    def sorted(self) -> Iterator[bytes]:
        self._entries.sort()
        if self._file is None:
            return iter(self._entries)
        return heapq.merge(self._entries, *(_read_run(self._file, *run) for run in self._runs))

    def _write_run(self) -> None:
        self._file = self._file or self._stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack is a context
        self._entries.sort()
        start = self._file.seek(0, 2)
        self._file.writelines(part for one in self._entries for part in (len(one).to_bytes(_LENGTH_BYTES, "big"), one))
        self._file.flush()
        self._runs.append((start, self._file.tell()))
        self._entries, self._held = [], 0


def _read_run(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    held, at = b"", 0
    while at + _LENGTH_BYTES <= len(held) or start < end:
        length = int.from_bytes(held[at : at + _LENGTH_BYTES], "big") if at + _LENGTH_BYTES <= len(held) else None
        if length is None or at + _LENGTH_BYTES + length > len(held):
            read = os.pread(file.fileno(), min(_READ_BYTES, end - start), start)
            start += len(read)
            held, at = held[at:] + read, 0
            continue
        at += _LENGTH_BYTES
        yield held[at : at + length]
        at += length


def sorted_rows(items: Items, key: Key, is_before: bool, run_bytes: int = RUN_BYTES) -> Iterator[tuple[bytes, int]]:
    """Yield sort key and number of each row, in the order of the keys. Raises `Unusable` as soon as the key is found to
    be none."""
    with ExitStack() as stack:
        sorter = _Sorter(run_bytes, stack)
        for number, values in enumerate(_key_values(items, key, is_before)):
            sorter.add(b"".join(map(order_key, values)) + number.to_bytes(_NUMBER_BYTES, "big"))
        former, former_number = b"", 0
        for entry in sorter.sorted():
            order, number = entry[:-_NUMBER_BYTES], int.from_bytes(entry[-_NUMBER_BYTES:], "big")
            if order == former:
                values = key_values(items.row(number), key)
                raise Unusable(KeyNotUnique(key, is_before, (former_number, number), tuple(values)))
            former, former_number = order, number
            yield order, number


def _key_values(items: Items, key: Key, is_before: bool) -> Iterator[Sequence[Cell]]:
    read = _KeyReader(key)
    for number in range(len(items)):
        values = read(items.text(number))
        for column, value in zip(key, values, strict=True):
            if value is ABSENT or not is_scalar(value):
                raise Unusable(KeyNotUsable(column, is_before, number))
        yield values


class _KeyReader:
    """Reads the values of a key and skips all others, where the fast parser can."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._decode = _decoder_of(key)

    def __call__(self, text: bytes) -> Sequence[Cell]:
        if self._decode is None:
            return key_values(parse_row(text), self._key)
        try:
            found = msgspec.structs.astuple(self._decode(text))
        except NumberOutOfRange:
            raise
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return key_values(parse_row(text), self._key)
        return [ABSENT if value is msgspec.UNSET else value for value in found]


def _decoder_of(key: Key) -> Callable[[bytes], msgspec.Struct] | None:
    """Build a decoder of objects that have the columns of the key among their members; None if their names need
    escapes."""
    if any(json_text(column) != f'"{column}"' or not column.isprintable() for column in key):
        return None
    names = [f"column_{at}" for at in range(len(key))]
    members = [(name, Any, msgspec.UNSET) for name in names]
    shape = msgspec.defstruct("Key", members, rename=dict(zip(names, key, strict=True)).get)
    return msgspec.json.Decoder(shape, float_hook=decimal_of).decode
