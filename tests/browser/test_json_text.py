"""The laws of JSON texts that the console takes apart: every value keeps its text, wherever the whole is cut."""

import json
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from adapters.http.resources.static_files import href

_PARTS: Final = """async ([path, text]) => {
  const { partsOf } = await import(path);
  const cuts = [...text].map((_, at) => [...partsOf(text.slice(0, at))].map((part) => part.text));
  return { whole: [...partsOf(text)].map(({ name = null, text }) => [name, text]), cuts };
}"""
_SAMPLE: Final = """async ([path, text, kind]) => {
  const { sampleIn } = await import(path);
  try {
    return sampleIn(text, kind);
  } catch ({ problem }) {
    return [problem.title, problem.detail ?? null];
  }
}"""
BLANK: Final = st.sampled_from(["", "", " ", "\n\t"])
SCALARS: Final = st.sampled_from(
    ["1.50", "-0", "12345678901234567890", "1E+5", "null", "true", '""', '"\\""', '"\\\\"', '"]},:["', '"\\\\\\"["']
)


def _array(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(st.builds("{}{}{}".format, BLANK, inner, BLANK), max_size=3).map(lambda one: f"[{','.join(one)}]")


def _object(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    member = st.builds('{}"{}"{}:{}{}'.format, BLANK, st.sampled_from(["a", "b,", "\\u0063:"]), BLANK, BLANK, inner)
    return st.lists(member, max_size=3).map(lambda one: f"{{{','.join(one)}}}")


TEXTS: Final = st.recursive(SCALARS, lambda inner: _array(inner) | _object(inner), max_leaves=6)
WHOLES: Final = st.lists(st.tuples(st.sampled_from(["a", "\\n"]), TEXTS), max_size=4)


def test_parts_of_a_text_are_as_they_are_written_and_never_cut(page: Page) -> None:
    page.goto("/problems")

    @settings(max_examples=30)
    @given(WHOLES, BLANK, st.booleans())
    def check(parts: list[tuple[str, str]], blank: str, is_object: bool) -> None:
        written = [f'"{name}"{blank}:{blank}{text}' if is_object else text for name, text in parts]
        inside = f"{blank},{blank}".join(written)
        whole = f"{blank}{{{inside}}}" if is_object else f"{blank}[{inside}{blank}]"
        seen = page.evaluate(_PARTS, [href("console/json_text.js"), whole])
        assert seen["whole"] == [[json.loads(f'"{name}"') if is_object else None, text] for name, text in parts]
        texts = [text for _, text in parts]
        assert all(cut == texts[: len(cut)] for cut in seen["cuts"])
        counts = [len(cut) for cut in seen["cuts"]]
        assert counts == sorted(counts)
        assert not parts or counts[-1] == len(parts) - 1

    check()


NOT_JSON: Final = "The dataset is not valid JSON"
TOO_LARGE: Final = "The dataset is larger than 1 MiB, which is the limit here"


SAMPLES: Final[tuple[tuple[str, dict[str, bool], Any], ...]] = (
    ("[1.50, 2]", {"isCut": False}, {"text": "[1.50, 2]"}),
    ('{"a":1}\n\n{"a":2.0}\n', {"isCut": False, "isLines": True}, {"text": '[{"a":1},\n{"a":2.0}]'}),
    ('[{"a":1}, [2.0], {"b', {"isCut": True}, {"text": '[{"a":1},\n[2.0]]', "records": 2}),
    ('{"a":1}\n{"a":2}\n{"a":', {"isCut": True, "isLines": True}, {"text": '[{"a":1},\n{"a":2}]', "records": 2}),
    ('{"a":[1,2', {"isCut": True}, [TOO_LARGE, None]),
    ("[12345", {"isCut": True}, [TOO_LARGE, None]),
    ("[1}, 2, 3", {"isCut": True}, [TOO_LARGE, None]),
    ('1,"source":"x"', {"isCut": False}, [NOT_JSON, "line 1, column 2"]),
    ("[a]", {"isCut": False}, [NOT_JSON, "Unexpected token 'a', \"[a]\" is not valid JSON"]),
)
"""A dataset's text, the kind of it, and the sample or the title and the detail of its refusal."""


def test_a_sample_is_a_dataset_or_its_first_records(page: Page) -> None:
    page.goto("/problems")
    for text, kind, sample in SAMPLES:
        assert page.evaluate(_SAMPLE, [href("console/sample.js"), text, kind]) == sample, text
