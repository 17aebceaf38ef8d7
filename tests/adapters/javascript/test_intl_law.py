"""The law of languages: `Intl` and its dependents answer as Node 20 does, but for the differences named here.

Node's answers are in tests/corpus/intl, beside the script that recorded them.
"""

import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from attrs import evolve

from domain.limits import DEFAULTS
from tests.adapters.javascript.sandboxes import Bench

FOLDER: Final = Path(__file__).parents[2] / "corpus" / "intl"
NODE, *PAIRS = map(json.loads, gzip.decompress((FOLDER / "node.jsonl.gz").read_bytes()).decode("ascii").splitlines())
SCRIPT: Final = (FOLDER / "answer.js").read_text() + "const process = cases => cases.map(answer);"
LIMITS: Final = evolve(DEFAULTS, wall_ms=60_000, memory_bytes=512 * 1024 * 1024, result_bytes=32 * 1024 * 1024)

Case = list[Any]


def _options(case: Case) -> dict[str, Any]:
    return next((one for one in case[1:] if isinstance(one, dict)), {})


def _has_time(options: dict[str, Any]) -> bool:
    return not options.keys().isdisjoint(
        ("hour", "minute", "second", "timeStyle", "dayPeriod", "fractionalSecondDigits", "timeZoneName", "era")
    )


DIFFERENCES: Final[dict[str, tuple[int, Callable[[Case], bool]]]] = {
    "a range of dates with a time, an era or a name of the time zone": (
        90,
        lambda case: case[0].startswith("dateRange") and _has_time(_options(case)),
    ),
    "a range of numbers": (8, lambda case: case[0] == "numberRange"),
    "groups of digits in compact numbers beyond 10^16": (
        25,
        lambda case: case[0].startswith("number") and "notation" in _options(case) and _magnitude(case[3]) > 1e16,
    ),
    "the space before the narrow unit percent, in Spanish": (2, lambda case: _options(case).get("unit") == "percent"),
    "fractions of a second without the second": (
        2,
        lambda case: "fractionalSecondDigits" in _options(case) and "second" not in _options(case),
    ),
    "the locales of other languages": (
        6,
        lambda case: "resolved" in case and case[2] in ("zh-hant-tw", "iw", "sr-Latn"),
    ),
    "resolvedOptions of rare combinations": (6, lambda case: case[0] == "resolved" and len(_options(case)) > 1),
    "the language `und`": (1, lambda case: case[:2] == ["locale", "und"]),
    "words of errors about malformed tags and about names that are not ASCII": (
        6,
        lambda case: "pt-BR-" in case or _options(case).get("timeZone") == "America/São_Paulo",
    ),
}
"""By kind, as docs/sandbox.md lists them: the most cases that may differ, and the cases that may."""


def _magnitude(value: Any) -> float:
    return abs(float(value[2:] if isinstance(value, str) else value))


def test_the_fixture_is_large_and_names_its_node() -> None:
    assert NODE == "v20.20.2"
    assert len(PAIRS) > 12_000
    assert len({json.dumps(case) for case, _ in PAIRS}) == len(PAIRS)


def test_answers_are_those_of_node_but_for_the_named_differences(bench: Bench) -> None:
    answers = bench.result(SCRIPT, json.dumps([case for case, _ in PAIRS]).encode(), LIMITS)
    differing = [
        (case, node, answer)
        for (case, node), answer in zip(PAIRS, answers, strict=True)
        if json.dumps(answer) != json.dumps(node)  # the order of members counts
    ]
    named = Counter(next((name for name, (_, may) in DIFFERENCES.items() if may(case)), "") for case, *_ in differing)
    assert [one for one in differing if not any(may(one[0]) for _, may in DIFFERENCES.values())] == []
    assert {name for name, count in named.items() if count > DIFFERENCES[name][0]} == set()
    assert set(named) == set(DIFFERENCES), "a difference that is gone stands no longer in the list"
