"""The command `bateia` as tests run it: in this process, which takes a tenth of the time, or as a user does."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.processes import clean_environment

ROOT: Final = Path(__file__).parents[2]
BACEN: Final = ROOT / "examples" / "bacen"
EXPECTED: Final = json.loads((BACEN / "expected.json").read_text())


def write_folder(folder: Path, name: str) -> Path:
    """Write the script of the Central Bank example under that name, and a test with its rows."""
    (folder / f"{name}.tests").mkdir()
    (folder / f"{name}.js").write_bytes((BACEN / "script.js").read_bytes())
    payload = (BACEN / "payload.json").read_text()
    (folder / f"{name}.tests" / "rows.json").write_text(
        f'{{"dataset": {payload}, "expected": {{"result": {json.dumps(EXPECTED)}}}}}'
    )
    (folder / "bateia.toml").write_text(f'[scripts.{name}]\nlimits = {{ wall_ms = 9000 }}\ndescription = "Cartões"\n')
    return folder


@dataclass
class Ended:
    """The exit status and the output of a command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Command:
    """Runs the command with the settings of a test."""

    env: dict[str, str]
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *words: object, **env: str) -> Ended:
        with self.monkeypatch.context() as patch:
            for name in os.environ.keys() - clean_environment().keys() | {"LANG", "LC_ALL"}:
                patch.delenv(name, raising=False)
            for name, value in (self.env | env).items():
                patch.setenv(name, value)
            status = pytest.importorskip("bateia.command").run(list(map(str, words)))
        return Ended(status, *self.capsys.readouterr())

    @contextmanager
    def process(self, *words: object, **more: Any) -> Iterator["subprocess.Popen[str]"]:
        """Run the command in a process of its own, which does not outlast the block."""
        environment = clean_environment() | {"PYTHONPATH": os.pathsep.join(sys.path)} | self.env | more.pop("env", {})
        command = [sys.executable, "-m", "bateia", *map(str, words)]
        pipes = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE) | more
        with subprocess.Popen(command, env=environment, text=True, **pipes) as process:
            try:
                yield process
            finally:
                process.kill()


def on_a_terminal(run: Command, *words: object, **env: str) -> tuple[int, str]:
    """Run the command on a terminal of its own; return its status and all that it showed."""
    ours, theirs = pty.openpty()
    with run.process(*words, stdin=theirs, stdout=theirs, stderr=theirs, env={"TERM": "xterm", **env}) as ended:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # the terminal has no other end any more
            pass
        os.close(ours)
        return ended.wait(60), shown.decode()
