"""Runs of sources that are not saved: in the sandbox of an installation on this machine, or as previews.

An installation of the service is looked for in the folder that BATEIA_SERVICE names, a checkout with its `.venv`, and
then among the packages of this Python. Never in the current folder: its code would be run unasked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

from bateia.bodies import BytesBody
from bateia.command.exits import Unusable
from bateia.command.standard_input import check_length, input_pieces, is_standard_input
from bateia.connection import KEY_VARIABLE
from bateia.datasets import JSON, LINES
from bateia.errors import Unreachable
from bateia.exchange import Flow, Request, exchange
from bateia.matching import exact_json
from bateia.refusals import refusal
from bateia.texts import say

SERVICE_VARIABLE = "BATEIA_SERVICE"
_MODULE = "entrypoints.try_source"
_MOST_PREVIEW_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Trial:
    """A source to run over the JSON text of a dataset. `choices` are engine, limits, clock and seed."""

    source: str = field(repr=False)
    dataset: bytes = field(repr=False)
    choices: Mapping[str, Any] = field(default_factory=dict)


Runner: TypeAlias = Callable[[Trial], "dict[str, Any]"]
"""Runs a trial; returned is the document of a preview, with all digits of its numbers."""


@dataclass(frozen=True)
class Installation:
    """An installation of the service: the command that runs its modules, and where."""

    python: str
    folder: Path | None = None

    def run(self, trial: Trial) -> dict[str, Any]:
        """Run a source in its sandbox. Raises `Refused` as the service does."""
        source = _in_memory(trial.source.encode())
        try:
            words = [self.python, "-m", _MODULE, f"/proc/self/fd/{source}", "-", "--choices", json.dumps(trial.choices)]
            ended = subprocess.run(
                words,
                input=trial.dataset,
                capture_output=True,
                cwd=self.folder,
                env=_without_key(),
                pass_fds=(source,),
                check=False,
            )
        finally:
            os.close(source)
        return _outcome(ended.returncode, ended.stdout, ended.stderr.decode(errors="replace").strip())


def _without_key() -> dict[str, str]:
    """Copy the environment without the API key, which a run has no use for."""
    return {name: value for name, value in os.environ.items() if name != KEY_VARIABLE}


def _in_memory(data: bytes) -> int:
    """Make a file without a name, since the source may have none and standard input has the dataset."""
    number = os.memfd_create("source")
    os.write(number, data)
    os.lseek(number, 0, os.SEEK_SET)
    return number


def _outcome(status: int, output: bytes, errors: str) -> dict[str, Any]:
    if status in (0, 3) and output:
        document: dict[str, Any] = exact_json(output)
        if status == 0:
            return document
        raise refusal(int(document["status"]), document)
    if status == 4:
        raise Unreachable(say("{errors}; --remote runs it on the server", errors=errors))
    reason = errors.splitlines()[-1] if errors else say("its exit status is {status}", status=status)
    raise Unusable(say("the installation of the service on this machine cannot run it: {reason}", reason=reason))


def installation() -> Installation | None:
    """Find an installation of the service on this machine, if there is one. Raises `Unusable`."""
    if named := os.environ.get(SERVICE_VARIABLE):
        folder = Path(named).expanduser().resolve()
        python = folder / ".venv" / "bin" / "python"
        if not (folder / "entrypoints" / "try_source.py").is_file() or not python.exists():
            raise Unusable(
                say(
                    "{service_variable} names {folder}, which is no checkout with its .venv: run its set-up there",
                    service_variable=SERVICE_VARIABLE,
                    folder=folder,
                )
            )
        return Installation(str(python), folder)
    return _installed_beside() if sys.platform == "linux" else None


def _installed_beside() -> Installation | None:
    """Find the service among the packages of this Python; the current folder, where `python -m` looks too, is none."""
    try:
        found = find_spec(_MODULE)
    except (ImportError, ValueError):
        return None
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).resolve().parents[1]
    return None if folder == Path.cwd().resolve() else Installation(sys.executable, folder)


def preview_text(trial: Trial) -> Flow[bytes]:
    """Run a source as a preview of the service."""
    if len(trial.dataset) > _MOST_PREVIEW_BYTES:
        raise Unusable(say("a preview takes a dataset of at most 1 MiB: use a part of it, or `bateia submit`"))
    members = {"source": trial.source, **trial.choices}
    head = json.dumps(members, ensure_ascii=False).encode()[:-1]
    body = BytesBody(head + b',"dataset":' + trial.dataset + b"}")
    request = Request("POST", "/v1/previews", headers={"Content-Type": JSON}, body=body, repeatable=True)
    return (yield from exchange(request)).body


def dataset_text(path: Path) -> bytes:
    """Read a dataset as JSON text; the lines of NDJSON become an array."""
    if path.suffix in (".gz", ".zst"):
        raise Unusable(say("{path} is compressed: decompress it first, or use `bateia submit`", path=path))
    data = b"".join(input_pieces()) if is_standard_input(path) else path.read_bytes()
    check_length(path, len(data))
    if path.suffix not in LINES:
        return data.removeprefix(b"\xef\xbb\xbf").strip()
    lines: Sequence[bytes] = [line.strip() for line in data.splitlines() if line.strip()]
    return b"[" + b",".join(lines) + b"]"
