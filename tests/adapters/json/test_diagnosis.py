"""A refused text is diagnosed: the mistake, its place, and an excerpt around it."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from returns.pipeline import is_successful

from adapters.http.language import Language
from adapters.http.problems.mapping import problem_of
from adapters.http.problems.messages import CATALOGUE
from adapters.http.problems.rendering import Audience, localised
from adapters.json.bodies import JsonBodies
from adapters.json.diagnosis import diagnose
from adapters.json.from_lines import array_of
from adapters.json.positions import EXCERPT_CHARACTERS, excerpt, visible
from adapters.json.syntax import fault_of
from application.ports.bodies import MalformedJson
from tests.adapters.json.texts import values

BODIES = JsonBodies()

MISTAKES: Sequence[tuple[str, str, int]] = [
    *(("json-not-a-number", one, 0) for one in ("NaN", "nan", "Infinity", "-Infinity", "-inf")),
    *(("json-python-literal", one, 0) for one in ("True", "False", "None", "TRUE", "Null")),
    ("json-undefined", "undefined", 0),
    *(("json-leading-zero", one, 0) for one in ("007", "-01", "00", "01.5")),
    *(("json-number", one, 0) for one in ("+1", ".5", "1.", "0x1F", "1e", "-", "1_000", "2024-01-31", "1.2.3")),
    *(("json-unquoted-text", one, 0) for one in ("abc", "n", "nul", "trux", "truee", "São", "é")),
    *(("json-single-quotes", one, 0) for one in ("'a'", "u'a'", "b'a'", "`a`")),
    *(("json-number", f"{one}{space}", 0) for one in ("1.", "1e+", "-") for space in " \t\n"),
    ("json-control-character", '"a -\n"', 4),
    ("json-single-quotes", "{'a': 1}", 1),
    ("json-single-quotes", "{u'a': 1}", 1),
    ("json-typographic-quotes", "“a”", 0),
    ("json-typographic-quotes", "{\u2018a\u2019: 1}", 1),
    *(("json-comment", one, 0) for one in ("/* a */ 1", "// a\n1", "# a\n1")),
    ("json-comment", "1 // a", 2),
    ("json-control-character", '"a\x01"', 2),
    ("json-control-character", '"é\n"', 2),
    ("json-control-character", '"€\t"', 2),
    ("json-control-character", "\x0b1", 0),
    ("json-escape", r'"\x41"', 1),
    ("json-escape", r'"\\\U0001"', 3),
    ("json-escape", r'"\u12"', 1),
    ("json-escape", r'"\ud83d\u12g4"', 7),
    ("json-escape", r'"\ud800\'"', 7),
    ("json-escaped-quotes", r"{\"a\": 1}", 1),
    ("json-unescaped-quote", '"say "hi""', 6),
    ("json-missing-comma", "1 2", 2),
    ("json-missing-comma", '"a" {}', 4),
    ("json-missing-comma", '{"a": 1 "b": 2}', 8),
    ("json-missing-comma", '{"a": 1\n"b": 2}', 8),
    ("json-extra-comma", "1,,2", 2),
    ("json-extra-comma", '{"a": 1,, "b": 2}', 8),
    ("json-extra-comma", "[,1]", 1),
    ("json-trailing-comma", "[1,]", 2),
    ("json-trailing-comma", '{"é": 1 , \n }', 8),
    ("json-missing-colon", '{"a" 1}', 5),
    ("json-missing-colon", '{"a"=1}', 4),
    ("json-missing-colon", '{"a", "b"}', 4),
    ("json-missing-value", '{"a": }', 6),
    ("json-missing-value", '{"a":, "b": 1}', 5),
    ("json-mismatched-bracket", '{"a": 1]', 7),
    ("json-mismatched-bracket", "[1}", 2),
    ("json-unquoted-name", "{a: 1}", 1),
    ("json-unquoted-name", '{"a": 1, 2: 3}', 9),
    ("json-unquoted-name", "{ação: 1}", 1),
    ("json-decimal-comma", '{"a": 1,5}', 8),
    ("json-decimal-comma", '{"a": 1.234,56}', 12),
    ("json-white-space", "\u00a01", 0),
    ("json-white-space", "1\u200b", 1),
    ("json-byte-order-mark", "\ufeff1", 0),
    ("json-unexpected-character", "(1)", 0),
    ("json-unexpected-character", "1; 2", 1),
]
"""Codes, mistakes as an item of an array, and the character at which each shows."""
ON_A_LINE = [one for one in MISTAKES if "\n" not in one[1]]

items = st.lists(values, max_size=3).map(lambda of: b"".join(one + b"," for one in of).decode())
white = st.text(" \t\r\n", max_size=3)
"""White space of any kind, and so line breaks."""


def refused(text: bytes) -> MalformedJson:
    fault = fault_of(text)
    assert fault is not None
    return diagnose(text, fault)


def refused_lines(text: bytes) -> MalformedJson:
    return array_of(text).failure()


def check(fault: MalformedJson, text: str, at: int, code: str) -> None:
    """Check a fault at the character `at`, in another way than it was computed."""
    lines = text[:at].split("\n")
    assert (fault.code, fault.at) == (code, len(text[:at].encode()))
    assert (fault.line, fault.column) == (len(lines), len(lines[-1]) + 1)
    shown = visible(text)
    windows = [shown[start : start + EXCERPT_CHARACTERS] for start in range(max(at - EXCERPT_CHARACTERS, 0), at + 1)]
    assert fault.excerpt in windows
    assert len(fault.excerpt) == min(len(text), EXCERPT_CHARACTERS)


@settings(max_examples=12)
@given(items, white, st.booleans())
def test_a_mistake_in_an_array_is_named_with_its_place(before: str, space: str, more: bool) -> None:
    begun = f"{space}[{before}{space}"
    for code, wrong, offset in MISTAKES:
        text = f"{begun}{wrong}{space}{', 1' if more else ''}]"
        check(refused(text.encode()), text, len(begun) + offset, code)


@settings(max_examples=50)
@given(st.sampled_from(ON_A_LINE), st.lists(values.filter(lambda one: b"\n" not in one), max_size=3), st.booleans())
def test_a_mistake_on_a_line_is_named_with_its_place_in_the_whole_text(
    mistake: tuple[str, str, int], before: list[bytes], more: bool
) -> None:
    code, wrong, offset = mistake
    begun = "".join(one.decode() + ending for one, ending in zip(before, ("\n", "\r\n", "\n\n"), strict=False)) + "[1, "
    text = f"{begun}{wrong}]" + ("\r\n2" if more else "")
    check(refused_lines(text.encode()), text, len(begun) + offset, code)


@settings(max_examples=40)
@given(values, white, values, st.sampled_from([",", "]", "}", "x", "NaN", "", '"é']))
@example(b"1", "", b"1", "")
def test_text_behind_a_value_is_named_with_its_place(value: bytes, space: str, second: bytes, other: str) -> None:
    codes = {",": "json-comma-after-value", "]": "json-extra-bracket", "}": "json-extra-bracket"}
    begun = f"[{value.decode()}]{space}"
    text = begun + (other or f"[{second.decode()}]")
    code = codes.get(other, "json-second-value" if other in ("", '"é') else "json-trailing-text")
    check(refused(text.encode()), text, len(begun), code)


@settings(max_examples=40)
@given(values, st.data())
def test_text_that_is_cut_short_is_named(value: bytes, data: st.DataObject) -> None:
    whole = f'[{{"a":[{value.decode()}]}},"é"]'
    end = data.draw(st.integers(1, len(whole) - 1))
    fault = refused(whole[:end].encode())
    assert fault.code in {"json-truncated", "json-number"}
    if fault.code == "json-truncated":
        check(fault, whole[:end], end, "json-truncated")
    middle = whole[:end].encode() + "é".encode()[:1]
    assert refused(middle).code == "json-truncated"


@settings(max_examples=40)
@given(values, st.integers(1, 3))
def test_a_value_over_several_lines_is_named_in_ndjson(value: bytes, lines: int) -> None:
    text = "1\n" * lines + '{"a":\n' + value.decode() + "}"
    check(refused_lines(text.encode()), text, len("1\n" * lines + '{"a":'), "json-value-across-lines")


@pytest.mark.parametrize("encoding", ["windows-1252", "latin-1"])
@settings(max_examples=30)
@given(before=values, letter=st.sampled_from("áãçÉõüñª°"), text=st.text("abç", max_size=4))
def test_a_letter_that_is_not_utf_8_is_named(encoding: str, before: bytes, letter: str, text: str) -> None:
    begun = f'[{before.decode()},\n"x'
    fault = refused(begun.encode() + f"{letter} {text}".encode(encoding) + b'"]')
    check(fault, f'{begun}{letter} {text}"]', len(begun), "not-utf-8")
    assert dict(fault.parameters)["letter"] == letter
    assert dict(fault.parameters)["byte"] == f"0x{ord(letter):02X}"


@settings(max_examples=40)
@given(values, st.sampled_from(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]), st.booleans())
def test_wide_encodings_are_named(value: bytes, encoding: str, has_mark: bool) -> None:
    text = f"[{value.decode()}]"
    mark = "\ufeff" if has_mark and encoding[-2:] in ("le", "be") else ""
    fault = refused((mark + text).encode(encoding))
    assert fault.code == encoding[:6]
    named = "UTF" + encoding[3:6] if mark or len(encoding) == 6 else encoding.upper()[:6] + encoding[7:].upper()
    assert dict(fault.parameters)["encoding"] == named
    assert fault.excerpt in (visible(text[:20]), visible(text[:19]))


FRAGMENTS = st.sampled_from(
    [
        *"""[]{},:"'\\-1e.&<@;é😀#/\n\r\t \0\x7f\x85\u00a0\ufeff\u202e""",
        *("\\u", "true", "NaN", "n", "a="),
        "PK\x03\x04",
        "\x1f\x8b",
    ]
)


@given(st.binary(max_size=60) | st.lists(FRAGMENTS, max_size=14).map(lambda of: "".join(of).encode()))
@example(b"\x1f\x8b")
@example(b"\xff")
@example(b"[" * 50_000)
@example(b"1\n" + b"[" * 50_000)
def test_every_refused_text_has_a_message_in_each_language(text: bytes) -> None:
    faults = [asyncio.run(BODIES.check(text)), asyncio.run(BODIES.from_lines(text))]
    for fault in (one.failure() for one in faults if not is_successful(one)):
        assert CATALOGUE[fault.code].type == "malformed-json"
        for language in Language:
            problem = localised(problem_of(fault), "/", Audience(language))
            assert problem.detail
            assert problem.hint
        assert fault.excerpt is None or (len(fault.excerpt) <= EXCERPT_CHARACTERS and fault.excerpt.isprintable())
        assert (fault.at is None) == (fault.column is None)
        assert fault.at is None or 0 <= fault.at <= len(text)


@pytest.mark.parametrize("step", [0, 1, 65_534, 65_535, 65_536, 131_072])
@pytest.mark.parametrize("filler", ["é", "x\n", "😀\r\n"])
def test_positions_in_long_texts_are_exact(step: int, filler: str) -> None:
    begun = '["' + "y" * step + '",\n"' + "é" * step + '",' + "\n" * (step // 7)
    text = begun + "NaN]" + filler * 40_000
    check(refused(text.encode()), text, len(begun), "json-not-a-number")
    spaces = '["é",' + " " * step + "\n]"
    check(refused(spaces.encode()), spaces, 4, "json-trailing-comma")


def test_an_excerpt_never_splits_a_character_and_shows_what_is_invisible() -> None:
    text = ("😀" * 40).encode()
    for at in range(len(text) + 1):
        found = excerpt(text, at).text
        assert len(found) <= EXCERPT_CHARACTERS
        assert set(found) <= {"😀", "\ufffd"}
        assert at % 4 or set(found) == {"😀"}
    assert visible("a\0\n\x1f\x7f\x9b\u202e\u00a0\u2028 é") == "a␀␊␟␡\ufffd\ufffd␣\ufffd é"


@pytest.mark.parametrize("text", [b'{"secret": x}', b'["se\xe9cret"]', b"secret;a\n1;2", b"secret"])
def test_neither_the_repr_nor_the_reason_quotes_the_text(text: bytes) -> None:
    fault = refused(text)
    assert "cret" in str(fault.excerpt)
    assert "cret" not in repr(fault)
    assert "cret" not in fault.reason


def test_only_the_first_line_can_tell_another_format_than_ndjson() -> None:
    assert refused_lines(b"\n a,b\n1,2").code == "looks-like-csv"
    assert refused_lines(b"1\na,b\n1,2").code == "json-unquoted-text"
