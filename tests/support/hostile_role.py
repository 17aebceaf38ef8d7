"""A role with other defaults than the service relies on, each as an operator may have set it for other programs."""

from typing import Final

from tests.support.postgres_server import PASSWORD, SUPERUSER, TcpServer

ROLE: Final = "unusual"
DEFAULTS: Final = {
    "DateStyle": "German, DMY",
    "IntervalStyle": "iso_8601",
    "TimeZone": "Asia/Kathmandu",
    "client_encoding": "LATIN1",
    "bytea_output": "escape",
    "standard_conforming_strings": "off",
    "escape_string_warning": "off",
    "extra_float_digits": "-15",
    "array_nulls": "off",
    "transform_null_equals": "on",
    "quote_all_identifiers": "on",
    "row_security": "off",
    "default_transaction_isolation": "serializable",
    "default_transaction_deferrable": "on",
    "synchronous_commit": "off",
    "plan_cache_mode": "force_custom_plan",
    "enable_indexscan": "off",
    "enable_indexonlyscan": "off",
    "enable_nestloop": "off",
    "enable_seqscan": "on",
    "jit": "on",
    "jit_above_cost": "0",
    "geqo_threshold": "2",
    "work_mem": "64kB",
    "search_path": "public",
    "check_function_bodies": "off",
}


def make_hostile_role(server: TcpServer) -> None:
    """Create the role, which owns the superuser's objects and may not do more than that."""
    server.execute(f"create role {ROLE} login password '{PASSWORD}'", f"grant {SUPERUSER} to {ROLE}")
    server.execute(*(f"alter role {ROLE} set {name} = '{value}'" for name, value in DEFAULTS.items()))
