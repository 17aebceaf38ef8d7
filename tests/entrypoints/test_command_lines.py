"""First contact with an entry point: `--help` tells all, and what is mistyped is one line, whatever is asked for."""

import runpy
import sys
from pathlib import Path
from typing import Final

import pytest

from entrypoints.settings import declarations

ROOT: Final = Path(__file__).parents[2]
ENTRY_POINTS: Final = sorted(
    path for path in (ROOT / "entrypoints").glob("*.py") if '__name__ == "__main__"' in path.read_text("utf-8")
)
READS_NO_SETTING: Final = {"openapi"}

entry_point = pytest.mark.parametrize("path", ENTRY_POINTS, ids=lambda path: path.stem)


def ends_with(monkeypatch: pytest.MonkeyPatch, path: Path, *words: str) -> object:
    """The status with which the program ends on these words. None of them lets it begin its work."""
    monkeypatch.setattr(sys, "argv", [str(path), *words])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(path), run_name="__main__")
    return ended.value.code


@entry_point
def test_help_says_what_it_does_and_what_it_reads(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: Path
) -> None:
    assert ends_with(monkeypatch, path, "--help") == 0
    said, complained = capsys.readouterr()
    assert complained == ""
    usage, description, *_ = said.split("\n\n")
    assert usage.startswith(f"usage: python -m entrypoints.{path.stem} ")
    assert description.rstrip().endswith(".")
    assert ("\nsettings (environment variables" in said) == (path.stem not in READS_NO_SETTING)
    assert max(map(len, said.splitlines())) <= 120


@entry_point
@pytest.mark.parametrize("words", [["--nonsense"], ["--nonsense", "a", "word", "too", "many"]], ids=len)
def test_what_it_does_not_know_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: Path, words: list[str]
) -> None:
    assert ends_with(monkeypatch, path, *words) == 2
    said, complained = capsys.readouterr()
    assert said == ""
    assert complained.startswith(f"{path.stem}: ")
    assert complained.endswith("(--help tells more)\n")
    assert complained.count("\n") == 1


def test_each_setting_stands_in_the_help_of_what_runs_it_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {}
    for name in ("serve", "api", "worker"):
        assert ends_with(monkeypatch, ROOT / "entrypoints" / f"{name}.py", "--help") == 0
        said = capsys.readouterr().out
        told[name] = {one.name for one in declarations() if f"\n  {one.name} " in said}
    assert told["serve"] == {one.name for one in declarations()}
    own = {"BATEIA_API_PROCESSES", "BATEIA_WORKERS", "BATEIA_DATA_DIR"}
    assert told["serve"] - own == told["api"] | told["worker"]


def test_an_api_is_given_a_socket_or_says_that_it_is_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for word in ("77777", "none"):
        assert ends_with(monkeypatch, ROOT / "entrypoints/api.py", "--listen-on", word) == 2
        assert f"'{word}' is the number of no socket" in capsys.readouterr().err
