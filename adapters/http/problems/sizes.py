"""Sizes in messages."""

from typing import Final

_UNITS: Final = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))


def size_text(size_bytes: int) -> str:
    """Format a size in the largest unit that fits, with the bytes in brackets: `73.4 MiB (76,965,478 bytes)`."""
    for unit_bytes, unit in _UNITS:
        if size_bytes >= unit_bytes:
            return f"{size_bytes / unit_bytes:.1f}".removesuffix(".0") + f" {unit} ({size_bytes:,} bytes)"
    return f"{size_bytes} bytes"
