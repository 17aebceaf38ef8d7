"""The files of the command that verifies receipts: read up to a limit and parsed, or refused in a sentence."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from returns.pipeline import is_successful
from returns.result import Result

from adapters.signing.ed25519 import is_public_key
from domain.dsse import MAX_ENVELOPE_BYTES, Envelope, NotAnEnvelope, parse_envelope
from domain.error_document import MAX_ERROR_DOCUMENT_BYTES, NotAnError, parse_error
from domain.outcome import error_sha256
from domain.public_keys import MAX_KEYS_BYTES, NotKeys, TrustedKey, parse_public_keys
from domain.strict_json import Unreadable
from domain.verification_report import Form
from entrypoints.verification.digests import digests_of
from entrypoints.verification.rendering import filled
from entrypoints.verification.texts import Texts

_Value = TypeVar("_Value")
_Wrong: TypeAlias = Unreadable | NotAnEnvelope | NotKeys | NotAnError
_STANDARD_INPUT: Final = 0
"""Its descriptor, which may be closed: then there is no `sys.stdin`."""


class UnusableFile(Exception):
    """A sentence about a file that cannot be used."""


class Files:
    """Reads files; refusals are in the language of the texts."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def receipt(self, name: str) -> Envelope:
        """Read an envelope from a file, or from standard input."""
        file = _STANDARD_INPUT if name == "-" else Path(name)
        return self._parsed(parse_envelope(_read(file, MAX_ENVELOPE_BYTES)), name)

    def keys(self, file: Path) -> tuple[TrustedKey, ...]:
        """Read the public keys."""
        return self._parsed(parse_public_keys(_read(file, MAX_KEYS_BYTES), is_public_key), file)

    def error_digest(self, file: Path) -> Mapping[Form, str]:
        """Compute the digest of an error."""
        text = _read(file, MAX_ERROR_DOCUMENT_BYTES)
        if len(text) > MAX_ERROR_DOCUMENT_BYTES:
            raise UnusableFile(f"{file}: {self._texts.reasons['error-too-long']}")
        return {Form.ERROR: error_sha256(self._parsed(parse_error(text), file))}

    def digests(self, file: Path) -> Mapping[Form, str]:
        """Compute the digests of a dataset or result, in each form."""
        try:
            return digests_of(file)
        except OSError as error:
            raise _unreadable(file, error) from error

    def source_digest(self, file: Path) -> Mapping[Form, str]:
        """Compute the digest of a source, which the service stores as it is."""
        return {Form.RAW: self.digests(file)[Form.RAW]}

    def _parsed(self, result: Result[_Value, _Wrong], file: str | Path) -> _Value:
        if is_successful(result):
            return result.unwrap()
        raise UnusableFile(f"{file}: {_reason(result.failure(), self._texts)}")


def _read(file: Path | int, limit_bytes: int) -> bytes:
    """Read a file, or so much of it that it is longer than the limit."""
    try:
        with open(file, "rb", closefd=isinstance(file, Path)) as opened:
            return opened.read(limit_bytes + 1)
    except OSError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path | int, error: OSError) -> UnusableFile:
    return UnusableFile(f"{'-' if file == _STANDARD_INPUT else file}: {error.strerror}")


def _reason(wrong: _Wrong, texts: Texts) -> str:
    match wrong:
        case Unreadable(fault=fault, detail=detail):
            return filled(texts.reasons[fault], {"detail": detail})
        case NotAnEnvelope(fault=fault, member=member):
            return filled(texts.reasons[fault], {"member": member})
        case NotKeys(fault=fault, place=place, member=member):
            return filled(texts.reasons[fault], {"place": place, "member": member})
        case NotAnError(member=member):
            return filled(texts.reasons["not-an-error"], {"member": member})
