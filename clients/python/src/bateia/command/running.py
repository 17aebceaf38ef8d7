"""The command that runs a source which is not saved."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from bateia.command.arguments import Clock, Flag, Seed
from bateia.command.exits import Exit, Unusable
from bateia.command.local import Trial, dataset_text
from bateia.command.options import DEFAULTS, All, DatasetFile, Options
from bateia.documents import run_error, without_none
from bateia.errors import BateiaError
from bateia.matching import exact_text
from bateia.texts import say

_LOOKS_SECONDS = 0.3


def run(
    source: Path,
    dataset: DatasetFile,
    /,
    *,
    watch: Flag = False,
    remote: Flag = False,
    engine: str | None = None,
    clock: Clock = None,
    seed: Seed = None,
    common: All = DEFAULTS,
) -> int:
    """Run a source over a dataset, and save neither. Exit status 1 if the run fails.

    It runs in the sandbox of an installation of the service on this machine, without a server, if BATEIA_SERVICE
    names a checkout or the service is installed beside this command; otherwise as a preview on the server.

    Parameters
    ----------
    source
        File with `function process(data)`.
    dataset
        File with JSON or, named .ndjson or .jsonl, with one value per line; - is standard input.
    watch
        Run again whenever one of the files changes, until Ctrl-C.
    remote
        Run on the server, also if there is an installation here.
    engine
        JavaScript engine.
    """
    choices = without_none({"engine": engine, "clock": clock, "seed": seed})
    if not watch:
        return _tried(common, source, dataset_text(dataset), choices, remote)
    if str(dataset) == "-":
        raise Unusable(say("--watch needs a file: standard input can be read once only"))
    return _watched(common, source, dataset, choices, remote)


def _watched(common: Options, source: Path, dataset: Path, choices: Mapping[str, str], remote: bool) -> int:
    seen: object = None
    while True:
        state = [(path.stat().st_mtime_ns, path.stat().st_size) for path in (source, dataset) if path.exists()]
        if state != seen and len(state) == 2:
            seen = state
            common.output.note(f"--- {time.strftime('%H:%M:%S')}")
            try:
                _tried(common, source, dataset_text(dataset), choices, remote)
            except (BateiaError, OSError) as error:
                common.output.error(error, Exit.FAILED, common.login.url)
        time.sleep(_LOOKS_SECONDS)


def _tried(common: Options, source: Path, dataset: bytes, choices: Mapping[str, str], remote: bool) -> int:
    runner, place = common.runner(remote)
    with common.output.work(say("running {source} {place}", source=source, place=place)):
        shown = runner(Trial(_source_text(source), dataset, choices))
    error = run_error(shown["error"])
    if common.output.as_json:
        print(exact_text(shown))
        return Exit.OK if error is None else Exit.FAILED
    for line in shown["logs"]:
        common.output.note(f"{line['level']}: {line['message']}", "")
    for warning in (*shown["source_warnings"], *shown["warnings"]):
        common.output.note(f"warning: {warning['detail']}", "yellow")
    if error is not None:
        common.output.note(say("failed {place}: {error}", place=place, error=error), "red")
        return Exit.FAILED
    common.output.line(exact_text(shown["result"]))
    common.output.note(say("succeeded {place} in {value:.1f} ms", place=place, value=float(shown["wall_ms"])))
    return Exit.OK


def _source_text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise Unusable(say("{path} is not UTF-8: convert it", path=path)) from None
