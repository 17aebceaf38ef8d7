"""Every layer of confinement on its own: what works without it does not with it, all the other layers left out.

Each test runs a program that does something, takes the one layer, and does it again. Resource limits are in
`test_kernel_limits`.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adapters.javascript.isolation import NOBODY, PROLOGUE, isolated
from tests.support.folders import let_others_through

IS_ROOT = os.geteuid() == 0


@pytest.mark.parametrize(("flags", "found"), [([], "planted\n"), (["-I", "-S"], "")])
def test_isolation_keeps_the_user_s_modules_out(tmp_path: Path, flags: list[str], found: str) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('planted')")
    env = {"PYTHONPATH": str(tmp_path)}
    said = subprocess.run([sys.executable, *flags, "-c", ""], env=env, capture_output=True, check=True, timeout=60)
    assert said.stdout.decode() == found


def test_site_packages_are_not_there_without_site() -> None:
    program = "import sys; print(any('site-packages' in path for path in sys.path))"
    for flags, found in ([[], "True\n"], [["-S"], "False\n"]):
        assert subprocess.check_output([sys.executable, *flags, "-c", program], timeout=60).decode() == found


def test_a_user_of_its_own_has_none_of_the_service_s_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "secret").chmod(0o600)
    let_others_through(tmp_path)
    said = isolated(
        """
if os.geteuid() == 0:
    os.setgroups([0, 4242])  # of which nothing may be left
tell(open, sys.argv[1])
confinement.drop_root()
tell(open, sys.argv[1])
tell(os.kill, os.getppid(), 0)
print(os.getresuid(), os.getresgid(), os.getgroups())
""",
        tmp_path / "secret",
    )
    others = ["PermissionError 13", "PermissionError 1"] if IS_ROOT else ["done", "done"]
    uid, gid, groups = (61_000, 61_000, []) if IS_ROOT else (os.getuid(), os.getgid(), os.getgroups())
    assert said == ["done", *others, f"{(uid,) * 3} {(gid,) * 3} {groups}"]


def test_it_has_no_capability_left_whichever_user_starts_it() -> None:
    """The bounding set aside: it has what an exec could still give, against which there is `no_new_privs`."""
    program = """
def capabilities():
    lines = Path("/proc/self/status").read_text().splitlines()
    return {line.split()[1] for line in lines if line[:6] in ("CapInh", "CapPrm", "CapEff", "CapAmb")}
before = capabilities()
confinement.drop_root()
print(before == {"0" * 16}, capabilities() == {"0" * 16})
"""
    ordinary = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", "--inh-caps=+dac_override"]
    prefixes = [[], [*ordinary, "--ambient-caps=+dac_override"]] if IS_ROOT else [[]]
    for prefix in prefixes:
        command = [*prefix, sys.executable, "-I", "-S", "-c", PROLOGUE + program]
        said = subprocess.run(command, capture_output=True, timeout=60)
        had_none, has_none = said.stdout.decode().split()
        assert had_none == "False" or not IS_ROOT
        assert has_none == "True"


def test_a_process_that_is_not_dumpable_hides_from_its_own_user() -> None:
    said = isolated(
        NOBODY
        + """
libc.prctl(4, 1, 0, 0, 0)  # a change of user has undone it
for hidden in (False, True):
    (ready, tell_ready), (go, tell_go) = os.pipe(), os.pipe()
    if (pid := os.fork()) == 0:
        if hidden:
            confinement.make_non_dumpable()
        os.write(tell_ready, b"x")
        os.read(go, 1)
        os._exit(0)
    os.read(ready, 1)
    for name in ("environ", "maps", "mem"):
        tell(open, f"/proc/{pid}/{name}", "rb")
    tell(os.readlink, f"/proc/{pid}/fd/0")
    os.write(tell_go, b"x")
    os.waitpid(pid, 0)
"""
    )
    assert said == ["done"] * 4 + ["PermissionError 13"] * 4


def test_a_child_ends_with_its_parent() -> None:
    said = isolated("""
for tied in (False, True):
    (hear, speak), (born, tell_born) = os.pipe(), os.pipe()
    libc.prctl(36, 1, 0, 0, 0)  # orphans come to this process
    if (pid := os.fork()) == 0:
        if os.fork() == 0:
            os.close(born)
            if tied:
                confinement.die_with_parent(os.getppid())
            os.write(tell_born, b"x")
            signal.alarm(30)
            os.write(1, b"outlived\\n") if os.read(hear, 1) else None
            os._exit(0)
        signal.pause()
    os.read(born, 1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    if tied:
        print(os.WTERMSIG(os.wait()[1]), flush=True)
    else:
        os.write(speak, b"x")
        os.wait()
""")
    assert said == ["outlived", "9"]


def test_a_child_that_comes_too_late_to_be_tied_leaves() -> None:
    said = isolated("print(in_a_child(lambda: (confinement.die_with_parent(1), os._exit(7))))")
    assert said == ["0"]


def test_the_kernel_takes_a_filter_from_an_ordinary_user_only_without_new_privileges() -> None:
    program = """
def confine():
    try:
        confinement.install(seccomp.program())
    except PermissionError:
        os._exit(3)
print(in_a_child(confine))
confinement.set_no_new_privs()
print(in_a_child(confine))
"""
    assert isolated(NOBODY + program) == [str(3 << 8), "0"]


def test_a_set_uid_program_gains_nothing(tmp_path: Path) -> None:
    """Only root can create such a program with an effect; for other users it is a copy that changes nothing anyway."""
    program = tmp_path / "id"
    program.write_bytes(Path("/usr/bin/id").read_bytes())
    program.chmod(0o4755)
    let_others_through(tmp_path)
    act = "in_a_child(lambda: os.execv(sys.argv[1], ['id', '-u']))\n"
    said = isolated(f"{NOBODY}{act}confinement.set_no_new_privs()\n{act}", program)
    before = "54321" if os.statvfs(program).f_flag & os.ST_NOSUID else "0"
    assert said == ([before, "54321"] if IS_ROOT else [str(os.getuid())] * 2)


def test_landlock_closes_files_ports_and_abstract_sockets() -> None:
    """A kernel without it, or with an early version, is recognised by the layer's and the kernel's own answers."""
    said = isolated("""
def connect(family, address):
    with socket.socket(family) as one:
        one.connect(address)

acts = [
    lambda: os.close(os.open("/etc/passwd", os.O_RDONLY)),
    lambda: os.listdir("/"),
    lambda: os.close(os.open("/dev/null", os.O_WRONLY)),
    lambda: connect(socket.AF_INET, ("127.0.0.1", tcp.getsockname()[1])),
    lambda: connect(socket.AF_UNIX, abstract.getsockname()),
]
tcp, abstract = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)
abstract.bind("")
abstract.listen()
for act in acts:
    tell(act)
print(libc.syscall(444, None, ctypes.c_size_t(0), 1))
confinement.set_no_new_privs()
print(confinement.restrict_filesystem())
for act in acts:
    tell(act)
""")
    version = int(said[5])
    files = ["PermissionError 13" if version >= 1 else "done"] * 3
    port = "PermissionError 13" if version >= 4 else "done"
    abstract = "PermissionError 1" if version >= 6 else "done"
    assert said == ["done"] * 5 + [said[5], str(version >= 1), *files, port, abstract]


def test_closing_descriptors_leaves_those_below() -> None:
    said = isolated("""
kept, lost = os.open("/etc/passwd", os.O_RDONLY), os.open("/etc/passwd", os.O_RDONLY)
high = os.dup2(lost, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 1)
for one in (kept, lost, high):
    tell(os.read, one, 1)
confinement.close_from(lost)
for one in (kept, lost, high):
    tell(os.read, one, 1)
""")
    assert said == ["done"] * 4 + ["OSError 9"] * 2


def test_the_filter_ends_acts_that_all_other_layers_permit() -> None:
    said = isolated("""
def trespass():
    confinement.install(seccomp.program())
    os.getpid()
    libc.getpid()
print(in_a_child(lambda: libc.getpid()))
confinement.set_no_new_privs()
print(os.WTERMSIG(in_a_child(trespass)) == signal.SIGSYS)
""")
    assert said == ["0", "True"]
