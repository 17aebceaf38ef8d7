"""The operator's file of stores: what it may say, and what is said about the rest."""

from pathlib import Path
from typing import Final

import pytest

from adapters.stores.configuration import StoresRefused, read_definitions
from adapters.stores.stores import ConfiguredStores
from domain.stores import Operation, StoreName, StoreRules
from entrypoints.composition.object_stores import object_stores
from entrypoints.configuration.settings import Settings

WHOLE: Final = """
[stores.lake]
url = "s3://bucket/prefix"
operations = ["read"]
scripts = ["cards-*"]
keys = ["team-a"]
[stores.lake.options]
aws_region = "eu-1"
aws_access_key_id = "env:LAKE"
aws_secret_access_key = "file:/run/lake"
allow_http = true
[stores.disk]
url = "file:///srv/data/"
"""


def secret(reference: str) -> str:
    return {"env:LAKE": "the-id", "file:/run/lake": "the-secret"}[reference]


def test_a_file_defines_stores_with_their_rules_and_secrets() -> None:
    lake, disk = read_definitions(WHOLE, "stores.toml", secret)
    assert (lake.name, lake.url) == (StoreName("lake"), "s3://bucket/prefix")
    assert lake.rules == StoreRules(frozenset({Operation.READ}), ("cards-*",), ("team-a",))
    assert lake.options["aws_secret_access_key"] == "the-secret"
    assert lake.options["allow_http"] == "true"
    assert "the-secret" not in repr(lake)
    assert (disk.folder, disk.rules) == ("/srv/data", StoreRules())
    assert ConfiguredStores([lake, disk]).stores().keys() == {lake.name, disk.name}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = [", "is not TOML"),
        ("x = 1", "each store is a table"),
        ("stores = 1", "each store is a table"),
        ("[stores.A]\nurl = 's3://b'", "store A: a name has lower-case letters"),
        ("[stores]\na = 1", "store a: a store is a table with"),
        ("[stores.a]\nurl = 's3://b'\nuser = 'x'", "store a: a store is a table with"),
        ("[stores.a]", "url begins with one of s3://"),
        ("[stores.a]\nurl = 'ftp://b'", "url begins with one of s3://"),
        ("[stores.a]\nurl = 's3://id:key@b'", "url has no credentials"),
        ("[stores.a]\nurl = 'file://data'", "an absolute path"),
        ("[stores.a]\nurl = 'file:///srv/../etc'", "an absolute path"),
        ("[stores.a]\nurl = 's3://b'\noperations = ['list']", 'operations is a list of "read" and "write"'),
        ("[stores.a]\nurl = 's3://b'\nkeys = 'x'", "keys is a list of texts"),
        ("[stores.a]\nurl = 's3://b'\noptions = 1", "options is a table of texts"),
        ("[stores.a]\nurl = 'file:///b'\noptions.x = 'y'", "a folder takes no options"),
        ("[stores.a]\nurl = 's3://b'\nenabled = 'no'", "enabled is true or false"),
        ("[stores.a]\nurl = 's3://b'\noptions.x = [1]", "option x is a text"),
        ("[stores.a]\nurl = 's3://b'\noptions.x = 'env:NONE'", "option x: the environment variable is not set"),
    ],
)
def test_a_wrong_file_is_refused_with_place_and_remedy(text: str, said: str) -> None:
    with pytest.raises(StoresRefused, match=r"stores\.toml") as refused:
        read_definitions(text, "stores.toml", secret)
    assert said in str(refused.value)


def test_a_secret_file_that_is_missing_is_named_and_its_path_is_not() -> None:
    def missing(reference: str) -> str:
        return Path(reference).read_text()

    with pytest.raises(StoresRefused, match=r"the file cannot be read \(No such file or directory\)$"):
        read_definitions(WHOLE.replace("env:LAKE", "x"), "stores.toml", missing)


def test_a_store_that_is_not_enabled_is_none(tmp_path: Path) -> None:
    file = tmp_path / "stores.toml"
    file.write_text("[stores.files]\nenabled = false\noptions.aws_region = 'env:NOT_THERE'\n")
    assert not object_stores(Settings(stores_file=file, files_dir=tmp_path)).stores()
    file.write_text("")
    assert object_stores(Settings(stores_file=file, files_dir=tmp_path)).stores().keys() == {StoreName("files")}
    assert not object_stores(Settings()).stores()


def test_a_secret_that_is_no_text_is_refused_without_it(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"hidden\xff")
    file = tmp_path / "stores.toml"
    file.write_text(f"[stores.lake]\nurl = 's3://b'\noptions.aws_region = 'file:{tmp_path}/secret'\n")
    with pytest.raises(StoresRefused, match="option aws_region: the file is not UTF-8") as refused:
        object_stores(Settings(stores_file=file))
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("option", ["user = 'hidden'", "aws_nothing = 'hidden'"])
def test_an_option_that_the_library_does_not_know_is_refused_without_its_value(option: str) -> None:
    definitions = read_definitions(f"[stores.a]\nurl = 's3://b'\noptions.{option}", "stores.toml", secret)
    with pytest.raises(StoresRefused, match="store a: ") as refused:
        ConfiguredStores(definitions)
    assert "hidden" not in str(refused.value)


def test_what_the_library_refuses_is_said_with_file_store_and_option(tmp_path: Path) -> None:
    file = tmp_path / "stores.toml"
    file.write_text("[stores.a]\nurl = 's3://b'\noptions.aws_nothing = 'hidden'")
    with pytest.raises(StoresRefused, match=r"stores\.toml .*store a: .*'aws_nothing'.* remove the option") as refused:
        object_stores(Settings(stores_file=file))
    assert "hidden" not in str(refused.value)
