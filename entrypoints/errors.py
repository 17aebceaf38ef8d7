"""Prints the document about all errors: `python -m entrypoints.errors > docs/errors.md`."""

import sys

from adapters.http.language import Language
from adapters.http.problems.documentation import errors_document
from entrypoints.configuration.command_line import CommandLine


def main() -> None:
    """Write the document to standard output, as UTF-8 in every locale."""
    line = CommandLine("python -m entrypoints.errors", description="Print the list of all errors of the API.")
    line.add_argument("language", nargs="?", default=Language.ENGLISH, choices=list(Language), help="language")
    wanted = Language(line.parse_args().language)
    sys.stdout.buffer.write(errors_document(wanted).encode("utf-8"))


if __name__ == "__main__":
    main()
