"""Commands about the service and the access to it: login, whoami, status, types."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any, Literal

from bateia.client import Client
from bateia.command.arguments import Flag
from bateia.command.exits import Exit, Unusable
from bateia.command.login import Login, login_file, store_login
from bateia.command.options import DEFAULTS, All, Options, language
from bateia.command.standard_input import first_line, is_terminal
from bateia.command.typing_files import TYPES, dataset_type, editor_settings
from bateia.connection import DEFAULT_URL
from bateia.problems import Forbidden, Unauthenticated
from bateia.resources.service import read_caller, read_readiness, read_status
from bateia.texts import say


def login(
    url: str = DEFAULT_URL,
    /,
    *,
    key_stdin: Flag = False,
    common: All = DEFAULTS,
) -> int:
    """Store the address of a service and an API key, after they were tried.

    The key is asked for, without being shown. It is stored in a file that only you can read, and is sent to this
    address only.

    Parameters
    ----------
    url
        Address of the service.
    key_stdin
        Read the key from standard input, as from `pass show bateia | bateia login URL --key-stdin`.
    """
    key = first_line() if key_stdin else _asked()
    chosen = Login(url.rstrip("/"), key or None)
    with Client(chosen.url, chosen.key or "", language=language()) as client:
        me = client.do(read_caller()).document
    store_login(chosen, login_file())
    common.output.value(
        {**_caller(me), "url": chosen.url, "file": str(login_file())}, lambda: _show_login(common, me, chosen)
    )
    return Exit.OK


def _asked() -> str:
    if not is_terminal():
        raise Unusable(say("there is no terminal to ask for the API key: pipe it into `bateia login URL --key-stdin`"))
    return getpass.getpass(say("API key (empty if the service needs none): ")).strip()


def _show_login(common: Options, me: Any, chosen: Login) -> None:
    common.output.line(
        say("logged in to {url} as {name}; stored in {file}", url=chosen.url, name=_name(me), file=login_file())
    )
    if (
        chosen.key
        and chosen.url.startswith("http://")
        and not chosen.url.startswith(("http://127.", "http://localhost"))
    ):
        common.output.note(say("this address has no TLS: anyone on the way can read the API key"), "yellow")


def _name(me: Any) -> str:
    return me["key"]["name"] if me["key"] else say("anyone (it needs no API key)")


def _caller(me: Any) -> dict[str, Any]:
    return {"name": me["key"]["name"] if me["key"] else None, "anonymous": me["anonymous"], "scopes": me["scopes"]}


def whoami(*, common: All = DEFAULTS) -> int:
    """Show the API key's name and scopes."""
    me = common.do(read_caller()).document

    def show() -> None:
        common.output.line(say("{name} at {url}", name=_name(me), url=common.login.url))
        common.output.line(say("scopes: {value}", value=", ".join(me["scopes"])))

    common.output.value({**_caller(me), "url": common.login.url}, show)
    return Exit.OK


def status(*, common: All = DEFAULTS) -> int:
    """Show whether the service is ready, its workers and its queue. Exit status 1 if it is not ready."""
    ready = common.do(read_readiness()).document
    try:
        details = common.do(read_status()).document
    except (Forbidden, Unauthenticated):
        details = None

    def show() -> None:
        common.output.line(say("{url} is ready" if ready["ready"] else "{url} is NOT ready", url=common.login.url))
        common.output.line(say("workers: {workers}", workers=ready["workers"]))
        if details:
            queue = details["queue"]
            common.output.line(
                say(
                    "version {version}: {running} running, {waiting} waiting",
                    version=details["version"],
                    running=queue["running"],
                    waiting=queue["waiting"],
                )
            )
        for name, check in ready["checks"].items():
            if check["status"] != "ok" and check["detail"]:
                common.output.line(f"{name}: {check['status']}: {check['detail']}")

    common.output.value({"url": common.login.url, "readiness": ready, "status": details}, show)
    return Exit.OK if ready["ready"] else Exit.FAILED


def completion(shell: Literal["bash", "zsh", "fish"], *, common: All = DEFAULTS) -> int:
    """Print the completion of words for a shell. The README says where to put it.

    Parameters
    ----------
    shell
        Name of the shell.
    """
    from bateia.command import make_app

    text = make_app().generate_completion(prog_name="bateia", shell=shell)
    common.output.value(text, lambda: print(text))
    return Exit.OK


def types(
    folder: Path = Path(),
    /,
    *,
    sample: Path | None = None,
    common: All = DEFAULTS,
) -> int:
    """Write `process.d.ts`, with which editors complete and check scripts; and `jsconfig.json` if there is none.

    Parameters
    ----------
    folder
        Folder of the scripts.
    sample
        Dataset from which the type of the data is derived.
    """
    try:
        data = "any" if sample is None else dataset_type(json.loads(sample.read_bytes()))
    except ValueError:
        raise Unusable(say("{sample} is not JSON: name a dataset as a sample", sample=sample)) from None
    written = [folder / "process.d.ts"]
    written[0].write_text(TYPES.replace("DATASET", data), "utf-8")
    if not (folder / "jsconfig.json").exists():
        written.append(folder / "jsconfig.json")
        written[1].write_text(editor_settings(), "utf-8")
    common.output.value([str(path) for path in written], lambda: common.output.line(" ".join(map(str, written))))
    return Exit.OK
