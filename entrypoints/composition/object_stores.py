"""The stores of a process: those of the operator's file, and the folder `files`."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from adapters.stores.configuration import StoreDefinition, StoresRefused, read_definitions
from adapters.stores.stores import ConfiguredStores
from domain.stores import StoreName
from entrypoints.configuration.settings import Settings

FILES: Final = StoreName("files")


def object_stores(settings: Settings) -> ConfiguredStores:
    """Create the stores that the settings configure. Raises `StoresRefused`."""
    definitions = _definitions(settings)
    try:
        return ConfiguredStores(definitions)
    except StoresRefused as refused:
        raise StoresRefused(f"{settings.stores_file} (BATEIA_STORES_FILE): {refused}") from None


def _definitions(settings: Settings) -> Sequence[StoreDefinition]:
    configured = () if settings.stores_file is None else _read(settings.stores_file)
    if settings.files_dir is None or any(one.name == FILES for one in configured):
        return configured
    return (*configured, StoreDefinition(FILES, f"file://{settings.files_dir.resolve()}"))


def _read(path: Path) -> Sequence[StoreDefinition]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise StoresRefused(f"{path} (BATEIA_STORES_FILE) cannot be read ({type(error).__name__})") from None
    return read_definitions(text, str(path), _secret)


def _secret(reference: str) -> str:
    """Resolve `env:NAME` or `file:PATH`."""
    kind, _, place = reference.partition(":")
    return os.environ[place] if kind == "env" else Path(place).read_text("utf-8-sig").strip()
