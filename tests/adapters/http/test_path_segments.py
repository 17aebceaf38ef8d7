"""Encoded slashes in paths: a part of a segment, never a border between two."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Match, Route

from adapters.http.resources.static_files import href
from adapters.http.routes import FILES, RESOURCES
from adapters.http.transport.path_segments import PathSegments, decoded, path_reference, segment
from tests.adapters.http.api import Api, slug

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
routed = st.sampled_from([one for one in RESOURCES if "{" in one.path and ":path" not in one.path])


def percent(text: str, every: bool) -> str:
    """Encode the text as a path segment, where necessary or everywhere."""
    return "".join(f"%{byte:02X}" for byte in text.encode()) if every else quote(text, safe="")


@given(routed, st.data(), st.booleans())
def test_a_path_leads_to_the_resource_that_it_was_made_for_with_the_same_parameters(
    resource: Any, data: st.DataObject, every: bool
) -> None:
    names = [part[1:-1] for part in resource.path.split("/") if part.startswith("{")]
    values = {name: data.draw(texts.filter(lambda text: "\n" not in text), label=name) for name in names}
    path = decoded(resource.path.format(**{name: percent(value, every) for name, value in values.items()}).encode())
    scope = {"type": "http", "method": "GET", "path": path}
    matches = [(one, child) for one in RESOURCES if (child := matched(one, scope)) is not None]
    assert [(one.path, {name: segment(value) for name, value in child.items()}) for one, child in matches] == [
        (resource.path, values)
    ]


def matched(resource: Any, scope: dict[str, Any]) -> dict[str, str] | None:
    match, child = Route(resource.path, lambda _: None).matches(scope)
    return None if match is Match.NONE else child["path_params"]


@given(st.lists(texts, min_size=1, max_size=4), st.booleans())
def test_the_segments_of_a_path_are_decoded_exactly(segments: list[str], every: bool) -> None:
    raw = "/" + "/".join(percent(one, every) for one in segments)
    assert [segment(one) for one in decoded(raw.encode()).split("/")[1:]] == segments
    assert path_reference({"raw_path": raw.encode()}) == raw


@given(st.text(max_size=20))
def test_a_problem_s_instance_is_a_uri_for_every_path(text: str) -> None:
    raw = text.encode("utf-8", "replace")
    for scope in ({"raw_path": raw, "path": ""}, {"path": text.encode("utf-8", "replace").decode()}):
        assert re.fullmatch(r"(?:[A-Za-z0-9._~/:@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*", path_reference(scope))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/scripts/corporate-cards%2Fversions", (422, "malformed-id")),
        ("/v1/scripts/corporate-cards%2fversions", (422, "malformed-id")),
        ("/v1/scripts/corporate-cards%2F..%2Fcorporate-cards", (422, "malformed-id")),
        ("/v1/scripts/%2e%2e", (422, "malformed-id")),
        ("/v1/scripts/%2e%2e%2fscripts", (422, "malformed-id")),
        ("/v1%2Fscripts", (404, "not-found")),
        ("/v1/scripts%2Fcorporate-cards", (404, "not-found")),
        ("/%2Fv1/scripts", (404, "not-found")),
        ("/v1/scripts/corporate-cards/versions/1%2Fsource", (422, "malformed-id")),
        ("/v1/scripts/corporate-cards%252Fversions", (422, "malformed-id")),
        ("/problems%2Fnot-found", (404, "not-found")),
        ("/problems/..%2Fproblems", (404, "not-found")),
        ("/health%2Flive", (404, "not-found")),
        ("/%2e%2e/v1/scripts", (404, "not-found")),
        ("/v1/scripts/..%2F..%2F..%2Fetc%2Fpasswd", (422, "malformed-id")),
    ],
)
def test_an_encoded_slash_parts_nothing(path: str, expected: tuple[int, str]) -> None:
    api = Api()
    api.host()
    answer = api.get(path)
    assert slug(answer) == expected
    assert answer.json()["instance"] == path


def test_other_encodings_are_as_good_as_none() -> None:
    api = Api()
    api.host()
    assert api.get("/%76%31/scripts/corporate%2Dcards").json()["name"] == "corporate-cards"


@pytest.mark.parametrize("into", ["%2F", "%2f", "%2F..%2F", "/../", "/%2e%2e/", "%5C", "//"])
def test_files_are_reached_by_their_own_path_alone(into: str) -> None:
    api = Api()
    path = href("console/main.js")
    assert api.get(path).status_code == 200
    before, _, after = path.rpartition("/")
    assert slug(api.get(before + into + after)) == (404, "not-found")
    for outside in ("..%2f..%2fpages.py", "%2e%2e/%2e%2e/pages.py", "..%2F..%2F..%2F..%2Fetc%2Fpasswd"):
        assert slug(api.get(path.replace("console/main.js", outside))) == (404, "not-found")


async def test_a_scope_that_is_no_request_is_passed_on() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    none: Any = None
    await PathSegments(app)({"type": "lifespan"}, none, none)
    await PathSegments(app)({"type": "http", "path": "/a"}, none, none)
    assert seen == [{"type": "lifespan"}, {"type": "http", "path": "/a"}]


def test_objects_and_files_alone_have_a_parameter_that_spans_segments() -> None:
    spanning = [one.path for one in (*RESOURCES, *FILES) if ":path" in one.path]
    assert spanning == ["/v1/stores/{store}/{path:path}", FILES[0].path]
