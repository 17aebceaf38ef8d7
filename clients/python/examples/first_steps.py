"""First steps with the client: a script is created, run over records, a file and a data frame, and verified."""

import sys
from pathlib import Path

import polars

from bateia import Client, ExecutionFailed, Selection
from bateia.hosting import create_script, promote, save_version
from bateia.problems import NameTaken

SOURCE = "function process(rows) { return rows.map(row => ({...row, total: row.price * row.count})); }"


def main(dataset: Path) -> None:
    """Run the steps one after another."""
    with Client() as client:  # BATEIA_URL and BATEIA_KEY, or Client("https://…", key="bateia_…")
        try:
            client.do(create_script("totals", {"source": SOURCE}))
        except NameTaken as refusal:
            print(refusal.hint)
            client.do(save_version("totals", {"source": SOURCE}))
        client.do(promote("totals", "live", 1))

        print(client.run("totals", [{"price": 2.5, "count": 2}]).json())
        print(client.run("totals", dataset).records()[0])
        frame = polars.DataFrame({"price": [1.0, float("nan")], "count": [3, 4]})
        print(client.run("totals", frame).to_polars())

        batch = client.wait(client.batch("totals", ([{"price": n, "count": 1}] for n in range(3)), refs="abc"))
        print([line.result[0]["total"] for line in client.batch_results(batch)])

        try:
            client.run("totals", {"no": "list"})
        except ExecutionFailed as failure:
            print(failure)

        execution = client.wait(client.submit("totals", dataset))
        print(client.verify(execution.id).holds)
        print(client.replay("totals", 1, Selection(last=5)).executions["equal"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
