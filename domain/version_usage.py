"""Use of a script's versions: the stored executions of each, and the standing of the script's tests on it."""

from typing import Final

from attrs import frozen

MOST_OF_A_VERSION: Final = 1_000
"""Executions of a version are examined up to this number."""
MOST_OF_A_PAGE: Final = 20_000
"""Executions of all versions of a page are examined up to this number, which bounds the cost."""


@frozen(kw_only=True)
class VersionUsage:
    """Executions of a version in any state, without replays, and the script's current tests by their last results.

    Unless `is_complete`, the version may have more executions: the counts are those of the newest.
    """

    executions: int
    failed: int
    cancelled: int
    is_complete: bool
    tests_passed: int
    tests_failed: int
    tests_not_run: int


def most_examined(versions: int) -> int:
    """Share the executions that are examined for a page among its versions."""
    return min(MOST_OF_A_VERSION, MOST_OF_A_PAGE // max(1, versions))
