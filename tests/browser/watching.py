"""Watch over forbidden acts of the service's pages in every use. Tests check their own steps; this checks the rest."""

from typing import Final

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Request, Response, WebError

_TELLS_OF_VIOLATIONS: Final = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI} ${event.sample}`));
"""
_OF_THE_NETWORK: Final = "Failed to load resource"
"""The beginning of Chromium's messages about answers of 400 and more, which an API gives for good reasons."""


class Watch:
    """Notes the faults of a context's pages: errors, refusals by the policy, requests that go wrong or astray.

    `root` is where the service is published: its origin, and the path prefix if it has one.
    """

    def __init__(self, context: BrowserContext, root: str) -> None:
        self.faults: list[str] = []
        self._root = root
        context.add_init_script(_TELLS_OF_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._exception)
        context.on("dialog", self._dialog)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_OF_THE_NETWORK):
            self.faults.append(f"{message.type} on the console: {message.text}")

    def _exception(self, error: WebError) -> None:
        self.faults.append(f"uncaught: {error.error}")

    def _dialog(self, dialog: Dialog) -> None:
        if dialog.type != "beforeunload":  # asked for by the page, about what its reader has not saved
            self.faults.append(f"a dialog: {dialog.message}")
        dialog.accept()

    def _request(self, request: Request) -> None:
        inner = request.url.removeprefix("blob:")
        if not inner.startswith((f"{self._root}/", "data:")):
            self.faults.append(f"a request to another origin: {request.url}")

    def _failed(self, request: Request) -> None:
        if (
            self._is_a_file(request.url) and request.failure != "net::ERR_ABORTED"
        ):  # so end those of a page that was left
            self.faults.append(f"no answer for {request.url}: {request.failure}")

    def _response(self, response: Response) -> None:
        if self._is_a_file(response.url) and response.status >= 400:
            self.faults.append(f"{response.status} for {response.url}")

    def _is_a_file(self, url: str) -> bool:
        return not url.removeprefix(self._root).startswith(("/v1/", "/health/"))
