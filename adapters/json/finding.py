"""Findings: the mistake in a refused text by its code, and its place."""

from typing import Final

from attrs import field, frozen

from domain.hint import Parameter

EMPTY: Final = "json-empty"
TRUNCATED: Final = "json-truncated"
TOO_DEEP: Final = "json-too-deep"
NOT_UTF_8: Final = "not-utf-8"
BYTE_ORDER_MARK: Final = "json-byte-order-mark"
SYNTAX: Final = "json-syntax"


@frozen
class Finding:
    """A mistake by its code. `at` is its byte offset, if known; from there on, `encoding` is that of the excerpt.

    A mistake in binary data has no encoding, and no excerpt. The parameters may quote the text.
    """

    code: str
    at: int | None
    parameters: tuple[tuple[str, Parameter], ...] = field(default=(), repr=False)
    encoding: str | None = "utf-8"


def finding(code: str, at: int | None, **parameters: Parameter) -> Finding:
    """Build a finding from its code, offset and named parameters."""
    return Finding(code, at, tuple(parameters.items()))
