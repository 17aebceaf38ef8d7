"""What is said once the service works: where it is, and the use case in three commands.

The supervisor says it. For a service in containers `python -m entrypoints.greeting EXAMPLE_FOLDER --key-file FILE`
does, of the address, the folder and the file that it has outside of them.
"""

import os
import shlex
from pathlib import Path
from typing import Final

from entrypoints.command_line import CommandLine
from entrypoints.process import settings_from
from entrypoints.setting_kinds import is_loopback
from entrypoints.settings import Settings

_EXAMPLE: Final = Path(__file__).resolve().parent.parent / "examples" / "bacen"
_LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing is bound here
_UNCONFINED: Final = """
WARNING: BATEIA_ALLOW_UNCONFINED is true. Where the kernel takes no seccomp filter, scripts run without one, and a
script that breaks the JavaScript engine can make system calls. The log says where that is so.
"""

_KEYS: Final = ".venv/bin/python -m entrypoints.keys"
_CLOSED: Final = (
    "It is closed to those without an API key, which the console asks for and the commands below take from KEY"
)
_UNKNOWN_KEY: Final = f"{_CLOSED}:\nset it to one (`{_KEYS} --help`).\n"


def _open(settings: Settings) -> str:
    who = "this machine" if is_loopback(settings.host) else f"every machine that reaches {settings.host}"
    warning = "" if is_loopback(settings.host) else "WARNING: "
    return f"""
{warning}There is no API key, so the service is open to all on {who}. `{_KEYS} create` closes it.
"""


def reachable_host(settings: Settings) -> str:
    """The host to call: who listens on every address is called on the loopback one."""
    return _LOOPBACK.get(settings.host, settings.host)


def origin(settings: Settings) -> str:
    """Where the API is, as the start of a URL."""
    host = reachable_host(settings)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def greeting(settings: Settings, needs_key: bool, example: Path = _EXAMPLE, key_file: Path | None = None) -> str:
    """The whole text. Its commands work from any folder, and the id in the third comes out of the second."""
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
{closed if needs_key else ""}To host a script, run it over a dataset and read the execution when it has ended:

{key if needs_key else ""}{host} --data-binary {script}
id=$({submit} --data-binary {payload} | tee /dev/stderr | grep -oE '[0-9a-f-]{{36}}' | head -n 1)
curl -sS{bearer} {at}/executions/$id -H 'Prefer: wait=10'
"""


def main() -> None:
    """Print it for a service in containers, as the command line and the environment say."""
    parser = CommandLine(
        "python -m entrypoints.greeting",
        description="Prints where a service in containers is, and the use case in three commands.",
        settings=("BATEIA_HOST", "BATEIA_PORT", "BATEIA_ALLOW_UNCONFINED"),
    )
    parser.add_argument("example", type=Path, metavar="EXAMPLE_FOLDER", help="where the use case's files are")
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="what holds an API key for who runs the commands")
    given = parser.parse_args()
    print(greeting(settings_from(os.environ), needs_key=True, example=given.example, key_file=given.key_file))


if __name__ == "__main__":
    main()
