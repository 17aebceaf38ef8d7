"""A script's life: try, save, test, replay over the past, see the cells that change, promote, roll back.

It needs Python 3.9 or newer and nothing else: python3 examples/bacen/lifecycle.py
"""

import argparse
import json
import sys
import time
from pathlib import Path
from urllib.parse import quote

from bateia import KEY_VARIABLE, BateiaError, Refused, Unreachable, connect, encoded, host, rows, run, wait
from generate import generate

HERE = Path(__file__).parent
BEFORE = "+= item.valorTransacoesNacionais;"
AFTER = '+= item.valorTransacoesNacionais * (item.nomeBandeira === "Elo" ? 1.02 : 1);'
AMOUNT = "valorTransacoesNacionais"
KEY = ["trimestre", "nomeBandeira"]
SHOWN_CELLS = 5
EXIT_CODES = "exit status: 0 success, 1 refused or failed, 2 wrong arguments, 3 no response from the service"


def main(arguments=None):
    """Walk a new script through its life, and print each step. Return the exit status."""
    given = _arguments(arguments)
    try:
        _live(_Script(given.api, given.name), given.executions)
    except BateiaError as error:
        print(f"lifecycle: {error}", file=sys.stderr)
        return 3 if isinstance(error, Unreachable) else 1
    return 0


def _live(script, count):
    source = (HERE / "script.js").read_text("utf-8")
    past = _host_and_run(script, source, count)
    _guard(script, past)
    changed = source.replace(BEFORE, AFTER)
    _try(script, changed)
    _save(script, changed)
    replay = _replay(script, count)
    _be_blocked(script)
    _accept(script, replay, past[-1])
    _promote_and_roll_back(script)
    _history(script)


def _host_and_run(script, source, count):
    _step(f"Host {script.name!r} and run it over {count} datasets")
    number = host(script.api, script.name, source)
    past = [run(script.api, script.name, list(generate(4 * seed, seed))) for seed in range(1, count + 1)]
    ended = [wait(script.api, one) for one in past]
    succeeded = sum(one["status"] == "succeeded" for one in ended)
    _say(f"version {number}: {succeeded} of {len(past)} executions succeeded, of 4 to {4 * count} rows")
    return past


def _guard(script, past):
    _step("Promote version 1 to `live`, and guard `live` with a gate")
    _say_alias(script.send("PUT", "/aliases/live", {"version": 1, "note": "The first version"}))
    script.send("PUT", "/gate", {"aliases": ["live"], "tests": True, "replay": {"last": len(past)}})
    _say(f"the gate asks for passing tests and a replay of the last {len(past)} executions without a difference")

    _step("Write a test from an execution")
    test = script.send("PUT", "/tests/real-data", {"from_execution": past[-1], "tolerance": {"relative": 1e-9}})
    _say(f"test {test['name']!r}: {test['dataset_bytes']} bytes of dataset, and the result that it had")


def _try(script, source):
    _step("Change one factor, and try it on a sample before it is saved")
    _say(f"- {BEFORE}")
    _say(f"+ {AFTER}")
    sample = {"source": source, "dataset": list(generate(40, 7)), "script": script.name, "version": 1}
    tried = script.api.json("POST", "/v1/previews", encoded(sample), {"Content-Type": "application/json"})
    _say(f"{tried['state']} in {tried['wall_ms']} ms; compared with version 1:")
    _say_comparison(tried["differences"])


def _save(script, source):
    _step("Save it as version 2; the script's tests run on it")
    path = "/versions?note=" + quote("The amounts of Elo include its fee of 2 %")
    version = script.send_source(path, source)
    checks = version["checks"]
    _say(f"version {version['number']}, {version['note']!r}: {checks['counts']['failed']} test fails")
    for test in checks["tests"]:
        _say_test(test)


def _replay(script, count):
    _step(f"Replay the last {count} executions on version 2")
    replay = script.send("POST", "/versions/2/replays", {"last": count, "key": KEY})
    path = f"/versions/2/replays/{replay['id']}"
    while replay["status"] != "finished":
        replay = script.read(path, {"Prefer": "wait=30"})
    counts = replay["executions"]
    _say(f"executions: {', '.join(f'{counts[name]} {name}' for name in ('equal', 'changed', 'skipped', 'incomplete'))}")
    _say_comparison({**replay, "key": KEY, "differences": script.read_lines(f"{path}/differences")})
    return path


def _be_blocked(script):
    _step("Promote version 2: the gate blocks it")
    try:
        script.send("PUT", "/aliases/live", {"version": 2, "note": "The fee is included"})
    except Refused as refused:
        _say(f"{refused.status} {refused.problem['code']}")
        for reason in refused.problem["reasons"]:
            _say(f"  {reason['code']}: {reason['detail']}")
            _say(f"    {reason['href']}")


def _accept(script, replay, execution):
    _step("Accept the differences, and bring the test up to date")
    accepted = script.send("POST", f"{replay}/acceptance", {"note": "2 % more for Elo, as agreed"})["acceptance"]
    _say(f"accepted by {accepted['by'] or 'anyone: no API key is required yet'}: {accepted['note']!r}")
    again = script.send(
        "POST", "/versions/2/executions", {"input_of": execution}, "application/vnd.bateia.reference+json"
    )
    wait(script.api, again["id"])
    script.send("PUT", "/tests/real-data", {"from_execution": again["id"], "tolerance": {"relative": 1e-9}})
    checks = script.send("POST", "/versions/2/checks")
    _say(
        f"the dataset ran again on version 2, and its result is expected now: {checks['counts']['passed']} test passes"
    )


def _promote_and_roll_back(script):
    _step("Promote version 2, and submit without naming a version")
    _say_alias(script.send("PUT", "/aliases/live", {"version": 2, "note": "The fee is included"}))
    _say_execution(script)

    _step("Roll back, which no gate blocks")
    _say_alias(script.send("POST", "/aliases/live/rollback", {"note": "The fee starts in January"}))
    _say_execution(script)


def _history(script):
    _step("The history of `live`, the newest move first")
    for move in script.read("/aliases/live/history")["items"]:
        versions = f"{move['from_version'] or '-'} -> {move['to_version'] or '-'}"
        _say(f"{move['at'][:19]}  {versions}  {move['reason']:<9}  {move['note']}")


def _say_execution(script):
    ended = wait(script.api, run(script.api, script.name, list(generate(40, 7))))
    total = sum(row[AMOUNT] for row in rows(script.api, ended))
    _say(
        f"an execution ran version {ended['script']['version']} by {ended['alias']!r}: {AMOUNT} is {total:,.2f} in all"
    )


def _say_alias(alias):
    _say(f"`{alias['name']}` leads to version {alias['version']}")


def _say_test(test):
    _say(f"{'passed' if test['passed'] else 'failed'}  {test['name']}")
    for one in (test["failure"] or {"differences": []})["differences"][:SHOWN_CELLS]:
        _say(f"  {one['pointer']}: {_value(one, 'expected')} expected, {_value(one, 'actual')} returned")


def _say_comparison(comparison):
    """Print the counts of rows, the columns with changes, and the first changed cells."""
    counts = comparison["rows"]
    _say(f"rows: {', '.join(f'{count} {name}' for name, count in counts.items())}")
    for column in comparison["columns"]:
        if column["changed"]:
            _say(
                f"column {column['name']}: {column['matched_percent']:.1f} % match, {column['changed']} changed,"
                f" by up to {column['largest_absolute']:,.2f} or {_percent(column['largest_relative'])}"
            )
    cells = [(one["key"], cell) for one in comparison["differences"] for cell in one.get("cells") or ()]
    for key, cell in cells[:SHOWN_CELLS]:
        place = ", ".join(str(value) for value in key.values())
        _say(f"  {place:<24} {cell['column']:<26} {_value(cell, 'before'):>18} -> {_value(cell, 'after'):>18}")
    changed = sum(column["changed"] for column in comparison["columns"])
    if changed > SHOWN_CELLS:
        _say(f"  … and {changed - SHOWN_CELLS} more cells")


def _percent(share):
    return f"{float(share) * 100:.2f} %"


def _value(cell, side):
    if side not in cell:
        return "missing"
    value = cell[side]
    return f"{value:,.2f}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


_STEPS = iter(range(1, 100))


def _step(title):
    print(f"\n{next(_STEPS):>2}. {title}\n", flush=True)


def _say(line):
    print(f"    {line}", flush=True)


class _Script:
    """A script of a service, and requests about it."""

    def __init__(self, api, name):
        self.api, self.name = api, name
        self._path = f"/v1/scripts/{quote(name, safe='')}"

    def read(self, path, headers=None):
        return self.api.json("GET", self._path + path, headers=headers)

    def read_lines(self, path):
        return [json.loads(line) for line in self.api.text("GET", self._path + path).splitlines()]

    def send(self, method, path, document=None, media="application/json"):
        body, headers = (None, None) if document is None else (encoded(document), {"Content-Type": media})
        return self.api.json(method, self._path + path, body, headers)

    def send_source(self, path, source):
        return self.api.json("POST", self._path + path, source.encode("utf-8"), {"Content-Type": "text/javascript"})


def _arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog=EXIT_CODES)
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8000", help="address of the service (%(default)s)")
    parser.add_argument("--key", help=f"API key; without it, that in the environment variable {KEY_VARIABLE}")
    parser.add_argument("--executions", type=int, default=50, help="number of past executions (%(default)s)")
    parser.add_argument(
        "--name", default=time.strftime("lifecycle-%Y%m%d-%H%M%S"), help="name of a new script (%(default)s)"
    )
    given = parser.parse_args(arguments)
    try:
        given.api = connect(given.url, key=given.key)
    except ValueError as error:
        parser.error(str(error))
    return given


if __name__ == "__main__":
    sys.exit(main())
