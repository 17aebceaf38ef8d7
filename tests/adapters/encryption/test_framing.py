"""Segments of AES-GCM: only the original decrypts, however its segments are cut and recombined."""

from collections.abc import Callable
from typing import Final

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from adapters.encryption.stream_framing import HEAD_BYTES, SEGMENT_BYTES, TAG_BYTES, decrypt, encrypt
from application.ports.encryption import DecryptionFailed

KEY: Final = AESGCM(bytes(range(32)))
OTHER_KEY: Final = AESGCM(bytes(32))
ABOUT: Final = b"something"
SEGMENT: Final = 5
VECTORS: Final = {
    b"": (1024, "0101020304050607068226801827a798480e150f5b4819e6"),
    b"0123456789": (
        4,
        "0101020304050607266af39e35e75e3f34adc3af1b5a075e76cad6cb762fd43477b177d8619cb93ba0b7ce26f6557c98e2979db3bc076e569af2d682557024c9f464",
    ),
}
"""Made by the construction as the module's documentation has it, with AES-GCM itself and nothing of this module."""

texts = st.binary(max_size=4 * SEGMENT + 1)
several = st.binary(min_size=SEGMENT + 1, max_size=4 * SEGMENT)


def sealed(text: bytes) -> bytes:
    return encrypt(KEY, text, ABOUT, SEGMENT)


def broken(data: bytes, key: AESGCM = KEY, about: bytes = ABOUT) -> bool:
    try:
        decrypt(key, data, about, SEGMENT)
    except DecryptionFailed:
        return True
    return False


def segments(data: bytes) -> list[bytes]:
    body, step = data[HEAD_BYTES:], SEGMENT + TAG_BYTES
    return [body[at : at + step] for at in range(0, len(body), step)]


def by_hand(text: bytes, segment_bytes: int) -> bytes:
    salt = bytes(range(1, 8))
    parts = [text[at : at + segment_bytes] for at in range(0, max(1, len(text)), segment_bytes)]
    nonces = [salt + number.to_bytes(4) + bytes([number == len(parts) - 1]) for number in range(len(parts))]
    return b"\x01" + salt + b"".join(KEY.encrypt(n, part, ABOUT) for n, part in zip(nonces, parts, strict=True))


@given(texts)
def test_encrypted_text_decrypts_and_is_longer_by_a_tag_a_segment(text: bytes) -> None:
    data = sealed(text)
    assert decrypt(KEY, data, ABOUT, SEGMENT) == text
    assert len(data) == HEAD_BYTES + len(text) + TAG_BYTES * max(1, -(-len(text) // SEGMENT))


@given(texts)
def test_the_same_text_is_encrypted_differently_each_time(text: bytes) -> None:
    assert sealed(text) != sealed(text)


@given(st.sampled_from(range(3 * SEGMENT)).map(lambda size: bytes(range(size))), st.integers(1, 6))
def test_it_is_the_documented_construction(text: bytes, segment_bytes: int) -> None:
    assert decrypt(KEY, by_hand(text, segment_bytes), ABOUT, segment_bytes) == text


@pytest.mark.parametrize("text", VECTORS)
def test_text_encrypted_by_an_earlier_version_decrypts(text: bytes) -> None:
    segment_bytes, data = VECTORS[text]
    assert decrypt(KEY, bytes.fromhex(data), ABOUT, segment_bytes) == text


@given(texts, st.data())
def test_no_bit_can_be_changed(text: bytes, data: st.DataObject) -> None:
    whole = bytearray(sealed(text))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert broken(bytes(whole))


@given(texts, st.data())
def test_it_cannot_be_cut_short_or_made_longer(text: bytes, data: st.DataObject) -> None:
    whole = sealed(text)
    assert broken(whole[: data.draw(st.integers(0, len(whole) - 1))])
    assert broken(whole + data.draw(st.binary(min_size=1, max_size=3 * SEGMENT)))


CHANGES: Final[list[Callable[[list[bytes]], list[bytes]]]] = [
    lambda parts: parts[:-1],
    lambda parts: parts[1:],
    lambda parts: parts[::-1],
    lambda parts: [parts[0], *parts],
    lambda parts: [*parts, parts[-1]],
    lambda parts: [*parts[:-2], parts[-1]],
]


@given(several, st.sampled_from(CHANGES))
def test_segments_cannot_be_dropped_doubled_or_moved(text: bytes, change: Callable[[list[bytes]], list[bytes]]) -> None:
    whole = sealed(text)
    assert broken(whole[:HEAD_BYTES] + b"".join(change(segments(whole))))


@given(several, st.data())
def test_segments_of_another_text_do_not_fit(text: bytes, data: st.DataObject) -> None:
    one, other = sealed(text), sealed(text)
    at = data.draw(st.integers(0, len(segments(one)) - 1))
    parts = segments(one)
    parts[at] = segments(other)[at]
    assert broken(one[:HEAD_BYTES] + b"".join(parts))


@given(texts)
def test_another_key_and_another_subject_open_nothing(text: bytes) -> None:
    assert broken(sealed(text), key=OTHER_KEY)
    assert broken(sealed(text), about=b"something else")


@pytest.mark.parametrize("size", [SEGMENT_BYTES - 1, SEGMENT_BYTES, 2 * SEGMENT_BYTES + 1])
def test_a_long_text_decrypts(size: int) -> None:
    text = bytes(size)
    assert decrypt(KEY, encrypt(KEY, text, ABOUT), ABOUT) == text
