"""The secrets of webhooks are encrypted as the content of executions is, and the rotation of the master key includes
their keys."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest

from adapters.encryption.aes_gcm import AesKeyring
from adapters.encryption.master_keys import MasterKeys
from adapters.postgres.data_keys import PostgresDataKeys
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.readiness import PostgresReadiness
from adapters.postgres.script_tests import PostgresScriptTests
from adapters.system import utc_now
from application.maintenance.rotate_master_key import KeyCounts, rotate_master_key
from application.ports.encryption import NO_ENCRYPTION, Keyring, MasterKeyMissing
from application.ports.executions import NewExecution
from application.ports.script_tests import NewTest
from application.ports.webhooks import Secrets
from domain.webhooks import Webhook
from tests.adapters.postgres.delivering import MINUTE, SECRET, Database, a_database
from tests.support.script_tests import a_content, a_script_test
from tests.support.values import a_body, a_pending

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
BEFORE: Final = AesKeyring(MasterKeys("old", {"old": OLD}))
BETWEEN: Final = AesKeyring(MasterKeys("new", {"new": NEW, "old": OLD}))
AFTER: Final = AesKeyring(MasterKeys("new", {"new": NEW}))
OFF: Final = AesKeyring(MasterKeys(None, {"old": OLD}))
CANARY: Final = SECRET[:13]
OTHER_SECRET: Final = SECRET.replace(b".", b"!")
HOUR: Final = timedelta(hours=1)


async def plain_texts(database: Database) -> int:
    """Count the columns of all webhooks that show a secret."""
    (counts,) = await database.rows(
        "select count(*) filter (where position(%s in secret) > 0)"
        " + count(*) filter (where position(%s in former_secret) > 0) as shown from webhooks",
        CANARY,
        CANARY,
    )
    shown: int = counts["shown"]
    return shown


async def secrets(database: Database, keyring: Keyring, webhook: Webhook) -> Secrets | None:
    """Read the secrets of a webhook as the process does that sends its events; None if it cannot."""
    work = database.work(keyring=keyring)
    taken = {one.webhook.id: one.secrets for one in await work.take(100, 1)}
    await database.rows("update webhooks set held_by = null")
    return taken.get(webhook.id)


async def test_no_column_shows_an_encrypted_secret_and_a_missing_key_is_an_outage(
    lent_database: Callable[[], str],
) -> None:
    async with a_database(lent_database()) as database:
        plain = await database.add(tests=1)
        assert await plain_texts(database) == 1
        await database.webhooks().remove(plain.id)
        webhook = await database.add(tests=1, keyring=BEFORE)
        assert await plain_texts(database) == 0
        assert await secrets(database, BEFORE, webhook) == Secrets(SECRET)
        for keyring in (NO_ENCRYPTION, AFTER):
            assert await secrets(database, keyring, webhook) is None
            with pytest.raises(MasterKeyMissing):
                await database.webhooks(keyring).rotate(webhook.id, OTHER_SECRET, utc_now() + HOUR)
            readiness = await PostgresReadiness(database.pool, MINUTE, keyring)()
            assert "old" in (readiness.trouble or "")
            found = await database.webhooks(keyring).find(webhook.id)  # no secret is read
            assert found is not None
            assert found.webhook == webhook
        assert (await PostgresReadiness(database.pool, MINUTE, BETWEEN)()).trouble is None


@pytest.mark.parametrize(
    ("adding", "rotating", "shown"),
    [
        (NO_ENCRYPTION, NO_ENCRYPTION, 2),
        (NO_ENCRYPTION, BEFORE, 0),
        (BEFORE, BEFORE, 0),
        (BEFORE, OFF, 0),
        (BEFORE, BETWEEN, 0),
        (OFF, BETWEEN, 0),
    ],
)
async def test_encryption_is_switched_on_and_off_between_an_addition_and_a_rotation(
    lent_database: Callable[[], str], adding: Keyring, rotating: Keyring, shown: int
) -> None:
    async with a_database(lent_database()) as database:
        webhook = await database.add(tests=1, keyring=adding)
        await database.webhooks(rotating).rotate(webhook.id, OTHER_SECRET, utc_now() + HOUR)
        assert await plain_texts(database) == shown
        assert await secrets(database, BETWEEN, webhook) == Secrets(OTHER_SECRET, SECRET)
        await database.webhooks(BETWEEN).rotate(webhook.id, SECRET, utc_now() + HOUR)
        assert await secrets(database, BETWEEN, webhook) == Secrets(SECRET, OTHER_SECRET)


@pytest.mark.parametrize(
    "damage",
    [
        "update webhooks set secret = former_secret, former_secret = secret where former_secret is not null",
        "update webhooks w set secret = o.secret from webhooks o where o.id <> w.id",
        "update webhooks w set wrapped = o.wrapped from webhooks o where o.id <> w.id",
    ],
)
async def test_a_secret_of_another_webhook_or_part_is_no_secret_of_this_one(
    lent_database: Callable[[], str], damage: str
) -> None:
    async with a_database(lent_database()) as database:
        webhook = await database.add(tests=1, keyring=BEFORE)
        await database.add(keyring=BEFORE)
        await database.webhooks(BEFORE).rotate(webhook.id, OTHER_SECRET, utc_now() + HOUR)
        assert await secrets(database, BEFORE, webhook) == Secrets(OTHER_SECRET, SECRET)
        await database.rows(damage)
        assert await secrets(database, BEFORE, webhook) is None


async def test_a_rotation_of_the_master_key_rewraps_the_keys_of_webhooks_among_all_others(
    lent_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.maintenance.rotate_master_key.BATCH", 3)
    async with a_database(lent_database()) as database:
        added = []
        for number in range(8):
            pending = a_pending(database.version, dataset=a_body())
            await PostgresExecutions(database.pool, BEFORE).add(NewExecution(pending, a_body()))
            test = a_script_test(database.script.id, f"test-{number}")
            (await PostgresScriptTests(database.pool, BEFORE).put(NewTest(test, a_content()))).unwrap()
            added.append(await database.add(tests=1, keyring=BEFORE))
        keys = PostgresDataKeys(database.pool)
        assert await keys.counted() == {"old": 24}
        done = await asyncio.gather(*(rotate_master_key(keys, BETWEEN) for _ in range(2)))
        assert KeyCounts(24, {}, {}) in [one.unwrap() for one in done]
        for webhook in added:
            assert await secrets(database, AFTER, webhook) == Secrets(SECRET)
        assert (await PostgresReadiness(database.pool, MINUTE, AFTER)()).trouble is None


async def test_a_rotation_of_the_master_key_passes_over_a_webhook_that_is_being_changed(
    lent_database: Callable[[], str],
) -> None:
    async with a_database(lent_database()) as database:
        webhook, keys = await database.add(tests=1, keyring=BEFORE), PostgresDataKeys(database.pool)
        async with database.pool.connection() as conn, conn.transaction():
            await conn.execute("select from webhooks where id = %s for no key update", [webhook.id])
            assert (await rotate_master_key(keys, BETWEEN)).unwrap() == KeyCounts(0, {"old": 1}, {})
        assert (await rotate_master_key(keys, BETWEEN)).unwrap() == KeyCounts(1, {}, {})
        await database.webhooks(AFTER).rotate(webhook.id, OTHER_SECRET, utc_now() + HOUR)
        assert await secrets(database, AFTER, webhook) == Secrets(OTHER_SECRET, SECRET)


@pytest.mark.parametrize("keyring", [NO_ENCRYPTION, BEFORE])
async def test_no_secret_is_in_a_representation_or_in_the_log(
    lent_database: Callable[[], str], caplog: pytest.LogCaptureFixture, keyring: Keyring
) -> None:
    caplog.set_level(logging.DEBUG)
    async with a_database(lent_database()) as database:
        webhook, work = await database.add(tests=1, keyring=keyring), database.work(keyring=keyring)
        taken, webhooks = await work.take(1, 1), database.webhooks(keyring)
        shown = [taken, taken[0].secrets, await webhooks.find(webhook.id), await webhooks.page(None, 9)]
        shown += [webhooks, work, await webhooks.rotate(webhook.id, OTHER_SECRET, utc_now() + HOUR)]
        text = repr(shown) + caplog.text
        assert str(webhook.id) in text
        assert CANARY.decode() not in text
        assert CANARY.hex() not in text
