"""Sizes in messages."""

from typing import Final

from adapters.http.language import Language

_UNITS: Final = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))
_PORTUGUESE: Final = str.maketrans(",.", ".,")


def size_text(size_bytes: int, language: Language = Language.ENGLISH) -> str:
    """Format a size in the largest unit that fits, with the bytes in parentheses: `73.4 MiB (76,965,478 bytes)`."""
    text = _size_text(size_bytes)
    return text.translate(_PORTUGUESE) if language is Language.PORTUGUESE else text


def _size_text(size_bytes: int) -> str:
    for unit_bytes, unit in _UNITS:
        if size_bytes >= unit_bytes:
            return f"{size_bytes / unit_bytes:.1f}".removesuffix(".0") + f" {unit} ({size_bytes:,} bytes)"
    return "1 byte" if size_bytes == 1 else f"{size_bytes} bytes"
