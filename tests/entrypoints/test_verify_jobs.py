"""The command verifies receipts of jobs: with the partitions as they were listed, and the folder of the output."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.dsse import envelope_json
from entrypoints import verify
from tests.domain.test_job_verification import ITEMS, PAYLOAD
from tests.support.job_values import JOB_ID, OUTPUT, a_done_job, the_manifest
from tests.support.signed_receipts import entry, keys_document, signed


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """Write a receipt, its keys and the output of its job."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    (tmp_path / "receipt").write_bytes(envelope_json(signed(key, PAYLOAD)))
    (tmp_path / "keys").write_bytes(keys_document(entry(key)))
    (tmp_path / "out").mkdir()
    for name, data in {**OUTPUT, "_manifest.json": the_manifest(a_done_job())}.items():
        (tmp_path / "out" / name).write_bytes(data)
    return tmp_path


def run(given: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    monkeypatch.setenv("LANG", "C")
    arguments = [str(given / "receipt"), "--keys", str(given / "keys"), "--output", str(given / "out"), *options]
    monkeypatch.setattr(sys, "argv", ["verify", *arguments])
    return verify.main()


@pytest.mark.parametrize(
    "text",
    [json.dumps({"items": ITEMS, "next_cursor": None}), json.dumps(ITEMS), "\n\n".join(map(json.dumps, ITEMS))],
    ids=["page", "array", "lines"],
)
def test_partitions_are_read_in_each_form(
    given: Path, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (given / "partitions").write_text(text)
    options = ("--partitions", str(given / "partitions"), "--job", str(JOB_ID), "--json")
    assert run(given, monkeypatch, *options) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert report["statement"]["job"] == str(JOB_ID)
    verdicts = {one["part"]: one["verdict"] for one in report["parts"]}
    assert {verdicts[part] for part in ("job", "partitions", "manifest", "output")} == {"holds"}


@pytest.mark.parametrize("change", ["replaced", "missing", "manifest"])
def test_a_changed_output_does_not_match(given: Path, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest, part = given / "out" / "_manifest.json", given / "out" / "part-00000.ndjson"
    if change == "manifest":
        manifest.write_bytes(manifest.read_bytes().replace(b"cards", b"other"))
    part.unlink() if change == "missing" else part.write_bytes(b"9\n")
    assert run(given, monkeypatch) == 1


@pytest.mark.parametrize("text", ["[1]", "not JSON", json.dumps(ITEMS[1:])])
def test_a_file_that_lists_no_partitions_is_refused(
    given: Path, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (given / "partitions").write_text(text)
    assert run(given, monkeypatch, "--partitions", str(given / "partitions")) == 2
    assert "partitions: " in capsys.readouterr().err


@pytest.mark.parametrize("text", ['{"objects": [{"path": 1}]}', "[]", None])
def test_a_folder_without_a_manifest_is_refused(given: Path, text: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = given / "out" / "_manifest.json"
    manifest.unlink() if text is None else manifest.write_text(text)
    assert run(given, monkeypatch) == 2


def test_a_manifest_leads_nowhere_but_into_its_folder(given: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [{"path": path, "sha256": "0" * 64} for path in ("../..", "a/", "out/x\0", "/etc/passwd")]
    (given / "out" / "_manifest.json").write_text(json.dumps({"objects": listed}))
    assert run(given, monkeypatch) == 1
