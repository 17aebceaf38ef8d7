"""Choice of a representation, against RFC 9110 written down a second time."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from adapters.http.responses.negotiation import acceptable_coding, acceptable_types
from adapters.http.transport.codings.coding import Coding

OFFERED = ("application/json", "application/x-ndjson")
thousandths = st.integers(0, 1000)
spaces = st.sampled_from(["", " ", "\t"])


def headers(name: str, *lines: str) -> Headers:
    return Headers(raw=[(name.encode(), line.encode()) for line in lines])


def weights(names: Sequence[str]) -> st.SearchStrategy[Mapping[str, int]]:
    """Generate thousandths for some of the names, in some order."""
    some = st.lists(st.sampled_from(names), unique=True)
    return some.flatmap(lambda chosen: st.fixed_dictionaries(dict.fromkeys(chosen, thousandths)))


@st.composite
def written(draw: st.DrawFn, wished: Mapping[str, int]) -> list[str]:
    """Write the preferences as one header or several, each weight in one of its spellings."""
    named = [(draw(_cased(name)), draw(_weight(weight))) for name, weight in wished.items()]
    members = [f"{draw(spaces)}{name}{weight}{draw(spaces)}" for name, weight in named]
    at = draw(st.integers(0, len(members)))
    return [",".join(part) for part in (members[:at], members[at:]) if part]


def _cased(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name, name.upper(), name.title()])


@st.composite
def _weight(draw: st.DrawFn, weight: int) -> str:
    if weight == 1000 and draw(st.booleans()):
        return ""
    full = f"{weight // 1000}.{weight % 1000:03}"
    value = draw(st.sampled_from([full, full.rstrip("0").rstrip(".") if weight else "0."]))
    before = draw(st.sampled_from([";", ';a="q=0,;";', "; charset=utf-8;"]))
    return f"{draw(spaces)}{before}{draw(spaces)}{draw(st.sampled_from('qQ'))}={value}"


@given(st.data(), weights([*OFFERED, "application/*", "*/*", "text/html", "text/*"]))
def test_preferred_types_come_first_and_unacceptable_ones_not_at_all(
    data: st.DataObject, wished: Mapping[str, int]
) -> None:
    def liked(one: str) -> int:
        return wished.get(one, wished.get("application/*", wished.get("*/*", 0)))

    expected = [one for one in sorted(OFFERED, key=lambda one: (-liked(one), one)) if liked(one) > 0]
    assert list(acceptable_types(headers("accept", *data.draw(written(wished))), OFFERED)) == (
        expected if wished else [*OFFERED]
    )


@given(st.data(), weights(["zstd", "gzip", "identity", "*", "br"]), st.booleans())
def test_the_best_liked_coding_is_used_and_none_that_is_not_acceptable(
    data: st.DataObject, wished: Mapping[str, int], worthwhile: bool
) -> None:
    def liked(one: Coding) -> float:
        return wished.get(one, wished.get("*", 0.5 if one is Coding.IDENTITY else 0))

    chosen = acceptable_coding(headers("accept-encoding", *data.draw(written(wished))), worthwhile)
    if chosen is None:
        assert not any(map(liked, Coding))
    elif not worthwhile and liked(Coding.IDENTITY) > 0:
        assert chosen is Coding.IDENTITY
    else:
        assert liked(chosen) == max(map(liked, Coding)) > 0
        ties = [one for one in (Coding.ZSTD, Coding.GZIP, Coding.IDENTITY) if liked(one) == liked(chosen)]
        assert chosen is ties[0]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ([], [*OFFERED]),
        ([""], [*OFFERED]),
        (["application/x-ndjson"], ["application/x-ndjson"]),
        (["application/json; charset=utf-8"], ["application/json"]),
        (["text/html, image/gif, *; q=.2, */*; q=.2"], [*OFFERED]),
        (["application/x-ndjson;q=2"], [*OFFERED]),
        (["application/x-ndjson;q=x, application/json;q=0.1"], ["application/json"]),
        (["application/json;q=0.1, application/json;q=0.3, application/x-ndjson;q=0.2"], [*OFFERED]),
        (["application/json;q=0, */*"], ["application/x-ndjson"]),
        (["application/jsonl"], ["application/x-ndjson"]),
        (["application/json;q=0.5, Application/X-JSONLines;q=0.6"], ["application/x-ndjson", "application/json"]),
        (["application/ndjson;q=0.1, application/x-ndjson;q=0"], ["application/x-ndjson"]),
        (["application/ndjson;q=0, */*"], ["application/json"]),
        (["application/geo+json"], []),
        (["text/html"], []),
        (["*/*;q=0"], []),
    ],
)
def test_accept_headers_of_real_clients_are_understood(accept: list[str], expected: list[str]) -> None:
    assert list(acceptable_types(headers("accept", *accept), OFFERED)) == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ([], Coding.IDENTITY),
        ([""], Coding.IDENTITY),
        (["gzip, deflate, br, zstd"], Coding.ZSTD),
        (["gzip, deflate, br"], Coding.GZIP),
        (["x-gzip"], Coding.GZIP),
        (["br"], Coding.IDENTITY),
        (["*"], Coding.ZSTD),
        (["gzip;q=0"], Coding.IDENTITY),
        (["gzip;q=0.5, identity"], Coding.IDENTITY),
        (["zstd;q=0.001"], Coding.ZSTD),
        (["identity;q=0"], None),
        (["*;q=0"], None),
        (["br, *;q=0"], None),
        (["gzip, *;q=0"], Coding.GZIP),
        (["identity, *;q=0"], Coding.IDENTITY),
        (["identity;q=0, *"], Coding.ZSTD),
        (["gzip;q=1.5"], Coding.IDENTITY),
    ],
)
def test_accept_encoding_headers_of_real_clients_are_understood(sent: list[str], expected: Coding | None) -> None:
    assert acceptable_coding(headers("accept-encoding", *sent), worthwhile=True) is expected


def test_short_content_is_compressed_only_if_identity_is_unacceptable() -> None:
    assert acceptable_coding(headers("accept-encoding", "zstd, gzip"), worthwhile=False) is Coding.IDENTITY
    assert acceptable_coding(headers("accept-encoding", "gzip, identity;q=0"), worthwhile=False) is Coding.GZIP
