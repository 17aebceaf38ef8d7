"""Operations as the OpenAPI document describes them, with its references resolved."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from attrs import frozen

from adapters.http.problems.rendering import PROBLEM_JSON

Document: TypeAlias = Mapping[str, Any]
Schema: TypeAlias = Mapping[str, Any]

_METHODS: Final = ("get", "post", "put", "patch", "delete")


@frozen
class Content:
    """A representation: its media type, its schema, and its examples by name."""

    media_type: str
    schema: Schema
    examples: Mapping[str, Any]


@frozen
class Answer:
    """A status of an operation that is no refusal alone."""

    status: str
    description: str
    contents: tuple[Content, ...]


@frozen
class Refusal:
    """A problem type that an operation can respond with."""

    status: str
    slug: str
    title: str


@frozen(kw_only=True)
class Described:
    """An operation. `refusals` are all of them, those of every operation included."""

    method: str
    path: str
    name: str
    summary: str
    description: str
    tag: str
    is_public: bool
    parameters: tuple[Mapping[str, Any], ...]
    bodies: tuple[Content, ...]
    answers: tuple[Answer, ...]
    refusals: tuple[Refusal, ...]


def operations(document: Document) -> Iterator[Described]:
    """Yield the operations in the document's order."""
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield _operation(document, path, method, item)


def sections(found: Sequence[Described], document: Document) -> Mapping[str, tuple[Described, ...]]:
    """Sort operations by their tags: first the tags that the document describes, in its order."""
    tags = dict.fromkeys((*(one["name"] for one in document["tags"]), *(one.tag for one in found)))
    return {tag: tuple(one for one in found if one.tag == tag) for tag in tags}


def common_refusals(found: Sequence[Described]) -> tuple[Refusal, ...]:
    """Select the refusals of every operation."""
    return tuple(one for one in found[0].refusals if all(one in each.refusals for each in found))


def resolved(document: Document, value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference, if the value is one."""
    found: Any = value
    while "$ref" in found:
        place: Any = document
        for step in found["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        found = place
    return dict(found)


def _operation(document: Document, path: str, method: str, item: Mapping[str, Any]) -> Described:
    given = item[method]
    responses = given["responses"]
    return Described(
        method=method.upper(),
        path=path,
        name=given["operationId"],
        summary=given["summary"],
        description=given["description"],
        tag=given["tags"][0],
        is_public=not given["security"],
        parameters=(*item.get("parameters", ()), *given["parameters"]),
        bodies=_contents(document, given.get("requestBody", {})),
        answers=tuple(
            Answer(status, one["description"].partition(" Or `")[0], contents)
            for status, one in responses.items()
            if (contents := _contents(document, one)) or PROBLEM_JSON not in one.get("content", {})
        ),
        refusals=tuple(_refusals(document, responses)),
    )


def _contents(document: Document, described: Mapping[str, Any]) -> tuple[Content, ...]:
    """List the representations of a body, problems apart."""
    return tuple(
        Content(
            media_type,
            one.get("schema", {}),
            {name: resolved(document, example)["value"] for name, example in one.get("examples", {}).items()},
        )
        for media_type, one in described.get("content", {}).items()
        if media_type != PROBLEM_JSON
    )


def _refusals(document: Document, responses: Mapping[str, Any]) -> Iterator[Refusal]:
    for status, one in responses.items():
        for slug, example in one.get("content", {}).get(PROBLEM_JSON, {}).get("examples", {}).items():
            yield Refusal(status, slug, resolved(document, example)["value"]["title"])
