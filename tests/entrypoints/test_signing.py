"""Signing keys of a service: configured, created beside its data, changed from the command line, or refused."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from adapters.signing.key_file import read_key_file
from adapters.signing.signer import WatchedSigner
from adapters.signing.signing_keys import parse_signing_keys, signing_keys_text
from application.ports.operations import CheckFailed, Readiness
from entrypoints.configuration.settings import Settings, read_settings
from entrypoints.configuration.signing import SigningKeysRefused, own_key_file, signer_of, with_signing
from entrypoints.serve import Programs, serve
from entrypoints.signing_keys import main
from entrypoints.supervision.listening import StartFailed
from tests.support.signing import SIGNING_KEYS

TEXT = signing_keys_text(SIGNING_KEYS)
SECRET = TEXT.split()[-2]


def settings(**env: str) -> Settings:
    return read_settings({f"BATEIA_SIGNING_KEYS{name}": value for name, value in env.items()}).unwrap()


def known(signer: WatchedSigner | None) -> list[str]:
    assert signer is not None
    return [one.keyid for one in signer.public_keys()]


def test_keys_come_from_the_environment_or_from_a_file_or_there_are_none(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(TEXT)
    keyid = SIGNING_KEYS.current.keyid
    assert known(signer_of(settings(_FILE=str(tmp_path / "keys")))) == [keyid]
    assert known(signer_of(settings(**{"": TEXT.splitlines()[1]}))) == [keyid]
    assert signer_of(Settings()) is None


def test_unusable_keys_are_refused_and_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"{TEXT}{SECRET}")
    for refused, why in [
        (settings(**{"": TEXT, "_FILE": "keys"}), "are both set"),
        (settings(**{"": SECRET}), "BATEIA_SIGNING_KEYS: line 1 is not: an id"),
        (settings(_FILE=str(tmp_path / "none")), r"cannot be read \(FileNotFoundError\)"),
        (settings(_FILE=str(tmp_path / "keys")), "line 3 is not: an id"),
    ]:
        with pytest.raises(SigningKeysRefused, match=why) as refusal:
            signer_of(refused)
        assert SECRET not in f"{refusal.value} {refused!r}"


def test_a_service_with_its_own_database_creates_one_key_and_keeps_it(tmp_path: Path) -> None:
    own = evolve(Settings(), data_dir=tmp_path)
    path = own_key_file(own)
    assert path == tmp_path / "signing-keys"
    keys = read_key_file(path).unwrap()
    assert own_key_file(own) == path
    assert read_key_file(path).unwrap() == keys
    assert own_key_file(evolve(own, signing_keys=TEXT)) is None
    path.write_text(SECRET)
    with pytest.raises(SigningKeysRefused, match=f"{path} is unusable: line 1"):
        own_key_file(own)
    with pytest.raises(SigningKeysRefused, match="cannot be created: No such file or directory"):
        own_key_file(evolve(own, data_dir=tmp_path / "none"))


async def test_unusable_keys_are_a_warning_of_the_readiness(tmp_path: Path) -> None:
    async def check() -> Readiness:
        return Readiness()

    (tmp_path / "keys").write_text(TEXT)
    signer = signer_of(settings(_FILE=str(tmp_path / "keys")))
    assert await with_signing(check, signer)() == await with_signing(check, None)() == Readiness()
    (tmp_path / "keys").unlink()
    found = await with_signing(check, signer)()
    assert isinstance(found.signing, CheckFailed)
    assert found.trouble is None


def test_commands_create_rotate_and_print_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "keys")
    assert [main([command, path]) for command in ("new", "rotate", "rotate", "public")] == [0, 0, 0, 0]
    printed, said = capsys.readouterr()
    keys = read_key_file(tmp_path / "keys").unwrap()
    assert [one["keyid"] for one in json.loads(printed)["keys"]] == [one.keyid for one in keys.keys]
    assert f"the key {keys.current.keyid} signs now; former keys that still verify: 2\n" in said
    words = (tmp_path / "keys").read_text().splitlines()[1].split()
    assert words[1] == "private"
    assert words[2] not in printed + said


def test_a_command_that_cannot_be_carried_out_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "keys").write_text(SECRET)
    for words, why in [
        (("new", "keys"), "exists already"),
        (("new", "none/keys"), "No such file or directory"),
        (("rotate", "keys"), "line 1 is not: an id"),
        (("rotate", "none"), "No such file or directory"),
        (("public", "keys"), "line 1 is not: an id"),
        (("public", "none"), "it cannot be read"),
    ]:
        assert main([words[0], str(tmp_path / words[1])]) == 1
        said = capsys.readouterr().err
        assert why in said
        assert said.count("\n") == 1
        assert SECRET not in said


def test_a_command_names_what_refuses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "keys").write_text(TEXT)
    with Path("/dev/full").open("w", encoding="utf-8") as full, monkeypatch.context() as patched:
        patched.setattr("sys.stdout", full)
        assert main(["public", str(tmp_path / "keys")]) == 1
    assert capsys.readouterr().err == "signing_keys: the output cannot be written: No space left on device\n"
    assert main(["new", str(tmp_path / "none/keys")]) == 1
    assert capsys.readouterr().err == f"signing_keys: {tmp_path / 'none'}: No such file or directory\n"


def test_the_keys_of_a_container_and_of_the_documentation_are_read(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    for name in ("docker-secrets.sh", "help.sh"):
        shutil.copy(repository / "scripts" / name, tmp_path / "scripts")
    subprocess.run([tmp_path / "scripts/docker-secrets.sh"], check=True, capture_output=True)
    made = read_key_file(tmp_path / "docker/secrets/signing_keys").unwrap()
    assert [one.keyid for one in made.keys] == ["first"]
    (shown,) = re.findall(r"```\n(\S+ private .*?)```", (repository / "docs/provenance.md").read_text(), re.DOTALL)
    assert [one.keyid for one in parse_signing_keys(shown).unwrap().keys] == ["2027", "2026"]


def test_serve_refuses_unusable_keys_of_its_own_before_it_starts_the_api(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def database(_settings: Settings, _env: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
        yield "postgresql://x", object()  # a server of its own

    def migrate(_programs: Programs, env: Mapping[str, str]) -> None:
        raise StartFailed(env["BATEIA_SIGNING_KEYS_FILE"])

    monkeypatch.setattr("entrypoints.serve._database", database)
    monkeypatch.setattr("entrypoints.serve._migrate", migrate)
    monkeypatch.setattr("entrypoints.serve.await_port", lambda _settings: None)
    own, file = evolve(Settings(), data_dir=tmp_path), tmp_path / "signing-keys"
    with pytest.raises(StartFailed, match=f"^{file}$"):
        serve(own, {}, Programs())
    file.write_text("nonsense")
    with pytest.raises(SigningKeysRefused, match="line 1 is not: an id"):
        serve(own, {}, Programs())
