"""The command `bateia` against one real service: the life of a script in a folder, with exit statuses and messages."""

import gzip
import json
import re
from pathlib import Path

import pytest

from tests.client.commanding import BACEN, EXPECTED, ROOT, Command, on_a_terminal, write_folder


def submitted(run: Command, pushed: str) -> str:
    ended = run("submit", pushed, BACEN / "payload.json", "--wait", "--json")
    assert ended.status == 0, ended.err
    return str(ended.json["id"])


def test_a_folder_is_shown_pushed_and_then_unchanged(run: Command, tmp_path: Path) -> None:
    folder = write_folder(tmp_path, "fresh")
    dry = run("push", folder, "--dry-run")
    assert (dry.status, dry.err) == (0, "")
    shown = dry.out.splitlines()
    assert shown == ["+ script fresh", "+ test fresh/rows", "~ description fresh", "passed fresh/rows"]
    assert run("executions", "--script", "fresh").status == 3, "a dry run creates nothing"
    ended = run("push", folder, "--promote", "live", "--json")
    assert ended.json["promoted"] == [{"name": "fresh", "alias": "live", "version": 1}]
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
    assert "(HTTP 422 de http://127.0.0.1:" in ended.err


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
    compared = run("compare", before, after, "--key", "trimestre,nomeBandeira")
    assert (compared.status, "\nchange\tplace\tcolumn\tbefore\tafter\nchanged\ttrimestre=" in compared.out) == (1, True)
    assert run("compare", before, before).out == "equal\n"
    status, shown = on_a_terminal(run, "compare", before, after, NO_COLOR="1")
    assert (status, "largest difference" in shown, "\x1b[3" in shown) == (1, True, False), shown
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
