"""The files for operators work: settings, units, the backup's rotation, and the containers of the profile `metrics`."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.pipeline import is_successful

from entrypoints.configuration.settings import read_settings, settings_table

STAND_IN = """import sys
from pathlib import Path
name = Path(sys.argv[-1])
assert sys.argv[1:-1] == ["-m", "entrypoints.backup"], sys.argv
if (name.parent / "fails").exists():
    sys.exit(1)
name.write_text("made")
"""


def pairs(text: str) -> dict[str, str]:
    """Read the assignments of a file of settings, those that are commented out included."""
    return dict(re.findall(r"(?m)^#?([A-Z_]+)=(\S+)$", text))


def test_the_settings_are_settings_and_are_accepted(repository: Path) -> None:
    text = (repository / "docs/operate/bateia.env").read_text("utf-8")
    assert set(pairs(text)) <= set(re.findall(r"^\| `(\w+)`", settings_table(), re.MULTILINE))
    active = pairs("\n".join(line for line in text.splitlines() if not line.startswith("#")))
    assert len(active) > 5
    read = read_settings(active)
    assert is_successful(read), read


def test_systemd_accepts_the_units(repository: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze here")
    units = sorted((repository / "docs/operate").glob("*.[st][ei][rm]*"))
    assert [one.name for one in units] == ["bateia-backup.service", "bateia-backup.timer", "bateia.service"]
    for unit in units:
        # The programs have to be there: those of this checkout in the place of those of an installation.
        text = unit.read_text("utf-8").replace("/opt/bateia/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text.replace("/opt/bateia", str(repository)))
    command = ["systemd-analyze", "verify", "--recursive-errors=no", *(str(tmp_path / one.name) for one in units)]
    verified = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")


@pytest.mark.parametrize("name", ["bateia.service", "bateia-backup.service"])
def test_a_unit_that_may_write_nowhere_else_has_a_folder_for_temporary_files(repository: Path, name: str) -> None:
    """Comparisons, jobs and the verification of backups need one, which `strict` alone makes read-only."""
    lines = (repository / "docs/operate" / name).read_text("utf-8").splitlines()
    assert {"ProtectSystem=strict", "PrivateTmp=yes", "StateDirectory=bateia"} <= set(lines)


def test_the_service_is_stopped_after_its_grace_time(repository: Path) -> None:
    unit = (repository / "docs/operate/bateia.service").read_text("utf-8")
    (stop,) = re.findall(r"TimeoutStopSec=(\d+)", unit)
    (grace,) = re.findall(r"\| `BATEIA_GRACE_SECONDS` \| `(\d+)`", settings_table())
    assert int(stop) > int(grace) + 10


def backup(repository: Path, folder: Path, keep: int) -> int:
    """Run the backup with a stand-in for its program; return its exit status."""
    stand_in = folder.parent / "python"
    if not stand_in.exists():
        stand_in.write_text(f"#!{sys.executable}\n{STAND_IN}")
        stand_in.chmod(0o755)
    command = [str(repository / "docs/operate/bateia-backup"), str(folder), str(keep)]
    return subprocess.run(command, env=os.environ | {"PYTHON": str(stand_in)}, check=False).returncode


@settings(max_examples=8)
@given(count=st.integers(0, 5), keep=st.integers(1, 4))
def test_the_newest_backups_are_kept_and_other_files_untouched(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, count: int, keep: int
) -> None:
    folder = tmp_path_factory.mktemp("rotation") / "backups"
    folder.mkdir()
    old = [f"bateia-2024010{day}T033000Z.backup" for day in range(1, count + 1)]
    for name in (*old, "bateia-before-upgrade.backup", "notes.txt"):
        (folder / name).touch()
    assert backup(repository, folder, keep) == 0
    left = {path.name for path in folder.iterdir()} - {"bateia-before-upgrade.backup", "notes.txt"}
    (made,) = left - set(old)
    assert left == {made, *old[len(old) - min(keep - 1, len(old)) :]}
    assert {"bateia-before-upgrade.backup", "notes.txt"} <= {path.name for path in folder.iterdir()}


def test_a_backup_that_fails_deletes_none(repository: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    names = {"bateia-20240101T033000Z.backup", "bateia-20240102T033000Z.backup", "fails"}
    for name in names:
        (folder / name).touch()
    assert backup(repository, folder, 1) == 1
    assert {path.name for path in folder.iterdir()} == names


@pytest.mark.parametrize("words", [[], ["/nowhere", "3"], [".", "0"], [".", "-1"], [".", "x"], [".", "3", "4"]])
def test_a_wrong_command_line_of_the_backup_is_one_line(repository: Path, words: list[str]) -> None:
    command = [str(repository / "docs/operate/bateia-backup"), *words]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)


@pytest.fixture
def compose(repository: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((repository / "docker/compose.yaml").read_text("utf-8"))
    return document


def test_the_profile_adds_prometheus_and_grafana_and_nothing_else_has_one(compose: dict[str, Any]) -> None:
    profiled = {name for name, one in compose["services"].items() if "profiles" in one}
    assert profiled == {"prometheus", "grafana"}
    for name in profiled:
        service = compose["services"][name]
        assert (service["read_only"], service["cap_drop"], service["profiles"]) == (True, ["ALL"], ["metrics"])
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_every_file_and_secret_that_a_container_mounts_is_there(repository: Path, compose: dict[str, Any]) -> None:
    secrets = (repository / "scripts/docker-secrets.sh").read_text("utf-8")
    for name in compose["secrets"]:
        assert re.search(rf"^keep {name} ", secrets, re.MULTILINE), name
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in compose["volumes"] or (repository / "docker" / source).exists(), source
        assert set(service.get("secrets", [])) <= set(compose["secrets"])


def test_prometheus_asks_the_containers_that_there_are(repository: Path, compose: dict[str, Any]) -> None:
    found = yaml.safe_load((repository / "docker/metrics/prometheus.yml").read_text("utf-8"))
    api, worker = found["scrape_configs"]
    assert api["static_configs"][0]["targets"] == ["api:8000"]
    (names,) = worker["dns_sd_configs"]
    environment = compose["services"]["worker"]["environment"]
    assert (names["names"], str(names["port"])) == (["worker"], environment["BATEIA_WORKER_METRICS_PORT"])
    mounted = [one.split(":")[1] for one in compose["services"]["prometheus"]["volumes"]]
    assert set(found["rule_files"]) <= set(mounted)
    source = yaml.safe_load((repository / "docker/metrics/datasource.yml").read_text("utf-8"))["datasources"][0]
    assert source["url"] == "http://prometheus:9090"
