"""Commands for the versions of a script, and for its tests on the service."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bateia import hosting
from bateia.command.arguments import File, Limit, Script, Version, Yes, confirm
from bateia.command.exits import Exit
from bateia.command.options import DEFAULTS, All, Options
from bateia.command.showing import save_or_print, show_document, show_items
from bateia.documents import Document
from bateia.resources import versions as api
from bateia.texts import say

Test = Annotated[str, Parameter(help="Name of the test.")]


def list_versions(script: Script, /, *, usage: bool = False, limit: Limit = 100, common: All = DEFAULTS) -> int:
    """List the versions of a script, the newest first.

    Parameters
    ----------
    usage
        Count the executions of each version, too.
    """
    items = common.first(api.list_versions(script, usage=usage or None), limit)
    show_items(common, items, "number", "created_at", "engine", "note", *(["usage"] if usage else []))
    return Exit.OK


def show_version(script: Script, version: Version, /, *, common: All = DEFAULTS) -> int:
    """Show a version, without its source."""
    show_document(common, common.do(hosting.read_version(script, version)))
    return Exit.OK


def source(script: Script, version: Version, /, *, output: File = None, common: All = DEFAULTS) -> int:
    """Print the source of a version, or save it."""
    save_or_print(common, common.do(hosting.read_source(script, version)).encode(), output)
    return Exit.OK


def version_diff(
    script: Script,
    version: Version,
    /,
    *,
    against: Annotated[str | None, Parameter(help="Version to compare with; the one before without it.")] = None,
    common: All = DEFAULTS,
) -> int:
    """Print the changes of a version's source, as a unified diff."""
    save_or_print(common, common.do(api.read_diff(script, version, against)).encode(), None)
    return Exit.OK


def restore(script: Script, version: Version, /, *, note: str = "", common: All = DEFAULTS) -> int:
    """Make a new version that has the source, the engine and the limits of an earlier one.

    Parameters
    ----------
    note
        Note of the new version.
    """
    made = common.do(api.restore_version(script, version, note)).document
    common.output.value(
        made, lambda: common.output.line(say("version {number} of {script}", number=made["number"], script=script))
    )
    return Exit.OK


def check(script: Script, version: Version, /, *, common: All = DEFAULTS) -> int:
    """Run the tests of a script on a version. Exit status 1 if one fails."""
    report = common.do(hosting.check_version(script, version))
    common.output.value(report, lambda: _show_tests(common, report))
    return Exit.OK if report["passed"] else Exit.FAILED


def checks(script: Script, version: Version, /, *, common: All = DEFAULTS) -> int:
    """Show the latest results of the tests on a version. Exit status 1 if one has failed, or has not run."""
    report = common.do(api.read_checks(script, version)).document
    common.output.value(report, lambda: _show_tests(common, report))
    return Exit.OK if all(one["passed"] for one in report["tests"]) else Exit.FAILED


def _show_tests(common: Options, report: Document) -> None:
    for one in report["tests"]:
        verdict = say({True: "passed", False: "FAILED", None: "has not run"}[one["passed"]])
        common.output.line(f"{verdict} {one['name']}", "" if one["passed"] else "red")
        if one.get("failure"):
            common.output.line(f"  {one['failure'].get('detail')}")


def gate_report(script: Script, version: Version, /, *, common: All = DEFAULTS) -> int:
    """Show what a version lacks to pass the gate. Exit status 1 if it lacks anything."""
    report = common.do(api.read_gate_report(script, version)).document

    def show() -> None:
        common.output.line(say("passes" if report["passes"] else "does not pass"))
        for one in report["reasons"]:
            common.output.line(f"{one['code']}: {one['detail']}")

    common.output.value(report, show)
    return Exit.OK if report["passes"] else Exit.FAILED


def list_tests(script: Script, /, *, common: All = DEFAULTS) -> int:
    """List the tests of a script on the service."""
    items = (one.document for one in common.client.tests.list(script))
    show_items(common, items, "name", "created_at", "created_by", "dataset_bytes")
    return Exit.OK


def show_test(script: Script, test: Test, /, *, output: File = None, common: All = DEFAULTS) -> int:
    """Print a test with its dataset and its expected outcome, or save it."""
    save_or_print(common, common.do(hosting.read_test(script, test)), output)
    return Exit.OK


def write_test(script: Script, test: Test, file: Path, /, *, common: All = DEFAULTS) -> int:
    """Write a test, in place of the one with its name.

    Parameters
    ----------
    file
        File such as {"dataset": [], "expected": {"result": []}}.
    """
    written = common.do(hosting.write_test(script, test, file.read_bytes()))
    common.output.value(written, lambda: common.output.line(say("wrote {script}/{test}", script=script, test=test)))
    return Exit.OK


def remove_test(script: Script, test: Test, /, *, yes: Yes = False, common: All = DEFAULTS) -> int:
    """Remove a test."""
    confirm(common, say("Remove the test {test} of {script}?", test=test, script=script), yes)
    common.do(hosting.remove_test(script, test))
    common.output.value(
        {"test": test, "removed": True},
        lambda: common.output.line(say("removed {script}/{test}", script=script, test=test)),
    )
    return Exit.OK
