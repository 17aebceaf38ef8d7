"""The image contains the locked versions, and only files that the service needs."""

import re
import tomllib
from pathlib import Path


def pinned(repository: Path, lock: str) -> dict[str, str]:
    return dict(re.findall(r"(?m)^([a-z0-9-]+)(?:\[.*\])?==(\S+)", (repository / lock).read_text()))


def test_the_image_s_packages_are_the_service_s_without_the_embedded_postgresql(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text())
    wanted = {re.split(r"[\[=]", one)[0].replace(".", "-") for one in project["project"]["dependencies"]}
    embedded = {re.split(r"[\[=]", one)[0] for one in project["dependency-groups"]["embedded"]}
    image, service = pinned(repository, "docker/requirements.lock"), pinned(repository, "requirements.lock")
    assert wanted <= image.keys()
    assert not embedded & image.keys()
    assert image.items() <= service.items()


def test_the_build_sees_every_path_that_the_image_copies_and_no_other(repository: Path) -> None:
    copied = re.findall(r"(?m)^COPY (?!--from)(\S+) ", (repository / "docker" / "Dockerfile").read_text())
    seen = re.findall(r"(?m)^!(\S+)$", (repository / ".dockerignore").read_text())
    assert sorted(copied) == sorted(seen)


def test_the_time_to_stop_is_longer_than_the_grace_time(repository: Path) -> None:
    compose = (repository / "docker" / "compose.yaml").read_text()
    (grace,) = re.findall(r'BATEIA_GRACE_SECONDS: "(\d+)"', compose)
    assert all(int(stop) >= int(grace) + 5 for stop in re.findall(r"stop_grace_period: (\d+)s", compose))


def test_the_connections_of_the_database_are_divided_among_the_containers_that_there_are(repository: Path) -> None:
    compose = (repository / "docker" / "compose.yaml").read_text()
    (replicas,) = re.findall(r"replicas: (\d+)", compose)
    assert re.findall(r'BATEIA_(API_PROCESSES|WORKERS): "(\d+)"', compose) == [
        ("API_PROCESSES", "1"),
        ("WORKERS", replicas),
    ]


def test_the_api_and_the_workers_share_the_folder_of_the_store_that_the_image_gives_to_their_user(
    repository: Path,
) -> None:
    compose = (repository / "docker" / "compose.yaml").read_text()
    image = (repository / "docker" / "Dockerfile").read_text()
    (folder,) = re.findall(r"(?m)^  BATEIA_FILES_DIR: (\S+)$", compose)
    services = dict(re.findall(r"(?m)^  ([a-z-]+):\n((?:    .*\n|\n(?=    ))+)", compose))
    mounting = {name for name, service in services.items() if f"files:{folder}" in service}
    assert mounting == {"api", "worker"}
    assert re.search(r"(?m)^  files: \{\}$", compose), "a volume that containers share"
    (user,) = re.findall(r"(?m)^USER (\d+):\1$", image)
    assert f"install -d -o {user} -g {user} -m 0700 {folder}\n" in image


def test_processes_that_may_write_nothing_else_have_room_for_temporary_files(repository: Path) -> None:
    """Dask and Polars make folders, and the embedded cluster's key is in a file for a moment."""
    compose = (repository / "docker" / "compose.yaml").read_text()
    (options,) = re.findall(r'(?m)^  tmpfs: \["/tmp:(\S+)"\]$', compose)
    assert {"mode=1777", "noexec", "nosuid", "nodev"} <= {*options.split(",")}
    assert "read_only: true" in compose
