"""The use case as the pages, the requests file and the examples give it, against one real service."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.abridged import assert_shown
from tests.support.curl import curl
from tests.support.documents import Block, blocks, commands
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


def test_the_life_of_a_script_is_printed_step_by_step(service: Service, repository: Path) -> None:
    example = str(repository / "examples/bacen/lifecycle.py")
    command = [sys.executable, "-S", example, service.url, "--name", "life", "--executions", "8"]
    ended = subprocess.run(command, capture_output=True, timeout=120, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    shown = [line.strip() for line in ended.stdout.splitlines()]
    assert "version 1: 8 of 8 executions succeeded, of 4 to 32 rows" in shown
    assert "failed  real-data" in shown
    assert "409 promotion-blocked" in shown
    assert [line.partition(":")[0] for line in shown if line.startswith(("test-", "replay-"))] == [
        "test-failed",
        "replay-differs",
    ]
    ran = [line.partition(" by ")[0] for line in shown if line.startswith("an execution ran")]
    assert ran == ["an execution ran version 2", "an execution ran version 1"]
    moves = service.client.get("/v1/scripts/life/aliases/live/history").json()["items"]
    assert [one["reason"] for one in moves] == ["rollback", "promotion", "promotion"]
    (replay,) = service.client.get("/v1/scripts/life/versions/2/replays").json()["items"]
    counts = replay["executions"]
    assert counts["equal"] + counts["changed"] == counts["total"] == 8
    assert f"executions: {counts['equal']} equal, {counts['changed']} changed, 0 skipped, 0 incomplete" in shown


def test_every_command_of_the_life_of_a_script_is_accepted(service: Service, repository: Path, tmp_path: Path) -> None:
    source = (repository / "examples/bacen/script.js").read_text("utf-8")
    (tmp_path / "script.js").write_text(f"{source}// the next version\n", "utf-8")
    (tmp_path / "examples").symlink_to(repository / "examples")
    names = provide_versions(service, source)
    page = "".join(commands(repository / "docs/lifecycle.md")).replace('-H "Authorization: Bearer $KEY" ', "")
    lines = [f"curl {text}" for text in page.split("curl ")[1:]]
    assert len(lines) >= 20
    for line in lines:
        written = re.sub(r"\$(\w+)|\bID\b", lambda found: names[found[1] or "replay"], line.partition(" | ")[0])
        answer = curl(written, service.client, tmp_path)
        assert answer.is_success, (written, answer.text)
        if answer.status_code == 202 and "/replays/" in answer.headers["Location"]:
            names["replay"] = answer.json()["id"]


def test_every_command_of_the_page_about_batches_is_accepted(service: Service, repository: Path) -> None:
    assert service.client.post(
        "/v1/scripts?name=cards-by-curl",
        content=(repository / "examples/bacen/script.js").read_bytes(),
        headers={"Content-Type": "text/javascript"},
    ).status_code in {201, 409}
    batch, answers = "", []
    for text in "".join(commands(repository / "docs/batches.md")).split("curl ")[1:]:
        written = f"curl {text}".partition(" | ")[0].replace("$batch", batch)
        answers.append(curl(written, service.client, repository))
        assert answers[-1].is_success, (written, answers[-1].text)
        batch = batch or answers[-1].json()["id"]
    _, finished, results = answers
    assert finished.json()["counts"] == {"pending": 0, "running": 0, "succeeded": 3, "failed": 0}
    lines = [json.loads(line) for line in results.text.splitlines()]
    assert [one["ref"] for one in lines] == ["20231-AmericanExpress", "20232-VISA", "20233-empty"]
    expected = json.loads((repository / "examples/bacen/expected.json").read_text())
    assert [one["result"] for one in lines] == [[], expected, []]


def test_every_command_of_the_page_about_jobs_is_accepted(service: Service, repository: Path, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(repository / "examples")
    (tmp_path / "output").mkdir()
    job, answers = "", []
    page = "".join(commands(repository / "docs/jobs.md"))
    for line in page.replace("\\\n", "").splitlines():
        if "curl " not in line:
            continue
        written = line[line.index("curl ") :].partition(" | ")[0].replace("$job", job)
        answers.append(curl(written, service.client, tmp_path))
        assert answers[-1].is_success, (written, answers[-1].text)
        job = answers[-1].json()["id"] if answers[-1].status_code == 202 else job
    finished, result = answers[3].json(), answers[4].json()
    assert (finished["status"], finished["verification"], finished["error"]) == ("succeeded", "passed", None)
    rows = [json.loads(line) for line in (repository / "examples/jobs/rows.ndjson").read_text().splitlines()]
    assert result == {
        quarter: sum(row["cards"] for row in rows if row["quarter"] == quarter)
        for quarter in sorted({row["quarter"] for row in rows})
    }
    verify = page[page.index("-m entrypoints.verify") :].splitlines()[0].split()
    files = [str(tmp_path / one) if (tmp_path / one).exists() else one for one in verify]
    checked = subprocess.run([sys.executable, *files], cwd=repository, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def provide_versions(service: Service, source: str) -> dict[str, str]:
    """Store three versions of the page's script, an alias and an execution; the values of the page's variables."""
    service.host("corporate-cards", source)
    script, javascript = "/v1/scripts/corporate-cards", {"Content-Type": "text/javascript"}
    for factor in (2, 3):
        changed = source.replace("item.valorTransacoesNacionais;", f"item.valorTransacoesNacionais * {factor};")
        assert service.client.post(f"{script}/versions", content=changed, headers=javascript).status_code == 201
    assert service.client.put(f"{script}/aliases/live", json={"version": 1}).status_code == 201
    dataset = (Path(__file__).parents[2] / "examples/bacen/payload.json").read_text("utf-8")
    execution = service.submit("corporate-cards", dataset, wait=20).json()
    return {"id": execution["id"], "before": execution["id"], "after": execution["id"]}


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
