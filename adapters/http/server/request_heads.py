"""Strict reading of a request's head (RFC 9112, sections 2.3, 3 and 6; RFC 9110, sections 7.2 and 10.1.1).

httptools refuses malformed lines. It accepts what only the whole head shows to be wrong, and that is refused here: a
request that two recipients could understand in two ways may be answered by neither.
"""

import re
from collections.abc import Iterable
from typing import Final

from attrs import frozen

from adapters.http.problems.types import (
    EXPECTATION_FAILED,
    MALFORMED_REQUEST,
    TRANSFER_CODING_NOT_SUPPORTED,
    VERSION_NOT_SUPPORTED,
    ProblemType,
)
from adapters.http.transport.authorities import authority

_LINE: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~]+) HTTP/([0-9]\.[0-9])\r\n")
_ABSOLUTE: Final = re.compile(rb"https?://([^/?#]*)((?:/[^?#]*)?)((?:\?[^#]*)?)", re.IGNORECASE)
_LENGTH: Final = re.compile(rb"[0-9]{1,18}")
_READ: Final = frozenset({b"host", b"content-length", b"transfer-encoding", b"expect"})


@frozen
class Head:
    """The parts of a head on which the handling of its request depends.

    `target` is in origin-form, or `*`; `authority` is what an absolute-form had before it, which replaces `Host`.
    `body_bytes` is None for a chunked body. `expects_continue` is false in HTTP/1.0, which has no `100 Continue`.
    """

    target: bytes
    authority: bytes | None
    body_bytes: int | None
    expects_continue: bool


def read_head(line: bytes, headers: Iterable[tuple[bytes, bytes]]) -> Head | ProblemType:
    """Parse a request line and its fields, their names in lower case, or return the problem to refuse them with."""
    parts = _LINE.fullmatch(line)
    if parts is None:
        return MALFORMED_REQUEST
    if parts[3] not in (b"1.0", b"1.1"):
        return VERSION_NOT_SUPPORTED
    values: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        if name in _READ:
            values.setdefault(name, []).append(value.strip(b" \t"))
    target, is_old = _target(parts[1], parts[2]), parts[3] == b"1.0"
    if target is None or not _is_addressed(values.get(b"host", []), is_old):
        return MALFORMED_REQUEST
    body = _body(values.get(b"content-length", []), values.get(b"transfer-encoding", []), is_old)
    if isinstance(body, ProblemType):
        return body
    expected = {one.lower() for one in values.get(b"expect", [])} - {b""}
    if expected - {b"100-continue"} and not is_old:
        return EXPECTATION_FAILED
    return Head(*target, body[0], bool(expected) and not is_old)


def _target(method: bytes, target: bytes) -> tuple[bytes, bytes | None] | None:
    """Parse a target in origin-form or `*`, and the authority of an absolute-form. CONNECT's form is for proxies."""
    if method == b"CONNECT" or b"#" in target:
        return None
    if target.startswith(b"/"):
        return target, None
    if target == b"*":
        return (target, None) if method == b"OPTIONS" else None
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is None or authority(absolute[1].decode("ascii")) is None:
        return None
    is_asterisk = method == b"OPTIONS" and not (absolute[2] or absolute[3])
    return b"*" if is_asterisk else (absolute[2] or b"/") + absolute[3], absolute[1]


def _is_addressed(hosts: list[bytes], is_old: bool) -> bool:
    """Require one valid `Host`, which only HTTP/1.0 may leave out."""
    if len(hosts) != 1:
        return is_old and not hosts
    return hosts[0].isascii() and authority(hosts[0].decode("ascii")) is not None


def _body(lengths: list[bytes], codings: list[bytes], is_old: bool) -> tuple[int | None] | ProblemType:
    """Determine the size of the body in bytes; None if it is chunked."""
    if codings:
        return MALFORMED_REQUEST if lengths or is_old else _chunked(codings)
    if not lengths:
        return (0,)
    is_number = len(lengths) == 1 and _LENGTH.fullmatch(lengths[0])
    return (int(lengths[0]),) if is_number else MALFORMED_REQUEST


def _chunked(codings: list[bytes]) -> tuple[None] | ProblemType:
    """Check the codings (RFC 9112, sections 6.1 and 6.3): the last must be chunked, once; others are unsupported."""
    names = [one.strip(b" \t").lower() for one in b",".join(codings).split(b",")]
    if names == [b"chunked"]:
        return (None,)
    is_valid = names[-1] == b"chunked" and names.count(b"chunked") == 1 and all(names)
    return TRANSFER_CODING_NOT_SUPPORTED if is_valid else MALFORMED_REQUEST
