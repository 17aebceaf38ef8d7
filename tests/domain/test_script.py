"""Scripts that may be hosted, and their revisions."""

from datetime import datetime, timedelta

import pytest
from attrs import asdict, evolve
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful

from domain.body import Digest, digest
from domain.engine import EngineName
from domain.execution import Attribution, Pending, ScriptReference, Submission
from domain.limits import CEILINGS
from domain.notes import MAX_NOTE_CHARACTERS, NO_NOTE, InvalidNote, Note, valid_note
from domain.script import (
    MAX_DESCRIPTION_CHARACTERS,
    Description,
    InvalidDescription,
    InvalidName,
    Revised,
    Script,
    ScriptArchived,
    ScriptName,
    Unchanged,
    archive,
    description,
    register,
    revise,
    script_name,
    unarchive,
)
from domain.transitions import submit
from domain.versions import (
    MAX_SOURCE_BYTES,
    EmptySource,
    ScriptVersion,
    SourceNotUtf8,
    SourceTooLarge,
    VersionEngineMissing,
    restoration,
    source,
    summarize,
)
from domain.warnings import NumberWarning, SourceWarning, SourceWarningKind
from tests.support.values import (
    NOON,
    a_request,
    a_script,
    a_source,
    an_id,
    attributions,
    digests,
    number_warnings,
    source_warnings,
    times,
)


@given(st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True))
def test_a_slug_is_a_name(text: str) -> None:
    assert script_name(text).unwrap().value == text


@given(st.text())
def test_a_name_is_refused_or_unchanged(text: str) -> None:
    named = script_name(text)
    assert named.unwrap().value == text if is_successful(named) else named.failure() == InvalidName(text)


@pytest.mark.parametrize("text", ["", "-a", "A", "a b", "a_b", "a\n", "é", "a" * 64, "a/b", "."])
def test_a_text_that_is_no_slug_is_no_name(text: str) -> None:
    assert script_name(text).failure() == InvalidName(text)


@given(st.uuids())
def test_an_id_is_no_name(identity: object) -> None:
    assert not is_successful(script_name(str(identity)))
    assert not is_successful(script_name(str(identity).replace("-", "")))


@given(st.binary(max_size=200))
def test_a_source_is_unchanged_byte_for_byte_or_refused(data: bytes) -> None:
    made = source(data, limit_bytes=100)
    if is_successful(made):
        assert made.unwrap().data == data
        assert made.unwrap().digest == digest(data)
        assert data.decode().strip()
    else:
        assert isinstance(made.failure(), EmptySource | SourceTooLarge | SourceNotUtf8)


def test_a_source_may_be_just_as_long_as_the_limit() -> None:
    assert is_successful(source(b"x" * MAX_SOURCE_BYTES))
    refused = source(b"x" * (MAX_SOURCE_BYTES + 1)).failure()
    assert refused == SourceTooLarge(size_bytes=MAX_SOURCE_BYTES + 1, limit_bytes=MAX_SOURCE_BYTES)


@pytest.mark.parametrize("data", [b"", b" \n\t", "\ufeff\n".encode()])
def test_a_blank_source_is_refused(data: bytes) -> None:
    assert source(data).failure() == EmptySource()


@pytest.mark.parametrize("data", [b"X", b"0", b"\n;"])
def test_a_source_of_one_character_is_not_blank(data: bytes) -> None:
    assert source(data).unwrap().data == data


def test_a_source_that_is_not_utf8_is_refused_with_the_place() -> None:
    assert source(b"let a = '\xff';").failure() == SourceNotUtf8(9)


@given(st.text())
def test_a_description_is_unchanged(text: str) -> None:
    made = description(text)
    storable = "\0" not in text
    assert made.unwrap().value == text if storable else made.failure() == InvalidDescription(text.index("\0"))


@pytest.mark.parametrize(
    ("text", "at"),
    [("x" * (MAX_DESCRIPTION_CHARACTERS + 1), MAX_DESCRIPTION_CHARACTERS), ("a\ud800", 1), ("ab\udfff", 2)],
)
def test_a_description_too_long_or_not_text_is_refused_with_the_place(text: str, at: int) -> None:
    assert description(text).failure() == InvalidDescription(at)


@given(source_warnings, times)
def test_registration_makes_version_one(warnings: tuple[SourceWarning, ...], at: datetime) -> None:
    wanted, script_id, about = a_request(a_source()), an_id(), Description("about it")
    script, version = register(script_id, ScriptName("a-name"), about, wanted, warnings, at)
    assert script == Script(
        id=script_id,
        name=ScriptName("a-name"),
        description=about,
        latest_version=1,
        engine=wanted.engine,
        created_at=at,
    )
    assert version == ScriptVersion(
        script_id=script_id,
        number=1,
        source=wanted.source,
        engine=wanted.engine,
        limits=wanted.limits,
        created_at=at,
        warnings=warnings,
    )


@given(source_warnings)
def test_a_summary_is_the_version_with_the_digest_of_its_source(warnings: tuple[SourceWarning, ...]) -> None:
    _, version = a_script(warnings=warnings)
    version = evolve(version, warnings=warnings, note=Note("fewer rows"), created_by="deployment")
    summary = asdict(summarize(version), recurse=False)
    of_the_version = asdict(version, recurse=False)
    assert summary == {"digest": of_the_version.pop("source").digest} | of_the_version


def test_a_revision_is_the_next_version() -> None:
    script, version = a_script()
    wanted = a_request(a_source("function process() { return 2; }"))
    later = NOON + timedelta(days=1)
    revised = revise(script, version, wanted, (), later).unwrap()
    assert isinstance(revised, Revised)
    assert (revised.version.created_at, revised.script.created_at) == (later, NOON)
    assert (revised.version.number, revised.script.latest_version) == (2, 2)
    assert revised.version.source.data == b"function process() { return 2; }"


def test_a_version_has_the_warnings_of_its_source_and_an_unchanged_one_keeps_its_own() -> None:
    warnings = (SourceWarning(SourceWarningKind.MISSING_INTL, "there is no Intl", 1),)
    script, version = a_script()
    revised = revise(script, version, a_request(a_source("other")), warnings, NOON).unwrap()
    assert revised.version.warnings == warnings
    again = revise(revised.script, revised.version, a_request(a_source("other")), (), NOON)
    assert again.unwrap() == Unchanged(revised.version, revised.script)


@given(st.text(max_size=5), st.text(max_size=5))
def test_a_new_version_has_its_note_and_an_unchanged_one_keeps_its_own(first: str, second: str) -> None:
    script, version = a_script()
    wanted = evolve(a_request(a_source("other")), note=Note(first))
    revised = revise(script, version, wanted, (), NOON).unwrap()
    assert (version.note, revised.version.note) == (NO_NOTE, Note(first))
    again = revise(script, revised.version, evolve(wanted, note=Note(second)), (), NOON)
    assert again.unwrap() == Unchanged(revised.version, script)


@given(st.text(st.characters(exclude_categories=()), max_size=MAX_NOTE_CHARACTERS + 2))
def test_a_note_is_a_text_as_a_description_is_but_shorter(text: str) -> None:
    made, described = valid_note(text), description(text)
    if len(text) > MAX_NOTE_CHARACTERS and is_successful(description(text[:MAX_NOTE_CHARACTERS])):
        assert made.failure() == InvalidNote(MAX_NOTE_CHARACTERS)
    elif is_successful(described):
        assert made.unwrap().value == text
    else:
        assert made.failure().at == described.failure().at


@given(st.sampled_from(["quickjs-ng", "dukpy", "a-later-engine"]), st.sets(st.sampled_from(EngineName)))
def test_a_version_can_be_restored_while_its_engine_is_installed(engine: str, installed: set[EngineName]) -> None:
    version = evolve(a_script(limits=CEILINGS)[1], engine=engine)
    restored = restoration(version, tuple(installed), Note("back"))
    if engine in installed:
        wanted = restored.unwrap()
        assert wanted.is_met_by(version)
        assert (wanted.source, wanted.limits, wanted.engine) == (version.source, CEILINGS, engine)
        assert wanted.note == Note("back")
    else:
        assert restored.failure() == VersionEngineMissing(version, tuple(installed))


def test_other_limits_are_a_revision_too() -> None:
    script, version = a_script()
    assert isinstance(revise(script, version, a_request(version.source, CEILINGS), (), NOON).unwrap(), Revised)


@given(st.sampled_from(EngineName), st.none() | st.sampled_from(EngineName), st.sampled_from(EngineName), st.booleans())
def test_a_version_keeps_its_engine_until_another_is_named_or_the_source_is_another(
    kept: EngineName, named: EngineName | None, default: EngineName, is_same: bool
) -> None:
    script, version = a_script(engine=kept)
    wanted = a_request(version.source if is_same else a_source("other"), engine=named, default_engine=default)
    match revise(script, version, wanted, (), NOON).unwrap():
        case Unchanged(version=latest):
            assert is_same
            assert named in (None, kept)
            assert latest == version
        case Revised(script=revised, version=next_version):
            assert not is_same or named not in (None, kept)
            assert revised.engine == next_version.engine == summarize(next_version).engine == (named or default)
    assert (script.engine, version.engine, summarize(version).engine) == (kept, kept, kept)


def test_a_revision_without_a_difference_is_the_latest_version() -> None:
    script, version = a_script()
    assert revise(script, version, a_request(version.source), (), NOON).unwrap() == Unchanged(version, script)


@given(times)
def test_an_archived_script_takes_no_revision_and_no_submission(at: datetime) -> None:
    script, version = a_script()
    archived = archive(script, at)
    refusal = ScriptArchived(script.name)
    assert revise(archived, version, a_request(a_source("1")), (), NOON).failure() == refusal
    assert submit(an_id(), archived, version, digest(b"1"), (), NOON).failure() == refusal
    assert unarchive(archived) == script


@given(times, times)
def test_archiving_again_keeps_the_first_time_and_never_comes_before_creation(at: datetime, again: datetime) -> None:
    script, _ = a_script()
    archived = archive(script, at)
    assert archived == evolve(script, archived_at=max(at, script.created_at))
    assert archive(archived, again) == archived


@given(digests, number_warnings, times, attributions)
def test_a_submission_has_the_requested_facts(
    dataset: Digest, warnings: tuple[NumberWarning, ...], at: datetime, attribution: Attribution
) -> None:
    script, version = a_script(limits=CEILINGS)
    execution_id = an_id()
    assert submit(execution_id, script, version, dataset, warnings, at, attribution).unwrap() == Pending(
        Submission(
            id=execution_id,
            script=ScriptReference(
                id=script.id,
                name=script.name,
                version=version.number,
                sha256=version.source.digest.sha256,
                engine=version.engine,
            ),
            dataset=dataset,
            limits=CEILINGS,
            submitted_at=at,
            warnings=warnings,
            attribution=attribution,
        ),
        attempts=0,
    )
