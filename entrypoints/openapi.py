"""Prints the OpenAPI document: `python -m entrypoints.openapi > docs/openapi.json`."""

import sys

from adapters.http.openapi.document import openapi_document, openapi_text
from entrypoints.configuration.command_line import CommandLine


def main() -> None:
    """Write the document to standard output, as UTF-8 in every locale."""
    CommandLine("python -m entrypoints.openapi", description="Print the API's OpenAPI document.").parse_args()
    sys.stdout.buffer.write(openapi_text(openapi_document()).encode("utf-8"))


if __name__ == "__main__":
    main()
