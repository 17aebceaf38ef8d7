"""The guide does what it says: its commands, programs and scripts, in the order of each page, on one real service."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from adapters.http.resources.guide_pages import SLUGS
from tests.support.documents import blocks
from tests.support.guide import assert_output, follow, is_skipped, recipes
from tests.system.conftest import Service, a_service

FOLDERS: Final = ("docker", "docs", "examples", "scripts")
"""The folders of the project that commands name."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with a_service(tmp_path_factory.mktemp("guide"), BATEIA_JOB_WORKERS="1") as running:
        yield running


@pytest.mark.parametrize("slug", SLUGS)
def test_every_command_of_a_page_does_what_it_says(
    service: Service, repository: Path, tmp_path: Path, slug: str
) -> None:
    """Those of the Portuguese page are the same (`tests/adapters/http/test_guide.py`)."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in FOLDERS:
        (folder / name).symlink_to(repository / name)
    page = blocks(repository / "docs/guide/en" / f"{slug}.md")
    environment = {"PYTHONPATH": str(repository), "BATEIA_URL": service.url}
    for _, shown, seen in follow(page, folder, service.url, environment):
        assert_output(shown, seen)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_script_of_a_page_makes_its_result_of_its_dataset(service: Service, repository: Path, slug: str) -> None:
    for recipe in recipes(blocks(repository / "docs/guide/en" / f"{slug}.md")):
        preview = f'{{"source": {json.dumps(recipe.source)}, "dataset": {recipe.dataset}}}'
        answer = service.client.post("/v1/previews", content=preview, headers={"Content-Type": "application/json"})
        assert answer.json().get("error", answer.text) is None, (recipe.source, answer.text)
        assert_output(recipe.result, json.dumps(answer.json()["result"]))


def test_commands_that_are_not_run_are_commands(repository: Path) -> None:
    skipped = [
        block.text for slug in SLUGS for block in blocks(repository / f"docs/guide/en/{slug}.md") if is_skipped(block)
    ]
    assert skipped
    for text in skipped:
        subprocess.run(["bash", "-n", "-c", text], check=True)
