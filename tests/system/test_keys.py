"""Keys and a whole service: closed to anonymous clients from its start on, and to a revoked key within seconds."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.support.curl import curl
from tests.support.documents import commands
from tests.support.processes import clean_environment
from tests.support.waiting import eventually
from tests.system.conftest import Service


def test_keys_of_an_embedded_database_are_made_before_it_serves_and_revoked_while_it_does(
    start: Callable[..., Service], tmp_path: Path, repository: Path
) -> None:
    def keys(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "entrypoints.keys", *words]
        env = clean_environment() | {"BATEIA_DATA_DIR": str(tmp_path / "data")}
        return subprocess.run(command, cwd=repository, env=env, capture_output=True, text=True, check=True, timeout=120)

    def made() -> tuple[str, dict[str, str]]:
        done = keys("create", "--name", "a key", "--scope", "read")
        # On a slow machine PostgreSQL logs more lines.
        said = re.search(r"^keys: created key (\S+) ", done.stderr, re.MULTILINE)
        assert said is not None
        return said[1], {"Authorization": f"Bearer {done.stdout.strip()}"}

    first_id, first = made()
    service = start(BATEIA_HOST="0.0.0.0")

    def status(bearer: dict[str, str]) -> int:
        return service.client.get("/v1/scripts", headers=bearer).status_code

    assert [status({}), status(first)] == [401, 200]
    second_id, second = made()
    assert status(second) == 200
    keys("revoke", second_id)
    eventually(lambda: status(second) == 401, 10)
    assert service.client.get("/health/ready").json()["needs_key"] is True
    said = eventually(lambda: log if "Bateia is ready" in (log := service.log.read_text()) else "")
    assert "An API key is required" in said
    assert service.stop() == 0
    said = service.log.read_text()
    assert f"key {first_id}" in said
    assert not [one for one in (first, second) if one["Authorization"].removeprefix("Bearer bateia_") in said]
    used = re.search(rf"{first_id} .* - +- +(\S+)\n", keys("list").stdout)
    assert used is not None
    assert used[1].endswith("Z")


def test_the_documented_first_key_closes_an_open_service_and_does_the_use_case(
    start: Callable[..., Service], tmp_path: Path, repository: Path
) -> None:
    (block,) = (one for one in commands(repository / "docs/access.md") if "me.key" in one and "curl" in one)
    create, remember, host, submit, read = block.splitlines()
    service = start()
    words = [str(tmp_path / "me.key") if one == ".bateia/me.key" else one for one in shlex.split(create)]
    env = clean_environment() | {"BATEIA_DATA_DIR": str(tmp_path / "data")}
    program = [sys.executable, *words[1:]]
    done = subprocess.run(program, cwd=repository, env=env, capture_output=True, text=True, check=True, timeout=120)
    assert "now require a key, within 5 seconds" in done.stderr
    assert (remember, words[0]) == ("KEY=$(cat .bateia/me.key)", ".venv/bin/python")
    key = (tmp_path / "me.key").read_text()
    eventually(lambda: service.client.get("/v1/scripts").status_code == 401, 10)

    def sent(line: str) -> dict[str, object]:
        answer = curl(line.replace("$KEY", key), service.client, repository)
        assert answer.status_code < 300, answer.text
        shown: dict[str, object] = answer.json()
        return shown

    sent(host)
    ended = sent(read.replace("/ID", f"/{sent(submit)['id']}"))
    assert ended["result"] == json.loads((repository / "examples/bacen/expected.json").read_text())
