"""The laws of the console's batches: its modules that need no page, called in a browser."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from tests.browser.modules import Modules
from tests.system.conftest import Service

PATHS: Final = {
    "check": "batches/check_lines",
    "source": "batches/lines_source",
    "queries": "batches/queries",
    "results": "batches/result_lines",
    "pace": "batches/pace",
    "progress": "batches/progress",
}
FEW: Final = settings(max_examples=25)  # each is a message to the browser
NAMES: Final = st.sampled_from(["id", "", "__proto__", "constructor", "line", "batch_line", "é", "a,b"])
TEXTS: Final = st.text(max_size=6)
SCALARS: Final = st.none() | st.booleans() | st.integers() | TEXTS
CELLS: Final = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS  # as tables show them
VALUES: Final = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)
REFERENCES: Final = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=255)
LINES: Final = st.builds(
    lambda data, ref: {"data": data} if ref is None else {"ref": ref, "data": data}, VALUES, st.none() | REFERENCES
)
BREAKS: Final = st.sampled_from(["\n", "\r\n", "\n\n", "\n \t\n"])
DATASETS: Final = VALUES.filter(lambda one: not (isinstance(one, dict) and "data" in one))

LINES_IN: Final = """
  const { body, ...found } = source_.linesIn(text, options);
  return { ...found, sent: body ? await body.text() : text, isConverted: body !== undefined };
"""


@pytest.fixture(scope="module")
def modules(browser: Browser, service: Service) -> Iterator[Modules]:
    context = browser.new_context(base_url=service.url, locale="en-US")
    yield Modules(context.new_page(), PATHS)
    context.close()


def lines_in(modules: Modules, text: str, **options: object) -> dict[str, Any]:
    found: dict[str, Any] = modules.run(f"return (async () => {{ {LINES_IN} }})();", text=text, options=options)
    return found


def sent(found: dict[str, Any]) -> list[Any]:
    """Read the lines that would be sent."""
    return [json.loads(line) for line in found["sent"].splitlines() if line.strip()]


def dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=True)


@FEW
@given(lines=st.lists(LINES, min_size=1, max_size=6), separator=BREAKS)
def test_lines_of_a_batch_are_sent_as_they_are(modules: Modules, lines: list[Any], separator: str) -> None:
    text = separator.join(map(dumped, lines)) + separator
    found = lines_in(modules, text)
    assert (found["kind"], found["form"], found["count"]) == ("lines", "lines", len(lines))
    assert found["faultCount"] == 0
    assert not found["isConverted"]
    assert [one["line"] for one in found["preview"]] == list(range(1, min(3, len(lines)) + 1))


@FEW
@given(datasets=st.lists(DATASETS, min_size=2, max_size=6), separator=BREAKS)
@example(datasets=[[1], [2]], separator="\n")
@example(datasets=[10**30, 2], separator="\n")
def test_datasets_on_lines_become_lines_of_a_batch(modules: Modules, datasets: list[Any], separator: str) -> None:
    found = lines_in(modules, separator.join(map(dumped, datasets)))
    assert (found["kind"], found["form"]) == ("lines", "datasets")
    assert sent(found) == [{"data": one} for one in datasets]


@FEW
@given(datasets=st.lists(DATASETS, min_size=1, max_size=6), indent=st.sampled_from([None, 0, 2]))
@example(datasets=[[1], [2]], indent=None)
@example(datasets=[10**30, 2], indent=2)
def test_the_elements_of_an_array_become_lines_of_a_batch(
    modules: Modules, datasets: list[Any], indent: int | None
) -> None:
    found = lines_in(modules, json.dumps(datasets, indent=indent))
    assert (found["kind"], found["count"]) == ("array", len(datasets))
    assert sent(found) == [{"data": one} for one in datasets]


@FEW
@given(lines=st.lists(LINES, min_size=1, max_size=6), indent=st.sampled_from([None, 2]))
def test_an_array_of_lines_of_a_batch_is_not_wrapped(modules: Modules, lines: list[Any], indent: int | None) -> None:
    found = lines_in(modules, json.dumps(lines, indent=indent))
    assert (found["form"], found["faultCount"]) == ("lines", 0)
    assert sent(found) == lines


@FEW
@given(datasets=st.lists(LINES, min_size=1, max_size=4))
def test_the_reader_decides_what_the_lines_are(modules: Modules, datasets: list[Any]) -> None:
    found = lines_in(modules, "\n".join(map(dumped, datasets)), form="datasets")
    assert sent(found) == [{"data": one} for one in datasets]


@FEW
@given(rows=st.lists(st.tuples(REFERENCES, st.integers(-9, 9)), min_size=1, max_size=5), has_header=st.booleans())
def test_the_rows_of_a_csv_become_lines_with_references(
    modules: Modules, rows: list[tuple[str, int]], has_header: bool
) -> None:
    names = ["name", "n"] if has_header else ["column_1", "column_2"]
    quoted = [[f'"{name.replace(chr(34), chr(34) * 2)}"', str(n)] for name, n in rows]
    assume(any(not name.lstrip("-").isdigit() for name, _ in rows))  # or the column would have numbers
    text = "\n".join(";".join(row) for row in ([names] if has_header else []) + quoted)
    csv = {"separator": ";", "decimalComma": False, "hasHeader": has_header}
    found = lines_in(modules, text, csv=csv, ref=names[0])
    assert (found["kind"], found["form"], found["faultCount"]) == ("csv", "datasets", 0)
    assert found["members"] == names
    assert sent(found) == [{"ref": name, "data": {names[0]: name, names[1]: n}} for name, n in rows]


@pytest.mark.parametrize(
    ("text", "options", "faults"),
    [
        ('{"data":1}\n\n{"data":\n{"data":2}', {}, [(3, "json")]),
        ('{"data":1}\n7\n{"data":1,"more":2}\n{"ref":"a"}', {}, [(2, "object"), (3, "member"), (4, "data")]),
        (
            '{"data":1,"ref":""}\n{"data":1,"ref":"a\\u0000"}\n{"data":1,"ref":7}',
            {},
            [(1, "ref"), (2, "ref"), (3, "ref")],
        ),
        ('{"data":1,"ref":"\\ud800"}\n{"data":1,"ref":"' + "\U0001f600" * 255 + '"}', {}, [(1, "ref")]),
        ('{\n"data":1}', {"form": "lines"}, [(1, "json"), (2, "json")]),
        ("[\n1,\n2", {}, [(2, "json")]),
        ("[\n1,\nx2]", {}, [(3, "json")]),
        ("[1] [2]", {}, [(1, "json")]),
        ("a;b\n1;2\n3\n", {"csv": {"separator": ";", "decimalComma": False, "hasHeader": True}}, [(3, "width")]),
        ('a;b\n1;"2\n', {"csv": {"separator": ";", "decimalComma": False, "hasHeader": True}}, [(2, "quote")]),
        (
            '{"id":"a\\nb"}\n{"id":[]}\n{"id":null}\n{}\n{"id":7}',
            {"form": "datasets", "ref": "id"},
            [(1, "ref"), (2, "ref")],
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_line(
    modules: Modules, text: str, options: dict[str, Any], faults: list[tuple[int, str]]
) -> None:
    found = lines_in(modules, text, **options)
    assert [(one["line"], one["kind"]) for one in found["faults"]] == faults
    assert found["faultCount"] == len(faults)


def test_only_the_first_faults_are_told_and_all_are_counted(modules: Modules) -> None:
    found = lines_in(modules, '{"data":1}\n' + "7\n" * 90)
    assert [one["line"] for one in found["faults"]] == [2, 3, 4, 5, 6]
    assert (found["faultCount"], found["count"]) == (90, 91)


def test_a_reference_from_a_number_has_all_its_digits(modules: Modules) -> None:
    found = lines_in(modules, '{"id":12345678901234567890}\n{"id":1.0}', ref="id")
    assert found["sent"] == (
        '{"ref":"12345678901234567890","data":{"id":12345678901234567890}}\n{"ref":"1.0","data":{"id":1.0}}\n'
    )


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ('{"data":1}\n' * 3, None),
        ('{"data":1}\n' * 4, "4 lines are too many; the limit is 3"),
        ('{"data":"%s"}' % ("x" * 89), None),
        ('{"data":"%s"}' % ("x" * 90), "Batch is 101 B; the limit is 100 B"),
        ("\n \n", "There are no lines"),
        ("[]", "There are no lines"),
        ("7\n{}", None),
        ("{", "These lines can't be sent: Line 1: not valid JSON"),
    ],
)
def test_lines_that_the_service_would_refuse_are_not_sent(modules: Modules, text: str, refusal: str | None) -> None:
    found = modules.run(
        """const { body = new Blob([text]), ...lines } = source_.linesIn(text);
        try {
          check_.checkLines({ ...lines, body }, { batch_lines: 3, dataset_bytes: 100 });
          return null;
        } catch ({ problem: { title, detail } }) {
          return detail ? `${title}: ${detail}` : title;
        }""",
        text=text,
    )
    assert found == refusal


@FEW
@given(lines=st.lists(st.text("ab é", max_size=5), min_size=1, max_size=5), at=st.integers(1, 7))
def test_an_excerpt_is_the_line_that_the_service_means(modules: Modules, lines: list[str], at: int) -> None:
    found = modules.run("return queries_.excerptOf({ body: new Blob([text]), line });", text="\n".join(lines), line=at)
    assert found == (lines[at - 1] if at <= len(lines) else "")


RESULTS: Final = """
  const bytes = new TextEncoder().encode(text);
  const lengths = [...cuts];
  const asked = [];
  globalThis.fetch = async (href) => {
    const after = Number(new URL(href, location.href).searchParams.get("after_line"));
    asked.push(after);
    let from = 0;
    for (let line = 0; line < after; line += 1) from = bytes.indexOf(10, from) + 1;
    const length = lengths.shift();
    const end = length === undefined ? bytes.length : Math.min(bytes.length, from + length);
    const body = new ReadableStream({
      pull(controller) {
        if (from < end) controller.enqueue(bytes.subarray(from, from = Math.min(end, from + piece)));
        else if (length === undefined || end === bytes.length) controller.close();
        else controller.error(new TypeError("broken"));
      },
    });
    return new Response(body);
  };
  try {
    const { blob, isWhole } = await results_.fetchLines("/x", {}, { most, onProgress: () => undefined });
    return { text: await blob.text(), isWhole, asked };
  } catch (error) {
    return { status: error.reason?.status, asked };
  }
"""


@FEW
@given(
    lines=st.lists(st.text("ab é", min_size=1, max_size=8), min_size=1, max_size=8),
    cuts=st.lists(st.integers(0, 40), max_size=4),
    piece=st.integers(1, 9),
)
@example(lines=["ab", "cd"], cuts=[4], piece=2)
@example(lines=["ab", "cd"], cuts=[2], piece=1)
def test_results_that_break_are_continued_after_their_last_whole_line(
    modules: Modules, lines: list[str], cuts: list[int], piece: int
) -> None:
    text = "".join(f"{line}\n" for line in lines)
    given_ = {"text": text, "cuts": cuts, "piece": piece, "most": 10**9}
    found = modules.run(f"return (async () => {{ {RESULTS} }})();", **given_)
    if "text" in found:
        assert (found["text"], found["isWhole"]) == (text, True)
    else:
        assert found["status"] == 0
        assert found["asked"] == sorted(set(found["asked"]))  # only the last one brought no line
    assert len(found["asked"]) <= len(cuts) + 1


@FEW
@given(most=st.integers(1, 60), piece=st.integers(1, 9))
def test_the_first_results_are_whole_lines(modules: Modules, most: int, piece: int) -> None:
    text = "".join(f"line {at}\n" for at in range(6))
    given_ = {"text": text, "cuts": [], "piece": piece, "most": most}
    found = modules.run(f"return (async () => {{ {RESULTS} }})();", **given_)
    assert text.startswith(found["text"])
    assert found["text"] == "" or found["text"].endswith("\n")
    assert found["isWhole"] == (most > len(text))


ROWS: Final = "return results_.rowsOf(lines);"


@FEW
@given(
    results=st.lists(st.lists(st.dictionaries(NAMES, CELLS, max_size=3), max_size=3), min_size=1, max_size=4),
    ref=st.none() | REFERENCES,
)
def test_tables_of_all_lines_are_one_table(
    modules: Modules, results: list[list[dict[str, Any]]], ref: str | None
) -> None:
    lines = [{"line": at, "status": "succeeded", "result": one} for at, one in enumerate(results, 1)]
    if ref is not None:
        lines[0]["ref"] = ref
    rows = modules.run(ROWS, lines=lines)
    assert len(rows) == sum(max(1, len(one)) for one in results)
    taken = {name for one in results for row in one for name in row}
    number = "line" if "line" not in taken else "batch_line" if "batch_line" not in taken else "batch_batch_line"
    assert [row[number] for row in rows] == [at for at, one in enumerate(results, 1) for _ in range(max(1, len(one)))]
    expected = [row for one in results for row in one or [{}]]
    assert [{name: row[name] for name in found} for row, found in zip(rows, expected, strict=True)] == expected
    assert ("ref" in rows[0]) == (ref is not None)


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        (
            [
                {"line": 1, "status": "succeeded", "result": {"a": 1}},
                {"line": 2, "status": "failed", "error": {"kind": "timeout", "message": "no"}},
                {"line": 3, "status": "pending"},
            ],
            [
                {"line": 1, "status": "succeeded", "error": None, "message": None, "a": 1},
                {"line": 2, "status": "failed", "error": "timeout", "message": "no"},
                {"line": 3, "status": "pending", "error": None, "message": None},
            ],
        ),
        (
            [{"line": 1, "status": "succeeded", "result": 7}, {"line": 2, "status": "succeeded", "result": {"a": 1}}],
            [{"line": 1, "result": 7}, {"line": 2, "result": {"a": 1}}],
        ),
        ([{"line": 1, "status": "failed", "ref": "x", "error": {"kind": "timeout", "message": ""}}], None),
        ([], []),
    ],
)
def test_results_become_rows(modules: Modules, lines: list[dict[str, Any]], rows: list[dict[str, Any]] | None) -> None:
    expected = (
        [{"line": 1, "ref": "x", "status": "failed", "error": "timeout", "message": ""}] if rows is None else rows
    )
    assert modules.run(ROWS, lines=lines) == expected


@FEW
@given(per_second=st.integers(1, 500), seconds=st.integers(2, 60))
def test_a_steady_pace_is_measured_and_foretells_the_end(modules: Modules, per_second: int, seconds: int) -> None:
    total = 10 * per_second * seconds
    found = modules.run(
        """const measure = pace_.paceMeter();
        let pace = null;
        for (let at = 0; at <= seconds; at += 1) pace = measure(at * perSecond, total, at * 1000);
        return pace;""",
        perSecond=per_second,
        seconds=seconds,
        total=total,
    )
    assert found["perSecond"] == pytest.approx(per_second)
    assert found["leftMs"] == pytest.approx(1000 * (total - per_second * seconds) / per_second)


def test_there_is_no_pace_at_first_and_while_nothing_ends(modules: Modules) -> None:
    found = modules.run(
        """const measure = pace_.paceMeter();
        return [[0, 0], [5, 500], [9, 2000], [9, 30000], [9, 60000], [12, 61000]].map(
          ([done, now]) => measure(done, 100, now)?.perSecond ?? null);"""
    )
    assert found == [None, None, 4.5, None, None, 3]


def test_the_progress_of_a_batch_is_announced_four_times_and_at_its_end(modules: Modules) -> None:
    announced = modules.run(
        """const { element, show } = progress_.batchProgress();
        const region = element.querySelector("[role=status]");
        const announced = [];
        for (let done = 0; done <= 1000; done += 1) {
          for (const status of done === 1000 ? ["running", "finished"] : ["running"]) {
            const counts = { pending: 1000 - done, running: 0, succeeded: done, failed: 0 };
            show({ status, lines: 1000, counts }, done);
            if (region.textContent !== (announced.at(-1) ?? "")) announced.push(region.textContent);
          }
        }
        return announced;"""
    )
    assert announced == [
        *(f"{done} of 1,000 done" for done in ("250", "500", "750", "1,000")),
        "The batch has finished. 1,000 succeeded",
    ]
