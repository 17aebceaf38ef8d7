"""The library against a real service: the example program, the notebook, cell by cell, and many runs at once."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from bateia import AsyncClient, Client
from bateia.hosting import create_script
from bateia.problems import PromotionBlocked, UnknownVersion

from tests.support.processes import clean_environment
from tests.system.conftest import Service, a_service

EXAMPLES: Final = Path("clients/python/examples")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with a_service(tmp_path_factory.mktemp("examples")) as running:
        yield running


def test_the_program_prints_what_it_should(service: Service, repository: Path, tmp_path: Path) -> None:
    (tmp_path / "rows.ndjson").write_text('{"price": 2, "count": 21}\n')
    command = [sys.executable, str(repository / EXAMPLES / "first_steps.py"), str(tmp_path / "rows.ndjson")]
    path = os.pathsep.join(sys.path)
    env = clean_environment() | {"BATEIA_URL": service.url, "PYTHONPATH": path, "POLARS_FMT_STR_LEN": "20"}
    for _ in range(2):
        ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
        assert (ended.returncode, ended.stderr) == (0, "")
        shown = ended.stdout.splitlines()
        assert "[{'price': 2.5, 'count': 2, 'total': 5}]" in shown
        assert "{'price': 2, 'count': 21, 'total': 42}" in shown
        assert "[0, 1, 2]" in shown
        assert any(line.startswith("script_error in line 1: ") for line in shown)
        assert shown[-2:] == ["True", "5"] or shown[-2] == "True"
    assert any("versions" in line for line in shown), "the second time, the name is taken"


def test_the_notebook_runs_cell_by_cell(
    service: Service, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    monkeypatch.setenv("BATEIA_URL", service.url)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    notebook: Any = nbformat.read(repository / EXAMPLES / "bateia.ipynb", as_version=4)
    assert [cell for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")] == []
    run_with_this_python(
        nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}})
    )
    shown = [
        output.get("text") or output["data"]["text/plain"]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]
    assert shown[0] == "[{'brand': 'a', 'first': '2026-01-31', 'amount': 1.5}]"
    assert "2026-02-01 00:00:00" in shown[1]
    assert "3.5" in shown[1]
    assert shown[2] == "True"
    assert shown[3].startswith("script_error in line ")


def run_with_this_python(client: Any) -> None:
    """Execute a notebook with a kernel of this interpreter, whatever kernels the machine has."""
    from jupyter_client.manager import AsyncKernelManager

    manager = AsyncKernelManager()
    assert manager.kernel_spec is not None
    manager.kernel_spec.argv[0] = sys.executable
    client.km = manager
    client.execute()


def test_many_runs_share_an_asynchronous_client(service: Service) -> None:
    source = {"source": "function process(rows) { return rows.map(row => ({...row, n: row.n + 1})); }"}

    async def runs() -> list[Any]:
        async with AsyncClient(service.url, "") as client:
            await client.do(create_script("increments", source))
            given = [({"n": number} for number in range(size)) for size in range(8)]
            results = await asyncio.gather(*(client.run("increments", records) for records in given))
            with pytest.raises(UnknownVersion):
                await client.run("increments", [], version=7)
            batch = await client.wait(await client.batch("increments", [[{"n": 1}], [{"n": 2}]], refs=["a", "b"]))
            lines = await client.batch_results(batch)
            return [*(one.json() for one in results), {line.ref: line.result for line in lines}]

    *results, lines = asyncio.run(runs())
    assert results == [[{"n": number + 1} for number in range(size)] for size in range(8)]
    assert lines == {"a": [{"n": 2}], "b": [{"n": 3}]}


def test_methods_of_groups_do_what_they_say(service: Service) -> None:
    with Client(service.url) as client:
        client.scripts.create("grouped", "const process = (rows) => rows.length;", description="a")
        assert client.versions.save("grouped", "const process = (rows) => rows.length + 1;", note="b").number == 2
        client.tests.write("grouped", "none", {"dataset": [], "expected": {"result": 1}})
        assert [one.name for one in client.tests.list("grouped")] == ["none"]
        assert [client.versions.check("grouped", number).passed for number in (1, 2)] == [False, True]
        assert client.gates.set("grouped").aliases == ("live",)
        with pytest.raises(PromotionBlocked):
            client.aliases.promote("grouped", 1)
        assert client.aliases.promote("grouped", 2).version == 2
        assert [one.to_version for one in client.aliases.history("grouped", "live")] == [2]
        for number in range(3):
            client.run("grouped", [number])
        ended = list(client.executions.list("grouped", status="succeeded"))
        assert client.executions.dataset(ended[0].id).json() == [2]
        assert client.executions.compare(ended[0].id, ended[1].id).equal
        assert client.executions.reproduce(ended[0].id).reproduced
        written = client.stores.write("files://in/a b.txt", iter([b"te", b"xt"]))
        assert (written.size_bytes, client.stores.read("files://in/a b.txt")) == (4, b"text")
        assert [one.url for one in client.stores.objects("files://in/")] == ["files://in/a b.txt"]
        client.stores.delete("files://in/a b.txt")
        hook = client.webhooks.create("https://hooks.example.com/", ["job.finished"], scripts=["grouped"])
        assert client.webhooks.change(hook.id, scripts=[], enabled=False).scripts is None
        assert hook.secret not in repr(hook)
        client.webhooks.delete(hook.id)
        promoted = next(client.audit.list(action="promoted", script="grouped"))
        assert (promoted.alias, promoted.version) == ("live", 2)
        assert client.service.caller().anonymous
        assert client.service.readiness().ready
