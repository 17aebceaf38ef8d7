"""The use case as the pages, the requests file and the examples give it, against one real service."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.abridged import assert_shown
from tests.support.curl import curl
from tests.support.documents import Block, blocks
from tests.support.request_file import send_all
from tests.system.conftest import Service, a_service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    defaults = {"BATEIA_API_PROCESSES": "", "BATEIA_WORKERS": ""}
    with a_service(tmp_path_factory.mktemp("use-case"), **defaults) as running:
        yield running


def test_every_command_of_the_use_case_gives_the_documented_answer(service: Service, repository: Path) -> None:
    page = blocks(repository / "docs/use-case.md")
    execution_id = ""
    assert len(page) % 2 == 0
    for command, shown in zip(page[::2], page[1::2], strict=True):
        assert (command.language, shown.language) == ("sh", "http")
        answer = curl(command.text.replace("ID", execution_id), service.client, repository)
        assert_shown(shown.text.replace("ID", execution_id), answer)
        if answer.headers.get("Location", "").startswith("/v1/executions/"):
            execution_id = answer.json()["id"]


def test_both_languages_have_the_same_commands_and_answers(repository: Path) -> None:
    english, portuguese = (blocks(repository / "docs" / name) for name in ("use-case.md", "caso-de-uso.md"))
    assert english == portuguese
    assert Block("sh", "curl -sSi http://127.0.0.1:8000/v1/executions/ID/result\n") in english


def test_the_requests_of_the_file_are_answered_as_it_says(service: Service, repository: Path) -> None:
    answers = send_all(repository / "examples/bacen/bateia.http", service.client)
    expected = json.loads((repository / "examples/bacen/expected.json").read_text())
    assert answers["ended"].json()["result"] == answers["result"].json() == expected
    assert [json.loads(line) for line in answers["lines"].text.splitlines()] == expected
    assert answers["source"].content == (repository / "examples/bacen/script.js").read_bytes()
    assert answers["cancelled"].json()["error"]["kind"] == "cancelled"
    assert {name: answer.status_code for name, answer in answers.items() if answer.is_error} == {}


def test_the_python_example_prints_the_rows_and_can_be_run_again(service: Service, repository: Path) -> None:
    command = [sys.executable, "-S", str(repository / "examples/bacen/use_case.py"), service.url]  # nothing installed
    expected = json.loads((repository / "examples/bacen/expected.json").read_text())
    for _ in range(2):
        printed = subprocess.run(command, capture_output=True, check=True, timeout=60, text=True).stdout
        assert [json.loads(line) for line in printed.splitlines()] == expected


def test_the_notebook_s_functions_report_errors(service: Service, repository: Path) -> None:
    program = f"""
import bateia
api = bateia.connect({service.url!r})
bateia.host(api, "throws", "function process(rows) {{ return rows[0].missing.value; }}")
execution = bateia.wait(api, bateia.run(api, "throws", [{{}}]))
try:
    bateia.rows(api, execution)
except bateia.Failed as failed:
    print(failed)
try:
    bateia.host(api, "unclosed", "function process(")
except bateia.Refused as refused:
    print(refused)
bateia.host(api, "counts", "function process(rows) {{ return rows.length; }}")
print(bateia.rows(api, bateia.wait(api, bateia.run(api, "counts", ["x" * 100] * 10_000))))
"""
    folder = repository / "examples/bacen"
    seen = subprocess.run([sys.executable, "-S", "-c", program], cwd=folder, capture_output=True, text=True, timeout=60)
    assert seen.returncode == 0, seen.stderr
    failed, refused, counted = seen.stdout.splitlines()
    assert failed.startswith("script_error in line 1: TypeError:")
    assert refused.startswith("Invalid script: SyntaxError")
    assert counted == "10000", "a large dataset is sent compressed"
