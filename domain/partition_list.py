"""The list of a job's partitions as GET /v1/jobs/{job}/partitions returns it, read again for the root of their tree."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.json_members import Members, WrongMember
from domain.merkle import PartitionFacts, leaf_of, root
from domain.partitions import RangeUnit

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@frozen
class NotPartitions:
    """An item, counted from 1, is no partition that is done, or not the one that follows; `member` is at fault."""

    place: int
    member: str


def partitions_root(items: Iterable[Mapping[str, Any]]) -> Result[str, NotPartitions]:
    """Compute the root of partitions in their order, from the first on."""
    leaves: list[bytes] = []
    try:
        leaves.extend(_leaves(items))
    except _Wrong as wrong:
        return Failure(NotPartitions(*wrong.args))
    return Success(root(leaves))


class _Wrong(Exception):
    """The arguments of `NotPartitions`."""


def _leaves(items: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    for number, item in enumerate(items):
        try:
            facts = _facts(Members(item), item.get("result_sha256") is not None)
        except WrongMember as wrong:
            raise _Wrong(number + 1, wrong.path) from None
        if facts.number != number:
            raise _Wrong(number + 1, "number")
        yield leaf_of(facts)


def _facts(item: Members, has_result: bool) -> PartitionFacts:
    span = item.object("range")
    if (unit := span.text("unit")) not in tuple(RangeUnit):
        raise span.wrong("unit")
    return PartitionFacts(
        number=item.number("number"),
        object=item.number("object_number"),
        unit=unit,
        start=span.number("start"),
        end=span.number("end"),
        rows=item.number("rows"),
        input_sha256=item.matching("input_sha256", _SHA256),
        result_sha256=item.matching("result_sha256", _SHA256) if has_result else None,
    )
