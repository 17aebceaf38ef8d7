"""The banner of a working service: its access, and commands that work."""

import subprocess
from pathlib import Path

import pytest

from entrypoints.banner import Access, banner, texts_for
from entrypoints.configuration.setting_kinds import is_loopback
from entrypoints.configuration.settings import read_settings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost", "LOCALHOST"])
def test_a_loopback_service_may_allow_anonymous_access(host: str) -> None:
    settings = read_settings({"BATEIA_HOST": host}).unwrap()
    assert settings.may_be_open
    said = banner(settings, Access(needs_key=False))
    assert "No API key exists, so anyone on this machine has full access." in said
    assert "WARNING" not in said
    assert "Bearer" not in said


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "bateia.example", "127.0.0.1.example", "localhost6"])
def test_a_reachable_service_allows_anonymous_access_only_explicitly_and_warns(host: str) -> None:
    assert not is_loopback(host)
    assert not read_settings({"BATEIA_HOST": host}).unwrap().may_be_open
    told = read_settings({"BATEIA_HOST": host, "BATEIA_ALLOW_OPEN": "true"}).unwrap()
    assert told.may_be_open
    said = banner(told, Access(needs_key=False))
    assert f"WARNING: No API key exists, so anyone on every machine that can reach {host} has full access." in said


def test_where_a_key_is_needed_each_command_brings_one() -> None:
    said = banner(read_settings({}).unwrap(), Access(needs_key=True))
    commands = [line for line in said.splitlines() if "curl" in line]
    assert len(commands) == 3
    assert all('-H "Authorization: Bearer $KEY"' in line for line in commands)
    assert "full access" not in said
    assert "The console asks for it" in said


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({}, "Bateia is ready. Open "),
        ({"LANG": "pt_BR.UTF-8"}, "A Bateia está pronta. Abra "),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "pt_PT"}, "A Bateia está pronta. Abra "),
        ({"LC_ALL": "C", "LANG": "pt_BR"}, "Bateia is ready. Open "),
        ({"LC_ALL": "", "LANG": "pt_BR"}, "A Bateia está pronta. Abra "),
    ],
)
def test_it_begins_with_the_address_of_the_console_in_the_reader_s_language(env: dict[str, str], words: str) -> None:
    settings = read_settings({"BATEIA_PORT": "8123", "BATEIA_ALLOW_UNCONFINED": "true"}).unwrap()
    said = banner(settings, Access(needs_key=False), texts_for(env))
    assert said.splitlines()[1].startswith(f"{words}http://127.0.0.1:8123/ ")
    assert "http://127.0.0.1:8123/docs" in said
    assert "{" not in said.partition("curl")[0], "a placeholder is left"


def test_where_a_file_holds_a_key_the_commands_work_as_they_are_printed(tmp_path: Path) -> None:
    file = tmp_path / "a folder" / "api_key"
    file.parent.mkdir()
    file.write_text("bateia_key\n")
    said = banner(read_settings({}).unwrap(), Access(needs_key=True, key_file=file))
    assert "entrypoints.keys" not in said
    commands = said.partition("finished execution:\n\n")[2]
    stand_in = 'curl() { printf "%s\\n" "$@" >&2; }\n'
    done = subprocess.run(["bash", "-uc", stand_in + commands], capture_output=True, text=True, check=True)
    assert done.stderr.count("Authorization: Bearer bateia_key\n") == 3
