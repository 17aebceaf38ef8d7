"""Every text of the console exists in each language and is used, and so are those for the values of the API.

The files are read as text: no browser is needed.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.http.language import Language
from adapters.http.resources.guide_pages import guide
from domain.redaction import MESSAGE_REMOVED

_WORD: Final = re.compile(r'^  "?([\w.-]+)"?:\s+("(?:[^"\\]|\\.)*"),$', re.MULTILINE)
_SAYING: Final = re.compile(r"\bsay\(([^()`]*)")
_NAME: Final = re.compile(r'(?<!=== )"([\w.-]+)"')
_PLURAL: Final = re.compile(r"\.(one|other)$")
_COUNTS: Final = {"n", "count", "rows", "columns"}
"""Placeholders for numbers of things."""
_NO_PLURAL: Final = {
    "chart.rest",
    "compare.kept",
    "execution.attempt",
    "filter.count",
    "menu.same-dataset",
    "try.changes",
    "try.log",
}
"""Texts with a number that have one form: its noun does not follow it, or is always in the plural."""
_MEMBERS: Final = re.compile(r"\b(say|called|textOf|counted)\((?:`([\w.-]*)\$\{|\"(\w+)\")")
_PREFIXES: Final = {
    "State": "status",
    "WaitReason": "queueing",
    "ErrorKind": "error",
    "Isolation": "isolation",
    "Action": "action",
    "NumberWarningKind": "warning",
    "RunWarningKind": "warning",
    "SourceWarningKind": "warning",
    "Aspect": "difference",
    "Obstacle": "inconclusive",
    "ExpectedErrorKind": "error",
    "FailureCode": "failure",
    "PreviewState": "status",
    "MoveReason": "move",
    "BatchStatus": "batching",
    "ReplayOutcome": "outcome",
    "ReplayReason": "reason",
    "ReplayStatus": "replaying",
    "EventType": "event",
    "SubscribableEvent": "event",
    "WebhookStatus": "subscription",
    "DisabledReason": "disabling",
    "DeliveryStatus": "delivering",
    "SendFault": "sending",
    "JobStatus": "jobbing",
    "JobPhase": "phase",
    "JobErrorKind": "job_error",
    "PartitionState": "partition",
    "Merge": "merge",
    "VerificationStatus": "verification",
    "Operation": "operation",
    "Role": "role",
    "DiskFolder": "disk",
}
"""The prefixes of the texts for the values of an enumeration of the API."""

_SHOWN_UNCHANGED: Final = {"EngineName", "LogLevel", "DataFormat", "OutputFormat", "Scope", "Period", "Forever"}
"""Enumerations whose values are names in every language: of engines, methods of `console`, formats, scopes;
and periods and a retention, which have words of their own there."""

_NOT_SHOWN: Final = {
    "Change",
    "ColumnType",
    "Integers",
    "RangeUnit",
    "Skip",
    "CheckStatus",
    "ComparisonKind",
    "DifferencesKind",
    "Language",
    "ReasonCode",
    "ReproductionStatus",
    "TestsPolicy",
    "status",  # of the message of a finished job, which only receivers read
}
"""Enumerations that no page of the console shows: the API has texts of its own for them, or none is needed."""
_NAMED: Final = {"limits": "NewLimits", "retention": "NewRetention"}
"""Kinds of members that are called by words, and the API's schemas that have them."""
_SHOWN: Final = (
    "Script",
    "Version",
    "NewLimits",
    "Execution",
    "Measures",
    "RunError",
    "ExecutionWarning",
    "AuditEntry",
    "CheckedTest",
    "CheckFailure",
    "Alias",
    "Move",
    "Gate",
    "GateReport",
    "VersionReplay",
    "ReplayedExecution",
    "Batch",
    "BatchCounts",
    "BatchReference",
    "Webhook",
    "WebhookWithSecret",
    "WebhookHealth",
    "WebhookDisabling",
    "Delivery",
    "DeliveryAttempt",
    "Store",
    "JobError",
    "Caller",
    "CallerKey",
    "ApiKey",
    "CreatedApiKey",
)
"""Schemas whose members the console shows, each of them."""


@pytest.fixture
def console(repository: Path) -> Path:
    return repository / "console"


def words_of(console: Path, language: str) -> dict[str, str]:
    """Map the names of a language's texts to them."""
    files = [console / "words" / f"{language}.js", *sorted((console / "words").glob(f"*.{language}.js"))]
    found = [(name, json.loads(words)) for one in files for name, words in _WORD.findall(one.read_text())]
    assert len(found) == sum(one.read_text().count('",\n') for one in files), "a word is written in another way"
    return dict(found)


def placeholders(words: dict[str, str]) -> dict[str, list[str]]:
    return {name: sorted(re.findall(r"\{(\w+)\}", text)) for name, text in words.items()}


def sources(console: Path) -> str:
    return "\n".join(one.read_text() for one in console.rglob("*.js") if "words" not in one.parent.name)


@pytest.mark.parametrize("language", Language)
def test_links_into_the_guide_lead_to_sections_of_the_page_for_operators(console: Path, language: Language) -> None:
    linked = {text for name, text in words_of(console, language).items() if name.startswith("guide.")}
    page = next(one for one in guide(language) if one.slug == "operate")
    assert linked - {one.anchor for one in page.rendered.headings} == set()
    assert len(linked) == len(re.findall(r'"guide\.\w+"', (console / "guide.js").read_text())) > 4


def test_the_console_knows_the_message_of_an_error_whose_text_was_deleted(console: Path) -> None:
    assert f'REMOVED = "{MESSAGE_REMOVED}"' in (console / "parts/run_error.js").read_text()


def test_both_languages_have_the_same_words_with_the_same_places_for_values(console: Path) -> None:
    english, portuguese = (words_of(console, language) for language in ("en", "pt"))
    assert len(english) > 100
    assert placeholders(english) == placeholders(portuguese)
    assert [name for name, text in {**english, **portuguese}.items() if not text.strip()] == []


def test_a_name_is_in_one_file_of_a_language(console: Path) -> None:
    for language in ("en", "pt"):
        files = (console / "words").glob(f"*{language}.js")
        counts = Counter(name for file in files for name, _ in _WORD.findall(file.read_text()))
        assert [name for name, count in counts.items() if count > 1] == []


def test_every_text_has_words_and_every_word_is_used(console: Path) -> None:
    names = words_of(console, "en").keys()
    text = sources(console)
    said = {name for given in _SAYING.findall(text) for name in _NAME.findall(given)}
    assert len(said) > 50
    assert said - names == set()
    stems = {f"{stem or kind + '.'}" for which, stem, kind in _MEMBERS.findall(text) if stem or which == "called"}
    literals = set(re.findall(r'"([\w.-]+)"', text))
    unused = {name for name in names if _PLURAL.sub("", name) not in literals and name not in literals}
    assert {name for name in unused if not name.startswith(tuple(stems))} == set()


def test_texts_about_a_number_of_things_have_a_form_for_one_and_for_others(console: Path) -> None:
    words = words_of(console, "en")
    counted = {name for name, given in placeholders(words).items() if _COUNTS & set(given)} - _NO_PLURAL
    counted |= {name for name in words if _PLURAL.search(name)}
    stems = {_PLURAL.sub("", name) for name in counted}
    assert len(stems) > 20
    assert counted == {f"{stem}.{form}" for stem in stems for form in ("one", "other")}


def enumerations(value: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every enumeration in a part of the OpenAPI document, by the name of its schema or property.

    The one value of a member is a constant, not an enumeration.
    """
    if isinstance(value, dict):
        if "enum" in value and (len(value["enum"]) > 1 or not name.islower()):
            yield name, value["enum"]
        for member, inner in value.items():
            yield from enumerations(inner, member)
    elif isinstance(value, list):
        for inner in value:
            yield from enumerations(inner, name)


@pytest.fixture
def api_enumerations(repository: Path) -> dict[str, list[str]]:
    document = json.loads((repository / "docs/openapi.json").read_text())
    return dict(enumerations(document["components"]["schemas"]))


def value_words(enumerated: dict[str, list[str]]) -> set[str]:
    """List the names of the texts for the values of the API."""
    return {f"{prefix}.{value}" for name, prefix in _PREFIXES.items() for value in enumerated[name]}


def test_every_enumeration_of_the_api_is_known(api_enumerations: dict[str, list[str]]) -> None:
    assert api_enumerations.keys() == _PREFIXES.keys() | _SHOWN_UNCHANGED | _NOT_SHOWN


@pytest.mark.parametrize("language", ["en", "pt"])
def test_every_value_of_the_api_has_words(console: Path, api_enumerations: dict[str, list[str]], language: str) -> None:
    missing = value_words(api_enumerations) - words_of(console, language).keys()
    assert not missing, f"no words in {language} for: {', '.join(sorted(missing))}"


def test_values_that_the_api_no_longer_has_have_no_words(console: Path, api_enumerations: dict[str, list[str]]) -> None:
    prefixes = tuple(f"{prefix}." for prefix in _PREFIXES.values())
    named = {name for name in words_of(console, "en") if name.startswith(prefixes)}
    assert named - value_words(api_enumerations) == {"error.place"}  # the note on an inexact position


@pytest.mark.parametrize(
    ("name", "module", "enumeration"),
    [
        ("ACTIONS", "views/audit.js", "Action"),
        ("STATES", "parts/status.js", "State"),
        ("KINDS", "parts/expected_fields.js", "ExpectedErrorKind"),
        ("EVENTS", "webhooks/events.js", "SubscribableEvent"),
        ("ROLES", "keys/grant_fields.js", "Role"),
        ("DELIVERY_STATES", "webhooks/deliveries.js", "DeliveryStatus"),
    ],
)
def test_a_choice_offers_every_value_of_the_api(
    console: Path, api_enumerations: dict[str, list[str]], name: str, module: str, enumeration: str
) -> None:
    listed = re.search(rf"{name} = \[(.*?)\]", (console / module).read_text(), re.DOTALL)
    assert listed
    assert re.findall(r'"([\w.]+)"', listed[1]) == api_enumerations[enumeration]


@pytest.mark.parametrize("kind", _NAMED)
def test_the_members_of_the_api_have_words(console: Path, repository: Path, kind: str) -> None:
    members = members_of(repository, _NAMED[kind])
    assert {f"{kind}.{name}" for name in members} - words_of(console, "en").keys() == set()


@pytest.mark.parametrize("schema", _SHOWN)
def test_the_console_reads_every_member_of_what_it_shows(console: Path, repository: Path, schema: str) -> None:
    read = set(re.findall(r"\w+", sources(console)))
    assert members_of(repository, schema) - read == set(), "show it, and give it words in each language"


def members_of(repository: Path, schema: str) -> set[str]:
    """List the members of one of the API's schemas."""
    document = json.loads((repository / "docs/openapi.json").read_text())
    return set(document["components"]["schemas"][schema]["properties"])
