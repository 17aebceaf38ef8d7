"""How an entry point reads its command line: help in one form, and one line and status 2 for what it does not know.

At the end of the help stand the settings that the process reads, in their own words. They are imported only to be
shown: a health check runs again and again and has no use for them.
"""

import argparse
from collections.abc import Sequence
from textwrap import fill
from typing import Any, Final, NoReturn

_LOG: Final = ("BATEIA_LOG_LEVEL", "BATEIA_LOG_FORMAT")
_MASTER_KEYS: Final = ("BATEIA_MASTER_KEYS_FILE", "BATEIA_MASTER_KEYS")

DATABASE: Final = ("DATABASE_URL", "DATABASE_URL_FILE")
"""What a process reads that asks a database of somebody else's."""
POOLER: Final = ("DATABASE_POOLER",)
"""What a process reads that may ask it through a pooler."""
DIRECT: Final = ("DATABASE_DIRECT_URL", "DATABASE_DIRECT_URL_FILE")
"""What a process reads that needs a session of its own there."""
LOGGED: Final = (*DATABASE, *_LOG)
"""What a process with a database of somebody else's and a log reads."""
EITHER: Final = (*DATABASE, *DIRECT, "BATEIA_DATA_DIR")
"""What a command reads that works on a given database or on the embedded one."""
SEALING: Final = (*LOGGED, *POOLER, *_MASTER_KEYS)
"""What a process reads that opens or seals content."""
CONFINING: Final = ("BATEIA_ENGINE", "BATEIA_ALLOW_UNCONFINED")
"""What a process reads that runs scripts."""


class CommandLine(argparse.ArgumentParser):
    """A parser of words, whose help goes on with `settings`: the names of environment variables that are read."""

    def __init__(self, prog: str, settings: Sequence[str] = (), **more: Any) -> None:
        super().__init__(prog, **more)
        self.formatter_class = argparse.RawDescriptionHelpFormatter
        self._settings = settings

    def format_help(self) -> str:
        return super().format_help() + (_told(self._settings) if self._settings else "")

    def error(self, message: str) -> NoReturn:
        """End the process: a line is enough for who has mistyped a word."""
        command = self.prog.partition("entrypoints.")[2] or self.prog
        self.exit(2, f"{command}: {message} (--help tells more)\n")


def _told(names: Sequence[str]) -> str:
    from entrypoints.settings import declarations

    known = {one.name: one for one in declarations()}
    width = max(map(len, names))
    told = ((name, f"{known[name].about.replace('`', '')} ({_default(known[name].shown)})") for name in names)
    indent = " " * (width + 4)
    lines = (fill(words, 110, initial_indent=f"  {name:{width}}  ", subsequent_indent=indent) for name, words in told)
    return "\n".join(["", "settings (environment variables; README.md has all of them):", *lines, ""])


def _default(shown: str) -> str:
    return shown.replace("`", "") or "none"
