"""Names of aliases, and the versions that references lead to."""

import re

from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful
from returns.result import Failure, Success

from domain.aliases import (
    LIVE,
    AliasName,
    InvalidAliasName,
    SelectedVersion,
    UnknownAlias,
    VersionRef,
    alias_name,
    select_version,
)

CANARY = AliasName("canary")


@given(st.text(max_size=70) | st.from_regex("[a-z][a-z0-9-]{0,66}", fullmatch=True) | st.from_regex("[0-9]+"))
def test_a_name_is_a_slug_that_is_no_number(text: str) -> None:
    parsed = alias_name(text)
    assert is_successful(parsed) == (re.fullmatch("[a-z][a-z0-9-]*", text) is not None and len(text) <= 63)
    assert parsed in (Success(AliasName(text)), Failure(InvalidAliasName(text)))
    assert not text.strip().isdecimal() or not is_successful(parsed)


def test_latest_is_reserved_and_what_begins_so_is_not() -> None:
    assert alias_name("latest") == Failure(InvalidAliasName("latest"))
    assert alias_name("latest-1") == Success(AliasName("latest-1"))


@given(
    st.none() | st.integers(1, 9) | st.sampled_from([LIVE, CANARY]),
    st.dictionaries(st.sampled_from([LIVE, CANARY]), st.integers(1, 9)),
)
def test_a_reference_leads_to_the_number_itself_or_where_the_alias_leads(
    wanted: VersionRef | None, aliases: dict[AliasName, int]
) -> None:
    selected = select_version(wanted, 9, aliases)
    if isinstance(wanted, int):
        assert selected == Success(SelectedVersion(wanted))
    elif wanted is None and LIVE not in aliases:
        assert selected == Success(SelectedVersion(9))
    else:
        name = wanted or LIVE
        known = name in aliases
        assert selected == (Success(SelectedVersion(aliases[name], name)) if known else Failure(UnknownAlias(name)))
