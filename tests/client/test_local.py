"""Installations of the service for runs without a server: named or installed ones, never the current folder."""

import sys
from pathlib import Path

import pytest
from bateia import Unreachable
from bateia.command.exits import Unusable
from bateia.command.local import Installation, Trial, installation
from bateia.problems import InvalidScript


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make a folder that looks like a checkout, whose Python is a shell script that a test writes."""
    (tmp_path / "entrypoints").mkdir()
    (tmp_path / "entrypoints" / "__init__.py").touch()
    (tmp_path / "entrypoints" / "try_source.py").touch()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    return tmp_path


def write_python(checkout: Path, text: str) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.write_text(f"#!/bin/sh\n{text}\n")
    python.chmod(0o755)


@pytest.fixture(autouse=True)
def without_other_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the packages of this project, which the tests run in, from the search."""
    monkeypatch.delenv("BATEIA_SERVICE", raising=False)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if not (Path(path) / "entrypoints").is_dir()])
    for name in [name for name in sys.modules if name.partition(".")[0] == "entrypoints"]:
        monkeypatch.delitem(sys.modules, name)


def test_the_current_folder_is_no_installation_and_an_installed_package_is(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout)
    assert installation() is None
    monkeypatch.syspath_prepend(str(checkout))
    assert installation() is None
    monkeypatch.chdir("/")
    assert installation() == Installation(sys.executable, checkout)


def test_a_named_checkout_needs_its_environment(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATEIA_SERVICE", str(checkout))
    with pytest.raises(Unusable, match=r"is no checkout with its \.venv"):
        installation()
    write_python(checkout, "exit 0")
    assert installation() == Installation(str(checkout / ".venv" / "bin" / "python"), checkout)


def test_a_run_gets_source_dataset_and_choices_but_no_key(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATEIA_KEY", "bateia_secret")
    write_python(checkout, 'printf \'{"got":["%s","%s","%s",%s]}\' "$(cat "$3")" "$(cat)" "$BATEIA_KEY" "$6"')
    found = Installation(str(checkout / ".venv" / "bin" / "python"), checkout)
    open_files = len(list(Path("/proc/self/fd").iterdir()))
    assert found.run(Trial("source", b"dataset", {"seed": "a"}))["got"] == ["source", "dataset", "", {"seed": "a"}]
    assert len(list(Path("/proc/self/fd").iterdir())) == open_files


@pytest.mark.parametrize(
    ("program", "kind", "words"),
    [
        ('echo \'{"type": "/problems/invalid-script", "title": "No", "status": 422}\'; exit 3', InvalidScript, "No"),
        ("echo no seccomp >&2; exit 4", Unreachable, "no seccomp; --remote runs it on the server"),
        ("echo trouble >&2; exit 1", Unusable, "cannot run it: trouble"),
        ("exit 9", Unusable, "its exit status is 9"),
    ],
)
def test_the_end_of_a_run_is_an_outcome_or_an_error(
    checkout: Path, program: str, kind: type[Exception], words: str
) -> None:
    write_python(checkout, program)
    with pytest.raises(kind, match=words):
        Installation(str(checkout / ".venv" / "bin" / "python"), checkout).run(Trial("", b""))
