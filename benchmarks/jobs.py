#!/usr/bin/env python3
"""Jobs over data of a folder, beside one sandbox and beside Polars, in one run: rates, memory, and whether the sums are
right.

Usage: python benchmarks/jobs.py [--mb N] [--formats ndjson csv parquet json ndjson.zst] [--rounds N] [--partition-mb N]

The data are made-up card statistics; each format has the same rows. First the rate of one sandbox is measured: runs of
the script over one partition of NDJSON, one after another, in this process. Then each format is a job of the service,
started with its defaults, whose clock runs from the submission until the job has succeeded: with planning, merge and
output, but without the start of the cluster, which a small job before it pays. Polars aggregates the same objects.
Rates are in rows, which the formats share: the ratio is that of a job to one sandbox times the cores.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl
from figures import CORES
from processes import family, private_mib
from systems import ROOT, Running, data_dir, service

sys.path.insert(0, str(ROOT))

from adapters.javascript.runner import JavaScriptSandbox
from adapters.json.bodies import JsonBodies
from application.ports.sandbox import Trial
from domain.body import Body, Encoding, digest
from domain.circumstances import derived_circumstances
from domain.engine import DEFAULT_ENGINE
from domain.limits import DEFAULTS
from domain.outcome import Produced
from domain.versions import Source

SCRIPT: Final = b"""
const KEYS = ["qtdCartoesEmitidos", "qtdCartoesAtivos", "qtdTransacoesNacionais", "valorTransacoesNacionais"];
function add(groups, row) {
  const key = `${row.trimestre}-${row.nomeBandeira}`;
  const zeros = () => Object.fromEntries(KEYS.map(k => [k, 0]));
  const group = groups[key] ??= { trimestre: row.trimestre, nomeBandeira: row.nomeBandeira, ...zeros() };
  for (const k of KEYS) group[k] += row[k];
  return groups;
}
const sorted = groups => Object.keys(groups).sort().map(key => groups[key]);
function process(rows) {
  return sorted(rows.filter(row => row.produto === "Empresarial").reduce(add, {}));
}
function merge(results) {
  return sorted(results.flat().reduce(add, {}));
}
"""
KEYS: Final = ["qtdCartoesEmitidos", "qtdCartoesAtivos", "qtdTransacoesNacionais", "valorTransacoesNacionais"]
_BRANDS: Final = ["VISA", "MasterCard", "Elo", "American Express", "Hipercard"]
_BLOCK_ROWS: Final = 200_000
_PROGRAMS: Final = ("serve", "entrypoints.api", "job_runner", "zygote.py", "comparison/child", "postgres")
_SAMPLE_SECONDS: Final = 0.25
_MB: Final = 1_000_000


def block(seed: int) -> pl.DataFrame:
    """Make up some rows."""
    drawn = random.Random(seed)
    count = range(_BLOCK_ROWS)
    return pl.DataFrame(
        {
            "trimestre": [f"20{drawn.randint(20, 24)}{drawn.randint(1, 4)}" for _ in count],
            "nomeBandeira": [drawn.choice(_BRANDS) for _ in count],
            "nomeFuncao": [drawn.choice(["Crédito", "Débito"]) for _ in count],
            "produto": [drawn.choice(["Empresarial", "Intermediário", "Básico", "Premium"]) for _ in count],
            "qtdCartoesEmitidos": [drawn.randint(0, 4_000_000) for _ in count],
            "qtdCartoesAtivos": [drawn.randint(0, 2_000_000) for _ in count],
            "qtdTransacoesNacionais": [drawn.randint(0, 90_000_000) for _ in count],
            "valorTransacoesNacionais": [drawn.randint(0, 10**12) / 100 for _ in count],
        }
    )


def write(folder: Path, formats: Sequence[str], size: int) -> int:
    """Write the same rows in each format, some `size` bytes of NDJSON; return the number of rows."""
    folder.mkdir(parents=True)
    blocks = [block(seed) for seed in range(4)]
    lines = [one.write_ndjson().encode() for one in blocks]
    count = max(1, size // len(lines[0]))
    chosen = [number % len(blocks) for number in range(count)]
    if "ndjson" in formats:
        with (folder / "rows.ndjson").open("wb") as file:
            file.writelines(lines[number] for number in chosen)
    if "ndjson.zst" in formats:
        from backports import zstd

        with zstd.open(folder / "rows.ndjson.zst", "wb") as packed:
            for number in chosen:
                packed.write(lines[number])
    if "json" in formats:
        with (folder / "rows.json").open("wb") as file:
            texts = [line.strip().replace(b"\n", b",") for line in lines]
            file.writelines(b"%b%b" % (b"," if at else b"[", texts[number]) for at, number in enumerate(chosen))
            file.write(b"]")
    if "csv" in formats:
        tables = [one.write_csv(include_header=False).encode() for one in blocks]
        with (folder / "rows.csv").open("wb") as file:
            file.write(",".join(blocks[0].columns).encode() + b"\n")
            file.writelines(tables[number] for number in chosen)
    if "parquet" in formats:
        table = pl.concat([blocks[number] for number in chosen])
        table.write_parquet(folder / "rows.parquet", row_group_size=_BLOCK_ROWS)
    return count * _BLOCK_ROWS


def polars_sums(path: Path) -> tuple[pl.DataFrame, float]:
    """Aggregate with Polars; return the sums, and the seconds."""
    scans: dict[str, Callable[[], pl.LazyFrame]] = {
        ".csv": lambda: pl.scan_csv(path, schema_overrides={"trimestre": pl.String}),
        ".parquet": lambda: pl.scan_parquet(path),
        ".json": lambda: pl.read_json(path).lazy(),
        ".ndjson": lambda: pl.scan_ndjson(path),
        ".zst": lambda: pl.scan_ndjson(path.with_suffix("")),
    }
    began = time.perf_counter()
    groups = ["trimestre", "nomeBandeira"]
    wanted = scans[path.suffix]().filter(pl.col("produto") == "Empresarial").group_by(groups)
    sums = wanted.agg(pl.col(KEYS).sum()).collect(engine="streaming")
    return sums.sort(pl.concat_str(groups, separator="-")), time.perf_counter() - began


async def sandbox_seconds(partition_bytes: int) -> tuple[float, int]:
    """Measure one run over one partition of NDJSON, as an array; return its seconds, and its rows."""
    line = block(0).write_ndjson().encode()
    text = (line * (partition_bytes // len(line) + 1))[:partition_bytes].rpartition(b"\n")[0]
    array = b"[%b]" % text.replace(b"\n", b",")
    identity = digest(array)
    circumstances = derived_circumstances(identity, datetime.now(UTC))
    trial = Trial(
        source=Source(SCRIPT, digest(SCRIPT)),
        engine=DEFAULT_ENGINE,
        limits=DEFAULTS,
        dataset=Body(identity, Encoding.IDENTITY, b"", array),
        circumstances=circumstances,
    )
    took = []
    async with JavaScriptSandbox(JsonBodies(), slots=1, analyses=False) as sandbox:
        for _ in range(7):
            began = time.perf_counter()
            run = (await sandbox.run_trial(trial)).unwrap()
            took.append(time.perf_counter() - began)
            assert isinstance(run.outcome, Produced), run
    return statistics.median(took[1:]), text.count(b"\n") + 1


class Client:
    """A client of the service."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
        """Send a request, and parse the answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self._base_url + path, body, named, method=method)
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.loads(answer.read() or b"null")

    def run(self, document: dict[str, Any]) -> tuple[float, dict[str, Any]]:
        """Run a job to its end."""
        began = time.perf_counter()
        path = "/v1/scripts/cards/jobs"
        shown = self.call("POST", path, json.dumps(document).encode(), Content_Type="application/json")
        while shown["status"] in {"pending", "running"}:
            shown = self.call("GET", f"/v1/jobs/{shown['id']}", Prefer="wait=10")
        assert shown["status"] == "succeeded", json.dumps(shown, indent=1)[:3000]
        return time.perf_counter() - began, shown


class Weighing:
    """The peak of the private memory of a process and all its descendants, sampled beside the block."""

    def __init__(self, pid: int) -> None:
        self._pid, self._stop, self.peak, self.by_program = pid, threading.Event(), 0.0, dict[str, float]()

    def __enter__(self) -> "Weighing":
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._stop.wait(_SAMPLE_SECONDS):
            now: dict[str, float] = {}
            for pid in family(self._pid):
                name = program(pid)
                now[name] = now.get(name, 0) + private_mib(pid)
            if sum(now.values()) > self.peak:
                self.peak, self.by_program = sum(now.values()), now


def program(pid: int) -> str:
    """Name the program of a process."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return "gone"
    line = " ".join(words)
    return next((one for one in _PROGRAMS if one in line), "Dask worker" if "multiprocessing" in line else words[0])


def check(shown: dict[str, Any], folder: Path, sums: pl.DataFrame) -> None:
    """Check that a job's output has the sums of Polars."""
    got = json.loads((folder / "result.json").read_bytes())
    wanted = sums.to_dicts()
    assert len(got) == len(wanted), (len(got), len(wanted), shown)
    for one, other in zip(got, wanted, strict=True):
        for name, value in other.items():
            is_same = abs(one[name] - value) <= 1e-9 * abs(value) if isinstance(value, float) else one[name] == value
            assert is_same, (name, one, other)


def measure(running: Running, files: Path, wanted: argparse.Namespace) -> None:
    """Measure, and print."""
    client = Client(running.base_url)
    client.call("POST", "/v1/scripts?name=cards", SCRIPT, Content_Type="text/javascript")
    rows = write(files / "in", wanted.formats, wanted.mb * _MB)
    (files / "in" / "small.ndjson").write_bytes(block(9).head(1000).write_ndjson().encode())
    seconds, part_rows = asyncio.run(sandbox_seconds(wanted.partition_mb * _MB))
    print(f"one sandbox, a partition of {wanted.partition_mb} MB: {seconds:.3f} s, {part_rows / seconds:,.0f} rows/s")
    print(f"{rows:,} rows, {CORES} cores")
    document = {
        "input": {"url": "files://in/small.ndjson"},
        "output": {"url": "files://out/small/", "format": "json"},
        "merge": "script",
        "partition": {"bytes": wanted.partition_mb * _MB},
    }
    took, _ = client.run(document)
    print(f"the first job, which starts the cluster: {took:.2f} s")
    for name in wanted.formats:
        path = files / "in" / f"rows.{name}"
        if name == "csv":
            document["input"] = {"url": f"files://in/rows.{name}", "csv": {"types": {"trimestre": "string"}}}
        else:
            document["input"] = {"url": f"files://in/rows.{name}"}
        sums, native = polars_sums(path)
        for number in range(wanted.rounds):
            out = f"{name.replace('.', '-')}-{number}"
            document["output"] = {"url": f"files://out/{out}/", "format": "json"}
            with Weighing(running.pid) as weighing:
                took, shown = client.run(document)
            check(shown, files / "out" / out, sums)
            rate, size = rows / took, path.stat().st_size / _MB
            ratio = rate / (CORES * part_rows / seconds)
            print(
                f"{name:11} {size:8,.0f} MB  {took:6.2f} s  {size / took:6.0f} MB/s  {rate:10,.0f} rows/s  "
                f"{ratio:.2f} of the sandboxes  Polars {native:.2f} s, {took / native:.1f} times faster  "
                f"peak {weighing.peak:,.0f} MiB"
            )
        print("   at the peak: " + ", ".join(f"{one} {mib:.0f}" for one, mib in sorted(weighing.by_program.items())))


def main() -> None:
    """Read the arguments, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=int, default=1500)
    parser.add_argument("--formats", nargs="+", default=["ndjson", "csv", "parquet"])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--partition-mb", type=int, default=32)
    wanted = parser.parse_args()
    os.environ.setdefault("POLARS_MAX_THREADS", str(CORES))
    with data_dir() as data, service(data, {"BATEIA_LOG_LEVEL": "warning"}) as running:
        measure(running, data / "files", wanted)


if __name__ == "__main__":
    main()
