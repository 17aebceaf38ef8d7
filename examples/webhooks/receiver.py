"""A receiver of webhooks: verifies each message, processes it once, and answers.

    pip install standardwebhooks
    WEBHOOK_SECRET=whsec_… python3 examples/webhooks/receiver.py [PORT]

A real receiver stands behind TLS, remembers ids in a database, in the transaction that processes the message, and
leaves work that takes longer than some seconds to a queue of its own.
"""

import json
import os
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from standardwebhooks import Webhook, WebhookVerificationError

MOST_BYTES: Final = 64 * 1024
SECRET: Final = Webhook(os.environ["WEBHOOK_SECRET"])
SEEN: Final[set[str]] = set()


def verified(headers: Mapping[str, str], body: bytes) -> Any:
    """Return the message, or None unless it was signed with the secret, within the last five minutes."""
    try:
        return SECRET.verify(body, dict(headers))
    except (WebhookVerificationError, ValueError):  # the latter for headers that are no signature at all
        return None


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 once a message has been processed, so that it is not sent again."""

    timeout = 10

    def do_POST(self) -> None:
        """Receive one message."""
        size = self.headers.get("Content-Length", "")
        if not size.isascii() or not size.isdigit() or int(size) > MOST_BYTES:
            self.send_error(400)
            return
        message = verified(dict(self.headers), self.rfile.read(int(size)))
        if message is None:
            self.send_error(400)
            return
        if self.headers["webhook-id"] not in SEEN:
            print(message["type"], json.dumps(message["data"]), flush=True)
            SEEN.add(self.headers["webhook-id"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print messages alone."""


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if sys.argv[1:] else 8080), Receiver) as server:
        print(f"receiving at http://127.0.0.1:{server.server_port}/", flush=True)
        server.serve_forever()
