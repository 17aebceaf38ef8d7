"""The use case in Python: host the script, run it over the dataset, print the rows of the result, one a line.

pip install httpx
python examples/bacen/use_case.py [URL]
"""

import json
import sys
from pathlib import Path

from bateia import connect, host, rows, run, wait

HERE = Path(__file__).parent


def main(*url: str) -> None:
    """Go the whole way, from source and dataset to rows."""
    dataset = json.loads((HERE / "payload.json").read_text("utf-8"))
    with connect(*url) as api:
        host(api, "python-example", (HERE / "script.js").read_text("utf-8"))
        for row in rows(api, wait(api, run(api, "python-example", dataset))):
            print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
