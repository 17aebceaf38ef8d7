"""First contact with a script: `--help` is the comment at its head, and what is mistyped is one line."""

import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
SCRIPTS: Final = sorted(path for path in (ROOT / "scripts").iterdir() if os.access(path, os.X_OK) and path.is_file())

script = pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)


def called(path: Path, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([path, *words], cwd=folder, capture_output=True, text=True, timeout=20, check=False)


@script
def test_help_says_what_it_does_from_any_folder(path: Path, tmp_path: Path) -> None:
    asked = called(path, tmp_path, "--help")
    assert (asked.returncode, asked.stderr) == (0, "")
    usage, _, does = asked.stdout.partition("\n\n")
    assert usage.startswith(f"usage: scripts/{path.name}")
    assert len(does) > 50
    assert "set -euo" not in does


@script
def test_what_it_does_not_know_is_one_line(path: Path, tmp_path: Path) -> None:
    refused = called(path, tmp_path, "--nonsense")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert refused.stderr.startswith(f"{path.stem}: ")
    assert "--help tells more" in refused.stderr
