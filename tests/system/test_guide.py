"""The guide does what it says: its commands, programs and scripts, in the order of each page, on one real service."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest
import yaml  # type: ignore[import-untyped]

from adapters.http.resources.guide_pages import SLUGS
from domain.limits import MIB
from tests.support.documents import blocks
from tests.support.guide import CLIENT, assert_output, follow, is_skipped, recipes
from tests.support.nginx import published
from tests.system.conftest import Service, a_service

FOLDERS: Final = ("docker", "docs", "examples", "scripts")
"""The folders of the project that commands name."""
SOURCE: Final = "const process = ([{ text }]) => text.length;"
SETTINGS: Final = {
    "BATEIA_JOB_WORKERS": "1",
    "BATEIA_ALLOWED_HOSTS": "127.0.0.1",
    "BATEIA_TRUSTED_PROXIES": "127.0.0.1",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with a_service(tmp_path_factory.mktemp("guide"), **SETTINGS) as running:
        yield running


def test_nginx_publishes_the_service_with_the_file_for_operators(
    service: Service, repository: Path, tmp_path: Path
) -> None:
    configuration = (repository / "docs/operate/nginx.conf").read_text("utf-8")
    large = json.dumps([{"text": "x" * 3 * MIB}])
    with (
        published(tmp_path / "nginx", configuration, service.port) as origin,
        httpx.Client(base_url=origin, verify=False, timeout=60) as client,
    ):
        assert [client.get(path).status_code for path in ("/metrics", "/metrics/x", "/guide/start")] == [404, 404, 200]
        text = {"Content-Type": "text/javascript"}
        assert client.post("/v1/scripts?name=behind-nginx", content=SOURCE, headers=text).status_code == 201
        headers = {"Content-Type": "application/json", "Prefer": "wait=30", "X-Forwarded-Prefix": "/of/the/client"}
        ran = client.post("/v1/scripts/behind-nginx/executions", content=large, headers=headers)
        assert (ran.status_code, ran.json()["result"]) == (200, 3 * MIB)
        assert ran.headers["location"].startswith("/v1/executions/")


@pytest.mark.parametrize("slug", SLUGS)
def test_every_script_of_a_page_makes_its_result_of_its_dataset(service: Service, repository: Path, slug: str) -> None:
    for recipe in recipes(blocks(repository / "docs/guide/en" / f"{slug}.md")):
        preview = f'{{"source": {json.dumps(recipe.source)}, "dataset": {recipe.dataset}}}'
        answer = service.client.post("/v1/previews", content=preview, headers={"Content-Type": "application/json"})
        assert answer.json().get("error", answer.text) is None, (recipe.source, answer.text)
        assert_output(recipe.result, json.dumps(answer.json()["result"]))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_command_of_a_page_does_what_it_says(
    service: Service, repository: Path, tmp_path: Path, slug: str
) -> None:
    """Those of the Portuguese page are the same (`tests/adapters/http/test_guide.py`).

    The last page creates API keys, so nothing may follow that has none.
    """
    folder = tmp_path / "project"
    folder.mkdir()
    for name in FOLDERS:
        (folder / name).symlink_to(repository / name)
    page = blocks(repository / "docs/guide/en" / f"{slug}.md")
    environment = {"PYTHONPATH": f"{repository}:{CLIENT}", "BATEIA_URL": service.url}
    for _, shown, seen in follow(page, folder, service.url, environment):
        assert_output(shown, seen)


def test_commands_that_are_not_run_are_commands(repository: Path) -> None:
    page = [block for slug in SLUGS for block in blocks(repository / f"docs/guide/en/{slug}.md")]
    skipped = [block.text for block in page if block.language == "sh" and is_skipped(block)]
    assert len(skipped) > 10
    for text in skipped:
        subprocess.run(["bash", "-n", "-c", text], check=True)


def test_the_example_for_ci_is_a_file_of_gitlab(repository: Path) -> None:
    (block,) = (one for one in blocks(repository / "docs/guide/en/clients.md") if one.language == "yaml")
    jobs = yaml.safe_load(block.text)
    assert set(jobs) == {"check", "push"}
    commands = [line for job in jobs.values() for line in job["script"]]
    assert [line.split()[1] for line in commands if line.startswith("bateia ")] == ["test", "push", "push"]


def test_every_block_of_the_guide_is_of_a_kind_that_is_checked(repository: Path) -> None:
    checked = {"sh", "python", "js", "json", "text", "yaml"}
    page = [block for slug in SLUGS for block in blocks(repository / f"docs/guide/en/{slug}.md")]
    assert {block.language for block in page} == checked
    assert [
        one.text for one in page if one.language in ("json", "text") and one.notes not in (("input",), ("output",))
    ] == []
