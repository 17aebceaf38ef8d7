"""The connection to a service: its address, the API key for it, and the headers of all requests."""

from __future__ import annotations

import os
import re
from typing import Any
from urllib.parse import urlsplit

from bateia._version import __version__
from bateia.texts import say

URL_VARIABLE, KEY_VARIABLE = "BATEIA_URL", "BATEIA_KEY"
DEFAULT_URL = "http://127.0.0.1:8000"


def connection_settings(url: str | None, key: str | None, language: str) -> dict[str, Any]:
    """Make the settings of an HTTP client. Without arguments, the environment names service and API key; "" is no key.

    If the environment names a service, its key is for that one, and is sent to no other.
    """
    named = os.environ.get(URL_VARIABLE) or url or DEFAULT_URL
    chosen = (url or named).rstrip("/")
    if key is None and chosen == named.rstrip("/"):
        key = os.environ.get(KEY_VARIABLE) or None
    address = urlsplit(chosen)
    if address.scheme not in ("http", "https") or not address.netloc:
        raise ValueError(
            say("{chosen!r} is not an address such as {default_url}", chosen=chosen, default_url=DEFAULT_URL)
        )
    if address.username or address.password:
        raise ValueError(say("the address has a user or a password: pass the API key as `key`"))
    if key and not re.fullmatch(r"[!-~]+", key):
        raise ValueError(say("the API key has characters that no key has: copy it again, without line breaks"))
    headers = {"User-Agent": f"bateia-python/{__version__}", "Accept-Language": language}
    return {
        "base_url": f"{chosen}/",
        "headers": headers | ({"Authorization": f"Bearer {key}"} if key else {}),
        "verify": address.scheme == "https",  # certificates take a while to load, and nothing else needs them
    }
