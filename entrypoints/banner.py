"""The start-up banner: the service's address, and the use case in three commands.

The supervisor prints it. For a service in containers, `python -m entrypoints.banner EXAMPLE_FOLDER --key-file FILE`
prints it with the address, folder and file as seen from outside the containers.
"""

import os
import shlex
from pathlib import Path
from typing import Final

from entrypoints.composition.bootstrap import settings_from
from entrypoints.configuration.command_line import CommandLine
from entrypoints.configuration.setting_kinds import is_loopback
from entrypoints.configuration.settings import Settings

_EXAMPLE: Final = Path(__file__).resolve().parent.parent / "examples" / "bacen"
_LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing is bound here
_UNCONFINED: Final = """
WARNING: BATEIA_ALLOW_UNCONFINED is true. If the kernel does not support seccomp, scripts run without a filter, and a
script that exploits the JavaScript engine can make system calls. The log reports when this happens.
"""

_KEYS: Final = ".venv/bin/python -m entrypoints.keys"
_CLOSED: Final = "An API key is required. The console asks for it; the commands below take it from KEY"
_UNKNOWN_KEY: Final = f"{_CLOSED}:\nset it to one (`{_KEYS} --help`).\n"


def _open(settings: Settings) -> str:
    where = "this machine" if is_loopback(settings.host) else f"every machine that can reach {settings.host}"
    warning = "" if is_loopback(settings.host) else "WARNING: "
    return f"""
{warning}No API key exists, so anyone on {where} has full access. `{_KEYS} create` closes it.
"""


def reachable_host(settings: Settings) -> str:
    """Return the host to connect to: the loopback address if the service listens on every address."""
    return _LOOPBACK.get(settings.host, settings.host)


def origin(settings: Settings) -> str:
    """Return the origin of the API's URLs."""
    host = reachable_host(settings)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def banner(settings: Settings, needs_key: bool, example: Path = _EXAMPLE, key_file: Path | None = None) -> str:
    """Format the banner. Its commands work from any folder; the third takes its id from the output of the second."""
    closed = _UNKNOWN_KEY if key_file is None else f"{_CLOSED}.\n"
    key = "" if key_file is None else f"KEY=$(cat {shlex.quote(str(key_file))})\n"
    bearer = """ -H "Authorization: Bearer $KEY\"""" if needs_key else ""
    here = origin(settings)
    at = f"{here}/v1"
    script, payload = (shlex.quote(f"@{example / name}") for name in ("script.js", "payload.json"))
    host = f"curl -sS{bearer} '{at}/scripts?name=corporate-cards' -H 'Content-Type: text/javascript'"
    submit = f"curl -sS{bearer} {at}/scripts/corporate-cards/executions -H 'Content-Type: application/json'"
    return f"""{_UNCONFINED if settings.allow_unconfined else ""}{"" if needs_key else _open(settings)}
Bateia listens on {here}. Open {here}/ in a browser for the console, {here}/docs for the API; Ctrl-C stops it.
{closed if needs_key else ""}To create a script, run it over a dataset and read the finished execution:

{key if needs_key else ""}{host} --data-binary {script}
id=$({submit} --data-binary {payload} | tee /dev/stderr | grep -oE '[0-9a-f-]{{36}}' | head -n 1)
curl -sS{bearer} {at}/executions/$id -H 'Prefer: wait=10'
"""


def main() -> None:
    """Print the banner of a service in containers."""
    parser = CommandLine(
        "python -m entrypoints.banner",
        description="Print the address of a service in containers, and the use case in three commands.",
        settings=("BATEIA_HOST", "BATEIA_PORT", "BATEIA_ALLOW_UNCONFINED"),
    )
    parser.add_argument("example", type=Path, metavar="EXAMPLE_FOLDER", help="folder of the use case's files")
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="file with an API key for the commands")
    given = parser.parse_args()
    print(banner(settings_from(os.environ), needs_key=True, example=given.example, key_file=given.key_file))


if __name__ == "__main__":
    main()
