"""The command `bateia` with one real service: unsaved sources, logins, terminals, signals and exit statuses."""

import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.client.commanding import BACEN, ROOT, Command, on_a_terminal
from tests.system.conftest import Service

SOURCE: Final = "function process(data) { console.log(data.length); return data.map(row => row.a * 2); }"


@pytest.mark.parametrize("settings", [{"BATEIA_SERVICE": str(ROOT)}, {}], ids=["locally", "as-a-preview"])
def test_a_source_runs_without_being_saved(run: Command, tmp_path: Path, settings: Mapping[str, str]) -> None:
    (tmp_path / "a.js").write_text(SOURCE)
    (tmp_path / "d.ndjson").write_text('{"a": 1.25}\n{"a": 2}\n')
    words = ("run", tmp_path / "a.js", tmp_path / "d.ndjson", *([] if settings else ["--remote"]))
    without_server = {"BATEIA_URL": "http://127.0.0.1:9"} if settings else {}
    ended = run(*words, **settings, **without_server)
    assert (ended.status, ended.out) == (0, "[2.5,4]\n")
    assert "log: 2" in ended.err
    assert ("in the local sandbox" in ended.err) == bool(settings)
    (tmp_path / "a.js").write_text("process = ;")
    refused = run(*words, **settings, **without_server)
    assert (refused.status, "Invalid script" in refused.err) == (3, True)


def test_a_wrong_installation_is_named(run: Command, tmp_path: Path) -> None:
    ended = run("run", BACEN / "script.js", BACEN / "payload.json", BATEIA_SERVICE=str(tmp_path))
    assert (ended.status, "is no checkout" in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "env", "status", "message"),
    [
        (["whoami"], {"BATEIA_KEY": "bateia_wrong"}, 3, "An API key is required"),
        (["status"], {"BATEIA_URL": "http://127.0.0.1:9"}, 4, "no response from http://127.0.0.1:9"),
        (["status"], {"BATEIA_URL": "ftp://x"}, 2, "is not an address"),
        (["submit", "nowhere", "{payload}"], {}, 3, "Script not found"),
        (["submit", "nowhere", "nowhere.json"], {}, 2, "No such file"),
        (["submit"], {}, 2, "SCRIPT"),
        (["nonsense"], {}, 2, "nonsense"),
        (["promote", "a", "b"], {}, 2, "see bateia promote --help"),
        (["push", "nowhere"], {}, 2, "is not a folder"),
        (["result", "{unknown}", "-o", "a.xlsx"], {}, 3, "Execution not found"),
        (["login", "http://127.0.0.1:9"], {}, 2, "--key-stdin"),
    ],
)
def test_each_refusal_has_a_status_and_a_message(
    run: Command, words: list[str], env: dict[str, str], status: int, message: str
) -> None:
    names = {"{payload}": str(BACEN / "payload.json"), "{unknown}": "0197c9a4-6c1e-7d42-b0ff-2f6b7d1c55aa"}
    ended = run(*(names.get(word, word) for word in words), **env)
    assert (ended.status, ended.out) == (status, "")
    assert message in ended.err
    assert "bateia_wrong" not in ended.err


def test_a_dataset_that_is_too_large_is_refused(run: Command, pushed: str, tmp_path: Path) -> None:
    (tmp_path / "large.json").write_text(json.dumps("x" * 3_100_000))
    ended = run("submit", pushed, tmp_path / "large.json")
    assert (ended.status, "Dataset too large" in ended.err, "HTTP 413" in ended.err) == (3, True, True)


def test_help_and_completion_name_each_command(run: Command) -> None:
    shown, completion = run("--help"), run("completion", "bash")
    assert (shown.status, completion.status, run("--version").status) == (0, 0, 0)
    names = re.findall(r"\w+", "login whoami status types push pull diff test run submit batch executions logs result")
    for name in [*names, "compare", "replay", "promote", "rollback", "receipt", "verify"]:
        assert f" {name} " in shown.out
        assert name in completion.out
        assert run(name, "--help").status == 0
    assert run().status == 2


def test_types_are_written_for_editors(run: Command, tmp_path: Path) -> None:
    assert run("types", tmp_path, "--sample", BACEN / "payload.json").status == 0
    assert '"trimestre": string' in (tmp_path / "process.d.ts").read_text()
    assert json.loads((tmp_path / "jsconfig.json").read_text())["compilerOptions"]["checkJs"] is True
    assert run("types", tmp_path, "--sample", BACEN / "script.js").status == 2


def test_a_login_is_used_by_later_commands(run: Command, service: Service, tmp_path: Path) -> None:
    with run.process("login", service.url, "--key-stdin", "--json", stdin=subprocess.PIPE) as login:
        out, err = login.communicate("\n", 60)
    assert (login.returncode, err) == (0, "")
    assert Path(json.loads(out)["file"]).stat().st_mode & 0o777 == 0o600
    del run.env["BATEIA_URL"]
    assert run("whoami", "--json").json["url"] == service.url


def test_output_of_a_process_is_json_for_programs_and_has_no_colour_without_a_terminal(run: Command) -> None:
    with run.process("status", "--json") as status:
        out, err = status.communicate(timeout=60)
    assert (status.returncode, err, json.loads(out)["readiness"]["ready"]) == (0, "", True)


def test_a_terminal_shows_progress_and_colour_unless_they_are_unwanted(
    run: Command, pushed: str, tmp_path: Path
) -> None:
    (tmp_path / "d.json").write_text(json.dumps([os.urandom(8).hex() for _ in range(60_000)]))
    words = ("submit", pushed, tmp_path / "d.json")
    status, shown = on_a_terminal(run, *words)
    assert status == 0
    assert "uploading" in shown
    assert re.search(r"\d [kM]B", shown)
    status, shown = on_a_terminal(run, *words, "--quiet")
    assert (status, "uploading" in shown) == (0, False)
    status, shown = on_a_terminal(run, "submit", "nowhere", tmp_path / "d.json", "-q", NO_COLOR="1")
    assert (status, "\x1b[31m" in shown, "\x1b[1;31m" in shown) == (3, False, False)


def test_an_interrupted_wait_says_what_goes_on(run: Command, service: Service, tmp_path: Path) -> None:
    (tmp_path / "endless.js").write_text("function process() { for (;;); }")
    (tmp_path / "d.json").write_text("1")
    assert run("push", tmp_path).status == 0
    with run.process("submit", "endless", tmp_path / "d.json", "--wait") as waiting:
        assert waiting.stderr is not None
        execution = waiting.stderr.readline().split()[1]
        waiting.send_signal(signal.SIGINT)
        _, err = waiting.communicate(timeout=60)
    assert (waiting.returncode, err) == (130, f"the execution goes on: bateia result {execution}\ninterrupted\n")
    going_on = run("executions", "--script", "endless", "--json").json
    assert [one["id"] for one in going_on] == [execution]
    assert service.client.post(f"/v1/executions/{execution}/cancel").status_code == 200


def test_a_log_is_followed_to_the_end_of_its_execution(run: Command, service: Service, tmp_path: Path) -> None:
    (tmp_path / "talks.js").write_text("function process() { console.log('one'); for (;;); }")
    (tmp_path / "d.json").write_text("1")
    assert run("push", tmp_path).status == 0
    execution = run("submit", "talks", tmp_path / "d.json").out.strip()
    with run.process("logs", execution, "--follow") as following:
        assert following.stdout is not None
        assert following.stdout.readline() == "log: one\n"
        following.send_signal(signal.SIGINT)
        ended = following.communicate(timeout=60)
    goes_on = f"the execution goes on: bateia logs {execution} --follow\ninterrupted\n"
    assert (following.returncode, ended) == (130, ("", goes_on))
    with run.process("logs", execution, "--follow", "--json", "-q") as following:
        assert following.stdout is not None
        line = json.loads(following.stdout.readline())
        assert service.client.post(f"/v1/executions/{execution}/cancel").status_code == 200
        out, err = following.communicate(timeout=60)
    assert line == {"attempt": 1, "line": 1, "level": "log", "message": "one"}
    end = {"status": "failed", "truncated": False, "interrupted": True, "warnings": []}
    assert (following.returncode, json.loads(out), err) == (1, end, "")
    failed = run("logs", execution, "--follow")
    assert (failed.status, failed.out) == (1, "log: one\n")
    assert failed.err.startswith("the log ends where the run was stopped\nbateia: cancelled: ")


def test_an_interrupted_upload_ends_with_its_connection(run: Command, tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text(json.dumps(os.urandom(10_000_000).hex()))  # more than the kernel's buffers hold
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        with run.process("submit", "a", tmp_path / "d.json", env={"BATEIA_URL": address}) as uploading:
            connection, _ = server.accept()
            with connection:
                connection.settimeout(30)
                head = connection.recv(65536)
                uploading.send_signal(signal.SIGINT)
                _, err = uploading.communicate(timeout=60)
                received = len(head) + sum(map(len, iter(lambda: connection.recv(65536), b"")))
    length = re.search(rb"(?i)content-length: (\d+)", head)
    assert length is not None
    assert (uploading.returncode, err) == (130, "interrupted\n")
    assert received < int(length[1])
