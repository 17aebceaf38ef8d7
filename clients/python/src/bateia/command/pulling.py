"""Commands that compare a folder of scripts with the service, and write one."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bateia import hosting
from bateia.command.arguments import Flag
from bateia.command.exits import Exit, Unusable
from bateia.command.folders import MANIFEST, manifest_text, read_folder, tests_folder
from bateia.command.options import DEFAULTS, All, Options
from bateia.command.planning import HostedScript, Plan, read_hosted
from bateia.command.pushing import plan_document, plan_script, show_plans
from bateia.documents import without_none
from bateia.matching import exact_json, exact_text
from bateia.texts import say


def diff(folder: Path, /, *names: str, common: All = DEFAULTS) -> int:
    """Show how the scripts of a folder differ from the service's latest versions. Exit status 1 if they do.

    Parameters
    ----------
    folder
        Folder with NAME.js, NAME.tests/*.json and perhaps bateia.toml.
    names
        Only these scripts.
    """
    plans = [plan_script(common, script) for script in read_folder(folder, names)]
    documents = [{**plan_document(one), "patch": _patch(common, one)} for one in plans]
    show_plans(common, plans, prune=False)
    for one in documents:
        for line in str(one["patch"]).splitlines():
            common.output.line(line, {"+": "green", "-": "red"}.get(line[:1], ""))
    common.output.value(documents, lambda: None)
    return Exit.FAILED if any(one.changes or one.surplus_tests for one in plans) else Exit.OK


def _patch(common: Options, plan: Plan) -> str:
    name, before = plan.local.name, ""
    if plan.hosted is not None:
        before = common.do(hosting.read_source(name, plan.hosted.script["latest_version"]))
    old, new = before.splitlines(), plan.local.source.splitlines()
    return "\n".join(difflib.unified_diff(old, new, f"service/{name}.js", f"{name}.js", lineterm=""))


def pull(
    folder: Path,
    /,
    *names: str,
    force: Flag = False,
    common: All = DEFAULTS,
) -> int:
    """Write the service's scripts, their latest versions and tests, into a folder.

    Parameters
    ----------
    folder
        Folder to write, which is made if it is not there.
    names
        Only these scripts; otherwise all that are not archived.
    force
        Replace files that differ.
    """
    chosen = names or tuple(one.name for one in common.client.scripts.list() if not one.archived_at)
    files: dict[Path, bytes] = {}
    settings: dict[str, Mapping[str, Any]] = {}
    for name in chosen:
        hosted = common.do(read_hosted(name))
        if hosted is None:
            raise Unusable(say("the service has no script {name}", name=name))
        source = common.do(hosting.read_source(name, hosted.script["latest_version"]))
        files[folder / f"{name}.js"] = source.encode()
        files |= {tests_folder(folder, name) / f"{test}.json": _test_file(text) for test, text in hosted.tests.items()}
        settings[name] = _settings(hosted)
    if not names:
        files[folder / MANIFEST] = manifest_text(settings).encode()
    _write(files, force)
    common.output.value(list(map(str, files)), lambda: common.output.line("\n".join(map(str, files))))
    return Exit.OK


def _settings(hosted: HostedScript) -> Mapping[str, Any]:
    script, version, gate = hosted.script, hosted.version, hosted.gate
    retention = without_none(script["retention"])
    kept = {"engine": version["engine"], "limits": version["limits"]}
    optional = {
        "description": script["description"],
        "retention": retention,
        "gate": without_none(gate) if gate else None,
    }
    return kept | {name: value for name, value in optional.items() if value}


def _test_file(text: bytes) -> bytes:
    """Write a test as its file: what belongs to the service is left out."""
    document = exact_json(text)
    members = {name: document[name] for name in ("dataset", "expected", "clock", "seed") if name in document}
    return f"{exact_text(members)}\n".encode()


def _write(files: Mapping[Path, bytes], force: bool) -> None:
    """Write all files, or none if one would be replaced."""
    differing = [path for path, data in files.items() if path.exists() and path.read_bytes() != data]
    if differing and not force:
        raise Unusable(say("{value} differs, and nothing was written: --force replaces it", value=differing[0]))
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
