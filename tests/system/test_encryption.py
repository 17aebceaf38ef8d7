"""A service with a master key: canaries in datasets, results and logs are in no file of its database and in no log."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.support.processes import clean_environment
from tests.system.conftest import Service

OLD: Final = "old:" + "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
NEW: Final = "new:" + "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
CANARY: Final = "kanarienvogel-4711"
IN_SOURCE: Final = "kanarienvogel-in-source"
DATASET: Final = f'["{CANARY}"]'
REFERENCE: Final = {"Content-Type": "application/vnd.bateia.reference+json", "Prefer": "wait=20"}
SAYS: Final = f"function process(d) {{ console.log(d[0]); return d.concat(d); }} // {IN_SOURCE}"
NAMES_COLUMN: Final = "function process(d) { return [{id: 1, [d[0]]: %d}]; }"
THROWS: Final = f"function process(d) {{ console.warn(d[0]); throw new Error(d[0]); }} // {IN_SOURCE}"


def files_with(folder: Path, text: str) -> list[Path]:
    wanted = text.encode()
    return [path for path in folder.rglob("*") if path.is_file() and wanted in path.read_bytes()]


def rewrap(service: Service, keys: str, *options: str) -> "subprocess.CompletedProcess[str]":
    env = clean_environment() | {"BATEIA_DATA_DIR": str(service.data_dir), "BATEIA_MASTER_KEYS": keys}
    command = [sys.executable, "-m", "entrypoints.rewrap", *options]
    return subprocess.run(command, env=env, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60)


def replayed_with_a_canary_as_the_name_of_a_column(service: Service) -> str:
    service.host("names-column", NAMES_COLUMN % 1)
    service.submit("names-column", DATASET, wait=20)
    versions, source = "/v1/scripts/names-column/versions", {"Content-Type": "text/javascript"}
    assert service.client.post(versions, content=NAMES_COLUMN % 2, headers=source).status_code == 201
    started = service.client.post(f"{versions}/2/replays", json={"last": 1, "key": ["id"]})
    path = started.headers["location"]
    shown = service.client.get(path, headers={"Prefer": "wait=30"}).json()
    assert [one["name"] for one in shown["columns"]] == [CANARY]
    return str(path)


def test_encrypted_content_is_in_no_file_and_the_master_key_can_be_changed(
    start: Callable[..., Service], tmp_path: Path
) -> None:
    service = start(BATEIA_MASTER_KEYS=OLD, BATEIA_LOG_LEVEL="debug")
    service.host("says", SAYS)
    service.host("throws", THROWS)
    said, threw = (service.submit(name, DATASET, wait=20).json() for name in ("says", "throws"))
    assert (said["result"], said["logs"][0]["message"]) == ([CANARY, CANARY], CANARY)
    assert CANARY in threw["error"]["message"]
    assert service.client.get(f"/v1/executions/{said['id']}/input").text == DATASET
    again = service.client.post("/v1/scripts/says/executions", json={"input_of": said["id"]}, headers=REFERENCE).json()
    tried = {"source": THROWS, "dataset": [CANARY], "script": "says", "version": 1}
    assert CANARY in service.client.post("/v1/previews", json=tried).json()["error"]["message"]
    for name, execution in (("says", said), ("throws", threw)):
        made = service.client.put(f"/v1/scripts/{name}/tests/canary", json={"from_execution": execution["id"]})
        assert (made.status_code, CANARY in made.text) == (201, True)
        assert service.client.post(f"/v1/scripts/{name}/versions/1/checks").json()["passed"] is True
    replay = replayed_with_a_canary_as_the_name_of_a_column(service)
    service.stop()  # so that all of it is in files
    data = service.data_dir / "postgres"
    assert files_with(data, IN_SOURCE), "sources are not sealed: were they not found, nothing would be"
    assert files_with(data, CANARY) == []
    assert files_with(tmp_path, OLD.partition(":")[2]) == []
    for canary in (CANARY, IN_SOURCE, OLD.partition(":")[2]):
        assert canary not in service.log.read_text()

    counted = rewrap(service, f"{NEW},{OLD}", "--dry-run")  # the database is stopped, and started for that
    assert counted.returncode == 1
    assert "7 data keys are still under the master key old" in counted.stderr
    service = start(BATEIA_MASTER_KEYS=OLD)
    assert rewrap(service, NEW).returncode == 1
    done = rewrap(service, f"{NEW},{OLD}")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        0,
        "rewrap: 7 data keys are under the current master key",
    )
    ready = service.client.get("/health/ready")
    assert (ready.status_code, "new" in ready.text) == (503, True)
    service.stop()

    keys = tmp_path / "keys"
    keys.write_text(f"{NEW}\n")
    keys.chmod(0o644)
    service = start(BATEIA_MASTER_KEYS_FILE=str(keys))
    assert service.read(said["id"])["result"] == [CANARY, CANARY]
    assert CANARY in service.read(threw["id"])["error"]["message"]
    assert service.client.delete(f"/v1/executions/{said['id']}/content").status_code == 204
    assert service.client.get(f"/v1/executions/{said['id']}/input").status_code == 410
    assert service.read(again["id"])["result"] == [CANARY, CANARY]
    assert service.client.get(f"/v1/executions/{again['id']}/input").text == DATASET
    assert service.client.get("/v1/scripts/says/tests/canary").json()["expected"]["result"] == [CANARY, CANARY]
    assert service.client.post("/v1/scripts/throws/versions/1/checks").json()["passed"] is True
    (member,) = service.client.get(f"{replay}/executions").json()["items"]
    assert CANARY in service.client.get(replay).text
    assert service.client.delete(f"/v1/executions/{member['execution_id']}/content").status_code == 204
    assert CANARY not in service.client.get(replay).text + service.client.get(f"{replay}/executions").text
    assert service.client.get(replay).json()["rows"] == {"equal": 0, "changed": 1, "added": 0, "removed": 0}
