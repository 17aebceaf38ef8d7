"""The service behind a real nginx with the documented configuration: large bodies, links, waiting, coding, limits."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from attrs import frozen

from domain.limits import MIB
from tests.support.nginx import PREFIX, behind_nginx
from tests.support.zstd import zstd
from tests.system.conftest import Service, a_service

IDENTITY: Final = "function process(data) { return data; }"
ROWS: Final = [{"id": number, "text": "x" * 1000} for number in range(30 * 1024)]


@frozen
class Case:
    """The settings of a service, and what nginx does with the prefix."""

    settings: dict[str, str]
    strips: bool
    names_prefix: bool


CASES: Final = {
    "stripped and named": Case({"BATEIA_TRUSTED_PROXIES": "127.0.0.1"}, strips=True, names_prefix=True),
    "passed on and named": Case({"BATEIA_TRUSTED_PROXIES": "127.0.0.1"}, strips=False, names_prefix=True),
    "stripped, in a setting": Case({"BATEIA_ROOT_PATH": PREFIX}, strips=True, names_prefix=False),
    "passed on, in a setting": Case({"BATEIA_ROOT_PATH": PREFIX}, strips=False, names_prefix=False),
}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Service]]:
    """Run the services, by their settings' names."""
    folder = tmp_path_factory.mktemp("proxied")
    with (
        a_service(
            _made(folder / "named"), BATEIA_TRUSTED_PROXIES="127.0.0.1", BATEIA_ALLOWED_HOSTS="127.0.0.1"
        ) as named,
        a_service(_made(folder / "set"), BATEIA_ROOT_PATH=PREFIX, BATEIA_ALLOWED_HOSTS="127.0.0.1") as set_,
    ):
        yield {"BATEIA_TRUSTED_PROXIES": named, "BATEIA_ROOT_PATH": set_}


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.fixture(params=list(CASES.values()), ids=list(CASES))
def client(
    request: pytest.FixtureRequest, services: dict[str, Service], tmp_path: Path, repository: Path
) -> Iterator[httpx.Client]:
    """Provide a client of the service through nginx."""
    case: Case = request.param
    service = services[next(iter(case.settings))]
    proxied = behind_nginx(
        tmp_path / "nginx", repository, service.port, strips=case.strips, names_prefix=case.names_prefix
    )
    with proxied as origin, httpx.Client(base_url=origin, timeout=90, verify=False) as client:
        yield client


def test_a_dataset_of_30_mib_goes_in_and_out_by_the_links_alone(client: httpx.Client) -> None:
    hosted = client.post(
        f"{PREFIX}/v1/scripts?name=identity", content=IDENTITY, headers={"Content-Type": "text/javascript"}
    )
    script = client.get(hosted.headers["location"]).json() if hosted.status_code == 201 else {"name": "identity"}
    dataset = json.dumps(ROWS).encode()
    assert len(dataset) > 30 * MIB
    submitted = client.post(
        f"{PREFIX}/v1/scripts/{script['name']}/executions",
        content=dataset,
        headers={"Content-Type": "application/json", "Prefer": "wait=60"},
    )
    assert submitted.status_code == 200, submitted.text
    ended = client.get(submitted.headers["location"], headers={"Prefer": "wait=60"}).json()
    assert ended["status"] == "succeeded"
    for link in (ended["input"]["href"], ended["output"]["href"]):
        assert link.startswith(f"{PREFIX}/v1/")
        assert client.get(link).json() == ROWS
    assert _zstd(client, ended["output"]["href"]) == ROWS


def _zstd(client: httpx.Client, link: str) -> Any:
    """Read a body as zstd, which nginx has to leave as it is."""
    with client.stream("GET", link, headers={"Accept-Encoding": "zstd"}) as answer:
        assert answer.headers["content-encoding"] == "zstd"
        raw = b"".join(answer.iter_raw())
    return json.loads(zstd.decompress(raw))


def test_refusals_are_the_service_s_own_and_lead_to_pages(client: httpx.Client) -> None:
    missing = client.get(f"{PREFIX}/v1/scripts/none").json()
    assert missing["type"] == f"{PREFIX}/problems/unknown-script"
    assert missing["instance"] == f"{PREFIX}/v1/scripts/none"
    assert client.get(missing["type"]).text.startswith("Script not found")
    large = client.post(
        f"{PREFIX}/v1/scripts?name=large", content=b"/" * 3 * MIB, headers={"Content-Type": "text/javascript"}
    )
    assert (large.status_code, large.json()["type"]) == (413, f"{PREFIX}/problems/source-too-large")


def test_the_prefix_without_a_slash_leads_to_the_console(client: httpx.Client) -> None:
    assert client.get(PREFIX, follow_redirects=True).text.startswith("<!doctype html>")


def test_pages_of_a_list_follow_one_another(client: httpx.Client) -> None:
    for name in ("one", "two"):
        client.post(f"{PREFIX}/v1/scripts?name={name}", content=IDENTITY, headers={"Content-Type": "text/javascript"})
    first = client.get(f"{PREFIX}/v1/scripts?limit=1")
    second = client.get(first.links["next"]["url"])
    assert first.json()["items"] != second.json()["items"]
    assert client.get(f"{PREFIX}/openapi.json").json()["servers"][0]["url"] == PREFIX
