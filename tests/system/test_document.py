"""The real service against its own OpenAPI document: fuzzed from it, and used by a client that is generated from it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import copy_template
from tests.support.processes import clean_environment
from tests.system.conftest import Service, a_service

FUZZED_EXAMPLES = int(os.environ.get("FUZZED_EXAMPLES", "1"))
"""Requests for each operation. `scripts/check-api` asks for more, and for other ones every time."""


def run(program: str, *words: str, at: Path, **environment: str) -> str:
    """Run a program of this environment, which must succeed, and return its output."""
    command = [str(Path(sys.executable).with_name(program)), *words]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = clean_environment() | {"PATH": path, "NO_COLOR": "1"} | environment
    done = subprocess.run(command, cwd=at, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Iterator[Service]:
    with a_service(tmp_path_factory.mktemp("document"), DATABASE_URL=copy_template(postgres_server)) as one:
        yield one


def test_a_generated_client_runs_the_use_case(service: Service, repository: Path, tmp_path: Path) -> None:
    document = str(repository / "docs/openapi.json")
    client = str(tmp_path / "bateia_client")
    remarks = run(
        "openapi-python-client", "generate", "--path", document, "--meta", "none", "--output-path", client, at=tmp_path
    )
    unknown_to_it = {"text/javascript", "application/javascript", "application/x-ndjson"}
    assert set(re.findall(r"Unsupported content type (\S+)", remarks)) == unknown_to_it
    described_without_schema = 2  # the reference to a stored dataset, in both submissions
    assert remarks.count("Missing schema") == described_without_schema
    only_lines = remarks.count("Unsupported content_type application/x-ndjson")
    assert only_lines == 2  # the differences of a replay and the results of a batch have no other form
    assert remarks.count("WARNING") == remarks.count("Unsupported content type") + described_without_schema + only_lines

    example = repository / "examples/bacen"
    for _ in range(2):  # the second time the script is there already
        printed = run("python", str(example / "client.py"), service.url, at=tmp_path, PYTHONPATH=str(tmp_path))
        assert json.loads(printed) == json.loads((example / "expected.json").read_text())


def test_fuzzing_gets_only_documented_answers(service: Service, repository: Path, tmp_path: Path) -> None:
    service.host("corporate-cards", "function process(d) { return d; }")  # the examples of paths name it
    # Without a key, the first request that creates one would close the service to all that follow.
    key = service.client.post("/v1/keys", json={"name": "fuzzing", "role": "admin"}).json()
    bearer = f"Bearer {key['token']}"
    fresh = "FUZZED_EXAMPLES" in os.environ
    chosen = ["--generation-database", ":memory:"] if fresh else ["--generation-deterministic"]
    config = str(repository / "tests/system/fuzzing.toml")
    checks = ["--checks", "all", "--exclude-checks", "positive_data_acceptance"]  # a random text is rightly no script
    environment = {"PYTHONPATH": str(repository), "FUZZING_KEY_ID": key["id"]}
    sent = ["-H", f"Authorization: {bearer}"]
    options = [*checks, "-n", str(FUZZED_EXAMPLES), *chosen, *sent]
    target = f"{service.url}/openapi.json"
    printed = run("schemathesis", "--config-file", config, "run", *options, target, at=tmp_path, **environment)
    operations = re.search(r"(\d+) selected / (\d+) total", printed)
    assert operations is not None
    assert operations[1] == operations[2]
    assert service.client.get("/v1/me", headers={"Authorization": bearer}).status_code == 200
    log = service.log.read_text()
    assert "Traceback" not in log
    assert not re.findall(r"[A-Z]+ \S+ 5\d\d in .*", log)
    print(printed)
