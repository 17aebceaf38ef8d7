"""Checks of Ed25519 signatures (RFC 8032). Keys of other algorithms are refused."""

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def is_public_key(pem: str) -> bool:
    """Tell whether a text is the PEM of an Ed25519 public key."""
    return _public_key(pem) is not None


def verify(public_key: str, message: bytes, signature: bytes) -> bool:
    """Tell whether the signature is the message's, by the key with that PEM."""
    key = _public_key(public_key)
    if key is None:
        return False
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _public_key(pem: str) -> Ed25519PublicKey | None:
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None
