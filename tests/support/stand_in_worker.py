# SPDX-License-Identifier: Apache-2.0
"""Programs that speak as the worker's zygote does (docs/worker-protocol.md) and whose workers do as a test says."""

PROGRAM = """#!/usr/bin/python3 -I
import array, ctypes, os, platform, signal, socket, struct, sys

if sys.argv[1:] == ["--self-test"]:
    print("isolation seccomp=1 no_new_privs=1 rlimits=1 capabilities=1 not_dumpable=1 landlock=6 empty_root=0 namespaces=1")
    sys.exit(0)
CLONE = 220 if platform.machine() == "aarch64" else 56
CLONE_PARENT = 0x8000
control = socket.socket(fileno=0)
while True:
    request, rights, _, _ = control.recvmsg(64, socket.CMSG_SPACE(12))
    if not request:
        sys.exit(0)
    pipes = array.array("i")
    pipes.frombytes(rights[0][2][:12])
    pid = ctypes.CDLL(None).syscall(CLONE, CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: gone with a service that is killed
        for number, pipe in enumerate(pipes):
            os.dup2(pipe, number)
        THEN
    for pipe in pipes:
        os.close(pipe)
    control.send(struct.pack("ii", pid, 0))
"""

NEVER_ANSWER = "signal.pause()"
BE_KILLED = "os.kill(os.getpid(), signal.SIGKILL)"


def write(path, then):
    path.write_text(PROGRAM.replace("THEN", then))
    path.chmod(0o755)
    return str(path)
