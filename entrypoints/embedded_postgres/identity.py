"""The operating-system user that the embedded PostgreSQL runs as, and the name under which it sees its clients.

PostgreSQL refuses to run as root, and `initdb` and the single-user mode refuse a user without a name. Root's server
gets a user id that nothing else on the machine has, so that no other user owns its files or may trace it. Where that is
impossible it runs in a user namespace, under the id of a named user. Ids that are not mapped there appear as the
overflow id (65534), which is never the one that is named, so peer authentication still tells clients apart.
"""

import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from attrs import frozen

from entrypoints.embedded_postgres.binaries import PostgresUnusable

SERVER_UID: Final = 61_001
"""The user id of root's server. The sandbox has 61000; no distribution assigns ids in this range."""
NOBODY: Final = 65_534
_NAMED_UIDS: Final = range(1, 100)
"""Ids of the system itself, some of which have a name everywhere."""
_QUIET: Final = ("setpriv", "--no-new-privs")


@frozen
class Identity:
    """`prefix` starts the server's command line and `named_prefix` that of a program that needs a user name. `owner` is
    the owner of the files, seen from outside. `client` is the name that the server sees its clients under."""

    prefix: tuple[str, ...]
    named_prefix: tuple[str, ...]
    owner: int
    client: str


def identity(binaries: Path) -> Identity:
    """Choose the identity with which this process can run the server. Raises `PostgresUnusable`."""
    return _in_place_of_root(binaries) if os.getuid() == 0 else _as_oneself()


def may_own(owner: int) -> bool:
    """Tell whether this process may take over files of that user: root's server has had several ids."""
    return os.getuid() == 0 and owner in (0, NOBODY, SERVER_UID)


def _as_oneself() -> Identity:
    uid = os.getuid()
    if name := _name(uid):
        prefix = _QUIET if shutil.which("setpriv") else ()
        return Identity(prefix=prefix, named_prefix=prefix, owner=uid, client=name)
    if (borrowed := _borrowed(uid)) is not None:
        return borrowed
    raise PostgresUnusable(
        f"user {uid} has no name, which PostgreSQL needs: add it to /etc/passwd, or set DATABASE_URL to a server"
    )


def _in_place_of_root(binaries: Path) -> Identity:
    root = _name(0)
    dedicated = _set_uid(SERVER_UID)
    if root and _runs(*dedicated, "test", "-x", str(binaries / "postgres")):
        for named in (dedicated,) if _name(SERVER_UID) else ((*dedicated, *words) for words in _namespaces()):
            if _runs(*named, "true"):
                return Identity(prefix=dedicated, named_prefix=named, owner=SERVER_UID, client=root)
    if (borrowed := _borrowed(0)) is not None:
        return borrowed
    nobody = _set_uid(NOBODY)
    if root and _runs(*nobody, "test", "-x", str(binaries / "postgres")):
        return Identity(prefix=nobody, named_prefix=nobody, owner=NOBODY, client=root)
    raise PostgresUnusable(
        f"PostgreSQL refuses to run as root, and user {NOBODY} cannot reach {binaries}: "
        "start as an ordinary user, or open the folders above it with chmod a+x"
    )


def _borrowed(owner: int) -> Identity | None:
    """Find an identity in a user namespace where this user has another's name; the files stay this user's."""
    for words in _namespaces():
        if _runs(*words, "true"):
            inside = int(words[2].partition("=")[2])
            return Identity(prefix=words, named_prefix=words, owner=owner, client=_name(inside))
    return None


def _namespaces() -> list[tuple[str, ...]]:
    """Build the command that starts a program under a named id in a user namespace, if any id has a name."""
    named = next(filter(_name, _NAMED_UIDS), None)
    return [] if named is None else [("unshare", "--user", f"--map-user={named}", f"--map-group={named}")]


def _set_uid(uid: int) -> tuple[str, ...]:
    powers = ("--clear-groups", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all")
    return ("setpriv", f"--reuid={uid}", f"--regid={uid}", *powers)


def _name(uid: int) -> str:
    """Return the user's name, if it can stand in a map of names; empty if there is none."""
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""
    return name if re.fullmatch(r"[\w.@\\$-]+", name) else ""


def _runs(*command: str) -> bool:
    return bool(shutil.which(command[0])) and (
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0  # noqa: S603 - the words are ours
    )
