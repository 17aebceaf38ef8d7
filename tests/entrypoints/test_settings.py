"""Settings are read whole or refused whole, with every reason."""

import os
from collections.abc import Mapping

import pytest
from attrs import asdict, evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.limits import CEILINGS, DEFAULTS, FLOORS, MIB
from entrypoints.composition.connection_budget import PoolSizes, pool_sizes
from entrypoints.configuration.settings import Settings, read_settings, settings_table
from entrypoints.serve import server_options, slots_of

BYTES = st.integers(min_value=64 * 1024 * 1024, max_value=512 * 1024 * 1024)
VALID = st.fixed_dictionaries(
    {"BATEIA_INFLIGHT_BYTES": st.integers(2 * 512 * MIB + 16 * MIB, 2**40)},
    optional={
        "BATEIA_HOST": st.sampled_from(["0.0.0.0", "::1", "localhost", "fe80::1%eth0"]),
        "BATEIA_PORT": st.integers(1, 65_535),
        "BATEIA_ALLOWED_HOSTS": st.sampled_from(["api.example", "a.example:8443, [::1]:80", "192.0.2.7"]),
        "BATEIA_DATA_DIR": st.text("abc/. ", min_size=1),
        "BATEIA_WORKERS": st.integers(1, 64),
        "BATEIA_SLOTS": st.integers(1, 1024),
        "BATEIA_WALL_MS": st.integers(FLOORS.wall_ms, CEILINGS.wall_ms),
        "BATEIA_WALL_CEILING_MS": st.integers(CEILINGS.wall_ms, 86_400_000),
        "BATEIA_RESULT_CEILING_BYTES": BYTES,
        "BATEIA_DATASET_BYTES": BYTES,
        "BATEIA_LEASE_SECONDS": st.integers(3, 3600),
        "BATEIA_SCRIPT_RUNS": st.integers(0, 65_536),
        "BATEIA_QUEUE_DEPTH": st.integers(0, 100_000_000),
        "BATEIA_RETAIN_CONTENT_DAYS": st.integers(0, 36_500),
        "BATEIA_RETAIN_ROWS_DAYS": st.integers(0, 36_500),
        "BATEIA_ISOLATION": st.sampled_from(["version", "EXECUTION"]),
        "BATEIA_WEBHOOK_HTTP": st.sampled_from(["true", "false"]),
        "BATEIA_WEBHOOK_NETWORKS": st.sampled_from(["127.0.0.0/8", "10.1.0.0/16, fd00::/8"]),
        "BATEIA_WEBHOOK_DAYS": st.integers(1, 365),
        "BATEIA_ATTEMPTS": st.integers(1, 100),
        "BATEIA_GRACE_SECONDS": st.integers(0, 600),
        "BATEIA_LOG_LEVEL": st.sampled_from(["debug", "INFO", "Warning", "error"]),
        "BATEIA_ALLOW_UNCONFINED": st.sampled_from(["true", "false"]),
        "DATABASE_URL": st.just("postgresql://someone:secret@db.example:5432/bateia"),
        "PATH": st.text("abc"),
    },
)


def problems_of(env: Mapping[str, str]) -> dict[str, str]:
    return {problem.setting: str(problem) for problem in read_settings(env).failure()}


def test_an_empty_environment_gives_the_documented_defaults() -> None:
    settings = read_settings({}).unwrap()
    assert settings == Settings()
    assert (settings.host, settings.port, str(settings.data_dir)) == ("127.0.0.1", 8000, ".bateia")
    assert (settings.default_limits, settings.ceilings) == (DEFAULTS, CEILINGS)
    assert (settings.lease_seconds, settings.attempts, settings.grace_seconds) == (15, 3, 20)
    assert not settings.allow_unconfined


@pytest.mark.parametrize(
    ("env", "reuses"),
    [
        ({}, True),
        ({"BATEIA_ISOLATION": "version"}, True),
        ({"BATEIA_ISOLATION": "execution"}, False),
        ({"BATEIA_MASTER_KEYS_FILE": "keys"}, False),
        ({"BATEIA_MASTER_KEYS_FILE": "keys", "BATEIA_ISOLATION": "version"}, True),
    ],
)
def test_processes_are_reused_unless_data_is_encrypted_at_rest(env: Mapping[str, str], reuses: bool) -> None:
    assert read_settings(env).unwrap().reuses_processes is reuses


def test_the_table_has_every_setting_with_its_default() -> None:
    rows = settings_table().splitlines()[2:]
    assert len(rows) == len(asdict(Settings()))
    assert "| `BATEIA_PORT` | `8000` |" in rows[1]
    assert not any("None" in row for row in rows)


@given(VALID)
def test_an_environment_of_valid_values_is_read(values: Mapping[str, object]) -> None:
    settings = read_settings({name: str(value) for name, value in values.items()}).unwrap()
    assert settings.port == values.get("BATEIA_PORT", 8000)
    assert settings.ceilings.wall_ms == values.get("BATEIA_WALL_CEILING_MS", CEILINGS.wall_ms)
    assert settings.database_url == values.get("DATABASE_URL", "")


@given(st.dictionaries(st.sampled_from(["BATEIA_PORT", "BATEIA_HOST", "BATEIA_WALL_MS", "BATEIA_X"]), st.text()))
def test_any_environment_is_read_or_refused_with_reasons(env: Mapping[str, str]) -> None:
    reasons = read_settings(env).swap().value_or(())
    assert {problem.setting for problem in reasons} <= {*env, "BATEIA_WALL_CEILING_MS"}


def test_every_problem_is_reported_at_once() -> None:
    problems = problems_of(
        {
            "BATEIA_PORT": "http",
            "BATEIA_WORKERS": "0",
            "BATEIA_ATTEMPTS": "1_0",
            "BATEIA_LOG_LEVEL": "loud",
            "BATEIA_ALLOW_UNCONFINED": "yes",
            "BATEIA_HOST": "a host",
            "DATABASE_URL": "mysql://root:hunter2@db/x",
            "BATEIA_MEMORY_CEILING_BYTES": str(FLOORS.memory_bytes),
            "BATEIA_PROT": "8000",
        }
    )
    assert len(problems) == 9
    assert problems["BATEIA_WORKERS"] == "BATEIA_WORKERS: 0 is out of range (allowed: 1 to 64)"
    assert "BATEIA_MEMORY_BYTES" in problems["BATEIA_MEMORY_CEILING_BYTES"]
    assert "BATEIA_PORT" in problems["BATEIA_PROT"]


def test_allowed_hosts_are_read_as_host_headers_are() -> None:
    settings = read_settings({"BATEIA_ALLOWED_HOSTS": "API.example., [2001:DB8::0:1]:8443 ,192.0.2.7:80"}).unwrap()
    assert list(map(str, settings.allowed_hosts)) == ["api.example", "[2001:db8::1]:8443", "192.0.2.7:80"]


@pytest.mark.parametrize("wrong", ["http://a", "a,", "a b", "*", "*.example", "a:0x1", "::1", "a@b", "a:65536", "a/"])
def test_a_value_that_no_host_header_can_have_is_no_allowed_host(wrong: str) -> None:
    problem = problems_of({"BATEIA_ALLOWED_HOSTS": wrong})["BATEIA_ALLOWED_HOSTS"]
    assert "is not a host" in problem
    assert "host or host:port" in problem


@pytest.mark.parametrize("url", ["mysql://root:hunter2@db/x", "postgresql://root:hunter2@db/x?no such=1"])
def test_a_refused_database_url_is_not_repeated(url: str) -> None:
    assert "hunter2" not in problems_of({"DATABASE_URL": url})["DATABASE_URL"]


def test_the_database_url_is_not_shown() -> None:
    settings = read_settings({"DATABASE_URL": "postgresql://root:hunter2@db/x"}).unwrap()
    assert settings.database_url.endswith("@db/x")
    assert "hunter2" not in repr(settings)


def test_an_empty_value_counts_as_unset() -> None:
    assert read_settings({"BATEIA_PORT": "", "DATABASE_URL": ""}).unwrap() == Settings()


def test_by_default_each_core_has_a_process_with_one_slot() -> None:
    settings = Settings()
    assert settings.api_processes == settings.workers == min(64, os.cpu_count() or 1)
    assert slots_of(settings, {}) == {"BATEIA_SLOTS": str(-(-(os.cpu_count() or 1) // settings.workers))}


@given(st.integers(1, 64), st.integers(1, 64))
def test_the_embedded_server_allows_every_process_its_pool(api_processes: int, workers: int) -> None:
    settings = evolve(Settings(), api_processes=api_processes, workers=workers)
    options = dict(option.split("=") for option in server_options(settings))
    connections = int(options.pop("max_connections", 100))
    assert options == {}
    assert connections >= 100
    assert pool_sizes(connections - 3, api_processes, workers) == PoolSizes()  # three are reserved for superusers


def test_a_name_that_resembles_no_setting_lists_all_of_them() -> None:
    assert "BATEIA_GRACE_SECONDS" in problems_of({"BATEIA_": "1"})["BATEIA_"]


def test_a_limit_above_its_ceiling_is_refused_unless_the_ceiling_is_wrong_itself() -> None:
    high = {"BATEIA_WALL_MS": str(CEILINGS.wall_ms + 1)}
    assert set(problems_of(high)) == {"BATEIA_WALL_CEILING_MS"}
    assert "is not an integer" in problems_of({**high, "BATEIA_WALL_CEILING_MS": "x"})["BATEIA_WALL_CEILING_MS"]


def test_room_for_bodies_has_to_be_enough_for_the_largest_of_them() -> None:
    little = {"BATEIA_INFLIGHT_BYTES": str(128 * MIB)}
    assert "too small" in problems_of(little)["BATEIA_INFLIGHT_BYTES"]
    assert read_settings({**little, "BATEIA_DATASET_BYTES": str(56 * MIB)}).unwrap().inflight_bytes == 128 * MIB
    assert set(problems_of({**little, "BATEIA_DATASET_BYTES": "x"})) == {"BATEIA_DATASET_BYTES"}


def test_a_scheduler_elsewhere_needs_certificates_or_a_permission() -> None:
    files = {f"BATEIA_DASK_{one}_FILE": "a.pem" for one in ("CA", "CERT", "KEY")}
    secured = {"BATEIA_DASK_ADDRESS": "tls://scheduler:8786"}
    assert set(problems_of(secured)) == {*files}
    assert read_settings(secured | files).unwrap().dask_address == "tls://scheduler:8786"
    plain = {"BATEIA_DASK_ADDRESS": "tcp://10.0.0.7:8786"}
    assert "can run code" in problems_of(plain)["BATEIA_DASK_ADDRESS"]
    assert read_settings(plain | {"BATEIA_DASK_PLAINTEXT": "true"}).unwrap().dask_plaintext
    assert read_settings({"BATEIA_DASK_ADDRESS": "tcp://[::1]:8786"}).unwrap().dask_address == "tcp://[::1]:8786"
    for wrong in ("scheduler:8786", "http://scheduler:8786", "tls://scheduler", "tls://scheduler:8786/x"):
        assert "is not the address" in problems_of({"BATEIA_DASK_ADDRESS": wrong})["BATEIA_DASK_ADDRESS"]


@pytest.mark.parametrize(("first", "workers"), [(65_535, 2), (8000, 1), (7999, 2), (7990, 64)])
def test_ports_for_metrics_have_to_be_there_and_none_the_api_s(first: int, workers: int) -> None:
    env = {"BATEIA_WORKER_METRICS_PORT": str(first), "BATEIA_WORKERS": str(workers)}
    assert set(problems_of(env)) == {"BATEIA_WORKER_METRICS_PORT"}
    assert set(problems_of({**env, "BATEIA_WORKERS": "x"})) == {"BATEIA_WORKERS"}
    assert read_settings({**env, "BATEIA_WORKER_METRICS_PORT": "9101"}).unwrap().worker_metrics_port == 9101


@pytest.mark.parametrize(("text", "prefix"), [("/bateia", "/bateia"), ("/data/bateia/", "/data/bateia"), ("/", "")])
def test_a_root_path_is_read_without_its_last_slash(text: str, prefix: str) -> None:
    assert read_settings({"BATEIA_ROOT_PATH": text}).unwrap().root_path == prefix


@pytest.mark.parametrize("text", ["bateia", "//evil.example", "/a/../b", "/a b", "/v1", "/docs/a", "https://a/b", "/é"])
def test_a_root_path_that_is_none_is_refused(text: str) -> None:
    assert (
        "is not a valid path prefix (allowed: a path such as /bateia"
        in problems_of({"BATEIA_ROOT_PATH": text})["BATEIA_ROOT_PATH"]
    )


def test_trusted_proxies_are_addresses_and_networks() -> None:
    read = read_settings({"BATEIA_TRUSTED_PROXIES": "127.0.0.1, ::1,10.0.0.0/8"}).unwrap().trusted_proxies
    assert [str(one) for one in read] == ["127.0.0.1/32", "::1/128", "10.0.0.0/8"]


@pytest.mark.parametrize("text", ["*", "proxy.example", "10.0.0.1/8", "10.0.0.0/33", "127.0.0.1,", ","])
def test_trusted_proxies_that_are_no_addresses_are_refused(text: str) -> None:
    assert "BATEIA_TRUSTED_PROXIES" in problems_of({"BATEIA_TRUSTED_PROXIES": text})


def test_the_key_of_a_client_in_the_same_shell_is_no_setting() -> None:
    assert read_settings({"BATEIA_KEY": "bateia_x"}) == read_settings({})
    assert problems_of({"BATEIA_KEYS": "bateia_x"}).keys() == {"BATEIA_KEYS"}


def test_webhooks_reach_public_addresses_with_tls_unless_the_operator_allows_more() -> None:
    settings = Settings()
    assert (settings.webhook_http, settings.webhook_networks, settings.webhook_ca_file) == (False, (), None)
    assert settings.webhook_days == 7
    env = {"BATEIA_WEBHOOK_HTTP": "true", "BATEIA_WEBHOOK_NETWORKS": "127.0.0.0/8, fd00::/8"}
    settings = read_settings(env).unwrap()
    assert (settings.webhook_http, [str(one) for one in settings.webhook_networks]) == (
        True,
        ["127.0.0.0/8", "fd00::/8"],
    )


@pytest.mark.parametrize("env", [{"BATEIA_WEBHOOK_NETWORKS": "receiver.example"}, {"BATEIA_WEBHOOK_DAYS": "0"}])
def test_settings_of_webhooks_that_are_wrong_are_refused(env: Mapping[str, str]) -> None:
    assert problems_of(env).keys() == env.keys()
