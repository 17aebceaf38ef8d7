"""URLs of stores lead nowhere but into a store, patterns match whole paths, and rules say who may use a store."""

import re
from itertools import product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful
from returns.result import Failure, Success

from domain.stores import (
    MAX_PATH_BYTES,
    Folder,
    InvalidStoreUrl,
    NotForKey,
    NotForScript,
    ObjectPath,
    ObjectPattern,
    ObjectUrl,
    Operation,
    OperationNotAllowed,
    StoreName,
    StoreRules,
    UrlFault,
    check_use,
    folder,
    matches,
    object_path,
    object_pattern,
    object_url,
    store_name,
)

LAKE: Final = StoreName("lake")
segments = st.text(st.sampled_from("ab.-_ é%#:@~{}"), min_size=1, max_size=4).filter(lambda one: one not in (".", ".."))
paths = st.lists(segments, min_size=1, max_size=4).map("/".join)
FAULTS: Final = [
    ("", UrlFault.NO_PATH),
    ("a//b", UrlFault.SEGMENT),
    ("/a", UrlFault.SEGMENT),
    ("a/", UrlFault.SEGMENT),
    ("..", UrlFault.SEGMENT),
    ("a/../b", UrlFault.SEGMENT),
    ("./a", UrlFault.SEGMENT),
    ("a\\b", UrlFault.CHARACTER),
    ("a\0b", UrlFault.CHARACTER),
    ("a\ud800", UrlFault.CHARACTER),
    ("a\u2028b", UrlFault.CHARACTER),
    ("é" * (MAX_PATH_BYTES // 2) + "a", UrlFault.TOO_LONG),
    ("a/" + "é" * 128, UrlFault.SEGMENT_TOO_LONG),
    (".bateia", UrlFault.RESERVED),
    (".bateia/jobs/x", UrlFault.RESERVED),
]


@given(paths)
def test_a_path_is_read_as_it_is_written(path: str) -> None:
    url = object_url(f"lake://{path}").unwrap()
    assert url == ObjectUrl(LAKE, ObjectPath(path))
    assert object_url(str(url)) == Success(url)
    pattern = object_pattern(str(url)).unwrap()
    assert pattern.is_single
    assert matches(pattern, url.path)
    assert path.startswith(pattern.prefix)
    target = folder(str(url)).unwrap()
    assert (str(target), target.prefix) == (f"lake://{path}/", f"{path}/")
    assert folder(str(target)) == Success(target)


@given(st.text(max_size=30))
def test_no_text_leads_out_of_a_store(text: str) -> None:
    for read in (object_path(text), object_pattern(f"lake://{text}").map(lambda one: one.path)):
        if is_successful(read):
            path = read.unwrap().value
            assert path == text
            assert not {"", ".", ".."} & set(path.split("/"))
            assert not re.search(r"[\\\0-\x1f]", path)


@pytest.mark.parametrize(("path", "fault"), FAULTS, ids=range(len(FAULTS)))
def test_a_path_is_refused_for_its_fault(path: str, fault: UrlFault) -> None:
    refused = Failure(InvalidStoreUrl(fault))
    assert object_path(path) == refused
    assert object_url(f"lake://{path}") == refused
    assert object_pattern(f"lake://{path}") == refused
    if path not in ("", "a/"):  # the whole store, and a slash at the end
        assert folder(f"lake://{path}") == refused


@pytest.mark.parametrize("url", ["", "a/b", "lake:a", "://a", "Lake://a", "1ake://a", f"{'l' * 64}://a", "la_ke://a"])
def test_a_url_names_a_store(url: str) -> None:
    refused = Failure(InvalidStoreUrl(UrlFault.NOT_A_STORE_URL))
    assert object_url(url) == object_pattern(url) == folder(url) == refused
    assert store_name(url.partition("://")[0]) == refused or "://" not in url


def test_a_store_itself_is_a_folder() -> None:
    assert folder("lake://") == folder("lake:///") == Success(Folder(LAKE, None))
    assert (str(Folder(LAKE, None)), Folder(LAKE, None).prefix) == ("lake://", "")


@pytest.mark.parametrize("path", ["a*", "a/?", "[ab]/c", "**/a"])
def test_one_object_is_no_pattern(path: str) -> None:
    refused = Failure(InvalidStoreUrl(UrlFault.PATTERN))
    assert object_path(path) == object_url(f"lake://{path}") == folder(f"lake://{path}/") == refused
    assert not object_pattern(f"lake://{path}").unwrap().is_single


@pytest.mark.parametrize("path", ["a**", "**b/c", "**/a/**", "a/***"])
def test_two_stars_are_one_segment_once(path: str) -> None:
    assert object_pattern(f"lake://{path}") == Failure(InvalidStoreUrl(UrlFault.PATTERN))


def by_definition(pattern: list[str], path: list[str]) -> bool:
    """Match segment by segment, `**` by trying every number of segments."""
    if not pattern:
        return not path
    if pattern[0] == "**":
        least = 0 if pattern[1:] else 1
        return any(by_definition(pattern[1:], path[skipped:]) for skipped in range(least, len(path) + 1))
    literal = "".join({"*": ".*", "?": "."}.get(one, re.escape(one)) for one in pattern[0])
    return bool(path) and re.fullmatch(literal, path[0]) is not None and by_definition(pattern[1:], path[1:])


def test_a_pattern_matches_what_its_definition_says() -> None:
    pieces = ["a", "b*", "?", "**"]
    patterns = [one for size in (1, 2, 3) for one in product(pieces, repeat=size) if one.count("**") <= 1]
    objects = [one for size in (1, 2, 3) for one in product(["a", "b", "bc"], repeat=size)]
    for pattern in patterns:
        parsed = object_pattern(f"lake://{'/'.join(pattern)}").unwrap()
        for path in objects:
            found = matches(parsed, ObjectPath("/".join(path)))
            assert found == by_definition(list(pattern), list(path)), (pattern, path)
            assert not found or "/".join(path).startswith(parsed.prefix)


def test_a_class_of_characters_stands_for_one_and_the_prefix_ends_before_it() -> None:
    pattern = ObjectPattern(LAKE, ObjectPath("in/2024-0[12]/x.csv"))
    assert (pattern.prefix, str(pattern)) == ("in/", "lake://in/2024-0[12]/x.csv")
    assert [matches(pattern, ObjectPath(f"in/2024-0{month}/x.csv")) for month in (1, 2, 3)] == [True, True, False]


names = st.sampled_from(["ci", "ci-prod", "prod", None])
globs = st.lists(st.sampled_from(["*", "ci*", "prod", "none"]), max_size=2).map(tuple)


@given(st.frozensets(st.sampled_from(Operation)), globs, globs, names, names)
def test_a_use_is_refused_for_the_first_rule_that_it_breaks(
    operations: frozenset[Operation],
    keys: tuple[str, ...],
    scripts: tuple[str, ...],
    key: str | None,
    script: str | None,
) -> None:
    def fits(name: str, wanted: tuple[str, ...]) -> bool:
        return any(name.startswith(one[:-1]) if one.endswith("*") else name == one for one in wanted)

    found = check_use(LAKE, StoreRules(operations, scripts, keys), Operation.WRITE, key, script)
    if Operation.WRITE not in operations:
        assert found == Failure(OperationNotAllowed(LAKE, Operation.WRITE))
    elif not ("*" in keys if key is None else fits(key, keys)):
        assert found == Failure(NotForKey(LAKE, key))
    elif script is not None and not fits(script, scripts):
        assert found == Failure(NotForScript(LAKE, script))
    else:
        assert found == Success(None)
