"""Refused bodies say what they are and what to do. A byte order mark and other names of NDJSON are accepted."""

import json
import subprocess
import tomllib
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Final

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http.problems import messages
from adapters.http.requests.byte_order_mark import ByteOrderMark
from adapters.http.transport.media_types import NDJSON, NDJSON_ALIASES
from domain.body import digest
from tests.adapters.http.api import JSON_TYPE, SOURCE, Api, in_pieces, slug
from tests.adapters.http.codings import gzipped, pieces_of, zstd_whole

PATH: Final = "/v1/scripts/corporate-cards/executions"
NDJSON_TYPE: Final = {"Content-Type": NDJSON}
BOM: Final = b"\xef\xbb\xbf"
CODES: Final = tomllib.loads(Path(messages.__file__).with_name("catalogue").joinpath("bodies.toml").read_text("utf-8"))


@pytest.fixture(autouse=True)
def _script(api: Api) -> None:
    api.host()


def archive(name: str) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as written:
        written.writestr(name, b"[1]")
    return packed.getvalue()


LINES = {"json-value-across-lines", "json-second-value-on-line"}
DOCUMENTS = {"json-long-integer"}
BODIES: Final[list[tuple[str, bytes, tuple[str, ...]]]] = [
    ("json-empty", b" \r\n", ("empty", "--data-binary @")),
    ("json-truncated", b'[{"a": 1},\n', ("line 2, column 1", "closing bracket")),
    ("json-truncated", b'["caf\xc3', ("line 1, column 6",)),
    ("json-value-across-lines", b'{\n"a": 1\n}', ("line 1", "application/json")),
    ("json-second-value", b'{"a":1}\n{"a":2}\n', ("line 2, column 1", "`", NDJSON)),
    ("json-second-value", b"1 2", ("line 1, column 3", NDJSON)),
    ("json-second-value-on-line", b'{"a":1}\n{"a":2} {"a":3}', ("line 2, column 9",)),
    ("json-comma-after-value", b'{"a":1},\n{"a":2},', ("line 1, column 8", "`[` and `]`")),
    ("json-extra-bracket", b"[1]]", ("line 1, column 4", "`]`")),
    ("json-trailing-text", b"404 page not found", ("line 1, column 5",)),
    ("json-trailing-comma", '[{"é": 1,\n}]'.encode(), ("line 1, column 9", '`[{"é": 1,␊}]`')),
    ("json-extra-comma", b"[1,,2]", ("line 1, column 4",)),
    ("json-missing-comma", b'[{"a": 1}\n{"a": 2}]', ("line 2, column 1",)),
    ("json-missing-colon", b'{"a" 1}', ("line 1, column 6",)),
    ("json-missing-value", b'{"a": , "b": 1}', ("line 1, column 7", "`null`")),
    ("json-mismatched-bracket", b'{"a": [1}', ("line 1, column 9", "`}`")),
    ("json-single-quotes", b"[{'a': 1}]", ("line 1, column 3", "`[{'a': 1}]`", "json.dumps(x)")),
    ("json-typographic-quotes", "[“a”]".encode(), ("line 1, column 2", "“")),
    ("json-escaped-quotes", rb"[{\"a\": 1}]", ("line 1, column 3",)),
    ("json-unescaped-quote", b'["say "hi""]', ("line 1, column 8", '`\\"`')),
    ("json-unquoted-name", b"[{a: 1}]", ("line 1, column 3", "`a`", "JSON.stringify")),
    ("json-unquoted-text", b"Not Found", ("line 1, column 1", "`Not`")),
    ("json-unquoted-text", b"Sorry, the page, if it existed, moved.", ("`Sorry`",)),
    ("json-not-a-number", b"[1.5, NaN]", ("line 1, column 7", "`NaN`", "df.to_json(orient='records')")),
    ("json-python-literal", b'{"a": True}', ("line 1, column 7", "`True`", "`true`", "json.dumps(x)")),
    ("json-undefined", b'{"a": undefined}', ("line 1, column 7",)),
    ("json-leading-zero", b'{"cep": 01310}', ("line 1, column 9", '"01310"')),
    ("json-number", b'{"d": 2024-01-31}', ("line 1, column 7", "2024-01-31", "double quotes")),
    ("json-decimal-comma", b'{"valor": 1,5}', ("line 1, column 13", "`1.5`")),
    ("json-comment", b"[1, // one\n2]", ("line 1, column 5",)),
    ("json-control-character", b'["a\nb"]', ("line 1, column 4", "U+000A", r"`\n`")),
    ("json-escape", rb'["C:\Users"]', ("line 1, column 5", r"`\U`", r"`\\`")),
    ("json-white-space", "[1,\u00a02]".encode(), ("line 1, column 4", "U+00A0")),
    ("json-byte-order-mark", BOM + b"1\n" + BOM + b"2", ("line 2, column 1", "U+FEFF")),
    ("json-too-deep", b"[" * 30_000, ("nested too deeply",)),
    ("json-long-integer", b"9" * 5_000, ("digits",)),
    ("json-unexpected-character", b"[(1, 2)]", ("line 1, column 2", "`(`")),
    ("looks-like-csv", b"trimestre,produto\n20231,VISA\n", ("`trimestre,produto␊20`", "delimiter=','", "utf-8-sig")),
    ("looks-like-csv", "trimestre;é\n1;2".encode("windows-1252"), ("`trimestre;é", "delimiter=';'", "windows-1252")),
    ("looks-like-html", b"\n<!DOCTYPE html>\n<html>", ("HTML", "login page")),
    ("looks-like-xml", b'<?xml version="1.0"?><a/>', ("XML",)),
    ("looks-like-csv", b"Nome Completo,Idade", ("`Nome Completo,Idade`",)),
    ("looks-like-csv", b"sep=;\r\na;b;c\r\n1;2;3", ("delimiter=';'",)),
    ("looks-like-markdown", b'```json\n{"a": 1}\n```\n', ("Markdown",)),
    ("looks-like-http-response", b"HTTP/1.1 200 OK\r\n\r\n[1]", ("curl -i",)),
    ("looks-like-form", b"a=1&b=2", ("form", "--data-binary @")),
    ("looks-like-form", b"data=%5B1%5D", ("form",)),
    ("looks-like-multipart", b'--x1\r\nContent-Disposition: form-data; name="f"\r\n', ("`-F`", "--data-binary @")),
    ("looks-like-file-name", b"@cards.json", ("@cards.json", "--data-binary")),
    ("looks-like-gzip", gzipped(b"[1]"), ("gzip", "Content-Encoding: gzip")),
    ("looks-like-zstd", zstd_whole(b"[1]"), ("zstd", "Content-Encoding: zstd")),
    ("looks-like-zip", archive("data.json"), ("zip", "unzip -p")),
    ("looks-like-xlsx", archive("xl/workbook.xml"), ("XLSX", "read_excel")),
    ("looks-like-parquet", b"PAR1\x15\x04", ("Parquet", "read_parquet")),
    ("looks-like-binary", b"BZh91AY&SY", ("bzip2",)),
    (
        "not-utf-8",
        '["café"]'.encode("latin-1"),
        ("line 1, column 6", "`0xE9`", "`é`", '`["café"]`', "iconv -f windows-1252 -t utf-8"),
    ),
    ("not-utf-8-byte", b'["\x81"]', ("line 1, column 3", "0x81")),
    *(
        (code, mark + '[{"a": 1}]'.encode(encoding), (f"in {named},", '`[{"a": 1}]`', f"iconv -f {named} -t utf-8"))
        for code, encoding, named, mark in (
            ("utf-16", "utf-16-le", "UTF-16LE", b""),
            ("utf-16", "utf-16-be", "UTF-16BE", b""),
            ("utf-16", "utf-16-le", "UTF-16", b"\xff\xfe"),
            ("utf-16", "utf-16-be", "UTF-16", b"\xfe\xff"),
            ("utf-32", "utf-32-le", "UTF-32LE", b""),
            ("utf-32", "utf-32-be", "UTF-32", b"\0\0\xfe\xff"),
        )
    ),
]
UNREACHABLE: Final = {"json-syntax"}
"""The code of what a later version of the parser may find."""


def sent(api: Api, code: str, body: bytes) -> httpx.Response:
    if code in DOCUMENTS:
        return api.post("/v1/scripts", content=body, headers=JSON_TYPE)
    return api.post(PATH, content=body, headers=NDJSON_TYPE if code in LINES else JSON_TYPE)


def text_of(answer: httpx.Response) -> str:
    problem = answer.json()
    return f"{problem['detail']} {problem.get('hint', '')}"


@pytest.mark.parametrize(("code", "body", "phrases"), BODIES)
def test_a_refused_body_is_told_what_it_is_and_what_to_do(
    api: Api, code: str, body: bytes, phrases: tuple[str, ...]
) -> None:
    answer = sent(api, code, body)
    assert slug(answer) == (400, "malformed-json")
    assert [phrase for phrase in phrases if phrase not in text_of(answer)] == []
    beginning = CODES[code]["en"]["detail"].partition("{")[0]
    assert text_of(answer).startswith(beginning)


def test_every_code_of_bodies_occurs() -> None:
    assert {code for code, _, _ in BODIES} == set(CODES) - UNREACHABLE


@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8"), (";", "windows-1252"), ("\t", "utf-8-sig")])
def test_the_suggested_conversion_of_csv_works(api: Api, tmp_path: Path, separator: str, encoding: str) -> None:
    table = f'nome{separator}valor\r\n"São{separator} Paulo"{separator}1\r\n'.encode(encoding)
    (tmp_path / "data.csv").write_bytes(table)
    command = text_of(api.post(PATH, content=table, headers=JSON_TYPE)).split("`")[3]
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
    converted = (tmp_path / "data.json").read_bytes()
    assert json.loads(converted) == [{"nome": f"São{separator} Paulo", "valor": "1"}]
    assert api.post(PATH, content=converted, headers=JSON_TYPE).status_code == 202


@pytest.mark.parametrize(
    "pieces", [[BOM + b'{"a":1}'], [b"\xef", b"\xbb", b"\xbf", b'{"a":1}'], [b"\xef\xbb", b'\xbf{"a"', b":1}"]]
)
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_byte_order_mark_is_no_part_of_a_dataset(api: Api, pieces: list[bytes], coding: str) -> None:
    content = [gzipped(b"".join(pieces))] if coding == "gzip" else pieces
    headers = {"Content-Encoding": coding}
    shown = api.post(PATH, content=in_pieces(*content), headers=JSON_TYPE | headers).json()["input"]
    assert (shown["sha256"], shown["size_bytes"]) == (digest(b'{"a":1}').sha256, 7)
    assert api.get(shown["href"]).content == b'{"a":1}'
    lines = api.post(PATH, content=in_pieces(*content), headers=NDJSON_TYPE | headers).json()["input"]
    assert api.get(lines["href"]).content == b'[{"a":1}]'


def test_a_byte_order_mark_counts_for_no_limit_and_changes_no_retried_request() -> None:
    api = Api(max_dataset_bytes=7)
    api.host()
    key = JSON_TYPE | {"Idempotency-Key": "first"}
    first = api.post(PATH, content=b'{"a":1}', headers=key)
    again = api.post(PATH, content=BOM + b'{"a":1}', headers=key)
    assert (first.status_code, again.json()["id"]) == (202, first.json()["id"])
    assert slug(api.post(PATH, content=BOM + b'{"a":12}', headers=JSON_TYPE)) == (413, "dataset-too-large")


@pytest.mark.parametrize("body", [BOM, BOM + BOM + b"1", b" " + BOM + b"1", b"\xef", b"\xef\xbb", b"\xef\xbb1"])
def test_only_one_whole_byte_order_mark_at_the_beginning_is_ignored(api: Api, body: bytes) -> None:
    assert slug(api.post(PATH, content=body, headers=JSON_TYPE)) == (400, "malformed-json")
    lines = in_pieces(*(bytes([one]) for one in body))
    assert slug(api.post(PATH, content=lines, headers=NDJSON_TYPE)) == (400, "malformed-json")


@given(
    st.sampled_from([b"", BOM[:1], BOM[:2], BOM, BOM + BOM, b"1" + BOM]),
    st.binary(max_size=4),
    st.lists(st.integers(0, 9)),
)
def test_a_text_in_any_pieces_loses_its_byte_order_mark_only(begun: bytes, behind: bytes, cuts: list[int]) -> None:
    mark, text = ByteOrderMark(), begun + behind
    parts = [mark.without(piece) for piece in pieces_of(text, cuts)]
    assert b"".join([*parts, mark.end()]) == text.removeprefix(BOM)


def test_documents_may_have_a_byte_order_mark_too(api: Api) -> None:
    document = BOM + json.dumps({"name": "marked", "source": SOURCE}).encode()
    assert api.post("/v1/scripts", content=document, headers=JSON_TYPE).status_code == 201
    retention = BOM + b'{"content_days": 7, "rows_days": null}'
    assert api("PUT", "/v1/scripts/marked/retention", content=retention, headers=JSON_TYPE).status_code == 200


@pytest.mark.parametrize("media_type", [*NDJSON_ALIASES, "Application/JSONL; charset=utf-8"])
def test_ndjson_has_other_names(api: Api, media_type: str) -> None:
    shown = api.post(PATH, content=b"1\n2\n", headers={"Content-Type": media_type}).json()
    assert api.get(shown["input"]["href"]).content == b"[1,2]"


@pytest.mark.parametrize("media_type", ["application/vnd.api+json", "application/geo+json; charset=UTF-8"])
def test_media_types_with_the_suffix_of_json_are_json(api: Api, media_type: str) -> None:
    assert api.post(PATH, content=b'{"a":1}', headers={"Content-Type": media_type}).status_code == 202
    document = json.dumps({"name": "suffixed", "source": SOURCE})
    assert api.post("/v1/scripts", content=document, headers={"Content-Type": media_type}).status_code == 201


def test_a_script_document_is_diagnosed_as_datasets_are(api: Api) -> None:
    answer = api.post("/v1/scripts", content=b"{'name': 'a'}", headers=JSON_TYPE)
    assert "line 1, column 2" in text_of(answer)
    assert "json.dumps(x)" in text_of(answer)
