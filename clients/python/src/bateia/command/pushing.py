"""Commands that save folders of scripts, and test them.

A push changes nothing before all tests have passed. Then each script is changed with a few requests, each of which is
done in whole or not at all, in an order that is safe to end anywhere: tests, version, settings, alias. Repeating a push
continues it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bateia import hosting
from bateia.command.arguments import Flag
from bateia.command.checking import CheckedTest, checked
from bateia.command.exits import Exit
from bateia.command.folders import LocalScript, read_folder
from bateia.command.options import DEFAULTS, All, Options
from bateia.command.planning import Plan, plan_of, read_hosted
from bateia.problems import TestsFailed
from bateia.texts import say


def push(
    folder: Path,
    /,
    *names: str,
    dry_run: Flag = False,
    note: str = "",
    promote: str | None = None,
    prune: Flag = False,
    remote: Flag = False,
    common: All = DEFAULTS,
) -> int:
    """Save the scripts of a folder that have changed, with their tests. Exit status 1 if a test fails.

    The tests of changed scripts run first; if one fails, nothing is changed.

    Parameters
    ----------
    folder
        Folder with NAME.js, NAME.tests/*.json and perhaps bateia.toml.
    names
        Only these scripts.
    dry_run
        Show the pending changes and run the tests; change nothing.
    note
        Note about the changes, for the new versions.
    promote
        Alias to point to the pushed versions, such as live.
    prune
        Remove tests that only the service has.
    remote
        Run the tests as previews on the server, also if there is an installation here.
    """
    plans = [plan_script(common, script) for script in read_folder(folder, names)]
    pending = [one for one in plans if one.changes or (prune and one.surplus_tests)]
    show_plans(common, plans, prune)
    report: dict[str, Any] = {"dry_run": dry_run, "scripts": [plan_document(one) for one in plans], "tests": []}
    verdicts = _run_tests(common, [one.local for one in pending if one.version or one.written_tests], remote)
    report["tests"] = [one.document for one in verdicts]
    if not all(one.passed for one in verdicts):
        common.output.value(report, lambda: common.output.line(say("nothing was changed: tests failed"), "red"))
        return Exit.FAILED
    if not dry_run:
        report["pushed"] = [_push(common, one, note, prune) for one in pending]
        report["promoted"] = _promote(common, plans, promote, note) if promote else []
    common.output.value(report, lambda: None if pending else common.output.line(say("nothing to change")))
    return Exit.OK


def plan_script(common: Options, script: LocalScript) -> Plan:
    """Compare a script with the service's."""
    return plan_of(script, common.do(read_hosted(script.name)))


def show_plans(common: Options, plans: Sequence[Plan], prune: bool) -> None:
    """Print the pending changes."""
    for one in plans:
        for change in one.changes:
            common.output.line(str(change), {"+": "green", "~": "yellow"}[change.sign])
        for test in one.surplus_tests:
            name = f"{one.local.name}/{test}"
            kept = say("  test {name} is only on the service; --prune removes it", name=name)
            common.output.line(f"- {say('test')} {name}" if prune else kept, "red" if prune else "dim")


def plan_document(plan: Plan) -> Mapping[str, Any]:
    """List the pending changes for programs."""
    changes = [{"change": one.sign, "what": one.what, "name": one.name} for one in plan.changes]
    return {"name": plan.local.name, "changes": changes, "only_on_the_service": list(plan.surplus_tests)}


def _run_tests(common: Options, scripts: Sequence[LocalScript], remote: bool) -> list[CheckedTest]:
    total = sum(len(one.tests) for one in scripts)
    if not total:
        return []
    runner, place = common.runner(remote)
    verdicts: list[CheckedTest] = []
    with common.output.work(say("testing {place}", place=place)) as report:
        for script in scripts:
            for one in checked(script, runner):
                verdicts.append(one)
                report(len(verdicts), total)
    for one in verdicts:
        common.output.line(
            f"{say('passed' if one.passed else 'FAILED')} {one.script}/{one.test}", "" if one.passed else "red"
        )
        for text in ([one.reason] if one.reason else []) + list(one.differences):
            common.output.line(f"  {text}")
    return verdicts


def _push(common: Options, plan: Plan, note: str, prune: bool) -> Mapping[str, Any]:
    name, number, hosted = plan.local.name, 1, plan.hosted
    described = {"description": plan.settings["description"]} if "description" in plan.settings else {}
    if hosted is None:
        assert plan.version is not None
        common.do(hosting.create_script(name, {**plan.version, "note": note, **described}))
    for test in plan.written_tests:
        common.do(hosting.write_test(name, test.name, test.text))
    for test_name in plan.surplus_tests if prune else ():
        common.do(hosting.remove_test(name, test_name))
    if hosted is None:
        _require_passed(common.do(hosting.check_version(name, 1))) if plan.local.tests else None
    elif plan.version is not None:
        number = common.do(hosting.save_version(name, {**plan.version, "note": note}))["number"]
    else:
        number = hosted.script["latest_version"]
        if plan.written_tests:
            _require_passed(common.do(hosting.check_version(name, number)))
    _push_settings(common, plan)
    common.output.line(say("pushed {name}: version {number}", name=name, number=number))
    return {"name": name, "version": number}


def _require_passed(report: Mapping[str, Any]) -> None:
    """Refuse to go on if the service's checks failed where those here passed."""
    if not report["passed"]:
        failed = ", ".join(one["name"] for one in report["tests"] if not one["passed"])
        detail = say("version {version} has not passed: {tests}", version=report["version"], tests=failed)
        raise TestsFailed(422, {"type": "/problems/tests-failed", "title": say("Tests failed"), "detail": detail})


def _push_settings(common: Options, plan: Plan) -> None:
    name, settings = plan.local.name, plan.settings
    if plan.hosted is not None and "description" in settings:
        common.do(hosting.describe(name, settings["description"]))
    if "retention" in settings:
        complete = {"content_days": None, "rows_days": None, **settings["retention"]}
        common.do(hosting.set_retention(name, complete))
    if "gate" in settings:
        common.do(hosting.set_gate(name, {"tests": False, **settings["gate"]}))


def _promote(common: Options, plans: Sequence[Plan], alias: str, note: str) -> list[Mapping[str, Any]]:
    moved: list[Mapping[str, Any]] = []
    for plan in plans:
        script = common.do(hosting.read_script(plan.local.name))
        if script["aliases"].get(alias) != script["latest_version"]:
            common.do(hosting.promote(plan.local.name, alias, script["latest_version"], note))
            common.output.line(
                say(
                    "promoted {name}: {alias} is version {latest_version}",
                    name=plan.local.name,
                    alias=alias,
                    latest_version=script["latest_version"],
                )
            )
            moved.append({"name": plan.local.name, "alias": alias, "version": script["latest_version"]})
    return moved


def run_tests(
    folder: Path,
    /,
    *names: str,
    remote: Flag = False,
    common: All = DEFAULTS,
) -> int:
    """Run the tests of a folder on its scripts, and save nothing. Exit status 1 if one fails.

    They run in the sandbox of an installation on this machine if there is one, and otherwise as previews on the server.

    Parameters
    ----------
    folder
        Folder with NAME.js and NAME.tests/*.json.
    names
        Only these scripts.
    remote
        Run on the server, also if there is an installation here.
    """
    scripts = read_folder(folder, names)
    verdicts = _run_tests(common, scripts, remote)
    failed = sum(not one.passed for one in verdicts)
    summary = say("{passed} passed, {failed} failed", passed=len(verdicts) - failed, failed=failed)
    document = {"passed": not failed, "tests": [one.document for one in verdicts]}
    common.output.value(document, lambda: common.output.line(summary, "red" if failed else "green"))
    if not verdicts:
        common.output.note(
            say("{folder} has no tests: a test is a file such as cards.tests/no-rows.json", folder=folder), "yellow"
        )
    return Exit.FAILED if failed else Exit.OK
