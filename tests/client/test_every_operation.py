"""Every operation of the API has a command and a method of the library, or a reason why it has none."""

import json
from collections.abc import AsyncIterator
from functools import cache
from operator import attrgetter
from pathlib import Path
from types import GeneratorType
from typing import Any, Final

import anyio
import httpx
import pytest
from bateia import AsyncClient, Client, RetryPolicy
from bateia.command import make_app, run
from bateia.command.upload_records import UploadRecord
from bateia.connection import DEFAULT_URL
from bateia.resources.groups import Group, ItemsOf, Operation
from bateia.store_urls import store_url

from tests.client.described_service import ID, DescribedService
from tests.client.library_calls import CALLS, UNCALLED

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
NO_METHOD: Final = OTHERWISE
"""The operations without a method of the library, and the reasons."""
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


ONE_ATTEMPT: Final = RetryPolicy(attempts=1)


def outcome_of(client: Client, name: str, words: tuple[Any, ...], choices: dict[str, Any]) -> Any:
    """Call a method; read a list to its end."""
    outcome = attrgetter(name)(client)(*words, **choices)
    return list(outcome) if isinstance(outcome, GeneratorType) else outcome


async def outcome_later(client: AsyncClient, name: str, words: tuple[Any, ...], choices: dict[str, Any]) -> Any:
    """Do the same with asyncio."""
    outcome = attrgetter(name)(client)(*words, **choices)
    if isinstance(outcome, AsyncIterator):
        return [item async for item in outcome]
    outcome = await outcome
    return list(outcome) if isinstance(outcome, GeneratorType) else outcome


def test_every_operation_has_a_method_of_both_clients_or_a_reason(service: DescribedService) -> None:
    transport = httpx.MockTransport(lambda request: service(request))

    async def call_all() -> list[Any]:
        http = httpx.AsyncClient(base_url="http://a.test/", transport=transport)
        async with AsyncClient(http=http, retries=ONE_ATTEMPT) as client:
            return [await outcome_later(client, name, *arguments) for name, arguments in CALLS]

    with Client(http=httpx.Client(base_url="http://a.test/", transport=transport), retries=ONE_ATTEMPT) as client:
        outcomes = [outcome_of(client, name, *arguments) for name, arguments in CALLS]
    called, described = set(service.calls), set(service.operations)
    assert described - called - NO_METHOD.keys() == set()
    assert NO_METHOD.keys() & called == set()
    assert NO_METHOD.keys() <= described
    service.calls.clear()
    kinds = [type(one) for one in outcomes]
    assert [type(one) for one in anyio.run(call_all)] == kinds
    assert set(service.calls) == called


def test_every_method_of_the_library_is_called_here_or_has_a_reason() -> None:
    with Client("http://a.test") as client:
        groups = {name: one for name, one in vars(client).items() if isinstance(one, Group)}
    of_groups = {
        f"{group}.{name}"
        for group, one in groups.items()
        for name, method in vars(type(one)).items()
        if isinstance(method, (Operation, ItemsOf))
    }
    of_client = {name for name in vars(Client) if not name.startswith("_")}
    assert {name for name, _ in CALLS} | UNCALLED.keys() == of_groups | of_client
