"""The command `bateia`: its subcommands, and the way from an outcome to an exit status."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cyclopts import App, CycloptsError, Group
from rich.console import Console

from bateia._version import __version__
from bateia.command.exits import Exit, exit_of
from bateia.command.options import Options, language
from bateia.command.table import GROUPS, NOUNS
from bateia.errors import BateiaError
from bateia.texts import say, speaking

_HELP = """Run JavaScript pre-processing scripts over JSON datasets with Bateia.

The address and the API key come from BATEIA_URL and BATEIA_KEY, or from `bateia login`.

Exit status: 0 done; 1 done, and the answer is no (failed tests, differing cells, a failed execution); 2 unusable
command line, file or setting; 3 refused by the service; 4 no answer in time; 130 Ctrl-C.
"""


def make_app() -> App:
    """Make the command with its subcommands."""
    app = App("bateia", help=_HELP, version=__version__, help_format="markdown", error_console=Console(stderr=True))
    for number, (title, functions) in enumerate(GROUPS):
        group = Group(title, sort_key=number)
        for function in functions:
            name = {"run_tests": "test"}.get(function.__name__, function.__name__)
            app.command(function, name=name, group=group)
    group = Group("Resources: bateia NOUN VERB", sort_key=len(GROUPS))
    for noun, (about, verbs) in NOUNS.items():
        app.command(_noun_app(noun, about, verbs, group))
    return app


def _noun_app(noun: str, about: str, verbs: Mapping[str, Callable[..., int]], group: Group) -> App:
    app = App(noun, help=about, help_format="markdown", version_flags=[], group=group)
    for verb, function in verbs.items():
        app.command(function, name=verb)
    if "list" in verbs:
        app.default(verbs["list"])
    return app


def main() -> None:
    """Run the command line, and end the process. Output into a closed file goes nowhere."""
    with Path(os.devnull).open("w") as nowhere:
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
        status = run(sys.argv[1:])
    sys.exit(status)


def run(words: Sequence[str]) -> int:
    """Run a command line, with messages in the language of the locale; return the exit status."""
    with speaking(language()):
        return _run(words)


def _run(words: Sequence[str]) -> int:
    app = make_app()
    if not words:
        app.help_print()
        return Exit.USAGE
    try:
        function, bound, _ = app.parse_args(list(words), exit_on_error=False, print_error=False)
    except CycloptsError as error:
        text = " ".join(str(error).split())
        see = say("(see bateia {command} --help)", command=words[0])
        print(f"bateia: {text} {see}" if len(words) > 1 else f"bateia: {text}", file=sys.stderr)
        return Exit.USAGE
    common = bound.arguments.get("common") or Options()
    if "common" in bound.signature.parameters:
        bound.arguments["common"] = common  # never the default itself, which would keep its connection
    return _performed(common, function, bound)


def _performed(common: Options, function: Any, bound: Any) -> int:
    try:
        status = function(*bound.args, **bound.kwargs)
        sys.stdout.flush()
        return int(status or Exit.OK)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        _discard_output()
        return Exit.OK
    except KeyboardInterrupt as error:
        common.output.note(say("interrupted"))
        return exit_of(error)
    except (BateiaError, OSError, ValueError, RecursionError) as error:
        status = exit_of(error)
        common.output.error(error, status, _address(common))
        return status
    finally:
        common.close()


def _address(common: Options) -> str:
    with contextlib.suppress(BateiaError, OSError):
        return common.login.url
    return ""


def _discard_output() -> None:
    """Direct standard output nowhere, or the interpreter would try again when it ends, and fail with a traceback."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
