"""Webhooks on the console: created, tested, followed, rotated, disabled and removed, with a real receiver."""

import json
import re
from asyncio import StreamWriter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

import pytest
from anyio.from_thread import start_blocking_portal
from attrs import define, field
from playwright.sync_api import Locator, Page, Route, expect
from standardwebhooks import Webhook

from tests.browser.modules import Modules
from tests.browser.steps import heading
from tests.support.receivers import Received, Receiver, a_receiver
from tests.system.conftest import Service

ECHO: Final = "function process(data) { if (data.fails) throw new Error('no'); return data; }"
SECRET: Final = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


def answer(status: int, text: str = "") -> bytes:
    """Build a response of a receiver."""
    return f"HTTP/1.1 {status} -\r\nContent-Length: {len(text.encode())}\r\n\r\n{text}".encode()


@define
class Answering:
    """A receiver that answers as it is told."""

    response: bytes = answer(200, "thanks")
    receiver: Receiver = field(factory=lambda: Receiver(0))

    async def respond(self, writer: StreamWriter) -> None:
        """Write the present response."""
        writer.write(self.response)
        await writer.drain()

    @property
    def url(self) -> str:
        """The URL without a path."""
        return f"http://127.0.0.1:{self.receiver.port}"

    @property
    def requests(self) -> list[Received]:
        """The messages that came."""
        return self.receiver.requests


@contextmanager
def receiving() -> Iterator[Answering]:
    """Receive messages for the block."""
    answering = Answering()
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(a_receiver(answering.respond)) as receiver,
    ):
        answering.receiver = receiver
        yield answering


@pytest.fixture
def receiver() -> Iterator[Answering]:
    with receiving() as answering:
        yield answering


def _button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def _rows(page: Page) -> Locator:
    return page.locator("tbody tr")


def _create(service: Service, url: str, **members: object) -> str:
    response = service.client.post("/v1/webhooks", json={"url": url, "events": ["execution.failed"], **members})
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def _secret(page: Page) -> str:
    """Read the secret that the page shows."""
    text = page.locator(".secret pre").first.inner_text()
    assert SECRET.fullmatch(text)
    return text


def _is_signed(secret: str, message: Received) -> bool:
    return bool(Webhook(secret).verify(message.body, message.headers))


def _stored(page: Page) -> str:
    """Read all that the page stores, and its address."""
    return str(page.evaluate("() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, location.href])"))


def test_a_webhook_goes_from_its_form_to_its_deliveries(page: Page, service: Service, receiver: Answering) -> None:
    assert service.host("hooked", ECHO).status_code == 201
    page.goto("/#/scripts/hooked")
    page.get_by_role("main").get_by_role("link", name="Webhooks", exact=True).click()
    expect(heading(page, "Webhooks")).to_be_focused()
    page.get_by_role("link", name="New webhook").first.click()
    expect(heading(page, "New webhook")).to_be_focused()
    expect(page.get_by_role("list", name="Chosen scripts")).to_contain_text("hooked")
    _button(page, "Create webhook").click()
    expect(page.get_by_text("Enter the URL of the receiver.")).to_be_visible()
    expect(page.get_by_label("URL")).to_be_focused()
    page.get_by_label("URL").fill("ftp://nowhere")
    _button(page, "Create webhook").click()
    expect(page.get_by_text("Choose at least one event.")).to_be_visible()
    for event in ("Execution succeeded", "Execution failed"):
        page.get_by_label(event).check()
    page.get_by_label("Name of a script").fill("none-such")
    page.get_by_label("Name of a script").press("Enter")
    _button(page, "Create webhook").click()
    expect(page.get_by_text("must have the scheme https")).to_be_visible()
    expect(page.get_by_text("none-such: must be a script that exists")).to_be_visible()
    expect(page.get_by_label("URL")).to_be_focused()
    page.get_by_label("URL").fill(f"{receiver.url}/hooks")
    _button(page, "Remove none-such").click()
    page.get_by_label("Description").fill("For the ledger")
    _button(page, "Create webhook").click()

    expect(page.get_by_text("It is shown only now")).to_be_visible()
    secret = _secret(page)
    code = page.locator(".secret pre").last.inner_text()
    assert secret not in _stored(page)
    page.get_by_label("Language").select_option("pt")
    expect(page.get_by_text("Ele é mostrado só agora")).to_be_visible()
    assert _secret(page) == secret
    page.get_by_label("Idioma").select_option("en")
    expect(page.get_by_text("It is shown only now")).to_be_visible()

    _button(page, "Send a test").click()
    test = page.locator(".note.row")
    expect(test).to_contain_text("The receiver answered 200 after")
    assert service.submit("hooked", "{}", 30).is_success
    _button(page, "1 new delivery · Show").click()
    expect(_rows(page)).to_have_count(2)
    expect(_rows(page).first).to_contain_text("Execution succeededhooked · ")
    expect(_rows(page).first).to_contain_text("delivered1200")
    assert [_is_signed(secret, one) for one in receiver.requests] == [True, True]
    scope: dict[str, Any] = {}
    exec(code.replace('os.environ["WEBHOOK_SECRET"]', repr(secret)), scope)
    verified: Callable[[Mapping[str, str], bytes], Any] = scope["verified"]
    assert verified(receiver.requests[0].headers, receiver.requests[0].body)["type"] == "webhook.test"
    assert verified(receiver.requests[0].headers, b"{}") is None
    _button(page, "I have stored it").click()
    expect(page.locator(".secret")).to_have_count(0)

    _rows(page).first.get_by_role("link").first.click()
    expect(heading(page, "Delivery: Execution succeeded")).to_be_focused()
    expect(page.get_by_text("The receiver accepted the message.")).to_be_visible()
    expect(page.locator("pre", has_text="thanks")).to_be_visible()
    sent = json.loads(receiver.requests[1].body)
    assert json.loads(page.locator("main pre").last.inner_text()) == sent
    UUID(sent["data"]["execution"])
    _button(page, "Send again").click()
    expect(page.get_by_text("The delivery is being sent again")).to_be_visible()
    expect(page.get_by_role("main").locator(".badge").first).to_have_text("delivered")
    expect(page.get_by_role("definition").filter(has_text=re.compile("^1$"))).to_be_visible()
    page.get_by_role("link", name="Webhook to 127.0.0.1").click()
    expect(page.locator(".secret")).to_have_count(0)

    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.get_by_label("URL")).to_have_value(f"{receiver.url}/hooks")
    page.get_by_label("Alias moved").check()
    page.get_by_label("Scripts", exact=True).select_option("")
    _button(page, "Save").click()
    expect(page.get_by_text("Saved the webhook")).to_be_visible()
    expect(page.locator("dl")).to_contain_text("Execution succeeded, Execution failed, Alias moved")
    expect(page.locator("dl")).to_contain_text("all scripts")

    _button(page, "Rotate the secret…").click()
    page.get_by_label("The former secret stays valid for").select_option("3600")
    _button(page, "Rotate the secret").click()
    expect(page.get_by_text("The former secret is valid until")).to_be_visible()
    new = _secret(page)
    assert new != secret
    assert new not in _stored(page)
    _button(page, "Send a test").click()
    expect(page.locator(".note.row")).to_contain_text("The receiver answered 200")
    assert [_is_signed(one, receiver.requests[-1]) for one in (secret, new)] == [True, True]
    page.get_by_role("link", name="All webhooks").click()
    expect(_rows(page).first).to_contain_text("For the ledger")
    page.go_back()
    expect(heading(page, "Webhook to 127.0.0.1")).to_be_focused()
    expect(page.locator(".secret")).to_have_count(0)

    _button(page, "Delete…").click()
    _button(page, "Delete permanently").click()
    expect(page.get_by_text("Deleted the webhook")).to_be_visible()


def test_um_receptor_que_falha_e_acompanhado_ate_se_recuperar(
    open_page: Callable[..., Page], service: Service, receiver: Answering
) -> None:
    webhook = _create(service, f"{receiver.url}/falha")
    receiver.response = answer(503, "voltamos <b>logo</b>")
    page = open_page(locale="pt-BR", scheme="dark", width=390)
    page.goto("/#/webhooks")
    page.get_by_role("link", name=f"{receiver.url}/falha").click()
    expect(heading(page, "Webhook para 127.0.0.1")).to_be_focused()
    expect(page.get_by_text("Ainda não há entregas.")).to_be_visible()
    _button(page, "Enviar um teste").click()
    expect(page.locator(".note.row")).to_contain_text("O receptor respondeu 503")
    expect(page.locator("dl")).to_contain_text("1 falha")
    page.locator(".note.row").get_by_role("link", name="Detalhes do teste").click()
    expect(heading(page, "Entrega: Teste")).to_be_focused()
    expect(page.get_by_text("Só um status de 200 a 299 aceita uma mensagem.")).to_be_visible()
    expect(page.locator("pre", has_text="voltamos <b>logo</b>")).to_be_visible()
    receiver.response = answer(204)
    expect(page.get_by_role("main").locator(".badge").first).to_have_text("entregue")
    page.get_by_role("link", name="Webhook para 127.0.0.1").click()
    expect(heading(page, "Webhook para 127.0.0.1")).to_be_focused()
    expect(page.locator("dl")).to_contain_text("sem falhas")
    _button(page, "pendente").click()
    expect(page.get_by_text("Nenhuma entrega com este estado.")).to_be_visible()
    _button(page, "entregue").click()
    expect(_rows(page)).to_have_count(1)
    receiver.response = answer(410)
    _button(page, "Enviar um teste").click()
    expect(page.get_by_text("Este webhook foi desativado porque o receptor respondeu 410")).to_be_visible()
    expect(_button(page, "Enviar um teste")).to_have_count(0)
    _button(page, "Ativar").click()
    expect(page.get_by_text("Webhook ativado")).to_be_visible()
    _button(page, "Desativar…").click()
    _button(page, "Desativar").click()
    expect(page.get_by_text("Este webhook foi desativado por um cliente.")).to_be_visible()
    assert service.client.get(f"/v1/webhooks/{webhook}").json()["disabled"]["reason"] == "requested"
    page.goto(f"/#/webhooks/{webhook}?status=exhausted")
    _rows(page).first.get_by_role("link").first.click()
    _button(page, "Enviar de novo").click()
    expect(page.get_by_role("alert")).to_contain_text("desativado")


def test_a_fault_is_explained_in_words(page: Page, service: Service) -> None:
    webhook = _create(service, "http://10.0.0.1/")
    page.goto(f"/#/webhooks/{webhook}")
    _button(page, "Send a test").click()
    expect(page.locator(".note.row")).to_contain_text("address not allowed")
    _rows(page).first.get_by_role("link").first.click()
    expect(page.get_by_text("An address of the host is not public, or plain HTTP is not allowed.")).to_be_visible()


def test_the_list_has_the_webhooks_that_concern_a_script(page: Page, service: Service) -> None:
    for name in ("concerned", "other"):
        assert service.host(name, ECHO).status_code == 201
    urls = [f"http://10.0.0.1/{name}" for name in ("concerned", "other", "all")]
    for url, scripts in zip(urls, (["concerned"], ["other"], None), strict=True):
        _create(service, url, scripts=scripts)
    page.goto("/#/webhooks?script=concerned")
    expect(page.get_by_role("link", name=urls[0])).to_be_visible()
    expect(page.get_by_role("link", name=urls[2])).to_be_visible()
    expect(page.get_by_role("link", name=urls[1])).to_have_count(0)


def test_a_draft_of_a_webhook_outlasts_a_reload_and_another_language(page: Page) -> None:
    page.goto("/#/webhooks/new")
    page.get_by_label("URL").fill("https://hooks.example.com/draft")
    page.get_by_label("Batch finished").check()
    page.get_by_label("Scripts", exact=True).select_option("some")
    page.get_by_label("Name of a script").fill("drafted-script")
    _button(page, "Add").click()
    page.get_by_label("Language").select_option("pt")
    expect(heading(page, "Novo webhook")).to_be_visible()
    expect(page.get_by_label("Lote terminado")).to_be_checked()
    page.reload()
    expect(page.get_by_label("URL")).to_have_value("https://hooks.example.com/draft")
    expect(page.get_by_label("Lote terminado")).to_be_checked()
    expect(page.get_by_role("list", name="Scripts escolhidos")).to_contain_text("drafted-script")


def test_an_unreachable_service_is_reported_and_asked_again(page: Page, service: Service) -> None:
    webhook = _create(service, "http://10.0.0.1/lost")
    page.goto(f"/#/webhooks/{webhook}")
    expect(heading(page, "Webhook to 10.0.0.1")).to_be_focused()
    is_lost = [True]

    def lose(route: Route) -> None:
        route.abort("connectionfailed") if is_lost[0] else route.continue_()

    page.route(f"**/v1/webhooks/{webhook}", lose)
    expect(page.get_by_text("Can't reach Bateia. Retrying…")).to_be_visible()
    is_lost[0] = False
    expect(page.get_by_text("Can't reach Bateia. Retrying…")).to_have_count(0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "now"),
        (50, "in 50 seconds"),
        (89.4, "in 89 seconds"),
        (90, "in 2 minutes"),
        (-240, "4 minutes ago"),
        (2 * 3_600, "in 2 hours"),
        (-12 * 3_600, "12 hours ago"),
        (3 * 86_400, "in 3 days"),
    ],
)
def test_a_time_is_relative_in_a_suitable_unit(page: Page, seconds: float, words: str) -> None:
    formats = Modules(page, {"formats": "formats"})
    moment = "return formats_.fromNow(new Date(7e11 + seconds * 1000).toISOString(), 7e11);"
    assert formats.run(moment, seconds=seconds) == words


def test_a_secret_is_not_shown_to_another_reader_of_the_tab(page: Page, service: Service) -> None:
    webhook = _create(service, "http://10.0.0.1/handed-over")
    page.goto(f"/#/webhooks/{webhook}")
    _button(page, "Rotate the secret…").click()
    _button(page, "Rotate the secret").click()
    _secret(page)
    _button(page, "API key").click()
    page.get_by_role("dialog").get_by_label("API key").fill("bateia_another")
    page.route("**/v1/webhooks/**", lambda route: route.continue_(headers={"accept": "application/json"}))
    _button(page, "Sign in").click()
    expect(_button(page, "API key ✓")).to_be_visible()
    expect(page.get_by_text("Loading…")).to_have_count(0)
    expect(page.locator(".secret")).to_have_count(0)


def test_a_refusal_for_lack_of_a_scope_asks_for_another_key(page: Page, service: Service) -> None:
    webhook = _create(service, "http://10.0.0.1/forbidden")
    problem = {"title": "Not allowed", "status": 403, "detail": "The key lacks the scope scripts:write."}

    def refuse(route: Route) -> None:
        route.fulfill(status=403, content_type="application/problem+json", body=json.dumps(problem))

    page.route("**/test", refuse)
    page.goto(f"/#/webhooks/{webhook}")
    _button(page, "Send a test").click()
    expect(page.get_by_role("alert")).to_contain_text("The key lacks the scope scripts:write.")
    expect(page.get_by_role("alert").get_by_label("API key")).to_be_visible()
    expect(_button(page, "Send a test")).to_be_focused()
