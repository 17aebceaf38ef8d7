"""Jobs with the command `bateia` against a real service: from the submission to the proof of the output."""

import json
from pathlib import Path

import pytest

from tests.client.commanding import ROOT, Command
from tests.system.conftest import Service

ROWS = (ROOT / "examples/jobs/rows.ndjson").read_bytes()


@pytest.fixture(scope="module", autouse=True)
def hosted(service: Service) -> None:
    """Host the script of the documentation, and write its rows, and some with a wrong line."""
    assert service.host("sums", (ROOT / "examples/jobs/cards.js").read_text()).status_code == 201
    for path, text in (("rows.ndjson", ROWS), ("broken.ndjson", ROWS + b"{\n")):
        assert service.client.put(f"/v1/stores/files/in/{path}", content=text).status_code == 201


def test_a_job_is_run_listed_and_proved(run: Command, service: Service, tmp_path: Path) -> None:
    words = ("sums", "--input", "files://in/rows.ndjson", "--output", "files://out/sums/", "--format", "json")
    ended = run("job", *words, "--merge", "script", "--verify", 100, "--wait", "--json")
    assert ended.status == 0, ended.err
    job = ended.json["id"]
    assert job in run("jobs", "--script", "sums", "--status", "succeeded").out
    assert run("jobs", "wait", job).out.startswith("files://out/sums/: 1 objects, ")
    assert run("jobs", "verify", job).status == 0
    names = [tmp_path / name for name in ("receipt.json", "keys.json", "partitions.json")]
    receipt, keys, partitions = names
    (tmp_path / "output").mkdir()
    assert run("jobs", "receipt", job, "-o", receipt, "--keys-output", keys).status == 0
    assert run("jobs", "manifest", job, "-o", tmp_path / "output" / "_manifest.json").status == 0
    partitions.write_text(run("jobs", "partitions", job, "--json").out)
    result = tmp_path / "output" / "result.json"
    result.write_bytes(service.client.get("/v1/stores/files/out/sums/result.json").content)
    offline = ("verify", receipt, "--keys", keys, "--partitions", partitions, "--folder", tmp_path / "output")
    nowhere = {"BATEIA_URL": "http://127.0.0.1:9"}
    found = run(*offline, "--job", job, "--json", **nowhere)
    assert found.status == 0, found.err
    assert [one["part"] for one in found.json["parts"]] == [
        "signature", "statement", "job", "partitions", "manifest", "output",
    ]  # fmt: skip
    result.write_bytes(b"{}")
    partitions.write_text("\n".join(json.dumps({**one, "rows": 1}) for one in json.loads(partitions.read_text())))
    refuted = run(*offline, "--json", **nowhere)
    wrong = [one["part"] for one in refuted.json["parts"] if not one["holds"]]
    assert (refuted.status, wrong) == (1, ["partitions", "output"])
    assert run("verify", receipt, "--keys", keys, "--result", keys, **nowhere).status == 2


def test_a_job_that_fails_has_status_1_and_its_reason(run: Command) -> None:
    words = ("job", "sums", "--input", "files://in/broken.ndjson", "--output", "files://out/broken/")
    failed = run(*words, "--merge", "script", "--verify", "skip", "--wait")
    assert failed.status == 1
    job = failed.err.split()[1]
    assert "input_malformed" in failed.out
    assert run("jobs", "cancel", job).status == 3
    assert run("jobs", "receipt", job).status == 3
    assert (run("jobs", "delete-data", job).status, run("jobs", "delete-data", job, "--yes").status) == (2, 0)
    assert run("jobs", "show", job, "--json").json["content_removed_at"] is not None


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("jobs", "wait", "0199c5f2-7a3e-7c41-9d52-3f6a1b2c4d5e"), 3),
        (("job", "sums", "--input", "files://in/a.csv"), 2),
        (("job", "sums", "--input", "files://in/a.csv", "--output", "files://o/", "--verify", "all"), 2),
        (("job", "sums", "--input", "nowhere", "--output", "files://o/"), 3),
        (("verify", "0199c5f2-7a3e-7c41-9d52-3f6a1b2c4d5e", "--job", "a"), 2),
    ],
)
def test_what_cannot_be_done_has_its_status(run: Command, words: tuple[str, ...], status: int) -> None:
    assert run(*words).status == status
