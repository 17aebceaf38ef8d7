"""Writing of a script's tests: names, preconditions and room."""

from domain.preconditions import UNCONDITIONAL, Precondition, PreconditionFailed
from domain.script import ScriptName
from domain.script_tests import MOST_TESTS, InvalidTestName, TooManyTests, check_room, script_test_name
from tests.support.script_tests import a_script_test
from tests.support.values import an_id

NAME = ScriptName("corporate-cards")


def test_names_are_slugs() -> None:
    assert script_test_name("empty-2026").unwrap().value == "empty-2026"
    for name in ("", "A", "a_b", "-a", "a" * 64, "a\n", "é"):
        assert script_test_name(name).failure() == InvalidTestName(name)


def test_a_test_replaces_the_one_of_its_name_and_needs_room_only_if_there_is_none() -> None:
    test, former = a_script_test(), an_id()
    others = {f"t{number}": an_id() for number in range(MOST_TESTS - 1)}
    assert check_room(test, NAME, others, UNCONDITIONAL).unwrap() is None
    assert check_room(test, NAME, others | {"empty": former}, UNCONDITIONAL).unwrap() == former
    assert check_room(test, NAME, others | {"last": an_id()}, UNCONDITIONAL).failure() == TooManyTests(NAME)


def test_a_precondition_comes_before_the_room() -> None:
    test, former = a_script_test(), an_id()
    full = {f"t{number}": an_id() for number in range(MOST_TESTS)}
    only_new, only_former = Precondition(allows_existing=False), Precondition(allows_absent=False)
    same = Precondition(allows_absent=False, revisions=frozenset({str(former)}))
    assert check_room(test, NAME, full, only_former).failure() == PreconditionFailed(None)
    assert check_room(test, NAME, {"empty": former}, only_new).failure() == PreconditionFailed(former)
    assert check_room(test, NAME, {"empty": former}, same).unwrap() == former
    assert check_room(test, NAME, {"empty": an_id()}, same).failure() is not None
