"""Decoders undo what encoders did, however it arrives, and say where a body is not what its coding says."""

import zlib
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http.requests.content_encoding import decoder_of
from adapters.http.transport.codings.coding import Coding
from adapters.http.transport.codings.decoders import PIECE_BYTES, Decoder, MalformedEncoding, incomplete
from adapters.http.transport.codings.gzip_decoder import GzipDecoder
from adapters.http.transport.codings.zstd_decoder import MAX_WINDOW_BYTES, ZstdDecoder
from domain.hint import hint
from tests.adapters.http.codings import (
    SKIPPABLE,
    deflate_bomb,
    encoded,
    gzipped,
    pieces_of,
    zstd_bomb,
    zstd_streamed,
    zstd_whole,
)
from tests.support.zstd import zstd

cuts = st.lists(st.integers(0, 400), max_size=5)
texts = st.binary(max_size=300) | st.binary(min_size=1, max_size=4).map(lambda seed: seed * 40_000)


def fresh(coding: str) -> Decoder:
    return decoder_of(Coding(coding.lower().removeprefix("x-")))


def decoded(decoder: Decoder, *chunks: bytes) -> bytes | MalformedEncoding:
    """Decode the chunks, or return the fault."""
    text = b""
    for chunk in chunks:
        for piece in decoder.decode(chunk):
            if isinstance(piece, MalformedEncoding):
                return piece
            assert 0 < len(piece) <= PIECE_BYTES
            text += piece
    return decoder.end() or text


@given(texts, cuts, st.data())
def test_encoded_text_is_decoded_with_every_cut(text: bytes, cuts: list[int], data: st.DataObject) -> None:
    sent = data.draw(encoded(text))
    assert decoded(fresh(sent.coding), *pieces_of(sent.data, cuts)) == text


@given(st.binary(max_size=300), cuts)
def test_unencoded_text_stays_as_it_is(text: bytes, cuts: list[int]) -> None:
    assert decoded(decoder_of(Coding.IDENTITY), *pieces_of(text, cuts)) == text


@given(texts, cuts, st.data())
def test_truncated_input_is_refused_at_its_end(text: bytes, cuts: list[int], data: st.DataObject) -> None:
    sent = data.draw(encoded(text, max_parts=1))
    end = data.draw(st.integers(0, len(sent.data) - 1))
    assert decoded(fresh(sent.coding), *pieces_of(sent.data[:end], cuts)) == incomplete(end)


@given(st.binary(min_size=1, max_size=200), cuts, st.data())
def test_a_changed_byte_never_passes_a_checksum(text: bytes, cuts: list[int], data: st.DataObject) -> None:
    """Members and checked frames alike: it is refused, or it says the same (the header has bytes that mean nothing)."""
    coding, sent = data.draw(
        st.sampled_from([("gzip", gzipped(text)), ("zstd", zstd_streamed(text, checksum=True))]), label="sent"
    )
    place = data.draw(st.integers(0, len(sent) - 1))
    changed = sent[:place] + bytes([sent[place] ^ data.draw(st.integers(1, 255))]) + sent[place + 1 :]
    whole, in_pieces = decoded(fresh(coding), changed), decoded(fresh(coding), *pieces_of(changed, cuts))
    assert whole == in_pieces
    assert whole == text or (isinstance(whole, MalformedEncoding) and 0 <= whole.at <= len(changed))


@pytest.mark.parametrize(
    ("decoder", "sent", "at", "reason"),
    [
        (GzipDecoder, b"[1]", 1, "header"),
        (GzipDecoder, gzipped(b"[1]") + b"garbage", 24, "header"),
        (GzipDecoder, gzipped(b"[1]") + bytes(8), 24, "header"),
        (GzipDecoder, gzipped(b"[1]")[:-8] + bytes(8), 18, "data check"),
        (GzipDecoder, zlib.compress(b"[1]"), 1, "header"),
        (ZstdDecoder, b"[1]\n", 0, "no frame"),
        (ZstdDecoder, zstd_whole(b"[1]") + b"garbage", 12, "no frame"),
        (ZstdDecoder, zstd_streamed(b"[1]", checksum=True)[:-4] + bytes(4), 0, "checksum"),
        (ZstdDecoder, SKIPPABLE + zstd_whole(b"[1]")[:6] + b"\x07\0\0", 11, "corruption"),
        (ZstdDecoder, zstd_streamed(b"[1]")[:6] + b"\x08\0\0x" * 9 + b"\x07\0\0", 0, "corruption"),
        (ZstdDecoder, zstd_streamed(b"[1]")[:6] + b"\x08\0\0x" * 9 + b"\x45\0\0" + bytes(8), 0, "corruption"),
        (ZstdDecoder, zstd_whole(b"[1]")[:6] + b"\x08\0\0x" * 3 + b"\x09\0\0x", 0, ""),
        (ZstdDecoder, zstd_whole(b"[1]")[:6] + (1 << 23).to_bytes(3, "little"), 0, "corruption"),
        (ZstdDecoder, zstd_whole(b"[1]") + zstd_streamed(b"[1]", checksum=True)[:-4] + bytes(4), 12, "checksum"),
        (ZstdDecoder, zstd_whole(b"[1]") * 2_000 + bytes(4), 24_000, "no frame"),
        (ZstdDecoder, zstd_whole(b"[1]")[:4] + b"\x28" + zstd_whole(b"[1]")[5:], 0, "unsupported"),
    ],
)
def test_a_fault_names_its_place(decoder: type[Decoder], sent: bytes, at: int, reason: str) -> None:
    for chunks in ([sent], [sent[place : place + 1] for place in range(len(sent))]):
        fault = decoded(decoder(), *chunks)
        assert isinstance(fault, MalformedEncoding)
        assert (fault.at, reason in str(fault.reason.parameters).lower()) == (at, True), fault


def test_frames_that_are_to_be_skipped_are() -> None:
    sent = SKIPPABLE + zstd_whole(b"[1") + SKIPPABLE + zstd_streamed(b"]") + SKIPPABLE
    assert decoded(ZstdDecoder(), sent) == b"[1]"
    assert decoded(ZstdDecoder(), *(sent[place : place + 1] for place in range(len(sent)))) == b"[1]"
    assert decoded(ZstdDecoder(), sent[:-1]) == incomplete(len(sent) - 1)


def test_a_frame_that_would_need_too_large_a_window_is_refused_by_its_header() -> None:
    assert decoded(ZstdDecoder(), zstd_streamed(b"[1]", window_log=23)) == b"[1]"
    fault = decoded(ZstdDecoder(), zstd_streamed(b"[1]", window_log=24)[:6])
    sizes = {"window_bytes": 1 << 24, "limit_bytes": MAX_WINDOW_BYTES}
    assert fault == MalformedEncoding(hint("encoding-window-too-large", **sizes), 0)


@pytest.mark.parametrize(
    "data",
    [zstd_streamed(b"[1]", window_log=24), b"\x28\xb5\x2f\xfd\xa0" + (MAX_WINDOW_BYTES + 1).to_bytes(4, "little")],
)
def test_the_window_is_limited_however_the_frame_arrives(data: bytes) -> None:
    """A frame that arrives whole is decompressed without a window, and the library accepts any for it."""
    for chunks in ([data], [data[place : place + 1] for place in range(len(data))]):
        fault = decoded(ZstdDecoder(), *chunks)
        assert isinstance(fault, MalformedEncoding)
        assert fault.reason.code == "encoding-window-too-large"


@given(st.integers(1, 500), st.integers(0, 40), cuts)
def test_many_small_frames_are_one_text(frames: int, size_bytes: int, cuts: list[int]) -> None:
    sent = (zstd_whole(b"x" * size_bytes) + SKIPPABLE) * frames
    assert decoded(ZstdDecoder(), *pieces_of(sent, cuts)) == b"x" * size_bytes * frames


@pytest.mark.parametrize("size_bytes", [255, 256, 257, 65_791, 65_792, PIECE_BYTES, MAX_WINDOW_BYTES])
def test_a_single_segment_needs_a_window_of_its_size(size_bytes: int) -> None:
    """The field of a size has one, two, four or eight bytes; that of two begins at 256 (RFC 8878, 3.1.1.1.4)."""
    decoder = ZstdDecoder()
    sent = zstd.compress(bytes(size_bytes), options={zstd.CompressionParameter.window_log: 23})
    assert sent[4] >> 5 & 1 == 1
    assert decoded(decoder, sent) == bytes(size_bytes)
    assert decoder.window_bytes == size_bytes


def test_the_decoder_s_window_is_reported() -> None:
    decoder = ZstdDecoder()
    list(decoder.decode(zstd_streamed(b"[1]", window_log=20)))
    assert decoder.window_bytes == 1 << 20


@pytest.mark.parametrize(("coding", "bomb"), [("gzip", deflate_bomb(200)), ("zstd", zstd_bomb(1_000_000))])
def test_nothing_is_decoded_ahead(coding: str, bomb: bytes) -> None:
    """The bombs are of 200 MB and of 125 GB; who stops asking stops the work."""
    decoder = fresh(coding)
    pieces = decoder.decode(bomb[: 256 * 1024])
    assert [len(piece) for piece in islice(pieces, 20) if isinstance(piece, bytes)] == [PIECE_BYTES] * 20


def test_an_unknown_dictionary_is_a_fault() -> None:
    words = zstd.ZstdDict(b"some words to remember" * 20, is_raw=True)
    sent = zstd.compress(b"some words to remember", zstd_dict=words)
    assert isinstance(decoded(ZstdDecoder(), sent), MalformedEncoding)
