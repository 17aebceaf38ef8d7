"""Members without a column of their own: stored as JSON, read back the same, and only where they say anything."""

import json
from typing import Final
from uuid import UUID

from attrs import asdict, frozen
from hypothesis import given
from hypothesis import strategies as st

from adapters.postgres.json_columns import JsonColumn
from domain.outcome import Isolation


@frozen
class Stored:
    """A domain class that has got more members than its table has columns."""

    named: str
    lines: int = 1000
    by: UUID | None = None
    isolation: Isolation | None = None
    marks: tuple[str, ...] = ()


COLUMN: Final = JsonColumn(Stored, "named")
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: Final = st.builds(
    Stored,
    named=TEXTS,
    lines=st.just(1000) | st.integers(),
    by=st.none() | st.uuids(),
    isolation=st.none() | st.sampled_from(Isolation),
    marks=st.lists(TEXTS, max_size=2).map(tuple),
)


@given(VALUES)
def test_members_are_read_as_they_were_stored_and_defaults_are_not_stored(value: Stored) -> None:
    text = COLUMN.dump(value)
    kept = None if text is None else json.loads(text)
    assert Stored(value.named, **COLUMN.load(kept)) == value
    plain = asdict(Stored(value.named))
    assert (kept or {}).keys() == {name for name, member in asdict(value).items() if member != plain[name]}


@given(VALUES, TEXTS, st.none() | st.integers() | st.lists(st.integers()))
def test_members_that_only_a_later_release_knows_are_ignored(value: Stored, name: str, later: object) -> None:
    kept = {f"later {name}": later, "named": "has a column"} | json.loads(COLUMN.dump(value) or "{}")
    assert Stored(value.named, **COLUMN.load(kept)) == value
