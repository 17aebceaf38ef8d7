"""The share of each version in the executions that are examined for a page."""

from hypothesis import given
from hypothesis import strategies as st

from domain.version_usage import MOST_OF_A_PAGE, MOST_OF_A_VERSION, most_examined


@given(st.integers(0, 1_000))
def test_each_version_has_a_share_and_all_together_no_more_than_the_limit(versions: int) -> None:
    share = most_examined(versions)
    assert 0 < share <= MOST_OF_A_VERSION
    assert versions * share <= MOST_OF_A_PAGE
    assert share == MOST_OF_A_VERSION or (versions + 1) * (share + 1) > MOST_OF_A_PAGE
