"""The certificates by which receivers are trusted."""

import ssl
from pathlib import Path


class CertificatesRefused(Exception):
    """The operator's certificates cannot be used. The message is one line for the operator."""


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Trust the authorities of the system, those of Mozilla, and the operator's. Raises `CertificatesRefused`.

    It takes some 30 ms, most of it for reading certificates.
    """
    import certifi  # takes 3 ms, which only those need who send

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    if ca_file is not None:
        _add(context, ca_file)
    return context


def _add(context: ssl.SSLContext, ca_file: Path) -> None:
    try:
        context.load_verify_locations(ca_file)
    except ssl.SSLError:
        raise CertificatesRefused("BATEIA_WEBHOOK_CA_FILE has no certificates in PEM format") from None
    except OSError as error:
        raise CertificatesRefused(f"BATEIA_WEBHOOK_CA_FILE cannot be read ({type(error).__name__})") from None
