"""Fixtures of the command's tests: one service for all modules that a worker runs, and the command with its address."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.commanding import Command, write_folder
from tests.system.conftest import Service, a_service


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = {"BATEIA_DATASET_BYTES": "3000000", "BATEIA_JOB_WORKERS": "1"}
    with a_service(tmp_path_factory.mktemp("command"), **settings) as running:
        yield running


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("scripts"), "cards")


@pytest.fixture
def run(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    return Command({"BATEIA_URL": service.url, "XDG_CONFIG_HOME": str(tmp_path / "settings")}, capsys, monkeypatch)


@pytest.fixture
def pushed(run: Command, folder: Path) -> str:
    """Push the folder, which the first call does, and return the script's name."""
    assert run("push", folder, "--promote", "live", "--note", "first").status == 0
    return "cards"
