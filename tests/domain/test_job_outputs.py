"""Names, columns and manifest of a job's output."""

import json
from typing import Final
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from domain.execution import ScriptReference
from domain.job_outputs import (
    ColumnConflict,
    has_columns,
    listed_objects,
    manifest_of,
    part_name,
    unite,
    whole_name,
)
from domain.job_requests import ColumnType, DataFormat, JobInput, JobOutput, JobRequest, Merge
from domain.jobs import Column, Job, OutputFile
from domain.limits import DEFAULTS
from domain.script import ScriptName
from domain.stores import folder, object_pattern
from tests.support.values import CIRCUMSTANCES, NOON

JOB: Final = Job(
    id=UUID(int=7),
    script=ScriptReference(
        id=UUID(int=8), name=ScriptName("cards"), version=3, sha256="0f" * 32, engine="an engine 1.0"
    ),
    limits=DEFAULTS,
    circumstances=CIRCUMSTANCES,
    request=JobRequest(
        input=JobInput(pattern=object_pattern("lake://in/*").unwrap()),
        output=JobOutput(folder("lake://out").unwrap(), DataFormat.NDJSON),
        merge=Merge.CONCATENATE,
    ),
    submitted_at=NOON,
)
columns = st.builds(Column, st.sampled_from("abc"), st.sampled_from(ColumnType))
files = st.builds(OutputFile, st.text(max_size=9), st.integers(0), st.text("0123456789abcdef", min_size=64))


@given(st.lists(st.lists(columns)))
def test_columns_are_united_in_the_order_in_which_they_are_seen(described: list[list[Column]]) -> None:
    seen = list(dict.fromkeys(one for each in described for one in each))
    names = [one.name for one in seen]
    if len(set(names)) == len(names):
        assert unite(described) == Success(tuple(seen))
    else:
        second = next(at for at, name in enumerate(names) if name in names[:at])
        first = next(one for one in seen if one.name == names[second])
        assert unite(described) == Failure(ColumnConflict(first.name, (first.type, seen[second].type)))


@given(st.lists(files), st.integers(0))
def test_a_manifest_lists_its_objects(objects: list[OutputFile], partitions: int) -> None:
    manifest = manifest_of(JOB, objects, partitions, "ab")
    assert listed_objects(manifest) == tuple(objects)
    assert json.loads(manifest) | {"objects": []} == {
        "job": str(JOB.id),
        "script": {
            "id": str(JOB.script.id),
            "name": "cards",
            "version": 3,
            "sha256": "0f" * 32,
            "engine": "an engine 1.0",
        },
        "objects": [],
        "partitions": {"count": partitions, "root": "ab"},
    }
    assert manifest == manifest_of(JOB, objects, partitions, "ab")


def test_names() -> None:
    assert whole_name() == "result.json"
    assert part_name(7, DataFormat.CSV) == "part-00007.csv"
    assert [one for one in DataFormat if has_columns(one)] == [DataFormat.CSV, DataFormat.PARQUET]
