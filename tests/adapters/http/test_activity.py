"""The activity of scripts over HTTP."""

import pytest

from domain.outcome import ErrorKind, Rejected, script_error
from tests.adapters.http.api import Api, slug

BUCKETS = {"1h": 30, "24h": 24, "7d": 28, "30d": 30}


@pytest.mark.parametrize(("period", "count"), BUCKETS.items())
def test_the_activity_of_a_period_is_counted_in_buckets(api: Api, period: str, count: int) -> None:
    api.host("cards")
    for _ in range(2):
        api.submit(script="cards")
        api.produce()
    last = api.submit(script="cards")
    api.fail(Rejected(script_error(ErrorKind.TIMEOUT, "too long")))
    (shown,) = api.get(f"/v1/scripts?activity={period}").json()["items"]
    activity = shown["activity"]
    assert (activity["executions"], activity["failed"], activity["cancelled"]) == (3, 1, 0)
    assert len(activity["buckets"]) == count
    assert activity["buckets"][-1]["start"] <= activity["until"]
    assert activity["buckets"][0]["start"] == activity["since"]
    assert sum(one["executions"] for one in activity["buckets"]) == 3
    assert sum(one["failed"] for one in activity["buckets"]) == 1
    assert activity["p95_ms"] == pytest.approx(2.5, rel=0.05)
    assert (activity["last"]["id"], activity["last"]["status"]) == (last["id"], "failed")
    assert activity["last"]["error_kind"] == "timeout"


def test_a_script_that_never_ran_has_activity_without_runs(api: Api) -> None:
    api.host("cards")
    (shown,) = api.get("/v1/scripts?activity=24h").json()["items"]
    assert (shown["activity"]["executions"], shown["activity"]["p95_ms"], shown["activity"]["last"]) == (0, None, None)


def test_without_a_period_there_is_no_activity_and_an_unknown_one_is_refused(api: Api) -> None:
    api.host("cards")
    assert "activity" not in api.get("/v1/scripts").json()["items"][0]
    assert "activity" not in api.get("/v1/scripts/cards").json()
    assert slug(api.get("/v1/scripts?activity=2h")) == (422, "invalid-query")


def test_pages_of_scripts_keep_the_period(api: Api) -> None:
    for name in ("one", "two"):
        api.host(name)
    first = api.get("/v1/scripts?activity=7d&limit=1")
    assert "activity=7d" in first.headers["link"]
    second = api.get(first.headers["link"].split(";")[0].strip("<>"))
    assert [one["name"] for page in (first, second) for one in page.json()["items"]] == ["two", "one"]
