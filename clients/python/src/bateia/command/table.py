"""The table of the commands: `bateia VERB`, and `bateia NOUN VERB` for what is done with one of many."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bateia.command import (
    account,
    administration,
    executions,
    job_running,
    jobs,
    keys,
    lifecycle,
    objects,
    proving,
    pulling,
    pushing,
    reading,
    replays,
    running,
    scripts,
    submitting,
    versions,
    webhooks,
)

GROUPS: tuple[tuple[str, tuple[Callable[..., int], ...]], ...] = (
    (
        "Service",
        (
            account.login,
            account.whoami,
            account.status,
            administration.queue,
            administration.limits,
            administration.audit,
            account.types,
            account.completion,
        ),
    ),
    ("Folders of scripts", (pushing.push, pulling.pull, pulling.diff, pushing.run_tests)),
    (
        "Runs",
        (
            running.run,
            submitting.submit,
            submitting.batch,
            job_running.job,
            reading.logs,
            reading.result,
            reading.compare,
        ),
    ),
    ("Stores", (objects.stores, objects.ls, objects.put, objects.get, objects.rm)),
    (
        "Versions and proof",
        (
            lifecycle.replay,
            lifecycle.promote,
            lifecycle.rollback,
            proving.receipt,
            proving.verify,
            executions.reproduce,
        ),
    ),
)
NOUNS: Mapping[str, tuple[str, Mapping[str, Callable[..., int]]]] = {
    "scripts": (
        "List scripts, or do something with one.",
        {
            "list": scripts.list_scripts,
            "show": scripts.show_script,
            "describe": scripts.describe,
            "retention": scripts.retention,
            "archive": scripts.archive,
            "unarchive": scripts.unarchive,
        },
    ),
    "versions": (
        "List the versions of a script, or do something with one.",
        {
            "list": versions.list_versions,
            "show": versions.show_version,
            "source": versions.source,
            "diff": versions.version_diff,
            "check": versions.check,
            "checks": versions.checks,
            "gate": versions.gate_report,
            "restore": versions.restore,
        },
    ),
    "tests": (
        "List the tests of a script on the service, or do something with one.",
        {
            "list": versions.list_tests,
            "show": versions.show_test,
            "write": versions.write_test,
            "remove": versions.remove_test,
        },
    ),
    "aliases": (
        "List the aliases of a script, or do something with one.",
        {
            "list": scripts.list_aliases,
            "show": scripts.show_alias,
            "history": scripts.history,
            "remove": scripts.remove_alias,
        },
    ),
    "gates": (
        "Show, set or remove the gate of a script.",
        {"show": scripts.show_gate, "set": scripts.set_gate, "remove": scripts.remove_gate},
    ),
    "replays": (
        "List the replays on a version, or do something with one.",
        {
            "list": replays.list_replays,
            "show": replays.show_replay,
            "executions": replays.replayed_executions,
            "differences": replays.differences,
            "accept": replays.accept,
        },
    ),
    "executions": (
        "List executions, or do something with one.",
        {
            "list": reading.executions,
            "show": executions.show_execution,
            "input": executions.show_input,
            "log": executions.show_log,
            "reproduction": executions.show_reproduction,
            "cancel": executions.cancel_execution,
            "delete-data": executions.delete_data,
        },
    ),
    "batches": (
        "List batches, or do something with one.",
        {
            "list": executions.list_batches,
            "show": executions.show_batch,
            "results": executions.batch_results,
            "cancel": executions.cancel_batch,
            "delete-data": executions.delete_batch_data,
        },
    ),
    "jobs": (
        "List jobs, or do something with one.",
        {
            "list": jobs.list_jobs,
            "show": jobs.show_job,
            "wait": jobs.wait_for_job,
            "partitions": jobs.partitions,
            "manifest": jobs.manifest,
            "cancel": jobs.cancel_job,
            "retry": jobs.retry_job,
            "delete-data": jobs.delete_job_data,
            "receipt": jobs.job_receipt,
            "verify": jobs.verify_job,
        },
    ),
    "keys": (
        "List API keys, or do something with one.",
        {"list": keys.list_keys, "show": keys.show_key, "create": keys.create_key, "revoke": keys.revoke_key},
    ),
    "webhooks": (
        "List webhooks, or do something with one.",
        {
            "list": webhooks.list_webhooks,
            "show": webhooks.show_webhook,
            "create": webhooks.create_webhook,
            "change": webhooks.change_webhook,
            "delete": webhooks.delete_webhook,
            "rotate": webhooks.rotate_secret,
            "test": webhooks.send_test,
            "deliveries": webhooks.deliveries,
            "delivery": webhooks.show_delivery,
            "redeliver": webhooks.redeliver,
        },
    ),
}
"""The commands `bateia NOUN VERB`. Without a verb, those with a `list` list."""
