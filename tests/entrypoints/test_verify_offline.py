"""Receipts and another implementation of DSSE, a machine without a network, and the documented commands."""

import json
import os
import shlex
import subprocess
import sys
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import given, settings
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope as OtherEnvelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey  # type: ignore[attr-defined] # it has no `__all__`

from adapters.signing.ed25519 import is_public_key, verify
from domain.dsse import Envelope, envelope_json, parse_envelope, signed_bytes
from domain.public_keys import parse_public_keys
from domain.verification import Expectations
from domain.verification import verify as verify_receipt
from tests.support.curl import DOCUMENTED, curl
from tests.support.documents import commands
from tests.support.signed_receipts import (
    DATASET,
    KEYID,
    RESULT,
    SOURCE,
    entry,
    keys_document,
    payload_of,
    pem,
    receipt,
    signed,
    statement,
)

KEY: Final = Ed25519PrivateKey.generate()
NO_SOCKET: Final = """
import os, runpy, sys
def refuse(event, arguments):
    if event.startswith("socket."):
        os.write(2, event.encode())
        os._exit(99)
sys.addaudithook(refuse)
if sys.argv[1] == "socket":
    import socket
    socket.socket()
runpy.run_module("entrypoints.verify", run_name="__main__", alter_sys=True)
"""
UNSHARED: Final = ("unshare", "--net") if os.geteuid() == 0 else ("unshare", "--user", "--net")

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def other_key(key: Ed25519PrivateKey = KEY, keyid: str = KEYID) -> SSlibKey:
    return SSlibKey.from_crypto(load_pem_public_key(pem(key).encode()), keyid)


def other_envelope(text: bytes) -> OtherEnvelope:
    return OtherEnvelope.from_dict(json.loads(text))


@given(TEXTS, st.binary(max_size=100))
@settings(max_examples=50)
def test_another_implementation_signs_the_same_bytes(kind: str, payload: bytes) -> None:
    theirs = OtherEnvelope(payload, kind, {})
    assert theirs.pae() == signed_bytes(kind, payload)
    theirs.sign(CryptoSigner(KEY, other_key()))
    ours = parse_envelope(json.dumps(theirs.to_dict()).encode()).unwrap()
    assert ours == signed(KEY, payload, kind)
    assert verify(pem(KEY), signed_bytes(kind, payload), ours.signatures[0].sig)


def test_another_implementation_verifies_a_receipt_and_refuses_a_forged_one() -> None:
    text = receipt(KEY)
    assert list(other_envelope(text).verify([other_key()], 1)) == [KEYID]
    ours = parse_envelope(text).unwrap()
    forged = Envelope(ours.payload_type, ours.payload.replace(b"cards", b"cARDS"), ours.signatures)
    for wrong, key in ((envelope_json(forged), KEY), (text, Ed25519PrivateKey.generate())):
        with pytest.raises(VerificationError):
            other_envelope(wrong).verify([other_key(key)], 1)


def test_a_receipt_that_another_implementation_signed_holds() -> None:
    theirs = OtherEnvelope(payload_of(statement()), "application/vnd.in-toto+json", {})
    theirs.sign(CryptoSigner(KEY, other_key()))
    envelope = parse_envelope(json.dumps(theirs.to_dict()).encode()).unwrap()
    keys = parse_public_keys(keys_document(entry(KEY)), is_public_key).unwrap()
    assert verify_receipt(envelope, keys, verify, Expectations()).holds


ANSWERS: Final = {
    "/v1/receipts/keys": keys_document(entry(Ed25519PrivateKey.generate(), "older"), entry(KEY)),
    "/v1/executions/ID/receipt": receipt(KEY),
    "/v1/executions/ID/result": RESULT,
    "/v1/executions/ID/input": DATASET,
    "/v1/scripts/NAME/versions/N/source": SOURCE,
}


@pytest.fixture
def folder(tmp_path: Path, repository: Path) -> Path:
    """Provide a folder with the files that the documented requests save."""
    [requests] = [text for text in commands(repository / "docs/provenance.md") if "/v1/receipts/keys -o" in text]
    answer = httpx.MockTransport(lambda request: httpx.Response(200, content=ANSWERS[request.url.path]))
    with httpx.Client(transport=answer, base_url=DOCUMENTED) as client:
        for line in requests.splitlines():
            curl(line, client, tmp_path)
    assert len(list(tmp_path.iterdir())) == len(ANSWERS)
    return tmp_path


def ended(command: Sequence[str], folder: Path, repository: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in the folder, in an environment that has nothing but the way to the programs."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(repository)}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_a_receipt_is_verified_without_network_database_settings_and_sockets(folder: Path, repository: Path) -> None:
    words = ["receipt.json", "--keys", "keys.json", "--result", "result.json", "--dataset", "dataset.json", "--json"]
    watched = [*UNSHARED, sys.executable, "-c", NO_SOCKET]
    done = ended([*watched, *words], folder, repository)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["holds"]
    assert ended([*watched, "socket"], folder, repository).returncode == 99, "sockets are not noticed"


def test_the_documented_commands_verify_a_receipt(folder: Path, repository: Path) -> None:
    """The folder has the files already that the first step makes."""
    page = commands(repository / "docs/provenance.md")
    steps = [text for text in page if "receipt.json" in text and "curl" not in text]
    assert len(steps) == 3
    python = folder / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    for step in steps:
        done = ended(["bash", "-euo", "pipefail", "-c", step], folder, repository)
        assert (done.returncode, done.stderr, "erified" in done.stdout) == (0, "", True), step
    forged = json.loads((folder / "receipt.json").read_bytes()) | {"payload": b64encode(RESULT).decode()}
    (folder / "receipt.json").write_text(json.dumps(forged))
    for step in steps:
        assert ended(["bash", "-euo", "pipefail", "-c", step], folder, repository).returncode == 1, step


RESOURCES: Final = {"name": str, "uri": str, "digest": dict, "content": str, "downloadLocation": str, "mediaType": str}
SLSA: Final[dict[str, dict[str, type]]] = {
    "": {"buildDefinition": dict, "runDetails": dict},
    "buildDefinition": {
        "buildType": str,
        "externalParameters": dict,
        "internalParameters": dict,
        "resolvedDependencies": list,
    },
    "runDetails": {"builder": dict, "metadata": dict, "byproducts": list},
    "runDetails.builder": {"id": str, "builderDependencies": list, "version": dict},
    "runDetails.metadata": {"invocationId": str, "startedOn": str, "finishedOn": str},
}
"""The members of SLSA Provenance v1 by their places (https://slsa.dev/spec/v1.0/provenance)."""


def test_a_statement_has_the_members_of_in_toto_and_slsa_and_no_others() -> None:
    stated: Any = json.loads(parse_envelope(receipt(KEY)).unwrap().payload)
    assert set(stated) == {"_type", "subject", "predicateType", "predicate"}
    for place, members in SLSA.items():
        found = stated["predicate"]
        for step in place.split(".") if place else ():
            found = found[step]
        assert {name: type(value) for name, value in found.items()}.items() <= members.items()
    for resource in (*stated["subject"], *stated["predicate"]["buildDefinition"]["resolvedDependencies"]):
        assert {name: type(value) for name, value in resource.items()}.items() <= RESOURCES.items()
        assert set(resource["digest"]) == {"sha256"}
