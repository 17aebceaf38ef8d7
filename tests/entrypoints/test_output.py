"""Output that cannot be written: a sentence and a status of its own, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from entrypoints.configuration.output import OutputRefused, print_output


def test_text_is_written_at_once_and_what_the_encoding_lacks_is_escaped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "output").open("w", encoding="ascii") as output:
        monkeypatch.setattr(sys, "stdout", output)
        print_output("café \udcff")
        assert (tmp_path / "output").read_text() == "caf\\xe9 \\udcff\n"


def test_a_full_disk_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(OutputRefused, match="No space left on device"):
            print_output("text")


def test_a_reader_that_is_gone_leaves_no_traceback(repository: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    code = """
import sys
from entrypoints.configuration.output import OutputRefused, print_output
try:
    print_output("text" * 100_000)
except OutputRefused as refusal:
    sys.exit(str(refusal))
"""
    ended = subprocess.run([sys.executable, "-c", code], stdout=writer, stderr=subprocess.PIPE, cwd=repository)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (1, b"the output cannot be written: Broken pipe\n")
