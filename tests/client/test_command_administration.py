"""Keys, webhooks, gates, aliases, retention and audit with the command `bateia`, on a service that requires keys."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.commanding import Command
from tests.system.conftest import Service, a_service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with a_service(tmp_path_factory.mktemp("administration")) as running:
        yield running


@pytest.fixture(scope="module")
def tokens() -> dict[str, str]:
    """Keep the text of the first key, which exists once and is needed from then on."""
    return {}


@pytest.fixture
def admin(run: Command, tokens: dict[str, str]) -> Command:
    """Run the command with the key of an administrator, which the first test of the module creates."""
    if not tokens:
        created = run("keys", "create", "first", "--role", "admin")
        assert created.status == 0, created.err
        tokens["admin"] = created.out.strip()
        assert tokens["admin"] not in created.err
        assert "from now on, every request needs an API key" in created.err
    run.env["BATEIA_KEY"] = tokens["admin"]
    return run


@pytest.fixture
def script(admin: Command, tmp_path: Path) -> str:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "sums.js").write_text("const process = (rows) => rows.length;")
    (tmp_path / "d.json").write_text("[1, 2]")
    assert admin("push", tmp_path / "scripts", "--promote", "live").status == 0
    return "sums"


def test_the_text_of_a_key_is_shown_once_and_it_can_be_revoked(admin: Command) -> None:
    created = admin("keys", "create", "reports", "--role", "reader", "--scopes", "executions:write", "--days", 9)
    assert (created.status, len(created.out.splitlines())) == (0, 1)
    token = created.out.strip()
    assert admin("whoami", BATEIA_KEY=token).out.startswith("reports at ")
    found = next(one for one in admin("keys", "--json").json if one["name"] == "reports")
    assert set(found["scopes"]) == {"read", "executions:write"}
    shown = [admin("keys"), admin("keys", "show", found["id"]), admin("audit"), admin("audit", "--csv")]
    assert not any(token in one.out + one.err for one in shown)
    assert admin("keys", "revoke", found["id"]).status == 2, "without a terminal, it has to be confirmed in advance"
    assert admin("whoami", BATEIA_KEY=token).status == 0
    assert admin("keys", "revoke", found["id"], "--yes").status == 0
    assert admin("keys", "show", found["id"], "--json").json["revoked_at"] is not None


def test_a_gate_guards_an_alias_until_it_is_removed(admin: Command, script: str, tmp_path: Path) -> None:
    (tmp_path / "scripts" / "sums.js").write_text("const process = (rows) => rows.length + 1;")
    assert admin("push", tmp_path / "scripts").status == 0
    assert admin("gates", "set", script, "--aliases", "live,next").status == 0
    assert (admin("versions", "gate", script, 2).status, admin("promote", script, 2).status) == (1, 3)
    assert admin("gates", "remove", script, "-y").status == 0
    assert admin("promote", script, 2, "--note", "counted").status == 0
    assert admin("aliases", "history", script, "live").out.splitlines()[1].split("\t")[1:4] == ["1", "2", "promotion"]
    assert "+const process = (rows) => rows.length + 1;" in admin("versions", "diff", script, 2).out.splitlines()
    assert admin("versions", "restore", script, 1, "--json").json["number"] == 3
    assert admin("aliases", "remove", script, "live", "-y").status == 0


def test_an_archived_script_runs_no_more_until_it_is_taken_out(admin: Command, script: str, tmp_path: Path) -> None:
    assert admin("scripts", "archive", script).status == 0
    assert admin("submit", script, tmp_path / "d.json").status == 3
    assert admin("scripts", "unarchive", script).status == 0
    assert admin("scripts", "retention", script, "--content-days", 9, "--json").json["content_days"] == 9
    forever = admin("scripts", "retention", script, "--rows-days", "forever", "--json")
    assert forever.json == {"content_days": None, "rows_days": "forever"}
    assert admin("scripts", "retention", script, "--rows-days", "ever").status == 2
    assert admin("scripts", "retention", script, "--inherit", "--json").json["content_days"] is None


def test_an_execution_is_reproduced_until_its_data_is_deleted(admin: Command, script: str, tmp_path: Path) -> None:
    execution = admin("submit", script, tmp_path / "d.json", "--wait", "--json").json["id"]
    reproduced = admin("reproduce", execution)
    assert (reproduced.status, reproduced.out) == (0, "reproduced\n")
    assert admin("executions", "input", execution, "-o", tmp_path / "input.json").status == 0
    assert (tmp_path / "input.json").read_text() == "[1, 2]"
    assert admin("executions", "delete-data", execution, "--yes").status == 0
    assert admin("reproduce", execution).status == 3
    records = csv.DictReader(io.StringIO(admin("audit", "--execution", execution, "--csv").out))
    assert {"submitted", "removed_content"} <= {one["action"] for one in records}


def test_a_webhook_shows_its_secret_once_and_its_deliveries(admin: Command) -> None:
    created = admin("webhooks", "create", "https://hooks.invalid/a", "job.finished,batch.finished")
    assert created.status == 0, created.err
    (webhook,) = admin("webhooks", "--json").json
    assert created.out.strip() not in admin("webhooks", "show", webhook["id"]).out
    delivery = admin("webhooks", "test", webhook["id"]).out.strip()
    assert delivery in admin("webhooks", "deliveries", webhook["id"]).out
    assert admin("webhooks", "change", webhook["id"], "--disabled", "--json").json["status"] == "disabled"
    assert admin("webhooks", "rotate", webhook["id"], "--json").json["secret"] != created.out.strip()
    assert admin("webhooks", "delete", webhook["id"], "-y").status == 0
