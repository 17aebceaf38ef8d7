"""Every resource limit on its own: what works without it does not with it, all the other layers left out."""

from pathlib import Path

from tests.adapters.javascript.isolation import NOBODY, isolated


def only(limit: str) -> str:
    """Restrict `drop_rlimits` to one of its limits."""
    return f"""
everything = resource.setrlimit
resource.setrlimit = lambda limit, to: everything(limit, to) if limit == resource.RLIMIT_{limit} else None
confinement.drop_rlimits()
"""


def test_no_descriptor_can_be_made() -> None:
    acts = "tell(socket.socketpair)\ntell(os.pipe)\n"
    assert isolated(acts + only("NOFILE") + acts) == ["done"] * 2 + ["OSError 24"] * 2


def test_no_process_can_be_made() -> None:
    act = "tell(in_a_child, lambda: None)\n"
    assert isolated(NOBODY + act + only("NPROC") + act) == ["done", "BlockingIOError 11"]


def test_no_file_can_grow(tmp_path: Path) -> None:
    act = "tell(os.write, file, b'x')\n"
    program = "file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)\n" + act + only("FSIZE") + act
    said = isolated(program, tmp_path / "file")
    assert said == ["done", "OSError 27"]
    assert (tmp_path / "file").read_bytes() == b"x"


def test_no_page_can_be_locked() -> None:
    act = """
def lock():
    if libc.mlock(ctypes.c_void_p(ctypes.addressof(page)), 1):
        raise OSError(ctypes.get_errno(), "mlock")
page = ctypes.create_string_buffer(1)
tell(lock)
libc.munlockall()
"""
    assert isolated(NOBODY + act + only("MEMLOCK") + act) == ["done", "PermissionError 1"]


def test_no_crash_leaves_a_dump(tmp_path: Path) -> None:
    """A kernel that pipes dumps to a program ignores the limit; a child is not dumpable besides."""
    act = "print(os.WCOREDUMP(in_a_child(os.abort)), flush=True)\n"
    allowed = "resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)\n"
    said = isolated(f"os.chdir(sys.argv[1])\n{allowed}{act}{only('CORE')}{act}", tmp_path)
    piped = Path("/proc/sys/kernel/core_pattern").read_text().startswith("|")
    assert said[1] == str(piped)


def test_time_and_memory_end_at_their_limits() -> None:
    """The limits that a zygote lowers for a child as its run begins."""
    said = isolated("""
def spend():
    while True:
        pass

def grow():
    bytearray(512 * 1024 * 1024)

def armed(act, *limits, may_stay=False):
    ready, tell_ready = os.pipe()
    if (pid := child_process.fork()) == 0:
        os.read(ready, 1)
        with suppress(MemoryError):
            act()
            os._exit(0)
        os._exit(3)
    child = child_process.Child(1, pid, may_stay)
    child.arm(60_000, *limits)
    os.write(tell_ready, b"x")
    return os.waitpid(pid, 0)[1]

print(armed(grow, 60, 2**40), armed(grow, 60, 256 * 1024 * 1024) >> 8)
print(armed(spend, 1, 2**40), armed(spend, 1, 2**40, may_stay=True))
""")
    assert said == ["0 3", "24 24"]
