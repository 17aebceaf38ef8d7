"""Receipts in files, verified offline: that of an execution, or that of a job with its partitions and its output."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bateia.command.exits import Unusable
from bateia.documents import Document
from bateia.job_proof import folder_objects
from bateia.job_verification import ExpectedJob, is_about_a_job, verified_job
from bateia.merkle import PartitionTree
from bateia.texts import say
from bateia.verification import Expected, Verification, verified


@dataclass(frozen=True)
class Given:
    """The facts that a receipt has to state, for either kind of receipt, and the files about a job."""

    expected: Expected
    expected_job: ExpectedJob
    partitions: Path | None = None
    folder: Path | None = None


def verified_file(receipt: bytes, keys: bytes, given: Given) -> Verification:
    """Verify a receipt. Raises `Unusable` if something is given that receipts of its kind do not have."""
    found = verified(receipt, keys, given.expected)
    if is_about_a_job(found):
        if given.expected.execution or given.expected.outcome or given.expected.dataset:
            raise Unusable(say("the receipt is of a job: --execution, --result and --dataset are for executions"))
        return verified_job(receipt, keys, _complete(given))
    if found.statement is not None and (given.expected_job.job or given.partitions or given.folder):
        raise Unusable(say("the receipt is of an execution: --job, --partitions and --folder are for jobs"))
    return found


def _complete(given: Given) -> ExpectedJob:
    expected = given.expected_job
    if given.partitions is not None:
        tree = PartitionTree()
        tree.add(_items(given.partitions))
        expected = replace(expected, partitions=tree.root())
    if given.folder is not None:
        manifest, objects = folder_objects(given.folder)
        expected = replace(expected, manifest=manifest, objects=objects)
    return expected


def _items(file: Path) -> list[Document]:
    """Read partitions: an array, a page of the service, or one on each line."""
    text = file.read_bytes()
    try:
        value: Any = json.loads(text)
    except ValueError:
        value = None
    try:
        if value is None:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        raise Unusable(
            say("{file} has no partitions as JSON: save those of `bateia jobs partitions ID --json`", file=file)
        ) from None
    items = value.get("items", [value]) if isinstance(value, dict) else value
    return items if isinstance(items, list) else [items]
