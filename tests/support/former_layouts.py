"""Data folders as earlier releases left them: a superuser over TCP, its password and its port in files, open modes.

The steps are those of their code (`initdb` with these words, the same files, the migrations of that time), so nothing
of an old release is needed to make one.
"""

import os
import secrets
import subprocess
from pathlib import Path
from typing import Final

import psycopg
from attrs import frozen

from adapters.postgres.schema import MIGRATIONS, migrate
from entrypoints.embedded_postgres.binaries import find_binaries, major_version
from tests.support.postgres import accepts
from tests.support.waiting import eventually

_NOBODY: Final = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
_NAMESPACE: Final = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
_LOCALE: Final = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
_OLDER_LOCALE: Final = ("--locale=C.UTF-8",)


@frozen
class FormerLayout:
    """An earlier way to run root's server (an ordinary user's has no `prefix`), the owner of its files then, and the
    number of that release's migrations."""

    prefix: tuple[str, ...]
    owner: int
    migrations: int

    def make(self, data_dir: Path, port: int) -> None:
        """Make the folder, with one script in the database and the server stopped."""
        folder, binaries = data_dir / "postgres", find_binaries(os.environ)
        for made in (data_dir, folder):
            made.mkdir(mode=0o755)
        folder.chmod(0o700)
        password = secrets.token_urlsafe(32)
        (folder / "password").write_text(password)
        (folder / "port").write_text(str(port))
        for path in (folder, folder / "password"):
            os.chown(path, self.owner, -1)
        safe = ("--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8")
        locale = _LOCALE if major_version(binaries) >= 17 else _OLDER_LOCALE
        where = ("-D", str(folder / "data"), f"--pwfile={folder / 'password'}", "-U", "bateia")
        subprocess.run(
            [*self.prefix, str(binaries / "initdb"), *where, *safe, *locale], check=True, capture_output=True
        )
        for name in ("lock", "postgres.lock"):
            (data_dir / name).touch(mode=0o644)
        self._fill(folder, binaries, f"postgresql://bateia:{password}@127.0.0.1:{port}/postgres")

    def _fill(self, folder: Path, binaries: Path, url: str) -> None:
        words = ("-c", "listen_addresses=127.0.0.1", "-c", f"port={url.rpartition(':')[2].partition('/')[0]}")
        server = [*self.prefix, str(binaries / "postgres"), "-D", str(folder / "data"), *words]
        with subprocess.Popen([*server, "-c", "unix_socket_directories="], stderr=subprocess.DEVNULL) as process:
            try:
                eventually(lambda: accepts(url))
                migrate(url, MIGRATIONS[: self.migrations])
                with psycopg.connect(url) as conn:
                    conn.execute(
                        "insert into scripts (id, name, description, created_at) values (%s, 'kept', '', now())", [ID]
                    )
            finally:
                process.terminate()


ID: Final = "00000000-0000-7000-8000-000000000001"
"""The id of the script that each of them holds."""


def _layouts() -> list[FormerLayout]:
    if os.geteuid() != 0:
        return [FormerLayout((), os.geteuid(), number) for number in (1, len(MIGRATIONS))]
    nobody = [FormerLayout(_NOBODY, 65_534, len(MIGRATIONS))]
    namespaces = subprocess.run([*_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
    return [*nobody, *(FormerLayout(_NAMESPACE, 0, number) for number in (1, len(MIGRATIONS)) if namespaces)]


FORMER: Final = _layouts()
