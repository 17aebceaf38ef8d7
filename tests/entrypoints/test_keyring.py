"""Master keys of a process: from a file or its environment, or refused in a line that repeats nothing of them."""

from pathlib import Path

import pytest

from application.ports.encryption import NO_ENCRYPTION
from entrypoints.configuration.keyring import MasterKeysRefused, keyring_of
from entrypoints.configuration.settings import Settings, read_settings

A_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def settings(**env: str) -> Settings:
    return read_settings({f"BATEIA_MASTER_KEYS{name}": value for name, value in env.items()}).unwrap()


def test_without_keys_nothing_is_encrypted() -> None:
    assert keyring_of(Settings()) is NO_ENCRYPTION


def test_they_come_from_the_environment_or_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"# ours\nb:{A_KEY}\na:{A_KEY}\n")
    seals = keyring_of(settings(_FILE=str(tmp_path / "keys")))
    assert (seals.primary_key_id, seals.key_ids) == ("b", frozenset({"a", "b"}))
    assert keyring_of(settings(**{"": f"a:{A_KEY}"})).primary_key_id == "a"


def test_an_unusable_key_is_refused_and_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "keys").write_bytes(b"\xff" + A_KEY.encode())
    for refused, why in [
        (settings(**{"": f"a:{A_KEY}", "_FILE": "keys"}), "are both set"),
        (settings(**{"": A_KEY}), "BATEIA_MASTER_KEYS: line 1 does not start with an id"),
        (settings(_FILE=str(tmp_path / "none")), r"cannot be read \(FileNotFoundError\)"),
        (settings(_FILE=str(tmp_path / "keys")), r"cannot be read \(UnicodeDecodeError\)"),
    ]:
        with pytest.raises(MasterKeysRefused, match=why) as refusal:
            keyring_of(refused)
        assert A_KEY not in str(refusal.value)
        assert A_KEY not in repr(refused)
