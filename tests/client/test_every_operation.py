"""Every operation of the API has a command, or a reason why it has none."""

import json
from functools import cache
from pathlib import Path
from typing import Final

import httpx
import pytest
from bateia import Client, RetryPolicy
from bateia.command import make_app, run
from bateia.command.upload_records import UploadRecord
from bateia.connection import DEFAULT_URL
from bateia.store_urls import store_url

from tests.client.described_service import ID, DescribedService

COMMANDS: Final = f"""
whoami | status | queue | limits | audit --action submitted --from 2026-03-01T00:00:00Z | audit --csv
scripts --activity 24h | scripts show a | scripts describe a b | scripts retention a --rows-days 9
scripts archive a | scripts unarchive a
versions a --usage | versions show a 1 | versions source a 1 | versions diff a 2 --against 1 | versions restore a 1
versions check a 1 | versions checks a 1 | versions gate a 1
tests a | tests show a b | tests write a b test.json | tests remove a b -y
aliases a | aliases show a live | aliases history a live | aliases remove a live -y
promote a 1 | rollback a
gates show a | gates set a --aliases live,next --replay 50 | gates remove a -y
replay a 2 | replays a 2 | replays show a 2 {ID} | replays executions a 2 {ID} | replays differences a 2 {ID}
replays accept a 2 {ID} --note b
run new/b.js d.json --remote | push new
submit a d.json | submit a d.json --version 2 | executions --status failed | executions show {ID}
executions input {ID} | executions log {ID} | executions cancel {ID} | executions delete-data {ID} -y
result {ID} | logs {ID} | logs {ID} --follow | compare {ID} {ID} | receipt {ID} --keys-output keys.json | reproduce {ID}
executions reproduction {ID} {ID}
batch a lines.ndjson | batch a lines.ndjson --version 2 | batches --version 2 | batches show {ID}
batches results {ID} --status failed | batches cancel {ID} | batches delete-data {ID} -y
job a --input files://a --output files://b/
job a --version 2 --input files://a --output files://b/ --verify 9 --no-header
jobs | jobs show {ID} | jobs wait {ID} | jobs partitions {ID} | jobs manifest {ID} | jobs cancel {ID}
jobs retry {ID} | jobs delete-data {ID} -y | jobs receipt {ID}
stores | ls files:// | get files://a -o copy | put d.json files://a | put large files://a
put large files://a --restart
rm files://a
webhooks | webhooks show {ID} | webhooks create http://a.test job.finished --scripts a
webhooks change {ID} --disabled
webhooks delete {ID} -y | webhooks rotate {ID} | webhooks test {ID} | webhooks deliveries {ID}
webhooks delivery {ID} {ID} | webhooks redeliver {ID} {ID}
keys | keys show {ID} | keys create a --role reader --days 9 | keys revoke {ID} -y
"""
OTHERWISE: Final = {
    "getLiveness": "a probe; `status` reads readiness, which says more",
    "getMetrics": "Prometheus reads it, in a format of its own",
    "getOpenapi": "for generators of clients: curl saves it",
    "getConsole": "a page for browsers",
    "getGuide": "a page for browsers",
    "getGuidePage": "a page for browsers",
    "getLlmsText": "a text for language models",
    "getDocs": "a page for browsers",
    "getDocsToTry": "a page for browsers",
    "getDocsSection": "a page for browsers",
    "listProblemTypes": "a page for browsers; refusals name their remedies themselves",
    "getProblemType": "a page for browsers; refusals name their remedies themselves",
}
"""The operations without a command, and the reasons."""
ANSWERS_NO: Final = {
    f"compare {ID} {ID}",
    f"jobs wait {ID}",
    "replay a 2",
    "run new/b.js d.json --remote",
    "put d.json files://a",
    "put large files://a",
    "put large files://a --restart",
}
"""Commands whose answer is no: the example differs, has failed, or is not what was sent."""


@pytest.fixture
def service(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DescribedService:
    """Direct the command to a service made from the document, in a folder with the files that are named above."""
    service = DescribedService(json.loads((repository / "docs/openapi.json").read_text()))
    transport = httpx.MockTransport(lambda request: service(request))
    monkeypatch.setattr(
        "bateia.command.options.Client",
        lambda *_words, **_more: Client(
            http=httpx.Client(base_url="http://a.test/", transport=transport), retries=RetryPolicy(attempts=1)
        ),
    )
    monkeypatch.setattr("bateia.command.make_app", cache(make_app))  # making it takes longer than using it
    monkeypatch.delenv("BATEIA_URL", raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "settings"))
    monkeypatch.chdir(tmp_path)
    for name in ("test.json", "d.json", "lines.ndjson"):
        Path(name).write_text('{"dataset": [], "expected": {"result": []}}' if name == "test.json" else "{}")
    Path("new").mkdir()
    Path("new/b.js").write_text("const process = (data) => data;")
    with Path("large").open("wb") as file:
        file.truncate(9 * 1024 * 1024)
    return service


def test_every_operation_has_a_command_or_a_reason(
    service: DescribedService, capsys: pytest.CaptureFixture[str]
) -> None:
    answered_no, interrupted = set(), UploadRecord(DEFAULT_URL, Path("large"), store_url("files://a"))
    for command in filter(None, map(str.strip, COMMANDS.replace("\n", "|").split("|"))):
        for words in (command.split(), [*command.split(), "--json"]):
            interrupted.write(ID)
            status = run(words)
            out, err = capsys.readouterr()
            assert status in (0, 1), (command, out, err)
            answered_no |= {command} if status else set()
    assert answered_no == ANSWERS_NO
    service.missing = frozenset({"getScript"})
    assert run(["push", "new"]) == 0, capsys.readouterr().err
    called, described = set(service.calls), set(service.operations)
    assert described - called - OTHERWISE.keys() == set()
    assert OTHERWISE.keys() & called == set()
    assert OTHERWISE.keys() <= described
