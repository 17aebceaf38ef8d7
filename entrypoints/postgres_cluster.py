"""The files of an embedded PostgreSQL: made once and whole, or not there; never changed, upgraded or deleted here.

A cluster is made under another name and renamed when it is complete and on the disk, so one that was interrupted is
simply made again.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from attrs import frozen

from entrypoints.postgres_binaries import Identity, PostgresUnusable, major_version

USER: Final = "bateia"


@frozen
class Cluster:
    """A folder with the cluster's `data`, its superuser's `password` and the `port` that it had last."""

    folder: Path
    binaries: Path
    identity: Identity

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.folder / "data"

    @property
    def password(self) -> str:
        """The superuser's password."""
        return (self.folder / "password").read_text()


def open_cluster(cluster: Cluster, held: int) -> None:
    """Make the cluster if there is none, and see that this server and this user can run it.

    `held` is a file descriptor that every process of PostgreSQL inherits.
    """
    if not cluster.folder.exists():
        _create(cluster, held)
    owner = cluster.folder.stat().st_uid
    if owner != cluster.identity.owner:
        raise PostgresUnusable(f"{cluster.folder} belongs to user {owner}: start as that user, or chown it")
    made_by, present = int((cluster.data / "PG_VERSION").read_text()), major_version(cluster.binaries)
    if made_by != present:
        raise PostgresUnusable(
            f"{cluster.folder} was made by PostgreSQL {made_by}, and {cluster.binaries} has {present}: set PG_BIN"
        )


def _create(cluster: Cluster, held: int) -> None:
    begun = cluster.folder.with_suffix(".begun")
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir(mode=0o700)
    password = begun / "password"
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(32))
    for path in (begun, password):
        os.chown(path, cluster.identity.owner, -1)
    _initdb(cluster, ["-D", str(begun / "data"), f"--pwfile={password}"], held)
    for path in (password, begun):
        _sync(path)
    begun.rename(cluster.folder)
    _sync(cluster.folder.parent)


def _initdb(cluster: Cluster, where: Sequence[str], held: int) -> None:
    locale = ["--locale=C.UTF-8"]
    if major_version(cluster.binaries) >= 17:  # its own C.UTF-8 needs none from the operating system
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    safe = ("--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8")
    made = subprocess.run(  # noqa: S603 - the words are ours
        [*cluster.identity.prefix, str(cluster.binaries / "initdb"), *where, "-U", USER, *safe, *locale],
        pass_fds=(held,),
        start_new_session=True,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise PostgresUnusable(f"initdb failed: {' '.join(made.stderr.split()) or made.returncode}")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
