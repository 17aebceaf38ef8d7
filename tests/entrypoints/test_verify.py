"""The command that verifies receipts: its results, exit statuses and texts, on files that exist and files that do not.

`test_verify_offline.py` has the machine without a network, and the commands of the documentation.
"""

import gzip
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import pytest
from attrs import evolve, fields, frozen
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.signing.ed25519 import is_public_key
from adapters.signing.ed25519 import verify as check
from domain.dsse import EnvelopeFault, MalformedEnvelope, envelope_json, parse_envelope
from domain.outcome import ErrorKind, error_sha256, script_error
from domain.public_keys import KeysFault, parse_public_keys
from domain.statement import StatementFault
from domain.strict_json import JsonFault
from domain.verification import Expectations, verify
from domain.verification_report import PARTS_OF_EXECUTIONS, CheckResult, Form, Part, Reason, VerificationReport
from entrypoints.verification.texts import ENGLISH, PORTUGUESE, Texts
from entrypoints.verify import main
from tests.support.signed_receipts import (
    DATASET,
    EXECUTION,
    INSTALLATION,
    KEYID,
    RESULT,
    SOURCE,
    changed,
    entry,
    keys_document,
    payload_of,
    receipt,
    sha256,
    signed,
    statement,
)
from tests.support.zstd import zstd

KEY: Final = Ed25519PrivateKey.generate()
OTHER: Final = Ed25519PrivateKey.generate()
BOM: Final = b"\xef\xbb\xbf"


@frozen
class Ended:
    """The exit status of a command, and its output."""

    status: int
    out: str
    err: str

    @property
    def reasons(self) -> Mapping[str, tuple[str, str]]:
        """The result and the reason of each part, from the report as JSON."""
        return {one["part"]: (one["verdict"], one["reason"]) for one in json.loads(self.out)["parts"]}


Run = Callable[..., Ended]


def status_of(command: Callable[[], int]) -> int:
    """Run a command; return its status, also where its arguments end it."""
    try:
        return command()
    except SystemExit as ended:
        return int(ended.code or 0)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Provide the command in a folder with a receipt, its keys and files; words that name a file are completed."""
    files = {"receipt": receipt(KEY), "keys": keys_document(entry(KEY)), "result": RESULT, "dataset": DATASET}
    for name, data in {**files, "source": SOURCE}.items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def verify_command(*words: str, **replaced: bytes) -> Ended:
        for name, data in replaced.items():
            (tmp_path / name).write_bytes(data)
        monkeypatch.setattr(sys, "argv", ["verify", "receipt", "--keys", "keys", *words])
        return Ended(status_of(main), *capsys.readouterr())

    return verify_command


FILES: Final = ("--result", "result", "--dataset", "dataset", "--source", "source")


def test_a_receipt_with_its_files_holds_line_by_line(run: Run) -> None:
    ended = run(*FILES, "--execution", EXECUTION, "--installation", INSTALLATION)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        f"signature     holds: by the key {KEYID}",
        "payload type  holds: application/vnd.in-toto+json",
        "statement     holds: script cards, version 3, succeeded, finished on 2026-11-27T18:00:01.250000+00:00",
        f"installation  holds: {INSTALLATION}",
        f"execution     holds: {EXECUTION}",
        f"result        holds: SHA-256 {sha256(RESULT)}",
        "error         not checked: the execution succeeded, so it has no error",
        f"dataset       holds: SHA-256 {sha256(DATASET)}",
        f"source        holds: SHA-256 {sha256(SOURCE)}",
        "Verified: everything that was checked holds (8 of 9 parts).",
    ]


def test_the_report_is_in_portuguese_where_the_locale_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "pt_BR.UTF-8")
    ended = run("--result", "result", result=b"[]")
    assert ended.status == 1
    assert ended.out.startswith(f"assinatura       confere: pela chave {KEYID}\n")
    assert "\ndeclaração       confere: script cards, versão 3, sucesso, execução terminada em " in ended.out
    assert f"resultado        NÃO CONFERE: o SHA-256 do arquivo é {sha256(b'[]')}" in ended.out
    assert ended.out.endswith("\nNÃO VERIFICADO. Partes que não conferem: 1 de 9.\n")
    assert run(receipt=b"{").err == "verify: receipt: está truncado: falta o fim do texto JSON\n"


def test_the_report_is_json_on_request(run: Run) -> None:
    ended = run(*FILES, "--json")
    report = json.loads(ended.out)
    assert (ended.status, report["holds"]) == (0, True)
    assert [one["part"] for one in report["parts"]] == list(PARTS_OF_EXECUTIONS)
    assert ended.reasons["result"] == ("holds", "same-digest")
    assert ended.reasons["installation"] == ("not-checked", "not-given")
    stated = report["statement"]
    assert (stated["execution"], stated["installation"]) == (EXECUTION, INSTALLATION)
    assert (stated["script"], stated["version"], stated["outcome"]) == ("cards", 3, "succeeded")
    assert json.loads(run("--json", keys=keys_document(entry(OTHER))).out)["statement"] is None


@pytest.mark.parametrize(
    ("part", "value", "reason"),
    [
        ("execution", INSTALLATION, Reason.OTHER_EXECUTION),
        ("installation", EXECUTION, Reason.OTHER_INSTALLATION),
        ("result", "dataset", Reason.OTHER_DIGEST),
        ("dataset", "source", Reason.OTHER_DIGEST),
        ("source", "keys", Reason.OTHER_DIGEST),
    ],
)
def test_what_does_not_match_fails_the_command(run: Run, part: str, value: str, reason: Reason) -> None:
    ended = run(f"--{part}", value, "--json")
    assert ended.status == 1
    assert ended.reasons[part] == (CheckResult.MISMATCH, reason)
    results = [result for result, _ in ended.reasons.values()]
    assert results.count(CheckResult.MISMATCH) == 1
    assert "NOT VERIFIED. Parts that do not match: 1 of 9." in run(f"--{part}", value).out


PAYLOAD: Final = payload_of(statement())
OTHER_PREDICATE: Final = changed(statement(), ("predicateType",), "https://slsa.dev/provenance/v0.2")
OTHER_BUILD: Final = changed(statement(), ("predicate", "buildDefinition", "buildType"), "https://example.com/x")


@pytest.mark.parametrize(
    ("files", "part", "reason"),
    [
        ({"keys": keys_document()}, Part.SIGNATURE, Reason.UNKNOWN_KEY),
        ({"keys": keys_document(entry(KEY, "another"))}, Part.SIGNATURE, Reason.UNKNOWN_KEY),
        ({"keys": keys_document(entry(OTHER))}, Part.SIGNATURE, Reason.WRONG_SIGNATURE),
        (
            {"keys": keys_document(entry(KEY, retired_at="2026-11-27T17:50:00Z"))},
            Part.SIGNATURE,
            Reason.FINISHED_AFTER_RETIREMENT,
        ),
        (
            {"receipt": envelope_json(signed(KEY, PAYLOAD, "application/json"))},
            Part.PAYLOAD_TYPE,
            Reason.OTHER_PAYLOAD_TYPE,
        ),
        ({"receipt": envelope_json(signed(KEY, b"hi"))}, Part.STATEMENT, StatementFault.NOT_A_STATEMENT),
        ({"receipt": receipt(KEY, OTHER_PREDICATE)}, Part.STATEMENT, StatementFault.OTHER_PREDICATE_TYPE),
        ({"receipt": receipt(KEY, OTHER_BUILD)}, Part.STATEMENT, StatementFault.OTHER_BUILD_TYPE),
    ],
)
def test_each_reason_to_distrust_a_receipt_is_its_own(run: Run, files: Any, part: Part, reason: str) -> None:
    ended = run(*FILES, "--json", **files)
    assert ended.status == 1
    assert ended.reasons[part] == (CheckResult.MISMATCH, reason)
    assert ended.reasons["result"] == (CheckResult.NOT_CHECKED, Reason.NOT_TRUSTED)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"receipt": receipt(KEY)[:-40]}, "receipt: it is truncated: the end of the JSON text is missing"),
        ({"receipt": b""}, "receipt: it is empty"),
        ({"receipt": b"%PDF"}, "receipt: it is not JSON: Expecting value: line 1 column 1 (char 0)"),
        ({"receipt": payload_of(statement())}, "receipt: it is not a DSSE envelope: the member payloadType is missing"),
        ({"receipt": b" " * 262_145}, "receipt: it is too long for a receipt"),
        ({"keys": b"-----BEGIN PUBLIC KEY-----"}, "keys: it is not JSON: "),
        ({"keys": b"{}"}, "keys: it has no list `keys`: it should be as GET /v1/receipts/keys returns it"),
        ({"keys": b" " * 10_000_000}, "keys: it is too long for a document of public keys"),
        (
            {"keys": keys_document(entry(KEY), {**entry(OTHER), "public_key": "x"})},
            "keys: the `public_key` of the key number 2 is not the PEM of an Ed25519 public key",
        ),
        ({"error": b"[1]"}, "error: it is JSON, but not an object"),
        ({"error": b"{}"}, "error: it is no error of an execution: the member kind is missing or wrong"),
        ({"error": b" " * (16 * 1024 * 1024 + 1)}, "error: it is too long for the error of an execution"),
    ],
)
def test_an_unusable_file_is_named_in_one_line(run: Run, files: Any, says: str) -> None:
    ended = run(*(("--error", "error") if "error" in files else ()), **files)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"verify: {says}")
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("option", ["--keys", "--result", "--dataset", "--source", "--error"])
def test_a_missing_file_is_named(run: Run, option: str) -> None:
    assert run(option, "nowhere").err == "verify: nowhere: No such file or directory\n"
    assert run(option, ".").status == 2


def test_a_report_that_cannot_be_written_is_no_mismatch(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        ended = run()
    assert (ended.status, ended.err) == (2, "verify: the output cannot be written: No space left on device\n")


def test_an_id_that_is_none_is_refused(run: Run) -> None:
    ended = run("--execution", "x\n")
    assert ended.status == 2
    assert "'x\\n' is not an id such as" in ended.err


@contextmanager
def standard_input(file: Path) -> Iterator[None]:
    former, opened = os.dup(0), os.open(file, os.O_RDONLY)
    os.dup2(opened, 0)
    os.close(opened)
    try:
        yield
    finally:
        os.dup2(former, 0)
        os.close(former)


def test_a_receipt_is_read_from_standard_input(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(receipt=b"not this one", sent=receipt(KEY)).status == 2
    monkeypatch.setattr(sys, "argv", ["verify", "-", "--keys", "keys", "--result", "result"])
    with standard_input(Path("sent")):
        assert main() == 0
    capsys.readouterr()
    with standard_input(Path("sent")):
        os.close(0)
        assert main() == 2
    assert capsys.readouterr().err == "verify: -: Bad file descriptor\n"


@pytest.mark.parametrize(
    ("stored", "sent", "form"),
    [
        (DATASET, BOM + DATASET, Form.WITHOUT_MARK),
        (DATASET, gzip.compress(DATASET, mtime=0), Form.DECODED),
        (DATASET, zstd.compress(BOM + DATASET[:9]) + zstd.compress(DATASET[9:]), Form.DECODED),
        (b"[1,[2, 3]]", BOM + b" 1 \r\n\n[2, 3]", Form.LINES),
        (b'["a"]', b'"a"', Form.LINES),
        (b"[]", b"\n", Form.LINES),
        (b"[1,2]", gzip.compress(b"1\n2\n", mtime=0), Form.DECODED_LINES),
        (b"[1,2]", zstd.compress(b"1\n2\n"), Form.DECODED_LINES),
        (gzip.compress(DATASET, mtime=0), gzip.compress(DATASET, mtime=0), Form.RAW),
    ],
)
def test_a_dataset_matches_in_the_form_in_which_it_was_submitted(
    run: Run, stored: bytes, sent: bytes, form: Form
) -> None:
    where = ("predicate", "buildDefinition", "resolvedDependencies", 1, "digest", "sha256")
    stated = receipt(KEY, changed(statement(), where, sha256(stored)))
    ended = run("--dataset", "dataset", "--json", receipt=stated, dataset=sent)
    assert ended.status == 0
    [part] = [one for one in json.loads(ended.out)["parts"] if one["part"] == "dataset"]
    assert part["text"] == f"SHA-256 {sha256(stored)}{ENGLISH.forms[form]}"


@pytest.mark.parametrize("sent", [BOM + SOURCE, gzip.compress(SOURCE, mtime=0), SOURCE + b"\n"])
def test_a_source_matches_only_as_it_is(run: Run, sent: bytes) -> None:
    assert run("--source", "source", source=sent).status == 1


@pytest.mark.parametrize("cut", [1, 5, 12])
def test_a_damaged_archive_matches_in_no_form(run: Run, cut: int) -> None:
    for packed in (gzip.compress(DATASET, mtime=0), zstd.compress(DATASET)):
        assert run("--dataset", "dataset", dataset=packed[:-cut]).status == 1
        assert run("--dataset", "dataset", dataset=packed + b"x").status == 1
        assert run("--dataset", "dataset", dataset=packed[:6] + b"\xff" * 40).status == 1


def test_a_failed_execution_is_verified_by_its_error(run: Run) -> None:
    error = script_error(ErrorKind.SCRIPT_ERROR, "é is not defined", 3, None, "at process")
    shown = {"kind": error.kind, "message": error.message, "line": 3, "column": None, "stack": error.stack, "hint": "?"}
    failed = receipt(KEY, statement(error_sha256(error), "failed"))
    for document in (shown, {"id": EXECUTION, "error": shown}):
        assert run("--error", "error", receipt=failed, error=json.dumps(document).encode()).status == 0
    assert run("--error", "error", error=json.dumps({**shown, "line": 4}).encode()).status == 1
    assert run("--result", "result", "--json").reasons["result"] == ("mismatch", "has-failed")


def test_no_text_of_a_receipt_reaches_the_terminal_as_it_is(run: Run) -> None:
    hostile = envelope_json(signed(KEY, PAYLOAD, keyid="\x1b[2J\u202e" + "x" * 1000))
    for ended in (run(receipt=hostile), run("--json", receipt=hostile)):
        assert ended.status == 1
        assert ended.out.replace("\n", "").isprintable()
        assert max(map(len, ended.out.splitlines())) < 250


def test_every_reason_has_a_text_in_both_languages() -> None:
    codes: list[type[StrEnum]] = [Reason, StatementFault, JsonFault, EnvelopeFault, KeysFault]
    expected = {one.value for kind in codes for one in kind} | {
        "not-an-error",
        "error-too-long",
        "not-partitions",
        "not-a-manifest",
    }
    assert len(expected) == sum(map(len, codes)) + 4, "a code has two meanings"
    for texts in (ENGLISH, PORTUGUESE):
        assert set(texts.reasons) == expected
        assert set(texts.parts) == set(Part)
        assert set(texts.results) == set(CheckResult)
        assert set(texts.forms) == set(Form)
    for one in fields(Texts):
        english, portuguese = getattr(ENGLISH, one.name), getattr(PORTUGUESE, one.name)
        assert one.type is str or [placeholders(text) for text in english.values()] == [
            placeholders(portuguese[code]) for code in english
        ]


def placeholders(text: str) -> list[str]:
    return sorted(part.partition("}")[0] for part in text.split("{")[1:])


KEYS: Final = parse_public_keys(keys_document(entry(KEY), entry(OTHER, "b-key")), is_public_key).unwrap()
GIVEN: Final = Expectations(digests={Part.RESULT: {Form.RAW: sha256(RESULT)}})


def outcome(text: bytes) -> MalformedEnvelope | VerificationReport:
    """Verify a receipt that may be damaged: the reason why it is none, or the report."""
    parsed = parse_envelope(text)
    return parsed.map(lambda one: verify(one, KEYS, check, GIVEN)).value_or(None) or parsed.failure()


def test_a_flipped_bit_in_any_byte_of_the_payload_is_a_wrong_signature() -> None:
    envelope = signed(KEY, PAYLOAD)
    for at in range(len(PAYLOAD)):
        flipped = bytearray(PAYLOAD)
        flipped[at] ^= 1 << at % 8
        report = verify(evolve(envelope, payload=bytes(flipped)), KEYS, check, GIVEN)
        assert report.parts[0].reason is Reason.WRONG_SIGNATURE


def test_every_flipped_bit_of_the_signature_is_a_wrong_signature() -> None:
    envelope = signed(KEY, PAYLOAD)
    [signature] = envelope.signatures
    for at in range(8 * len(signature.sig)):
        flipped = bytearray(signature.sig)
        flipped[at // 8] ^= 1 << at % 8
        report = verify(evolve(envelope, signatures=(evolve(signature, sig=bytes(flipped)),)), KEYS, check, GIVEN)
        assert report.parts[0].reason is Reason.WRONG_SIGNATURE


TEXT: Final = receipt(KEY)
HINTS: Final = range(TEXT.index(b'"keyid"'), TEXT.index(b'"sig"'))
"""The place of the key id, which is not signed."""


@settings(max_examples=200)
@given(st.integers(0, len(TEXT) - 1), st.integers(0, 7))
def test_a_flipped_bit_of_an_envelope_never_changes_what_is_believed(at: int, bit: int) -> None:
    text = TEXT[:at] + bytes([TEXT[at] ^ 1 << bit]) + TEXT[at + 1 :]
    found = outcome(text)
    if isinstance(found, VerificationReport):
        believed = found.holds and at in HINTS
        refused = found.parts[0].reason in (Reason.WRONG_SIGNATURE, Reason.UNKNOWN_KEY)
        assert refused or believed or text[at : at + 1].isspace() or swaps_alphabet(at, bit)
        assert not found.holds or parse_envelope(text).unwrap().payload == PAYLOAD


def swaps_alphabet(at: int, bit: int) -> bool:
    """Tell whether the flip turns a character of one alphabet of base64 into that of the other."""
    return {TEXT[at], TEXT[at] ^ 1 << bit} in ({*b"+-"}, {*b"/_"})
