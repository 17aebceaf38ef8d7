"""Typed work outlasts links, reloads, refusals and a change of the language; it ends where it is sent or discarded."""

import json
import re
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Locator, Page, Route, expect

from adapters.http.resources.static_files import href
from tests.browser.steps import heading, source, write
from tests.support.waiting import eventually
from tests.system.conftest import Service

IDENTITY: Final = "function process(data) { return data; }"
RESTORED: Final = re.compile(r"Draft from .* restored")
NAMES: Final = {"prefix": "p.draft:", "suffix": "@/"}
FOREIGN: Final = {"p.key@/": "a key", "p.draft:new@/other/": "of another installation"}
LIMIT: Final = 1_000
"""The characters of all stored drafts; the format of one takes less than 100, and there are three."""
SIZES: Final = (0, 1, 300, 400, 650, 1_000)
TEXTS: Final = st.text(st.characters(), max_size=4)
_LOAD_TWICE: Final = """() => {
  globalThis.isFirstLoad = true;
  for (let n = 0; n < 2; n += 1) dispatchEvent(new HashChangeEvent("hashchange"));
}"""
_ACT: Final = """async ([path, names, foreign, limit, acts]) => {
  const { draftsIn, isSame } = await import(path);
  sessionStorage.clear();
  for (const [name, text] of Object.entries(foreign)) sessionStorage.setItem(name, text);
  const loaded = () => draftsIn(sessionStorage, names, limit);
  let drafts = loaded();
  const file = new File([""], "f.json");
  const seen = [];
  for (const { act, key, text, size, withFile, stored } of acts) {
    if (act === "spoil") sessionStorage.setItem(`${names.prefix}${key}${names.suffix}`, stored);
    if (act === "reload" || act === "spoil") drafts = loaded();
    if (act === "remove") drafts.remove(key);
    if (act === "clear") drafts.clear();
    const entered = { text: text + "x".repeat(size), file: withFile ? file : undefined };
    const isStored = act === "write" && drafts.write(key, { at: 1, entered, origin: { from: "1" } });
    const of = (name) => drafts.read(name)?.entered;
    const items = Object.entries(sessionStorage).filter(([name]) => !(name in foreign));
    seen.push({
      isStored,
      texts: Object.fromEntries(["a", "b", "toString"].filter(of).map((name) => [name, of(name).text])),
      isSame: act === "write" && isSame(of(key), entered),
      isUnstored: drafts.isAnyUnstored(),
      isWithin: items.reduce((sum, [, item]) => sum + item.length, 0) <= limit,
      foreign: Object.fromEntries(Object.keys(foreign).map((name) => [name, sessionStorage.getItem(name)])),
    });
  }
  return JSON.stringify(seen);
}"""
ACTS: Final = st.lists(
    st.fixed_dictionaries(
        {
            "act": st.sampled_from(["write", "write", "write", "reload", "remove", "clear", "spoil"]),
            "key": st.sampled_from(["a", "b", "toString"]),
            "text": TEXTS,
            "size": st.sampled_from(SIZES),
            "withFile": st.booleans(),
            "stored": st.sampled_from(
                [
                    "",
                    "null",
                    "{",
                    "[]",
                    '{"version":2,"at":1,"entered":{"text":"new"},"origin":{}}',
                    '{"version":1,"at":1,"entered":{"text":5},"origin":{}}',
                    '{"version":1,"at":1e300,"entered":{"text":"late"},"origin":{}}',
                    '{"version":1,"at":"1","entered":[],"origin":{}}',
                    '{"version":1,"at":1,"entered":{"text":"old"}}',
                ]
            ),
        }
    ),
    max_size=8,
)


class Model:
    """The drafts of a page load, and those that a reload restores."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.stored: dict[str, str] = {}
        self.unstored: set[str] = set()

    def apply(self, act: dict[str, Any], is_stored: bool) -> None:
        if act["act"] == "clear":
            for drafts in (self.kept, self.stored, self.unstored):
                drafts.clear()
        if act["act"] in ("reload", "spoil"):
            self.kept, self.unstored = {}, set()
        if act["act"] in ("write", "remove", "spoil"):
            self.kept.pop(act["key"], None)
            self.stored.pop(act["key"], None)
            self.unstored -= {act["key"]}
        if act["act"] == "write":
            self.write(act, is_stored)

    def write(self, act: dict[str, Any], is_stored: bool) -> None:
        text = act["text"] + "x" * act["size"]
        self.kept |= {act["key"]: text}
        self.stored |= {act["key"]: text} if is_stored else {}
        self.unstored |= {act["key"]} if act["withFile"] or not is_stored else set()

    def fits(self, act: dict[str, Any]) -> bool | None:
        """Tell whether the text of a write fits beside the other drafts; None where their format decides."""
        others = [text for key, text in self.stored.items() if key != act["key"]]
        total = sum(map(len, others)) + len(act["text"]) + act["size"]
        most = LIMIT - 300
        return total <= most if total <= most or total > LIMIT else None


def test_drafts_outlast_a_reload_as_far_as_they_fit(page: Page) -> None:
    page.goto("/problems")

    @settings(max_examples=40)
    @given(ACTS)
    def check(acts: list[dict[str, Any]]) -> None:
        model = Model()
        path = href("console/drafts.js")
        sent = json.loads(json.dumps(acts))
        for act, seen in zip(acts, json.loads(page.evaluate(_ACT, [path, NAMES, FOREIGN, LIMIT, sent])), strict=True):
            if act["act"] == "write":
                assert model.fits(act) in (None, seen["isStored"])
                assert seen["isSame"]
            model.apply(act, seen["isStored"])
            assert seen["texts"] == json.loads(json.dumps(model.stored | model.kept))
            assert seen["isUnstored"] == bool(model.unstored)
            assert seen["isWithin"] or not seen["isStored"]
            assert seen["foreign"] == FOREIGN

    check()


def notice(page: Page) -> Locator:
    """Locate the messages below the heading."""
    return page.locator(".notices")


def name_field(page: Page) -> Locator:
    return page.locator("input[required]")


def choose_language(page: Page, code: str) -> None:
    page.locator("header select").select_option(code)


def assert_entered(page: Page, name: str, text: str) -> None:
    expect(name_field(page)).to_have_value(name)
    expect(source(page)).to_have_text(text)


def test_a_new_script_is_kept_until_it_is_saved(page: Page) -> None:
    page.goto("/#/new")
    executions = page.get_by_role("navigation").get_by_role("link").nth(2)
    executions.click()
    expect(heading(page, "Executions")).to_be_visible()
    page.go_back()
    expect(heading(page, "New script")).to_be_focused()
    page.evaluate(_LOAD_TWICE)
    expect(heading(page, "New script")).to_be_focused()
    expect(notice(page)).to_be_empty()  # a template is no draft

    write(page, "function proc")
    name_field(page).fill("kept-script")
    page.get_by_label("Description").fill("a description")
    executions.click()
    expect(heading(page, "Executions")).to_be_visible()
    page.go_back()
    expect(notice(page)).to_have_text(re.compile(r"^Draft from \d+:\d\d.* restored · Discard$"))
    assert_entered(page, "kept-script", "function proc")

    # In another language in place, with the refusal of the browser's check and the focus on the menu.
    name_field(page).fill("Não é válido!")
    page.get_by_label("Engine").select_option("dukpy")
    page.locator("summary").click()
    page.get_by_label("Time limit").fill("1234")  # is refused too, below the first
    page.get_by_role("button", name="Save", exact=True).click()
    expect(name_field(page)).to_be_focused()
    expect(name_field(page)).to_have_accessible_description(re.compile("up to 63 characters. Try: nao-e-valido$"))
    expect(name_field(page)).to_have_attribute("aria-invalid", "true")
    page.locator("header select").focus()
    choose_language(page, "pt")
    expect(page.get_by_role("heading", level=1)).to_have_text("Novo script")
    expect(page).to_have_title("Novo script · Bateia")
    expect(executions).to_have_text("Execuções")
    expect(page.locator("header select")).to_be_focused()
    expect(page.locator("html")).to_have_attribute("lang", "pt")
    expect(name_field(page)).to_have_accessible_description(re.compile("até 63 caracteres. Tente: nao-e-valido$"))
    assert_entered(page, "Não é válido!", "function proc")
    expect(page.get_by_label("Limite de tempo")).to_be_visible()
    expect(page.get_by_label("Limite de tempo")).to_have_value("1234")
    page.get_by_label("Limite de tempo").fill("2 s")
    expect(page.get_by_label("Motor")).to_have_value("dukpy")
    assert page.evaluate("() => globalThis.isFirstLoad")

    # A refusal leaves the focus where it was. Its texts are the service's, in the language of the request.
    name_field(page).fill("kept-script")
    expect(name_field(page)).to_have_attribute("aria-invalid", "false")
    page.get_by_role("button", name="Salvar", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Script inválido")
    expect(page.get_by_role("button", name="Salvar", exact=True)).to_be_focused()
    choose_language(page, "en")
    expect(page.get_by_role("alert")).to_contain_text("What this means and how to fix it")
    expect(page.get_by_role("alert")).to_contain_text("Script inválido")
    expect(page.get_by_role("alert")).to_have_attribute("lang", "pt")
    expect(page.locator(".cm-lintRange-error").first).to_be_visible()

    page.reload()
    expect(notice(page)).to_have_text(RESTORED)
    assert_entered(page, "kept-script", "function proc")
    page.get_by_role("button", name="Discard").press("Enter")
    expect(notice(page)).to_have_text("Draft discarded · Undo")
    expect(name_field(page)).to_have_value("")
    page.get_by_role("button", name="Undo").press("Enter")
    expect(notice(page)).to_have_text(RESTORED)
    assert_entered(page, "kept-script", "function proc")
    expect(page.get_by_label("Time limit")).to_have_value("2 s")

    write(page, IDENTITY)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(heading(page, "kept-script")).to_be_focused()
    expect(notice(page)).to_have_text("Created kept-script, version 1")
    choose_language(page, "pt")
    expect(notice(page)).to_have_text("Versão 1 de kept-script criada")
    page.goto("/#/new")
    expect(name_field(page)).to_have_value("")
    expect(notice(page)).to_be_empty()
    assert page.evaluate("() => Object.keys(sessionStorage)") == ["bateia.language@/"]


def test_a_version_is_run_and_revised_where_it_is_shown(page: Page, service: Service) -> None:
    assert service.host("told-apart", IDENTITY).status_code == 201

    def revised(text: str) -> None:
        sent = service.client.post("/v1/scripts/told-apart/versions", json={"source": f"{text}\n{IDENTITY}"})
        assert sent.status_code == 201

    revised("// two")
    page.goto("/#/scripts/told-apart?version=1")
    page.get_by_role("link", name="Edit v1 as v3").first.click()
    expect(page.get_by_text("Starts from version 1. The latest is version 2.")).to_be_visible()
    write(page, f"// draft\n{IDENTITY}")
    page.get_by_label("Note", exact=True).fill("half a note")
    page.goto("/#/scripts/told-apart")
    expect(page.get_by_role("link", name="Run v2 (latest)")).to_be_visible()
    revised("// three")
    page.get_by_role("link", name="New version", exact=True).click()
    expect(notice(page)).to_contain_text(
        ", started from version 1, restored · version 3 has been created since · Discard"
    )
    expect(source(page)).to_contain_text("// draft")
    expect(page.get_by_label("Note", exact=True)).to_have_value("half a note")
    expect(page.get_by_text("Starts from version 1. The latest is version 3.")).to_be_visible()
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("Starts from version 3, the latest.")).to_be_visible()
    expect(source(page)).to_contain_text("// three")
    page.get_by_role("button", name="Save as v4").click()
    expect(notice(page)).to_have_text("told-apart, version 3, already has this source: no version was created")

    page.get_by_role("link", name="v1", exact=True).click()
    page.get_by_role("button", name="Restore v1").first.click()
    expect(page.get_by_label("Note", exact=True)).to_be_focused()
    expect(page.get_by_label("Note", exact=True)).to_have_value("Restores version 1")
    page.get_by_label("Note", exact=True).fill("back to the first")
    page.get_by_role("button", name="Create the version").press("Enter")
    expect(notice(page)).to_have_text("Version 4 of told-apart has the source of version 1")
    expect(page.get_by_role("row").filter(has_text="back to the first")).to_contain_text("Changes")
    page.get_by_role("link", name="Changes from version 3 to 4").first.click()
    expect(heading(page, "Changes of told-apart")).to_be_focused()
    expect(page.get_by_role("textbox", name="Version 3")).to_contain_text("// three")
    expect(page.get_by_role("textbox", name="Version 4")).not_to_contain_text("// three")
    expect(page.get_by_text("back to the first")).to_be_visible()
    wide = page.viewport_size
    page.set_viewport_size({"width": 400, "height": 800})
    unified = page.get_by_role("textbox", name="Changes from version 3 to 4")
    expect(unified.locator(".cm-deletedChunk")).to_have_text("// three")
    page.set_viewport_size(wide or {"width": 1280, "height": 720})
    page.get_by_label("From version", exact=True).fill("1")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("Both versions have the same source.")).to_be_visible()

    page.goto("/#/scripts/told-apart?version=1")
    page.get_by_text("Run v1", exact=True).first.click()
    expect(heading(page, "Run told-apart")).to_be_visible()
    version = page.get_by_label("Version", exact=True)
    expect(version).to_have_value("1")
    expect(version.get_by_role("option").first).to_have_text("latest (version 4)")
    version.select_option("2")
    page.reload()
    expect(version).to_have_value("2")
    page.goto("/#/scripts/told-apart/run?version=9")
    expect(heading(page, "Page not found")).to_be_visible()
    page.get_by_role("link", name="Back to the overview").click()
    expect(heading(page, "Overview")).to_be_visible()
    page.goto("/#/scripts")
    page.get_by_role("link", name="told-apart").click()
    page.get_by_role("button", name="Add a description").press("Enter")
    expect(page.get_by_label("Description")).to_be_focused()
    page.get_by_label("Description").fill("Tells versions apart")
    page.get_by_role("button", name="Save description").press("Enter")
    expect(page.get_by_role("paragraph").filter(has_text="Tells versions apart")).to_be_visible()
    expect(page.get_by_role("button", name="Edit description")).to_be_focused()
    assert service.client.get("/v1/scripts/told-apart").json()["description"] == "Tells versions apart"
    page.get_by_role("button", name="Archive").click()
    expect(notice(page)).to_have_text("Archived told-apart")
    page.get_by_text("Retention", exact=True).click()
    record = page.get_by_label("Record", exact=True)
    record.fill("3 months")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(record).to_be_focused()
    expect(record).to_have_accessible_description(
        "Write days, weeks or years, such as 30 days, up to 100 years, or 0 for forever."
    )
    record.fill("1 week")
    expect(record).to_have_accessible_description("Deleted 7 days after the execution finishes.")
    page.get_by_label("Dataset, result and logs").fill("0")
    choose_language(page, "pt")
    expect(page.get_by_label("Registro", exact=True)).to_have_value("7 dias")
    expect(page.get_by_label("Dataset, resultado e logs")).to_have_value("para sempre")
    page.get_by_role("button", name="Salvar").press("Enter")
    expect(page.get_by_text("Retenção de told-apart salva")).to_be_visible()
    saved = service.client.get("/v1/scripts/told-apart").json()["retention"]
    assert saved == {"content_days": "forever", "rows_days": 7}
    expect(page.get_by_role("button", name="Salvar")).to_be_focused()


def test_a_dataset_is_kept_until_it_is_submitted(page: Page, service: Service) -> None:
    assert service.host("given-data", IDENTITY).status_code == 201
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.type))
    page.goto("/#/scripts/given-data/run")
    dataset = page.locator("textarea")
    dataset.fill("[1, 2]")
    page.reload()
    expect(notice(page)).to_have_text(RESTORED)
    expect(dataset).to_have_value("[1, 2]")
    assert dialogs == []
    page.locator("input[type=file]").set_input_files(
        {"name": "chosen.json", "mimeType": "application/json", "buffer": b"[3]"}
    )
    page.get_by_role("link", name="Executions").click()
    expect(heading(page, "Executions")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("chosen.json (3 B)")).to_be_visible()

    # A language that is chosen during an upload waits for its end.
    held: list[Route] = []
    page.route("**/scripts/*/executions", lambda route: held.append(route))
    page.get_by_role("button", name="Run", exact=True).press("Enter")
    eventually(lambda: page.title() and held, 10)
    choose_language(page, "pt")
    expect(page.get_by_role("link", name="Execuções")).to_be_visible()
    expect(page.get_by_role("main")).to_have_attribute("lang", "en")
    expect(page.get_by_role("progressbar")).to_be_visible()
    keys = [held[0].request.headers["idempotency-key"]]
    held.pop().abort("connectionfailed")
    expect(page.get_by_role("alert")).to_have_text("Sem conexão com a Bateia")
    expect(page.get_by_text("chosen.json (3 B)")).to_be_visible()
    run = page.get_by_role("button", name="Executar", exact=True)
    run.press("Enter")
    eventually(lambda: page.title() and len(held) == 1, 10)
    keys.append(held.pop().request.headers["idempotency-key"])
    choose_language(page, "en")
    page.get_by_role("link", name="Executions").click()
    expect(heading(page, "Executions")).to_be_focused()
    choose_language(page, "pt")
    page.go_back()
    expect(page.get_by_text("chosen.json (3 B)")).to_be_visible()
    run.press("Enter")
    eventually(lambda: page.title() and held, 10)
    assert keys[0] == keys[1]
    choose_language(page, "en")
    held.pop().continue_()
    expect(heading(page, "Execution ")).to_be_visible()
    page.unroute("**/scripts/*/executions")

    page.goto("/#/scripts/given-data/run")
    expect(dataset).to_have_value("")
    expect(notice(page)).to_be_empty()
    assert dialogs == []
    dataset.fill("x" * 2_100_000)
    expect(notice(page)).to_contain_text("too large to be stored")
    page.reload()
    assert dialogs == ["beforeunload"]
    expect(dataset).to_have_value("")

    # A choice on a list outlasts a change of the language too.
    page.get_by_role("link", name="Executions").click()
    box = page.get_by_role("checkbox").first
    box.check()
    choose_language(page, "pt")
    expect(heading(page, "Execuções")).to_be_visible()
    expect(box).to_be_checked()
