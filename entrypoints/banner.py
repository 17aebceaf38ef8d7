"""The start-up banner: the console's address first, then the use case in three commands, in English or Portuguese.

The supervisor prints it. For a service in containers, `python -m entrypoints.banner EXAMPLE_FOLDER --key-file FILE`
prints it with the address, folder and file as seen from outside the containers.
"""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from attrs import frozen

from entrypoints.composition.bootstrap import settings_from
from entrypoints.configuration.command_line import CommandLine
from entrypoints.configuration.language import is_portuguese
from entrypoints.configuration.setting_kinds import is_loopback
from entrypoints.configuration.settings import Settings

_EXAMPLE: Final = Path(__file__).resolve().parent.parent / "examples" / "bacen"
_LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing is bound here
_KEYS: Final = ".venv/bin/python -m entrypoints.keys"
_NAME: Final = "cards-by-curl"
"""Another name than that of the console's example, so that the commands work after it too."""


@frozen(kw_only=True)
class Texts:
    """The texts of the banner in one language."""

    ready: str
    unconfined: str
    open: str
    warning: str
    this_machine: str
    every_machine: str
    closed: str
    set_key: str
    commands: str


_ENGLISH: Final = Texts(
    ready="Bateia is ready. Open {here}/ in a browser and choose the Central Bank example.\n"
    "API: {here}/docs. Ctrl-C stops the service.",
    unconfined="WARNING: BATEIA_ALLOW_UNCONFINED is true. If the kernel does not support seccomp, scripts run "
    "without a filter,\nand a script that exploits the JavaScript engine can make system calls. The log reports when "
    "this happens.",
    open="{warning}No API key exists, so anyone on {where} has full access. To require keys, create one: "
    "`{keys} create`.",
    warning="WARNING: ",
    this_machine="this machine",
    every_machine="every machine that can reach {host}",
    closed="An API key is required. The console asks for it; the commands below take it from KEY",
    set_key="set it to one (`{keys} --help`).",
    commands="In a terminal: create a script (409 means that it exists), run it over a dataset, and read the finished "
    "execution:",
)
_PORTUGUESE: Final = Texts(
    ready="A Bateia está pronta. Abra {here}/ num navegador e escolha o exemplo do Banco Central.\n"
    "API: {here}/docs. Ctrl-C para o serviço.",
    unconfined="AVISO: BATEIA_ALLOW_UNCONFINED é true. Se o kernel não tiver seccomp, os scripts rodam sem filtro, e "
    "um script que\nexplore o motor de JavaScript pode fazer chamadas de sistema. O log informa quando isso acontece.",
    open="{warning}Não existe chave de API, então qualquer pessoa {where} tem acesso total. Para exigir chaves, crie "
    "uma: `{keys} create`.",
    warning="AVISO: ",
    this_machine="nesta máquina",
    every_machine="em qualquer máquina que alcance {host}",
    closed="É preciso uma chave de API. O console a pede; os comandos abaixo a leem de KEY",
    set_key="defina-a (`{keys} --help`).",
    commands="Num terminal: crie um script (409: ele já existe), execute-o sobre um dataset e leia a execução "
    "terminada:",
)


def texts_for(env: Mapping[str, str]) -> Texts:
    """Return the texts in the language of the environment: Portuguese, or English for every other."""
    return _PORTUGUESE if is_portuguese(env) else _ENGLISH


def _open(settings: Settings, texts: Texts) -> str:
    is_local = is_loopback(settings.host)
    where = texts.this_machine if is_local else texts.every_machine.format(host=settings.host)
    return texts.open.format(warning="" if is_local else texts.warning, where=where, keys=_KEYS)


def reachable_host(settings: Settings) -> str:
    """Return the host to connect to: the loopback address if the service listens on every address."""
    return _LOOPBACK.get(settings.host, settings.host)


def origin(settings: Settings) -> str:
    """Return the origin of the API's URLs."""
    host = reachable_host(settings)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


@frozen(kw_only=True)
class Access:
    """Access of the banner's commands: whether they need an API key, and the file that holds one."""

    needs_key: bool
    key_file: Path | None = None


def banner(settings: Settings, access: Access, texts: Texts = _ENGLISH, example: Path = _EXAMPLE) -> str:
    """Format the banner. Its commands work from any folder; the third takes its id from the output of the second."""
    here = origin(settings)
    warning = f"\n{texts.unconfined}\n" if settings.allow_unconfined else ""
    return f"""
{texts.ready.format(here=here)}
{warning}
{_closed(access, texts) if access.needs_key else _open(settings, texts)}

{texts.commands}

{_commands(f"{here}/v1", access, example)}
"""


def _closed(access: Access, texts: Texts) -> str:
    return f"{texts.closed}." if access.key_file else f"{texts.closed}:\n{texts.set_key.format(keys=_KEYS)}"


def _commands(at: str, access: Access, example: Path) -> str:
    key = f"KEY=$(cat {shlex.quote(str(access.key_file))})\n" if access.key_file else ""
    curl = 'curl -sS -H "Authorization: Bearer $KEY"' if access.needs_key else "curl -sS"
    script, payload = (shlex.quote(f"@{example / name}") for name in ("script.js", "payload.json"))
    create = f"{curl} '{at}/scripts?name={_NAME}' -H 'Content-Type: text/javascript' --data-binary {script}"
    submit = f"{curl} {at}/scripts/{_NAME}/executions -H 'Content-Type: application/json' --data-binary {payload}"
    return f"""{key}{create}
id=$({submit} | tee /dev/stderr | grep -oE '[0-9a-f-]{{36}}' | head -n 1)
{curl} {at}/executions/$id -H 'Prefer: wait=10'"""


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
    access = Access(needs_key=True, key_file=given.key_file)
    print(banner(settings_from(os.environ), access, texts_for(os.environ), given.example))


if __name__ == "__main__":
    main()
