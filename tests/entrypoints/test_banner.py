"""The banner of a working service: its access, and commands that work."""

import subprocess
from pathlib import Path

import pytest

from entrypoints.banner import banner
from entrypoints.configuration.setting_kinds import is_loopback
from entrypoints.configuration.settings import read_settings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost", "LOCALHOST"])
def test_a_loopback_service_may_allow_anonymous_access(host: str) -> None:
    settings = read_settings({"BATEIA_HOST": host}).unwrap()
    assert settings.may_be_open
    said = banner(settings, needs_key=False)
    assert "No API key exists, so anyone on this machine has full access." in said
    assert "WARNING" not in said
    assert "Bearer" not in said


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "bateia.example", "127.0.0.1.example", "localhost6"])
def test_a_reachable_service_allows_anonymous_access_only_explicitly_and_warns(host: str) -> None:
    assert not is_loopback(host)
    assert not read_settings({"BATEIA_HOST": host}).unwrap().may_be_open
    told = read_settings({"BATEIA_HOST": host, "BATEIA_ALLOW_OPEN": "true"}).unwrap()
    assert told.may_be_open
    said = banner(told, needs_key=False)
    assert f"WARNING: No API key exists, so anyone on every machine that can reach {host} has full access." in said


def test_where_a_key_is_needed_each_command_brings_one() -> None:
    said = banner(read_settings({}).unwrap(), needs_key=True)
    commands = [line for line in said.splitlines() if "curl" in line]
    assert len(commands) == 3
    assert all('-H "Authorization: Bearer $KEY"' in line for line in commands)
    assert "full access" not in said
    assert "The console asks for it" in said


def test_it_begins_with_where_to_look() -> None:
    said = banner(read_settings({"BATEIA_PORT": "8123"}).unwrap(), needs_key=True)
    here = "http://127.0.0.1:8123"
    where = f"Bateia listens on {here}. Open {here}/ in a browser for the console, {here}/docs for the API;"
    assert said.splitlines()[1] == f"{where} Ctrl-C stops it."


def test_where_a_file_holds_a_key_the_commands_work_as_they_are_printed(tmp_path: Path) -> None:
    file = tmp_path / "a folder" / "api_key"
    file.parent.mkdir()
    file.write_text("bateia_key\n")
    said = banner(read_settings({}).unwrap(), needs_key=True, key_file=file)
    assert "entrypoints.keys" not in said
    commands = said.partition("finished execution:\n\n")[2]
    stand_in = 'curl() { printf "%s\\n" "$@" >&2; }\n'
    done = subprocess.run(["bash", "-uc", stand_in + commands], capture_output=True, text=True, check=True)
    assert done.stderr.count("Authorization: Bearer bateia_key\n") == 3
