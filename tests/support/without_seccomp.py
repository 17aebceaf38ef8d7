"""A program, not a test: it becomes another one, for which the kernel takes no seccomp filter.

python without_seccomp.py ROOT PROGRAM WORDS...
"""

import os
import sys

sys.path.insert(0, sys.argv[1])

from adapters.javascript.confined import confinement
from adapters.javascript.confined.seccomp import Instruction, Program

PRCTL = {"x86_64": 157, "aarch64": 167}[os.uname().machine]
REFUSED, ALLOWED = 0x00050001, 0x7FFF0000  # the first is EPERM

REFUSING = (Instruction * 6)(
    Instruction(0x20, 0, 0, 0),  # the number
    Instruction(0x15, 0, 3, PRCTL),
    Instruction(0x20, 0, 0, 16),  # the first argument
    Instruction(0x15, 0, 1, 22),  # PR_SET_SECCOMP
    Instruction(0x06, 0, 0, REFUSED),
    Instruction(0x06, 0, 0, ALLOWED),
)

if __name__ == "__main__":
    confinement.set_no_new_privs()
    confinement.install(Program(len(REFUSING), REFUSING))
    os.execv(sys.argv[2], sys.argv[2:])
