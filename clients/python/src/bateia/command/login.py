"""The stored login: address and API key, in a file that only its owner can read.

The key comes from the environment, a prompt or standard input: an argument would be seen in the list of processes and
kept in the shell's history. It is sent to the address that it was stored with, and to no other.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from bateia.command.exits import Unusable
from bateia.connection import DEFAULT_URL, KEY_VARIABLE, URL_VARIABLE
from bateia.texts import say


@dataclass(frozen=True)
class Login:
    """The address of a service and the API key for it, if there is one."""

    url: str
    key: str | None = field(default=None, repr=False)


def login_file() -> Path:
    """Return the place of the stored login: in the user's folder of settings."""
    folder = os.environ.get("XDG_CONFIG_HOME")
    if os.name == "nt":
        folder = folder or os.environ.get("APPDATA")
    return Path(folder or Path.home() / ".config") / "bateia" / "login.json"


def stored_login(path: Path) -> Login | None:
    """Read the stored login, if there is one."""
    try:
        document = json.loads(path.read_text("utf-8"))
        return Login(str(document["url"]), document.get("key"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Unusable(say("the stored login in {path} cannot be read: run `bateia login` again", path=path)) from None


def current_login(url: str | None = None) -> Login:
    """Decide on address and key: an option, then the environment, then the stored login, then this machine."""
    stored = stored_login(login_file())
    named = os.environ.get(URL_VARIABLE)
    chosen = (url or named or (stored.url if stored else DEFAULT_URL)).rstrip("/")
    key = os.environ.get(KEY_VARIABLE) or None
    if key is not None and chosen == (named or chosen).rstrip("/"):
        return Login(chosen, key)
    return Login(chosen, stored.key if stored and stored.url == chosen else None)


def store_login(login: Login, path: Path) -> None:
    """Write the login, in whole or not at all, readable by its owner alone from the first byte on."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".login-")  # with mode 0600
    temporary = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            json.dump({"url": login.url, "key": login.key}, file)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
