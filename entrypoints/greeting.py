"""What is said once the service works: where it is, and the use case in three commands.

The supervisor says it. For a service in containers `python -m entrypoints.greeting EXAMPLE_FOLDER` does, of the address
and the folder that it has outside of them.
"""

import os
import shlex
import sys
from pathlib import Path
from typing import Final

from entrypoints.process import settings_from
from entrypoints.setting_kinds import is_loopback
from entrypoints.settings import Settings

_EXAMPLE: Final = Path(__file__).resolve().parent.parent / "examples" / "bacen"
_LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing is bound here
_UNCONFINED: Final = """
WARNING: BATEIA_ALLOW_UNCONFINED is true. Where the kernel takes no seccomp filter, scripts run without one, and a
script that breaks the JavaScript engine can make system calls. The log says where that is so.
"""

_CLOSED: Final = "It is closed to those without an API key: set KEY to one (`python -m entrypoints.keys --help`).\n"


def _open(settings: Settings) -> str:
    who = "this machine" if is_loopback(settings.host) else f"every machine that reaches {settings.host}"
    warning = "" if is_loopback(settings.host) else "WARNING: "
    return f"""
{warning}There is no API key, so the service is open to all on {who}. `python -m entrypoints.keys create` closes it.
"""


def reachable_host(settings: Settings) -> str:
    """The host to call: who listens on every address is called on the loopback one."""
    return _LOOPBACK.get(settings.host, settings.host)


def origin(settings: Settings) -> str:
    """Where the API is, as the start of a URL."""
    host = reachable_host(settings)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def greeting(settings: Settings, needs_key: bool, example: Path = _EXAMPLE) -> str:
    """The whole text. Its commands work from any folder, and the id in the third comes out of the second."""
    bearer = """ -H "Authorization: Bearer $KEY\"""" if needs_key else ""
    at = f"{origin(settings)}/v1"
    script, payload = (shlex.quote(f"@{example / name}") for name in ("script.js", "payload.json"))
    submit = f"curl -sS{bearer} {at}/scripts/corporate-cards/executions -H 'Content-Type: application/json'"
    return f"""{_UNCONFINED if settings.allow_unconfined else ""}{"" if needs_key else _open(settings)}
Bateia listens on {origin(settings)} (it is described at {origin(settings)}/docs). Ctrl-C stops it.
{_CLOSED if needs_key else ""}To host a script, run it over a dataset and read the execution when it has ended:

curl -sS{bearer} '{at}/scripts?name=corporate-cards' -H 'Content-Type: text/javascript' --data-binary {script}
id=$({submit} --data-binary {payload} | tee /dev/stderr | grep -oE '[0-9a-f-]{{36}}' | head -n 1)
curl -sS{bearer} {at}/executions/$id -H 'Prefer: wait=10'
"""


if __name__ == "__main__":
    print(greeting(settings_from(os.environ), needs_key=True, example=Path(sys.argv[1])))
