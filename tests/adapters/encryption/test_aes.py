"""Data keys and master keys: what opens with which, and that nothing shows either."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful

from adapters.encryption.aes_gcm import AesKeyring
from adapters.encryption.master_keys import MasterKeys, master_keys
from application.ports.encryption import ContentPart, DataKey, DecryptionFailed, MasterKeyMissing, WrappedKey
from application.ports.errors import Unavailable
from tests.support.values import an_id

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
BEFORE: Final = AesKeyring(MasterKeys("old", {"old": OLD}))
BETWEEN: Final = AesKeyring(MasterKeys("new", {"new": NEW, "old": OLD}))
AFTER: Final = AesKeyring(MasterKeys("new", {"new": NEW}))
OFF: Final = AesKeyring(MasterKeys(None, {"old": OLD}))
AN_EXECUTION: Final = an_id()


def fresh(seals: AesKeyring = BEFORE) -> DataKey:
    seal = seals.generate(AN_EXECUTION)
    assert seal is not None
    return seal


@given(st.binary(max_size=100), st.sampled_from(ContentPart))
def test_encrypted_data_decrypts_with_the_wrapped_key_as_the_same_part_only(data: bytes, part: ContentPart) -> None:
    seal = fresh()
    sealed, again = seal.encrypt(part, data), BEFORE.unwrap(AN_EXECUTION, seal.wrapped)
    assert again.decrypt(part, sealed) == data
    for other in {*ContentPart} - {part}:
        with pytest.raises(DecryptionFailed):
            again.decrypt(other, sealed)


def test_neither_keys_nor_their_ciphertexts_fit_another_execution() -> None:
    seal, other = fresh(), an_id()
    with pytest.raises(DecryptionFailed):
        BEFORE.unwrap(other, seal.wrapped)
    of_another = BEFORE.generate(other)
    assert of_another is not None
    with pytest.raises(DecryptionFailed):
        of_another.decrypt(ContentPart.RESULT, seal.encrypt(ContentPart.RESULT, b"1"))


def test_a_rewrapped_key_decrypts_without_the_old_master_key() -> None:
    seal = fresh()
    sealed, rewrapped = seal.encrypt(ContentPart.LOGS, b"logs"), BETWEEN.rewrap(AN_EXECUTION, seal.wrapped)
    assert rewrapped.master_key_id == "new"
    assert AFTER.unwrap(AN_EXECUTION, rewrapped).decrypt(ContentPart.LOGS, sealed) == b"logs"
    with pytest.raises(MasterKeyMissing, match="old") as missing:
        AFTER.unwrap(AN_EXECUTION, seal.wrapped)
    assert isinstance(missing.value, Unavailable)


def test_a_different_key_under_the_same_id_decrypts_nothing() -> None:
    with pytest.raises(DecryptionFailed):
        AesKeyring(MasterKeys("old", {"old": NEW})).unwrap(AN_EXECUTION, fresh().wrapped)


@given(st.binary(max_size=80))
def test_a_malformed_wrapped_key_is_refused(data: bytes) -> None:
    with pytest.raises(DecryptionFailed):
        BEFORE.unwrap(AN_EXECUTION, WrappedKey("old", data))


def test_switched_off_it_decrypts_and_encrypts_nothing_new() -> None:
    assert OFF.generate(AN_EXECUTION) is None
    seal = fresh()
    assert (
        OFF.unwrap(AN_EXECUTION, seal.wrapped).decrypt(ContentPart.LOGS, seal.encrypt(ContentPart.LOGS, b"1")) == b"1"
    )
    with pytest.raises(MasterKeyMissing):
        OFF.rewrap(AN_EXECUTION, seal.wrapped)


def test_no_representation_shows_a_key() -> None:
    seal, keys = fresh(), MasterKeys("old", {"old": OLD})
    assert "wrapped" in repr(seal)
    for shown in map(repr, (seal, seal.wrapped, keys, BEFORE)):
        assert repr(OLD)[2:-1] not in shown
        assert repr(seal.wrapped.data)[2:-1] not in shown


A_KEY: Final = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.mark.parametrize("text", [f"a:{A_KEY}\nb: {A_KEY}\n", f"# mine, c:1, 2\n\n a:{A_KEY} , b:{A_KEY}"])
def test_the_first_key_of_a_list_is_the_current_one(text: str) -> None:
    assert master_keys(text).unwrap() == MasterKeys("a", {"a": OLD, "b": OLD})


def test_a_first_line_off_leaves_no_primary_key() -> None:
    assert master_keys(f"off\na:{A_KEY}").unwrap() == MasterKeys(None, {"a": OLD})


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "line 1 and all other lines contain no key"),
        ("off", "line 1 and all other lines contain no key"),
        (A_KEY, "line 1 does not start with an id"),
        (f"a b:{A_KEY}", "line 1 does not start with an id"),
        (f"a:{A_KEY}\noff", "line 2 does not start with an id"),
        (f"a:{A_KEY}\n#,\na:{A_KEY}", "line 3 repeats the id of another line"),
        ("a:c2hvcnQ=", "line 1 has a key that is not 32 bytes long"),
        (f"a:{A_KEY[:-3]}!!!", "line 1 has a key that is not base64"),
        (f"a:{A_KEY[:-1]}", "line 1 has a key that is not base64"),
    ],
)
def test_a_list_with_a_mistake_is_refused_by_its_line(text: str, wrong: str) -> None:
    assert str(master_keys(text).failure()).startswith(wrong)


@given(st.text("aoff:=\n,# A", max_size=60) | st.text(max_size=60))
def test_any_text_is_a_list_or_refused_and_never_repeated(text: str) -> None:
    keys = master_keys(text)
    assert is_successful(keys) or "line" in str(keys.failure())
