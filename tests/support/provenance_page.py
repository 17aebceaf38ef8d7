"""The examples of docs/provenance.md: `python -m tests.support.provenance_page` writes what the code makes into it."""

import base64
import json
import re
from pathlib import Path
from typing import Final

from adapters.http.openapi.story import answer_values

PAGE: Final = Path(__file__).parents[2] / "docs" / "provenance.md"


def with_examples(page: str) -> str:
    """Replace the first three blocks of JSON: a receipt, its statement, and the keys."""
    values = answer_values()
    receipt, keys = values["receipt"], values["receipt-keys"]
    shown = iter((receipt, json.loads(base64.b64decode(receipt["payload"])), keys))
    blocks = (f"```json\n{json.dumps(one, indent=2)}\n```" for one in shown)
    return re.sub(r"```json\n.*?\n```", lambda found: next(blocks, found[0]), page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(with_examples(PAGE.read_text("utf-8")), "utf-8")
