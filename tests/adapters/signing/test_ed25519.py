"""Signatures are checked as RFC 8032 defines them, by keys of this algorithm only."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from adapters.signing.ed25519 import is_public_key, verify
from tests.support.signed_receipts import pem

ORDER = 2**252 + 27742317777372353535851937790883648493


def test_the_first_test_vector_of_rfc_8032() -> None:
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    key = Ed25519PublicKey.from_public_bytes(public)
    text = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert verify(text, b"", signature)
    assert not verify(text, b"\0", signature)
    half, scalar = signature[:32], int.from_bytes(signature[32:], "little")
    assert not verify(text, b"", half + (scalar + ORDER).to_bytes(32, "little"))  # the same point, in another encoding


@pytest.mark.parametrize("length", [0, 1, 63, 65, 1000])
def test_a_signature_of_another_length_is_wrong(length: int) -> None:
    assert not verify(pem(Ed25519PrivateKey.generate()), b"message", bytes(length))


def test_other_keys_are_refused() -> None:
    key, other = Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    elliptic = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert is_public_key(pem(key))
    for text in ("", "é", private, elliptic, pem(key)[:-30], pem(key).replace("MCow", "MCox")):
        assert not is_public_key(text)
        assert not verify(text, b"message", key.sign(b"message"))
