"""The use case in Python: create the script, run it over the dataset, print the rows of the result, one per line.

It needs Python 3.9 or newer and nothing else: python3 examples/bacen/use_case.py
"""

import argparse
import json
import sys
from pathlib import Path

from bateia import KEY_VARIABLE, BateiaError, Unreachable, connect, host, rows, run, wait

HERE = Path(__file__).parent
NAME = "python-example"
EXIT_CODES = "exit status: 0 success, 1 refused or failed, 2 wrong arguments, 3 no response from the service"


def main(arguments=None):
    """Run the whole use case, from source and dataset to rows. Return the exit status."""
    api = _connected(arguments)
    try:
        _run(api)
    except BateiaError as error:
        print(f"use_case: {error}", file=sys.stderr)
        return 3 if isinstance(error, Unreachable) else 1
    return 0


def _run(api):
    dataset = json.loads((HERE / "payload.json").read_text("utf-8"))
    host(api, NAME, (HERE / "script.js").read_text("utf-8"))
    for row in rows(api, wait(api, run(api, NAME, dataset))):
        print(json.dumps(row, ensure_ascii=False))


def _connected(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog=EXIT_CODES)
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8000", help="address of the service (%(default)s)")
    parser.add_argument("--key", help=f"API key; without it, that in the environment variable {KEY_VARIABLE}")
    given = parser.parse_args(arguments)
    try:
        return connect(given.url, key=given.key)
    except ValueError as error:
        parser.error(str(error))


if __name__ == "__main__":
    sys.exit(main())
