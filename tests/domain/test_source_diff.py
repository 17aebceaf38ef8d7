"""The differences between two sources: a patch of the one yields the other, whatever the work that is left for it."""

import shutil
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain import line_matching
from domain.line_matching import MOST_STEPS, Block, matching_blocks
from domain.source_diff import split_lines, unified_diff
from tests.support.unified_diff import apply_diff, lines_of

NAMES = ("a/script.js\tversion 1", "b/script.js\tversion 2")
lines = st.sampled_from(["a\n", "b\n", "c\r\n", "\n", "d\u2028e\n", "\x0c\n", "-- f\n", "++ g\n", "@@\n", "\\ h\n"])
ends = st.sampled_from(["", "a", "b\r", "\\ No newline at end of file"])
texts = st.builds(lambda body, end: ("".join(body) + end).encode(), st.lists(lines, max_size=30), ends)
steps = st.integers(0, 60) | st.just(MOST_STEPS)


@st.composite
def revisions(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Draw a text, and the same text with some of its lines replaced, moved or removed."""
    before = lines_of(draw(texts))
    after = list(before)
    for _ in range(draw(st.integers(0, 4))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(after))] * 2)))
        after[start:end] = lines_of(draw(texts)[:20])
    return b"".join(before), b"".join(after)


@given(st.tuples(texts, texts) | revisions(), steps)
@example((b"a", b"a\n"), MOST_STEPS)
@example((b"", b"a"), MOST_STEPS)
@example((b"a\nb\nc\nb\na\n", b"c\nb\na\nb\nc\n"), 0)
def test_the_patch_of_a_text_is_the_other_text(both: tuple[bytes, bytes], most_steps: int) -> None:
    before, after = both
    patch = unified_diff(before, after, NAMES, most_steps)
    assert apply_diff(before, patch) == after
    assert (patch == b"") == (before == after)


@given(st.tuples(texts, texts) | revisions(), steps)
def test_blocks_are_equal_lines_in_the_order_of_both_texts(both: tuple[bytes, bytes], most_steps: int) -> None:
    before, after = map(split_lines, both)
    row = column = 0
    for block in matching_blocks(before, after, most_steps):
        assert (block.before >= row, block.after >= column, block.size > 0) == (True, True, True)
        row, column = block.before + block.size, block.after + block.size
        assert before[block.before : row] == after[block.after : column] != []


@given(st.binary(max_size=40))
def test_lines_end_at_line_feeds_and_nowhere_else(data: bytes) -> None:
    *ended, last = lines_of(data) or [b"\n"]
    marked = last.removesuffix(b"\n") if last.endswith(b"\n") else last + b"\n\\ No newline at end of file"
    assert split_lines(data) == [*(line.removesuffix(b"\n") for line in ended), *([marked] if data else [])]


@given(st.lists(st.integers(0, 3), max_size=12), st.lists(st.integers(0, 3), max_size=12))
@example([0, 0, 1, 1, 2], [1, 1, 0, 0, 2])
def test_without_unique_lines_the_edit_is_the_shortest(before: list[int], after: list[int]) -> None:
    # No line that both have is there once. The ends differ, so none becomes the only one when equal ends are set aside.
    old, new = ([end, *(b"%d\n" % one for one in sides * 2), end] for sides, end in ((before, b"-"), (after, b"+")))
    matched = sum(block.size for block in matching_blocks(old, new))
    assert matched == longest_common_subsequence(old, new)


def longest_common_subsequence(old: list[bytes], new: list[bytes]) -> int:
    row = [0] * (len(new) + 1)
    for line in old:
        above = row[:]
        for column, other in enumerate(new):
            row[column + 1] = above[column] + 1 if line == other else max(above[column + 1], row[column])
    return row[-1]


def test_a_changed_line_is_shown_with_three_lines_before_and_behind_it() -> None:
    before = b"".join(b"line %d\n" % number for number in range(20))
    after = before.replace(b"line 1\n", b"line one\n").replace(b"line 15\n", b"")
    assert unified_diff(before, after, NAMES).decode() == (
        "--- a/script.js\tversion 1\n+++ b/script.js\tversion 2\n"
        "@@ -1,5 +1,5 @@\n line 0\n-line 1\n+line one\n line 2\n line 3\n line 4\n"
        "@@ -13,7 +13,6 @@\n line 12\n line 13\n line 14\n-line 15\n line 16\n line 17\n line 18\n"
    )


def test_a_text_without_a_newline_at_its_end_says_so() -> None:
    patch = unified_diff(b"a\r\nb", b"a\r\nb\n", ("/dev/null", "b"))
    assert patch.endswith(b"@@ -1,2 +1,2 @@\n a\r\n-b\n\\ No newline at end of file\n+b\n")
    assert unified_diff(b"", b"a\n", ("a", "b")).endswith(b"@@ -0,0 +1,1 @@\n+a\n")


def test_moved_lines_that_are_unique_anchor_the_rest() -> None:
    before, after = ([f"{one}\n".encode() for one in text] for text in ("{}1{}2{}3{}", "{}3{}1{}2{}"))
    assert sum(block.size for block in matching_blocks(before, after, 0)) >= 6


def test_with_more_lines_than_the_bound_what_is_between_the_equal_ends_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line_matching, "MOST_LINES", 3)
    before, after = ([f"{one}\n".encode() for one in text] for text in ("ab1cd2ef", "ab3cd4ef"))
    assert matching_blocks(before, after) == [Block(0, 0, 2), Block(6, 6, 2)]


TOOLS = [["git", "apply", "-p1", "-"], ["patch", "-p1", "--binary", "--silent"]]


@pytest.mark.parametrize("tool", [one for one in TOOLS if shutil.which(one[0])], ids=lambda tool: tool[0])
@settings(max_examples=4)
@given(both=revisions().filter(lambda both: both[0] != both[1] and all(both)))
@example(both=(b"a\r\nb", b"a\r\nb\n"))
def test_the_usual_tools_take_the_patch(
    tmp_path_factory: pytest.TempPathFactory, tool: list[str], both: tuple[bytes, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("patched")
    file = folder / "script.js"
    file.write_bytes(both[0])
    subprocess.run(tool, cwd=folder, input=unified_diff(*both, NAMES), check=True, capture_output=True)
    assert file.read_bytes() == both[1]
