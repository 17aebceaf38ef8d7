"""The files about a job: the list of its partitions, and the folder of its output.

Neither is trusted: both are read up to a limit, and of a manifest only the last
segments of its paths are used, so that nothing outside of the folder is read.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from returns.pipeline import is_successful

from domain.job_outputs import MANIFEST
from domain.json_members import Members, WrongMember
from domain.partition_list import partitions_root
from domain.strict_json import read_object
from domain.verification import GivenObject
from domain.verification_report import Form
from entrypoints.verification.digests import digests_of
from entrypoints.verification.files import UnusableFile
from entrypoints.verification.rendering import filled
from entrypoints.verification.texts import Texts

MAX_BYTES: Final = 256 * 1024 * 1024


def root_of(file: Path, texts: Texts) -> str:
    """Compute the root of the partitions that a file lists: NDJSON of items, one page, or an array of items."""
    found = partitions_root(_items(_read(file), file, texts))
    if is_successful(found):
        return found.unwrap()
    wrong = found.failure()
    facts = {"place": wrong.place, "member": wrong.member}
    raise UnusableFile(f"{file}: {filled(texts.reasons['not-partitions'], facts)}")


def output_of(folder: Path, texts: Texts) -> tuple[str, Sequence[GivenObject]]:
    """Compute the digest of a folder's manifest, and those of the objects that it lists."""
    file = folder / MANIFEST
    read = read_object(_read(file))
    if not is_successful(read):
        reason = filled(texts.reasons[read.failure().fault], {"detail": read.failure().detail})
        raise UnusableFile(f"{file}: {reason}")
    try:
        listed = [(one.text("path"), one.text("sha256")) for one in Members(read.unwrap()).objects("objects")]
    except WrongMember as wrong:
        raise UnusableFile(f"{file}: {filled(texts.reasons['not-a-manifest'], {'member': wrong.path})}") from None
    return _sha256(file) or "", [_given(folder, path.rpartition("/")[2], sha256) for path, sha256 in listed]


def _given(folder: Path, name: str, listed_sha256: str) -> GivenObject:
    is_name = name not in ("", ".", "..") and "\0" not in name
    return GivenObject(name, listed_sha256, _sha256(folder / name) if is_name else None)


def _sha256(file: Path) -> str | None:
    try:
        return digests_of(file)[Form.RAW]
    except OSError:
        return None


def _items(text: bytes, file: Path, texts: Texts) -> Iterator[Mapping[str, Any]]:
    try:
        values = _values(text)
        for value in values:
            yield value if isinstance(value, dict) else {}
    except (ValueError, RecursionError):
        raise UnusableFile(f"{file}: {filled(texts.reasons['not-json'], {'detail': 'partitions'})}") from None


def _values(text: bytes) -> Iterator[Any]:
    """Read one value with all items, or else a value from each line."""
    try:
        whole = json.loads(text)
    except ValueError:
        return (json.loads(line) for line in text.splitlines() if line.strip())
    if isinstance(whole, dict) and isinstance(whole.get("items"), list):
        return iter(whole["items"])
    return iter(whole if isinstance(whole, list) else [whole])


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            text = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnusableFile(f"{file}: {error.strerror}") from error
    if len(text) > MAX_BYTES:
        raise UnusableFile(f"{file}: > {MAX_BYTES} bytes")
    return text
