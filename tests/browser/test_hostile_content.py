"""Texts of scripts and datasets are text wherever they are shown: they run nothing, and they are complete."""

import json
import unicodedata
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from tests.browser.steps import state
from tests.system.conftest import Service

HOSTILE: Final = (
    "<img src=x onerror=\"globalThis.ran = 'img'\"><script>globalThis.ran = 'script'</script>"
    "</title></textarea><svg onload='globalThis.ran = 1'>\"'`{{ran}}${ran} javascript:globalThis.ran=1 \u202eliam\u202c"
)
SHOWN: Final = HOSTILE.replace("\u202e", "\\u202e").replace("\u202c", "\\u202c")
"""The same where the results are, which show what cannot be seen."""
SAYS_IT: Final = f"""
const words = {json.dumps(HOSTILE)};
function process(data) {{
  console.log(words);
  console.error(words);
  if (data.fails) {{ const error = new Error(words); error.name = words; throw error; }}
  return [{{ [words]: words, n: data.n, nested: {{ [words]: [words] }} }}];
}}
"""


@pytest.fixture(scope="module")
def executions(service: Service) -> dict[str, str]:
    """Run executions of a hostile script, and return their ids by the purposes of their datasets."""
    hosted = {"name": "hostile", "source": SAYS_IT, "description": HOSTILE, "note": HOSTILE}
    assert service.client.post("/v1/scripts", json=hosted).status_code == 201
    datasets = {"one": {"n": 1}, "other": {"n": 2}, "failed": {"fails": True}}
    answers = {name: service.submit("hostile", json.dumps(dataset), 30).json() for name, dataset in datasets.items()}
    assert [one["status"] for one in answers.values()] == ["succeeded", "succeeded", "failed"]
    return {name: one["id"] for name, one in answers.items()}


def assert_nothing_ran(page: Page) -> None:
    """Assert that no markup of a text became an element, and no code of it ran."""
    assert page.evaluate("() => globalThis.ran ?? null") is None
    assert page.locator("img, svg, iframe, object, script:not([src^='/static/']), [onerror], [onload]").count() == 0
    assert page.locator("a[href^='javascript:' i]").count() == 0
    assert page.title().endswith(" · Bateia")


def test_a_list_and_a_script_show_it(page: Page, executions: dict[str, str]) -> None:
    page.goto("/#/scripts")
    expect(page.get_by_role("cell").filter(has_text="onerror")).to_have_text(HOSTILE)
    assert_nothing_ran(page)
    page.get_by_role("link", name="hostile").click()
    expect(page.get_by_role("paragraph").filter(has_text="onerror")).to_have_text(HOSTILE)
    expect(page.get_by_role("definition").filter(has_text="onerror")).to_have_text(HOSTILE)
    expect(page.get_by_role("textbox", name="Source")).to_contain_text("<script>globalThis.ran")
    assert_nothing_ran(page)


def test_an_execution_shows_it(page: Page, executions: dict[str, str]) -> None:
    page.goto(f"/#/executions/{executions['one']}")
    table = page.get_by_role("tabpanel", name="Table")
    expect(table.get_by_role("columnheader").nth(1)).to_have_text(SHOWN)
    expect(table.locator("tbody td").first).to_contain_text(SHOWN[:190])
    page.get_by_role("tab", name="Log").click()
    expect(page.locator(".logs li")).to_have_text([f"log{HOSTILE}", f"error{HOSTILE}"])
    page.get_by_role("tab", name="Result").click()
    expect(page.locator(".profile").first).to_contain_text("text0% null1 value")
    page.get_by_role("tab", name="JSON").click()
    expect(page.get_by_role("tabpanel", name="JSON")).to_contain_text(json.dumps(SHOWN)[1:100])
    page.get_by_role("tab", name="Chart").click()
    page.get_by_label("X axis").select_option(label=HOSTILE)
    page.get_by_label("Group by").select_option(label=HOSTILE)
    expect(page.get_by_role("img", name=HOSTILE[:60])).to_be_visible()
    page.get_by_role("tab", name="Table").click()
    table.get_by_role("button", name="Expand").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("javascript:globalThis.ran=1 \\u202eliam\\u202c")
    assert_nothing_ran(page)


def test_a_failure_shows_it(page: Page, executions: dict[str, str]) -> None:
    page.goto(f"/#/executions/{executions['failed']}")
    expect(state(page)).to_have_text("failed")
    expect(page.locator(".refusal strong")).to_contain_text(HOSTILE)
    expect(page.locator(".cm-lintRange-error").first).to_be_visible()
    assert_nothing_ran(page)
    page.goto("/#/executions?script=hostile")
    expect(page.locator("details.failure")).to_contain_text(HOSTILE)
    assert_nothing_ran(page)


def test_a_comparison_shows_it(page: Page, executions: dict[str, str]) -> None:
    page.goto(f"/#/compare?left={executions['one']}&right={executions['other']}")
    expect(page.get_by_role("region", name="Results")).to_contain_text(SHOWN[:190])
    assert_nothing_ran(page)


def test_a_replay_and_its_acceptance_show_it(page: Page, service: Service, executions: dict[str, str]) -> None:
    source = SAYS_IT.replace("data.n,", "data.n + 1,").replace("new Error(words)", "new TypeError(words + words)")
    assert service.client.post("/v1/scripts/hostile/versions", json={"source": source}).status_code == 201
    replays = "/v1/scripts/hostile/versions/2/replays"
    replay = service.client.post(replays, json={"executions": list(executions.values())}).json()
    path = f"{replays}/{replay['id']}"
    finished = service.client.get(path, headers={"Prefer": "wait=30"}).json()
    assert finished["executions"]["changed"] == 3
    assert service.client.post(f"{path}/acceptance", json={"note": HOSTILE}).status_code == 200
    page.goto(f"/#/scripts/hostile/replays/2/{replay['id']}")
    expect(page.get_by_text(f"{SHOWN}{SHOWN}")).to_be_visible()
    expect(page.locator(".note").filter(has_text="onerror")).to_contain_text(SHOWN)
    expect(page.get_by_role("rowheader").filter(has_text="onerror").first).to_contain_text(SHOWN[:190])
    assert_nothing_ran(page)


def test_a_refusal_and_the_address_show_it(page: Page) -> None:
    page.goto("/#/new")
    page.get_by_label("Name", exact=True).fill(HOSTILE[:60])
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Try: img-src-x")).to_be_visible()
    assert_nothing_ran(page)
    for view in ("scripts/", "executions/", "executions?script=", "audit?key=", "compare?left=1&right="):
        page.goto(f"/#/{view}%3Cimg%20src%3Dx%20onerror%3D%22globalThis.ran%3D1%22%3E")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        expect(page.get_by_text("Loading…")).to_have_count(0)
        assert_nothing_ran(page)


def visible(text: str) -> str:
    """Write the text as results show it: invisible characters as JSON would write them."""
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    unseen = {one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp")} - {"\u200c", "\u200d"}
    written = {one: short.get(one) or json.dumps(one)[1:-1] for one in unseen}
    written |= {one: f"\\u{ord(one):04x}" for one in unseen if one < "\x80" and one not in short}
    return "".join(written.get(one, one) for one in text)


TEXTS: Final = st.text(st.characters(codec="utf-8", exclude_categories=["Cn"]), min_size=1, max_size=40)
MARKUP: Final = st.sampled_from(
    ["<b>", "</td>", "&amp;", "&#60;", "<!--", "]]>", "\u202e", "\x00", "\r\n", '"', "{n}", "$&"]
)
ROWS: Final = st.dictionaries(
    TEXTS, st.lists(TEXTS | MARKUP, min_size=1, max_size=4).map("".join), min_size=1, max_size=9
)


def test_hostile_text_is_shown_unchanged(page: Page, service: Service) -> None:
    source = "function process(data) { for (const row of data) console.log(Object.values(row)[0]); return data; }"
    assert service.host("echoes", source).status_code == 201

    @settings(max_examples=8)
    @given(ROWS)
    def prove(sent: dict[str, str]) -> None:
        rows = [{name: text} for name, text in sent.items()]
        execution = service.submit("echoes", json.dumps(rows), 30).json()
        page.goto(f"/#/executions/{execution['id']}")
        expect(page.get_by_title(execution["id"]).first).to_be_visible()
        table = page.get_by_role("tabpanel", name="Table")
        expect(table.locator("tbody tr")).to_have_count(len(rows))
        heads = table.get_by_role("columnheader").all_text_contents()
        assert heads[1:] == [visible(name) for name in sent]
        cells = table.locator("tbody td").all_text_contents()
        assert cells[:: len(rows) + 1] == [visible(text) for text in sent.values()]
        page.get_by_role("tab", name="Log").click()
        assert page.locator(".logs li span:last-child").all_text_contents() == [
            line["message"] for line in execution["logs"]
        ]

    prove()


def test_a_batch_shows_it(page: Page, service: Service, executions: dict[str, str]) -> None:
    lines = "".join(f"{json.dumps({'ref': HOSTILE, 'data': {'fails': fails}})}\n" for fails in (True, False))
    page.goto("/#/scripts/hostile/batch")
    page.get_by_label("Lines", exact=True).fill(json.dumps({HOSTILE: HOSTILE}))
    page.get_by_label("Reference from").select_option(label=HOSTILE)
    expect(page.get_by_role("cell", name=SHOWN, exact=True)).to_be_visible()
    assert_nothing_ran(page)
    page.get_by_label("Lines", exact=True).fill(lines.replace('"data"', json.dumps(HOSTILE), 1))
    page.get_by_label("Each line is").select_option("lines")
    expect(page.get_by_role("alert")).to_contain_text("unknown member <img src=x onerror=")
    assert_nothing_ran(page)
    page.get_by_label("Lines", exact=True).fill(lines)
    page.get_by_role("button", name="Submit the batch").click()
    expect(page.get_by_role("cell", name=SHOWN, exact=True).first).to_be_visible()
    expect(page.locator("table.rows tbody tr")).to_have_count(2)
    expect(page.locator("details.failure").first).to_contain_text("<script>globalThis.ran")
    assert_nothing_ran(page)
    page.get_by_role("region", name="Lines, the last ones first").get_by_role("link").first.click()
    expect(page.get_by_text("Line 1 of batch")).to_contain_text(SHOWN)
    assert_nothing_ran(page)
