"""Buffered writes of an API process when it is stopped."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from returns.pipeline import is_successful

from adapters.metrics.metrics import Metrics
from adapters.postgres.api_keys import PostgresApiKeys
from adapters.postgres.audit import PostgresAudit
from adapters.postgres.connections import open_pool
from adapters.system import utc_now
from application.ports.access import AuditFilter
from domain.access import Scope, new_key, new_token
from domain.audit import Action, Actor, execution_event
from entrypoints.composition.api_wiring import api_dependencies
from entrypoints.composition.startup_checks import AnonymousAccessRefused
from entrypoints.configuration.settings import read_settings
from tests.support.values import a_pending, a_script, an_id

TOKEN = new_token(bytes(32))


async def test_audited_reads_and_key_usage_are_written_before_it_ends(
    new_database: Callable[[], str],
) -> None:
    url = new_database()
    key = new_key(an_id(), "a key", [Scope.READ], utc_now() - timedelta(days=1), None).unwrap()
    read = execution_event(Action.READ_RESULT, a_pending(a_script()[1]).submission, Actor(key.id, "a-request"))
    async with open_pool(url, "tests", 2) as pool:
        keys, audit = PostgresApiKeys(pool), PostgresAudit(pool)
        await keys.add(key, TOKEN.digest)
        settings = read_settings({"DATABASE_URL": url, "BATEIA_HOST": "0.0.0.0"}).unwrap()
        async with api_dependencies(settings, Metrics()) as (dependencies, _):
            assert is_successful(await dependencies.access.authorise(TOKEN, Scope.READ))
            dependencies.audit.reads.record(read)
        assert (await audit.page(AuditFilter(), None, 1))[0].event == read
        (used,) = await keys.all()
        assert used.last_used_at is not None


async def test_without_a_key_it_begins_only_where_it_may_be_open(
    new_database: Callable[[], str], caplog: pytest.LogCaptureFixture
) -> None:
    url = new_database()
    settings = read_settings({"DATABASE_URL": url, "BATEIA_HOST": "0.0.0.0"}).unwrap()
    with pytest.raises(AnonymousAccessRefused, match="no API key exists"):
        async with api_dependencies(settings, Metrics()):
            pytest.fail("it began")
    allowed = read_settings({"DATABASE_URL": url, "BATEIA_HOST": "0.0.0.0", "BATEIA_ALLOW_OPEN": "true"}).unwrap()
    async with api_dependencies(allowed, Metrics()) as (dependencies, _):
        assert await dependencies.access.allows_anonymous()
    assert "ANONYMOUS ACCESS: anyone who can reach 0.0.0.0" in caplog.text
