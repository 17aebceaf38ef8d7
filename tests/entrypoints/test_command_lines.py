"""First contact with an entry point: `--help` explains everything, and a mistyped command gets one line."""

import inspect
import re
import runpy
import socket
import sys
from itertools import product
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Final

import pytest
from attrs import fields

from entrypoints import api, banner, dask_worker, migrate, rewrap, worker
from entrypoints.composition import (
    api_tasks,
    api_wiring,
    bootstrap,
    dask_cluster,
    http_server,
    jobs,
    local_slots,
    object_stores,
    operator_choices,
    running_jobs,
    sandboxes,
    sending_events,
    startup_checks,
    stores,
    task_work,
    use_case_ports,
    worker_wiring,
)
from entrypoints.configuration import keyring, logs, signing
from entrypoints.configuration.setting_kinds import DECLARATION
from entrypoints.configuration.settings import Settings, declarations, read_settings
from entrypoints.embedded_postgres import chosen_database

ROOT: Final = Path(__file__).parents[2]
ENTRY_POINTS: Final = sorted(
    path for path in (ROOT / "entrypoints").glob("*.py") if '__name__ == "__main__"' in path.read_text("utf-8")
)
READS_NO_SETTING: Final = {"errors", "openapi", "signing_keys", "verify"}

entry_point = pytest.mark.parametrize("path", ENTRY_POINTS, ids=lambda path: path.stem)


def ends_with(monkeypatch: pytest.MonkeyPatch, path: Path, *words: str) -> object:
    """Run the program with these arguments, none of which let it begin its work, and return its status."""
    monkeypatch.setattr(sys, "argv", [str(path), *words])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(path), run_name="__main__")
    return ended.value.code


@entry_point
def test_help_describes_the_program_and_its_settings(
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
def test_an_unknown_argument_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: Path, words: list[str]
) -> None:
    assert ends_with(monkeypatch, path, *words) == 2
    said, complained = capsys.readouterr()
    assert said == ""
    assert complained.startswith(f"{path.stem}: ")
    assert complained.endswith("(see --help)\n")
    assert complained.count("\n") == 1


def settings_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str) -> set[str]:
    assert ends_with(monkeypatch, ROOT / "entrypoints" / f"{name}.py", "--help") == 0
    said = capsys.readouterr().out
    return {one.name for one in declarations() if f"\n  {one.name} " in said}


def test_serve_names_every_setting(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert settings_told(monkeypatch, capsys, "serve") == {one.name for one in declarations()}


BEGINNING: Final = (bootstrap, logs, keyring)
CODE: Final[dict[str, tuple[object, ...]]] = {
    "api": (
        api,
        http_server,
        api_tasks,
        api_wiring,
        operator_choices,
        stores,
        use_case_ports,
        startup_checks.usable,
        sandboxes.sandbox_of,
        startup_checks.refuse_exposure,
        local_slots,
        worker_wiring,
        sending_events,
        jobs,
        sandboxes.reuse_of,
        signing.signer_of,
        *BEGINNING,
    ),
    "worker": (
        worker,
        local_slots,
        worker_wiring,
        sending_events,
        jobs,
        operator_choices.sender_config,
        startup_checks.usable,
        sandboxes.reuse_of,
        sandboxes.sandbox_of,
        *BEGINNING,
    ),
    "job_runner": (
        running_jobs,
        dask_cluster,
        object_stores,
        task_work,
        startup_checks.usable,
        startup_checks.report_shortage,
        *BEGINNING,
    ),
    "dask_worker": (dask_worker, dask_cluster, object_stores, task_work, bootstrap.harden_process, logs),
    "migrate": (migrate, bootstrap, logs),
    "rewrap": (rewrap, chosen_database, *BEGINNING),
    "banner": (banner,),
}


@pytest.mark.parametrize("name", CODE)
def test_the_settings_of_its_help_equal_those_that_its_code_reads(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    read = {attribute for code in CODE[name] for attribute in re.findall(r"\bsettings\.(\w+)", source_of(code))}
    for derived in read & {
        "may_be_open",
        "default_limits",
        "ceilings",
        "pooling",
        "direct_url",
        "direct_pooling",
        "reuses_processes",
    }:
        read |= members_of(derived)
    declared = {field.name: field.metadata[DECLARATION].name for field in fields(Settings)}
    used = {declared[attribute] for attribute in read if attribute in declared}
    assert settings_told(monkeypatch, capsys, name) - {"DATABASE_URL_FILE", "DATABASE_DIRECT_URL_FILE"} == used


def members_of(derived: str) -> set[str]:
    """List the settings that a property of `Settings` reads while all have their defaults."""
    read, settings = set[str](), read_settings({}).unwrap()

    class Noting:
        def __getattr__(self, name: str) -> object:
            read.add(name)
            return getattr(settings, name)

    getattr(Settings, derived).fget(Noting())
    return read


def source_of(code: object) -> str:
    assert isinstance(code, ModuleType | FunctionType)
    return inspect.getsource(code)


def test_an_api_refuses_a_descriptor_that_is_no_listening_socket(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        socket.socket() as silent,
        socket.socket(type=socket.SOCK_DGRAM) as datagrams,
        Path(__file__).open("rb") as file,
    ):
        words = {
            **dict.fromkeys(["77777", "none", "9" * 30, str(file.fileno())], "is not the descriptor of an inherited"),
            **{str(one.fileno()): "is the descriptor of a socket that does not listen" for one in (silent, datagrams)},
        }
        for option, (word, wrong) in product(["--listen-on", "--relieve"], words.items()):
            assert ends_with(monkeypatch, ROOT / "entrypoints/api.py", option, word) == 2
            assert f"'{word}' {wrong}" in capsys.readouterr().err
