"""Command lines of the entry points: uniform help, and one line with exit status 2 for invalid arguments.

The help ends with the settings that the process reads. They are imported only when help is printed: a health check
runs again and again and does not need them.
"""

import argparse
from collections.abc import Sequence
from textwrap import fill
from typing import Any, Final, NoReturn

_LOG: Final = ("BATEIA_LOG_LEVEL", "BATEIA_LOG_FORMAT")
_MASTER_KEYS: Final = ("BATEIA_MASTER_KEYS_FILE", "BATEIA_MASTER_KEYS")
SIGNING: Final = ("BATEIA_SIGNING_KEYS_FILE", "BATEIA_SIGNING_KEYS")
"""Settings of processes that sign receipts."""

DATABASE: Final = ("DATABASE_URL", "DATABASE_URL_FILE")
"""Settings of processes that use an external database."""
POOLER: Final = ("DATABASE_POOLER",)
"""Settings of processes that may connect through a pooler."""
DIRECT: Final = ("DATABASE_DIRECT_URL", "DATABASE_DIRECT_URL_FILE")
"""Settings of processes that need a database session of their own."""
LOGGED: Final = (*DATABASE, *_LOG)
"""Settings of processes that use an external database and write a log."""
EITHER: Final = (*DATABASE, *DIRECT, "BATEIA_DATA_DIR")
"""Settings of commands that work on a given database or on the embedded one."""
SEALING: Final = (*LOGGED, *POOLER, *_MASTER_KEYS)
"""Settings of processes that encrypt or decrypt content."""
REUSING: Final = ("BATEIA_ISOLATION", "BATEIA_IDLE_PROCESS_BYTES")
"""Settings of processes that run executions."""
DELIVERING: Final = ("BATEIA_WEBHOOK_HTTP", "BATEIA_WEBHOOK_NETWORKS", "BATEIA_WEBHOOK_CA_FILE", "BATEIA_ROOT_PATH")
"""Settings of processes that send events to receivers."""
STORES: Final = ("BATEIA_STORES_FILE", "BATEIA_FILES_DIR")
"""Settings of processes that use stores."""
DASK: Final = (
    "BATEIA_DASK_ADDRESS",
    "BATEIA_DASK_CA_FILE",
    "BATEIA_DASK_CERT_FILE",
    "BATEIA_DASK_KEY_FILE",
    "BATEIA_DASK_PLAINTEXT",
    "BATEIA_JOB_WORKERS",
    "BATEIA_JOB_WORKER_MEMORY_MB",
)
"""Settings of processes that have to do with Dask."""
CONFINING: Final = ("BATEIA_ENGINE", "BATEIA_ALLOW_UNCONFINED")
"""Settings of processes that run scripts."""


class CommandLine(argparse.ArgumentParser):
    """An argument parser whose help ends with `settings`, the environment variables that are read."""

    def __init__(self, prog: str, settings: Sequence[str] = (), **more: Any) -> None:
        super().__init__(prog, **more)
        self.formatter_class = argparse.RawDescriptionHelpFormatter
        self._settings = settings

    def format_help(self) -> str:
        return super().format_help() + (_told(self._settings) if self._settings else "")

    def error(self, message: str) -> NoReturn:
        """End the process with a single line: usage would hide the mistake."""
        command = self.prog.partition("entrypoints.")[2] or self.prog
        self.exit(2, f"{command}: {message} (see --help)\n")


def _told(names: Sequence[str]) -> str:
    from entrypoints.configuration.settings import declarations

    known = {one.name: one for one in declarations()}
    width = max(map(len, names))
    told = ((name, f"{known[name].about.replace('`', '')} ({_default(known[name].shown)})") for name in names)
    indent = " " * (width + 4)
    lines = (fill(words, 110, initial_indent=f"  {name:{width}}  ", subsequent_indent=indent) for name, words in told)
    return "\n".join(["", "settings (environment variables; docs/settings.md lists all of them):", *lines, ""])


def _default(shown: str) -> str:
    return shown.replace("`", "") or "none"
