"""Signing keys as text: what is written is read again, and errors name a line and repeat nothing of it."""

import base64
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.signing.signer import Ed25519Signer
from adapters.signing.signing_keys import (
    SigningKeys,
    new_signing_key,
    parse_signing_keys,
    rotated,
    signing_keys_text,
)

SECRET = base64.b64encode(bytes(range(32))).decode()
OTHER = base64.b64encode(bytes(32)).decode()
THIRD = base64.b64encode(bytes([3]) * 32).decode()
AT, LATER = "2026-11-27T18:30:00Z", "2026-12-27T18:30:00Z"
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
GOOD = f"a private {SECRET} {AT}"

seeds = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=4, unique=True)


def rotated_keys(made: list[bytes], hours: int = 1) -> SigningKeys:
    keys = SigningKeys((new_signing_key(made[0], NOON),))
    for number, seed in enumerate(made[1:], 1):
        keys = rotated(keys, new_signing_key(seed, NOON + timedelta(hours=hours * number)))
    return keys


@given(seeds, st.integers(-1, 1))
def test_keys_are_read_as_they_were_written_and_only_the_newest_is_private(made: list[bytes], hours: int) -> None:
    keys = rotated_keys(made, hours)
    assert parse_signing_keys(signing_keys_text(keys)).unwrap() == keys
    assert [one.seed for one in keys.keys] == [made[-1], *[None] * (len(made) - 1)]
    assert [one.retired_at is None for one in keys.keys] == [True, *[False] * (len(made) - 1)]
    assert not any(repr(seed) in repr(keys) for seed in made)


@given(seeds)
def test_a_list_for_the_environment_has_commas(made: list[bytes]) -> None:
    keys = rotated_keys(made)
    lines = [line for line in signing_keys_text(keys).splitlines() if not line.startswith("#")]
    assert parse_signing_keys(",".join(lines)).unwrap() == keys


def test_the_first_private_key_signs_and_all_are_published_with_it_in_front() -> None:
    text = f"old public {OTHER} {AT} {LATER}\n\n# ours\n  new private {SECRET} {AT}\nnext private {THIRD} {AT}"
    signer = Ed25519Signer(parse_signing_keys(text).unwrap())
    assert signer.sign(b"message").keyid == "new"
    assert signer.sign(b"message") == signer.sign(b"message")
    assert [one.keyid for one in signer.public_keys()] == ["new", "old", "next"]


WRONG = {
    "no key": ("", "no line has a private key"),
    "no private key": (f"a public {SECRET} {AT}", "no line has a private key"),
    "a secret alone": (SECRET, "line 1 is not: an id"),
    "a master key": (f"a:{SECRET}", "line 1 is not: an id"),
    "an id that is none": (f"a/b private {SECRET} {AT}", "line 1 is not: an id"),
    "a kind that is none": (f"a secret {SECRET} {AT}", "line 1 is not: an id"),
    "no time": (f"{GOOD}\nb private {OTHER}", "line 2 is not: an id"),
    "too many times": (f"{GOOD} {LATER} {LATER}", "line 1 is not: an id"),
    "a time that is none": (f"a private {SECRET} {SECRET}", "line 1 has a time"),
    "a date that is none": (f"a private {SECRET} 2026-02-30T00:00:00Z", "line 1 has a time"),
    "a time without a zone": (f"a private {SECRET} 2026-02-20T00:00:00", "line 1 has a time"),
    "a time out of range": (f"a private {SECRET} 0001-01-01T00:00:00+23:59", "line 1 has a time"),
    "no base64": (f"a private {SECRET[:-1]} {AT}", "line 1 has a key that is not base64"),
    "a short key": (f"a private {SECRET[:-4]} {AT}", "line 1 has a key that is not 32 bytes long"),
    "a retired private key": (f"{GOOD} {LATER}", "line 1 has a retired key that is private"),
    "a retirement before the creation": (f"{GOOD}\nb public {OTHER} {LATER} {AT}", "line 2 has a key that was retired"),
    "an id twice": (f"{GOOD}\n#\na public {OTHER} {AT}", "line 3 repeats the id of another line"),
    "a key twice": (f"{GOOD}\nb private {SECRET} {AT}", "line 2 repeats the key of another line"),
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_malformed_keys_are_named_by_their_line_and_not_repeated(text: tuple[str, str]) -> None:
    refused = parse_signing_keys(text[0]).failure()
    assert str(refused).startswith(text[1])
    assert not any(key[:8] in f"{refused} {refused!r}" for key in (SECRET, OTHER))


@given(st.text(), st.integers(0, 3))
def test_any_text_is_keys_or_malformed(text: str, at: int) -> None:
    words = GOOD.split()
    for one in (text, " ".join([*words[:at], text, *words[at + 1 :]])):
        parsed = parse_signing_keys(one)
        assert SECRET not in str(parsed.value_or("") or parsed.failure())


def test_the_id_of_a_generated_key_is_what_openssl_computes() -> None:
    key = new_signing_key(bytes(range(32)), NOON)
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    command = "openssl pkey -pubin -outform DER | sha256sum"
    made = subprocess.run(["sh", "-c", command], input=key.pem.encode(), capture_output=True, check=True)
    assert made.stdout.decode()[:32] == key.keyid
