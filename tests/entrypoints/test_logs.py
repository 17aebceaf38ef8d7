"""Lines of the log: every record becomes one, with the listed fields and no others."""

import json
import logging
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrypoints.configuration.logs import FIELDS, formatter

JSON = formatter("worker", as_json=True)
TEXT = formatter("worker", as_json=False)


def a_record(message: str = "words", *arguments: object, **extra: object) -> logging.LogRecord:
    record = logging.LogRecord("a.library", logging.WARNING, "file", 1, message, arguments, None)
    record.__dict__.update(extra)
    return record


def event(record: logging.LogRecord) -> dict[str, Any]:
    line = JSON.format(record)
    assert "\n" not in line
    found: dict[str, Any] = json.loads(line)
    return found


def test_an_event_has_time_level_origin_and_message() -> None:
    record = a_record("%d of %s", 2, "three")
    said = event(record)
    assert datetime.fromisoformat(said.pop("time")).timestamp() == pytest.approx(record.created, abs=1e-5)
    assert said == {
        "level": "warning",
        "process": "worker",
        "pid": record.process,
        "logger": "a.library",
        "event": "2 of three",
    }


@given(st.dictionaries(st.sampled_from(FIELDS), st.text() | st.integers(-(2**31), 2**31)), st.text(st.characters()))
def test_listed_fields_are_logged_and_all_others_are_dropped(fields: dict[str, Any], words: str) -> None:
    said = event(a_record("%s", words, **fields, canary="canary-value", body=b"canary-bytes"))
    assert {name: said[name] for name in said.keys() & set(FIELDS)} == fields
    assert said["event"] == words
    assert "canary" not in json.dumps(said).replace(words, "")


def failure() -> logging.LogRecord:
    try:
        raise ValueError("a bug")
    except ValueError as error:
        record = a_record()
        record.exc_info = (ValueError, error, error.__traceback__)
    return record


def test_an_exception_is_a_member_of_its_event() -> None:
    assert event(failure())["exception"].endswith("ValueError: a bug")


def test_a_text_line_has_the_same_content() -> None:
    assert TEXT.format(a_record(claim_id="c", status=200, canary=1)).endswith(" a.library: words status=200 claim_id=c")
    assert TEXT.format(failure()).endswith("\nValueError: a bug")
    assert " WARNING worker " in TEXT.format(a_record())
