"""The command `bateia` against one real service: the life of a script in a folder, with exit statuses and messages.

Most commands run in this process, which takes a tenth of the time; `process` runs the command as a user does.
"""

import gzip
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.processes import clean_environment
from tests.system.conftest import Service, a_service

bateia = pytest.importorskip("bateia.command")

ROOT: Final = Path(__file__).parents[2]
BACEN: Final = ROOT / "examples" / "bacen"
EXPECTED: Final = json.loads((BACEN / "expected.json").read_text())


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with a_service(tmp_path_factory.mktemp("command"), BATEIA_DATASET_BYTES="3000000") as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with the script of the Central Bank example, and a test with its rows."""
    folder = tmp_path_factory.mktemp("scripts")
    (folder / "cards.tests").mkdir()
    (folder / "cards.js").write_bytes((BACEN / "script.js").read_bytes())
    payload = (BACEN / "payload.json").read_text()
    (folder / "cards.tests" / "rows.json").write_text(
        f'{{"dataset": {payload}, "expected": {{"result": {json.dumps(EXPECTED)}}}}}'
    )
    (folder / "bateia.toml").write_text('[scripts.cards]\nlimits = { wall_ms = 9000 }\ndescription = "Cartões"\n')
    return folder


@dataclass
class Ended:
    """The exit status and the output of a command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Command:
    """Runs the command with the settings of a test."""

    env: dict[str, str]
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *words: object, **env: str) -> Ended:
        with self.monkeypatch.context() as patch:
            for name in ("BATEIA_SERVICE", "BATEIA_KEY", "LANG", "LC_ALL"):
                patch.delenv(name, raising=False)
            for name, value in (self.env | env).items():
                patch.setenv(name, value)
            status = bateia.run(list(map(str, words)))
        return Ended(status, *self.capsys.readouterr())

    def process(self, *words: object, **more: Any) -> "subprocess.Popen[str]":
        environment = clean_environment() | {"PYTHONPATH": os.pathsep.join(sys.path)} | self.env | more.pop("env", {})
        command = [sys.executable, "-m", "bateia", *map(str, words)]
        pipes = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE) | more
        return subprocess.Popen(command, env=environment, text=True, **pipes)


@pytest.fixture
def run(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    return Command({"BATEIA_URL": service.url, "XDG_CONFIG_HOME": str(tmp_path / "settings")}, capsys, monkeypatch)


@pytest.fixture
def pushed(run: Command, folder: Path) -> str:
    """Push the folder, which the first call of the module does, and return the script's name."""
    assert run("push", folder, "--promote", "live", "--note", "first").status == 0
    return "cards"


def submitted(run: Command, pushed: str) -> str:
    ended = run("submit", pushed, BACEN / "payload.json", "--wait", "--json")
    assert ended.status == 0, ended.err
    return str(ended.json["id"])


def test_a_folder_is_shown_pushed_and_then_unchanged(run: Command, folder: Path) -> None:
    dry = run("push", folder, "--dry-run")
    assert (dry.status, dry.err) == (0, "")
    shown = dry.out.splitlines()
    assert shown == ["+ script cards", "+ test cards/rows", "~ description cards", "passed cards/rows"]
    assert run("executions", "--script", "cards").status == 3, "a dry run creates nothing"
    ended = run("push", folder, "--promote", "live", "--json")
    assert ended.json["promoted"] == [{"name": "cards", "alias": "live", "version": 1}]
    again = run("push", folder, "--dry-run")
    assert (again.status, again.out) == (0, "nothing to change\n")
    assert run("diff", folder).status == 0


def test_the_example_folder_passes_its_tests(run: Command) -> None:
    ended = run("test", ROOT / "clients/python/examples/scripts", "--remote")
    assert (ended.status, ended.out.splitlines()[-1]) == (0, "2 passed, 0 failed")


def test_a_failing_test_changes_nothing(run: Command, folder: Path, pushed: str, tmp_path: Path) -> None:
    (tmp_path / "cards.tests").mkdir()
    (tmp_path / "cards.js").write_text("function process() { return [{a: 1.50}] }")
    test = {"dataset": [], "expected": {"result": [{"a": 2}]}}
    (tmp_path / "cards.tests" / "new.json").write_text(json.dumps(test))
    for words in (("push", tmp_path), ("test", tmp_path)):
        ended = run(*words)
        assert ended.status == 1
        assert "  /0/a: expected 2, got 1.5" in ended.out.splitlines()
    differences = run("diff", tmp_path)
    assert differences.status == 1
    assert {"~ version cards 2", "+ test cards/new", "+function process() { return [{a: 1.50}] }"} <= set(
        differences.out.splitlines()
    )


def test_a_refused_source_is_explained(run: Command, tmp_path: Path) -> None:
    (tmp_path / "broken.js").write_text("function process(data) {\n  return data.;\n}")
    ended = run("push", tmp_path, LANG="pt_BR.UTF-8")
    assert ended.status == 3
    assert ended.err.startswith("bateia: Script inválido: ")
    assert "(HTTP 422 of http://127.0.0.1:" in ended.err


def test_what_was_pulled_is_what_was_pushed(run: Command, folder: Path, pushed: str, tmp_path: Path) -> None:
    assert run("pull", tmp_path / "new", pushed).status == 0
    assert run("diff", tmp_path / "new").status == 0
    assert (tmp_path / "new" / "cards.js").read_bytes() == (folder / "cards.js").read_bytes()
    (tmp_path / "new" / "cards.js").write_text("mine")
    refused = run("pull", tmp_path / "new", pushed)
    assert (refused.status, "nothing was written: --force replaces it" in refused.err) == (2, True)
    assert run("pull", tmp_path / "new", pushed, "--force").status == 0
    assert run("pull", tmp_path / "new", "nowhere").status == 2


def test_a_result_is_printed_and_saved_in_three_formats(run: Command, pushed: str, tmp_path: Path) -> None:
    ended = run("submit", pushed, BACEN / "payload.json", "--wait")
    assert (ended.status, json.loads(ended.out)) == (0, EXPECTED)
    execution = submitted(run, pushed)
    for name in ("a.json", "a.ndjson", "a.csv"):
        assert run("result", execution, "-o", tmp_path / name).status == 0
    assert json.loads((tmp_path / "a.json").read_text()) == EXPECTED
    assert [json.loads(line) for line in (tmp_path / "a.ndjson").read_text().splitlines()] == EXPECTED
    assert (tmp_path / "a.csv").read_text().splitlines()[0] == ",".join(EXPECTED[0])
    assert run("result", execution).out.strip() == (tmp_path / "a.json").read_text()
    assert run("logs", execution, "--json").json == {"logs": [], "warnings": []}
    assert execution in run("executions", "--script", pushed).out


@pytest.mark.parametrize("words", [("submit", "cards", "-", "--wait"), ("run", BACEN / "script.js", "-", "--remote")])
def test_a_dataset_is_read_from_standard_input(run: Command, pushed: str, words: tuple[object, ...]) -> None:
    with (BACEN / "payload.json").open() as payload, run.process(*words, stdin=payload) as ended:
        out, err = ended.communicate(timeout=60)
    assert (ended.returncode, json.loads(out)) == (0, EXPECTED), err


def test_a_batch_is_waited_for_and_its_results_are_saved(run: Command, pushed: str, tmp_path: Path) -> None:
    ended = run("batch", pushed, BACEN / "lines.ndjson", "-o", tmp_path / "out.ndjson")
    assert ended.status == 0
    assert "3 succeeded, 0 failed" in ended.out
    assert len((tmp_path / "out.ndjson").read_text().splitlines()) == 3
    (tmp_path / "plain.ndjson").write_text("[]\n\n1\n")
    failed = run("batch", pushed, tmp_path / "plain.ndjson", "--plain", "--wait")
    assert failed.status == 1
    assert re.search(r"^line 2: script_error in line 3: ", failed.out, re.MULTILINE)


def test_a_version_is_replayed_promoted_and_rolled_back(
    run: Command, folder: Path, pushed: str, tmp_path: Path
) -> None:
    before = submitted(run, pushed)
    source = (
        (folder / "cards.js").read_text().replace("acc[key].qtdCartoesAtivos +=", "acc[key].qtdCartoesAtivos += 1 +")
    )
    (tmp_path / "cards.js").write_text(source)
    refused = run("push", tmp_path)
    assert (refused.status, "\n  rows: " in refused.err) == (1, True), "the service has a test that the folder lacks"
    assert run("push", tmp_path, "--prune", "--note", "one more").status == 0
    replay = run("replay", pushed, 2, "--executions", before, "--key", "trimestre,nomeBandeira")
    assert (replay.status, "1 changed" in replay.out) == (1, True)
    assert run("replay", pushed, 2, "--executions", before, "--absolute", 1).status == 0
    assert run("promote", pushed, 2, "--json").json["version"] == 2
    after = submitted(run, pushed)
    assert run("compare", before, after, "--key", "trimestre,nomeBandeira").status == 1
    assert run("compare", before, before).out == "equal\n"
    assert run("rollback", pushed).out == "live of cards is version 1\n"
    assert run("rollback", pushed).status == 3
    assert run("push", folder).status == 0


def test_a_receipt_is_verified_with_and_without_the_service(run: Command, pushed: str, tmp_path: Path) -> None:
    execution, names = (
        submitted(run, pushed),
        [tmp_path / name for name in ("receipt.json", "keys.json", "result.json")],
    )
    receipt, keys, result = names
    assert run("receipt", execution, "-o", receipt, "--keys-output", keys).status == 0
    assert run("verify", execution).status == 0
    assert run("result", execution, "-o", result).status == 0
    offline = {"BATEIA_URL": "http://127.0.0.1:9"}
    assert run("verify", receipt, "--keys", keys, "--result", result, **offline).status == 0
    rows = tmp_path / "rows.ndjson"
    rows.write_text("\n".join(f" {json.dumps(row)}\r" for row in json.loads((BACEN / "payload.json").read_text())))
    (tmp_path / "rows.ndjson.gz").write_bytes(gzip.compress(rows.read_bytes()))
    by_lines = run("submit", pushed, rows, "--wait", "--json").json["id"]
    for name, status in (("rows.ndjson", 0), ("rows.ndjson.gz", 0), ("keys.json", 1)):
        assert run("verify", by_lines, "--dataset", tmp_path / name).status == status
    refuted = run("verify", receipt, "--keys", keys, "--result", keys, "--json", **offline)
    assert (refuted.status, refuted.json["holds"]) == (1, False)
    assert run("verify", receipt, **offline).status == 2


def test_a_failed_execution_is_status_1_and_has_a_receipt(run: Command, tmp_path: Path) -> None:
    (tmp_path / "fails.js").write_text("function process() { console.log('hi'); throw new Error('no') }")
    (tmp_path / "d.json").write_text("1")
    assert run("push", tmp_path).status == 0
    ended = run("submit", "fails", tmp_path / "d.json", "--wait")
    assert ended.status == 1
    assert "log: hi" in ended.err
    assert "bateia: script_error in line 1: Error: no" in ended.err
    execution = run("executions", "--script", "fails", "--json").json[0]["id"]
    assert run("verify", execution).status == 0
    assert run("logs", execution).out == "log: hi\n"


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


def on_a_terminal(run: Command, *words: object, **env: str) -> tuple[int, str]:
    """Run the command on a terminal of its own; return its status and all that it showed."""
    ours, theirs = pty.openpty()
    with run.process(*words, stdin=theirs, stdout=theirs, stderr=theirs, env={"TERM": "xterm", **env}) as ended:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # the terminal has no other end any more
            pass
        os.close(ours)
        return ended.wait(60), shown.decode()


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
